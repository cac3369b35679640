"""Meetings by their kind (LC-5): which kind the words name, which of those owed are still to be held, what is on their agenda.

What was held is recorded by ``worklog``; here nothing is written. 哪些会议还没开 · 会议议程
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from casework.access import EDUCATION
from casework.calendar import month_of
from casework.case import Duty
from casework.facts import Fact, Kind
from casework.people import Unit
from casework.rounds import AHEAD
from casework.terms import MEETINGS, RULES, say_clause, say_day
from casework.timeline import standing
from handlers import lookup, numbered
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk
from handlers.listed import NUMBERED, Item, Listing, Part
from handlers.naming import unit_named

CLAUSES = {
    "LC-5": ("record", "produce"),
    "LC-6": ("check",),
    "LC-7": ("check", "compare"),
    "LC-9": ("check",),
    "LC-11": ("check",),
}
SOON = dt.timedelta(days=31)
_HELD = r"(?:大?会|会议)"
KINDS: Sequence[tuple[str, str]] = (
    ("class_teachers", rf"班主任(?:工作|例)?{_HELD}"),
    ("leading_group", rf"领导小组(?:工作)?{_HELD}"),
    ("leaders", rf"(?:领导)?班子(?:成员)?{_HELD}|(?:校务|行政|校长办公){_HELD}"),
    ("party", rf"(?:党组织|党总支|党支部|党委|支部|支委|党员){_HELD}"),
    ("assembly", rf"(?:全校)?师生{_HELD}|全校{_HELD}"),
    ("teaching", rf"送教(?:教师|老师|工作)*(?:座谈)?{_HELD}"),
    ("staff", rf"(?:全体)?(?:教职工|教师|老师|教工|全体){_HELD}"),
    ("members", rf"(?:团员|学生干部|班干部|团干部)[、和]?(?:团员|学生干部|班干部)?{_HELD}"),
    ("class_meeting", rf"主题[班团]?{_HELD}|[班团]队?{_HELD}"),
    ("joint", rf"联席{_HELD}|(?:部门)?会商{_HELD}?"),
    ("forum", rf"(?:(?:学生|家长|教师|老师)[、和]?)*座谈{_HELD}|家长{_HELD}"),
)
"""In this order: 班主任会 is no 班会, 领导小组会 none of the leaders."""
WORD = "|".join(f"(?:{pattern})" for _, pattern in KINDS)
OWED: dict[str, tuple[str, ...]] = {
    "leading_meeting": ("leaders", "party"),
    "term_meetings": ("leading_group", "class_teachers", "class_meeting"),
    "staff_meeting": ("staff",),
    "month_meeting": ("class_teachers",),
    "term_end_meeting": ("staff",),
    "teach_meeting": ("teaching",),
    "joint_meeting": ("joint",),
}
"""The meetings that a duty asks for."""
_AGENDA = {
    ("leading_meeting", "leaders"): "整体部署本学期控辍保学工作",
    ("leading_meeting", "party"): "党员在控辍保学工作中示范引领",
    ("term_meetings", "leading_group"): "研究讨论、健全制度，安排控辍保学工作",
    ("term_meetings", "class_teachers"): "核实各班在校学生数，了解各班控辍保学情况",
    ("term_meetings", "class_meeting"): "学习宣传义务教育法和控辍保学规定",
    ("staff_meeting", "staff"): "布置家访，做好辍学学生劝返",
    ("month_meeting", "class_teachers"): "公布学生出勤月报表，通报各班出勤和控辍保学情况（可“导出出勤月报表”）",
    ("term_end_meeting", "staff"): "公布各班学生变动情况（可“导出学生异动登记册”），表扬先进班级和班主任",
    ("teach_meeting", "teaching"): "交流送教情况，研究送教计划",
    ("joint_meeting", "joint"): "通报台账变动，会商数据比对、联合劝返和救助",
}
_OF_MONTH = ("month_meeting", "term_end_meeting")


def kind_of(words: str) -> str:
    """The kind of meeting that the words name, empty for none."""
    return next((kind for kind, pattern in KINDS if re.search(pattern, words)), "")


def named(fact: Fact) -> str:
    """The kind of a recorded meeting: as kept, else by its own words."""
    return str(fact.data.get("meeting") or kind_of(str(fact.data.get("note", ""))))


def lacking(desk: Desk, duty: Duty) -> list[str]:
    """The meetings that a duty asks for and that nobody has recorded yet, the classes named that still owe theirs."""
    unit = duty.unit or ""
    held = _held(desk, duty, unit)
    missing = []
    for kind in OWED.get(duty.rule, ()):
        if kind != "class_meeting":
            missing += [] if any(named(f) == kind for f in held) else [MEETINGS[kind]]
        elif not any(named(f) == kind and f.unit == unit for f in held):
            done = {f.unit for f in held if named(f) == kind}
            rooms = [room.name for room in _rooms(desk, unit) if room.id not in done]
            missing += [f"{MEETINGS[kind]}（{'、'.join(rooms)}）"] if rooms else []
    return missing


def _held(desk: Desk, duty: Duty, unit: str) -> list[Fact]:
    """What was recorded as a meeting of the unit, or of a class in it, since the duty's own span began."""
    first = month_of(duty.due)[0] if duty.rule in _OF_MONTH else _term_of(desk, unit, duty.due)
    inside = {unit, *desk.world.directory.below(unit)} if unit else {unit}
    told = desk.work.cases.facts_between(first, desk.today, (Kind.WORK.value, Kind.VOID.value))
    return [f for f in standing(told) if f.unit in inside and f.data.get("what") == "meeting"]


