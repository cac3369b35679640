"""What a term played by forty people brought to light (``python -m tests.term``)."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers import wording
from tests.support.talk import Stage

MORNING = dt.datetime(2025, 3, 12, 8)


@pytest.fixture
def stage() -> Stage:
    return Stage("longchuan", MORNING)


def test_a_helper_who_may_not_see_the_pupil_is_refused_and_hears_nothing(stage: Stage) -> None:
    """唐老师 teaches in another school: the bot would name the child to her, and she could neither look nor write."""
    said = stage.say("王老师", "张三转给唐老师跟进")
    assert said.startswith("唐老师不在张三所在的学校")
    assert "张三" not in str(stage.pass_until(MORNING + dt.timedelta(minutes=5)))
    assert "没有" in stage.say("唐老师", "查 张三")
    assert stage.say("王老师", "张三转给李主任跟进").startswith("已登记")


@pytest.mark.parametrize("answer", ["1", "是", "2", "第一个", "不是", "③"])
def test_an_answer_to_no_question_is_no_greeting(stage: Stage, answer: str) -> None:
    assert stage.say("王老师", answer) == wording.NOT_ASKED


@pytest.mark.parametrize("words", ["好的", "收到", "你好"])
def test_a_courtesy_is_still_one(stage: Stage, words: str) -> None:
    assert stage.say("王老师", words).startswith("您好")


def test_figures_of_another_time_are_not_passed_off_as_such(stage: Stage) -> None:
    assert "只有截至今天的数；上个月的数请看月报" in stage.say("黄干事", "上个月全镇缺勤3天以上的有多少")
    assert "只有截至今天" not in stage.say("黄干事", "今天缺勤多少人")


def test_no_reminder_is_said_to_wait_where_none_is_named(stage: Stage) -> None:
    assert stage.say("黄干事", "别再催我了").startswith("请写明推迟哪名学生的提醒")


@pytest.mark.clause("TA-19", "LC-26")
def test_a_photo_goes_to_the_record_that_was_chosen(stage: Stage) -> None:
    """Found by looking for functions that nobody calls: the answer to 归到哪条记录？ was kept as not understood."""
    stage.say("王老师", "家访 张三 家里没人")
    stage.say("王老师", "家访 李四 家里没人")
    stage.pass_until(MORNING + dt.timedelta(hours=5))
    asked = stage.say("王老师", "", kind="image", media="m1")
    assert "归到哪条记录" in asked
    number = next(line[0] for line in asked.splitlines() if "张三" in line)
    assert stage.say("王老师", number).startswith("附件已归到张三3月12日的家访。")
