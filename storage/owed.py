"""Duties as they are read: by pupil, by id, those nobody has heard of, and in short what has become of each."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from casework.case import Duty
from storage import tables
from storage.prepared import Prepared, given, of_county, one_by_one
from storage.session import Session, chunks
from storage.unheld import unheld

duties, said = tables.duties, tables.said
AT_ONCE = 2000
"""How many duties of a sweep are read at once."""


_SOONEST = sa.select(duties).where(of_county(duties)).order_by(duties.c.due, duties.c.id)
DUTIES = Prepared(_SOONEST.where(duties.c.pupil_id.in_(given("ids", many=True))))
DUTIES_OF_A_FEW = Prepared(one_by_one(_SOONEST, "pupil_id", "ids"))
_WITH_STATUS = Prepared(
    _SOONEST.where(duties.c.pupil_id.in_(given("ids", many=True)), duties.c.status == given("status"))
)
_WITH_IDS = Prepared(_SOONEST.where(duties.c.id.in_(given("ids", many=True))))
_DUE = Prepared(
    sa.select(
        duties.c.id, duties.c.rule, duties.c.clause, duties.c.owner, duties.c.due, duties.c.pupil_id, duties.c.unit_id,
        duties.c.status, sa.cast(duties.c.who, sa.Text), duties.c.closed, duties.c.fact_id, sa.cast(duties.c.hint, sa.Text),
    )  # in the order of a ``Duty``
    .where(
        of_county(duties),
        duties.c.status == given("status"),
        duties.c.due <= given("day_to"),
        # Nothing else bounds it from below: SQLite would take that for its index and read each day from its beginning.
        sa.tuple_(duties.c.due, duties.c.id) > sa.tuple_(given("last_due", kind=sa.Date()), given("last_id")),
    )
    .order_by(duties.c.due, duties.c.id)
    .limit(given("limit", kind=sa.Integer()))
)  # fmt: skip
_WHO, _HINT = 8, 11
"""The places of ``who`` and ``hint`` in it, which come as text: many duties have the same people and most no hint."""
_MARKS = Prepared(
    sa.select(
        duties.c.id, duties.c.status, duties.c.due, duties.c.owner, sa.cast(duties.c.who, sa.Text).label("who")
    ).where(of_county(duties))
)
_STANDING = Prepared(
    sa.select(sa.func.count().label("many"))
    .select_from(duties)
    .where(
        of_county(duties),
        duties.c.id.in_(given("ids", many=True)),
        duties.c.status == given("status"),
        duties.c.due == given("due"),
    )
)
_UNTOLD = Prepared(
    sa.select(duties)
    .where(
        of_county(duties),
        duties.c.status == given("status"),
        duties.c.due == given("day"),
        ~sa.exists(
            sa.select(said.c.duty_id).where(
                of_county(said), said.c.duty_id == duties.c.id, said.c.step == given("step")
            )
        ),
    )
    .order_by(duties.c.due, duties.c.id)
)


def duty_of(row: sa.Row[Any]) -> Duty:
    """A row of the projection as a duty."""
    return Duty(
        id=row.id,
        rule=row.rule,
        clause=row.clause,
        owner=row.owner,
        due=row.due,
        pupil=row.pupil_id,
        unit=row.unit_id,
        status=row.status,
        who=tuple(row.who),
        closed=row.closed,
        by=row.fact_id,
        hint=row.hint,
    )


def read_duties(session: Session, *conditions: sa.ColumnElement[bool]) -> list[Duty]:
    """The duties that meet the conditions, the soonest due first."""
    query = sa.select(duties).where(session.here(duties), *conditions)
    return [duty_of(row) for row in session.run(query.order_by(duties.c.due, duties.c.id))]


def duties_of_pupils(session: Session, ids: Sequence[str], status: str | None) -> list[Duty]:
    """The duties about these pupils, the soonest due first; with status None those done and lapsed too."""
    if status is None:
        return [duty_of(row) for row in session.rows(DUTIES, ids=list(ids))]
    return [duty_of(row) for row in session.rows(_WITH_STATUS, ids=list(ids), status=status)]


def duties_due(session: Session, day_from: dt.date, day_to: dt.date, status: str) -> Iterator[Duty]:
    """Duties due from one day to another, both included, in order of due day, read in pieces."""
    here = {"status": status, "day_to": day_to, "limit": AT_ONCE}
    last = (day_from, "")
    while columns := session.columns(_DUE, **here, last_due=last[0], last_id=last[1]):
        people = {text: tuple(json.loads(text)) for text in set(columns[_WHO])}
        columns[_WHO] = list(map(people.__getitem__, columns[_WHO]))
        columns[_HINT] = [{} if text == "{}" else json.loads(text) for text in columns[_HINT]]
        page = list(map(Duty, *columns))
        yield from page
        if len(page) < AT_ONCE:
            return
        last = (page[-1].due, page[-1].id)


def duties_untold(session: Session, day: dt.date, step: str) -> list[Duty]:
    """Open duties due on that day of which nobody has been told at that step."""
    return [duty_of(row) for row in session.rows(_UNTOLD, status="open", day=day, step=step)]


def moved(session: Session, known: Iterable[Duty]) -> set[str]:
    """The ids of those duties that do not stand any more as they are known (their state or day), or may not in a moment.

    The others stand until this transaction ends: who would record something of their pupil or unit waits so long, and sees
    then what was said. Where somebody does so now nobody is waited for, so that two never wait for each other: those
    duties count as moved.
    """
    known = list(known)
    found = _in_other_hands(session, known)
    alike: dict[tuple[str, dt.date], list[str]] = {}
    for duty in known:
        if duty.id not in found:
            alike.setdefault((duty.status, duty.due), []).append(duty.id)
    for (status, due), ids in alike.items():
        for batch in chunks(sorted(ids)):  # neighbours in the index
            # Mostly all of them stand, and a number says so.
            if session.rows(_STANDING, ids=batch, status=status, due=due)[0].many < len(batch):
                stand = {row.id for row in session.rows(_WITH_IDS, ids=batch) if (row.status, row.due) == (status, due)}
                found.update(id for id in batch if id not in stand)
    return found


def _in_other_hands(session: Session, known: Sequence[Duty]) -> set[str]:
    """About whose pupil or unit somebody records something now; nobody will about the others'."""
    pupils = {duty.pupil for duty in known if duty.pupil is not None}
    units = {duty.unit for duty in known if duty.pupil is None and duty.unit is not None}
    free_pupils, free_units = map(set, unheld(session, pupils, units, sharing=True))
    return {d.id for d in known if (d.unit not in free_units if d.pupil is None else d.pupil not in free_pupils)}


def duties_with_ids(session: Session, ids: Sequence[str]) -> list[Duty]:
    """These duties, the soonest due first."""
    return [duty_of(row) for row in session.rows(_WITH_IDS, ids=list(ids))]


def marks_of_duties(session: Session) -> dict[str, tuple[Any, ...]]:
    """How each duty of the county stands, in short: its state, day and people, by id."""
    return {row.id: tuple(row) for row in session.rows(_MARKS)}
