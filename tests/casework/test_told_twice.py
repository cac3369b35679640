"""What is told twice, settled or corrected: one duty each, and none that nobody needs any more (contracts, section 4)."""

from __future__ import annotations

from typing import Any

import pytest

from casework.facts import Fact
from tests.casework.stage import fact
from tests.casework.test_rules import duties

DEFERRED = fact("defer", "9-5 9:00", by="li", reason_code="illness")


@pytest.mark.parametrize(
    ("kind", "rule", "due"),
    [
        ("not_registered", "trace", "9-2"),
        ("platform_flag", "platform_reply", "9-4"),
        ("not_handed_over", "handover", "9-1"),
    ],
)
def test_told_again_while_it_stands_it_does_not_come_twice(kind: str, rule: str, due: str) -> None:
    first, again = fact(kind, "9-1 9:00", by="li"), fact(kind, "9-3 9:00", by="xian")
    done = fact("done", "9-2 9:00", by="xian", rule=rule)
    assert duties("national", [first, again], "9-5 9:00")[rule] == [(due, "open")]
    assert [status for _, status in duties("national", [first, done, again], "9-5 9:00")[rule]] == ["done", "open"]


@pytest.mark.parametrize(
    ("kind", "rule", "status"),
    [
        ("not_registered", "trace", "lapsed"),
        ("not_registered", "trace_tell", "lapsed"),
        ("not_handed_over", "handover", "lapsed"),
        ("platform_flag", "platform_reply", "open"),  # the platform is still owed an account
    ],
)
def test_who_left_for_another_place_is_traced_no_more(kind: str, rule: str, status: str) -> None:
    found = duties("tongan", [fact(kind, "9-1 9:00", by="li"), DEFERRED], "9-8 9:00")
    assert [each for _, each in found[rule]] == [status]


# Absent on 9 and 10 October: on Friday 7 November one day more makes three within thirty, on Monday the 10th none does.
TWO_DAYS = [fact("absence", "10-9 8:00"), fact("return", "10-13 7:40")]


def test_an_alert_first_learnt_of_by_a_correction_is_due_on_that_day() -> None:
    monday = fact("absence", "11-10 8:00")
    tuesday = fact("absence", "11-11 8:00", start="11-7")
    assert "cumulative_alert" not in duties("fengnan", [*TWO_DAYS, monday], "11-10 9:00")
    assert duties("fengnan", [*TWO_DAYS, monday, tuesday], "11-11 9:00")["cumulative_alert"] == [("11-11", "open")]


def test_an_alert_that_was_due_stays_due_when_the_absence_began_a_day_earlier() -> None:
    friday, on_monday = fact("absence", "11-7 8:00"), fact("absence", "11-10 8:00", start="11-6")
    assert duties("fengnan", [*TWO_DAYS, friday, on_monday], "11-10 9:00")["cumulative_alert"] == [("11-7", "open")]


def test_an_alert_that_a_dropout_made_pointless_is_none_for_the_window() -> None:
    """Absent on 9 and 10 October, confirmed on the 14th and back on the 20th: a day more on 5 November is for a person."""
    dropped = [fact("dropout", "10-14 9:00", by="li"), fact("return", "10-20 7:40")]
    found = duties("fengnan", [*TWO_DAYS, *dropped, fact("absence", "11-5 8:00")], "11-5 9:00")
    assert found["cumulative_alert"] == [("11-5", "open")]


# Three days in two absences by 11 September; one day more on the 22nd.
ALERTED = [
    fact("absence", "9-8 8:00"),
    fact("return", "9-10 7:40"),
    fact("absence", "9-11 8:00"),
    fact("return", "9-12 7:40"),
]
AGAIN = [fact("absence", "9-22 8:00"), fact("return", "9-23 7:40"), fact("absence", "9-29 8:00")]


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ([], [("9-11", "open")]),
        ([fact("dropout", "9-15 9:00", by="li")], [("9-11", "lapsed")]),
        # One word answers the alert that stands, not the one to come after the window.
        ([*AGAIN, fact("done", "9-30 9:00", by="li", rule="cumulative_alert")], [("9-11", "done"), ("10-13", "open")]),
    ],
)
def test_an_alert_is_decided_once(later: list[Fact], expected: list[tuple[str, Any]]) -> None:
    assert duties("fengnan", [*ALERTED, *later], "9-30 13:00")["cumulative_alert"] == expected


def test_a_contact_that_only_a_longer_leave_asks_for_is_due_when_the_leave_is_told() -> None:
    """From 15 January to 8 February; on 2 March it goes on, with no school between: the contact of 22 February is then late."""
    leave = fact("leave", "1-14 9:00", on="1-15", to="2-8")
    longer = fact("leave", "3-2 8:10", to="3-13")
    spoken = [fact("contact", "2-8 11:00", outcome="ill"), fact("visit", "2-16 17:00", outcome="ill")]
    found = duties("national", [leave, *spoken, longer], "3-2 9:00")
    assert sorted(found["leave_contact"]) == [("2-5", "done"), ("3-2", "done"), ("3-2", "open")]
