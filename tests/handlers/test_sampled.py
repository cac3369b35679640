"""What reading forty mechanisms against their words found, and was mended at once."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.desks import desk_for
from casework.facts import Kind
from handlers.opening import Missed, open_cases
from tests.pages.county import TODAY, made_store
from tests.support.talk import Stage

ID = "441622201201010011"


@pytest.mark.clause("XY-22")
def test_a_photo_of_publicity_belongs_to_that_record() -> None:
    stage = Stage("xiuyan", dt.datetime(2025, 9, 10, 9))
    stage.say("李主任", "记宣传：家长会讲义务教育法，80人参加")
    assert stage.say("李主任", "", "image", "m1") == "照片已归到9月10日的宣传。"
    with stage.store.look(stage.now) as work:
        (fact,) = work.cases.recent_by(stage.ids["李主任"], stage.now - dt.timedelta(hours=1))
        assert len(work.evidence.of_facts([fact.id])[fact.id]) == 1


@pytest.mark.clause("FN-31")
def test_a_list_of_the_platform_asks_for_the_account_of_each_once() -> None:
    store = made_store()
    child = Missed("张三", ID, None, "", "", "", "平台疑似名单有、本县疑似名单没有", "platform_flag")
    with store.begin(TODAY) as work:
        said = open_cases(desk_for(work, "zhou", "one"), [child]).say()
        again = open_cases(desk_for(work, "zhou", "two"), [child]).say()
        assert "平台疑似、等学校写核查说明1人：张三。" in said
        assert "没有重复立案1人：张三（已在等核查说明）。" in again
        assert sum(f.kind is Kind.PLATFORM_FLAG for f in work.cases.facts("p1")) == 1
        assert any(d.rule == "platform_reply" for d in work.cases.duties("p1"))
