"""What somebody asks who has just been told of a child and has no time: what now, who is worst off, what has been."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers import sayings
from tests.support.talk import Stage

MORNING = dt.datetime(2025, 9, 8, 8, 10)


@pytest.mark.parametrize(
    "words",
    [
        "怎么办",
        "我该怎么办",
        "那接下来咋办呢",
        "现在怎么办啊",
        "然后呢",
        "下一步呢？",
        "我要上报什么",
        "今天要报些什么材料",
    ],
)
def test_what_now_is_a_question_for_what_is_due(words: str) -> None:
    assert sayings.plain(words) == "待办"


@pytest.mark.parametrize(
    "words", ["孩子不肯来怎么办", "请假怎么办", "张三怎么办", "月报怎么报", "我要上报张三缺勤", "要报警", "然后他走了"]
)
def test_what_to_do_about_something_is_another_question(words: str) -> None:
    assert sayings.plain(words) != "待办"


@pytest.mark.parametrize(
    "words", ["张三的经过", "看一下张三以前的记录", "查张三的来龙去脉", "说说张三的经历", "张三所有的情况"]
)
def test_a_childs_story_is_how_it_stands_with_the_records(words: str) -> None:
    assert sayings.plain(words) == "查 张三"


@pytest.mark.parametrize(
    "words",
    [
        "我们镇哪个学校最差",
        "哪个学校问题多",
        "全县哪些学校逾期事项最多",
        "哪个乡镇逾期最多",
        "缺勤最多的乡镇是哪个",
        "哪几个镇情况差",
    ],
)
def test_who_is_worst_off_is_answered_with_figures_of_all(words: str) -> None:
    assert sayings.plain(words) == "各校情况"


@pytest.fixture
def stage() -> Stage:
    return Stage("national", MORNING)


@pytest.mark.parametrize("who", ["王老师", "刘支书", "黄干事", "周股长"])
def test_a_list_of_this_morning_is_not_silent_about_this_morning(stage: Stage, who: str) -> None:
    """A village that asked who was not at school heard 没有, while a child of it had been reported an hour ago."""
    stage.say("王老师", "张三没来")
    said = stage.say(who, "待劝返名单")
    assert "到现在没有" in said
    assert "今天另报缺勤1人，中午12点起计入：张三" in said


def test_a_list_names_no_child_of_another_place(stage: Stage) -> None:
    stage.say("王老师", "张三没来")
    assert "张三" not in stage.say("胡干事", "待劝返名单")


def test_what_a_school_owes_is_counted_beside_its_pupils(stage: Stage) -> None:
    stage.say("王老师", "张三没来")
    stage.pass_until(MORNING + dt.timedelta(days=2))
    lines = stage.say("周股长", "哪所学校逾期最多").splitlines()
    [line] = [line for line in lines if "青石镇中学" in line]
    assert "逾期事项2" in line, "the call of the first day and the visit of the second"
    assert all("逾期事项0" in line for line in lines if "小学" in line or "九年一贯" in line)
