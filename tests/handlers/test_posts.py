"""A post that changes hands is looked at again by whom it concerns, and by nobody else."""

from __future__ import annotations

import datetime as dt

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
    stage.say("刘支书", "我请假到周五，转给陈老师")
    stage.pass_until(dt.datetime(2026, 3, 10, 14))
    assert "再次联系或家访" in stage.say("陈老师", "待办")
    assert rebuild(stage.store, stage.now, check=True) == []
