"""催办: a colleague is asked for what is owed of a child, by name, once a day, and nobody else hears of the child."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.handlers.chat import Chat

DAY = dt.timedelta(days=1)


@pytest.fixture
def missing(chat: Chat) -> Chat:
    """李四 is missing since yesterday, and nobody has been in touch."""
    chat.say("wang", "李四没来")
    chat.now += DAY
    return chat


def heard(chat: Chat, who: str) -> list[str]:
    return [text for text in chat.sent(who) if "催办：" in text]


@pytest.mark.parametrize("words", [
    "催 李四", "催一下李四", "督办李四", "提醒王老师去家访李四", "通知王老师去李四家看看", "让王老师明天前把李四的情况报给我",
])  # fmt: skip
def test_who_owes_something_of_a_child_is_asked_for_it(missing: Chat, words: str) -> None:
    said, _ = missing.say("li", words)
    assert said.startswith("已催王老师：李四（")
    (text,) = heard(missing, "wang")
    assert "李四（青石镇中学八年级3班）" in text
    assert "家访" in text


def test_the_same_is_asked_once_a_day(missing: Chat) -> None:
    missing.say("li", "催 李四")
    assert "今天已经催过王老师" in missing.say("li", "催办李四的家访")[0]
    assert len(heard(missing, "wang")) == 1


def test_all_that_a_colleague_owes_is_one_message(missing: Chat) -> None:
    assert missing.say("li", "提醒王老师去家访")[0].startswith("已催王老师：")
    (text,) = heard(missing, "wang")
    assert "李四" in text


def test_nothing_owed_is_nothing_sent(missing: Chat) -> None:
    assert "没有到期没办的事，不用催" in missing.say("huang", "催一下刘支书")[0]
    assert "现在没有要刘支书办的事，没有发" in missing.say("huang", "通知刘支书去李四家看看")[0]
    assert not heard(missing, "liu")


def test_nobody_outside_ones_reach_is_asked_and_no_teacher_asks(missing: Chat) -> None:
    assert "没有找到“王老师”" in missing.say("qian", "提醒王老师去家访")[0]
    assert "已催" not in missing.say("qian", "催 李四")[0]
    assert "已催" not in missing.say("he", "催 李四")[0]
    assert not heard(missing, "wang")


def test_a_word_asked_for_gives_no_case_away(missing: Chat) -> None:
    missing.say("li", "让王老师明天前把李四的情况报给我")
    assert "包联人" not in missing.say("li", "查 李四")[0]
    assert "由王老师包联跟进" in missing.say("li", "李四的事交给王老师跟进")[0]
