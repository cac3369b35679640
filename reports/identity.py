"""Identity numbers as offices write them: spaces, full-width digits, fifteen places, lost last digits."""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from operator import mul
from typing import NamedTuple

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
DROPPED = re.compile(r"[\s='`’‘\"“”\-_.,，·]+")
NONE = frozenset({"无", "没有", "暂无", "不详", "未知", "未办", "未办理", "无户口", "/"})
MONTHS, LAST_CENTURY = 12, 50
WHOLE = re.compile(r"[0-9]{17}[0-9X]")


class IdNumber(NamedTuple):
    """A number brought to eighteen places (``""`` if there is none to compare by), and what is wrong with it.

    A wrong check digit leaves the number comparable: two offices may have copied the same slip.
    """

    number: str = ""
    trouble: str = ""
    born: dt.date | None = None


@functools.lru_cache(1 << 18)
def read_id(value: str) -> IdNumber:
    """The number in a cell, whatever its form."""
    text = value
    if not (len(text) == 18 and text.isascii() and text.isalnum()):
        text = DROPPED.sub("", unicodedata.normalize("NFKC", text))
    text = text.upper()
    if not text or text in NONE:
        return IdNumber()
    if "E+" in text:
        return IdNumber("", "被表格软件存成了数值，末几位已丢失")
    trouble = ""
    if len(text) == 15 and text.isdecimal():
        body = f"{text[:6]}19{text[6:]}"
        text = body + check_digit(body)
    elif not WHOLE.fullmatch(text):
        return IdNumber(
            "", f"身份证号应为18位，这里是{len(text)}位" if len(text) not in (15, 18) else "身份证号含有不该有的字符"
        )
    elif check_digit(text) != text[17]:
        trouble = "身份证号校验码不对"
    born = _born(text)
    if born is None:
        return IdNumber("", "身份证号里的出生日期不存在")
    return IdNumber(text, trouble, born)


def read_cell_id(value: object) -> IdNumber:
    """The same for a cell as a reader gives it: eighteen places kept as a number have lost their last digits."""
    if isinstance(value, float):
        return read_id(str(int(value))) if abs(value) < 1e15 else IdNumber("", "被表格软件存成了数值，末几位已丢失")
    return read_id(str(value)) if value is not None else IdNumber()


def check_digit(body: str) -> str:
    """The eighteenth place for the first seventeen (GB 11643)."""
    # The bytes of the digits begin at 48; the weights add up to 100.
    return CHECKS[(sum(map(mul, WEIGHTS, body.encode())) - 4800) % 11]


@functools.lru_cache(1 << 15)
def _date(text: str) -> dt.date | None:
    try:
        day = dt.date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
    return day if day.year >= 1900 else None


def _born(number: str) -> dt.date | None:
    return _date(number[6:14])


SHORT_DATE = re.compile(r"(\d{1,2})([-/.年])(\d{1,2})[-/.月](\d{1,2})日?")


def short_date(text: str) -> dt.date | None:
    """A date whose year has two places (12-9-1, 09.9.1), which stands first as offices here write it: 50 and later are of
    the last century. None where a table of another language may have put month or day first (9/1/12, 5/6/12)."""
    found = SHORT_DATE.fullmatch(text)
    if found is None or len(found[1]) < 2 or (found[2] == "/" and int(found[1]) <= MONTHS and len(found[4]) == 2):
        return None
    year = int(found[1])
    try:
        return dt.date(year + (1900 if year >= LAST_CENTURY else 2000), int(found[3]), int(found[4]))
    except ValueError:
        return None


def read_day(value: object) -> dt.date | None:
    """``2012-03-05``, ``2012.3.5``, ``2012年3月5日``, ``20120305``, ``12.3.5`` or a date cell."""
    if not value:
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    return _read_day(
        unicodedata.normalize("NFKC", str(int(value) if isinstance(value, float) else value or "")).strip()
    )


@functools.lru_cache(1 << 15)
def _read_day(text: str) -> dt.date | None:
    if SHORT_DATE.fullmatch(text):
        return short_date(text)
    # A month alone (2015-12) is no day, nor is what can be read in two ways (2015112).
    found = re.match(r"(\d{4})(?:(\d\d)(\d\d)|\D(\d{1,2})\D(\d{1,2}))(?!\d)", text)
    if not found:
        return None
    try:
        return dt.date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
    except ValueError:
        return None
