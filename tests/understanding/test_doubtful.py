"""Sentences of which a record was made that nobody had told: each found by reading what was written down."""

from __future__ import annotations

import pytest

from tests.support.understood import understood

ROSTER = ("张三", "李四", "王五")


@pytest.mark.parametrize(
    ("words", "never"),
    [
        ("张三收完稻子就来", "return"), ("张三拿了成绩单就来", "return"), ("李四忙完农活就返校", "return"), ("王五办好手续就回来", "return"),
        ("家访张三，定在周一返校", "return"), ("李四约好周三来上学", "return 李四"),
        ("张三没交给老陈", "assign"), ("李四没有移交给王老师", "assign"),
        ("不是张三连着3天没来", "absence"), ("不是李四连续两天缺勤", "absence"),
        ("给张三送教，家里没人", "teach"), ("给张三送教，他妈答应周一送来", "teach"), ("给李四送教，下周再送2课时", "teach"),
        ("张三、李四、王五分别请假一天、两天、三天", "leave"), ("缺勤：张三。家访：李四", "absence"), ("旷课：张三、王五；走访：李四", "visit"),
        ("月报发我看一下再提交", "step=submit"), ("月报我核对后再报", "step=submit"),
    ],
)  # fmt: skip
def test_nothing_is_recorded_that_was_not_told(words: str, never: str) -> None:
    assert never not in understood("teacher", words, ROSTER)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("张三病好了今天来了", "return 张三"), ("李四收完稻子就来了", "return 李四"), ("张三好了就来上课了", "return 张三"),
        ("给张三送教2课时", "teach 张三"), ("缺勤：张三；请假：王五", "absence 张三; leave 王五"), ("提交本月月报", "step=submit"),
        ("把张三交给王老师跟进", "assign 张三"), ("张三连着3天没来", "absence 张三"), ("张三、李四各请假一天", "leave 张三 李四 days=1"), ("张三李四均缺勤", "absence 张三 李四"),
    ],
)  # fmt: skip
def test_what_is_told_plainly_is_recorded(words: str, told: str) -> None:
    assert told in understood("teacher", words, ROSTER)


def test_three_days_of_last_week_and_a_return_in_it_are_asked_about() -> None:
    """It ended in an error: the absence is a question by then, and none was found."""
    assert "clarify 张三 about=date" in understood("teacher", "张三上周没来三天，上周五来了", ROSTER)


@pytest.mark.parametrize(
    "words",
    [
        "家访张三，答应得好好的，就是不见人", "张三妈妈答应了三次都没送来", "家访李四，他爸说10号送，到今天也没送", "家访李四，同意返校，结果还是没来",
        "家访张三，他爸明天回来再说", "张三他妈说他爸后天从广东回来", "给张三家打电话，他爸明天回来",
    ],
)  # fmt: skip
def test_a_broken_promise_or_a_fathers_return_is_no_promise_of_the_childs(words: str) -> None:
    told = understood("teacher", words, ROSTER)
    assert "agreed" not in told
    assert "return_on" not in told


@pytest.mark.parametrize(
    "words",
    [
        "家访张三，他爸说明天回来上学",
        "家访张三，他妈答应周一送来",
        "张三妈妈同意了，下周一就来",
        "家访李四，他爸同意明天送他回来",
    ],
)
def test_a_promise_stays_one(words: str) -> None:
    assert "agreed" in understood("teacher", words, ROSTER)
