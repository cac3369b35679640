"""A card turns grey with what was done and by whom, also when somebody else did it."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.wecom.client import Sent as Receipt
from bot.wecom.errors import Retry, error_for
from casework.facts import Kind
from reminders.sender import Gate, send_due
from reminders.settling import settle_cards
from reminders.sweep import sweep
from tests.reminders.stage import at, county, record

REAL = dt.datetime(2025, 9, 11)


class Courier:
    def __init__(self, error=None):
        self.error, self.greyed, self.count = error, [], 0

    def send(self, to, text, card):
        self.count += 1
        return Receipt(f"m{self.count}", f"code-{self.count}" if card and card["buttons"] else "")

    def grey(self, person, response_code, words):
        if self.error:
            raise self.error
        self.greyed.append((person, response_code, words))


def with_a_card(courier):
    """The day after an absence: the teacher has a card for the home visit."""
    store = county()
    record(store, "9-10 08:05", Kind.ABSENCE)
    record(store, "9-10 09:00", Kind.CONTACT, channel="phone", outcome="refused")
    sweep(store, at("9-11 07:40"))
    assert send_due(store, courier, REAL, at("9-11 07:40")).sent == 1
    return store


def settle(store, courier, hours=1.0):
    return settle_cards(store, courier, REAL + dt.timedelta(hours=hours), at("9-11 10:00"), Gate())


def test_nothing_turns_grey_while_it_is_owed():
    courier = Courier()
    assert settle(with_a_card(courier), courier) == 0


def test_another_one_did_it_and_the_code_is_used_once():
    courier = Courier()
    store = with_a_card(courier)
    record(store, "9-11 09:00", Kind.VISIT, by="li", outcome="agreed")
    assert settle(store, courier) == 1
    assert courier.greyed == [("wang", "code-1", "李主任 9月11日已家访")]
    assert settle(store, courier) == 0


@pytest.mark.parametrize(("kind", "data", "says"), [
    (Kind.RETURN, {}, "李主任 9月11日已返校"), (Kind.LEAVE, {"kind": "sick", "to": "2025-09-12"}, "李主任 9月11日已请假"),
])  # fmt: skip
def test_what_ended_it_unmet_is_said_with_who_recorded_it(kind, data, says):
    courier = Courier()
    store = with_a_card(courier)
    record(store, "9-11 08:00", kind, by="li", **data)
    settle(store, courier)
    assert [words for _, _, words in courier.greyed] == [says]


def test_what_is_needed_no_more_says_so():
    courier = Courier()
    store = with_a_card(courier)
    with store.look(at("9-11 07:50")) as work:
        told = [fact.id for fact in work.cases.facts("p0")]
    record(store, "9-11 08:00", Kind.VOID, facts=told)
    settle(store, courier)
    assert [words for _, _, words in courier.greyed] == ["已不需要办理"]


@pytest.mark.parametrize(("error", "tried_again"), [(Retry("忙", -1), True), (error_for(42015), False)])
def test_a_card_that_cannot_be_changed_is_tried_again_only_where_that_helps(error, tried_again):
    courier = Courier(error)
    store = with_a_card(courier)
    record(store, "9-11 09:00", Kind.VISIT, by="li", outcome="agreed")
    settle(store, courier)
    courier.error = None
    assert bool(settle(store, courier)) is tried_again


def test_a_code_older_than_three_days_is_left_alone():
    courier = Courier()
    store = with_a_card(courier)
    record(store, "9-11 09:00", Kind.VISIT, by="li", outcome="agreed")
    assert settle(store, courier, hours=73) == 0
