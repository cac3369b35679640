"""The sender with a courier that fails in every way that WeChat Work knows, on a real store."""

from __future__ import annotations

import datetime as dt
import logging
import threading

import pytest

from bot.wecom.client import Sent as Receipt
from bot.wecom.errors import Retry, error_for
from reminders.message import Message
from reminders.sender import PER_MINUTE, Gate, send_due
from tests.reminders.stage import at, county

pytestmark = pytest.mark.broad

NOW = at("9-10 08:00")
REAL = dt.datetime(2025, 9, 10, 0, 0)
CARD = {"task": "k-1", "title": "张三：家访", "desc": "", "body": "", "rows": [], "path": "/m/todo", "buttons": []}


class Courier:
    """Keeps what was sent; ``answers`` are receipts or errors in turn, the last one for ever."""

    def __init__(self, *answers):
        self.answers = list(answers) or [Receipt("m1", "code-1")]
        self.tried = []

    def send(self, to, text, card):
        self.tried.append((to, text, card))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def grey(self, person, response_code, words):
        raise AssertionError("not asked for")


def queued(*messages, now=NOW):
    store = county()
    with store.begin(now) as work:
        work.outbox.queue_all(messages or [message("a")])
    return store


def message(key, to="wang", **more):
    return Message(key, to, f"提醒{key}", **{"not_before": NOW, "expires": at("9-10 20:30"), **more})


def later(seconds):
    return REAL + dt.timedelta(seconds=seconds)


def dead(store):
    with store.begin(NOW) as work:
        return [(d.message.to, d.error) for d in work.outbox.dead_letters()]


def test_sent_once_and_the_cards_code_is_kept():
    store = queued(message("a", card=CARD))
    courier = Courier(Receipt("m1", "code-1"))
    assert send_due(store, courier, REAL, NOW).sent == 1
    assert send_due(store, courier, later(600), NOW).sent == 0
    assert courier.tried == [("wang", "提醒a", CARD)]
    with store.begin(NOW) as work:
        assert work.outbox.message("a")[1] == "code-1"


def test_fault_35_busy_is_tried_three_times_quickly_then_after_minutes():
    store = queued()
    courier = Courier(error_for(-1))
    tried_at = []
    for second in range(1200):
        if send_due(store, courier, later(second), NOW, workers=1).later:
            tried_at.append(second)
    assert len(tried_at) == 5
    assert tried_at[2] <= 15
    assert tried_at[3] - tried_at[2] >= 300


def test_fault_35_given_up_after_hours_and_shown_as_dead_letter():
    store = queued(message("a", expires=None))
    courier = Courier(error_for(-1))
    second = 0
    while not dead(store):
        send_due(store, courier, later(second), NOW, workers=1)
        second += 30
    assert second > 3 * 3600
    assert dead(store) == [("wang", "-1 企业微信系统繁忙")]
    with store.begin(NOW) as work:
        (letter,) = work.outbox.dead_letters()
        assert work.outbox.resend(letter.id)
    assert send_due(store, Courier(), later(second), NOW).sent == 1


@pytest.mark.parametrize(("code", "least"), [(45009, 60), (45033, 1)])
def test_fault_34_a_limit_stops_the_whole_queue_and_fails_nothing(code, least):
    store = queued(*(message(str(n), to) for n, to in enumerate(("wang", "li", "xz"))))
    courier, gate = Courier(error_for(code)), Gate()
    counts = send_due(store, courier, REAL, NOW, gate, workers=1)
    assert (counts.sent, counts.dead, counts.later, counts.back) == (0, 0, 0, 3)
    assert len(courier.tried) == 1
    assert send_due(store, courier, later(least * 0.9), NOW, gate).back == 0
    courier.answers = [Receipt("m")]
    assert send_due(store, courier, later(least * 2 + 5), NOW, gate).sent == 3


@pytest.mark.parametrize("code", [60111, 60011, 81013])
def test_fault_36_one_who_cannot_be_reached_is_given_up_and_the_school_is_told(code):
    store = queued()
    send_due(store, Courier(error_for(code)), REAL, NOW)
    assert [to for to, _ in dead(store)] == ["wang"]
    courier = Courier()
    send_due(store, courier, later(10), NOW)
    ((to, text, _),) = courier.tried
    assert to == "li"
    assert "王老师收不到" in text


@pytest.mark.parametrize("receipt", [Receipt("m", invalid=("wang",)), Receipt("m", unlicensed=("wang",))])
def test_fault_36_a_receiver_left_out_of_a_success_is_recorded_and_told(receipt):
    store = queued(message("a"), message("b", to="xz"))

    class Partly(Courier):
        def send(self, to, text, card):
            super().send(to, text, card)
            return receipt if to == "wang" else Receipt("m2")

    counts = send_due(store, Partly(), REAL, NOW)
    assert (counts.sent, counts.dead) == (1, 1)
    assert dead(store)[0][1] in ("invaliduser", "unlicenseduser")
    courier = Courier()
    send_due(store, courier, later(10), NOW)
    assert [to for to, _, _ in courier.tried] == ["li"]


