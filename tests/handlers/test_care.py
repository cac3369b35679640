"""How people ask who has no helper yet; what sounds alike but says something else is left alone."""

from __future__ import annotations

import pytest

from handlers.care import group_asked

ASKED = """
没有包联人的学生|
哪些学生还没安排包联老师|
没包联的孩子|
未包联学生名单|
谁没包联|
缺包联人的学生|
贫困生谁没有包联人|poor
我校没有包联人的学困生|struggling
哪些留守孩子没人包联|left_behind
留守儿童里哪些没有包保责任人|left_behind
还没有帮扶人的残疾儿童|disabled
"""
OTHER = [
    "没联系",
    "没有联系",
    "还没联系",
    "未联系",
    "没有帮扶",
    "还没联系老师",
    "没有联系人",
    "张三没有包联人",
    "张三妈妈没联系上",
    "包联安排表",
    "张三转给李老师包联",
    "没有人来",
]


@pytest.mark.parametrize("line", ASKED.strip().splitlines())
def test_asked(line: str) -> None:
    text, group = line.split("|")
    assert group_asked(text) == group


@pytest.mark.parametrize("text", OTHER)
def test_something_else(text: str) -> None:
    assert group_asked(text) is None
