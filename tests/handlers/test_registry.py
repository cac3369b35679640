"""Every action that carries a mechanism records what its row says, from its own examples, in a whole county."""

from __future__ import annotations

import datetime as dt

import pytest

from casework.facts import Kind
from handlers.registry import ALSO, REGISTRY, Row
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


@pytest.mark.parametrize(("word", "roles"), ALSO, ids=[word for word, _ in ALSO])
def test_the_words_that_help_names_beside_are_understood_from_whom_it_names_them_to(
    word: str, roles: tuple[str, ...]
) -> None:
    who = next(name for role, name in SPEAKERS.items() if role in roles)
    stage = Stage("national", NOW)
    assert word in stage.say(who, "帮助")
    assert "没看懂" not in stage.say(who, word)
