"""Until when a suspension or deferment lasts, as told with it: 休学到2026年7月10日, 休学一年, 从3月10日到明年3月, 休学到学年末.

Not a slot of the understood action (the vocabulary has none): looked for in the words when the record is written.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence

from handlers.understanding.numerals import NUMBER, number

_AWAY = r"(?:休学?|缓学|延缓入学|期限)"
_TO = re.compile(
    rf"{_AWAY}[^。；;]{{0,24}}?(?:到|至|-|—)\s*(?:(?P<year>20\d\d)年|(?P<next>明年))?(?P<month>\d{{1,2}})月(?!份?开学)(?:(?P<day>\d{{1,2}})[日号])?"
)
_FOR = re.compile(
    rf"{_AWAY}期?(?:为|共|是|延长|再)*(?:(?P<years>{NUMBER})学?年|(?P<half>半)年|(?P<months>{NUMBER})个月)(?!级)"
)
_BY_TERM = re.compile(
    rf"{_AWAY}[^。；;]{{0,16}}?(?:到|至|-|—|期|为)*(?:"
    r"(?P<year>(?:本|这|这个|该)?学年(?:末|结束|底|终|期满)|(?:本|这|这个)学年|(?:放)?暑假(?:前|开始)?)"
    r"|(?P<spring>(?:明年)?(?:春季|春期|[1-5]月份?)(?:学期)?开学)|(?P<autumn>(?:明年)?(?:秋季|秋期|[6-9]月份?)(?:学期)?开学|下个?学年)"
    r"|(?P<next>下个?学期(?:开学|初|报到)?|新学期(?:开学)?|开学)"
    r"|(?P<this>(?:本|这|这个|该)?学期(?:末|结束|底|终)|(?:本|这|这个)学期|期末|(?:放)?寒假(?:前|开始)?)"
    rf"|(?P<many>{NUMBER})个?学期)"
)
Term = tuple[dt.date, dt.date]


def end_of(text: str, begins: dt.date, terms: Sequence[Term] = ()) -> dt.date | None:
    """The last day, where one is told; a month alone means its last day, a year the day before the same day next year.

    ``terms``: first and last day of the school's terms, as far as they are known, in order; without the one that is
    meant there is no day.
    """
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
    if found := _BY_TERM.search(text):
        return _by_term(found, begins, terms)
    return None


def _by_term(found: re.Match[str], begins: dt.date, terms: Sequence[Term]) -> dt.date | None:
    """学期末 and 学年末 are the last day of a term, 下学期开学 the day before one; of 一个学期 the term that has just begun
    is the first, in its second half the next one is."""
    coming = [term for term in terms if term[1] >= begins]
    if not coming:
        return None
    first, last = coming[0]
    if found["year"]:
        spring = (t for t in coming if t[1].month in _SUMMER and t[1] - begins < dt.timedelta(days=366))
        return next((end for _, end in spring), None)
    if found["this"]:
        return last
    if found["many"]:
        count = int(number(found["many"]) or 0) + (0 if begins <= first + (last - first) / 2 else 1)
        return coming[count - 1][1] if 0 < count <= len(coming) else None
    opening = [start for start, _ in terms if start > begins]
    if found["spring"]:
        opening = [start for start in opening if start.month <= _SPRING]
    elif found["autumn"]:
        opening = [start for start in opening if start.month > _SPRING]
    return opening[0] - dt.timedelta(days=1) if opening else None


_SPRING, _SUMMER = (
    5,
    (6, 7),
)  # months: a term that begins by May is the spring's; one that ends in June or July ends the year


def _day(year: int, month: int, day: int) -> dt.date | None:
    """That day, for 0 the month's last one; None where there is none."""
    try:
        return dt.date(year, month, day) if day else _months_on(dt.date(year, month, 1), 1)
    except ValueError:
        return None


def _months_on(first: dt.date, months: int) -> dt.date:
    """The last day of so many months that begin with ``first``."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, 1) + dt.timedelta(days=min(first.day - 1, last) - 1)
