"""Days: workdays, school days, holidays, terms, weeks, months, quarters, school years.

Workdays follow the State Council's yearly notice (through chinesecalendar). A school day is Monday to
Friday, no statutory holiday, within a term, plus days taught on besides, less days without teaching.
A year whose notice is not known is never guessed: asking for one of its days raises ``DaysMissing``,
and looking ahead stops with ``None`` where the known days end.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from chinese_calendar import constants

DAY = dt.timedelta(days=1)
NOON = dt.time(12)
FIRST_MONTH = 8  # a school year runs from 1 August to 31 July


class DaysMissing(LookupError):
    """The official holidays of ``year`` are not known yet: the county has to be asked, not guessed for."""

    def __init__(self, year: int) -> None:
        super().__init__(f"{year}年的法定节假日安排还没有录入")
        self.year = year


@dataclass(frozen=True, slots=True)
class Official:
    """The State Council's notices: statutory days off (weekends inside a block included) and make-up workdays."""

    years: frozenset[int]
    holidays: frozenset[dt.date]
    make_up: frozenset[dt.date]

    def with_year(self, year: int, holidays: Iterable[dt.date], make_up: Iterable[dt.date] = ()) -> Official:
        """The same with one more year, as a county enters it before the library knows it."""
        return Official(self.years | {year}, self.holidays | set(holidays), self.make_up | set(make_up))


@cache
def official() -> Official:
    """What chinesecalendar knows."""
    holidays = frozenset(constants.holidays)
    return Official(frozenset(d.year for d in holidays), holidays, frozenset(constants.workdays))


