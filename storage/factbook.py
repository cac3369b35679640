"""The facts as rows: appended, read, never changed. What somebody wrote in words is sealed with the pupil's key."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from casework.facts import Fact, Kind
from storage import tables
from storage.lines import Line, add_lines
from storage.prepared import Prepared, given, of_county, one_by_one
from storage.sealing import DataKey
from storage.session import Session, chunks

facts, pupil_keys = tables.facts, tables.pupil_keys
_RECORDED = attrgetter("at", "id")

CODES = frozenset(
    {"start", "reason_code", "presumed", "kind", "to", "channel", "outcome", "return_on", "refused", "pending", "until"}
    | {"lessons", "minutes", "class", "group", "off", "role", "rule", "duty", "month", "zero", "hash", "facts", "age"}
    | {"figures", "number", "rate", "confirmed", "corrects", "graduated"}
)
"""Keys of ``data`` that hold codes, dates and numbers and may be read in the row; the value of any other is sealed."""

_IN_ORDER = ("id", "kind", "day", "at", "person", "role", "pupil_id", "unit_id", "data", "words", "source")
_AS_THEY_ARE = frozenset({str, int, bool, float, type(None)})
"""Kinds of values that JSON gives back as they were."""

_ALL = sa.select(facts, pupil_keys.c.wrapped).select_from(
    facts.outerjoin(
        pupil_keys,
        sa.and_(pupil_keys.c.county_id == facts.c.county_id, pupil_keys.c.pupil_id == facts.c.pupil_id),
    )
)
_QUERY = _ALL.order_by(facts.c.at, facts.c.id)
_DAYS = _QUERY.where(of_county(facts), facts.c.day >= given("start"), facts.c.day <= given("end"))
_OF_KINDS = _DAYS.where(facts.c.kind.in_(given("kinds", many=True)))
_RARE: sa.ColumnElement[bool] = sa.literal_column(
    f"facts.{tables.RARE}"
)  # in the words of the index, without which SQLite does not use it
_BETWEEN, _OF_ANY_KINDS, _OF_RARE_KINDS = Prepared(_DAYS), Prepared(_OF_KINDS), Prepared(_OF_KINDS.where(_RARE))
_EARLIEST = _ALL.where(of_county(facts)).order_by(facts.c.at)
"""The order of the index by pupils, which keeps PostgreSQL to it: of a small table it takes any that begins with the county."""
OF_PUPILS = Prepared(_EARLIEST.where(facts.c.pupil_id.in_(given("ids", many=True))))
OF_A_FEW = Prepared(one_by_one(_EARLIEST, "pupil_id", "ids"))


def add(session: Session, new: Sequence[Fact], keys: Mapping[str, DataKey]) -> None:
    """Append facts, given the pupils' own keys. Raises ``IntegrityError`` when an id is there already."""
    add_lines(session, facts, _IN_ORDER, [_line(session, fact, keys) for fact in new])


def as_stored(fact: Fact) -> Fact:
    """The fact as it will be read: its data went through JSON."""
    if set(map(type, fact.data.values())) <= _AS_THEY_ARE:
        return fact
    return replace(fact, data=json.loads(json.dumps(dict(fact.data))))


def of_pupils(session: Session, ids: Iterable[str]) -> dict[str, list[Fact]]:
    """The facts of these pupils, each list in the order in which they were recorded."""
    return by_pupil(session, (row for batch in chunks(ids) for row in session.rows(OF_PUPILS, ids=batch)))


def by_pupil(session: Session, rows: Iterable[Any]) -> dict[str, list[Fact]]:
    """The rows of ``OF_PUPILS`` as facts, each pupil's in the order in which they were recorded."""
    found: dict[str, list[Fact]] = {}
    for row in rows:
        found.setdefault(row.pupil_id, []).append(_fact(session, row))
    for many in found.values():
        many.sort(key=_RECORDED)
    return found


def of_units(session: Session, ids: Iterable[str], *conditions: sa.ColumnElement[bool]) -> dict[str, list[Fact]]:
    """The facts about these units themselves, in the order in which they were recorded."""
    found: dict[str, list[Fact]] = {}
    for batch in chunks(ids):
        about = (facts.c.unit_id.in_(batch), facts.c.pupil_id.is_(None))
        for fact in matching(session, *about, *conditions):
            found.setdefault(fact.unit or "", []).append(fact)
    return found


def with_ids(session: Session, ids: Iterable[str]) -> list[Fact]:
    return [fact for batch in chunks(ids) for fact in matching(session, facts.c.id.in_(batch))]


def between(
    session: Session,
    start: dt.date,
    end: dt.date,
    kinds: Iterable[str] | None = None,
    *conditions: sa.ColumnElement[bool],
) -> list[Fact]:
    """The facts about these days, of some kinds, in the order in which they were recorded: each sweep asks for some."""
    among = None if kinds is None else [str(kind) for kind in kinds]
    rare = among is not None and not set(among) & set(tables.OF_EVERY_DAY)
    if conditions:
        of_kinds = [] if among is None else [facts.c.kind.in_(among), *([_RARE] if rare else [])]
        return matching(session, facts.c.day >= start, facts.c.day <= end, *of_kinds, *conditions)
    days = {"start": start, "end": end}
    if among is None:
        rows = session.rows(_BETWEEN, **days)
    else:
        rows = session.rows(_OF_RARE_KINDS if rare else _OF_ANY_KINDS, **days, kinds=among)
    return [_fact(session, row) for row in rows]


def matching(session: Session, *conditions: sa.ColumnElement[bool], limit: int | None = None) -> list[Fact]:
    """The facts that meet the conditions, in the order in which they were recorded."""
    query = _QUERY.where(session.here(facts), *conditions)
    rows = session.run(query.limit(limit) if limit is not None else query)
    return [_fact(session, row) for row in rows]


def _line(session: Session, fact: Fact, keys: Mapping[str, DataKey]) -> Line:
    plain = {name: value for name, value in fact.data.items() if name in CODES}
    words = {name: value for name, value in fact.data.items() if name not in CODES}
    key = session.sealer.own if fact.pupil is None else keys.get(fact.pupil)
    sealed = key.seal_json(words, _identity(fact.id)) if words and key is not None else None
    return (
        fact.id, fact.kind.value, fact.on, fact.at, fact.by, fact.role, fact.pupil, fact.unit, plain, sealed, fact.source,
    )  # fmt: skip


def _fact(session: Session, row: sa.Row[Any]) -> Fact:
    data = row.data
    if row.words is not None:
        if row.pupil_id is None:
            data = data | session.sealer.own.open_json(row.words, _identity(row.id))
        elif row.wrapped is not None:  # without a key the pupil was erased, and the words with them
            data = data | session.sealer.pupil_key(row.pupil_id, row.wrapped).open_json(row.words, _identity(row.id))
    return Fact(
        id=row.id,
        kind=Kind(row.kind),
        on=row.day,
        at=row.at,
        by=row.person,
        role=row.role,
        pupil=row.pupil_id,
        unit=row.unit_id,
        data=data,
        source=row.source,
    )


def _identity(fact: str) -> str:
    return f"facts/{fact}"
