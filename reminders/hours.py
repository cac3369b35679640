"""When the bot may speak unasked: 7:30 to 20:30, not on a rest day (issue 4, point 5)."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from functools import lru_cache

from casework.calendar import DAY, DaysMissing, Official, SchoolDays, span
from casework.rungs import GOES_UP

MORNING = dt.time(7, 30)
DIGEST = dt.time(7, 40)
ESCALATION = GOES_UP
ROLL_CALL = dt.time(9, 30)
ROLL_REPORT = dt.time(10, 30)
EVENING = dt.time(20, 30)
BELLS = (dt.time(0, 0), DIGEST, ESCALATION, ROLL_CALL, ROLL_REPORT)
"""The minutes of a day at which a sweep has something of its own to do."""


def in_hours(now: dt.datetime) -> bool:
    """Whether unasked messages may leave at this minute of the day."""
    return MORNING <= now.time() < EVENING


def evening(day: dt.date) -> dt.datetime:
    """The moment from which nothing of that day is sent any more."""
    return dt.datetime.combine(day, EVENING)


def is_workday(day: dt.date, days: SchoolDays) -> bool:
    """A workday; Monday to Friday where the year's holidays are not known yet, so that asking for them goes out."""
    try:
        return days.is_workday(day)
    except DaysMissing:
        return day.weekday() < 5


def is_school_day(day: dt.date, days: SchoolDays) -> bool:
    """A school day; none where the year's holidays are not known yet."""
    try:
        return days.is_school_day(day)
    except DaysMissing:
        return False


def speaking_day(due: dt.date, days: SchoolDays) -> dt.date:
    """The day on which a due date is spoken of: itself, or the workday before a rest day (design: "Rest days")."""
    day = due
    while not is_workday(day, days) and not is_school_day(day, days):
        day -= DAY
    return day


def workdays_since(day: dt.date, until: dt.date, days: SchoolDays) -> int:
    """How many workdays lie after ``day`` up to and including ``until``; none where that is before it."""
    years = [_workdays(year, days.official) for year in range(day.year, until.year + 1)]
    return max(0, sum(bisect_right(known, until) - bisect_right(known, day) for known in years))


@lru_cache(maxsize=64)
def _workdays(year: int, official: Official) -> tuple[dt.date, ...]:
    """The workdays of a year in order, kept: overdue duties ask for them each morning, the old ones for many."""
    days = SchoolDays((), (), official)
    return tuple(day for day in span(dt.date(year, 1, 1), dt.date(year, 12, 31)) if is_workday(day, days))


def next_workday(day: dt.date, days: SchoolDays) -> dt.date:
    """The first workday after that day."""
    day += DAY
    while not is_workday(day, days):
        day += DAY
    return day


def next_bell(now: dt.datetime) -> dt.datetime:
    """The first of the days' fixed moments after this one."""
    later = [bell for bell in BELLS if bell > now.time()]
    day = now.date() if later else now.date() + DAY
    return dt.datetime.combine(day, later[0] if later else BELLS[0])
