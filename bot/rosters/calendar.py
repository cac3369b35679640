"""The roster of days: terms, days taught, days not taught, of the county or of one unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from bot.rosters import cells
from bot.rosters.cells import Wrong, given, needed
from bot.rosters.places import Places
from bot.rosters.plan import BadRow, Kind, Plan
from bot.rosters.reading import Roster, Row, plain
from casework.people import COUNTY
from storage.people import Days
from storage.store import Store, Work

REQUIRED = ("类型",)
OPTIONAL = ("日期", "开始", "结束", "单位")
KINDS = {"学期": "term", "上课": "teach", "停课": "no_teach", "大小周": "rhythm", "放假": "holiday", "补班": "make_up"}
_COUNTY_ALONE = ("term", "holiday", "make_up")
_SHORTEST_TERM, _LONGEST_TERM = dt.timedelta(days=20), dt.timedelta(days=250)


def plan(store: Store, roster: Roster, now: dt.datetime, checked: Callable[[int], None]) -> Plan:
    """What the rows would add; a term that overlaps one already there corrects it."""
    with store.look(now) as work:
        return plan_on(work, roster, checked)


def plan_on(work: Work, roster: Roster, checked: Callable[[int], None] = lambda done: None) -> Plan:
    """The same by what an open unit of work knows."""
    places, known = Places(work.people.units()), work.people.days()
    bad: list[BadRow] = []
    fresh: list[Days] = []
    gone: list[Days] = []
    unchanged = 0
    if "日期" not in roster.columns and not {"开始", "结束"} <= set(roster.columns):
        return Plan(0, 0, 0, [BadRow(1, "日期", "需要“日期”一列，或“开始”“结束”两列")], [], _write)
    for done, row in enumerate(roster.rows, 1):
        checked(done)
        try:
            days = _days(row, places)
            if clash := next((d for d in fresh if days.kind == d.kind == "term" and _overlap(d, days)), None):
                raise Wrong(f"与本表中{clash.since}开始的学期重叠", "开始")
        except Wrong as error:
            bad.append(BadRow(row.number, error.column, str(error)))
            continue
        if days in known or days in fresh:
            unchanged += 1
            continue
        gone += [d for d in known if days.kind == d.kind == "term" and _overlap(d, days) and d not in gone]
        fresh.append(days)
    pieces = [(gone, fresh)] if fresh else []
    return Plan(len(fresh) - len(gone), len(gone), unchanged, bad, pieces, _write)


def _write(work: Work, piece: tuple[Sequence[Days], Sequence[Days]]) -> None:
    gone, fresh = piece
    for days in gone:
        work.people.drop_days(days)
    work.people.put_days(fresh)


def _days(row: Row, places: Places) -> Days:
    kind = needed(row, "类型", _kind)
    if row["日期"]:
        since = until = needed(row, "日期", cells.day)
    else:
        since = needed(row, "开始" if "开始" in row.cells or "结束" in row.cells else "日期", cells.day)
        ends = given(row, "结束", cells.day) if kind == "rhythm" else needed(row, "结束", cells.day)
        until = ends or since
    if until < since:
        raise Wrong("结束早于开始", "结束")
    if kind == "term" and not _SHORTEST_TERM < until - since < _LONGEST_TERM:
        raise Wrong("与开始相差不像一个学期，请核对", "结束")
    unit = given(row, "单位", lambda text: _unit(text, kind, places))
    return Days(kind, since, until, unit or COUNTY)


def _kind(text: str) -> str:
    word = plain(text)
    if word not in KINDS:
        raise Wrong(f"不认识“{word}”，可填：{'、'.join(KINDS)}")
    return KINDS[word]


def _unit(text: str, kind: str, places: Places) -> str:
    if plain(text) in ("全县", "县", places.county_name):
        return COUNTY
    if kind in _COUNTY_ALONE:
        raise Wrong("应留空：学期、放假、补班是全县的")
    return places.find(text, "township", "school", "class").id


def _overlap(one: Days, other: Days) -> bool:
    return one.since <= other.until and other.since <= one.until


KIND = Kind(REQUIRED, OPTIONAL, plan)
