"""Pages over a whole county, with a year behind it and thousands of cases open, as its bureau, a school and a teacher open
them: server time and weight of every page."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa
from flask import Flask

from bench.apps import report
from bench.clockwork import put_cases, put_duties
from bench.county import Size, facts_of_a_year, make_pupils, put_facts, settle
from bench.ground import Ground
from bench.load import MORNING
from bench.mass import open_county, year_of
from bench.measure import Measure, at_most, quantile, tell
from bot.ahead import make_ahead
from bot.memory import look_seldom
from bot.pages import door
from bot.pages.lists import LISTS
from bot.server import warm

if TYPE_CHECKING:
    from bot.app import Bot

OPEN = 5000  # cases
LIMIT = 100  # milliseconds
FEW, TIMES, LONGEST = 6, 40, 8.0  # requests of a page far below the limit, of any other, and seconds given to them
FOR_ALL = (
    "/m/todo", "/m/pending", "/m/pending?which=all&searched=1", "/m/pending?late=1", "/m/pupil/p0", "/m/ledgers",
    "/m/ledgers?which=age", "/m/ledgers?which=special", "/m/lists", *(f"/m/lists/{name}" for name in LISTS),
)  # fmt: skip
PAGES = {
    "xian": (
        *FOR_ALL,
        "/m/county",
        "/m/rates",
        "/m/report",
        "/m/arrivals",
        "/m/compare",
        "/m/work/closure",
        "/m/settings/waiting",
    ),
    "kong0": (*FOR_ALL, "/m/county", "/m/rates", "/m/report", "/m/arrivals", "/m/roll"),
    "zhen0": (*FOR_ALL, "/m/county", "/m/rates", "/m/report"),
    "cun0": FOR_ALL,
    "ban0": (*FOR_ALL, "/m/roll"),
    "guan": (
        "/m/settings",
        "/m/settings/people",
        "/m/settings/person/ban0",
        "/m/settings/calendar",
        "/m/settings/policy",
    ),
}
"""Who opens what; what somebody may not have is left out where it says so."""


def pages(ground: Ground) -> list[Measure]:
    """Server time in milliseconds, and bytes, of each page, on each database."""
    door.PER_PERSON = door.PER_ADDRESS = 10**9  # nobody reads so fast
    look_seldom()  # as ``kongchuo serve``
    measures: list[Measure] = []
    for database in ground.databases:
        with ground.county(database) as url:
            searched = prepare(url, ground.size)
            for who, paths in PAGES.items():
                measures += list(_of_person(f"pages, {database}", url, who, paths, searched))
    return measures


def prepare(url: str, size: Size) -> list[str]:
    """A year behind the county, thousands of cases open, and what the jobs have made ahead by then; returns names to search."""
    store = open_county(url)
    many = min(OPEN, size.pupils)
    put_facts(store, facts_of_a_year(size, year_of(size)))
    put_cases(store, many)
    put_duties(store, many, MORNING.date(), size)
    settle(store)
    make_ahead(cast("Bot", SimpleNamespace(store=store, now=lambda: MORNING)))
    store.close()
    return [pupil.name for pupil in make_pupils(size)[:many]]


def _of_person(row: str, url: str, who: str, paths: Iterable[str], searched: list[str]) -> Iterator[Measure]:
    """The pages of one person in a program that has just started and is warm, as ``kongchuo serve`` is before it takes the
    first request; each is told of as soon as it is measured."""
    app = report(url)
    bot = cast("Bot", app.extensions["kongchuo"])
    warm(app, bot).join()
    servers = _servers(bot)
    for path in paths:
        for one in _page(row, app, servers, who, path, searched):
            tell(one)
            yield one
    bot.store.close()


def _page(row: str, app: Flask, servers: list[int], who: str, path: str, searched: list[str]) -> Iterator[Measure]:
    """One page, opened again and again: its first time in this program counts with the others. A page that needs less than half
    of the limit is opened a few times only: no share of it can be near.

    On a machine that others use as well, the processor's time is the figure to trust: ours and, on PostgreSQL, the server's.
    """
    client, walls, works, weight = app.test_client(), list[float](), list[float](), 0
    while len(walls) < TIMES and sum(walls[1:]) < LONGEST * 1000:
        if len(walls) == FEW and max(walls) < LIMIT / 2:
            break
        with client.session_transaction() as session:
            session["person"], session["searched"] = who, searched[len(walls) * 97 % len(searched)]
        wall, work, theirs = time.perf_counter(), time.thread_time(), sum(map(_used, servers))
        answer = client.get(path)
        walls.append((time.perf_counter() - wall) * 1000)
        works.append((time.thread_time() - work) * 1000 + sum(map(_used, servers)) - theirs)
        if answer.status_code in (403, 404):
            break
        assert answer.status_code == 200, (who, path, answer.status_code)
        weight = max(weight, len(answer.data))
    if weight:
        yield at_most(row, f"{who} {path} p95", quantile(walls, 0.95), "ms", LIMIT)
        yield Measure(row, f"{who} {path} first of the processor", works[0], "ms")
        yield Measure(row, f"{who} {path} p95 of the processor", quantile(works, 0.95), "ms")
        yield Measure(row, f"{who} {path} longest", max(walls), "ms")
        yield at_most(row, f"{who} {path} weight", weight / 1000, "kB", 100)


def _servers(bot: Bot) -> list[int]:
    """The process of a PostgreSQL server on this machine that serves the connection used last, which is used first; none on
    SQLite. What parallel workers do is in the wall's time alone."""
    if bot.store.engine.dialect.name != "postgresql":
        return []
    with bot.store.engine.connect() as connection:
        pid = int(connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one())
    return [pid] if Path(f"/proc/{pid}/schedstat").exists() else []


def _used(pid: int) -> float:
    """Milliseconds of the processor that a process has had."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6
