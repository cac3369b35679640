"""A person's own words stand in the form of the visit they were written for, as that person's."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.desks import desk_for
from bot.papers.paperwork import Wanted, make
from handlers.papers import FORM_TITLES
from reports.forms import read_texts
from reports.own_words import OTHER_NAMES, columns, names
from reports.templates.layouts import from_records, labels, never_by_words
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
    assert set(OTHER_NAMES.values()) <= set(labels())
    for paper in FORM_TITLES:
        known = columns(paper)
        assert len(set(known.values())) == len(known) > 0, paper  # each column has one name, each name one column
        assert not set(known.values()) & never_by_words()
        assert all(names(paper)[label] == slot for label, slot in known.items())
    assert from_records() | never_by_words() <= set(labels()) | {"authority", "by", "issuer_kind", "title"}


WRITTEN = [
    # what is typed about 张三, the paper that it goes into, what then stands there and no longer is missing
    ("张三 劝返表 监护人陈述：孩子不想读了", "persuasion_record", "孩子不想读了（王老师填）", "监护人陈述"),
    ("补填 张三的劝返情况记录表 困难与诉求：路远", "persuasion_record", "路远（王老师填）", "困难与诉求"),
    ("张三 辍学报告书 家长意见：不同意；提请事项：请协调民政", "dropout_report", "提请：请协调民政", "提请事项"),
    (
        "张三劝学通知书可提供的帮助填写：安排住校，减免食宿费",
        "persuasion_notice",
        "安排住校，减免食宿费",
        "可提供的帮助",
    ),
    ("张三 一生一案 就学经历：2018年入学", "case_file", "2018年入学", "就学经历"),
    ("张三 核查函 收函单位：惠城区教育局", "inquiry_letter", "惠城区教育局", "收函单位"),
]


def test_words_go_into_any_form_about_a_pupil() -> None:
    stage = Stage("longchuan", dt.datetime(2025, 9, 15, 9))
    stage.say("王老师", "张三今天没来")
    stage.say("王老师", "家访 张三 家里没人")
    for text, what, words, label in WRITTEN:
        said = stage.say("王老师", text)
        assert said.startswith("已写入张三的《"), said
        with stage.store.look(stage.now) as work:
            desk = desk_for(work, "wang", "x")
            paper = make(work, desk, Wanted(what, "p1"))
        assert words in "\n".join(read_texts(paper.content)), text
        assert label not in paper.missing, text
    assert "（王老师填）" not in "\n".join(read_texts(paper.content))  # a letter does not say who filled it in


def test_what_is_the_same_on_every_form_is_written_once_and_records_are_never_written_over() -> None:
    stage = Stage("longchuan", dt.datetime(2025, 9, 15, 9))
    stage.say("王老师", "张三今天没来")
    stage.say("王老师", "张三 劝返表 民族：汉族")
    stage.now += dt.timedelta(days=1)
    stage.say("王老师", "张三 辍学报告书 缺勤天数：30；学生姓名：李四")
    with stage.store.look(stage.now) as work:
        desk = desk_for(work, "wang", "x")
        text = "\n".join(read_texts(make(work, desk, Wanted("dropout_report_form", "p1")).content))
    assert "汉族" in text
    assert "共2个教学日" in text  # as the chat counts it, from the morning of the day on
    assert "李四" not in text
    said = stage.say("王老师", "张三 劝返表 家里几口人：五口")
    assert said.startswith("《劝返情况记录表》里没有“家里几口人”这一栏，没有写入。可以补填：")
    assert "监护人陈述" in said
    assert (
        stage.say("王老师", "张三 劝学通知书 家长说：不签").startswith("已记") is False
    )  # what was said at the door is a record
