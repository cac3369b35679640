"""What a school or the county owes by the calendar: every due day of a rule, written out day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from tests.casework.oracle.days import DAY, Days, last_of, month_end, span


def months(first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    day = first.replace(day=1)
    while day <= last:
        yield day, month_end(day)
        day = month_end(day) + DAY


def school_year(day: dt.date) -> tuple[dt.date, dt.date]:
    first = dt.date(day.year if day.month >= 8 else day.year - 1, 8, 1)
    return first, dt.date(first.year + 1, 7, 31)


def of_county(days: Days, numbers: Mapping[str, Any], since: dt.date, until: dt.date) -> Iterator[tuple[str, dt.date]]:
    for first, last in months(since, until):
        if numbers["county_weeks"]:
            for rule in ("circular", "compare_lists"):
                yield from _some(rule, last_of(first, last, days.work))
        if last.month % 3 == 0:
            yield from _some("quarterly_review", last_of(first, last, days.work))
        if last.month == 7:
            yield "g1_list", last
    if numbers["county_weeks"]:
        for day in span(since - 6 * DAY, until):
            if day.weekday() == 0:
                yield from _some("weekly_check", last_of(day, day + 4 * DAY, days.work))


def of_school(
    days: Days, numbers: Mapping[str, Any], since: dt.date, until: dt.date, stage: str, home_taught: bool
) -> Iterator[tuple[str, dt.date]]:
    for first, last in months(since, until):
        taught = [day for day in span(first, last) if days.school(day)]
        if taught:
            yield from _some("monthly_report", last_of(first, first.replace(day=25), days.work))
            if numbers["month_meeting"]:
                yield "month_meeting", taught[-1]
        if last.month == 9:
            if numbers["ledger_yearly"]:
                yield "ledger_yearly", last
            if stage in ("junior", "nine_year"):
                yield "g7_register", last
        if last.month == 8 and stage in ("primary", "nine_year"):
            yield "g1_register", last
        if numbers["campaign"] and last.month in (3, 9):
            yield "campaign", first
    for opens, ends in days.terms:
        taught = [day for day in span(opens, ends) if days.school(day)]
        yield "term_start_list", taught[0]
        if numbers["term_meetings"]:
            monday = taught[0] - taught[0].weekday() * DAY
            yield "term_meetings", [day for day in taught if monday <= day <= monday + 6 * DAY][-1]
        if numbers["pledge"]:
            yield "pledge", opens + 30 * DAY
        if numbers["visit_forms"]:
            yield "visit_forms", taught[-1]
    if numbers["teach_meeting"] and home_taught:
        for first, last in {school_year(each) for term in days.terms for each in term}:
            taught = [day for day in span(first, last) if days.school(day)]
            yield "teach_meeting", taught[0]
            yield "teach_meeting", taught[-1]


def _some(rule: str, day: dt.date | None) -> Iterator[tuple[str, dt.date]]:
    if day is not None:
        yield rule, day
