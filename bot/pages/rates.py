"""入学率、巩固率: of the reader's whole reach, its townships and schools; behind every figure its children, a tap away."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bot.pages.door import Outside, here, kept, note, reads, storage_of
from bot.pages.shell import page_number
from bot.rates import rate_table
from bot.reception import desk_for
from handlers.desk import Desk
from reports.rates import Child, Rate, RateTable

if TYPE_CHECKING:
    from bot.app import Bot

PAGE = 50
PARTS = {"counted": "分子", "due": "分母", "missing": "未计入", "aside": "不在分母"}


def add(routes: Blueprint) -> None:
    """``/m/rates`` and ``/m/rates/list``."""
    routes.add_url_rule("/rates", "rates", show)
    routes.add_url_rule("/rates/list", "rate_list", behind)


def _table(desk: Desk) -> RateTable:
    """The rates of the reader's reach: over a whole county they are dear to make and may be a few minutes old."""
    posts = frozenset((post.role, post.unit) for post in desk.posts)
    key = ("rates", here().store.county, posts, desk.scope, desk.today)
    aside = functools.partial(_table_apart, here(), desk.writer.id, desk)
    return kept().get(key, lambda: rate_table(storage_of(desk), desk, "", numbered=False), aside)


def _table_apart(bot: Bot, person: str, asked: Desk) -> RateTable:
    """The same in a view of the database of its own, while nobody waits for it."""
    with bot.store.look(asked.now) as work:
        desk = desk_for(work, person, "")
        assert desk is not None, "the table is made for one who has just been let in"
        return rate_table(work, desk, "", numbered=False)


@reads("rates")
def show(desk: Desk) -> ResponseReturnValue:
    """The rates of one unit, and how the units below stand."""
    table, unit = _table(desk), request.args.get("unit", "")
    mine = [r for r in table.rates if r.unit_id == unit]
    if not mine:
        raise Outside(f"rates:{unit}"[:80])
    below = [r for r in table.rates if r.unit_id and r.name == "enrolment"]
    note("look", "rates", unit=unit)
    return render_template("m/rates.html", rates=mine, below=below, unit=unit, title=mine[0].unit)


@reads("rates")
def behind(desk: Desk) -> ResponseReturnValue:
    """The children behind one figure, 50 at a time."""
    asked = {name: request.args.get(name, "") for name in ("unit", "rate", "part")}
    found = next((r for r in _table(desk).rates if (r.unit_id, r.name) == (asked["unit"], asked["rate"])), None)
    if found is None or asked["part"] not in PARTS:
        raise Outside(f"rates:{asked['unit']}"[:80])
    children, page = _of_part(found, asked["part"]), page_number()
    shown = children[(page - 1) * PAGE : page * PAGE]
    note("look", f"rates:{found.name}:{asked['part']}", unit=asked["unit"])
    within = {id for id, p in desk.work.people.pupils([c.id for c in shown]).items() if desk.scope.covers(p)}
    return render_template(
        "m/rate_list.html", rate=found, children=shown, total=len(children), part=PARTS[asked["part"]], asked=asked, page=page,
        pages=-(-len(children) // PAGE), within=within,
    )  # fmt: skip


def _of_part(rate: Rate, part: str) -> tuple[Child, ...]:
    parts = {"counted": rate.counted, "missing": rate.missing, "aside": rate.aside}
    return parts.get(part, (*rate.missing, *rate.counted))
