"""Assessment of many subjects at once: rows in, casework's judgement, the difference to what stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from casework.case import Assessment, Case, Duty
from casework.facts import Fact
from casework.people import Pupil, Unit
from casework.scope import World
from storage import factbook, tables
from storage.held import Held, Registered, Subject
from storage.owed import DUTIES, DUTIES_OF_A_FEW
from storage.prepared import Prepared, given, of_county
from storage.projections import (
    CASES,
    CASES_OF_A_FEW,
    Change,
    Writes,
    compare_case,
    compare_duties,
    compare_wake,
    standing_pupils,
    standing_units,
)
from storage.pupils import PUPIL_COLUMNS, pupil_of
from storage.session import Session, chunks

pupils, keys, units = tables.pupils, tables.pupil_keys, tables.units


@dataclass(frozen=True, slots=True)
class Rules:
    """The judgement of ``casework``: what a pupil's facts mean, and what a unit owes."""

    assess: Callable[[Pupil, Sequence[Fact], World, dt.datetime], Assessment]
    owed: Callable[[Unit, Sequence[Fact], World, dt.datetime], tuple[tuple[Duty, ...], dt.datetime | None]]


A_FEW = 32
"""So many pupils, as a handful of messages concerns, are looked up one by one, whatever PostgreSQL believes of a small table."""

At = Callable[[Subject | None], dt.datetime | None]
"""The moment at which to judge a subject, given how it stands; None: do not judge it."""


_QUERY = (
    sa.select(*PUPIL_COLUMNS, pupils.c.erased, keys.c.wrapped)
    .select_from(
        pupils.outerjoin(keys, sa.and_(keys.c.county_id == pupils.c.county_id, keys.c.pupil_id == pupils.c.id))
    )
    .where(of_county(pupils), pupils.c.id.in_(given("ids", many=True)))
    .order_by(pupils.c.id)
)
_REGISTERED, _LOCKED = Prepared(_QUERY), Prepared(_QUERY.with_for_update(key_share=True, of=pupils))


def read_whole(session: Session, ids: Iterable[str], lock: bool) -> list[Held]:
    """Pupils with how they stand and all facts about them; locked, so that two writers judge one after the other."""
    found: list[Held] = []
    for batch in chunks(sorted(set(ids))):
        these = {"ids": batch}
        few = session.is_postgresql and 1 < len(batch) <= A_FEW
        reading = (CASES_OF_A_FEW, DUTIES_OF_A_FEW, factbook.OF_A_FEW) if few else (CASES, DUTIES, factbook.OF_PUPILS)
        # The lock comes first: each statement sees what whoever held it before has committed.
        registered, stand, owed, told = session.several(
            (_LOCKED if lock else _REGISTERED, these), *((one, these) for one in reading)
        )
        many = [_registered(session, row) for row in registered.rows]
        keys = {one.pupil.id: one.key for one in many if one.key is not None}
        standing = standing_pupils(stand.rows, owed.rows, keys)
        facts = factbook.by_pupil(session, told.rows)
        found += [Held(one, standing.get(one.pupil.id), facts.get(one.pupil.id, [])) for one in many]
    return found


def _registered(session: Session, row: Any) -> Registered:
    key = session.sealer.pupil_key(row.id, row.wrapped) if row.wrapped is not None else None
    return Registered(pupil_of(row), key, row.erased)


def judge_pupils(rules: Rules, world: World, many: Iterable[Held], at: At, writes: Writes) -> list[Change]:
    """What changes about these pupils' cases and duties, which stand so from now on; the rows go into ``writes``."""
    changes: list[Change] = []
    for one in many:
        was = one.stands
        moment = at(was)
        if moment is None:
            continue
        case, duties, wake = _judge(rules, world, one.registered, one.facts, moment)
        before = was.duties if was is not None else {}
        changes += compare_case(one.pupil.id, was, case, wake, one.registered.key, writes)
        changes += compare_duties(before, duties, writes)
        one.stands = Subject(case, {duty.id: duty for duty in duties}, wake)
    return changes


def _judge(
    rules: Rules, world: World, one: Registered, facts: Sequence[Fact], moment: dt.datetime
) -> tuple[Case | None, tuple[Duty, ...], dt.datetime | None]:
    """Case, duties and wake of a pupil; no case is kept for one about whom nothing was ever said."""
    if one.erased or not (facts or one.pupil.home_taught):
        return None, (), None
    assessment = rules.assess(one.pupil, facts, world, moment)
    return assessment.case, assessment.duties, assessment.wake


def judge_units(
    session: Session, rules: Rules, world: World, many: Sequence[Unit], at: At, writes: Writes
) -> list[Change]:
    """What changes about these units' duties; the rows that this takes go into ``writes``."""
    ids = [unit.id for unit in many]
    standing = standing_units(session, ids)
    facts = factbook.of_units(session, ids)
    changes: list[Change] = []
    for unit in many:
        was = standing.get(unit.id)
        moment = at(was)
        if moment is None:
            continue
        duties, wake = rules.owed(unit, facts.get(unit.id, []), world, moment)
        compare_wake(unit.id, was, wake, writes)
        changes += compare_duties(was.duties if was is not None else {}, duties, writes)
    return changes


def read_units(session: Session, ids: Collection[str], lock: bool) -> list[Unit]:
    """Units by id; locked, so that two writers about one unit judge one after the other."""
    query = sa.select(units).where(session.here(units)).order_by(units.c.id)
    if lock:
        query = query.with_for_update(key_share=True)
    return [
        Unit(row.id, row.kind, row.name, row.parent, row.stage, row.grade)
        for batch in chunks(sorted(set(ids)))
        for row in session.run(query.where(units.c.id.in_(batch)))
    ]


def all_to_judge(session: Session, size: int) -> Iterator[list[str]]:
    """The ids of all pupils about whom something was said, or something stands, or who are home-taught."""
    cases, facts, duties = tables.cases, tables.facts, tables.duties
    last = ""
    while True:
        about = sa.or_(
            pupils.c.home_taught,
            sa.exists().where(facts.c.county_id == pupils.c.county_id, facts.c.pupil_id == pupils.c.id),
            sa.exists().where(cases.c.county_id == pupils.c.county_id, cases.c.pupil_id == pupils.c.id),
            sa.exists().where(duties.c.county_id == pupils.c.county_id, duties.c.pupil_id == pupils.c.id),
        )
        query = sa.select(pupils.c.id).where(session.here(pupils), pupils.c.id > last, about)
        ids = list(session.run(query.order_by(pupils.c.id).limit(size)).scalars())
        if not ids:
            return
        yield ids
        last = ids[-1]
