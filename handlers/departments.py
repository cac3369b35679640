"""Departments without the app: what each is asked about which child, since when, and what it answers.

Asked are the verifications that rules call for (公安, 民政, the expert group: FJ-10, FJ-11, FJ-22), a 核查函 to the bureau
of another place (TA-18), and a child referred to a department (FN-22): 转介 陈小花 给公安：没有户口，请核实 · 等部门答复名单.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casework.access import ACTIONS
from casework.calendar import school_year_of
from casework.case import Duty
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.scope import Scope
from casework.terms import REASONS, RULES, say_clause, say_day
from casework.timeline import CLOSING_REASONS, standing
from casework.waiting import AWAY_BUREAU, open_referrals
from handlers import letters, placing, wording
from handlers.answer import not_recorded
from handlers.command import LOOK, NAME, ROOM, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.listed import Item, Listing, Part
from handlers.naming import with_class
from handlers.telling import notify

CLAUSES = {"FN-22": ("record",), "FJ-10": ("query",), "FJ-11": ("query",), "FJ-22": ("query",), "TA-18": ("query",)}
RULES_OF: Mapping[str, tuple[str, ...]] = {
    "公安": ("police_check",), "民政": ("aid_referral",), "残联": ("expert_opinion",), "卫健": ("expert_opinion",),
    "司法": (), "乡村振兴": (), "妇联": (), "市场监管": (),
}  # fmt: skip
"""The departments, and the rules whose duties each of them answers; 残联 and 卫健 are both of the expert group (FJ-11)."""
EXPERTS = ("残联", "卫健")
_SHORT = {"派出所": "公安", "残疾人联合会": "残联", "卫生健康": "卫健", "卫生": "卫健", "妇女联合会": "妇联"}
NAMED = rf"(?:{'|'.join(sorted((*RULES_OF, *_SHORT), key=len, reverse=True))})[局委]?"
BUREAU = r"[\u4e00-\u9fff]{2,20}?(?:教育局|教体局|教育和?体育局|教育科技局)"
_CALLS = (Kind.DROPOUT, Kind.SUSPEND, Kind.DEFER)
"""What asks for a verification or an opinion."""
_REQUEST = {
    "police_check": "请核实并书面回复：{reason}",
    "aid_referral": "因贫辍学，请落实救助",
    "expert_opinion": "请组织专家组筛查、鉴定，提出就读建议（随班就读、特校、送教、缓学、休学）：{reason}",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a department owes an answer to. ``id`` is that of the duty, letter or referral; ``due`` only where a clause
    gives a day."""

    id: str
    pupil: Pupil
    department: str
    words: str
    since: dt.date
    due: dt.date | None = None
    duty: Duty | None = None
    letter: Fact | None = None
    closing: bool = False  # an answer that it is so ends the case as a death or wrong record


def named(words: str) -> str | None:
    """The department meant: 民政局 is 民政, 派出所 公安; a bureau of another place stands for itself."""
    plain = words.strip().removeprefix("县").removeprefix("区")
    if re.fullmatch(NAMED, plain):
        short = next(name for name in (*_SHORT, *RULES_OF) if plain.startswith(name))
        return _SHORT.get(short, short)
    return words.strip() if re.fullmatch(BUREAU, words.strip()) else None


def asked(desk: Desk, scope: Scope, department: str | None = None) -> list[Asked]:
    """What waits for that department's answer, or for any, about pupils of a scope; the longest waiting first."""
    found = [*_of_rules(desk, scope, department), *_referrals(desk, scope, department)]
    if department is None or department not in RULES_OF:
        found += [
            Asked(f.id, pupil, to, "《核查函》：请核实是否在当地就读并回复", f.on, letter=f)
            for _, pupil, f in letters.unanswered(desk, scope)
            if (to := str(f.data.get("addressee") or AWAY_BUREAU)) == department or department is None
        ]
    return sorted(found, key=lambda one: (one.since, one.pupil.name, one.id))


def _of_rules(desk: Desk, scope: Scope, department: str | None) -> Iterator[Asked]:
    owner = {rule: name for name, rules in RULES_OF.items() for rule in rules}
    rules = owner if department is None else RULES_OF.get(department, ())
    duties = [d for d in desk.work.cases.owed_under(rules) if d.pupil] if rules else []
    pupils = desk.work.people.pupils({d.pupil for d in duties if d.pupil})
    mine = {id: p for id, p in pupils.items() if scope.covers(p) and p.name and not p.struck}
    facts = desk.work.cases.facts_of(mine)
    for duty in duties:
        pupil = mine.get(duty.pupil or "")
        call = next((f for f in reversed(standing(facts.get(duty.pupil or "", ()))) if f.kind in _CALLS), None)
        if pupil and call:
            code = str(call.data.get("reason_code"))
            words = _REQUEST[duty.rule].format(reason=REASONS.get(code, "原因未写明"))
            who = department or ("专家组" if duty.rule == "expert_opinion" else owner[duty.rule])
            closing = duty.rule == "police_check" and code in CLOSING_REASONS
            yield Asked(duty.id, pupil, who, words, call.on, duty.due, duty, closing=closing)


