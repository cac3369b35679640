"""A verification by the police or the expert group is never ended by a bare word, whatever the way it comes in."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.desks import desk_for
from handlers.conversation import perform
from handlers.line import Line
from handlers.understanding.actions import Action, Mention
from tests.support.talk import Stage


@pytest.mark.clause("FJ-10", "FJ-11")
@pytest.mark.parametrize(("reason", "rule"), [("6", "police_check"), ("9", "police_check"), ("1", "expert_opinion")])
def test_a_tap_or_form_does_not_end_it(reason: str, rule: str) -> None:
    stage = Stage("fujian", dt.datetime(2025, 9, 10, 14, 5), None)
    for words in ("确认张三辍学", reason, "是"):
        stage.say("李主任", words)
    with stage.store.begin(stage.now) as work:
        duty = next(d for d in work.cases.duties(pupil="p1") if d.rule == rule)
        desk = desk_for(work, "zhou", "msg:done")
        assert desk is not None
        action = Action("done", (Mention("张三", ("p1",)),), {"rule": rule, "duty": duty.id})
        said = perform(desk, [action], Line("", desk.now, meant=(action,)))
        again = work.cases.duty(duty.id)
        assert again is not None
        assert again.status == "open"
    assert "没有回复不能办结" in said.text
