"""What goes up: one step a workday, vacant posts, and reports that were made."""

from __future__ import annotations

import dataclasses

import pytest

from casework.rungs import UP
from reminders.message import Note
from reminders.overdue import escalations, fulfilled
from tests.reminders.stage import at, board, day, duty, world


def up(now, *duties, said=(), **more):
    """Who is told of which overdue rules at that moment; ``said``: (duty, role, person, when)."""
    told = {Note(d.id, f"{UP}:{role}", person): at(when) for d, role, person, when in said}
    b = dataclasses.replace(board(now, *duties, **more), said=told)
    return [(m.to, rule) for m in escalations(b) for rule in m.rules]


@pytest.mark.parametrize(
    ("now", "hears"),
    [
        ("9-11 08:09", []),
        ("9-11 08:10", [("li", "absence_contact")]),
        ("9-10 08:10", []),  # not overdue yet
        ("9-11 20:30", []),
        ("9-13 08:10", []),  # a Saturday
    ],
)
def test_what_is_overdue_goes_one_step_up_at_ten_past_eight(now, hears):
    assert up(now, duty("absence_contact", "9-10")) == hears


def test_friday_goes_up_on_monday_and_a_holiday_waits():
    assert up("9-15 08:10", duty("absence_contact", "9-12")) == [("li", "absence_contact")]
    assert up("10-8 08:10", duty("absence_contact", "9-30")) == []
    assert up("10-9 08:10", duty("absence_contact", "9-30")) == [("li", "absence_contact")]


def test_one_step_more_each_workday_after():
    late = duty("absence_contact", "9-10")
    first = (late, "school", "li", "9-11 08:10")
    second = (late, "principal", "xz", "9-12 08:10")
    third = (late, "county", "xian", "9-15 08:10")
    assert up("9-11 09:00", late, said=[first]) == []
    assert up("9-12 08:10", late, said=[first]) == [("xz", "absence_contact")]
    assert up("9-15 08:10", late, said=[first, second]) == [("xian", "absence_contact")]
    assert up("9-16 08:10", late, said=[first, second, third]) == []


def test_what_a_correction_makes_due_anew_goes_up_anew():
    """It went up to the school for the 10th; the absence was corrected, and the duty falls due on the 16th now."""
    late = duty("absence_contact", "9-16")
    before = (late, "school", "li", "9-11 08:10")
    assert up("9-17 08:10", late, said=[before]) == [("li", "absence_contact")]
    b = dataclasses.replace(board("9-17 08:10", late), said={Note(late.id, f"{UP}:school", "li"): at("9-11 08:10")})
    (message,) = escalations(b)
    (note,) = message.notes
    assert note.step != f"{UP}:school"  # a note stands once
    again = {**b.said, note: at("9-17 08:10")}
    assert escalations(dataclasses.replace(board("9-17 09:00", late), said=again)) == []
    later = escalations(dataclasses.replace(board("9-18 08:10", late), said=again))
    assert [m.to for m in later] == ["xz"]


def test_after_an_outage_of_days_it_still_goes_one_step_at_a_time():
    assert up("9-16 08:10", duty("absence_contact", "9-10")) == [("li", "absence_contact")]


@pytest.mark.parametrize(
    ("rule", "who", "first"),
    [
        ("absence_plan", "li", "xz"),
        ("joint_persuasion", "zhen", "xian"),
        ("trace", "zhen", "xian"),
        ("notice", "li", "xz"),
    ],
)
@pytest.mark.clause("XY-8", "FN-2")
def test_each_line_has_its_ladder(rule, who, first):
    assert up("9-11 08:10", duty(rule, "9-10", (who,))) == [(first, rule)]


@pytest.mark.clause("XY-42")
def test_xiuyans_monthly_report_goes_up_to_nobody():
    report = duty("monthly_report", "9-25", ("li",), unit="s")
    assert up("9-26 08:10", report, pack="xiuyan") == []
    assert up("9-26 08:10", report) == [("xz", "monthly_report")]


def test_the_report_says_what_by_whom_since_when_and_who_knows():
    late = duty("absence_contact", "9-10")
    said = {Note(late.id, f"{UP}:school", "li"): at("9-11 08:10")}
    b = board("9-12 08:10", late)
    case = dataclasses.replace(b.cases["p0"], day=2, unverified=1)
    b = dataclasses.replace(b, said=said, cases={"p0": case})
    (message,) = escalations(b)
    for words in (
        "张三（八年级3班）",
        "缺勤第2天",
        "1天无人报告、未核实",
        "王老师",
        "9月10日",
        "已告知王老师、李主任",
        "9月15日（周一）8:10",
        "县教育局",
    ):
        assert words in message.text


def test_a_vacant_post_is_passed_over():
    late = duty("absence_contact", "9-10")
    assert up("9-11 08:10", late, world=world(without=("li",))) == [("xz", "absence_contact")]


def test_with_nobody_in_the_owners_post_the_step_above_the_stand_in_comes_next():
    owed = duty("absence_contact", "9-10", ("li",), owner="teacher")
    assert up("9-11 08:10", owed, world=world(without=("wang",))) == [("xz", "absence_contact")]


def made(when: str, *done, by=None, said=(), lately=None):
    return fulfilled(board(when, *done, said=said), done, by or {}, lately or {})


def test_who_is_told_of_a_report_that_was_made():
    done = dataclasses.replace(duty("outside_report", "9-12", ("li",)), status="done", closed=at("9-12 10:00"))
    messages, later = made("9-12 10:01", done, by={done.id: "li"})
    assert ([m.to for m in messages], later) == (["zhen", "xian", "cun"], None)
    assert made("9-12 21:00", done) == ([], None)
    assert made("9-13 10:00", done) == ([], None)
    told = tuple(Note(done.id, "done", person) for person in ("zhen", "xian", "cun"))
    assert made("9-12 10:02", done, said=told) == ([], None)


def test_reports_made_together_or_shortly_after_one_another_are_told_in_one_message():
    many = [
        dataclasses.replace(
            duty("outside_report", "9-12", ("li",), pupil=f"p{n}"), status="done", closed=at("9-12 10:00")
        )
        for n in range(3)
    ]
    messages, _ = made("9-12 10:01", *many, by={d.id: "li" for d in many})
    assert [m.to for m in messages] == ["zhen", "xian", "cun"]
    assert messages[0].text.startswith(
        "知会：以下3项已经上报，请按职责配合劝返。\n· 张三（八年级3班）的“书面报告乡镇和县教育局”已由李主任完成"
    )
    assert len(messages[0].notes) == 3
    waiting = {"zhen": at("9-12 09:50"), "xian": at("9-12 09:20")}
    messages, later = made("9-12 10:01", *many, lately=waiting)
    assert ([m.to for m in messages], later) == (["xian", "cun"], at("9-12 10:20"))
    messages, later = made("9-12 20:10", *many, lately={"zhen": at("9-12 20:05")})
    assert ([m.to for m in messages], later) == (["zhen", "xian", "cun"], None)  # tomorrow would be another day


def test_a_dropout_reported_on_its_day_is_told_on_a_rest_day_too():
    done = dataclasses.replace(duty("dropout_notify", "9-13", ("li",)), status="done", closed=at("9-13 10:00"))
    assert day("9-13").weekday() == 5
    assert len(made("9-13 10:01", done)[0]) == 3
