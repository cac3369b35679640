"""A record entered twice or by mistake is in no list and no figure, for nobody; taken back, it is where it was."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.pages import flow
from bot.papers import book, months
from casework.people import Pupil
from casework.scope import Scope
from storage.figures import plain_facts as figures_of
from storage.rebuilding import rebuild
from storage.store import Store
from tests.support.talk import Stage

NOW = dt.datetime(2026, 3, 10, 9)
COUNTY, CLASS = Scope(everything=True), Scope(classes=frozenset({"c1"}))


def figures(store: Store) -> list[object]:
    """What the county, the class and the month's report count, and who is found by name or listed."""
    with store.look(NOW + dt.timedelta(hours=1)) as work:
        counted = [dict(work.cases.counts(scope, NOW.date())) for scope in (COUNTY, CLASS)]
        listed = [len(work.people.in_scope(scope, limit=500)[0]) for scope in (COUNTY, CLASS)]
        named = len(work.people.names(COUNTY).exact(["李四"]).get("李四", []))
        month = months.count(work, "s1", "2026-03")
    return [*counted, *listed, named, month.figures["total"]["registered"]]


@pytest.mark.clause("XY-17")
def test_struck_off_and_put_back() -> None:
    stage = Stage("national", NOW)
    before = figures(stage.store)
    assert "移出名册（重复录入）" in stage.say("李主任", "确认移出 李四，重复录入")
    after = figures(stage.store)
    for was, now in zip(before, after, strict=True):
        if isinstance(was, dict):
            assert now == was | {key: was[key] - 1 for key in ("pupils", "in_school", "ledger_age")}
        else:
            assert now == was - 1
    assert rebuild(stage.store, stage.now, check=True) == []
    stage.say("李主任", "撤销")
    assert figures(stage.store) == before
    assert rebuild(stage.store, stage.now, check=True) == []


OF_A_CHILD = (
    "工作记录",
    "家访缺照片",
    "抽查家访 5份",
    "本月台账变化",
    "本周台账变化",
    "谁旷过课",
    "待劝返名单",
    "重点群体名单",
)


def test_what_was_recorded_of_it_is_in_no_list_and_no_picture() -> None:
    """A record with work of every kind behind it: what is shown is as if it had never been."""
    stage = Stage("national", NOW)
    for who, text in (
        ("王老师", "李四 缺勤"),
        ("王老师", "家访 李四 家长不同意返校"),
        ("王老师", "李四是留守儿童"),
        ("王老师", "和李四谈心1次"),
    ):
        stage.say(who, text)
    stage.pass_until(NOW + dt.timedelta(days=3))
    shown = {text: stage.say("周股长", text) for text in OF_A_CHILD}
    assert [text for text, said in shown.items() if "李四" not in said] == []
    assert flow_of(stage)
    stage.say("周股长", "确认移出 李四，重复录入")
    assert [text for text in OF_A_CHILD if "李四" in stage.say("周股长", text)] == []
    assert not flow_of(stage)


def flow_of(stage: Stage) -> list[object]:
    """What the county's pictures are drawn from, of 李四."""
    with stage.store.look(stage.now) as work:
        days = (NOW.date(), stage.now.date())
        return list(figures_of(work.session, COUNTY, *days, flow.KINDS).get("p2", ()))


def test_reported_this_morning_and_struck_off_is_not_said_beside_the_list() -> None:
    stage = Stage("national", NOW)
    stage.say("王老师", "李四 缺勤")
    assert "今天另报缺勤1人" in stage.say("王老师", "谁旷过课")
    stage.say("李主任", "确认移出 李四，重复录入")
    assert "李四" not in stage.say("王老师", "谁旷过课")


def test_the_next_month_says_why_it_begins_with_one_less() -> None:
    """A record struck off in the middle of a month stands in the month submitted before and in none after."""
    stage = Stage("national", dt.datetime(2026, 3, 31, 9))
    with stage.store.begin(stage.now) as work:
        book.submit(work, "s1", "2026-03", "li")
    stage.now = dt.datetime(2026, 4, 15, 9)
    with stage.store.look(stage.now) as work:
        assert months.count(work, "s1", "2026-04").contradictions == ()
    stage.say("李主任", "确认移出 李四，重复录入")
    with stage.store.look(stage.now) as work:
        assert months.count(work, "s1", "2026-04").contradictions == ("上月报送后移出名册1人：李四，期初相应减少。",)
    stage.say("李主任", "撤销")
    with stage.store.look(stage.now) as work:
        assert months.count(work, "s1", "2026-04").contradictions == ()


def test_of_two_records_of_one_name_that_is_struck_which_was_named() -> None:
    stage = Stage("national", NOW)
    with stage.store.begin(NOW) as work:
        work.people.put_pupil(Pupil("p2b", "李四", "c1", "v1"))
    assert "有2条记录" in stage.say("李主任", "确认移出 李四，重复录入")
    assert "“李四”有2条记录" in stage.say("李主任", "李四录重了")
    stage.say("李主任", "确认移出 第2条李四，重复录入")
    with stage.store.look(stage.now) as work:
        assert [work.people.pupils([id])[id].struck for id in ("p2", "p2b")] == [False, True]
    assert "李四（青石镇中学八年级3班）" in stage.say("王老师", "查 李四")


@pytest.mark.clause("LC-42")
@pytest.mark.parametrize("who", ["李主任", "赵校长"])
def test_a_school_does_not_strike_off_an_open_case(who: str) -> None:
    stage = Stage("national", NOW)
    stage.say("王老师", "李四 缺勤 第2天")
    assert "已请县教育局核实" in stage.say(who, "确认移出 李四，没有这个学生")
    assert ("周股长", True) in [(to, "核实无误请发" in text) for to, text in stage.pushed_now()]
    assert "缺勤第2天" in stage.say("王老师", "查 李四")
