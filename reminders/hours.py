"""When the bot may speak unasked: 7:30 to 20:30, not on a rest day (issue 4, point 5)."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

MORNING = dt.time(7, 30)
DIGEST = dt.time(7, 40)
ESCALATION = dt.time(8, 10)
ROLL_CALL = dt.time(9, 30)
ROLL_REPORT = dt.time(10, 30)
EVENING = dt.time(20, 30)
BELLS = (dt.time(0, 0), DIGEST, ESCALATION, ROLL_CALL, ROLL_REPORT)
"""The minutes of a day at which a sweep has something of its own to do."""
DAY = dt.timedelta(days=1)


class Days(Protocol):
    """What is asked of the calendar (``casework.calendar``)."""

    def is_workday(self, day: dt.date) -> bool: ...


def in_hours(now: dt.datetime) -> bool:
    """Whether unasked messages may leave at this minute of the day."""
    return MORNING <= now.time() < EVENING


def evening(day: dt.date) -> dt.datetime:
    """The moment after which nothing of that day is sent any more."""
    return dt.datetime.combine(day, EVENING)


def speaking_day(day: dt.date, days: Days) -> dt.date:
    """The day itself, or the workday before when it is a rest day (design: "Rest days")."""
    while not days.is_workday(day):
        day -= DAY
    return day


def workdays_between(after: dt.date, until: dt.date, days: Days) -> int:
    """How many workdays lie after one day up to and including another."""
    return sum(days.is_workday(after + DAY * n) for n in range(1, (until - after).days + 1))


def next_workday(day: dt.date, days: Days) -> dt.date:
    """The first workday after that day."""
    day += DAY
    while not days.is_workday(day):
        day += DAY
    return day


def next_bell(now: dt.datetime) -> dt.datetime:
    """The first of the day's fixed moments after this one."""
    today = now.date()
    later = [bell for bell in BELLS if bell > now.time()]
    return dt.datetime.combine(today, later[0]) if later else dt.datetime.combine(today + DAY, BELLS[0])
