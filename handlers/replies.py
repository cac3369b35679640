"""What departments without the app answer, written down by a clerk (代录): 公安, 民政, and the expert group on illness and disability.

The duty that asked is met by the reply, never by a bare word that it is done (FJ-10, FJ-11, FJ-22).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from casework.access import ACTIONS
from casework.case import Duty
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.terms import REASONS, RULES
from casework.timeline import CLOSING_REASONS
from casework.waiting import open_referrals
from handlers import departments, naming, platform, wording
from handlers.answer import not_recorded
from handlers.command import Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.places import place_name
from handlers.telling import mark_answered, notify

CLAUSES = {
    "FJ-10": ("check", "record"),
    "FJ-11": ("check", "record"),
    "FJ-22": ("check", "record"),
    "FN-24": ("record",),
}
DEPARTMENTS: Mapping[str, tuple[str, str]] = {
    "police_check": ("公安", "公安 某某 已回复：核实结果"),
    "expert_opinion": ("专家组", "专家组 某某 已回复：鉴定意见"),
    "aid_referral": ("民政", "民政 某某 已回复：救助结果"),
}
"""Rules that only a reply ends: who replies, and how a clerk writes the reply down."""
_RULE_OF = {
    "公安": "police_check",
    "民政": "aid_referral",
    **dict.fromkeys(("专家组", "专家委员会", "残疾人教育专家委员会"), "expert_opinion"),
}
_SETTLED = re.compile(r"死亡|去世|病故|身故|亡故|注销|属实|无误|确认|重复|重户|错误|查无|无此人")
_UNSETTLED = re.compile(
    r"健在|活着|(?:不|并不|不太?)属实|(?:没有?|未|并非|不是)(?:死亡|去世|病故|注销|错误|重复)|有误会|还在(?:查|核)"
)
_NOT_ASKED = "{0}没有在等{1}回复的事项，没有记录。发“查 {0}”看现在要做的事。"


def needed(rule: str) -> str | None:
    """What must be sent instead of a bare 完成; None for a duty that a word may end."""
    if rule == platform.RULE:
        return platform.NEEDED
    if rule not in DEPARTMENTS:
        return None
    who, example = DEPARTMENTS[rule]
    return f"{RULES[rule]}要有{who}的书面回复才算完成，没有回复不能办结。收到后请发：{example}。"


def _replied(desk: Desk, found: re.Match[str]) -> Said | None:
    """公安 张三 已回复：…: of those of that name, the one of whom the department was asked."""
    department = departments.named(found["department"]) or found["department"]
    hits = desk.work.people.names(desk.scope).exact([found["name"]]).get(found["name"], [])
    if not hits or not desk.reader.may("reply"):
        return None
    pupils = list(desk.work.people.pupils([entry.id for entry in hits]).values())
    asked = [p for p in pupils if _asked(desk, p, department) or _referred(desk, p, department)]
    if len(asked) > 1:
        where = "、".join(place_name(desk.world.directory, p.class_id) for p in asked)
        return not_recorded(
            f"有多名{found['name']}在等{department}回复（{where}），没有记录。请发“待办”，在页面上选定学生办理。"
        )
    if not asked and len(pupils) > 1:
        return Said(_NOT_ASKED.format(found["name"], department))
    return replied(desk, (asked or pupils)[0], department, found["words"].strip())


def replied(desk: Desk, pupil: Pupil, department: str, words: str) -> Said:
    """What a department, or the expert group, answered about this pupil, written down by a clerk."""
    if not desk.reader_of(pupil).may("reply"):
        return not_recorded("各部门的回复由学校、乡镇或县教育局登记，没有记录。请告诉学校控辍专干。")
    note = f"{department}回复：{words}"
    if duty := _asked(desk, pupil, department):
        if doubt := _doubtful(desk, pupil, duty.rule, words):
            return not_recorded(doubt)
        told, said = {"rule": duty.rule, "duty": duty.id}, f"{RULES[duty.rule]}，{note}。"
    elif referral := _referred(desk, pupil, department):
        told, said = {"of": referral.id}, f"转介{department}（{referral.data['note']}），{note}。"
    elif _RULE_OF.get(department) == "expert_opinion":
        return _opinion(desk, pupil, note, department)
    elif department in departments.EXPERTS and _asked(desk, pupil, "专家组"):
        return not_recorded(
            f"{pupil.name}在等专家组的意见，{department}一家的答复不能代替，没有记录。收到意见后请发：专家组 {pupil.name} 意见：鉴定意见。"
        )
    else:
        return not_recorded(_NOT_ASKED.format(pupil.name, department))
    kind = Kind.DONE if duty else Kind.REPLIED
    fact = hand_for(desk, pupil).fact(kind, desk.today, pupil.id, note=note, proxy=True, department=department, **told)
    mark_answered(desk, desk.work.cases.append([fact]))
    _tell(desk, pupil, note)
    state = f"\n现在：{naming.standing(desk, pupil, desk.work.cases.case(pupil.id))}。" if duty else ""
    return Said(f"已记（代录）：{pupil.name} {said}{state}\n{wording.UNDO_HINT}")


def _doubtful(desk: Desk, pupil: Pupil, rule: str, words: str) -> str | None:
    """Why an answer that would end the case as a death or wrong record is not taken down: it does not say that it is so."""
    reason = desk.work.cases.case(pupil.id).reason_code
    if rule != "police_check" or reason not in CLOSING_REASONS or desk.unattended:
        return None
    if _SETTLED.search(words) and not _UNSETTLED.search(words):
        return None
    return (
        f"{pupil.name}登记的原因是{REASONS[reason]}，公安核实属实就会移出台账；这条回复没有写明属实，没有记录。属实请写明，例如：公安 {pupil.name} 回复：属实，已注销户口。"
        f"不属实的，请继续劝返，并请学校改正辍学原因。"
    )


def _asked(desk: Desk, pupil: Pupil, department: str) -> Duty | None:
    rule = _RULE_OF.get(department)
    return next((d for d in desk.work.cases.duties(pupil=pupil.id) if d.rule == rule), None) if rule else None


def _referred(desk: Desk, pupil: Pupil, department: str) -> Fact | None:
    facts = open_referrals(desk.work.cases.facts(pupil.id))
    return next((f for f in facts if f.data["department"] == department), None)


_ADVISED = (
    ("送教", "送教上门"),
    ("上门", "送教上门"),
    ("远程", "远程教育"),
    ("特校", "特校"),
    ("特殊教育学校", "特校"),
    ("随班", "随班就读"),
)


def _next_of(pupil: Pupil, opinion: str) -> str:
    """What is written down next on the committee's word: the placement or the papers that it advises."""
    if "休学" in opinion or "缓学" in opinion:
        word = "缓学" if "缓学" in opinion else "休学"
        return f"请按意见办{word}手续，例如：{word}手续 {pupil.name}：3月10日申请，3月12日乡镇批准。"
    way = next((way for word, way in _ADVISED if word in opinion), "随班就读")
    return f"请按意见登记安置，例如：安置 {pupil.name} {way}。"


