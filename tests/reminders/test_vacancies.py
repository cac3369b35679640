"""Vacant posts: the administrator learns of each once a school year, of all of a morning at once."""

from __future__ import annotations

import dataclasses

from casework.people import Post, Unit
from casework.scope import Directory
from reminders.message import Note
from reminders.rollcall import MOST_TAPS, ClassDay, ask
from reminders.vacancies import STEP, tell, vacant
from tests.reminders.stage import PUPILS, UNITS, at, board, duty, world
from tests.reminders.test_rollcall import absent


def gaps(when: str, *duties, rooms=(), said=(), **given):
    b = board(when, *duties, **given)
    return tell(vacant(b, rooms), said, b)


def test_the_post_of_whoever_owes_something_or_is_the_first_above():
    (message,) = gaps("9-11 07:40", duty("absence_contact", "9-10"), world=world(without=("li",)))
    assert (message.to, message.rules) == ("xian", ("absence_contact",))
    assert "第一中学没有在岗的控辍专干，相关提醒暂时发给赵校长。" in message.text
    owed = duty("absence_contact", "9-10", ("li",), owner="teacher")
    (message,) = gaps("9-10 07:40", owed, world=world(without=("wang",)))
    assert "八年级3班没有在岗的班主任，相关提醒暂时发给李主任。" in message.text


def test_of_what_is_due_later_nothing_is_said_and_nothing_on_a_rest_day():
    assert gaps("9-10 07:40", duty("absence_contact", "9-11"), world=world(without=("wang",))) == []
    assert gaps("9-13 07:40", duty("absence_contact", "9-11"), world=world(without=("wang",))) == []


def test_a_class_without_a_teacher_is_known_before_anything_is_owed_there_and_told_once():
    empty = world(without=("wang",))
    (message,) = gaps("9-10 07:40", rooms=("c", "c2"), world=empty)
    assert message.text.startswith("八年级3班没有在岗的班主任，相关提醒暂时发给李主任。请在“人员与岗位”里补上")
    assert message.notes == (Note("gap:2025:teacher:c", STEP, "xian"),)
    said = {tuple(note) for note in message.notes}
    assert gaps("9-11 07:40", rooms=("c", "c2"), said=said, world=empty) == []
    assert gaps("9-10 07:40", rooms=("c", "c2"), world=world()) == []


def test_the_classes_of_a_school_are_one_line_and_many_lines_take_several_mornings():
    units = [Unit(f"x{n}", "class", f"七年级{n}班", "s") for n in range(1, 8)]
    villages = [Unit(f"v{n}", "village", f"第{n}村", "z") for n in range(20)]
    directory = Directory(
        [*UNITS, *units, *villages],
        [Post("li", "school", "s"), Post("xian", "county", ""), Post("zhen", "township", "z")],
    )
    empty = dataclasses.replace(world(), directory=directory)
    (message,) = gaps("9-10 07:40", rooms=[u.id for u in units], world=empty)
    assert "第一中学7个班（七年级1班、七年级2班、七年级3班、七年级4班、七年级5班等7个）没有在岗的班主任" in message.text
    assert len(message.notes) == 7
    pupils = {f"q{n}": dataclasses.replace(PUPILS[0], id=f"q{n}", village_id=f"v{n}") for n in range(20)}
    owed = [duty("persist", "9-10", ("zhen",), pupil=id, owner="village") for id in pupils]
    (first,) = gaps("9-10 07:40", *owed, pupils=pupils, world=empty)
    (second,) = gaps("9-11 07:40", *owed, pupils=pupils, world=empty, said={tuple(n) for n in first.notes})
    assert [len(first.notes), len(second.notes)] == [15, 5]
    assert first.text.splitlines()[1] == "· 第0村没有在岗的村干部，相关提醒暂时发给黄干事。"


def test_the_school_is_asked_instead_of_the_teacher_who_is_not_there():
    rooms = [
        ClassDay(f"x{n}", f"七年级{n}班", "s", (), ("li", "xz"), reported=n == 3, absent=(absent(n),))
        for n in range(1, 4)
    ]
    asked = ask(rooms, at("9-10 09:30"))
    calls = [m for m in asked if m.card is None]
    assert [m.to for m in calls] == ["li", "xz"]
    assert calls[0].text.startswith(
        "七年级1班、七年级2班现在没有在岗的班主任，今天9月10日（周三）还没有点名，请您安排人点名。到齐请回“七年级1班全勤”"
    )
    assert calls[0].text.endswith("同时问了xz。")
    assert [m.to for m in asked if m.card] == ["li"] * 3 + ["xz"] * 3
    many = [dataclasses.replace(rooms[0], id=f"y{n}", absent=(absent(1), absent(2))) for n in range(4)]
    assert sum(m.to == "li" and m.card is not None for m in ask(many, at("9-10 09:30"))) == MOST_TAPS
