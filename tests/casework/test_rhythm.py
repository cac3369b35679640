"""大小周: every second Saturday of term from the first to the last, holidays left out."""

from __future__ import annotations

import datetime as dt

from casework.calendar import Calendar, Exceptions, Rhythm

TERM = [(dt.date(2026, 3, 2), dt.date(2026, 5, 29))]


def saturdays(rhythm: Rhythm) -> list[str]:
    days = Calendar(TERM, units={"s": Exceptions(rhythm=rhythm)}).of(("s", "z", ""))
    return [f"{d:%m-%d}" for d in days.between(*TERM[0]) if d.weekday() == 5]


def test_every_second_saturday_but_in_holidays() -> None:
    """Saturday 4 April is Qingming, 2 May Labour Day."""
    assert saturdays(Rhythm(dt.date(2026, 3, 7))) == ["03-07", "03-21", "04-18", "05-16"]


def test_until_it_ends() -> None:
    assert saturdays(Rhythm(dt.date(2026, 3, 7), last=dt.date(2026, 4, 17))) == ["03-07", "03-21"]
