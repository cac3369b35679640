"""Posts over the whole county that one administrator proposed and a second person has not confirmed yet."""

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
class Proposal:
    """A post as proposed, by whom and when."""

    id: str
    by: str
    at: dt.datetime
    post: Post


class Proposals:
    """Posts that one person proposes and another must confirm."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def propose(self, post: Post, by: str) -> str:
        """Keep a post until a second person has looked at it; returns the id."""
        id = new_id(self._session.now)
        kept = {
            "person": post.person, "role": post.role, "unit": post.unit, "deputy_for": post.deputy_for,
            "since": post.since.isoformat() if post.since else None, "until": post.until.isoformat() if post.until else None,
        }  # fmt: skip
        self._session.add_new(proposals, {"id": id, "person": by, "at": self._session.now, "post": kept})
        return id

    def open(self) -> list[Proposal]:
        """What waits, oldest first."""
        query = sa.select(proposals).where(self._session.here(proposals)).order_by(proposals.c.at, proposals.c.id)
        return [_read(row) for row in self._session.run(query)]

    def take(self, id: str) -> bool:
        """Take one out, because it was decided; False if somebody else was first."""
        mine = sa.and_(self._session.here(proposals), proposals.c.id == id)
        return self._session.run(sa.delete(proposals).where(mine)).rowcount == 1


def _read(row: sa.Row[Any]) -> Proposal:
    kept = row.post
    since, until = (dt.date.fromisoformat(kept[k]) if kept[k] else None for k in ("since", "until"))
    post = Post(kept["person"], kept["role"], kept["unit"], since, until, kept["deputy_for"])
    return Proposal(row.id, row.person, row.at, post)
