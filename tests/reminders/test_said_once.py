"""What the lines of a reminder have in common is said once, and how a child stands is said of this morning."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from casework.case import Case
from reminders import alike
from reminders.alike import Row
from reminders.digest import LIKELY, compose
from reminders.plan import LATE, Item
from reminders.wording import Step, say_standing, say_step, say_steps
from tests.reminders.stage import PUPILS, board, duty

TODAY = dt.date(2025, 9, 11)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([Step("家访")], "家访"),
        ([Step("联系"), Step("家访")], "联系；家访"),
        ([Step("家访", "9月9日", "前应完成")], "家访，9月9日前应完成"),
        ([Step("联系", "9月9日", "前应完成"), Step("家访", "9月9日", "前应完成")], "联系；家访，以上2项9月9日前应完成"),
        (
            [Step("回访", "9月9日", "前应完成"), Step("回访", "9月10日", "前应完成")],
            "回访，9月9日、9月10日前应完成",
        ),
        # one day each, and the task of both days is not taken to either
        (
            [Step("送教", "3月31日", "前应完成"), Step("家访", "4月8日", "前应完成"), Step("送教", "4月30日", "前应完成"), Step("联系", "4月8日", "前应完成")],
            "送教，3月31日、4月30日前应完成；家访；联系，以上2项4月8日前应完成",
        ),
        ([Step("台账", "", "，由控辍专干办理"), Step("报告", "", "，由控辍专干办理")], "台账；报告，以上2项由控辍专干办理"),
        ([Step("台账", "", "，由控辍专干办理"), Step("报告", "9月12日", "到期，由控辍专干办理")], "台账，由控辍专干办理；报告，9月12日到期，由控辍专干办理"),
    ],
)  # fmt: skip
def test_what_is_alike_is_said_once(steps: list[Step], said: str) -> None:
    assert say_steps(steps) == said


def test_overdue_and_coming_are_never_said_together() -> None:
    late, coming = duty("absence_visit", "9-10"), duty("absence_contact", "9-12")
    steps = [say_step(late, TODAY), say_step(coming, TODAY)]
    assert "以上" not in say_steps(steps)


@pytest.mark.parametrize(
    ("case", "rule", "said"),
    [
        (Case("1", "on_leave", leave_to=dt.date(2025, 9, 11)), "leave_end", "请假到9月11日（周四）"),
        (
            Case("1", "on_leave", leave_to=dt.date(2025, 9, 10)),
            "leave_end",
            "请假到9月10日（周三），已到期，还没报返校",
        ),
        # reported this morning, which the case counts from noon: not what the day before was
        (Case("1", "observed", returned=dt.date(2025, 9, 9)), "absence_contact", "缺勤第1天"),
        (Case("1", "in_school"), "absence_visit", "缺勤第1天"),
        (Case("1", "observed", returned=dt.date(2025, 9, 9)), "return_followup", "9月9日（周二）返校"),
        (Case("1", "in_school"), "risk_visit", ""),
    ],
)
def test_how_a_child_stands_this_morning(case: Case, rule: str, said: str) -> None:
    assert say_standing(case, duty(rule, "9-11"), TODAY) == said


def names(*ids: int) -> list[Row]:
    return [Row(duty("return_followup", "9-10", pupil=f"p{n}"), [Step("回访")], ["李主任"]) for n in ids]


def test_children_of_whom_the_same_is_said_stand_in_one_line() -> None:
    rows = names(0, 1, 2)
    (line,) = alike.lines(rows, board("9-11 08:10"))
    who = "、".join(p.name for p in PUPILS[:3])
    assert line == f"· {who}（八年级3班），缺勤第1天：回访。同时告知：李主任"


def test_children_of_whom_something_else_is_said_do_not() -> None:
    here = board("9-11 08:10")
    first, other = names(0, 1)
    assert len(alike.lines([first, other._replace(steps=[Step("家访")])], here)) == 2
    assert len(alike.lines([first, other._replace(others=[])], here)) == 2
    cases = {**here.cases, "p1": Case("p1", "suspected", day=3, since=TODAY)}
    assert len(alike.lines([first, other], board("9-11 08:10", cases=cases))) == 2
    moved = {**here.pupils, "p1": replace(here.pupils["p1"], class_id="c2")}
    assert len(alike.lines([first, other], board("9-11 08:10", pupils=moved))) == 2
    units = [Row(duty("monthly_report", "9-10", unit=unit), [Step("月报")], []) for unit in ("s", "c")]
    assert len(alike.lines(units, here)) == 2


def test_a_line_has_no_more_names_than_fit_into_a_message() -> None:
    pupils = {f"x{n}": replace(PUPILS[0], id=f"x{n}", name=f"学生{n:02d}") for n in range(25)}
    cases = {id: Case(id, "absent", day=1, since=TODAY) for id in pupils}
    rows = [Row(duty("return_followup", "9-10", pupil=id), [Step("回访")], []) for id in pupils]
    lines = alike.lines(rows, board("9-11 08:10", pupils=pupils, cases=cases))
    assert [line.count("学生") for line in lines] == [10, 10, 5]


@pytest.mark.parametrize(("children", "lines"), [(3, 1), (LIKELY, 2), (LIKELY + 1, LIKELY + 1)])
def test_a_heap_is_not_read_for_what_is_alike(children: int, lines: int) -> None:
    """Of more than these a digest says one by one as many as fit: how each stands need not be read."""
    pupils = {f"x{n}": replace(PUPILS[0], id=f"x{n}", name=f"甲{n:02d}") for n in range(children)}
    cases = {id: Case(id, "absent", day=2, since=dt.date(2025, 9, 10)) for id in pupils}
    owed = [duty("persuasion_record", "9-10", pupil=id) for id in pupils]
    items = [Item(one, "wang", LATE, "late") for one in owed]
    (message,) = compose([("wang", items)], board("9-11 07:40", *owed, pupils=pupils, cases=cases))
    listed = [line for line in message.text.splitlines() if line.startswith("·")]
    if children > LIKELY:
        assert len(listed) < lines, "not all fit"
        assert all(line.count("甲") == 1 for line in listed)
    else:
        assert len(listed) == lines
        assert sum(line.count("甲") for line in listed) == children
