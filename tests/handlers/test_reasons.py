"""A reason in words, read as its code; what happened to a parent is no reason of the pupil's own."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.reasons import reason_code
from tests.support.talk import Stage


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("失踪失联", "missing"),
        ("全家失踪失联", "missing"),
        ("随父母出国", "abroad"),
        ("户籍信息错误", "wrong_record"),
        ("溺水死亡", "death"),
        ("病故", "death"),
        ("父亲去世", "other"),
        ("父亲去世，家里困难", "poverty"),
        ("母亲失联", "other"),
        ("奶奶生病住院", "other"),
        ("照顾生病的奶奶", "other"),
        ("母亲残疾，外出打工", "work"),
        ("因病无法到校", "illness"),
        ("脑瘫", "disability"),
        ("跟哥哥去打工", "work"),
    ],
)
def test_code(words: str, code: str) -> None:
    assert reason_code(words) == code


@pytest.mark.clause("FJ-10")
@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("确认张三辍学，失踪失联", True),
        ("张三失踪失联，认定辍学", True),
        ("确认张三辍学，随父母出国", True),
        ("确认张三辍学，父亲去世", False),
        ("确认张三辍学，母亲失联", False),
        ("确认张三辍学，外出打工", False),
    ],
)
def test_what_is_said_of_the_pupil_alone_asks_the_police(said: str, asked: bool) -> None:
    stage = Stage("fujian", dt.datetime(2025, 9, 10, 9))
    answer = stage.say("李主任", said)
    while "请回“是”或“否”" in answer or "请回数字" in answer:
        answer = stage.say("李主任", "是" if "请回“是”" in answer else "10")
    assert "认定辍学" in answer
    with stage.store.look(stage.now) as work:
        assert ("police_check" in {duty.rule for duty in work.cases.duties(pupil="p1")}) is asked
