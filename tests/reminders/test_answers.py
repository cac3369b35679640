"""An answer ends exactly the reminders that it answers, and which answer met which reminder is kept (issue 4, point 5)."""

from __future__ import annotations

import datetime as dt

import pytest

from casework.facts import Kind
from tests.support.talk import Stage

MORNING = dt.datetime(2025, 9, 9, 9, 0)


@pytest.fixture
def stage() -> Stage:
    """张三 absent since the day before; his teacher has been reminded of the call and, today, of the visit."""
    stage = Stage("national", dt.datetime(2025, 9, 8, 8, 5))
    stage.say("王老师", "张三 缺勤")
    stage.pass_until(MORNING)
    return stage


def met(stage: Stage) -> dict[str, set[str | None]]:
    """By rule: the kinds of the facts that met what was said about it; None for what nothing has met."""
    with stage.store.look(stage.now) as work:
        duties = {d.id: d for d in work.cases.duties(pupil="p1", status=None)}
        kinds = {f.id: f.kind.value for f in work.cases.facts("p1")}
        out: dict[str, set[str | None]] = {}
        for said in work.outbox.said_about(duties):
            out.setdefault(duties[said.duty].rule, set()).add(kinds.get(said.answered_by or ""))
    return out


def test_nothing_is_met_before_an_answer(stage: Stage) -> None:
    assert met(stage) == {"absence_contact": {None}, "absence_visit": {None}}


def test_a_call_meets_the_call_and_leaves_the_visit(stage: Stage) -> None:
    stage.say("王老师", "给张三妈妈打电话，说孩子不想上学")
    assert met(stage) == {"absence_contact": {Kind.CONTACT.value}, "absence_visit": {None}}


def test_a_return_ends_the_case_and_meets_what_was_said(stage: Stage) -> None:
    stage.say("王老师", "张三今天回来上课了")
    with stage.store.look(stage.now) as work:
        assert [d.rule for d in work.cases.duties(pupil="p1") if d.rule != "return_followup"] == []
    later = stage.pass_until(dt.datetime(2025, 9, 11, 12, 0))
    assert [text for _, text in later if "张三（" in text] == []


def test_what_is_late_is_asked_of_nobody_once_it_is_met(stage: Stage) -> None:
    stage.say("王老师", "给张三妈妈打电话，说孩子不想上学")
    stage.say("王老师", "家访 张三 家长不同意返校")
    told = stage.pass_until(dt.datetime(2025, 9, 10, 9, 0))
    assert [text for who, text in told if "联系家长，问清原因" in text or "家访〔" in text] == []
