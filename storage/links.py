"""Dated links for departments without the app (公安, 民政, 残联 …). Of a token only its hash is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from storage import tables
from storage.session import Session, new_id

links = tables.department_links


@dataclass(frozen=True, slots=True)
class Link:
    """Whose link, given out by whom and when, and the last day on which it opens."""

    id: str
    department: str
    by: str
    at: dt.datetime
    until: dt.date


class Links:
    """The links given out. A new one of a department takes the place of its former ones."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def give(self, department: str, until: dt.date, by: str) -> str:
        """A new link; returns its token, which nothing can tell again."""
        self.revoke(department)
        token = secrets.token_urlsafe(32)
        row = {
            "id": new_id(self._session.now), "department": department, "token_hash": _hash(token), "person": by,
            "at": self._session.now, "until": until,
        }  # fmt: skip
        self._session.add_new(links, row)
        return token

    def opened_by(self, token: str) -> Link | None:
        """The link of that token; None when there is none, its day is over, or it was revoked: all alike."""
        return next(iter(self._valid(links.c.token_hash == _hash(token))), None)

    def valid(self) -> list[Link]:
        """The links that open today, in the order of the departments' names."""
        return sorted(self._valid(), key=lambda link: link.department)

    def revoke(self, department: str) -> bool:
        """End a department's links at once; whether one was valid."""
        mine = sa.and_(self._session.here(links), links.c.department == department, links.c.revoked.is_(None))
        was = bool(self._valid(links.c.department == department))
        self._session.run(sa.update(links).where(mine).values(revoked=self._session.now))
        return was

    def _valid(self, *conditions: sa.ColumnElement[bool]) -> list[Link]:
        query = sa.select(links.c.id, links.c.department, links.c.person, links.c.at, links.c.until).where(
            self._session.here(links), links.c.revoked.is_(None), links.c.until >= self._session.now.date(), *conditions
        )
        return [Link(*row) for row in self._session.run(query)]


def _hash(token: str) -> str:
    """Plain SHA-256: a token is 256 random bits, which nobody tries out."""
    return hashlib.sha256(token.encode()).hexdigest()
