"""A record entered twice or by mistake is in no list and no figure, for nobody; taken back, it is where it was."""

from __future__ import annotations

import datetime as dt

import pytest

from bot import months
from casework.people import Pupil
from casework.scope import Scope
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


def test_the_next_month_says_why_it_begins_with_one_less() -> None:
    """A record struck off in the middle of a month stands in the month submitted before and in none after."""
    stage = Stage("national", dt.datetime(2026, 3, 31, 9))
    with stage.store.begin(stage.now) as work:
        months.MonthBook().submit(work, "s1", "2026-03", "li")
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
