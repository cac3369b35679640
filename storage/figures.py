"""What pictures of a county are drawn from: facts without their words, overdue duties and reports, by statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa

from casework.facts import Fact, Kind
from casework.scope import Scope
from storage import tables
from storage.reach import struck_off, within
from storage.session import Session

facts, pupils, duties = tables.facts, tables.pupils, tables.duties


def plain_facts(
    session: Session, scope: Scope, since: dt.date, until: dt.date, kinds: Iterable[str]
) -> dict[str, list[Fact]]:
    """Facts about days from ``since`` to ``until`` by pupil, in no order; what is sealed in them is left out, and so is
    who was struck off."""
    columns = (facts.c.id, facts.c.kind, facts.c.day, facts.c.at, facts.c.role, facts.c.pupil_id, facts.c.data)
    wanted = (facts.c.day >= since, facts.c.day <= until, facts.c.kind.in_([str(kind) for kind in kinds]))
    query = sa.select(*columns).where(session.here(facts), *wanted, facts.c.pupil_id.is_not(None))
    query = query.where(facts.c.pupil_id.not_in(struck_off(session)))
    if not scope.everything:
        mine = sa.select(pupils.c.id).where(within(session, scope))
        query = query.where(facts.c.pupil_id.in_(mine))
    found: dict[str, list[Fact]] = {}
    for row in session.run(query):
        fact = Fact(row.id, Kind(row.kind), row.day, row.at, "", row.role, row.pupil_id, data=row.data)
        found.setdefault(row.pupil_id, []).append(fact)
    return found


def overdue_by_place(session: Session, scope: Scope, today: dt.date) -> list[tuple[str | None, str | None, int]]:
    """Overdue open duties about pupils: class, village and how many, within a scope."""
    on = sa.and_(duties.c.county_id == pupils.c.county_id, duties.c.pupil_id == pupils.c.id)
    query = (
        sa.select(pupils.c.class_id, pupils.c.village_id, sa.func.count().label("many"))
        .select_from(duties.join(pupils, on))
        .where(session.here(duties), duties.c.status == "open", duties.c.due < today, within(session, scope))
        .group_by(pupils.c.class_id, pupils.c.village_id)
    )
    return [(row.class_id, row.village_id, row.many) for row in session.run(query)]


def overdue_units(session: Session, today: dt.date) -> dict[str, int]:
    """Overdue open duties of units themselves, by unit."""
    query = sa.select(duties.c.unit_id, sa.func.count().label("many")).where(
        session.here(duties), duties.c.status == "open", duties.c.due < today, duties.c.unit_id.is_not(None)
    )
    return {row.unit_id: row.many for row in session.run(query.group_by(duties.c.unit_id))}


def duties_due(session: Session, scope: Scope, first: dt.date, last: dt.date) -> Iterator[sa.Row[Any]]:
    """Duties that fell due from ``first`` to ``last`` and did not lapse, of the pupils and units of a scope: ``due``,
    ``closed`` (None while open), ``who``, ``unit_id`` and the pupil's ``class_id``."""
    on = sa.and_(duties.c.county_id == pupils.c.county_id, duties.c.pupil_id == pupils.c.id)
    query = (
        sa.select(duties.c.due, duties.c.closed, duties.c.who, duties.c.unit_id, pupils.c.class_id)
        .select_from(duties.outerjoin(pupils, on))
        .where(session.here(duties), duties.c.due >= first, duties.c.due <= last, duties.c.status != "lapsed")
    )
    if not scope.everything:
        query = query.where(sa.or_(duties.c.unit_id.in_(scope.units), within(session, scope)))
    yield from session.run(query)


def reports_of_month(session: Session, month: str) -> dict[str, Fact]:
    """The standing report of each school for a month (YYYY-MM), by unit."""
    first = dt.date.fromisoformat(f"{month}-01")
    columns = (
        facts.c.id,
        facts.c.kind,
        facts.c.day,
        facts.c.at,
        facts.c.person,
        facts.c.role,
        facts.c.unit_id,
        facts.c.data,
    )
    query = sa.select(*columns).where(
        session.here(facts), facts.c.kind.in_(("report", "void")), facts.c.unit_id.is_not(None), facts.c.day >= first
    )
    rows = session.run(query.order_by(facts.c.at, facts.c.id)).all()
    void = {id for row in rows if row.kind == "void" for id in row.data.get("facts", ())}
    return {
        row.unit_id: Fact(row.id, Kind.REPORT, row.day, row.at, row.person, row.role, unit=row.unit_id, data=row.data)
        for row in rows
        if row.kind == "report" and row.id not in void and row.data.get("month") == month
    }
