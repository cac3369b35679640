"""What a fifth reading of a played term found stiff, false or without a next step (``docs/readings.md``)."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from handlers import lookup, reporting, wording
from tests.support.talk import Stage

pytestmark = pytest.mark.broad

MORNING = dt.datetime(2025, 3, 12, 8)


@pytest.fixture
def stage() -> Stage:
    return Stage("longchuan", MORNING)


def test_a_leave_of_one_day_has_no_end_of_its_own(stage: Stage) -> None:
    said = stage.say("王老师", "张三今天请病假一天，发烧")
    assert said.startswith("已记：张三（青石镇中学八年级3班），今天3月12日（周三）病假1天（发烧）。")
    assert "病假，到明天3月13日（周四）" in stage.say("王老师", "李四请病假两天")


@pytest.mark.parametrize(
    "words", ["给张三送教，上了两节，一节30分钟", "给张三送教两节课，各30分钟", "给张三送教2课时，每课时30分钟"]
)
def test_minutes_of_one_lesson_are_those_of_each(stage: Stage, words: str) -> None:
    """两节，一节30分钟 was written down as thirty minutes in all, and counted as one lesson."""
    assert "送教2课时，共60分钟" in stage.say("李主任", words)


def test_minutes_of_the_session_stay_as_they_were_told(stage: Stage) -> None:
    assert "送教2课时，共40分钟" in stage.say("李主任", "给张三送教2课时40分钟")
    assert "送教1课时，共30分钟" in stage.say("李主任", "给李四送教，上了一节30分钟")


def test_a_place_of_which_the_reader_sees_nobody_is_not_said_to_be_clear(stage: Stage) -> None:
    """上坪村待劝返名单：没有 was told to a township that cannot see 上坪村."""
    for words in ("上坪村待劝返名单", "上坪村四月份缺勤多少人"):
        assert stage.say("胡干事", words).startswith("您负责的范围里没有上坪村的学生")
        assert "上坪村" in stage.say("黄干事", words).splitlines()[0]
        assert "您负责的范围里没有" not in stage.say("黄干事", words)


def test_figures_have_their_measure_words(stage: Stage) -> None:
    assert "缺勤0人，疑似辍学0人，辍学0人，请假0人，返校跟踪0人，逾期事项0项" in stage.say("周股长", "全县缺勤多少人")


def test_what_is_put_off_too_long_says_so_and_comes_in_the_morning(stage: Stage) -> None:
    assert "推迟到3月26日（周三）7:40（最多推迟14天）" in stage.say("王老师", "张三的提醒推到清明后")
    assert "最多" not in stage.say("王老师", "张三的提醒推到下周一")


def test_each_child_without_a_register_is_told_of_once(stage: Stage) -> None:
    said = stage.say("黄干事", "入户排查：下洞村发现2名未入学儿童，黎小宝7岁，黎小贝9岁，均无户口")
    assert said.count("已记：黎小宝没有户口") == said.count("已记：黎小贝没有户口") == 1


def test_no_paper_is_offered_for_a_child_without_a_name(stage: Stage) -> None:
    said = stage.say("刘支书", "邻居家的侄子十岁了没户口没读书")
    assert "没有户口" in said
    assert "打印" not in said
    assert "问到以后请写上姓名再登记一次" in said


def test_two_of_one_name_in_one_class_are_not_told_to_name_the_class(stage: Stage) -> None:
    said = stage.say("李主任", "取消胡雪梅的贫困标记")
    assert "都在青石镇中学八年级3班" in said
    assert "学生的页面" in said


def test_a_home_is_no_second_unknown_child() -> None:
    assert wording.unknown_pupil(["李健", "李健家"]).startswith("在您负责的范围里没有找到“李健”，")
    assert "“李健家”" in wording.unknown_pupil(["李健家"])


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("请问怎么上传照片", "照片直接发到聊天里就行"),
        ("怎么销假", "记返校，这样发：\n· 张三今天回来上课了"),
        ("怎么请假", "登记请假，这样发："),
        ("你能干什么", "您可以这样发："),
    ],
)
def test_how_to_is_answered_with_what_was_asked(stage: Stage, asked: str, answer: str) -> None:
    assert stage.say("王老师", asked).startswith(answer)


def test_one_child_is_not_all(stage: Stage) -> None:
    stage.say("王老师", "张三没来")
    assert "1. 到校了，记返校\n2. 张三没到，其余到齐" in stage.say("王老师", "今天全到了")


def test_a_long_list_of_later_changes_is_cut_with_where_the_rest_is(stage: Stage) -> None:
    stage.say("李主任", "零报告")
    stage.pass_until(MORNING + dt.timedelta(hours=1))
    for name in ("张三", "李四", "王五", "赵晓彤", "林小燕", "唐国栋", "王子涵", "罗翠翠", "何雨桐"):
        stage.say("王老师", f"{name} 缺勤 第5天")
        stage.say("王老师", f"家访 {name} 孩子不愿读")
    stage.pass_until(MORNING + dt.timedelta(days=1))
    lines = stage.say("李主任", "看看本月月报").splitlines()
    told = lines[lines.index("提交后又有变化（不改动已交的月报，列入下月）：") + 1 :]
    assert len(told) == reporting.MOST_CHANGES + 1, told
    assert told[-1].endswith("打开“月报”页面看全部。")


def test_those_of_one_class_are_named_together(stage: Stage) -> None:
    stage.say("王老师", "张三、李四、王五 缺勤")
    stage.say("罗老师", "曹满仓没来")
    assert "今天另报缺勤3人，中午12点起计入：张三、李四、王五（青石镇中学八年级3班）。" in stage.say(
        "王老师", "今天谁没来"
    )
    said = stage.say("周股长", "今天全县缺勤名单")
    assert "今天另报缺勤4人" in said
    assert "张三、李四、王五（青石镇中学八年级3班）" in said
    assert "曹满仓（青石镇中心小学六年级1班）" in said


def test_a_promise_whose_day_is_over_is_not_said_as_if_it_were_to_come(stage: Stage) -> None:
    stage.say("王老师", "张三 缺勤 第3天")
    stage.say("王老师", "给张三妈妈打电话，答应3月13日返校")
    assert "家长答应明天3月13日（周四）返校\n" in stage.say("王老师", "查 张三")
    stage.pass_until(dt.datetime(2025, 3, 13, 14))
    assert "还没返校" not in stage.say("王老师", "查 张三")
    stage.pass_until(dt.datetime(2025, 3, 17, 14))
    assert "家长答应3月13日（周四）返校，还没返校" in stage.say("王老师", "查 张三")


def test_a_child_without_a_school_is_not_asked_to_be_missing_there(stage: Stage) -> None:
    stage.say("黄干事", "上报失学儿童：小梅，9岁，女，住上坪村，没上过学")
    asked = stage.say("黄干事", "小梅")
    assert "小梅怎么了" in asked
    assert "家访过了" in asked
    for word in ("缺勤", "返校", "请假"):
        assert word not in asked
    assert "今天缺勤" in stage.say("王老师", "张三")


def test_works_with_commas_of_their_own_are_told_apart(stage: Stage) -> None:
    stage.say("王老师", "张三 缺勤 第3天")
    assert "已催王老师：张三（联系家长，问清原因；班主任和任课教师一起家访；家访）" in stage.say("李主任", "催 张三")


def test_a_long_list_names_a_ledger_that_there_is(stage: Stage) -> None:
    """发“导出台账” was the way to the rest of every list, and was not understood."""
    rest = lookup.LEDGER_OF["suspected"] + lookup.LEDGER_OF["dropout"]
    for words in re.findall(r"“(导出[^”]+)”", rest):
        assert stage.say("周股长", words).startswith("正在生成")
