"""A child found out of school is held against the registers: who is asked about, who is not, and what a report learns."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.desks import desk_for
from casework.facts import Kind
from handlers import finding
from tests.pages.county import TODAY, Visitor, application, made_store, say

ID = "441622201201010011"


@pytest.fixture
def store():
    """张三 (p1) of the village v1, born 2012-01-01; a child of the same name in another township (p100)."""
    store = made_store()
    with store.begin(TODAY) as work:
        one, far = work.people.pupil("p1"), work.people.pupil("p100")
        details = {"id_number": ID, "born": "2012-01-01", "guardian": "张大山"}
        work.people.put_pupil(one, details)
        work.people.put_pupil(replace(far, name="孟小远"), {"born": "2015-03-03", "guardian": "孟大"})
    return store


def likely(store, who="zhou", **slots):
    with store.look(TODAY) as work:
        return {one.pupil.id: one.why for one in finding.likely(desk_for(work, who, "x"), slots)}


@pytest.mark.parametrize(("slots", "why"), [
    ({"name": "不同名", "id_number": ID}, "身份证号一致"),
    ({"name": "张三", "note": f"身份证{ID}"}, "身份证号一致"),
    ({"name": "张三", "born": "2012-01-01"}, "姓名、出生日期相符"),
    ({"name": "张三", "guardian": "张大山"}, "姓名、监护人相符"),
    ({"name": "张三", "age": 14}, "姓名、年龄相符"),  # 虚岁
    ({"name": "张三", "age": 9, "place": "上坪村"}, "姓名、村相符，年龄不同"),
    ({"name": "张三"}, "同名，别的都没有登记"),
    ({"name": "张三", "age": 9}, None),
    ({"name": "张三", "born": "2016-05-05", "guardian": "李四"}, None),
    ({"name": "张三", "id_number": "441622201605050012", "age": 13}, None),
    ({"name": "没有这个人"}, None),
])  # fmt: skip
def test_who_may_be_the_same_child(store, slots, why):
    assert likely(store, **slots).get("p1") == why


def test_a_struck_child_is_nobody(store):
    with store.begin(TODAY) as work:
        work.people.put_pupil(replace(work.people.pupil("p1"), struck=True))
    assert likely(store, name="张三", born="2012-01-01") == {}


def test_a_report_learns_nothing_about_a_child_out_of_reach(store):
    said = say(store, "liu", "摸排发现孟小远10岁没上学，住上坪村", TODAY)
    assert said.startswith("已记：孟小远")
    with store.begin(TODAY) as work:
        told = {
            o.message.to
            for o in work.outbox.claim(dt.datetime(2100, 1, 1), 500, 60)
            if "可能是同一个孩子" in o.message.text
        }
    assert "zhou" in told
    assert "liu" not in told
    assert "huang" not in told


def test_two_children_of_one_message_are_entered_once_each(store):
    text = "摸排发现张三13岁没上学，还有陈小花8岁没上学，都住上坪村"
    said = say(store, "liu", text, TODAY)
    assert "请核对" in said
    said += say(store, "liu", "不是", TODAY + dt.timedelta(minutes=1))
    with store.look(TODAY) as work:
        found = [f for f in work.cases.facts_between(TODAY.date(), TODAY.date()) if f.kind is Kind.FOUND]
        names = sorted(work.people.pupil(f.pupil).name for f in found)
    assert names == ["张三", "陈小花"], said


def test_on_the_page_the_number_comes_first_and_is_asked_about(store, tmp_path):
    visitor = Visitor(application(store, tmp=str(tmp_path))[0], "liu")
    response = visitor.post("/m/new/found", "/m/new/found", name="张小三", id_number=ID, place="上坪村")
    assert "身份证号一致" in response.text
    assert "不是，登记为新发现的孩子" in response.text
    with store.look(TODAY) as work:
        assert not any(f.kind is Kind.FOUND for f in work.cases.facts("p1"))
