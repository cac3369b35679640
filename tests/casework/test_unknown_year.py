"""In a year whose holidays are not known nothing is counted; once they are, what was told falls into its place."""

from __future__ import annotations

import datetime as dt

from casework.calendar import official
from casework.duties import assess
from tests.casework.stage import PUPIL, at, fact, world

TERMS = [(dt.date(2026, 9, 1), dt.date(2027, 1, 29))]
TOLD = [fact("absence", "2027-01-04 8:00"), fact("contact", "2027-01-05 9:00", outcome="refused")]


def test_nothing_is_guessed() -> None:
    found = assess(PUPIL, TOLD, world(terms=TERMS), at("2027-01-08 9:00"))
    assert found.duties == ()
    assert found.case.state == "in_school"


def test_what_was_told_counts_once_the_days_are_known() -> None:
    known = official().with_year(2027, [dt.date(2027, 1, day) for day in (1, 2, 3)])
    found = assess(PUPIL, TOLD, world(terms=TERMS, known=known), at("2027-01-08 9:00"))
    assert (found.case.state, found.case.since) == ("suspected", dt.date(2027, 1, 4))
    due = {d.rule: (d.due.isoformat(), d.status) for d in found.duties}
    assert due["absence_contact"] == ("2027-01-04", "done")
    assert due["absence_visit"] == ("2027-01-05", "open")
    assert due["persist"] == ("2027-01-12", "open")


def test_an_absence_over_the_year_counts_its_known_days_alone() -> None:
    found = assess(PUPIL, [fact("absence", "2026-12-30 8:00")], world(terms=TERMS), at("2027-01-20 9:00"))
    assert (found.case.state, found.case.day) == ("absent", 2)
    assert {d.due.year for d in found.duties} == {2026}
