"""Days, against the State Council's notices for 2025 and 2026."""

from __future__ import annotations

import datetime as dt

import pytest

from casework.calendar import (
    Calendar,
    DaysMissing,
    Exceptions,
    Rhythm,
    month_of,
    official,
    quarter_of,
    school_year_of,
    week_of,
)
from tests.casework.stage import TERMS, day

COUNTY = Calendar(TERMS).county


@pytest.mark.parametrize(
    ("date", "school", "work", "holiday"),
    [
        ("9-10", True, True, False),
        ("9-13", False, False, False),
        ("9-28", False, True, False),  # make-up Sunday, not taught unless the county says so
        ("10-1", False, False, True),
        ("10-4", False, False, True),  # a Saturday inside the block
        ("10-8", False, False, True),
        ("10-9", True, True, False),
        ("10-11", False, True, False),
        ("2026-01-02", False, False, True),
        ("2026-01-04", False, True, False),
        ("2026-02-10", False, True, False),  # between the terms
        ("2026-02-28", False, True, False),
        ("2026-04-06", False, False, True),
        ("2026-07-10", True, True, False),
        ("2026-07-13", False, True, False),
    ],
)
def test_days(date: str, school: bool, work: bool, holiday: bool) -> None:
    one = day(date)
    assert (COUNTY.is_school_day(one), COUNTY.is_workday(one), COUNTY.is_holiday(one)) == (school, work, holiday)


def test_counting() -> None:
    assert COUNTY.nth(day("9-29"), 5) == day("10-13")
    assert COUNTY.nth(day("10-1"), 1) == day("10-9")
    assert COUNTY.after(day("9-30")) == day("10-9")
    assert COUNTY.on_or_before(day("10-5")) == day("9-30")
    assert COUNTY.back(day("10-10"), 3) == day("9-30")
    assert COUNTY.back(day("10-12"), 3) == day("9-30")
    assert COUNTY.count(day("9-29"), day("10-10")) == 4
    assert COUNTY.nth(day("2026-07-10"), 2) is None
    assert COUNTY.back(day("9-2"), 5) is None


def test_workdays_and_blocks() -> None:
    assert COUNTY.add_workdays(day("2026-03-16"), 10) == day("2026-03-30")
    assert COUNTY.add_workdays(day("9-26"), 1) == day("9-28")
    assert COUNTY.last_workday(day("9-29"), day("10-3")) == day("9-30")
    assert COUNTY.last_workday(day("10-1"), day("10-8")) is None
    assert COUNTY.after_holiday(day("2026-04-05")) == day("2026-04-07")
    assert COUNTY.after_holiday(day("2026-01-01")) == day("2026-01-04")
    assert COUNTY.after_holiday(day("9-13")) == day("9-13")


def test_an_unknown_year_is_asked_for_and_not_guessed() -> None:
    spring = (dt.date(2031, 2, 17), dt.date(2031, 7, 4))
    calendar = Calendar([*TERMS, spring])
    assert 2031 in calendar.missing(dt.date(2026, 9, 1))
    for question in (calendar.county.is_school_day, calendar.county.is_workday, calendar.county.is_holiday):
        with pytest.raises(DaysMissing, match="2031"):
            question(dt.date(2031, 3, 3))
    assert calendar.county.after(dt.date(2026, 7, 10)) is None
    assert calendar.county.add_workdays(dt.date(2030, 12, 30), 1) is None
    known = official().with_year(2031, [dt.date(2031, 5, 1)], [dt.date(2031, 5, 3)])
    entered = Calendar([spring], known=known).county
    assert not entered.is_school_day(dt.date(2031, 5, 1))
    assert entered.is_workday(dt.date(2031, 5, 3))


def test_a_year_is_asked_for_four_months_ahead() -> None:
    last = max(official().years)
    calendar = Calendar()
    assert calendar.missing(dt.date(last, 8, 20)) == ()
    assert calendar.missing(dt.date(last, 9, 20)) == (last + 1,)


def test_one_school_closes_another_teaches_on() -> None:
    snow = Exceptions(no_teach_on=frozenset({day("9-10")}))
    makes_up = Exceptions(teach_on=frozenset({day("9-13")}))
    calendar = Calendar(TERMS, teach_on=[day("10-11")], units={"z": snow, "s": makes_up})
    mine, other = calendar.of(("c", "s", "z", "")), calendar.of(("c2", "s2", ""))
    assert [mine.is_school_day(day(d)) for d in ("9-10", "9-13", "10-11")] == [False, True, True]
    assert [other.is_school_day(day(d)) for d in ("9-10", "9-13", "10-11")] == [True, False, True]
    assert other is calendar.county
    assert mine is calendar.of(("c9", "s", "z", ""))


def test_long_and_short_weeks() -> None:
    boarding = Calendar(TERMS, units={"s": Exceptions(rhythm=Rhythm(day("9-6")))}).of(("s",))
    taught = [d for d in ("9-6", "9-13", "9-20", "10-4", "10-18") if boarding.is_school_day(day(d))]
    assert taught == ["9-6", "9-20", "10-18"]  # 4 October is a holiday


def test_periods() -> None:
    assert month_of(dt.date(2026, 2, 10)) == (dt.date(2026, 2, 1), dt.date(2026, 2, 28))
    assert quarter_of(dt.date(2025, 12, 31)) == (dt.date(2025, 10, 1), dt.date(2025, 12, 31))
    assert week_of(dt.date(2025, 10, 5)) == (dt.date(2025, 9, 29), dt.date(2025, 10, 5))
    assert school_year_of(dt.date(2026, 7, 31)) == (dt.date(2025, 8, 1), dt.date(2026, 7, 31))
    assert [t.first for t in COUNTY.terms] == [day("9-1"), day("2026-03-02")]
    assert COUNTY.opening_term(day("2026-02-10")) == COUNTY.terms[1]
    assert COUNTY.term(day("2026-02-10")) is None
