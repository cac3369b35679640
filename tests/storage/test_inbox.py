"""What comes in is taken in once and answered once; what is open in a talk expires."""

from __future__ import annotations

import datetime as dt
import threading

from tests.storage.county import NOW

REAL = dt.datetime(2026, 1, 1, 3, 0)
MINUTE = dt.timedelta(minutes=1)


def _kept(work, key: str, person: str, words: str, at: dt.datetime) -> None:
    assert work.inbox.take_in(key, person, words, at).new
    work.inbox.answer(key, "好的")


def test_a_message_is_new_once_and_the_reply_is_given_again(store):
    with store.begin(NOW) as work:
        assert work.inbox.take_in("m1", "wang", "张三 缺勤", REAL).new
        work.inbox.answer("m1", "已记录：张三缺勤。")
    with store.begin(NOW) as work:
        again = work.inbox.take_in("m1", "wang", "张三 缺勤", REAL)
        assert (again.new, again.reply) == (False, "已记录：张三缺勤。")
        assert work.inbox.take_in("m2", "wang", "张三 缺勤", REAL).new


def test_one_transaction_takes_a_message_in_once(store):
    with store.begin(NOW) as work:
        assert work.inbox.take_in("m1", "wang", "张三 缺勤", REAL).recent == 1
        assert not work.inbox.take_in("m1", "wang", "张三 缺勤", REAL).new, "it is not answered yet"
        work.inbox.answer("m1", None)
        again = work.inbox.take_in("m1", "wang", "张三 缺勤", REAL)
        assert (again.new, again.reply) == (False, None)
        assert work.inbox.take_in("m2", "wang", "李四 缺勤", REAL).recent == 2


def test_a_message_whose_work_failed_is_new_again(store):
    class Failed(Exception):
        pass

    try:
        with store.begin(NOW) as work:
            work.inbox.take_in("m1", "wang", "张三 缺勤", REAL)
            raise Failed
    except Failed:
        pass
    with store.begin(NOW) as work:
        assert work.inbox.take_in("m1", "wang", "张三 缺勤", REAL).new


def test_the_same_at_the_same_instant_is_new_for_one_alone(shared):
    barrier, new = threading.Barrier(3), []

    def take() -> None:
        barrier.wait()
        with shared.begin(NOW) as work:
            taken = work.inbox.take_in("m1", "wang", "张三 缺勤", REAL)
            if taken.new:
                work.inbox.answer("m1", "已记录")
            new.append((taken.new, taken.reply))

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(new, key=str) == [(False, "已记录"), (False, "已记录"), (True, None)]


def test_recent_messages_of_one_person(store):
    with store.begin(NOW) as work:
        for n in range(3):
            _kept(work, f"m{n}", "wang", f"第{n}条", REAL + n * MINUTE)
        _kept(work, "m9", "li", "别人的", REAL)
        assert [r.text for r in work.inbox.recent("wang", REAL + MINUTE)] == ["第2条", "第1条"]
        assert work.inbox.count_recent("wang", REAL) == 3


def test_what_is_not_understood_is_kept_until_dealt_with(store):
    with store.begin(NOW) as work:
        work.inbox.keep_unknown("wang", "俺不晓得")
        [unknown] = work.inbox.unknowns()
        assert (unknown.person, unknown.text, unknown.at) == ("wang", "俺不晓得", NOW)
        work.inbox.drop_unknown(unknown.id)
        assert work.inbox.unknowns() == []


def test_a_talk_stays_open_until_it_expires_or_ends(store):
    state = {"asks": "day", "students": ["p1"], "text": "张三没来"}
    with store.begin(NOW) as work:
        assert work.inbox.talk("wang") is None
        work.inbox.set_talk("wang", {"asks": "which"}, NOW + MINUTE)
        work.inbox.set_talk("wang", state, NOW + MINUTE)
        assert work.inbox.talk("wang") == state
        assert work.inbox.talk("li") is None
    with store.begin(NOW + MINUTE) as work:
        assert work.inbox.talk("wang") is None
        work.inbox.set_talk("wang", state, NOW + 2 * MINUTE)
        work.inbox.end_talk("wang")
        assert work.inbox.talk("wang") is None


def test_the_list_last_shown_outlives_a_question_and_ends_by_itself(store):
    with store.begin(NOW) as work:
        assert work.inbox.shown("wang") == []
        work.inbox.show("wang", ["duty:a", "duty:b"], NOW + 3 * MINUTE)
        assert work.inbox.talk("wang") is None, "a list is no question"
        assert not work.inbox.end_talk("wang")
        work.inbox.set_talk("wang", {"asks": "day"}, NOW + MINUTE)
        assert work.inbox.end_talk("wang")
        assert not work.inbox.end_talk("wang"), "another message has answered first"
        assert work.inbox.shown("wang") == ["duty:a", "duty:b"]
        work.inbox.set_talk("wang", {"asks": "day"}, NOW + MINUTE)
    with store.begin(NOW + MINUTE) as work:
        assert work.inbox.talk("wang") is None, "the list keeps no question open"
        assert work.inbox.shown("wang") == ["duty:a", "duty:b"]
        assert work.inbox.shown("li") == []
        work.inbox.show("wang", ["pupil:p1"], NOW + 5 * MINUTE)
        assert work.inbox.shown("wang") == ["pupil:p1"]
    with store.begin(NOW + 5 * MINUTE) as work:
        assert work.inbox.shown("wang") == []
