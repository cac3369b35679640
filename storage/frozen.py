"""Monthly reports as they were submitted: frozen, so that later facts are differences to them, never inside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage import tables
from storage.session import Session

reports = tables.reports_frozen


@dataclass(frozen=True, slots=True)
class Frozen:
    """A submitted report: ``month`` is YYYY-MM, ``list`` the rows with names behind ``figures``."""

    unit: str
    month: str
    figures: Mapping[str, Any]
    list: Sequence[Any]
    hash: str
    by: str
    at: dt.datetime


class Reports:
    """Monthly reports as they were submitted."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def freeze(self, report: Frozen) -> bool:
        """Keep a submitted report; False if that unit's month was frozen before: the first one stands."""
        row = {
            "unit_id": report.unit,
            "month": report.month,
            "figures": dict(report.figures),
            "list": self._session.sealer.own.seal_json(report.list, _identity(report.unit, report.month)),
            "hash": report.hash,
            "person": report.by,
            "at": report.at,
        }
        return self._session.add_new(reports, row)

    def frozen(self, unit: str, month: str) -> Frozen | None:
        """A unit's report of a month as submitted."""
        found = self._reports(reports.c.unit_id == unit, reports.c.month == month)
        return found[0] if found else None

    def of_month(self, month: str) -> list[Frozen]:
        """All reports submitted for a month."""
        return self._reports(reports.c.month == month)

    def of_unit(self, unit: str) -> list[Frozen]:
        """All reports that a unit submitted, oldest month first."""
        return self._reports(reports.c.unit_id == unit)

    def reopen(self, unit: str, month: str) -> None:
        """Take a submission back (撤销), so that it can be made again."""
        self._session.run(
            sa.delete(reports).where(self._session.here(reports), reports.c.unit_id == unit, reports.c.month == month)
        )

    def every(self) -> list[Frozen]:
        """All reports of the county."""
        return self._reports()

    def replace(self, report: Frozen) -> None:
        """Put a report in place of the one of that unit and month: the only reason is the erasure of a child."""
        sealed = self._session.sealer.own.seal_json(report.list, _identity(report.unit, report.month))
        mine = sa.and_(self._session.here(reports), reports.c.unit_id == report.unit, reports.c.month == report.month)
        self._session.run(sa.update(reports).where(mine).values(list=sealed, hash=report.hash))

    def _reports(self, *conditions: sa.ColumnElement[bool]) -> list[Frozen]:
        query = sa.select(reports).where(self._session.here(reports), *conditions)
        return [self._read(row) for row in self._session.run(query.order_by(reports.c.month, reports.c.unit_id))]

    def _read(self, row: sa.Row[Any]) -> Frozen:
        listed = self._session.sealer.own.open_json(row.list, _identity(row.unit_id, row.month))
        return Frozen(row.unit_id, row.month, row.figures, listed, row.hash, row.person, row.at)


def _identity(unit: str, month: str) -> str:
    return f"reports_frozen/{unit}/{month}"
