"""Whom 转给王老师 and 提醒王主任 mean: nobody but the one who can be meant; else it is asked, or the whole name is asked for."""

from __future__ import annotations

import datetime as dt

import pytest

from casework.people import Person, Post
from tests.support.talk import Stage

MORNING = dt.datetime(2025, 3, 12, 8)
STAFF = (
    ("zuo", "左华", "subject_teacher", "c1"), ("ou", "欧阳娜", "subject_teacher", "c1"), ("gu", "顾明", "school", "s1"),
    ("yan", "严海", "township", "t1"), ("tao", "陶强", "village", "v2"), ("shao", "邵军", "teacher", "c3"),
    ("hua", "华英", "subject_teacher", "c2"), ("zuo2", "左平", "subject_teacher", "c4"),
)  # fmt: skip


@pytest.fixture(scope="module")
def county() -> Stage:
    """The demo's county, and beside its 王老师 of one word some colleagues with names as they are borne."""
    stage = Stage("longchuan", MORNING)
    stage.names |= {id: name for id, name, _, _ in STAFF}
    with stage.store.begin(MORNING) as work:
        work.people.put_people([Person(id, name) for id, name, _, _ in STAFF])
        work.people.put_posts([Post(id, role, unit) for id, _, role, unit in STAFF])
        work.people.put_post(Post("zuo", "subject_teacher", "c2"))
    return stage


@pytest.mark.parametrize(("to", "helper"), [
    ("左华", "左华"), ("左华老师", "左华"), ("左老师", "左华"), ("青石镇中学左华老师", "左华"), ("欧阳老师", "欧阳娜"),
    ("班主任", "王老师"), ("校长", "赵校长"), ("村干部", "刘支书"), ("村主任", "刘支书"), ("顾主任", "顾明"), ("顾专干", "顾明"),
    ("严干事", "严海"), ("青石镇严干事", "严海"),
])  # fmt: skip
def test_the_one_who_is_meant_becomes_the_helper(county: Stage, to: str, helper: str) -> None:
    assert f"由{helper}包联跟进" in county.say("李主任", f"张三转给{to}跟进")


@pytest.mark.parametrize("to", ["左华明", "左小华老师", "王华老师", "副校长", "邹主任", "欧老师"])
def test_nobody_is_taken_for_another_of_a_like_name(county: Stage, to: str) -> None:
    """左华 is not 左华明; a 华英 is not 王华, nor 左华 the 左小华 who is not on the list."""
    assert county.say("李主任", f"张三转给{to}跟进").startswith("教职工名单里没有找到")
    county.say("李主任", "取消")


@pytest.mark.parametrize(("to", "labels"), [
    ("专干", ("顾明", "李主任")), ("干部", ("刘支书", "黄干事", "严海")), ("镇长", ("黄干事", "严海")), ("严镇长", ("严海",)),
])  # fmt: skip
def test_it_is_asked_who_is_meant(county: Stage, to: str, labels: tuple[str, ...]) -> None:
    """A town's mayor has no post of their own here, so that its clerk may not be taken for one."""
    asked = county.say("李主任", f"张三转给{to}跟进")
    assert {name for name in labels if f". {name}（" in asked} == set(labels)
    assert "包联跟进" not in asked
    assert f"由{labels[0]}包联跟进" in _chosen(county, asked, labels[0])


def _chosen(county: Stage, asked: str, name: str) -> str:
    return county.say("李主任", next(line[0] for line in asked.splitlines() if f". {name}（" in line))


@pytest.mark.parametrize(("words", "answer"), [
    ("提醒左老师去家访张三", "没有要左华办的事"), ("提醒班主任去家访李四", "已催王老师：李四"), ("催左华明", ""),
    ("提醒左小华老师去家访张三", "没有找到“左小华老师”"), ("提醒邵老师去家访", "没有找到“邵老师”"),
])  # fmt: skip
def test_who_is_urged(county: Stage, words: str, answer: str) -> None:
    """Within the writer's reach, and nearest to the child that is named."""
    county.say("王老师", "李四没来")
    county.pass_until(county.now + dt.timedelta(days=1))
    said = county.say("李主任", words)
    assert answer in said
    assert said.startswith("已催") is answer.startswith("已催")


def test_posts_are_lent_to_nobody_who_may_be_another(county: Stage) -> None:
    assert county.say("黄干事", "我请假到周五，转给严镇长").startswith("没有找到“严镇长”")
    assert county.say("何老师", "我请假到周五，转给华老师").startswith("好的")