def _term_of(desk: Desk, unit: str, due: dt.date) -> dt.date:
    starts = [t.start for t in desk.world.days_of(unit or None).terms if t.start <= due]
    return (max(starts) if starts else due) - AHEAD


def _rooms(desk: Desk, school: str) -> Iterable[Unit]:
    units = desk.world.directory.units
    return [units[u] for u in desk.world.directory.below(school) if u != school and units[u].meets]


def owed(desk: Desk) -> list[Duty]:
    """The writer's open duties of meetings due within a month, the soonest first."""
    until = desk.today + SOON
    return [d for d in lookup.every_duty(desk) if d.rule in OWED and d.due <= until]


def after(desk: Desk, kind: str, on: dt.date) -> str:
    """What is said after a meeting of that day was recorded: what the duty nearest to it still lacks, or the word that ends it."""
    for duty in sorted(owed(desk), key=lambda d: abs((d.due - on).days)):
        if kind and kind not in OWED[duty.rule]:
            continue
        if not (missing := lacking(desk, duty)):
            return f"待办“{RULES[duty.rule]}”要开的会都有记录了，请回“完成 {numbered.of(desk, duty)}”。"
        if kind:
            return f"待办“{RULES[duty.rule]}”还差：{'、'.join(missing)}。"
        return f"如果这就是待办里的“{RULES[duty.rule]}”，请回“完成 {numbered.of(desk, duty)}”。"
    return ""


def to_hold(desk: Desk) -> Listing:
    """The meetings that the writer still owes, by when, and what is to be on the agenda; by a line's number its duty is ended."""
    items, ready = list[Item](), list[Item]()
    for duty in owed(desk):
        until = f"{say_day(duty.due, desk.today)}前"
        missing = lacking(desk, duty)
        for words in missing:
            kind = next(k for k in OWED[duty.rule] if words.startswith(MEETINGS[k]))
            agenda = f"{until} {words}：{_AGENDA[duty.rule, kind]}{say_clause(duty.clause)}"
            items.append(Item(agenda, duty=duty.id))
        if not missing:
            ready.append(Item(f"{until} {RULES[duty.rule]}", duty=duty.id))
    if not items and not ready:
        return Listing(
            "近期没有该开而没开的会议。", then="要记开过的会请发，例如：记班主任会议：3月31日公布出勤月报表，12人参加。"
        )
    over = "会都有记录了的："
    parts = [Part(rows, title, NUMBERED) for rows, title in ((items, ""), (ready, over if items else "")) if rows]
    then = "开完请发，例如：记班主任会议：公布出勤月报表，12人参加。要会议记录纸请发：打印会议记录。"
    then += "都有记录的请回“完成 序号”。" if ready else ""
    return Listing("还要开的会议和议程：" if items else "该开的会议都有记录了：", parts, then)


_COUNTED = re.compile(
    r"(?P<room>(?:[一二三四五六七八九]年级|初[一二三])?[一二三四五六七八九十\d()（）]{1,4}班)[:：\s]*(?:实有|实到|应到|在校|人数|有)*[:：\s]*(?P<many>\d{1,3})\s*(?:人|名)"
)


def head_counts(desk: Desk, note: str) -> str:
    """The pupils of classes as told at a meeting of class teachers, held against the register (LC-7); '' where none are told."""
    told = {room.id: int(m["many"]) for m in _COUNTED.finditer(note) if (room := unit_named(desk, m["room"]))}
    if not told:
        return ""
    counts, units = desk.work.tallies.by_class(desk.scope), desk.world.directory.units
    left = Counter(pupil.class_id for pupil, _ in desk.work.cases.among(desk.scope, ("left",)))
    listed = {id: c["pupils"] - left[id] for id, c in counts.items() if id}
    apart = [
        f"{units[id].name}报{many}人、在籍{listed.get(id, 0)}人，差{abs(many - listed.get(id, 0))}人"
        for id, many in told.items()
        if many != listed.get(id, 0)
    ]
    silent = [units[id].name for id in listed if id not in told]
    said = f"和在籍人数对不上：{'；'.join(apart)}，请查清是谁。" if apart else "人数和在籍一致。"
    return said + (f"没报人数的班：{'、'.join(silent[:10])}{'等' if len(silent) > 10 else ''}。" if silent else "")


def next_on_paper(desk: Desk) -> dict[str, str]:
    """The kind and agenda of the next meeting owed, by the slots of its minutes; empty where none is owed."""
    for duty in owed(desk):
        for words in lacking(desk, duty):
            kind = next(k for k in OWED[duty.rule] if words.startswith(MEETINGS[k]))
            return {"meeting_kind": MEETINGS[kind], "agenda": _AGENDA[duty.rule, kind].partition("（发")[0]}
    return {}


COMMANDS: tuple[Command, ...] = (
    command(
        "哪些会议还没开",
        EDUCATION,
        lambda desk, _: to_hold(desk).said(),
        rf"{LOOK}{PLACE}(?:本学期|本月|这个月|最近|近期|还)?(?:有)?(?:哪些|什么|哪几个|要开|该开|要开的|该开的|还要开)*(?:的)?会议?(?:还)?(?:没有?|未)(?:开|召开)(?:的)?(?:会议?)?(?:名单)?[?？]?",
        rf"{LOOK}{PLACE}(?:本学期|本月|这个月|最近|近期|还)?(?:还)?(?:要|该|需要|得|差|缺)(?:开)?(?:哪些|什么|几个|哪几个)(?:控辍保学)?会议?[?？]?",
        rf"{LOOK}{PLACE}(?:本学期|本月|这个月|近期)?(?:的)?(?:控辍保学)?会议(?:的)?(?:议程|议题|安排|计划|内容)(?:有哪些|是什么)?[?？]?",
        asks=True,
    ),
)
