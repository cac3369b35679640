"""入学率、巩固率: of the reader's whole reach, its townships and schools; behind every figure its children, a tap away."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Hashable
from typing import TypeVar

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bot.app import Bot
from bot.desks import desk_for
from bot.pages import ready
from bot.pages.door import Outside, here, kept, note, reads, storage_of
from bot.pages.shell import page_number
from bot.papers.rates import rate_table
from handlers.desk import Desk
from reports.rates import Child, Figure, Rate, RateTable

T = TypeVar("T")
READY = "rates"
PAGE = 50
PARTS = {"counted": "分子", "due": "分母", "missing": "未计入", "aside": "不在分母"}


def add(routes: Blueprint) -> None:
    """``/m/rates`` and ``/m/rates/list``."""
    routes.add_url_rule("/rates", "rates", show)
    routes.add_url_rule("/rates/list", "rate_list", behind)


def figures_of(desk: Desk) -> list[Figure]:
    """The rates of the reader's reach in numbers."""
    return [rate.figure for rate in rate_table(storage_of(desk), desk, "", numbered=False).rates]


def _figures(desk: Desk) -> list[Figure]:
    """The same, made ahead or lately: over a whole county they are dear to make and may be a few minutes old."""
    made = ready.of(desk, READY)
    if made is not None:
        return [Figure(**one) for one in made.content]
    aside = functools.partial(_apart, here(), desk.writer.id, desk.now, figures_of)
    return kept().get(_key(desk, ""), lambda: figures_of(desk), aside)


def _table(desk: Desk, unit: str) -> RateTable:
    """The rates of one unit with the children behind them."""

    def make(one: Desk) -> RateTable:
        return rate_table(storage_of(one), one, "", numbered=False, only=unit)

    aside = functools.partial(_apart, here(), desk.writer.id, desk.now, make)
    return kept().get(_key(desk, f"children:{unit}"), lambda: make(desk), aside)


def _key(desk: Desk, what: str) -> Hashable:
    posts = frozenset((post.role, post.unit) for post in desk.posts)
    return ("rates", what, here().store.county, posts, desk.scope, desk.today)


def _apart(bot: Bot, person: str, now: dt.datetime, make: Callable[[Desk], T]) -> T:
    """The same in a view of the database of its own, while nobody waits for it."""
    with bot.store.look(now) as work:
        desk = desk_for(work, person, "")
        assert desk is not None, "it is made for one who has just been let in"
        return make(desk)


@reads("rates")
def show(desk: Desk) -> ResponseReturnValue:
    """The rates of one unit, and how the units below stand."""
    figures, unit = _figures(desk), request.args.get("unit", "")
    mine = [f for f in figures if f.unit_id == unit]
    if not mine:
        raise Outside(f"rates:{unit}"[:80])
    below = [f for f in figures if f.unit_id and f.name == "enrolment"]
    note("look", "rates", unit=unit)
    return render_template("m/rates.html", rates=mine, below=below, unit=unit, title=mine[0].unit)


@reads("rates")
def behind(desk: Desk) -> ResponseReturnValue:
    """The children behind one figure, 50 at a time."""
    asked = {name: request.args.get(name, "") for name in ("unit", "rate", "part")}
    mine = any((f.unit_id, f.name) == (asked["unit"], asked["rate"]) for f in _figures(desk))
    if not mine or asked["part"] not in PARTS:
        raise Outside(f"rates:{asked['unit']}"[:80])
    table = _table(desk, asked["unit"])
    found = next((r for r in table.rates if (r.unit_id, r.name) == (asked["unit"], asked["rate"])), None)
    if found is None:  # nobody has been in it since the figures were made
        raise Outside(f"rates:{asked['unit']}"[:80])
    children, page = _of_part(found, asked["part"]), page_number()
    shown = children[(page - 1) * PAGE : page * PAGE]
    note("look", f"rates:{found.name}:{asked['part']}", unit=asked["unit"])
    within = {id for id, p in desk.work.people.pupils([c.id for c in shown]).items() if desk.scope.covers(p)}
    return render_template(
        "m/rate_list.html", rate=found.figure, children=shown, total=len(children), part=PARTS[asked["part"]], asked=asked, page=page,
        pages=-(-len(children) // PAGE), within=within,
    )  # fmt: skip


def _of_part(rate: Rate, part: str) -> tuple[Child, ...]:
    parts = {"counted": rate.counted, "missing": rate.missing, "aside": rate.aside}
    return parts.get(part, (*rate.missing, *rate.counted))