def _referrals(desk: Desk, scope: Scope, department: str | None) -> Iterator[Asked]:
    first = school_year_of(desk.today)[0] - dt.timedelta(days=366)
    told = desk.work.cases.facts_between(first, desk.today, (Kind.REFERRED.value,), scope=scope)
    pupils = desk.work.people.pupils({f.pupil for f in told if f.pupil})
    mine = {id: p for id, p in pupils.items() if scope.covers(p) and p.name and not p.struck}
    for id, facts in desk.work.cases.facts_of(mine).items():
        for fact in open_referrals(facts):
            if department in (None, fact.data["department"]):
                yield Asked(fact.id, mine[id], str(fact.data["department"]), str(fact.data["note"]), fact.on)


def _refer(desk: Desk, found: re.Match[str]) -> Said | None:
    department = named(found["department"])
    pupil = placing.meant(desk, found, "转介 某某 给公安：没有户口，请核实登记")
    if department is None or isinstance(pupil, Said):
        return pupil if isinstance(pupil, Said) else None
    return refer(desk, pupil, department, (found["note"] or "").strip(" ：:，,。"))


def refer(desk: Desk, pupil: Pupil, department: str, note: str) -> Said:
    """Hand a child's matter to a department: it stands on its list until it has answered (FN-22)."""
    if not desk.reader_of(pupil).may("refer"):
        return not_recorded("转介由学校、乡镇或县教育局登记，没有记录。请告诉学校控辍专干。")
    if not note:
        return not_recorded(
            f"请写明要{department}办什么，例如：转介 {pupil.name} 给{department}：没有户口，请核实登记。"
        )
    fact = hand_for(desk, pupil).fact(Kind.REFERRED, desk.today, pupil.id, department=department, note=note)
    desk.work.cases.append([fact])
    text = f"{desk.writer.name}把{with_class(desk, pupil)}转介{department}：{note}。要{department}自己看、自己答复，请发：给{department}链接。"
    notify(desk, "county", pupil, text, "referred")
    return Said(
        f"已记：{with_class(desk, pupil)}转介{department}（{note}）。转介函请发：打印 {pupil.name} 转介函。收到答复请发：{department} {pupil.name} 回复：内容。{wording.UNDO_HINT}"
    )


def unanswered(desk: Desk, department: str | None = None) -> Listing:
    """All that departments, or one of them, have not answered yet, with the days waited and by whom an answer is asked for."""
    rows = asked(desk, desk.scope, department)
    if not rows:
        return Listing("没有等部门答复的事项。", then="要转介请发：转介 某某 给民政：请核实救助。")
    items = [Item(_said(desk, one), one.pupil.id) for one in rows]
    then = "收到答复请发，例如：公安 某某 回复：内容。要部门自己填写请县教育局发：给民政链接。"
    return Listing(f"等部门答复的事项{len(rows)}件：", [Part(items, counted="件")], then)


def _said(desk: Desk, one: Asked) -> str:
    days = (desk.today - one.since).days
    due = ""
    if one.due and one.duty:
        late = "，已过期" if one.duty.overdue(desk.today) else ""
        due = f"，应在{say_day(one.due, desk.today)}前答复{late}{say_clause(one.duty.clause)}"
    title = RULES[one.duty.rule] if one.duty else one.words
    return f"{one.department}：{with_class(desk, one.pupil)} {title}，{say_day(one.since, desk.today)}起，已等{days}天{due}"


COMMANDS: tuple[Command, ...] = (
    command(
        "转介 陈小花 给公安：没有户口，请核实登记",
        ACTIONS["refer"].roles,
        _refer,
        rf"(?s)(?:请|帮我)?(?:把)?转介[:：\s]*{ROOM}{NAME}\s*(?:转)?(?:给|到|至)\s*(?P<department>(?:县|区)?{NAMED})(?:[:：，,\s]+(?P<note>.{{2,200}}))?",
    ),
    command(
        "等部门答复名单",
        ACTIONS["reply"].roles,
        lambda desk, found: unanswered(desk, named(found["who"] or "")).said(),
        rf"{LOOK}(?:等|待|还没)?(?:(?:哪些)?部门|(?P<who>{NAMED}|专家组))(?:还没有?|没有?|未)?(?:答复|回复)(?:的)?(?:事项|学生)?(?:名单|清单|有哪些)?[?？]?",
        asks=True,
    ),
)
