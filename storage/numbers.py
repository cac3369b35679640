"""Numbers of papers: counted for each unit, kind and year, kept with who had the paper made and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage import tables
from storage.session import Session

numbers = tables.paper_numbers


MOST = 2000  # numbers in one list


@dataclass(frozen=True, slots=True)
class Given:
    """A number that a paper has: of which unit, kind and year, about whom ('' for nobody), when and for whom it was made."""

    unit: str
    kind: str
    year: int
    number: int
    subject: str
    day: dt.date
    person: str


class Numbers:
    """The register of numbered papers (文书编号登记)."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def take(self, unit: str, kind: str, subject: str, day: dt.date, person: str) -> int:
        """The number of that unit's paper of that kind about ``subject`` on that day: the one it has, or the next."""
        while (known := self.of(unit, kind, subject, day)) is None:
            row = {
                "unit_id": unit, "kind": kind, "year": day.year, "number": self._highest(unit, kind, day.year) + 1,
                "subject": subject, "day": day, "person": person, "at": self._session.now,
            }  # fmt: skip
            self._session.add_new(numbers, row)  # another may take it first: then look again
        return known

    def take_all(
        self, unit: str, kind: str, subjects: Sequence[str], since: dt.date, day: dt.date, person: str
    ) -> list[int]:
        """Give each of these subjects the next number of that unit's papers of that kind, unless it has had one since then;
        returns the numbers given now."""
        while lacking := [s for s in subjects if s not in self.of_all(unit, kind, subjects, since)]:
            first = self._highest(unit, kind, day.year) + 1
            rows = [
                {
                    "unit_id": unit, "kind": kind, "year": day.year, "number": first + n, "subject": subject, "day": day,
                    "person": person, "at": self._session.now,
                }
                for n, subject in enumerate(lacking)
            ]  # fmt: skip
            if self._session.add_all_new(numbers, rows) == len(rows):
                return list(range(first, first + len(rows)))
        return []

    def of_all(self, unit: str, kind: str, subjects: Iterable[str], since: dt.date) -> dict[str, Given]:
        """The last number of each subject's paper of that kind, given from that day on."""
        wanted = set(subjects)
        conditions = (numbers.c.unit_id == unit, numbers.c.kind == kind, numbers.c.day >= since)
        rows = self._session.run(self._select(*conditions).order_by(numbers.c.at, numbers.c.number))
        return {given.subject: given for given in (Given(*row) for row in rows) if given.subject in wanted}

    def _highest(self, unit: str, kind: str, year: int) -> int:
        query = sa.select(sa.func.max(numbers.c.number)).where(
            self._session.here(numbers), numbers.c.unit_id == unit, numbers.c.kind == kind, numbers.c.year == year
        )  # fmt: skip
        return self._session.run(query).scalar() or 0

    def given(self, units: Collection[str] | None, since: dt.date, kind: str | None = None) -> list[Given]:
        """The numbers given to papers of these units (None: of all) from that day on, newest first, at most ``MOST``."""
        conditions: list[Any] = [numbers.c.day >= since]
        if units is not None:
            conditions.append(numbers.c.unit_id.in_(units))
        if kind is not None:
            conditions.append(numbers.c.kind == kind)
        return self._read(numbers.c.at.desc(), numbers.c.number.desc(), *conditions)

    def of_subject(self, subject: str, since: dt.date | None) -> list[Given]:
        """The numbers of papers about a pupil (from that day on), oldest first."""
        later = [] if since is None else [numbers.c.day >= since]
        return self._read(numbers.c.at, numbers.c.number, numbers.c.subject == subject, *later)

    def _read(self, first: Any, then: Any, *conditions: Any) -> list[Given]:
        query = self._select(*conditions).order_by(first, then).limit(MOST)
        return [Given(*row) for row in self._session.run(query)]

    def _select(self, *conditions: Any) -> sa.Select[Any]:
        return sa.select(
            numbers.c.unit_id, numbers.c.kind, numbers.c.year, numbers.c.number, numbers.c.subject, numbers.c.day,
            numbers.c.person,
        ).where(self._session.here(numbers), *conditions)  # fmt: skip

    def of(self, unit: str, kind: str, subject: str, day: dt.date) -> int | None:
        """The number that the paper has, None before it has one."""
        query = sa.select(numbers.c.number).where(
            self._session.here(numbers), numbers.c.unit_id == unit, numbers.c.kind == kind,
            numbers.c.subject == subject, numbers.c.day == day,
        )  # fmt: skip
        number: int | None = self._session.run(query).scalar()
        return number
