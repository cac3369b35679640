"""In a year whose holidays are not known nothing is counted; once they are, what was told falls into its place."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from casework.calendar import official
from casework.duties import assess
from casework.people import Unit
from casework.rounds import owed
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


def test_a_term_that_ends_in_an_unknown_year_has_no_last_day_yet() -> None:
    """What is due on the last school day of the term is not written for the end of December instead."""
    known = official().with_year(2027, [dt.date(2027, 1, day) for day in (1, 2, 3)])
    school, taught = Unit("s", "school", "第一中学", "z", "junior"), replace(PUPIL, home_taught=True)
    dues = {}
    for name, days in (("unknown", {}), ("known", {"known": known})):
        there = world("longchuan", terms=TERMS, start="2026-08-01", **days)
        mine = [
            *assess(taught, [], there, at("2026-12-15 9:00")).duties,
            *owed(school, [], there, at("2026-12-15 9:00"))[0],
        ]
        dues[name] = {d.rule: d.due for d in mine if d.rule in ("teach_term", "visit_forms")}
    assert dues == {"unknown": {}, "known": dict.fromkeys(("teach_term", "visit_forms"), dt.date(2027, 1, 29))}
