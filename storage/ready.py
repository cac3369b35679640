"""Figures over a whole county that were made before anybody asked, sealed; newer ones take their place."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage import tables
from storage.session import Session

kept = tables.figures_ready


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, as JSON, and when on the county's clock."""

    at: dt.datetime
    content: Any


class Ready:
    """Figures by name."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, name: str, content: Any) -> None:
        """Keep what has just been made in place of what stood there."""
        sealed = self._session.sealer.own.seal_json(content, f"figures_ready/{name}")
        self._session.put(kept, [{"name": name, "at": self._session.now, "content": sealed}], ["name"])

    def get(self, name: str, since: dt.datetime) -> Made | None:
        """What was made under that name at or after ``since``; nothing of a time that has not come yet."""
        fresh = (kept.c.at >= since, kept.c.at <= self._session.now, kept.c.content.is_not(None))
        row = self._session.run(
            sa.select(kept).where(self._session.here(kept), kept.c.name == name, *fresh)
        ).one_or_none()
        return (
            None
            if row is None
            else Made(row.at, self._session.sealer.own.open_json(row.content, f"figures_ready/{name}"))
        )

    def turn(self, name: str, before: dt.datetime) -> bool:
        """Take one's turn at making, unless somebody took it at or after ``before``: of many processes one makes."""
        if self._session.add_new(kept, {"name": name, "at": self._session.now, "content": None}):
            return True
        mine = sa.and_(self._session.here(kept), kept.c.name == name)
        late = sa.or_(kept.c.at < before, kept.c.at > self._session.now)
        return self._session.run(sa.update(kept).where(mine, late).values(at=self._session.now)).rowcount == 1

    def drop(self, *names: str) -> None:
        """Forget these, or all: a child was erased whose name may stand in them."""
        named = [kept.c.name.in_(names)] if names else []
        self._session.run(sa.delete(kept).where(self._session.here(kept), *named))
