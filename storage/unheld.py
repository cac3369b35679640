"""Pupils and units of whom nobody records anything now, locked; the others are left out, or nothing is, and not waited for.

Who judges or speaks of many at once and waited for one of them, while whoever records something of that one waits for another, would
wait in a circle, which PostgreSQL ends after a second by refusing one of the two. SQLite has one writer, for whom all are free.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from storage import tables
from storage.prepared import Prepared, given, of_county, one_of
from storage.session import Session, chunks


def _unheld(table: sa.Table, sharing: bool) -> Prepared:
    named = of_county(table), table.c.id.in_(given("ids", many=True))
    locking = sa.select(table.c.id).where(*named).order_by(table.c.id)
    return Prepared(locking.with_for_update(read=sharing, key_share=not sharing, skip_locked=True))


_SHARED, _ALONE = (
    tuple(_unheld(table, sharing) for table in (tables.pupils, tables.units)) for sharing in (True, False)
)

_AT_ONCE = Prepared(
    sa.select(tables.pupils.c.id)
    .where(of_county(tables.pupils), one_of(tables.pupils.c.id, "ids"))
    .with_for_update(key_share=True, nowait=True)
)


def hold_at_once(session: Session, pupils: Iterable[str]) -> None:
    """Lock all of these pupils, who may be thousands. Raises ``DBAPIError``, told as ``Busy``, when somebody else records
    something of one of them; those not yet on the register are left out."""
    if session.is_postgresql:
        session.rows(_AT_ONCE, ids=list(pupils))


def unheld(
    session: Session, pupils: Iterable[str], units: Iterable[str], sharing: bool = False
) -> tuple[list[str], list[str]]:
    """Which of these are free; until this transaction ends they stay as they are, ``sharing``: or others may say so, too."""
    if not session.is_postgresql:
        return list(pupils), list(units)
    free = [
        [row.id for batch in chunks(sorted(set(ids))) for row in session.rows(locking, ids=batch)]
        for locking, ids in zip(_SHARED if sharing else _ALONE, (pupils, units), strict=True)
    ]
    return free[0], free[1]
