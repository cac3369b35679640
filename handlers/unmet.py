"""What schools owe by the calendar, seen from above: 哪些学校没交年度台账 · 各校逾期工作 · 收到 青石镇中学 年度台账.

A school ends its own duty; the bureau writes down that the sealed ledger has come (XY-41), which ends it too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from casework.access import ACTIONS, LEADERS
from casework.calendar import school_year_of
from casework.case import Duty
from casework.facts import Fact, Kind
from casework.people import Unit
from casework.shapes import SHAPES
from casework.terms import RULES, say_clause, say_day
from casework.timeline import standing
from handlers import lookup, numbered, wording
from handlers.answer import not_recorded
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.listed import Item, Listing, Part
from handlers.naming import unit_named
from handlers.places import schools_in

CLAUSES = {"XY-41": ("check",), "TA-6": ("check",), "LC-9": ("query",), "XY-21": ("query",), "XY-23": ("query",)}
LEDGER = "ledger_yearly"
_WORDS: Mapping[str, str] = {
    LEDGER: "(?:年度|盖章|纸质|签字盖章)的?台账|台账(?:资料|材料|盖章签字|盖章|签字)*",
    "g7_register": "(?:七年级|初一)(?:新生)?学籍",
    "g1_register": "(?:一年级|新生)报到(?:注册)?|(?:一年级|新生)注册",
    "term_start_list": "(?:开学)?未返校(?:学生)?名[册单]",
    "month_meeting": "月末班主任会议?|出勤月报表?",
    "term_meetings": "(?:学期初)?领导小组会议?|主题班会|学期初班主任会议?",
    "leading_meeting": "(?:学期初)?班子会议?|党组织会议?",
    "staff_meeting": "(?:开学)?全体教师会议?",
    "term_end_meeting": "(?:学期末|期末)(?:全体)?教师会议?",
    "visit_forms": "家访(?:记录)?表",
    "campaign": "活动月(?:活动)?",
    "four_checks": "四查三[比对]+",
    "disabled_check": "残疾(?:学生|儿童)?(?:摸底)?(?:核查|摸底)",
    "holiday_visits": "(?:假期|寒假|暑假)家访|师访万家",
    "teach_meeting": "送教(?:教师)?座?谈?会",
}
"""What a school owes by the calendar, by the words it goes by. 月报 and 责任书 have lists of their own."""
OF_SCHOOLS = tuple(rule for rule, shape in SHAPES.items() if shape.about == "unit" and shape.owner == "school")
_MOST = 20


def _owed(desk: Desk, rules: Sequence[str]) -> dict[Unit, list[Duty]]:
    """The open duties of these rules of each school of one's reach that have begun, the soonest due first."""
    schools = {s.id: s for s in schools_in(desk.world.directory, desk.scope)}
    found: defaultdict[Unit, list[Duty]] = defaultdict(list)
    for duty in desk.work.cases.owed_under(rules):
        if duty.unit in schools:
            found[schools[duty.unit]].append(duty)
    return found


def lacking(desk: Desk, rule: str) -> Listing:
    """Which schools have not met one kind of duty yet, until when each has to."""
    owed, title = _owed(desk, (rule,)), RULES[rule]
    many = len(schools_in(desk.world.directory, desk.scope))
    rows = sorted(((duties[0], school) for school, duties in owed.items()), key=lambda row: (row[0].due, row[1].name))
    late = sum(duty.overdue(desk.today) for duty, _ in rows)
    items = [Item(f"{school.name}：{_until(duty, desk)}") for duty, school in rows]
    received = _received(desk) if rule == LEDGER else {}
    parts = [Part(items, counted="所")] if items else []
    if received:
        names = "、".join(list(received.values())[:_MOST]) + ("等" if len(received) > _MOST else "")
        parts.append(Part([Item(names)], f"县教育局已签收的{len(received)}所："))
    then = (
        "收到纸质台账请发，例如：收到 青石镇中学 年度台账。" if rule == LEDGER and desk.reader.may("place_at") else ""
    )
    if not items:
        head = f"{title}：{many}所学校现在都没有待办：已经完成，或者还没到时间，或者本县没有这项要求。"
        return Listing(head, parts, then, _MOST)
    return Listing(f"{title}：{many}所学校里还没完成的{len(items)}所，其中逾期{late}所：", parts, then, _MOST)


def _until(duty: Duty, desk: Desk) -> str:
    day = say_day(duty.due, desk.today)
    return (f"已逾期，应在{day}前" if duty.overdue(desk.today) else f"{day}前") + say_clause(duty.clause)


def overdue(desk: Desk) -> Listing:
    """The work of schools that is overdue, school by school, who owes most first."""
    late = {s: [d for d in duties if d.overdue(desk.today)] for s, duties in _owed(desk, OF_SCHOOLS).items()}
    rows = sorted(((s, duties) for s, duties in late.items() if duties), key=lambda row: (-len(row[1]), row[0].name))
    if not rows:
        return Listing("您负责范围内，学校按日历到期的工作没有逾期的。", then="发“年计划”看今后12个月。")
    items = [
        Item(
            f"{school.name}{len(duties)}项：{'、'.join(dict.fromkeys(RULES[d.rule] for d in duties))}", school=school.id
        )
        for school, duties in rows
    ]
    then = "到期没办的已按时限逐级提醒。看一项请发，例如：哪些学校没交年度台账。学生的逾期事项请发：逾期。"
    return Listing(f"有逾期工作的学校{len(items)}所：", [Part(items, counted="所")], then, _MOST)


