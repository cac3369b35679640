"""The trail: who did or saw what, when and from where. Appended in the transaction, chained afterwards.

Chaining is a job of its own, so that the chain does not make writers wait for one another; on PostgreSQL
the application's role may neither change nor delete what is here (see ``migrating.grant``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage import tables
from storage.columns import in_utc
from storage.session import Session, earliest_id, new_id

audit, chain = tables.audit, tables.audit_chain

CLAUSES = {"LC-42": ("check",), "FJ-31": ("check",)}
NO_HASH = "0" * 64
_LATE = dt.timedelta(minutes=10)  # a transaction that began before the last chained row may commit after it


@dataclass(frozen=True, slots=True)
class Trace:
    """One row of the trail. ``subject`` is an id with its kind (``pupil:…``), never a name."""

    id: str
    at: dt.datetime
    person: str
    did: str
    subject: str
    place: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link of the chain: whoever keeps it elsewhere can show later that nothing before it was changed."""

    number: int
    hash: str


class Audit:
    """The trail: who did or saw what; rows are only added."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def note(
        self, person: str, did: str, subject: str = "", place: str = "", detail: Mapping[str, Any] | None = None
    ) -> None:
        """Append one row. ``detail`` holds ids, codes and numbers: no name, telephone or text of a case."""
        row = {
            "id": new_id(self._session.now),
            "at": self._session.now,
            "person": person,
            "did": did,
            "subject": subject,
            "place": place,
            "detail": dict(detail or {}),
        }
        self._session.run(sa.insert(audit), {"county_id": self._session.county, **row})

    def of(self, subject: str, limit: int = 100) -> list[Trace]:
        """What was done about a subject, newest first."""
        return self._traces(audit.c.subject == subject, limit)

    def by(self, person: str, limit: int = 100) -> list[Trace]:
        """What a person did and saw, newest first."""
        return self._traces(audit.c.person == person, limit)

    def _traces(self, condition: sa.ColumnElement[bool], limit: int) -> list[Trace]:
        rows = self._session.run(
            sa.select(audit).where(self._session.here(audit), condition).order_by(audit.c.at.desc()).limit(limit)
        )
        return [_trace(row) for row in rows]

    def link(self, limit: int = 5000) -> int:
        """Chain rows that are not yet chained; returns how many. One caller at a time gets to do it."""
        if not self._alone():
            return 0
        last = self._last()
        rows = self._unchained(last.at if last is not None else None, limit)
        number, hash = (last.number, last.hash) if last is not None else (0, NO_HASH)
        links = []
        for row in rows:
            number, hash = number + 1, _hash(hash, _trace(row))
            links.append({"county_id": self._session.county, "number": number, "audit_id": row.id, "hash": hash})
        if links:
            self._session.run(sa.insert(chain), links)
        return len(links)

    def head(self) -> Head | None:
        """The newest link; None while nothing is chained."""
        last = self._last()
        return Head(last.number, last.hash) if last is not None else None

    def verify(self, until: Head | None = None) -> str | None:
        """None if every chained row is as it was; else the id of the first one altered, missing or moved.

        ``until``: a link kept elsewhere that must still be in the chain; it shows that its end was not cut off.
        """
        hash, number = NO_HASH, 0
        rows = self._session.run(
            sa.select(chain.c.number, chain.c.audit_id, chain.c.hash.label("link"), audit)
            .select_from(
                chain.outerjoin(audit, sa.and_(audit.c.county_id == chain.c.county_id, audit.c.id == chain.c.audit_id))
            )
            .where(self._session.here(chain))
            .order_by(chain.c.number)
            .execution_options(yield_per=2000)
        )
        for number, row in enumerate(rows, 1):
            if row.id is None or row.number != number:
                return str(row.audit_id)
            hash = _hash(hash, _trace(row))
            if hash != row.link or (until is not None and until.number == number and until.hash != hash):
                return str(row.audit_id)
        return f"after link {number}" if until is not None and until.number > number else None

    def _alone(self) -> bool:
        """Whether no other process chains this county now; SQLite has one writer anyway."""
        if not self._session.is_postgresql:
            return True
        lock = sa.func.pg_try_advisory_xact_lock(sa.func.hashtext(f"audit_chain/{self._session.county}"))
        return bool(self._session.run(sa.select(lock)).scalar())

    def _last(self) -> sa.Row[Any] | None:
        return self._session.run(
            sa.select(chain.c.number, chain.c.hash, audit.c.id, audit.c.at)
            .select_from(
                chain.outerjoin(audit, sa.and_(audit.c.county_id == chain.c.county_id, audit.c.id == chain.c.audit_id))
            )
            .where(self._session.here(chain))
            .order_by(chain.c.number.desc())
            .limit(1)
        ).one_or_none()

    def _unchained(self, last: dt.datetime | None, limit: int) -> list[sa.Row[Any]]:
        linked = sa.exists().where(chain.c.county_id == audit.c.county_id, chain.c.audit_id == audit.c.id)
        query = sa.select(audit).where(self._session.here(audit), ~linked).order_by(audit.c.id).limit(limit)
        if last is not None:
            query = query.where(audit.c.id >= earliest_id(last - _LATE))
        return list(self._session.run(query))


def _trace(row: sa.Row[Any]) -> Trace:
    return Trace(row.id, row.at, row.person, row.did, row.subject, row.place, row.detail)


def _hash(before: str, trace: Trace) -> str:
    fields = [trace.id, in_utc(trace.at).isoformat(), trace.person, trace.did, trace.subject, trace.place]
    line = json.dumps([before, *fields, trace.detail], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(line.encode()).hexdigest()
