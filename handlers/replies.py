"""What departments without the app answer, written down by a clerk (代录): 公安, 民政, and the expert group on illness and disability.

The duty that asked is met by the reply, never by a bare word that it is done (FJ-10, FJ-11, FJ-22).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from casework.access import ACTIONS
from casework.case import Duty
from casework.facts import Kind
from casework.people import Pupil
from casework.terms import RULES
from handlers import wording
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
    "公安": "police_check", "派出所": "police_check", "公安局": "police_check", "专家组": "expert_opinion",
    "专家委员会": "expert_opinion", "民政": "aid_referral", "民政局": "aid_referral", "残疾人教育专家委员会": "expert_opinion",
}  # fmt: skip
_NOT_ASKED = "{0}没有在等{1}回复的事项，没有记录。发“查 {0}”看现在要做的事。"


def needed(rule: str) -> str | None:
    """What must be sent instead of a bare 完成; None for a duty that a word may end."""
    if rule not in DEPARTMENTS:
        return None
    who, example = DEPARTMENTS[rule]
    return f"{RULES[rule]}要有{who}的书面回复才算完成，没有回复不能办结。收到后请发：{example}。"


def _replied(desk: Desk, found: re.Match[str]) -> Said | None:
    """公安 张三 已回复：…: of those of that name, the one of whom the department was asked."""
    department = found["department"]
    hits = desk.work.people.names(desk.scope).exact([found["name"]]).get(found["name"], [])
    if not hits or not desk.reader.may("reply"):
        return None
    pupils = list(desk.work.people.pupils([entry.id for entry in hits]).values())
    asked = [p for p in pupils if _asked(desk, p, _RULE_OF[department])]
    if len(asked) > 1:
        where = "、".join(place_name(desk.world.directory, p.class_id) for p in asked)
        return Said(
            f"有多名{found['name']}在等{department}回复（{where}），没有记录。请发“待办”，在页面上选定学生办理。"
        )
    if not asked and len(pupils) > 1:
        return Said(_NOT_ASKED.format(found["name"], department))
    return replied(desk, (asked or pupils)[0], department, found["words"].strip())


def replied(desk: Desk, pupil: Pupil, department: str, words: str) -> Said:
    """What one of the ``DEPARTMENTS`` answered about this pupil, written down by a clerk."""
    rule = _RULE_OF[department]
    duty = _asked(desk, pupil, rule)
    if not desk.reader_of(pupil).may("reply"):
        return Said("各部门的回复由学校、乡镇或县教育局登记，没有记录。请告诉学校控辍专干。")
    if duty is None and rule == "expert_opinion":
        return _opinion(desk, pupil, f"{department}回复：{words}", department)
    if duty is None:
        return Said(_NOT_ASKED.format(pupil.name, department))
    note = f"{department}回复：{words}"
    fact = hand_for(desk, pupil).fact(
        Kind.DONE, desk.today, pupil.id, rule=rule, duty=duty.id, note=note, proxy=True, department=department
    )
    mark_answered(desk, desk.work.cases.append([fact]))
    _tell(desk, pupil, note)
    state = wording.say_state(desk.work.cases.case(pupil.id), desk.today)
    return Said(f"已记（代录）：{pupil.name} {RULES[rule]}，{note}。\n现在：{state}。\n{wording.UNDO_HINT}")


def _asked(desk: Desk, pupil: Pupil, rule: str) -> Duty | None:
    return next((d for d in desk.work.cases.duties(pupil=pupil.id) if d.rule == rule), None)


def _opinion(desk: Desk, pupil: Pupil, note: str, department: str) -> Said:
    """The expert committee's word on a pupil whom nobody had to ask about: what a placement rests on (FN-24)."""
    hand = hand_for(desk, pupil)
    fact = hand.fact(
        Kind.DONE, desk.today, pupil.id, rule="expert_opinion", note=note, proxy=True, department=department
    )
    mark_answered(desk, desk.work.cases.append([fact]))
    return Said(
        f"已记（代录）：{pupil.name}，{note}。\n请按意见登记安置，例如：安置 {pupil.name} 随班就读。\n{wording.UNDO_HINT}"
    )


def _tell(desk: Desk, pupil: Pupil, note: str) -> None:
    for role in ("school", "township"):
        notify(desk, role, pupil, f"{pupil.name}的核实有结果：{note}（{desk.writer.name}代录）。", f"replied:{role}")


_DEPARTMENT = "|".join(sorted(_RULE_OF, key=len, reverse=True))
COMMANDS: tuple[Command, ...] = (
    command(
        "公安 张三 已回复：人在深圳",
        ACTIONS["reply"].roles,
        _replied,
        rf"(?P<department>{_DEPARTMENT})\s*[对于关]*\s*(?P<name>[\u4e00-\u9fff·•]{{2,15}}?)(?:的)?\s*(?:已经?)?(?:回复|答复|反馈|回函|意见)(?:了|意见)?\s*[:：,，]\s*(?P<words>.+)",
    ),
)
