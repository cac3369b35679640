"""What has not been done, is told of all others, or was brought and not seen there, is asked about and never recorded."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.understanding.names import ListIndex
from handlers.understanding.parse import understand

NOW = dt.datetime(2025, 3, 12, 8, 5)  # a Wednesday
ROSTER = ListIndex(["张三", "李四", "王五"])


@pytest.mark.parametrize("role", ["teacher", "village", "township"])
@pytest.mark.parametrize(
    "text",
    [
        "张三的家访还没做",
        "张三家访没做",
        "就差张三没家访了",
        "除了张三，家访都做完了",
        "除王五外都家访过了",
        "张三除外，都家访了",
        "除张三以外都返校了",
        "张三送到学校了，老师说没见着",
        "王五今天派人送到学校去了，学校说没见到人",
        "张三没说不来",
        "张三他妈没说同意也没说不同意",
        "张三今天缺勤，今天到校",
        "张三今天没来上课，今天他在上课",
        "张三今天到了也没到",
        "张三回学校了没得哦",
        "张三请假了没请假",
        "张三、李四里头有一个没来",
        "张三不是连续3天没来",
        "张三并没有连续三天没来",
        "张三今天没来，来了",
        "张三缺勤 已到校上课",
        "张三没来，张三来了",
        "张三和李四不知道是哪个没来",
        "不是张三就是李四没来，我记不太清",
    ],
)
def test_it_is_asked_about(role: str, text: str) -> None:
    assert {a.action for a in understand(text, role, NOW, ROSTER)} == {"clarify"}


@pytest.mark.parametrize(
    ("text", "action", "slots"),
    [
        ("除了李四都到了", "absence", {}),
        ("张三没请假也没来", "absence", {}),
        ("李四家去了，没人", "visit", {"outcome": "nobody"}),
        ("张三，劝返没成功", "visit", {"outcome": "refused"}),
    ],
)
def test_what_is_told_in_like_words_is_recorded(text: str, action: str, slots: dict[str, str]) -> None:
    (read,) = understand(text, "village", NOW, ROSTER)
    assert read.action == action
    assert slots.items() <= read.slots.items()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("张三不是10号没来，是11号", {"date": "2025-03-11"}),
        ("张三不是三天没来，是两天", {"days": 2}),
        ("张三不是第三天缺勤，是第二天", {"day": 2}),
    ],
)
def test_what_was_told_holds_for_the_day_that_is_put_right(text: str, meant: dict[str, object]) -> None:
    (action,) = understand(text, "teacher", NOW, ROSTER)
    assert (action.action, action.slots) == ("absence", meant)
