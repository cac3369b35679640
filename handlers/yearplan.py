"""年计划: what a school or the county owes by the calendar in the coming twelve months, month by month (XY-49, 附件2).

Every item is a rule of the pack or of the county's own file, and is reminded of by itself; the plan is changed there.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import accumulate, groupby

from casework.access import EDUCATION
from casework.calendar import month_of
from casework.people import COUNTY, Unit
from casework.policy import Rule
from casework.rounds import planned
from casework.terms import RULES, say_clause, say_day
from handlers import lookup, worklog
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk, Said
from handlers.listed import NUMBERED, PLAIN, Item, Listing, Part
from handlers.places import place_name, schools_in
from handlers.understanding.numerals import NUMBER, number

ROOM = 1500  # bytes of the lines of one message; on the page all twelve months
CLAUSES = {"XY-49": ("remind", "query"), "XY-21": ("query",)}


def _plan(desk: Desk, found: re.Match[str]) -> Said | None:
    listing = plan(desk)
    return listing.said() if listing else None


def plan(desk: Desk) -> Listing | None:
    """The coming twelve months of the reader's school or county; None for who works for neither."""
    unit = unit_of(desk)
    if unit is None:
        return None
    items = planned(unit, desk.world, desk.today)
    if not items:
        return Listing("今后12个月没有按日历到期的工作。学期日期还没有登记的，请管理员先导入校历。")
    name = place_name(desk.world.directory, unit.id) or "县教育局"
    lines = [
        Item(f"{year}年{month}月：{_of_one(list(group))}")
        for (year, month), group in groupby(items, key=lambda item: (item[0].year, item[0].month))
    ]
    then = "到期前会提醒。要改日期，请管理员改本县的规则文件。要看一个月的请发，例如：3月工作计划。"
    return Listing(f"{name}今后12个月的工作：", [Part(lines, way=PLAIN, counted="个月")], then, _fitting(lines))


def _of_one(items: list[tuple[dt.date, Rule]]) -> str:
    """What falls due in one month: 5日、12日、19日每周台账核查; the days of one rule together."""
    days: dict[Rule, list[int]] = {}
    for due, rule in items:
        days.setdefault(rule, []).append(due.day)
    return "；".join(
        f"{'、'.join(f'{d}日' for d in many)}{RULES[rule.id]}{say_clause(rule.clause)}" for rule, many in days.items()
    )


def _fitting(lines: list[Item]) -> int:
    """So many months as one message holds."""
    sizes = accumulate(len(line.words.encode()) + 1 for line in lines)
    return max(1, sum(size <= ROOM for size in sizes))


def of_month(desk: Desk, first: dt.date) -> Listing | None:
    """What falls due in the month that begins on ``first``, day by day."""
    unit = unit_of(desk)
    if unit is None:
        return None
    items = [row for row in planned(unit, desk.world, first) if month_of(row[0])[0] == first]
    name = place_name(desk.world.directory, unit.id) or "县教育局"
    head = f"{name}{first.year}年{first.month}月的工作"
    if not items:
        return Listing(f"{head}：没有按日历到期的工作。", then="发“年计划”看今后12个月。")
    mine = {(d.rule, d.due): d.id for d in lookup.every_duty(desk)}
    lines = [
        Item(f"{say_day(due, desk.today)} {RULES[rule.id]}{say_clause(rule.clause)}", duty=mine.get((rule.id, due)))
        for due, rule in items
    ]
    return Listing(f"{head}：", [Part(lines, way=NUMBERED)], "发“待办”看没办的，发“年计划”看今后12个月。")


def _of_month(desk: Desk, found: re.Match[str]) -> Said | None:
    """9月工作计划, 本月工作安排, 下月工作计划; a month gone by is next year's."""
    first = desk.today.replace(day=1)
    if found["next"]:
        first = month_of(first)[1] + dt.timedelta(days=1)
    elif found["month"]:
        month = int(number(found["month"]) or first.month)
        if not 1 <= month <= 12:
            return None
        first = first.replace(year=first.year + (month < first.month), month=month)
    listing = of_month(desk, first)
    return listing.said() if listing else None


def activities(desk: Desk) -> Listing:
    """The months of activities (XY-21): which they are, and what was recorded in those of this school year."""
    rule = desk.world.policy.rule("campaign", desk.today)
    if rule is None or rule.off:
        return Listing(
            "本县的文件没有规定控辍保学活动月。",
            then="搞了宣传活动请发，例如：记宣传：家长会上发放致家长的一封信320份。",
        )
    texts = rule.values["dates"]
    assert isinstance(texts, tuple)
    months = [int(str(text)[:2]) for text in texts]
    done = [
        f
        for f in worklog.recorded(desk)
        if f.on.month in months and f.data.get("what") in ("publicity", "meeting", "training")
    ]
    head = f"控辍保学活动月：每年{'、'.join(f'{m}月' for m in months)}{say_clause(rule.clause)}。本学年活动月里的记录{len(done)}条"
    duty = worklog.owed_by(desk, "publicity")
    ends = (duty.id, f"要结清待办“{RULES[duty.rule]}”，") if duty else None
    then = "办了活动请发，例如：记宣传：家长会上发放致家长的一封信320份。要家长信请发：打印致家长的一封信。"
    parts = [Part(worklog.lines(desk, done), counted="条")] if done else []
    return Listing(f"{head}{'：' if done else '。'}", parts, then, 10, ends)


def unit_of(desk: Desk) -> Unit | None:
    """The county of who works for it, the school of who works in one."""
    units = desk.world.directory.units
    if any(units[post.unit].kind == "county" for post in desk.posts if post.unit in units):
        return units.get(COUNTY)
    schools = schools_in(desk.world.directory, desk.scope)
    return schools[0] if len(schools) == 1 else None


COMMANDS: tuple[Command, ...] = (
    command(
        "本月工作计划",
        EDUCATION,
        _of_month,
        rf"{LOOK}{PLACE}(?:本月|这个月|当月|(?P<next>下个?月)|(?P<month>{NUMBER})月份?)(?:的)?(?:控辍保学|控辍)?(?:工作)?(?:计划|安排|工作|立项|任务|工作立项)(?:表)?(?:有哪些|是什么)?[?？]?",
        asks=True,
    ),
    command(
        "活动月",
        EDUCATION,
        lambda desk, _: activities(desk).said(),
        rf"{LOOK}{PLACE}(?:控辍保学|控辍)?活动月(?:的)?(?:活动)?(?:进展|情况|记录|安排|开展情况|做了什么|要做什么)?[?？]?",
        asks=True,
    ),
    command(
        "年计划",
        EDUCATION,
        _plan,
        rf"{LOOK}(?:全年|今年|本学年|学年|全县|全校)?(?:的)?(?:控辍保学|控辍)?(?:年|年度|全年|工作|月度|月工作|月|学年)(?:工作)?(?:计划|立项)(?:表)?[?？]?",
        asks=True,
    ),
)
