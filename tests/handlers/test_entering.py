"""入学通知书: receipts child by child, who has none, who did not register."""

from __future__ import annotations

import datetime as dt

import pytest

from casework.people import Pupil, Unit
from tests.support.talk import Stage


@pytest.fixture
def stage() -> Stage:
    """The made-up county in August, with two newcomers of Grade 7 and one of a neighbouring school."""
    stage = Stage("national", dt.datetime(2025, 8, 20, 9))
    with stage.store.begin(stage.now) as work:
        work.people.put_units(
            [Unit("c7", "class", "七年级1班", "s1", None, 7), Unit("k1", "class", "一年级1班", "s2", None, 1)]
        )
        for n, (name, room) in enumerate((("江小一", "c7"), ("江小二", "c7"), ("池小三", "k1"))):
            work.people.put_pupil(Pupil(f"new{n}", name, room, None))
    return stage


@pytest.mark.clause("TA-5", "LC-12")
def test_who_has_no_notice_yet(stage: Stage) -> None:
    before = stage.say("李主任", "入学通知书未送达名单")
    assert "学生2人，入学通知书已送达0人，未送达2人" in before
    assert "池小三" not in before  # of another school
    said = stage.say("李主任", "入学通知书已送达 江小一、张三、池小三")
    assert "已记：江小一，入学通知书已送达" in said
    assert "张三不在一年级、七年级，没有记录" in said
    assert "没有找到“池小三”" in said
    after = stage.say("李主任", "入学通知书送达情况")
    assert "已送达1人，未送达1人" in after
    assert "江小一" not in after.splitlines()[1]
    county = stage.say("周股长", "入学通知书未送达名单")
    assert "· 青石镇中学1人" in county
    assert "· 青石镇中心小学1人" in county
    assert "江小二" not in county
    stage.say("李主任", "撤销")
    assert "已送达0人" in stage.say("李主任", "入学通知书送达情况")


@pytest.mark.clause("TA-5")
def test_a_receipt_of_an_earlier_year_does_not_count(stage: Stage) -> None:
    stage.say("李主任", "入学通知书已送达 江小一")
    stage.now = dt.datetime(2026, 4, 30, 9)
    assert "已送达1人" in stage.say("李主任", "入学通知书送达情况")
    stage.now = dt.datetime(2026, 8, 20, 9)
    assert "已送达0人" in stage.say("李主任", "入学通知书送达情况")


@pytest.mark.clause("TA-7")
def test_who_did_not_register_until_back(stage: Stage) -> None:
    stage.now = dt.datetime(2025, 9, 2, 9)
    assert "没有登记未报到的学生" in stage.say("李主任", "未报到名单")
    stage.say("李主任", "江小二没来报到注册")
    assert "1. 江小二（青石镇中学七年级1班）" in stage.say("李主任", "未报到新生名单")
    stage.say("李主任", "江小二返校")
    assert "没有登记未报到的学生" in stage.say("李主任", "未报到名单")
