"""Who is said to be all there: the class, or somebody else of whom no roll is kept."""

from __future__ import annotations

import pytest

from tests.support.understood import understood

ROSTER = ("张三", "李四", "王五")


@pytest.mark.parametrize(
    "words",
    [
        "领导都来了", "教育局、公安的人都来了", "老师们都到齐了", "各位老师都到齐了", "李主任和赵校长都来了", "检查组的人都到了",
        "值日生都到了", "男生都到了", "住校生都到齐了", "女同学都来了", "家长今天都来了", "客人全到了", "督导组今天全部到齐", "民警都到了",
    ],
)  # fmt: skip
def test_others_who_are_all_there_are_not_the_class(words: str) -> None:
    """领导都来了 was written down as a full attendance of the class."""
    assert "all_present" not in understood("teacher", words, ROSTER)


@pytest.mark.parametrize(
    "words",
    [
        "都到齐了", "全班都来了", "学生都到了", "孩子们都来了", "同学们都到齐啦", "人都到齐了", "我们班都到齐了", "今天全部到齐", "班里一个不缺",
        "李主任，我们班都到齐了", "早读点名全班都到了", "三十个学生都到齐了", "昨天娃儿些都到齐了", "今天小家伙们都来了",
    ],
)  # fmt: skip
def test_the_class_is_all_there(words: str) -> None:
    assert understood("teacher", words, ROSTER).startswith("all_present")
