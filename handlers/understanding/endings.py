"""Until when a suspension or deferment lasts, as told with it: 休学到2026年7月10日, 休学一年, 从3月10日到明年3月.

Not a slot of the understood action (the vocabulary has none): looked for in the words when the record is written.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from handlers.understanding.numerals import NUMBER, number

_AWAY = r"(?:休学?|缓学|延缓入学|期限)"
_TO = re.compile(
    rf"{_AWAY}[^。；;]{{0,24}}?(?:到|至|-|—)\s*(?:(?P<year>20\d\d)年|(?P<next>明年))?(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})[日号])?"
)
_FOR = re.compile(
    rf"{_AWAY}期?(?:为|共|是|延长|再)*(?:(?P<years>{NUMBER})学?年|(?P<half>半)年|(?P<months>{NUMBER})个月)(?!级)"
)


def end_of(text: str, begins: dt.date) -> dt.date | None:
    """The last day, where one is told; a month alone means its last day, a year the day before the same day next year."""
    if found := _TO.search(text):
        year = int(found["year"]) if found["year"] else begins.year + (1 if found["next"] else 0)
        end = _day(year, int(found["month"]), int(found["day"] or 0))
        if end and end < begins and not found["year"]:
            end = _day(year + 1, int(found["month"]), int(found["day"] or 0))
        return end if end and end >= begins else None
    if found := _FOR.search(text):
        months = (
            6 if found["half"] else 12 * (number(found["years"]) or 0) if found["years"] else number(found["months"])
        )
        return _months_on(begins, months) if months else None
    return None


def _day(year: int, month: int, day: int) -> dt.date | None:
    """That day, for 0 the month's last one; None where there is none."""
    try:
        return dt.date(year, month, day) if day else _months_on(dt.date(year, month, 1), 1)
    except ValueError:
        return None


def _months_on(first: dt.date, months: int) -> dt.date:
    """The last day of so many months that begin with ``first``."""
    index = first.year * 12 + first.month - 1 + months
    begin_again = dt.date(index // 12, index % 12 + 1, 1)
    last = calendar.monthrange(begin_again.year, begin_again.month)[1]
    return begin_again.replace(day=min(first.day, last)) - dt.timedelta(days=1)
