"""A receiving school answers: the class in the ways in which it is written, and what an undo leaves."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.talk import Stage


def stage() -> Stage:
    one = Stage("xiuyan", dt.datetime(2025, 10, 13, 10, 0), None)
    one.say("王老师", "张三转到河湾乡九年一贯制学校")
    return one


@pytest.mark.clause("TA-15", "XY-16")
@pytest.mark.parametrize(
    ("room", "lands"),
    [
        ("七年级1班", "c6"), ("七(1)班", "c6"), ("七（1）班", "c6"), ("7年级1班", "c6"), ("初一1班", "c6"), ("初一(1)班", "c6"),
        ("701班", "c6"), ("五年级1班", "c5"), ("五(1)班", "c5"), ("501班", "c5"),
        ("七年级2班", "c1"), ("八(1)班", "c1"), ("1班", "c1"), ("", "c1"),
    ],
)  # fmt: skip
def test_a_class_is_known_by_grade_and_number_and_never_guessed(room: str, lands: str) -> None:
    one = stage()
    said = one.say("吴主任", f"接收 张三 {room}")
    with one.store.begin(one.now) as work:
        pupil = work.people.pupil("p1")
        assert pupil is not None
        assert pupil.class_id == lands
    assert ("已记" in said) == (lands != "c1")


@pytest.mark.clause("FJ-17")
def test_an_undone_enrolment_leaves_the_child_without_a_place() -> None:
    one = stage()
    one.say("刘支书", "摸排发现陈小花8岁没上学，住上坪村")
    one.say("周股长", "安置 陈小花 到青石镇中心小学")
    one.say("孙主任", "接收 陈小花 三(2)班")
    with one.store.begin(one.now) as work:
        (found,) = [p for p in work.people.pupils(_ids(work)).values() if p.name == "陈小花"]
        assert (found.class_id, work.cases.case(found.id).state) == ("c4", "in_school")
        assert not [d for d in work.cases.duties(pupil=found.id) if d.rule == "found_check"]
    one.say("孙主任", "撤销")
    with one.store.begin(one.now) as work:
        again = work.people.pupil(found.id)
        assert again is not None
        assert (again.class_id, work.cases.case(found.id).state) == (None, "left")
        assert [d for d in work.cases.duties(pupil=found.id) if d.rule == "found_check"]


def _ids(work: object) -> set[str]:
    facts = work.cases.facts_between(dt.date(2025, 10, 1), dt.date(2025, 10, 31))  # type: ignore[attr-defined]
    return {f.pupil for f in facts if f.pupil}
