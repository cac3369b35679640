"""School days and workdays: the State Council's calendars of 2025 and 2026, written out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

DAY = dt.timedelta(days=1)

# First and last day of each block of statutory holidays, then the make-up days.
HOLIDAYS = """
2025-01-01 2025-01-01  2025-01-28 2025-02-04  2025-04-04 2025-04-06  2025-05-01 2025-05-05
2025-05-31 2025-06-02  2025-10-01 2025-10-08  2026-01-01 2026-01-03  2026-02-15 2026-02-23
2026-04-04 2026-04-06  2026-05-01 2026-05-05  2026-06-19 2026-06-21  2026-09-25 2026-09-27
2026-10-01 2026-10-07
"""
MAKE_UP = """
2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11
2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10
"""


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def span(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += DAY


_EDGES = [date(each) for each in HOLIDAYS.split()]
OFF = {day for first, last in zip(_EDGES[::2], _EDGES[1::2], strict=True) for day in span(first, last)}
ON = {date(each) for each in MAKE_UP.split()}
KNOWN = {day.year for day in OFF}  # what ends in another year is asked for, not guessed


class Days:
    """What the first line of a timeline says of days."""

    def __init__(self, stage: Mapping[str, Any]) -> None:
        self.terms = [(date(first), date(last)) for first, last in stage["terms"]]
        self.teach = {date(each) for each in stage.get("teach_on", ())}
        self.closed = {date(each) for each in stage.get("no_teach_on", ())}

    def work(self, day: dt.date) -> bool:
        return day in ON or (day.weekday() < 5 and day not in OFF)

    def school(self, day: dt.date) -> bool:
        if day in self.closed:
            return False
        in_term = any(first <= day <= last for first, last in self.terms)
        return day in self.teach or (in_term and day.weekday() < 5 and day not in OFF)

    def next_school(self, day: dt.date) -> dt.date | None:
        """The first school day after ``day``; none within the known terms."""
        return next((each for each in span(day + DAY, self.end) if self.school(each)), None)

    def next_work(self, day: dt.date, count: int = 1) -> dt.date:
        """The ``count``-th workday after ``day``."""
        while count:
            day += DAY
            count -= self.work(day)
        return day

    def nth(self, start: dt.date, count: int) -> dt.date | None:
        """The ``count``-th school day, ``start`` being the first."""
        found = [each for each in span(start, self.end) if self.school(each)]
        return found[count - 1] if len(found) >= count else None

    def back(self, day: dt.date, count: int) -> dt.date:
        """The school day from which on ``day`` (or the last school day before it) is the ``count``-th."""
        while True:
            count -= self.school(day)
            if count == 0:
                return day
            day -= DAY

    def count(self, first: dt.date, last: dt.date) -> int:
        """School days from ``first`` to ``last``, both included."""
        return sum(self.school(each) for each in span(first, last))

    @property
    def end(self) -> dt.date:
        return max([last for _, last in self.terms] + list(self.teach))


def last_of(first: dt.date, last: dt.date, fits: Callable[[dt.date], bool]) -> dt.date | None:
    return next((each for each in reversed(list(span(first, last))) if fits(each)), None)


def month_end(day: dt.date) -> dt.date:
    return (day.replace(day=28) + 4 * DAY).replace(day=1) - DAY