@dataclass(frozen=True, slots=True)
class Term:
    """One term, both days included, with the school days in it as far as they are known.

    ``cut`` says that it ends in a year whose holidays are not known: then nobody can say yet which day is its last.
    """

    start: dt.date
    end: dt.date
    days: tuple[dt.date, ...] = field(default=(), compare=False)
    cut: bool = field(default=False, compare=False)

    @property
    def first(self) -> dt.date | None:
        return self.days[0] if self.days else None

    @property
    def last(self) -> dt.date | None:
        return self.days[-1] if self.days and not self.cut else None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """大小周 of a boarding school: from ``first`` to ``last``, that weekday is taught every ``every`` weeks in term."""

    first: dt.date
    every: int = 2
    last: dt.date = dt.date.max

    def days(self, until: dt.date) -> Iterable[dt.date]:
        for n in range(0, (min(until, self.last) - self.first).days + 1, 7 * self.every):
            yield self.first + dt.timedelta(days=n)


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What one unit (the county, a township, a school, a class) does otherwise than the rule says."""

    teach_on: frozenset[dt.date] = frozenset()
    no_teach_on: frozenset[dt.date] = frozenset()
    rhythm: Rhythm | None = None


class SchoolDays:
    """The days of one school: all questions about school days and workdays are asked here."""

    def __init__(self, terms: Iterable[tuple[dt.date, dt.date]], exceptions: Iterable[Exceptions], known: Official):
        self.official = known
        spans = sorted(terms)
        on, off = set[dt.date](), set[dt.date]()
        for each in exceptions:
            on |= each.teach_on
            off |= each.no_teach_on
            if each.rhythm and spans:
                on |= {d for d in each.rhythm.days(spans[-1][1]) if within(d, spans) and d not in known.holidays}
        self._on, self._off, self._spans = frozenset(on), frozenset(off), spans
        taught = on | {d for start, end in spans for d in span(start, end) if self.covers(d.year) and self._ordinary(d)}
        self._days = tuple(sorted(taught - off))
        self._index = {d: i for i, d in enumerate(self._days)}
        self.terms = tuple(
            Term(start, end, self.between(start, end), not self.covers(end.year)) for start, end in spans
        )

    def _ordinary(self, day: dt.date) -> bool:
        return day.weekday() < 5 and day not in self.official.holidays

    def covers(self, year: int) -> bool:
        """Whether the official holidays of that year are known."""
        return year in self.official.years

    def is_school_day(self, day: dt.date) -> bool:
        """Raises ``DaysMissing`` for a weekday of a term in a year that is not known."""
        if day in self._index:
            return True
        if day.weekday() < 5 and day not in self._off and not self.covers(day.year) and within(day, self._spans):
            raise DaysMissing(day.year)
        return False

    def may_be_taught(self, day: dt.date) -> bool:
        """A school day, or a day of which nobody can say yet whether it is one: what is told of it is written down."""
        try:
            return self.is_school_day(day)
        except DaysMissing:
            return True

    def is_holiday(self, day: dt.date) -> bool:
        """A statutory holiday, its bridged days included; an ordinary weekend is none."""
        if not self.covers(day.year):
            raise DaysMissing(day.year)
        return day in self.official.holidays

    def is_workday(self, day: dt.date) -> bool:
        if not self.covers(day.year):
            raise DaysMissing(day.year)
        return self._ordinary(day) or day in self.official.make_up

    def after_holiday(self, day: dt.date) -> dt.date:
        """``day``, or the day after the whole block where it falls into a statutory holiday (XY-6)."""
        while day in self.official.holidays:
            day += DAY
        return day

    def between(self, start: dt.date, end: dt.date) -> tuple[dt.date, ...]:
        """School days from ``start`` to ``end``, both included."""
        return self._days[self._before(start) : self._until(end)]

    def _before(self, day: dt.date) -> int:
        """How many school days lie before that day: mostly it is one itself, and its place is known."""
        at = self._index.get(day)
        return bisect_left(self._days, day) if at is None else at

    def _until(self, day: dt.date) -> int:
        """How many school days lie up to that day, itself included."""
        at = self._index.get(day)
        return bisect_right(self._days, day) if at is None else at + 1

    def count(self, start: dt.date, end: dt.date) -> int:
        """How many school days lie from ``start`` to ``end``, both included."""
        return max(0, self._until(end) - self._before(start))

    def nth(self, start: dt.date, n: int) -> dt.date | None:
        """The n-th school day from ``start`` on (1: ``start`` itself if it is one); None beyond the known days."""
        at = self._before(start) + n - 1
        return self._days[at] if 0 <= at < len(self._days) else None

    def on_or_after(self, day: dt.date) -> dt.date | None:
        return self.nth(day, 1)

    def after(self, day: dt.date) -> dt.date | None:
        """The next school day after ``day``."""
        return self.nth(day + DAY, 1)

    def on_or_before(self, day: dt.date) -> dt.date | None:
        at = self._until(day) - 1
        return self._days[at] if at >= 0 else None

    def back(self, day: dt.date, n: int) -> dt.date | None:
        """The first of the n school days that end with ``day`` (or with the last one before it)."""
        at = self._until(day) - n
        return self._days[at] if n > 0 and at >= 0 else None

    def add_workdays(self, day: dt.date, n: int) -> dt.date | None:
        """The n-th workday after ``day``; None where it would lie in an unknown year."""
        while n > 0:
            day += DAY
            if not self.covers(day.year):
                return None
            n -= self.is_workday(day)
        return day

    def last_workday(self, start: dt.date, end: dt.date) -> dt.date | None:
        """The last workday from ``start`` to ``end``; None if there is none or the year is unknown."""
        while end >= start and self.covers(end.year):
            if self.is_workday(end):
                return end
            end -= DAY
        return None

    def last_school_day(self, start: dt.date, end: dt.date) -> dt.date | None:
        found = self.on_or_before(end)
        return found if found is not None and found >= start else None

    def term(self, day: dt.date) -> Term | None:
        """The term that ``day`` lies in."""
        return next((t for t in self.terms if t.start <= day <= t.end), None)

    def opening_term(self, day: dt.date) -> Term | None:
        """The term that ``day`` lies in, else the next one to open, else the last."""
        return next((t for t in self.terms if day <= t.end), self.terms[-1] if self.terms else None)


class Calendar:
    """A county's days, and those of each school: closures and make-up teaching of one unit hold for what lies in it."""

    def __init__(
        self,
        terms: Iterable[tuple[dt.date, dt.date]] = (),
        teach_on: Iterable[dt.date] = (),
        no_teach_on: Iterable[dt.date] = (),
        units: Mapping[str, Exceptions] | None = None,
        known: Official | None = None,
    ) -> None:
        self._terms = tuple(terms)
        self._county = Exceptions(frozenset(teach_on), frozenset(no_teach_on))
        self._units = dict(units or {})
        self._known = known or official()
        self.county = SchoolDays(self._terms, [self._county], self._known)
        self._views: dict[tuple[str, ...], SchoolDays] = {}

    def of(self, path: Iterable[str]) -> SchoolDays:
        """The days of the unit with this path (its own id and those above it); shared where nothing differs."""
        own = tuple(u for u in path if u in self._units)
        if not own:
            return self.county
        if own not in self._views:
            several = [self._county, *(self._units[u] for u in own)]
            self._views[own] = SchoolDays(self._terms, several, self._known)
        return self._views[own]

    def missing(self, today: dt.date) -> tuple[int, ...]:
        """Years that will be needed within four months, or by a term already entered, and are not known."""
        needed = {today.year, (today + dt.timedelta(days=120)).year, *(end.year for _, end in self._terms)}
        return tuple(sorted(y for y in needed if y >= today.year and y not in self._known.years))


def within(day: dt.date, spans: Iterable[tuple[dt.date, dt.date]]) -> bool:
    return any(start <= day <= end for start, end in spans)


def span(start: dt.date, end: dt.date) -> Iterable[dt.date]:
    """Every day from ``start`` to ``end``, both included."""
    for n in range((end - start).days + 1):
        yield start + dt.timedelta(days=n)


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())


def noon(day: dt.date) -> dt.datetime:
    """A school day counts as absent from now on."""
    return dt.datetime.combine(day, NOON)


@lru_cache(maxsize=4096)
def month_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the month."""
    first = day.replace(day=1)
    return first, day.replace(day=monthrange(day.year, day.month)[-1])


def quarter_of(day: dt.date) -> tuple[dt.date, dt.date]:
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return first, month_of(first.replace(month=first.month + 2))[-1]


def week_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """Monday and Sunday."""
    monday = day - dt.timedelta(days=day.weekday())
    return monday, monday + dt.timedelta(days=6)


def school_year_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """1 August and the 31 July after it."""
    first = dt.date(day.year - (day.month < FIRST_MONTH), FIRST_MONTH, 1)
    return first, dt.date(first.year + 1, FIRST_MONTH, 1) - DAY
