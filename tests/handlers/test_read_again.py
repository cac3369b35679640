"""A message that is read again with the answer to its question: what was done of it is not done, and not said, a second time."""

from __future__ import annotations

import pytest

from casework.facts import Kind
from tests.handlers.chat import Chat

VISITED = "家访 李四"


def recorded(chat: Chat, pupil: str, kind: Kind) -> int:
    with chat.store.look(chat.now) as work:
        return sum(fact.kind is kind for fact in work.cases.facts(pupil))


@pytest.mark.parametrize(("words", "kind"), [("张三是留守儿童", Kind.MARK), ("张三转给陈老师跟进", Kind.ASSIGN)])
def test_a_mark_and_a_helper_are_written_once(chat: Chat, words: str, kind: Kind) -> None:
    before = recorded(chat, "p1", kind)
    asked, _ = chat.say("wang", f"{words}。{VISITED}")
    assert "结果是" in asked
    said, _ = chat.say("wang", "1")
    assert said.startswith("已记：李四")
    assert recorded(chat, "p1", kind) == before + 1
    assert sum("请您包联张三" in text for text in chat.sent("chen")) == (kind is Kind.ASSIGN)


def test_a_correction_takes_back_one_record_and_not_the_one_before_it_too(chat: Chat) -> None:
    chat.say("wang", "张三 事假 1天")
    chat.say("wang", "标注 张三 留守儿童")
    voided = [recorded(chat, id, Kind.VOID) for id in ("p1", "p2", "p3")]
    chat.say("wang", f"撤销。{VISITED}")
    assert chat.say("wang", "2")[0].startswith("已记：李四")
    assert sum(recorded(chat, id, Kind.VOID) for id in ("p1", "p2", "p3")) == sum(voided) + 1


def test_a_file_is_sent_once_and_a_list_said_once(chat: Chat) -> None:
    _, files = chat.say("li", f"导出疑似辍学台账。{VISITED}")
    said, again = chat.say("li", "1")
    assert (len(files), len(again)) == (1, 0)
    assert said.startswith("已记：李四")


def test_of_several_pupils_the_one_asked_about_is_still_recorded(chat: Chat) -> None:
    before = recorded(chat, "p1", Kind.ABSENCE), recorded(chat, "p2", Kind.ABSENCE)
    asked, _ = chat.say("wang", "待办。张三、李四 缺勤 第2天。家访 王五")
    assert "项待办" in asked
    assert "按第2天更正" in asked
    then, _ = chat.say("wang", "1")
    assert "已记：张三" in then
    assert "项待办" not in then
    assert "王五的联系（家访）结果是？" in then
    assert chat.say("wang", "1")[0].startswith("已记：王五")
    assert (recorded(chat, "p1", Kind.ABSENCE), recorded(chat, "p2", Kind.ABSENCE)) == (before[0] + 1, before[1] + 1)
