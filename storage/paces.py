"""How often somebody asks for pages, over all processes and hosts: one row for each who asks often."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from storage import tables
from storage.session import Session

paces = tables.paces


class Paces:
    """Requests by key and minute; what was asked by whom is not kept, only an HMAC of it and how often."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, key: str, minute: int, many: int) -> int:
        """Count so many requests more of a minute (since 1970); returns how many all processes have counted in it.

        A minute that another host's clock has left behind already begins no count of its own.
        """
        insert = (insert_postgresql if self._session.is_postgresql else insert_sqlite)(paces)
        row = {"county_id": self._session.county, "key": self._session.sealer.index("pace", key)}
        fresh = insert.excluded
        asked = sa.case((paces.c.minute < fresh.minute, fresh.asked), else_=paces.c.asked + fresh.asked)
        later = sa.case((paces.c.minute < fresh.minute, fresh.minute), else_=paces.c.minute)
        counted = insert.values(**row, minute=minute, asked=many).on_conflict_do_update(
            index_elements=["county_id", "key"], set_={"asked": asked, "minute": later}
        )
        total: int = self._session.run(counted.returning(paces.c.asked)).scalar_one()
        return total

    def forget(self, before: int) -> int:
        """Drop who has not asked often since that minute; returns how many."""
        old = sa.and_(self._session.here(paces), paces.c.minute < before)
        return int(self._session.run(sa.delete(paces).where(old)).rowcount)
