"""A person's own words stand in the form of the visit they were written for, as that person's."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.paperwork import Wanted, make
from bot.reception import desk_for
from casework.terms import VISIT_COLUMNS
from reports.forms import read_texts
from reports.templates.layouts import labels
from tests.support.talk import Stage


def shown(stage: Stage, who: str = "wang") -> tuple[str, tuple[str, ...]]:
    with stage.store.look(stage.now) as work:
        desk = desk_for(work, who, "x")
        assert desk is not None
        paper = make(work, desk, Wanted("visit_form", "p1"))
    return "\n".join(read_texts(paper.content)), paper.missing


@pytest.mark.clause("LC-33")
def test_what_was_written_for_a_visit_stands_in_its_form_as_the_writers() -> None:
    stage = Stage("longchuan", dt.datetime(2025, 9, 15, 9))
    assert "还没有张三的家访记录" in stage.say("王老师", "张三 家访表 家庭情况：跟奶奶住")
    stage.say("王老师", "张三今天没来")
    stage.say("王老师", "家访 张三 家里没人")
    said = stage.say("王老师", "张三 家访表 家庭情况：跟奶奶住，父母在外打工")
    assert said.startswith("已写入张三今天9月15日（周一）家访的记录表，“家庭情况”一栏注明是您填的。")
    stage.say("王老师", "张三的家访记录表家长意见写：答应劝他回来")
    text, missing = shown(stage)
    assert "跟奶奶住，父母在外打工（王老师填）" in text
    assert "答应劝他回来（王老师填）" in text
    assert not {"家庭情况", "监护人意见"} & set(missing)
    stage.say("王老师", "张三 家访表 家庭情况：父母上周回来了")
    assert "跟奶奶住" not in shown(stage)[0]
    stage.say("王老师", "撤销")
    assert "跟奶奶住" in shown(stage)[0]
    stage.now += dt.timedelta(days=1)
    stage.say("王老师", "家访 张三 家长同意明天返校")
    assert "跟奶奶住" not in shown(stage)[0]  # another visit, another form
    assert "补填" not in stage.say("王老师", "工作记录")


def test_every_column_that_people_name_is_one_of_the_forms() -> None:
    assert set(VISIT_COLUMNS.values()) <= set(labels())
