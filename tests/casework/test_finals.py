"""定稿: which finished form is in force, of whom, and when it begins anew."""

from __future__ import annotations

import datetime as dt

import pytest

from casework.facts import Fact
from casework.finals import final_of, final_of_unit, is_final
from tests.casework.stage import day, fact


def final(when: str, paper: str = "notice", by: str = "li") -> Fact:
    return fact("work", when, by=by, what="final", paper=paper)


VISIT, LATER = final("9-10 9:00", "home_visit"), final("9-12 9:00")
FIRST, OTHER = final("9-11 9:00"), final("9-11 9:30", by="zhen")


@pytest.mark.parametrize(
    ("facts", "paper", "issuer", "since", "found"),
    [
        ([], "notice", "school", None, None),
        ([FIRST, LATER], "notice", "school", None, LATER),  # the last one
        ([FIRST, VISIT], "home_visit", "school", None, VISIT),
        ([VISIT], "notice", "school", None, None),
        ([FIRST, OTHER], "notice", "township", None, OTHER),  # each in its own name
        ([FIRST], "notice", "township", None, None),
        ([FIRST], "notice", "school", day("9-11"), FIRST),
        ([FIRST], "notice", "school", day("9-12"), None),  # of an absence before
        ([fact("work", "9-11 9:00", by="li", what="filled", paper="notice")], "notice", "school", None, None),
        ([VISIT, fact("visit", "9-11 9:00")], "home_visit", "school", None, None),  # goes on with the next visit
        ([VISIT, fact("absence", "9-11 9:00")], "home_visit", "school", None, VISIT),
        ([fact("visit", "9-9 9:00"), VISIT], "home_visit", "school", None, VISIT),
        ([VISIT, fact("visit", "9-10 9:00")], "home_visit", "school", None, VISIT),  # of that very moment
        ([FIRST, fact("visit", "9-12 9:00")], "notice", "school", None, FIRST),  # a notice does not go on
        ([FIRST, fact("void", "9-11 10:00", by="li", facts=[FIRST.id])], "notice", "school", None, None),
    ],
)
def test_the_form_in_force(
    facts: list[Fact], paper: str, issuer: str, since: dt.date | None, found: Fact | None
) -> None:
    assert final_of(facts, paper, issuer, since) == found


def test_a_units_paper_is_of_its_month() -> None:
    old, new = (
        fact("work", at, by="li", what="final", paper="circular", about="2025-09") for at in ("10-8 9:00", "10-9 9:00")
    )
    other = fact("work", "10-10 9:00", by="li", what="final", paper="minutes", about="2025-09")
    assert final_of_unit([old, new, other], "circular", "2025-09") == new
    assert final_of_unit([old, new, other], "circular", "2025-10") is None
    back = fact("void", "10-9 9:30", by="li", facts=[new.id])
    assert final_of_unit([old, new, back], "circular", "2025-09") == old


def test_what_finishes_a_form() -> None:
    assert is_final(FIRST)
    assert not is_final(fact("work", "9-11 9:00", by="li", what="filled"))
    assert not is_final(fact("done", "9-11 9:00", by="li", what="final"))
