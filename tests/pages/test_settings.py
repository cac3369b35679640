"""What the administrator changes takes hold at once, is refused with a sentence when it is wrong, and is in the trail."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from casework.policy import Policy
from storage.outbox import Outgoing
from tests.pages.county import TODAY, Visitor

RULES_IN_FORCE = len(Policy.load("longchuan", None).on(TODAY.date()))


def test_a_new_colleague_with_a_post_sees_the_class(own_app, admin):
    admin.post("/m/settings/people", "/m/settings/people", userid="xin", name="新老师")
    assert Visitor(own_app, "xin").get("/m/todo").status_code == 303
    admin.post(
        "/m/settings/person/xin", "/m/settings/person/xin/post", role="teacher", unit="青石镇/青石镇中学/九年级1班"
    )
    assert "九年级1班" in Visitor(own_app, "xin").page("/m/roll")


def test_a_post_that_ends_ends_what_is_seen(own_app, admin):
    teacher = Visitor(own_app, "wang")
    teacher.page("/m/pupil/p1")
    number = re.search(r'name="number" value="([^"]+)"', admin.page("/m/settings/person/wang"))[1]
    assert admin.post("/m/settings/person/wang", "/m/settings/person/wang/end", number=number).status_code == 303
    assert teacher.get("/m/pupil/p1").status_code == 303
    assert "到昨天9月17日" in admin.page("/m/settings/person/wang")


def test_a_colleague_who_leaves_is_out_and_may_come_back(own_app, admin):
    teacher = Visitor(own_app, "wang")
    admin.post("/m/settings/person/wang", "/m/settings/person/wang/active", active="0")
    assert teacher.get("/m/todo").status_code == 303
    admin.post("/m/settings/person/wang", "/m/settings/person/wang/active", active="1")
    assert Visitor(own_app, "wang").get("/m/todo").status_code == 303, "the posts were ended with the account"
    unit = "青石镇/青石镇中学/八年级3班"
    said = admin.post("/m/settings/person/wang", "/m/settings/person/wang/post", role="teacher", unit=unit)
    assert said.status_code == 303, said.text
    assert Visitor(own_app, "wang").get("/m/todo").status_code == 200


def test_an_administrator_does_not_lock_themselves_out(admin):
    response = admin.post("/m/settings/person/guan", "/m/settings/person/guan/active", active="0")
    assert (response.status_code, "不能停用自己" in response.text) == (422, True)


@pytest.mark.parametrize(("fields", "sentence"), [
    ({"role": "teacher", "unit": "青石镇/青石镇中学"}, "班主任要选一个班级"),
    ({"role": "village", "unit": ""}, "村干部要选一个村"),
    ({"role": "king", "unit": "青石镇"}, "请选择角色"),
    ({"role": "township", "unit": "青石镇", "since": "2025-09-10", "until": "2025-09-01"}, "结束日期早于开始日期"),
    ({"role": "township", "unit": "青石镇", "deputy_for": "nobody"}, "没有这个被代理人"),
])  # fmt: skip
def test_a_wrong_post_is_refused_with_a_sentence(admin, own_store, fields, sentence):
    response = admin.post("/m/settings/person/wang", "/m/settings/person/wang/post", **fields)
    assert response.status_code == 422
    assert sentence in response.text
    with own_store.look(TODAY) as work:
        assert len(work.people.posts("wang")) == 1


@pytest.mark.parametrize(("userid", "name"), [("", "张"), ("a b", "张"), ("<b>", "张"), ("ok", "")])
def test_a_wrong_colleague_is_refused(admin, own_store, userid, name):
    assert admin.post("/m/settings/people", "/m/settings/people", userid=userid, name=name).status_code == 422


def test_days_without_school_move_what_is_due(admin, own_store):
    response = admin.post(
        "/m/settings/calendar", "/m/settings/calendar", kind="no_teach", since="2025-09-19", until="2025-09-19", unit=""
    )
    assert response.status_code == 303
    with own_store.look(TODAY) as work:
        assert not work.world.calendar.county.is_school_day(dt.date(2025, 9, 19))
    page = admin.page("/m/settings/calendar")
    assert "停课放假" in page
    assert "2025年9月19日（周五）" in page, "terms of several years stand there"
    admin.post(
        "/m/settings/calendar",
        "/m/settings/calendar/drop",
        kind="no_teach",
        since="2025-09-19",
        until="2025-09-19",
        unit="",
    )
    with own_store.look(TODAY) as work:
        assert work.world.calendar.county.is_school_day(dt.date(2025, 9, 19))


@pytest.mark.parametrize("fields", [
    {"kind": "term", "since": "", "until": ""}, {"kind": "term", "since": "2026-03-01", "until": "2026-02-01"},
    {"kind": "party", "since": "2026-03-01"}, {"kind": "teach", "since": "2026-03-01", "unit": "没有这个单位"},
    {"kind": "term", "since": "2026-03-01", "until": "2026-07-01", "unit": "青石镇"}, {"kind": "no_teach", "since": "2020-01-01", "until": "2030-01-01"},
])  # fmt: skip
def test_a_wrong_stretch_of_days_is_refused(admin, own_store, fields):
    with own_store.look(TODAY) as work:
        before = work.people.days()
    assert admin.post("/m/settings/calendar", "/m/settings/calendar", **fields).status_code == 422
    with own_store.look(TODAY) as work:
        assert work.people.days() == before


def test_every_rule_stands_with_number_and_clause(admin):
    text = admin.page("/m/settings/policy")
    assert re.search(r"书面报告乡镇和县教育局.*?缺勤第5个上学日.*?LC-17", text, re.S)
    off = text.partition("本县不适用（")[2]
    assert "每周台账核查" in off
    assert "每周台账核查" not in text.replace(off, "")


@pytest.mark.parametrize(
    ("asked", "rules", "unfolded"),
    [("", RULES_IN_FORCE, 0), ("?q=LC-17", 2, 2), ("?q=书面报告乡镇和县教育局", 1, 1), ("?q=没有这样的字", 0, 0),
     ("?open=1", RULES_IN_FORCE, RULES_IN_FORCE)],
)  # fmt: skip
def test_rules_are_folded_found_by_their_words_and_unfolded_to_be_printed(admin, asked, rules, unfolded):
    text = admin.page(f"/m/settings/policy{asked}")
    assert len(re.findall(r'<details class="cell rule"', text)) == rules
    assert len(re.findall(r'<details class="cell rule" open', text)) == unfolded
    assert ("没有规则写到" in text) == (rules == 0)


def test_what_was_not_understood_is_listed_until_dealt_with(own_app, admin, own_store):
    with own_store.begin(TODAY) as work:
        work.inbox.keep_unknown("wang", "<i>今天天气不错</i>")
    page = admin.page("/m/settings/unknown")
    assert "&lt;i&gt;今天天气不错" in page
    admin.post("/m/settings/unknown", re.search(r'action="(/m/settings/unknown/[^"]+)"', page)[1])
    assert "都看懂了" in admin.page("/m/settings/unknown")


def test_a_dead_letter_is_sent_again(admin, own_store):
    with own_store.begin(TODAY) as work:
        work.outbox.queue(Outgoing("k1", "wang", "请联系家长", TODAY))
        claimed = next(c for c in work.outbox.claim(TODAY, 100, 60) if c.message.key == "k1")
        work.outbox.dead(claimed.id, TODAY, "81013 全部接收人无效")
    page = admin.page("/m/settings/letters")
    assert "给王老师，试了1次：81013" in page
    address = re.search(r'action="(/m/settings/letters/[^"]+)"', page)[1]
    assert admin.post("/m/settings/letters", address).status_code == 303
    with own_store.look(TODAY) as work:
        assert work.outbox.dead_letters() == []
    assert admin.post("/m/settings", address).status_code == 404


def test_each_change_is_in_the_trail(admin, own_store):
    admin.post("/m/settings/people", "/m/settings/people", userid="xin", name="新老师")
    with own_store.look(TODAY) as work:
        assert [(t.did, t.person, t.place) for t in work.audit.of("person:xin")] == [
            ("put_person", "guan", f"page {admin.address}")
        ]


@pytest.mark.parametrize("path", ["/m/settings/people", "/m/settings/calendar", "/m/settings/person/wang/active"])
@pytest.mark.parametrize("who", ["wang", "li", "zhou"])
def test_nobody_else_changes_anything(own_app, own_store, who, path):
    fields = {"userid": "x", "name": "x", "kind": "teach", "since": "2026-03-01", "active": "0"}
    assert Visitor(own_app, who).post("/m/todo", path, **fields).status_code == 403
    with own_store.look(TODAY) as work:
        assert work.people.person("x") is None
        assert work.people.person("wang").active


def test_the_staff_are_searched_by_name_account_or_unit(own_app):
    admin = Visitor(own_app, "guan")
    for words, who in (("王老师", "wang"), ("liu", "liu"), ("河东村", "dong")):
        page = admin.search(words, "/m/settings/people", "/m/settings/search")
        assert set(re.findall(r"/m/settings/person/(\w+)\"", page)) == {who}
    assert "没有找到这个人" in admin.search("没有此人", "/m/settings/people", "/m/settings/search")
