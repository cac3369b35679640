"""Placements: what they rest on, what is warned of, and what an undo leaves standing."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.talk import Stage

SEVERE = "专家委员会 张三 意见：肢体重度残疾一级，不能到校"


def stage() -> Stage:
    return Stage("xiuyan", dt.datetime(2025, 10, 13, 10, 0), None)


def taught(one: Stage) -> bool:
    with one.store.begin(one.now) as work:
        pupil = work.people.pupil("p1")
        assert pupil is not None
        assert (work.cases.case("p1").state == "home_taught") == pupil.home_taught
        return pupil.home_taught


@pytest.mark.clause("FN-24", "FN-26")
@pytest.mark.parametrize(
    ("words", "home"),
    [
        ("安置 张三 送教上门", True),
        ("安置 八年级3班张三 远程教育", True),
        ("张三安置为特校", False),
        ("安置 张三 随班就读（资源教室）", False),
    ],
)
def test_only_lessons_at_home_take_a_pupil_out_of_class_and_need_the_opinion(words: str, home: bool) -> None:
    one = stage()
    assert ("没有记录" in one.say("李主任", words)) == home
    assert not taught(one)
    one.say("李主任", SEVERE)
    assert "已记" in one.say("李主任", words)
    assert taught(one) == home


def test_an_undone_opinion_carries_nothing() -> None:
    one = stage()
    one.say("李主任", SEVERE)
    one.say("李主任", "撤销")
    assert "没有记录" in one.say("李主任", "安置 张三 送教上门")


def test_an_undo_leaves_the_placement_before_it() -> None:
    one = stage()
    one.say("李主任", SEVERE)
    one.say("李主任", "安置 张三 送教上门")
    one.say("周股长", "安置 张三 随班就读")
    assert not taught(one)
    one.say("李主任", "撤销")  # the older of the two: the county's word stands
    assert not taught(one)
    one.say("周股长", "撤销")
    assert not taught(one)
    one.say("李主任", "安置 张三 远程")
    one.say("周股长", "安置 张三 特校")
    one.say("周股长", "撤销")
    assert taught(one)


@pytest.mark.clause("FN-24", "FN-26", "XY-20")
@pytest.mark.parametrize(
    ("opinion", "born", "warned"),
    [
        ("肢体重度残疾一级，不能到校", "2012-05-01", ""),
        ("智力残疾三级", "2012-05-01", "FN-24"),
        ("听力轻度受损", "2012-05-01", "FN-24"),
        ("二级，建议随班就读", "2012-05-01", "FN-26"),
        ("二级，不能随班就读，建议送教", "2012-05-01", ""),
        ("一级，不具备接受教育能力", "2012-05-01", ""),
        ("一级", "2009-05-01", "XY-20"),
        ("一级", "2009-10-14", ""),
    ],
)
def test_what_does_not_fit_lessons_at_home_is_warned_of_and_told_to_the_county(
    opinion: str, born: str, warned: str
) -> None:
    one = stage()
    with one.store.begin(one.now) as work:
        pupil = work.people.pupil("p1")
        assert pupil is not None
        work.people.put_pupil(pupil, {**work.people.details("p1"), "born": born})
    one.say("李主任", f"专家委员会 张三 意见：{opinion}")
    said = one.say("李主任", "安置 张三 送教上门")
    assert "已记" in said
    assert [c for c in ("FN-24", "FN-26", "XY-20") if c in said] == ([warned] if warned else [])


@pytest.mark.clause("TA-28", "FJ-15")
def test_how_a_disabled_child_is_taught_is_told_to_named_posts_alone() -> None:
    one = stage()
    one.say("李主任", "安置 张三 随班就读")
    one.say("李主任", "一人一案 张三：入户，每月2次")
    assert "随班就读" in one.say("王老师", "查 张三")
    heard = one.say("刘支书", "查 张三")
    assert "随班就读" not in heard
    assert "入户" not in heard
    assert "没有记录" in one.say("李主任", "送教安排 张三：青石镇中心小学唐老师")
