"""What the form prints of until when a suspension lasts (XY-4)."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.desks import desk_for
from bot.papers.paperwork import Wanted, make
from reports.forms import read_texts
from tests.support.talk import Stage


@pytest.mark.clause("XY-4", "TA-15")
def test_the_form_prints_the_time_applied_for() -> None:
    stage = Stage("national", dt.datetime(2025, 9, 10, 9))
    stage.say("李主任", "张三因肾炎休学到2026年1月20日")
    stage.say("李主任", "1")
    with stage.store.look(stage.now) as work:
        desk = desk_for(work, "li", "test")
        assert desk is not None
        texts = " ".join(read_texts(make(work, desk, Wanted("suspension", "p1")).content))
    assert "2025年9月10日至2026年1月20日" in texts
    assert "肾炎" in texts
