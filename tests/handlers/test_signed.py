"""A photo is a photo, and a signed paper a signed paper only when its sender says so."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.talk import Stage


@pytest.mark.clause("LC-33", "XY-5")
def test_what_a_visit_lacks_is_listed_until_photo_and_signed_paper_are_here() -> None:
    stage = Stage("longchuan", dt.datetime(2025, 9, 15, 9))
    stage.say("王老师", "张三今天没来")
    stage.say("王老师", "家访 张三 家长同意明天返校")
    assert "缺签字表、照片" in stage.say("李主任", "家访缺照片")
    assert "如果拍的是签好字的家访记录表，请回“签字表”" in stage.say("王老师", "", "image", "m1")
    assert "缺签字表" in (said := stage.say("李主任", "家访缺照片"))
    assert "、照片" not in said.splitlines()[1]
    stage.say("王老师", "", "image", "m2")
    assert stage.say("王老师", "签字表") == "已记：张三9月15日的家访有签好字的家访记录表。"
    assert stage.say("李主任", "家访缺照片") == "本学年的家访都有签字表和照片。"


def test_a_signed_paper_without_a_photo_just_sent_is_asked_for() -> None:
    stage = Stage("longchuan", dt.datetime(2025, 9, 15, 9))
    assert "请先发签好字的照片" in stage.say("王老师", "签好字的家访表")
    stage.say("王老师", "家访 张三 家长同意明天返校")
    stage.say("王老师", "", "image", "m1")
    stage.now += dt.timedelta(hours=4)
    assert "请先发签好字的照片" in stage.say("王老师", "签字表")