def test_fault_36_an_address_not_allowed_raises_one_alarm_not_one_for_each_message(caplog):
    store = queued(*(message(str(n), to) for n, to in enumerate(("wang", "li", "xz", "zhen"))))
    courier, gate = Courier(error_for(60020)), Gate()
    with caplog.at_level(logging.ERROR):
        send_due(store, courier, REAL, NOW, gate, workers=1)
        send_due(store, courier, later(10), NOW, gate, workers=1)
    assert len(courier.tried) == 1
    assert len(dead(store)) == 1
    assert len(caplog.records) == 1
    assert "提醒" not in caplog.text


@pytest.mark.parametrize("error", [error_for(42045), ValueError("a card needs buttons")])
def test_a_card_that_is_refused_goes_as_text(error):
    store = queued(message("a", card=CARD))
    courier = Courier(error, Receipt("m"))
    assert send_due(store, courier, REAL, NOW).sent == 1
    assert [card for _, _, card in courier.tried] == [CARD, None]


def test_fault_35_no_answer_at_all_closes_the_gate_for_all():
    store = queued(*(message(str(n), f"u{n}") for n in range(20)))
    courier, gate = Courier(Retry("连不上企业微信")), Gate()
    counts = send_due(store, courier, REAL, NOW, gate, workers=1)
    assert len(courier.tried) == 3
    assert (counts.later, counts.back) == (3, 17)
    assert not gate.is_open(later(10))
    courier.answers = [Receipt("m")]
    assert send_due(store, courier, later(60), NOW, gate).sent == 20


def test_fault_25_a_crash_after_the_ok_sends_the_very_same_again():
    store = queued(message("a", card=CARD))

    class Killed(BaseException):
        pass

    class Dying(Courier):
        def send(self, to, text, card):
            super().send(to, text, card)
            raise Killed

    first, second = Dying(), Courier()
    with pytest.raises(Killed):
        send_due(store, first, REAL, NOW, workers=1)
    assert send_due(store, second, later(60), NOW).sent == 0  # the lease still holds
    assert send_due(store, second, later(301), NOW).sent == 1
    assert first.tried == second.tried


def test_what_has_expired_is_marked_and_not_sent():
    store = queued(message("a", expires=at("9-10 08:30")), message("b"))
    courier = Courier()
    counts = send_due(store, courier, REAL, at("9-10 08:40"))
    assert (counts.sent, counts.expired) == (1, 1)
    assert [text for _, text, _ in courier.tried] == ["提醒b"]


def test_nothing_unasked_leaves_at_night_but_a_file_asked_for_does():
    asked = message("f", expires=None, card={"make": {"what": "ledger"}})
    store = queued(message("a", expires=None), asked)
    courier = Courier()
    assert send_due(store, courier, REAL, at("9-10 21:00")).sent == 1
    assert courier.tried[0][1] == "提醒f"
    assert send_due(store, courier, later(1), at("9-11 07:30")).sent == 1


def test_fault_34_no_member_is_sent_more_than_thirty_a_minute():
    store = queued(*(message(f"{n:03d}") for n in range(PER_MINUTE + 5)), message("x", to="li"))
    courier = Courier()
    first = send_due(store, courier, REAL, NOW)
    assert (first.sent, first.back) == (PER_MINUTE + 1, 5)
    assert send_due(store, courier, later(30), NOW).sent == 0
    assert send_due(store, courier, later(61), NOW).sent == 5


def test_many_senders_send_each_message_once(tmp_path):
    store = county(url=f"sqlite:///{tmp_path / 'county.db'}")
    with store.begin(NOW) as work:
        work.outbox.queue_all([message(str(n), f"u{n}") for n in range(300)])
    courier = Courier()
    threads = [
        threading.Thread(target=send_due, args=(store, courier, REAL, NOW), kwargs={"limit": 50}) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(courier.tried) == len({text for _, text, _ in courier.tried}) == 300


def test_fault_30_an_outage_of_an_hour_sends_what_was_missed_once():
    store = queued(message("a"))
    courier, gate = Courier(Retry("连不上企业微信")), Gate()
    for minute in range(60):
        send_due(store, courier, later(minute * 60), NOW + dt.timedelta(minutes=minute), gate)
    assert 3 <= len(courier.tried) <= 8
    courier.tried.clear()
    courier.answers = [Receipt("m")]
    for minute in range(60, 130):
        send_due(store, courier, later(minute * 60), NOW + dt.timedelta(minutes=minute), gate)
    assert len(courier.tried) == 1


def test_when_it_is_over_what_is_on_its_way_arrives_and_the_rest_is_given_back():
    """A thousand messages to a slow server take minutes; who is told to stop sends none that was not begun."""
    over = threading.Event()

    class Slow(Courier):
        def send(self, to, text, card):
            over.set()
            return super().send(to, text, card)

    store = queued(*(message(f"k{n}", to="wang") for n in range(5)))
    counts = send_due(store, courier := Slow(), REAL, NOW, Gate(over=over.is_set))
    assert (counts.sent, counts.back, len(courier.tried)) == (1, 4, 1)
    assert send_due(store, courier, REAL, NOW, Gate(over=over.is_set)).sent == 0
    assert send_due(store, courier, REAL, NOW).sent == 4
