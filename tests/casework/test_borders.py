"""Borders of the rules, where one day or one minute more changes what is owed, in plain dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from casework.calendar import Calendar
from casework.duties import assess
from casework.patterns import early_risk, returned_without_effort
from casework.people import COUNTY, Unit
from casework.rounds import planned
from tests.casework.stage import PUPIL, TERMS, at, day, fact, world
from tests.casework.test_rounds import SCHOOL, rounds
from tests.casework.test_rules import duties

BUREAU = Unit(COUNTY, "county", "", None)


@pytest.mark.parametrize(
    ("pack", "rule", "unit", "due", "from_on"),
    [
        ("longchuan", "term_meetings", SCHOOL, "3-6", "2-16"),  # a fortnight before the term
        ("national", "term_start_list", SCHOOL, "3-2", "2-16"),
        ("longchuan", "pledge", SCHOOL, "4-1", "3-2"),  # with the term
        ("longchuan", "visit_forms", SCHOOL, "7-10", "3-2"),
        ("longchuan", "term_end_meeting", SCHOOL, "7-10", "3-2"),
        ("tongan", "joint_meeting", BUREAU, "4-1", "3-2"),
        ("fengnan", "disabled_check", SCHOOL, "4-1", "3-2"),
        ("national", "monthly_report", SCHOOL, "3-25", "3-1"),  # with its month
        ("longchuan", "month_meeting", SCHOOL, "3-31", "3-1"),
        ("fujian", "weekly_check", BUREAU, "3-6", "3-2"),  # with its week
    ],
)
def test_from_which_day_on_it_is_written_down(pack: str, rule: str, unit: Unit, due: str, from_on: str) -> None:
    first, start = day(from_on), "2026-01-31"
    before = (first - dt.timedelta(days=1)).isoformat()
    assert due not in [when for when, _ in rounds(pack, rule, start, before, unit)]
    assert due in [when for when, _ in rounds(pack, rule, start, first.isoformat(), unit)]


def test_so_many_school_days_back() -> None:
    days = Calendar(TERMS).county
    assert days.back(day("10-10"), 1) == day("10-10")
    assert days.back(day("10-10"), 0) is None
    assert days.back(day("9-3"), 3) == day("9-1")
    assert days.back(day("9-3"), 4) is None
    assert days.on_or_before(day("9-1")) == day("9-1")
    assert days.on_or_before(day("8-31")) is None


def test_a_dropout_reported_on_a_rest_day_counts_from_the_next_school_day() -> None:
    facts = [fact("dropout", "9-13 10:00", reason="打工")]  # a Saturday
    case = assess(PUPIL, facts, world(), at("9-16 13:00")).case
    assert (case.since, case.day) == (day("9-15"), 2)


def test_a_mark_answered_by_the_visit_of_the_same_minute() -> None:
    """家访了张三，列为重点关注: the visit is there, so a later mark asks for another one."""
    facts = [
        fact("mark", "9-10 9:00", group="at_risk"),
        fact("visit", "9-10 9:00", outcome="other"),
        fact("mark", "9-12 9:00", group="at_risk"),
    ]
    assert duties("xiuyan", facts, "9-12 9:00") == {"risk_visit": [("9-11", "done"), ("9-15", "open")]}
    facts.pop(1)
    assert duties("xiuyan", facts, "9-12 9:00") == {"risk_visit": [("9-11", "open")]}
    facts.insert(1, fact("visit", "9-12 9:00", on="9-10", outcome="other"))  # told with the second mark
    assert [s for _, s in duties("xiuyan", facts, "9-12 9:00")["risk_visit"]] == ["done"]


def test_teaching_at_home_is_owed_from_the_first_of_the_month_in_which_a_term_begins() -> None:
    taught = replace(PUPIL, home_taught=True)
    spring = {rule: dues[-1] for rule, dues in duties("national", [], "2026-03-01 8:00", taught).items()}
    assert spring == {"teach_month": ("3-31", "open"), "teach_term": ("7-10", "open")}
    before = {rule: dues[-1] for rule, dues in duties("national", [], "2026-02-28 8:00", taught).items()}
    assert before == {"teach_month": ("1-30", "open"), "teach_term": ("1-30", "open")}
    assert duties("national", [], "8-31 8:00", taught) == {}


def test_the_plan_of_a_year_holds_what_falls_due_from_today_on() -> None:
    reports = [due for due, rule in planned(SCHOOL, world("national"), day("9-25")) if rule.id == "monthly_report"]
    assert (reports[0], reports[-1], len(reports)) == (day("9-25"), day("2026-07-24"), 10)
    reports = [due for due, rule in planned(SCHOOL, world("national"), day("9-26")) if rule.id == "monthly_report"]
    assert (reports[0], len(reports)) == (day("10-24"), 9)


def test_a_day_that_counts_from_noon_on_is_counted_once() -> None:
    """In the morning today is still to come; from noon on it is among the days already."""
    facts = [fact("absence", "9-10 8:00"), fact("absence", "9-11 8:00")]
    days = Calendar(TERMS).county
    for moment in ("9-11 11:59", "9-11 12:00", "9-11 12:30"):
        risk = early_risk(facts, days, at(moment))
        assert risk is not None, moment
        assert (risk.days, risk.now) == (2, True), moment


def test_a_return_after_three_days_for_which_nobody_had_done_anything() -> None:
    days = Calendar(TERMS).county
    three = [fact("absence", "9-10 8:00"), fact("return", "9-15 8:00")]
    assert returned_without_effort(three, days, at("9-15 9:00")) == day("9-15")
    two = [fact("absence", "9-11 8:00"), fact("return", "9-15 8:00")]
    assert returned_without_effort(two, days, at("9-15 9:00")) is None
    visited = [three[0], fact("visit", "9-12 18:00", outcome="agreed"), three[1]]
    assert returned_without_effort(visited, days, at("9-15 9:00")) is None


def test_a_visit_made_before_a_leave_is_none_of_it() -> None:
    """Told in the leave's second week, made on the day before it began."""
    leave = fact("leave", "9-10 8:00", to="2025-09-30")
    before = fact("visit", "9-17 10:00", on="9-9", outcome="ill")
    within = fact("visit", "9-17 10:00", on="9-10", outcome="ill")
    due = [when for when, _ in duties("national", [leave], "9-17 9:00")["leave_visit"]]
    assert duties("national", [leave, before], "9-17 11:00")["leave_visit"] == [(due[0], "open")]
    assert duties("national", [leave, within], "9-17 11:00")["leave_visit"] == [(due[0], "done")]
