"""What may be answered to a numbered question, and to one of yes or no."""

from __future__ import annotations

import pytest

from handlers.understanding.choices import choice_of, is_bare_answer, is_no, is_yes

PUPILS = ("张三 三(1)班", "张三 三(2)班", "李四 三(2)班")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1", 0), ("２", 1), ("③", 2), ("第二个", 1), ("选3吧", 2), ("是第一个", 0), ("三号", 2), ("最后一个", 2), ("末尾那", None),
        ("0", None), ("4", None), ("十", None), ("李四", 2), ("李四的", 2), ("张三", None), ("三(1)班的", 0), ("三（1）班", 0), ("三(2)班", None),
        ("张三 三(2)班", 1), ("选三(1)班的那个", 0), ("", None), ("。", None), ("王五", None), ("的", None),
    ],
)  # fmt: skip
def test_which_one_is_meant(text: str, at: int | None) -> None:
    assert choice_of(text, PUPILS) == at


def test_the_whole_of_an_option_is_meant_before_a_piece_of_a_longer_one() -> None:
    assert choice_of("李明", ("李明轩", "李明")) == 1
    assert choice_of("张三", ("张三", "张三")) is None


@pytest.mark.parametrize("text", ["是", "是的。", "对", "嗯嗯", "好的", "OK", "Yes!", "确认吧", "1", "都到了"])
def test_yes(text: str) -> None:
    assert is_yes(text)
    assert not is_no(text)


@pytest.mark.parametrize("text", ["不", "不是的", "没有", "不用了", "No", "2", "算了", "还没呢", "错了"])
def test_no(text: str) -> None:
    assert is_no(text)
    assert not is_yes(text)


@pytest.mark.parametrize("text", ["张三没来", "", "是张三", "不是张三", "好的张三请假"])
def test_neither(text: str) -> None:
    assert not is_yes(text)
    assert not is_no(text)


@pytest.mark.parametrize(
    ("text", "bare"),
    [("2", True), ("第二个", True), ("是的", True), ("不对。", True), ("NO", True), ("好的", False), ("收到", False), ("张三", False), ("", False)],
)  # fmt: skip
def test_what_can_only_be_an_answer(text: str, bare: bool) -> None:
    assert is_bare_answer(text) is bare
