"""A post that changes hands is looked at again by whom it concerns, and by nobody else."""

from __future__ import annotations

import datetime as dt

import pytest

from casework.people import Person, Post
from storage.rebuilding import rebuild
from tests.support.talk import Stage


def test_what_a_post_does_not_concern_stands_as_it_stood() -> None:
    stage = Stage("national", dt.datetime(2026, 3, 10, 8))
    stage.pass_until(dt.datetime(2026, 3, 10, 13))
    stage.say("王老师", "我请假到周五，转给何老师")
    assert rebuild(stage.store, stage.now, check=True) == []
    stage.pass_until(dt.datetime(2026, 3, 16, 13))
    assert rebuild(stage.store, stage.now, check=True) == []


def test_a_helper_of_elsewhere_lends_what_is_owed_for_the_pupil_too() -> None:
    stage = Stage("national", dt.datetime(2026, 3, 10, 8))
    stage.say("王老师", "张三 3月3日起缺勤")
    stage.say("王老师", "张三转给刘支书跟进")
    stage.pass_until(dt.datetime(2026, 3, 10, 13))
    assert "再次联系或家访" in stage.say("刘支书", "待办")
    stage.say("刘支书", "我请假到周五，转给黄干事")
    stage.pass_until(dt.datetime(2026, 3, 10, 14))
    assert "再次联系或家访" in stage.say("黄干事", "待办")
    assert rebuild(stage.store, stage.now, check=True) == []


LENT = (
    ("王老师", "陈老师", "好的。"),  # of the same class
    ("王老师", "何老师", "好的。"),  # of the same school
    ("王老师", "李主任", "好的。"),  # who sees the class already
    ("王老师", "周股长", "好的。"),
    ("王老师", "黄干事", "好的。"),  # the township above the school
    ("刘支书", "黄干事", "好的。"),
    ("黄干事", "刘支书", "好的。"),  # a village of the same township
    ("王老师", "刘支书", "不在本校"),
    ("刘支书", "王老师", "不在本乡镇"),
    ("王老师", "新老师", "没有职务"),
    ("周股长", "王老师", "全县范围的工作只能直接转给县教育局的同事"),
    ("周股长", "黄干事", "由另一位管理员或县教育局人员确认后生效"),
    ("周股长", "管理员", "好的。"),
)


@pytest.mark.parametrize(("who", "to", "answer"), LENT, ids=[f"{who} to {to}" for who, to, _ in LENT])
def test_a_post_is_lent_to_whom_may_see_what_it_sees(who: str, to: str, answer: str) -> None:
    stage = Stage("national", dt.datetime(2026, 3, 10, 8))
    with stage.store.begin(stage.now) as work:
        work.people.put_people([Person("xin", "新老师")])
        before = sorted(work.people.posts(), key=repr)
    assert answer in stage.say(who, f"我请假到周五，转给{to}")
    with stage.store.look(stage.now) as work:
        lent = [p for p in work.people.posts() if p.deputy_for]
        assert bool(lent) is answer.startswith("好的")
        assert sorted((p for p in work.people.posts() if not p.deputy_for), key=repr) == before


def test_who_only_stands_in_for_the_county_does_not_pass_it_on() -> None:
    stage = Stage("national", dt.datetime(2026, 3, 10, 8))
    with stage.store.begin(stage.now) as work:
        work.people.put_post(Post("he", "county", "", deputy_for="zhou"))
    assert "全县范围的工作" in stage.say("何老师", "我请假到周五，转给王老师")
