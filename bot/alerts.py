"""What the county's administrator must be asked for in time, because nothing may be guessed in its place."""

from __future__ import annotations

import datetime as dt

from casework.calendar import Calendar
from casework.people import COUNTY
from reminders import hours
from storage.outbox import Outgoing
from storage.store import Store

AHEAD = dt.timedelta(days=120)
"""The notice for a year comes in autumn; asked earlier than this, nobody could answer."""
MORNING, EVENING = dt.time(8, 30), dt.time(17, 0)


def ask_for_holidays(store: Store, now: dt.datetime) -> int:
    """Ask, once a week, for the State Council's days of a year that is coming and not known; returns how many were asked.

    Without them no due date in that year can be computed: such duties wait rather than fall on a wrong day.
    """
    if not MORNING <= now.time() < EVENING:
        return 0
    with store.begin(now) as work:
        world, asked = work.world, 0
        today = now.date()
        days = world.calendar.county
        if not hours.is_workday(today, days):
            return 0
        people = {*world.directory.holders("admin", COUNTY, today), *world.directory.holders("county", COUNTY, today)}
        for year in wanted_years(world.calendar, today):
            week = today.isocalendar()
            for person in sorted(people):
                key = f"holidays:{year}:{week.year}-{week.week}:{person}"
                asked += work.outbox.queue(Outgoing(key, person, _words(year), now, expires=now + dt.timedelta(days=1)))
    return asked


def wanted_years(calendar: Calendar, today: dt.date) -> list[int]:
    """The years whose official days are not known and can be asked for by now."""
    return [y for y in calendar.missing(today) if dt.date(y, 1, 1) <= today + AHEAD]


def _words(year: int) -> str:
    return (
        f"{year}年的法定节假日安排还没有录入，{year}年的期限暂时算不出来。国务院办公厅公布放假通知后，请把放假和补班日期填进校历表"
        "（类型写“放假”或“补班”），运行 kongchuo import calendar 校历.xlsx；也可以打开“设置”里的“校历”逐条添加。录入前不会猜日期。"
    )
