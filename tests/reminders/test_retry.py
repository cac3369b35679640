"""What follows a failed sending: one table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wecom.errors import TABLE, error_for
from reminders.retry import SLOW, Do, Fault, decide, fault_of, jitter

K = "digest:2025-09-10:wang"


@pytest.mark.parametrize(
    ("code", "attempts", "has_card", "do"),
    [
        (-1, 1, False, Do.AGAIN),
        (6000, 2, False, Do.AGAIN),
        (-1, 3 + len(SLOW), False, Do.DEAD),
        (45009, 1, True, Do.PAUSE),
        (45033, 9, False, Do.PAUSE),
        (42001, 1, False, Do.PAUSE),  # the client has already tried with a new token
        (40014, 1, False, Do.PAUSE),
        (60020, 1, False, Do.HALT),
        (301002, 1, False, Do.HALT),
        (50003, 1, False, Do.PAUSE),
        (81013, 1, True, Do.DEAD),
        (60111, 1, False, Do.DEAD),
        (60011, 1, False, Do.DEAD),
        (45002, 1, False, Do.DEAD),
        (44004, 1, False, Do.DEAD),
        (42045, 1, True, Do.AS_TEXT),
        (40058, 1, True, Do.AS_TEXT),
        (40058, 1, False, Do.DEAD),
    ],
)
def test_what_follows_an_errcode(code, attempts, has_card, do):
    assert decide(fault_of(error_for(code)), attempts, K, has_card).do is do


@pytest.mark.parametrize(
    ("code", "tell"), [(45009, None), (60020, "operator"), (60111, "manager"), (44004, "operator"), (50003, "operator")]
)
def test_whom_it_is_told_to(code, tell):
    assert decide(fault_of(error_for(code)), 1, K).tell == tell


def test_rate_limits_wait_a_minute_and_crowds_seconds():
    assert 60 <= decide(fault_of(error_for(45009)), 1, K).seconds <= 75
    assert decide(fault_of(error_for(45033)), 1, K).seconds < 5


def test_three_quick_tries_then_minutes():
    waits = [decide(Fault(-1, after=2), n, K).seconds for n in range(1, 3 + len(SLOW))]
    assert all(wait < 10 for wait in waits[:2])
    assert all(wait >= 300 for wait in waits[2:])
    assert waits == sorted(waits)


def test_every_code_of_the_edges_table_has_a_decision():
    for code in TABLE:
        assert decide(fault_of(error_for(code)), 1, K).do in Do


def test_a_card_that_cannot_be_drawn_goes_as_text_and_a_lost_database_comes_again():
    assert decide(fault_of(ValueError("card")), 1, K, has_card=True).do is Do.AS_TEXT
    assert decide(fault_of(OSError("disk")), 1, K).do is Do.AGAIN


@given(st.text())
def test_jitter_belongs_to_the_key(key):
    assert 0 <= jitter(key) <= 1
    assert jitter(key) == jitter(key)
