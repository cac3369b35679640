"""Every action that carries a mechanism records what its row says, from its own examples, in a whole county."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.wecom.text import TEXT_LIMIT
from casework.facts import Kind
from handlers.command import Command
from handlers.commands import COMMANDS
from handlers.registry import REGISTRY, Row
from tests.support.talk import Stage

NOW = dt.datetime(2025, 9, 10, 9)
SPEAKERS = {"teacher": "王老师", "school": "李主任", "principal": "赵校长", "township": "黄干事", "county": "周股长"}
# Children of the examples who are not of the made-up county, and a colleague who is: everyone else is found as written.
AS_CALLED_HERE = {"次仁": "李四", "李小四": "李四", "李老师": "陈老师"}
# A teacher's word proposes a dropout; the school confirms it.
SPEAKING = {"dropout": "school"}
# The first example only shows the draft.
RECORDING = {"report": "零报告"}


def recording_rows() -> list[object]:
    rows = [row for row in REGISTRY.values() if row.kind == "record" and row.clauses]
    return [pytest.param(row, id=row.action, marks=pytest.mark.clause(*row.clauses)) for row in rows]


@pytest.mark.parametrize("row", recording_rows())
def test_the_example_is_recorded(row: Row) -> None:
    who = SPEAKERS[SPEAKING.get(row.action) or next(role for role in SPEAKERS if role in row.roles)]
    text = RECORDING.get(row.action, row.examples[0])
    for there, here in AS_CALLED_HERE.items():
        text = text.replace(there, here)
    stage = Stage("national", NOW)
    heard = [stage.say(who, text)]
    # What is asked back (confirm, which day, papers complete) is answered with the first choice.
    for _ in range(3):
        if "请回" in heard[-1] and "发错了请回" not in heard[-1]:
            heard.append(stage.say(who, "是" if "“是”" in heard[-1] else "1"))
    with stage.store.begin(stage.now) as work:
        kinds = {fact.kind for fact in work.cases.recent_by(stage.ids[who], NOW)}
    assert Kind(row.action) in kinds, heard


@pytest.mark.parametrize("row", COMMANDS, ids=[row.example for row in COMMANDS])
def test_help_names_each_short_command_to_whom_it_serves(row: Command) -> None:
    """Its example has its form, goes to its function and no other's, and is answered with sense."""
    assert row.found(row.example)
    assert next(first for first in COMMANDS if first.found(row.example)) is row
    who = next(name for role, name in SPEAKERS.items() if role in row.roles)
    stage = Stage("national", NOW)
    assert row.example in stage.say(who, "帮助" if row.asks else "更多帮助")
    said = stage.say(who, row.example)
    assert said
    assert "没看懂" not in said


@pytest.mark.parametrize("who", SPEAKERS.values())
def test_help_fits_in_one_message(who: str) -> None:
    stage = Stage("national", NOW)
    for question in ("帮助", "更多帮助"):
        assert len(stage.say(who, question).encode()) <= TEXT_LIMIT


def test_help_on_one_thing_finds_the_short_commands_too() -> None:
    stage = Stage("national", NOW)
    said = stage.say("李主任", "核查函怎么弄")
    assert "寄出核查函 张三：惠城区教育局" in said
    assert "记会议" not in said
    assert "寄出核查函" not in stage.say("王老师", "更多帮助")
    assert "已给张三家长送达劝学通知书" in stage.say("王老师", "劝学通知书怎么弄")
