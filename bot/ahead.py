"""The expensive figures over a whole county, and over each township, made by the jobs every few minutes of the day, so that
whoever opens them does not wait."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import structlog

from bot.app import Bot
from bot.desks import desk_for
from bot.pages import county, lists, rates, ready
from bot.pages.kept import CHEAP
from casework.people import COUNTY
from casework.scope import LEVEL
from handlers.desk import Desk

EVERY = dt.timedelta(minutes=10)
WAKING = range(6, 23)  # hours: at night nobody looks
TURN = "turn"
log = structlog.get_logger("ahead")


def make_ahead(bot: Bot) -> int:
    """Make what is dear, once in ``EVERY`` by whichever process comes first; returns how many figures were kept."""
    now = bot.now()
    if now.hour not in WAKING:
        return 0
    with bot.store.begin(now) as work:
        if not work.ready.turn(TURN, now - EVERY):
            return 0
    return sum(_make(bot, person, what) for person, many in list(_readers(bot, now)) for what in many)


def _readers(bot: Bot, now: dt.datetime) -> Iterator[tuple[str, list[str]]]:
    """One person for each set of roles over the county or a township, with the figures that such a reader may open."""
    with bot.store.look(now) as work:
        directory = work.world.directory
        townships = [unit.id for unit in directory.units.values() if unit.kind == "township"]
        people = {
            p
            for role, level in LEVEL.items()
            for unit in {"county": [COUNTY], "township": townships}.get(level, [])
            for p in directory.holders(role, unit, now.date())
        }
        known = set[str]()
        for person in sorted(people):
            desk = desk_for(work, person, "")
            name = ready.name_for(desk, "") if desk else None
            if desk and name and name not in known:
                known.add(name)
                yield person, list(figures_for(desk))


def figures_for(desk: Desk) -> dict[str, Callable[[Desk], Any]]:
    """Each figure that this reader may open, by name, and how it is made as JSON; a township's lists are short."""
    found: dict[str, Callable[[Desk], Any]] = {}
    if desk.reader.opens("county"):
        found[county.READY] = _board
    if desk.reader.opens("rates"):
        found[rates.READY] = lambda one: [asdict(figure) for figure in rates.figures_of(one)]
    for name, row in lists.offered(desk).items() if COUNTY in {post.unit for post in desk.posts} else ():
        found[f"list:{name}"] = lambda one, make=row.make: asdict(make(one).shown())  # type: ignore[misc]
    return found


def _board(desk: Desk) -> Any:
    board = county.board_of(desk)
    return {"counts": dict(board.counts), "pictures": [asdict(picture) for picture in board.pictures]}


def _make(bot: Bot, person: str, what: str) -> bool:
    """Make one figure in a view of its own and keep it if it was dear; what is cheap stays as fresh as it is opened."""
    now = bot.now()
    with bot.store.look(now) as work:
        desk = desk_for(work, person, "")
        make = figures_for(desk).get(what) if desk else None
        if desk is None or make is None:  # the post ended a moment ago
            return False
        name, begun = ready.name_for(desk, what), time.perf_counter()
        made, took = make(desk), time.perf_counter() - begun
    if name is None:
        return False
    with bot.store.begin(now) as work:
        if took > CHEAP:
            work.ready.put(name, made)
        else:
            work.ready.drop(name)
    log.debug("made ahead", what=what, seconds=round(took, 3))
    return took > CHEAP
