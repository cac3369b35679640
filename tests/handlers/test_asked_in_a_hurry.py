"""What somebody asks who has just been told of a child and has no time: what now, who is worst off, what has been."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers import paraphrases
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
    assert paraphrases.plain(words) == "待办"


@pytest.mark.parametrize(
    "words", ["孩子不肯来怎么办", "请假怎么办", "张三怎么办", "月报怎么报", "我要上报张三缺勤", "要报警", "然后他走了"]
)
def test_what_to_do_about_something_is_another_question(words: str) -> None:
    assert paraphrases.plain(words) != "待办"


@pytest.mark.parametrize(
    "words", ["张三的经过", "看一下张三以前的记录", "查张三的来龙去脉", "说说张三的经历", "张三所有的情况"]
)
def test_a_childs_story_is_how_it_stands_with_the_records(words: str) -> None:
    assert paraphrases.plain(words) == "查 张三"


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
    assert paraphrases.plain(words) == "各校情况"


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


@pytest.mark.parametrize(
    "words",
    ["谁没报", "老师们都报了吗", "今天谁还没点名", "青石镇中学今天报了没有", "哪几个班没回复", "各班都报齐了吗"],
)
def test_who_has_not_told_is_the_roll_call(words: str) -> None:
    assert paraphrases.plain(words) == "哪些班没点名"


@pytest.mark.parametrize("words", ["谁没报到", "谁没报名", "谁没交月报", "月报都报了吗", "张三没报名"])
def test_what_else_was_not_told_is_none(words: str) -> None:
    assert paraphrases.plain(words) != "哪些班没点名"


@pytest.mark.parametrize(
    ("words", "meant"),
    [("上坪村的娃都在上学吗", "上坪村待劝返名单"), ("我们村的孩子都上学了没", "我们村待劝返名单"), ("青石镇的学生全都到校了吗", "青石镇待劝返名单")],
)  # fmt: skip
def test_whether_all_children_of_a_place_learn_is_who_is_away(words: str, meant: str) -> None:
    assert paraphrases.plain(words) == meant


@pytest.mark.parametrize("words", ["王五上课睡觉，作业不交，不想读了", "王五说不想读了", "王五觉得读书没意思"])
def test_what_a_child_in_class_says_is_asked_about(stage: Stage, words: str) -> None:
    """王五不想读了 of one who sits in class was written down as a talk in which he refused to come back."""
    said = stage.say("王老师", words)
    assert said.startswith("王五现在没有缺勤记录。这句话怎么记？")
    assert stage.say("王老师", "1").startswith("已标注：王五，有辍学倾向")


def test_what_was_asked_about_is_written_as_it_is_answered(stage: Stage) -> None:
    stage.say("王老师", "李四不想读了")
    assert "其他方式联系：不同意返校" in stage.say("王老师", "3")
    stage.say("王老师", "王五不想读了")
    assert "缺勤" in stage.say("王老师", "今天没来上课")


@pytest.mark.parametrize("words", ["王五家长说他不想读了", "找王五谈了，他不想读了", "打电话给王五妈妈，说不读了"])
def test_a_talk_that_was_had_is_written_down(stage: Stage, words: str) -> None:
    assert stage.say("王老师", words).startswith("已记：王五")


def test_of_a_child_who_is_away_it_is_the_answer(stage: Stage) -> None:
    stage.say("王老师", "张三没来")
    assert "不同意返校" in stage.say("王老师", "张三说不想读了")


def test_a_wish_to_leave_is_offered_as_an_application(stage: Stage) -> None:
    said = stage.say("王老师", "李四腿断了要休学")
    assert "2. 家长申请休学，先登记（手续没齐不算离校）" in said
    assert "休学，手续未齐，暂不生效" in stage.say("王老师", "2")


@pytest.mark.parametrize(
    "words",
    ["让王老师今天去张三家", "请王老师明天去家访张三", "叫王老师给张三家长打个电话", "让王老师联系一下张三家长"],
)
def test_whom_a_head_sends_is_reminded_and_made_no_helper(stage: Stage, words: str) -> None:
    stage.say("王老师", "张三没来")
    said = stage.say("赵校长", words)
    assert said.startswith("已催王老师：张三")
    assert "包联人" not in stage.say("赵校长", "查 张三")


def test_whom_a_head_makes_the_helper_is_the_helper(stage: Stage) -> None:
    assert stage.say("赵校长", "让王老师负责张三").startswith("已登记：张三由王老师包联跟进")
