"""年计划: what a school or the county owes by the calendar in the coming twelve months, month by month (XY-49, 附件2).

Every item is a rule of the pack or of the county's own file, and is reminded of by itself; the plan is changed there.
"""

from __future__ import annotations

import re
from itertools import groupby

from casework.access import EDUCATION
from casework.people import COUNTY, Unit
from casework.rounds import planned
from casework.terms import RULES, say_clause
from handlers.command import LOOK, Command, command
from handlers.desk import Desk, Said
from handlers.listed import PLAIN, Item, Listing, Part
from handlers.places import place_name, schools_in

CLAUSES = {"XY-49": ("remind", "query")}


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
    lines = []
    for (year, month), group in groupby(items, key=lambda item: (item[0].year, item[0].month)):
        days = [f"{due.day}日{RULES[rule.id]}{say_clause(rule.clause)}" for due, rule in group]
        lines.append(Item(f"{year}年{month}月：{'；'.join(days)}"))
    then = "到期前会提醒。要改日期，请管理员改本县的规则文件。"
    return Listing(f"{name}今后12个月的工作：", [Part(lines, way=PLAIN)], then)


def unit_of(desk: Desk) -> Unit | None:
    """The county of who works for it, the school of who works in one."""
    units = desk.world.directory.units
    if any(units[post.unit].kind == "county" for post in desk.posts if post.unit in units):
        return units.get(COUNTY)
    schools = schools_in(desk.world.directory, desk.scope)
    return schools[0] if len(schools) == 1 else None


COMMANDS: tuple[Command, ...] = (
    command(
        "年计划",
        EDUCATION,
        _plan,
        rf"{LOOK}(?:全年|今年|本学年|学年)?(?:年|年度|工作|月度)计划(?:表)?[?？]?",
        asks=True,
    ),
)
