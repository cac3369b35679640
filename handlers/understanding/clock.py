"""Times of day as people name them."""

from __future__ import annotations

import re

from handlers.understanding.numerals import NUMBER, number

_CLOCK = re.compile(
    rf"(?P<part>上午|下午|早上|晚上|中午)?(?P<hour>{NUMBER})(?:点|:)(?:(?P<half>半)|(?P<minute>{NUMBER}))?"
)
_AFTER_NOON = {"下午": range(1, 12), "晚上": range(1, 13), "中午": range(1, 4)}


def clock_of(words: str, day: str = "") -> str | None:
    """``下午3点半`` as ``15:30``; ``day`` are the words of its day (今晚 8点). One to six without more is after noon."""
    found = _CLOCK.match(words)
    hour = number(found["hour"]) if found else None
    minute = (30 if found["half"] else number(found["minute"] or "0")) if found else None
    if found is None or hour is None or minute is None or hour > 23 or minute > 59:
        return None
    part = found["part"] or ("晚上" if "晚" in day else "下午" if hour < 7 else "")
    return f"{min(hour + 12, 23) if hour in _AFTER_NOON.get(part, ()) else hour:02d}:{minute:02d}"
