"""Children schooled elsewhere without proof: their township reads of it in a digest that goes out anyway, and never for it alone."""

from __future__ import annotations

import datetime as dt

import pytest

from reminders import waiting
from tests.support.talk import Stage

MONDAY = dt.datetime(2025, 9, 15, 7, 45)


@pytest.fixture
def stage():
    stage = Stage("fujian", dt.datetime(2025, 9, 11, 9))
    stage.say("李主任", "李四转到惠州市第一小学了")
    stage.say("李主任", "1")
    return stage


def digests(stage, until=MONDAY):
    return [text for who, text in stage.pass_until(until) if who == "黄干事" and "工作提醒" in text]


@pytest.mark.clause("FJ-3")
def test_the_townships_digest_says_how_many_have_no_proof(stage):
    stage.say("刘支书", "摸排发现陈小花8岁没上学，住上坪村")
    stage.pass_until(dt.datetime(2025, 9, 21, 9))
    assert any("在外就学1人还缺就读证明" in text for text in digests(stage, dt.datetime(2025, 9, 22, 7, 45)))


def test_nothing_is_sent_for_it_alone(stage):
    assert digests(stage) == []


def test_with_a_proof_it_is_silent(stage):
    stage.say("黄干事", "在外就学 李四：惠州市第一小学，就读证明")
    with stage.store.look(stage.now) as work:
        assert waiting.unproven(work) == []
