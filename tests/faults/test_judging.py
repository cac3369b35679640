"""The judge of the soak finds what was lost, doubled or half kept, also where one hides the other."""

from __future__ import annotations

import datetime as dt

import pytest

from bench.judging import Told, judge
from bot.simulator.state import Line, Member, State
from casework.facts import Fact, Kind
from storage.outbox import Outgoing
from tests.reminders.stage import at, county

NOW = at("9-10 10:00")
REAL = dt.datetime(2026, 1, 1)
WORDS = "张三今天没来"
FIRST, SECOND = (Outgoing(f"soak:{n}", "wang", f"提醒第{n}号", NOW) for n in (1, 2))


@pytest.fixture
def store():
    store = county("longchuan")
    yield store
    store.close()


def told(store, reply, words=WORDS, pupil=None):
    """A report of ``WORDS`` that was answered 200, kept as ``words`` with that reply, and a fact about a pupil."""
    with store.begin(NOW) as work:
        work.inbox.take_in("msg:1", "wang", words, REAL)
        work.inbox.answer("msg:1", reply)
        if pupil:
            work.cases.append([Fact("f1", Kind.ABSENCE, NOW.date(), NOW, "wang", "teacher", pupil, source="msg:1")])
    return judge(store, State({}), NOW, {"msg:1": Told("wang", WORDS)}, [])


def test_a_report_with_its_fact_is_stored(store):
    found = told(store, "已记：张三缺勤", pupil="p0")
    assert (found.stored, found.lost, found.faults) == (1, 0, [])


@pytest.mark.parametrize(
    ("reply", "words", "pupil"),
    [
        ("已记：张三缺勤", WORDS, None),
        ("已记：张三缺勤", WORDS, "p1"),
        ("系统忙，请稍后再发。", WORDS, None),
        ("已记：张三缺勤", "张三", "p0"),
    ],
    ids=["no fact", "another child's fact", "put off with words", "half of the words"],
)
def test_a_report_that_was_answered_and_is_not_all_there_is_a_fault(store, reply, words, pupil):
    found = told(store, reply, words, pupil)
    assert found.stored == 0
    assert not found.sound


def test_a_report_that_is_not_there_is_lost(store):
    assert judge(store, State({}), NOW, {"msg:1": Told("wang", WORDS)}, []).lost == 1


def sent(store, *texts):
    """Two messages to one person, both marked as sent, and what came to the phone."""
    with store.begin(NOW) as work:
        work.outbox.queue_all([FIRST, SECOND])
        work.outbox.sent_all([(one.id, "m", None) for one in work.outbox.claim(REAL, 9, 300)], REAL)
    lines = {n: Line(n, "wang", "bot", "text", text, "10:00", pushed=True) for n, text in enumerate(texts)}
    found = judge(store, State({"wang": Member("wang", "王老师")}, lines=lines), NOW, {}, [FIRST, SECOND])
    return found.due, found.sent, found.doubled, found.lost


def test_each_message_once_is_sound(store):
    assert sent(store, FIRST.text, SECOND.text) == (2, 2, 0, 0)


def test_one_that_came_twice_does_not_stand_for_one_that_never_came(store):
    assert sent(store, FIRST.text, FIRST.text) == (2, 2, 1, 1)


def test_one_that_was_committed_and_is_gone_is_lost(store):
    gone = Outgoing("soak:3", "wang", "提醒第3号", NOW)
    assert judge(store, State({}), NOW, {}, [gone]).lost == 1


def test_a_soak_in_which_nobody_answered_shows_nothing(store):
    assert not judge(store, State({}), NOW, {}, [], unanswered=1).sound
