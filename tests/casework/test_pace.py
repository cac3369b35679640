"""The pace of 送教: what is asked by a day, where the lessons so far lead, what a short lesson counts for."""

from __future__ import annotations

import datetime as dt

import pytest

from casework.calendar import SchoolDays, official
from casework.facts import Fact, Kind
from casework.pace import pace
from casework.policy import Policy

DAYS = SchoolDays([(dt.date(2025, 9, 1), dt.date(2026, 1, 30))], (), official())
FENGNAN = Policy.load("fengnan")


def taught(*lessons: tuple[str, int, int | None]) -> list[Fact]:
    return [
        _fact(n, Kind.TEACH, day, lessons=count, minutes=minutes) for n, (day, count, minutes) in enumerate(lessons)
    ]


def _fact(n: int, kind: Kind, day: str, **data) -> Fact:
    on = dt.date.fromisoformat(day)
    kept = {key: value for key, value in data.items() if value is not None}
    return Fact(f"f{n:03}", kind, on, dt.datetime.combine(on, dt.time(9, n % 60)), "wang", "teacher", "p1", data=kept)


def at(day: str, facts):
    today = dt.date.fromisoformat(day)
    rules = [FENGNAN.rule(name, today) for name in ("teach_term", "teach_month")]
    return pace(facts, DAYS, DAYS.terms[0], today, *rules)


def test_half_the_school_days_ask_for_half_the_lessons():
    days = DAYS.terms[0].days
    now = at(days[len(days) // 2 - 1].isoformat(), taught(("2025-09-08", 2, 60)))
    assert (now.owed, now.asked, now.done, now.short) == (20, 10, 2, 18)
    assert now.forecast == 4
    assert now.behind


def test_the_weeks_left_share_what_is_owed():
    now = at("2026-01-16", taught(*(("2025-10-13", 2, None),) * 8))
    assert (now.short, now.weeks, now.a_week) == (4, 2, 2.0)


@pytest.mark.parametrize(("day", "forecast"), [("2025-09-11", None), ("2025-09-12", 20)])
def test_two_weeks_must_have_passed_before_anything_is_foretold(day, forecast):
    now = at(day, taught(("2025-09-03", 2, None)))
    assert now.forecast == forecast


@pytest.mark.parametrize(
    ("minutes", "counts", "shortened"), [(60, 2, 0), (59, 1, 1), (20, 0, 1), (90, 2, 0), (None, 2, 0)]
)
def test_a_short_lesson_does_not_count_in_full(minutes, counts, shortened):
    now = at("2025-10-31", taught(("2025-10-14", 2, minutes)))
    assert (now.done, now.shortened, now.sessions) == (counts, shortened, int(counts == 2))


def test_who_was_placed_during_the_term_is_measured_from_that_day():
    since = _fact(50, Kind.PLACED, "2025-12-01", way="home")
    lessons = taught(("2025-12-03", 2, 60))
    assert at("2025-12-19", [*lessons, since]).asked < at("2025-12-19", lessons).asked


def test_lessons_count_from_the_day_the_term_opens_to_today():
    lessons = taught(("2025-08-31", 1, None), ("2025-09-01", 2, None), ("2025-09-08", 4, None), ("2025-09-09", 8, None))
    assert at("2025-09-08", lessons).done == 2 + 4


def test_what_was_taken_back_is_no_lesson():
    lessons = taught(("2025-09-08", 2, 60), ("2025-09-15", 2, 60))
    void = _fact(9, Kind.VOID, "2025-09-16", facts=["f001"])
    assert at("2025-10-31", [*lessons, void]).done == 2


def test_after_the_last_week_nothing_is_divided():
    now = at("2026-01-30", taught(("2025-09-08", 2, 60)))
    assert (now.weeks, now.a_week, now.short) == (0, 0.0, 18)
