"""When something happens by itself: whom a sweep judges anew, and the next moments of cases and of messages."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from storage import tables
from storage.columns import LONG_AGO
from storage.prepared import Prepared, given, of_county
from storage.session import Session

cases, wakes, outbox = tables.cases, tables.wakes, tables.outbox
_NEXT_HOUR = Prepared(
    sa.select(sa.func.min(outbox.c.not_before).label("at")).where(of_county(outbox), outbox.c.state == given("state"))
)


def _woken(id: sa.Column[str], wake: sa.Column[dt.datetime]) -> Prepared:
    query = sa.select(id.label("id")).where(of_county(id.table), wake <= given("now"))
    return Prepared(query.order_by(wake, id).limit(given("limit", kind=sa.Integer())))


def _first_wake(wake: sa.Column[dt.datetime]) -> Prepared:
    """Not none is said, so that the index of those that have one serves."""
    return Prepared(sa.select(sa.func.min(wake).label("at")).where(of_county(wake.table), wake.is_not(None)))


_PUPILS_WOKEN, _UNITS_WOKEN = _woken(cases.c.pupil_id, cases.c.wake), _woken(wakes.c.unit_id, wakes.c.at)
_FIRST_WAKES = (_first_wake(cases.c.wake), _first_wake(wakes.c.at))


def waking(session: Session, limit: int) -> tuple[list[str], list[str]]:
    """Ids of pupils and of units whose moment has come, the longest due first, at most ``limit`` each."""
    pupils, units = (session.rows(woken, now=session.now, limit=limit) for woken in (_PUPILS_WOKEN, _UNITS_WOKEN))
    return [row.id for row in pupils], [row.id for row in units]


def next_wake(session: Session) -> dt.datetime | None:
    """The next moment at which something changes by itself; now, when something is to be judged at once."""
    first = [row.at for statement in _FIRST_WAKES for row in session.rows(statement)]
    known = [session.now if moment <= LONG_AGO else moment for moment in first if moment is not None]
    return min(known, default=None)


def next_hour(session: Session) -> dt.datetime | None:
    """When the next waiting message may go, on the county's clock."""
    moment: dt.datetime | None = session.rows(_NEXT_HOUR, state="waiting")[0].at
    return moment
