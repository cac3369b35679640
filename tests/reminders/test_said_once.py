"""What the lines of a reminder have in common is said once, and how a child stands is said of this morning."""

from __future__ import annotations

import datetime as dt

import pytest

from casework.case import Case
from reminders.wording import Step, say_standing, say_step, say_steps
from tests.reminders.stage import duty

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
