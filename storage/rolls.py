"""Who was at which school and in which grade when a school year began: the cohorts that 巩固率 is counted from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage import tables
from storage.session import Session

rolls = tables.year_rolls


@dataclass(frozen=True, slots=True)
class Place:
    """A pupil's school and grade at the beginning of a school year."""

    pupil: str
    school: str
    grade: int | None


class Rolls:
    """The rolls of the school years, each named by the calendar year in which it begins."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, year: int, places: Iterable[Place]) -> int:
        """Keep where pupils began a year; what is kept already stands. Returns how many were new."""
        rows = ({"year": year, "pupil_id": p.pupil, "school_id": p.school, "grade": p.grade} for p in places)
        return self._session.add_all_new(rolls, rows)

    def of_year(self, year: int) -> set[str]:
        """The ids of the pupils whose place in that year is kept."""
        query = sa.select(rolls.c.pupil_id).where(self._session.here(rolls), rolls.c.year == year)
        return set(self._session.run(query).scalars())

    def years(self) -> list[int]:
        """The years of which a roll is kept, earliest first."""
        query = sa.select(rolls.c.year).where(self._session.here(rolls)).distinct().order_by(rolls.c.year)
        return list(self._session.run(query).scalars())

    def cohort(self, year: int, grade: int, schools: Collection[str] | None = None) -> list[Place]:
        """Who began that year in that grade, at these schools (None: all)."""
        conditions: list[Any] = [self._session.here(rolls), rolls.c.year == year, rolls.c.grade == grade]
        if schools is not None:
            conditions.append(rolls.c.school_id.in_(schools))
        query = sa.select(rolls.c.pupil_id, rolls.c.school_id, rolls.c.grade).where(*conditions)
        return [Place(*row) for row in self._session.run(query.order_by(rolls.c.pupil_id))]
