"""Roll call: a silent class is asked once, an absent pupil by one tap, the school learns who is silent."""

from __future__ import annotations

import dataclasses

import pytest

from casework.case import Case
from reminders.rollcall import LONGEST, MOST_TAPS, ClassDay, ask, silent
from tests.reminders.stage import PUPILS, at

ROOM = ClassDay("c", "八年级3班", "s", ("wang",), ("li",), reported=False)
OTHER = ClassDay("c2", "八年级4班", "s", ("sun",), ("li",), reported=True)


def absent(n, day=1, state="absent"):
    return PUPILS[n], Case(PUPILS[n].id, state, day=day)


@pytest.mark.clause("TA-8", "XY-17")
def test_a_silent_class_is_asked_and_one_that_answered_is_not():
    (message,) = ask([ROOM, OTHER], at("9-10 09:30"))
    assert (message.to, message.rules) == ("wang", ())
    assert "八年级3班" in message.text
    assert "全勤" in message.text


def test_a_pupil_absent_yesterday_is_asked_about_by_one_tap():
    room = dataclasses.replace(ROOM, reported=True, absent=(absent(0),))
    (message,) = ask([room], at("9-10 09:30"))
    assert [b["text"] for b in message.card["buttons"]] == ["已到校", "仍缺勤", "请假"]
    assert [b["key"] for b in message.card["buttons"]] == ["return|pupil:p0", "absence|pupil:p0", "leave|pupil:p0"]


def test_each_question_says_who_else_knows_and_what_happens_otherwise() -> None:
    room = dataclasses.replace(ROOM, teachers=("wang", "sun"), absent=(absent(0),), aware={"p0": ("wang", "xz")})
    roll, still, *_ = ask([room], at("9-10 09:30"))
    assert "到10:30没有回复的，告知li。同时问了sun。" in roll.text
    assert still.text.endswith("sun、xz也知道。")
    (told,) = silent([dataclasses.replace(room, officers=("li",))], at("9-10 10:30"))
    assert "· 八年级3班（wang、sun）" in told.text
    vacant = dataclasses.replace(ROOM, teachers=(), officers=("li", "xz"))
    assert silent([vacant], at("9-10 10:30")) == []  # li and xz were asked themselves
    both = silent([vacant, dataclasses.replace(OTHER, officers=("li", "xz"), reported=False)], at("9-10 10:30"))
    assert [m.text.count("没有在岗的班主任") for m in both] == [1, 1]
    assert "同时告知：xz。" in both[0].text


def test_long_absences_and_dropouts_are_not_asked_about_every_morning():
    room = dataclasses.replace(ROOM, reported=True, absent=(absent(0, LONGEST + 1), absent(1, 3, "dropout")))
    assert ask([room], at("9-10 09:30")) == []
    many = dataclasses.replace(ROOM, reported=True, absent=tuple(absent(n) for n in range(MOST_TAPS + 2)))
    assert len(ask([many], at("9-10 09:30"))) == MOST_TAPS


def test_the_school_learns_in_one_message_which_classes_are_silent():
    third = dataclasses.replace(ROOM, id="c3", name="八年级5班")
    (message,) = silent([ROOM, OTHER, third], at("9-10 10:30"))
    assert message.to == "li"
    assert "3个班中有2个班" in message.text
    assert "八年级4班" not in message.text
    assert silent([OTHER], at("9-10 10:30")) == []


@pytest.mark.clause("TA-9", "LC-14", "LC-15")
def test_the_school_hears_who_is_missing_the_first_days_also_where_all_have_called() -> None:
    called = dataclasses.replace(ROOM, reported=True, away=("张三第2天，昨天9月9日（周二）家访：不同意返校",))
    (message,) = silent([called, OTHER], at("9-10 10:30"))
    assert message.text.splitlines() == [
        "9月10日（周三）点名情况：",
        "缺勤第1、2天的1人，请掌握情况：",
        "· 八年级3班：张三第2天，昨天9月9日（周二）家访：不同意返校",
    ]