def _opinion(desk: Desk, pupil: Pupil, note: str, department: str) -> Said:
    """The expert committee's word on a pupil whom nobody had to ask about: what a placement rests on (FN-24)."""
    hand = hand_for(desk, pupil)
    fact = hand.fact(
        Kind.DONE, desk.today, pupil.id, rule="expert_opinion", note=note, proxy=True, department=department
    )
    mark_answered(desk, desk.work.cases.append([fact]))
    return Said(f"已记（代录）：{pupil.name}，{note}。\n{_next_of(pupil, note)}\n{wording.UNDO_HINT}")


def _tell(desk: Desk, pupil: Pupil, note: str) -> None:
    for role in ("school", "township"):
        notify(desk, role, pupil, f"{pupil.name}的核实有结果：{note}（{desk.writer.name}代录）。", f"replied:{role}")


_EXPERTS = "|".join(sorted((w for w in _RULE_OF if w.endswith(("组", "会"))), key=len, reverse=True))
COMMANDS: tuple[Command, ...] = (
    command(
        "公安 张三 已回复：人在深圳",
        ACTIONS["reply"].roles,
        _replied,
        rf"(?P<department>{_EXPERTS}|{departments.NAMED})\s*[对于关]*\s*(?P<name>[\u4e00-\u9fff·•]{{2,15}}?)(?:的)?\s*(?:已经?)?(?:回复|答复|反馈|回函|意见)(?:了|意见)?\s*[:：,，]\s*(?P<words>.+)",
    ),
)
