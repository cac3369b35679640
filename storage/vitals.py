"""How the county's records stand, for who runs the server: counts and ages, by indexed statements, never a name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from storage import tables
from storage.columns import on_the_wall
from storage.session import Session, earliest_id

audit, chain, duties, evidence = tables.audit, tables.audit_chain, tables.duties, tables.evidence
REPORTS_AHEAD = dt.timedelta(days=7)
"""From how long before its day on a monthly report counts as due."""
LOOKED_AT = dt.timedelta(days=7)
"""How far back the trail is looked through for rows that are not chained."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """Counts of what is owed and of what waits for a job; moments on the county's clock, None where nothing waits."""

    duties_overdue: int
    reports_due: int
    reports_overdue: int
    files_wanted: dt.datetime | None
    files_lost: int
    unchained: dt.datetime | None


def vitals(session: Session, today: dt.date) -> Vitals:
    """The figures as they stand in this transaction."""
    monthly = sa.and_(duties.c.rule == "monthly_report", duties.c.due <= today + REPORTS_AHEAD)
    late = duties.c.due < today
    owed = session.run(
        sa.select(
            sa.func.count().filter(late),
            sa.func.count().filter(monthly, sa.not_(late)),
            sa.func.count().filter(monthly, late),
        ).where(session.here(duties), duties.c.status == "open", duties.c.due <= today + REPORTS_AHEAD)
    ).one()
    files = session.run(
        sa.select(
            sa.func.min(evidence.c.at).filter(evidence.c.state == "wanted"),
            sa.func.count().filter(evidence.c.state == "lost", evidence.c.pupil_id.is_not(None)),
        ).where(session.here(evidence), evidence.c.state.in_(("wanted", "lost")))
    ).one()
    return Vitals(owed[0], owed[1], owed[2], files[0], files[1], _unchained(session))


def _unchained(session: Session) -> dt.datetime | None:
    """When the oldest row of the trail was written that the job has not chained."""
    linked = sa.exists().where(chain.c.county_id == audit.c.county_id, chain.c.audit_id == audit.c.id)
    query = sa.select(sa.func.min(audit.c.id)).where(
        session.here(audit), audit.c.id >= earliest_id(session.now - LOOKED_AT), ~linked
    )
    oldest: str | None = session.run(query).scalar()
    if oldest is None:
        return None
    return on_the_wall(dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=int(oldest[:12], 16)))