def _received(desk: Desk) -> dict[str, str]:
    """The schools of one's reach whose sealed ledger of this school year is here, by id."""
    first = school_year_of(desk.today)[0]
    told = desk.work.cases.facts_between(first, desk.today, (Kind.DONE.value, Kind.VOID.value))
    here = {f.unit for f in standing(told) if f.data.get("rule") == LEDGER and f.data.get("received")}
    return {s.id: s.name for s in schools_in(desk.world.directory, desk.scope) if s.id in here}


def _receipt(desk: Desk, found: re.Match[str]) -> Said | None:
    school = unit_named(desk, found["school"].strip())
    return receive(desk, school) if school is not None and school.kind == "school" else None


def receive(desk: Desk, school: Unit) -> Said:
    """The bureau has the school's ledger on paper, signed and sealed; the school's duty is met by it."""
    if not desk.reader.may("place_at"):
        return not_recorded("年度台账由县教育局签收，没有记录。")
    if school.id in _received(desk):
        return Said(f"{school.name}的年度台账本学年已经签收过，不用重复登记。")
    duty = next((d for d in desk.work.cases.duties(unit=school.id) if d.rule == LEDGER), None)
    keep = {"duty": duty.id} if duty else {}
    fact: Fact = hand_for(desk, None).fact(
        Kind.DONE,
        desk.today,
        None,
        school.id,
        rule=LEDGER,
        note="县教育局已收到签字盖章的台账",
        received=True,
        proxy=True,
        **keep,
    )
    desk.work.cases.append([fact])
    ended = f"，待办“{RULES[LEDGER]}”已结清" if duty else ""
    return Said(f"已记：{school.name}签字盖章的年度台账今天已收到{ended}。{wording.UNDO_HINT}")


def _one(desk: Desk, found: re.Match[str]) -> Said | None:
    rule = next(rule for rule, words in _WORDS.items() if re.fullmatch(words, found["what"]))
    return lacking(desk, rule).said() if desk.reader.may("report") else None


_TOLD = (
    LEDGER,
    "g7_register",
    "g1_register",
    "term_start_list",
    "visit_forms",
    "campaign",
    "four_checks",
    "disabled_check",
    "holiday_visits",
)
"""What a school says to have done in plain words; a meeting is ended by its record."""


def _finished(desk: Desk, found: re.Match[str]) -> Said | None:
    """七年级学籍建好了, 年度台账已上报: the school's own duty of that kind."""
    rule = next(rule for rule, words in _WORDS.items() if re.fullmatch(words, found["what"]))
    duty = next((d for d in lookup.every_duty(desk) if d.rule == rule and d.unit), None)
    if rule not in _TOLD or desk.role not in ("school", "principal"):
        return None
    if duty is None:
        return Said(f"现在没有“{RULES[rule]}”的待办，不用登记。发“待办”看要做的事。")
    return Said(f"{numbered.end(desk, duty)}{wording.UNDO_HINT}")


_WHAT = rf"(?P<what>{'|'.join(f'(?:{words})' for words in _WORDS.values())})"
_NOT = r"(?:还)?(?:没有?|未)(?:有)?(?:按时)?(?:完成|上报|报送|报|交|开展|召开|开|做|搞|建立?|收齐|收)?(?:齐|完|好)?"
COMMANDS: tuple[Command, ...] = (
    command(
        "哪些学校没交年度台账",
        LEADERS,
        _one,
        rf"{LOOK}{PLACE}(?:还)?(?:有)?(?:哪些|哪几所|哪所|多少)学校{_NOT}(?:本月|本学期|今年|本学年)?(?:的)?{_WHAT}(?:的)?[?？]?",
        rf"{LOOK}{PLACE}(?:各校|学校)?(?:的)?{_WHAT}(?:还)?(?:哪些|哪几所)学校{_NOT}[?？]?",
        rf"{LOOK}(?:各校|各学校)(?:的)?{_WHAT}(?:签收|上报|完成|开展|召开)?(?:情况|进度)[?？]?",
        asks=True,
    ),
    command(
        "七年级学籍建好了",
        ("school", "principal"),
        _finished,
        rf"{PLACE}(?:本学期|今年)?(?:的)?{_WHAT}(?:工作)?(?:已经?|都|全部)*(?:建|做|填|收|交|报|上报|报送|开展|搞|完成|比对|核查|登记)(?:好|完|齐|上去|完成)?(?:了)",
        rf"{PLACE}(?:本学期|今年)?(?:的)?{_WHAT}(?:工作)?(?:已经?|都|全部)+(?:建好|做完|上报|报送|收齐|开展|完成)",
    ),
    command(
        "各校逾期工作",
        LEADERS,
        lambda desk, _: overdue(desk).said() if desk.reader.may("report") else None,
        rf"{LOOK}{PLACE}(?:各校|各学校|学校)(?:的)?(?:逾期|超期|过期|没办的?|没完成的?|未完成的?)(?:的)?(?:工作|事项|任务|待办)?(?:有哪些)?[?？]?",
        rf"{LOOK}(?:哪些|哪几所)学校(?:有)?(?:逾期|超期)(?:的)?(?:工作|事项|任务)?[?？]?",
        asks=True,
    ),
    command(
        "收到 青石镇中学 年度台账",
        ACTIONS["place_at"].roles,
        _receipt,
        r"(?:已)?(?:收到|签收)(?:了)?[:：\s]*(?P<school>[\u4e00-\u9fff\d]{3,30}?)(?:报送|交来|送来|上报)?(?:的)?\s*(?:(?:年度|盖章|纸质|签字盖章)的?)?台账(?:资料|材料)?(?:了)?",
    ),
)
