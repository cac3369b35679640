"""What one administrator proposed and a second person has not confirmed yet: posts over the whole county, and erasures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from casework.people import Post
from storage import tables
from storage.session import Session, new_id

proposals = tables.proposals


@dataclass(frozen=True, slots=True)
class Erasure:
    """A pupil whose personal data shall be erased, on which written decision (its number; no name)."""

    pupil: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed, by whom and when."""

    id: str
    by: str
    at: dt.datetime
    what: Post | Erasure


class Proposals:
    """What one person proposes and another must confirm."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def propose(self, what: Post | Erasure, by: str) -> str:
        """Keep it until a second person has looked at it; returns the id."""
        id = new_id(self._session.now)
        self._session.add_new(proposals, {"id": id, "person": by, "at": self._session.now, "post": _kept(what)})
        return id

    def open(self) -> list[Proposal]:
        """What waits, oldest first."""
        query = sa.select(proposals).where(self._session.here(proposals)).order_by(proposals.c.at, proposals.c.id)
        return [_read(row) for row in self._session.run(query)]

    def take(self, id: str) -> bool:
        """Take one out, because it was decided; False if somebody else was first."""
        mine = sa.and_(self._session.here(proposals), proposals.c.id == id)
        return self._session.run(sa.delete(proposals).where(mine)).rowcount == 1


def _kept(what: Post | Erasure) -> dict[str, Any]:
    if isinstance(what, Erasure):
        return {"erase": what.pupil, "reason": what.reason}
    return {
        "person": what.person, "role": what.role, "unit": what.unit, "deputy_for": what.deputy_for,
        "since": what.since.isoformat() if what.since else None, "until": what.until.isoformat() if what.until else None,
    }  # fmt: skip


def _read(row: sa.Row[Any]) -> Proposal:
    kept = row.post
    if "erase" in kept:
        return Proposal(row.id, row.person, row.at, Erasure(kept["erase"], kept["reason"]))
    since, until = (dt.date.fromisoformat(kept[k]) if kept[k] else None for k in ("since", "until"))
    post = Post(kept["person"], kept["role"], kept["unit"], since, until, kept["deputy_for"])
    return Proposal(row.id, row.person, row.at, post)
