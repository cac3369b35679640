"""Every action that carries a mechanism records what its row says, from its own examples, in a whole county."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.desks import desk_for
from bot.wecom.text import TEXT_LIMIT
from casework.access import STAFF
from casework.facts import Kind
from handlers import topics
from handlers.command import Command, command
from handlers.commands import COMMANDS
from handlers.registry import REGISTRY, Row
from tests.support.talk import Stage

pytestmark = pytest.mark.broad

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
    topic = next(t.name for t in (*topics.TOPICS, topics.Topic(topics.OTHER, (), COMMANDS)) if row in t.commands)
    of_an_action = any(row.example in action.examples for action in REGISTRY.values())
    assert of_an_action or f"· {row.example}\n" in heard_in(stage, who, topic)
    said = stage.say(who, row.example)
    assert said
    assert "没看懂" not in said


def heard_in(stage: Stage, who: str, topic: str) -> str:
    """All sheets of a topic, one after another."""
    sheets = [stage.say(who, f"帮助 {topic}")]
    while (more := f"发“帮助 {topic} 第{len(sheets) + 1}页”") in sheets[-1]:
        sheets.append(stage.say(who, more[2:-1]))
    return "\n".join(sheets) + "\n"


@pytest.mark.parametrize("role", STAFF)
def test_help_fits_in_one_message_with_room_to_spare(role: str) -> None:
    """As many commands again as there are would still fit into each answer, whatever the role."""
    stage = Stage("national", NOW)
    with stage.store.look(NOW) as work:
        who = next(p for p in work.people.everyone() if any(post.role == role for post in work.people.posts(p.id)))
        desk = desk_for(work, who.id, "chat")
        assert desk is not None
        long = tuple(
            command("张三 转介 陈小花 给公安：没有户口，请核实登记", STAFF, lambda d, m: None, "x") for _ in COMMANDS
        )
        many = (*COMMANDS, *long)
        said = [topics.first_page(desk, many)]
        said += [topics.page(desk, name, n, many) for name, _ in topics.sorted_for(desk, many) for n in range(1, 9)]
    assert all(len(one.text.encode()) <= 0.8 * TEXT_LIMIT for one in said)


def test_a_topic_too_long_for_one_message_goes_on_in_the_next_sheet() -> None:
    lines = [f"第{n}种说法" for n in range(1, 40)]
    sheets = list(topics.cut(lines, 200))
    assert [line for sheet in sheets for line in sheet] == lines
    assert all(len("".join(f"· {line}\n" for line in sheet).encode()) <= 200 for sheet in sheets)
    assert len(sheets) > 2


def test_help_leads_to_its_topics() -> None:
    stage = Stage("national", NOW)
    first = stage.say("李主任", "帮助")
    assert "· 缺勤请假：张三 缺勤 第3天｜今天全勤" in first
    assert stage.say("李主任", "更多帮助") == first
    assert "· 登记休学：张三骨折，3月10日起休学" in stage.say("李主任", "帮助 转学休学")
    assert "接收 张三" in stage.say("李主任", "帮助转学休学")
    assert "接收 张三" not in stage.say("王老师", "帮助 转学休学")


def test_help_on_one_thing_finds_the_short_commands_too() -> None:
    stage = Stage("national", NOW)
    said = stage.say("李主任", "核查函怎么弄")
    assert "寄出核查函 张三：惠城区教育局" in said
    assert "记会议" not in said
    assert "寄出核查函" not in stage.say("王老师", "帮助 核实函件")
    assert "已给张三家长送达劝学通知书" in stage.say("王老师", "劝学通知书怎么弄")
