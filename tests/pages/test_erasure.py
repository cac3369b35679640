"""A child's personal data are erased by two persons on a written decision, or kept, which is noted as well."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from bot.erasing import ERASED
from casework.facts import Kind
from storage.evidence import Folder
from tests.pages.county import TODAY, Visitor, application, made_store, say

PAGE = "/m/settings/erase/p1"


@pytest.fixture
def store():
    return made_store()


@pytest.fixture
def site(store, tmp_path):
    return application(store, tmp=str(tmp_path / "files"))


@pytest.fixture
def app(site):
    return site[0]


def proposed(visitor):
    found = re.search(r'action="(/m/settings/waiting/[^"]+)"', visitor.page("/m/settings/waiting"))
    return found[1] if found else None


def decided(store):
    with store.look(TODAY) as work:
        return [m.text for m in work.outbox.sent_to("guan", TODAY.replace(hour=0)) if m.key.startswith("decided:")]


def dids(store):
    with store.look(TODAY) as work:
        return {(t.did, t.person) for t in work.audit.of("pupil:p1")}


def test_one_proposes_another_confirms_and_nothing_that_names_the_child_is_left(app, site, store, tmp_path):
    folder = Folder(tmp_path / "files", store.sealer)
    with store.begin(TODAY) as work:
        fact = next(f for f in work.cases.facts("p1") if f.kind is Kind.ABSENCE)
        stored = folder.write("e1", b"\xff\xd8\xff jpeg", "image/jpeg")
        work.evidence.bring("e1", stored, "wang", "image")
        work.evidence.attach("e1", pupil="p1", fact=fact.id)
        work.inbox.take_in("m1", "wang", "张三 缺勤", TODAY)
        work.inbox.answer("m1", "已记")
    admin, second = Visitor(app, "guan"), Visitor(app, "zhou")
    assert f'href="{PAGE}"' in admin.page("/m/pupil/p1")
    page = admin.page(PAGE)
    for words in ("还没有办结", "照片和文件1件", "会保留，但不写是谁"):
        assert words in page
    for _ in range(2):
        assert admin.post(PAGE, PAGE, what="erase", reason="教发〔2025〕9号").status_code == 303
    assert (
        admin.page("/m/settings/waiting").count("删除张三（青石镇中学八年级3班）的个人信息，依据：教发〔2025〕9号<")
        == 1
    )
    assert "等另一个人确认" in admin.page(PAGE)
    for page in (admin.page(PAGE), second.page("/m/settings/waiting")):
        assert "青石镇中学八年级3班，上坪村" in page, "which 张三"
    assert 'href="/m/pupil/p1">先核对这名学生' in second.page("/m/settings/waiting")
    path = proposed(admin)
    assert admin.post("/m/settings/waiting", path, answer="yes").status_code == 422
    assert "张三" in Visitor(app, "wang").page("/m/pupil/p1")
    assert "等您确认（1件）" in second.page("/m/todo"), "it does not hang on one message alone"
    assert "等您确认" not in admin.page("/m/todo")
    answer = second.post("/m/settings/waiting", path, answer="yes").text
    assert "已确认：删除张三" in answer
    assert "已经删除，不能恢复。请书面答复申请人。" in answer
    assert "等您确认" not in second.page("/m/todo")
    assert decided(store) == [
        "您提出的删除一名学生的个人信息（教发〔2025〕9号），已由周股长确认。已经删除，不能恢复。请书面答复申请人。"
    ]
    assert Visitor(app, "wang").get("/m/pupil/p1").status_code == 404
    with store.look(TODAY) as work:
        assert work.people.pupil("p1").name == ""
        assert work.cases.facts("p1"), "facts stay"
        assert {one.key: one.text for one in work.inbox.recent("wang", TODAY - dt.timedelta(days=1))}["m1"] == ""
        told = [m.text for m in work.outbox.sent_to("zhou", TODAY.replace(hour=0)) if m.key.startswith("propose:")]
    assert [("/m/settings/waiting" in text, "张三" in text) for text in told] == [(True, False)]
    assert list((tmp_path / "files").rglob("*.sealed")) == []
    kept = [json.loads(line) for line in (tmp_path / "files" / ERASED).read_text(encoding="utf-8").splitlines()]
    assert [(line["pupil"], line["reason"]) for line in kept] == [("p1", "教发〔2025〕9号")]
    assert {("propose_erase", "guan"), ("confirm_erase", "zhou"), ("erase", "zhou"), ("erase_reason", "zhou")} <= dids(
        store
    )
    assert proposed(second) is None
    assert second.post("/m/settings/waiting", path, answer="yes").status_code == 404


def test_refused_or_withdrawn_erases_nothing(app, store, tmp_path):
    admin, second = Visitor(app, "guan"), Visitor(app, "zhou")
    for who, said in ((second, "没有同意：删除张三"), (admin, "已撤回：删除张三")):
        admin.post(PAGE, PAGE, what="erase", reason="9月18日决定")
        assert said in who.post("/m/settings/waiting", proposed(admin), answer="no").text
    assert len(decided(store)) == 1, "who takes it back knows"
    assert "周股长没有同意。没有删除。请书面答复申请人并说明理由。" in decided(store)[0]
    assert "没有同意删除" in admin.page(PAGE)
    assert "张三" in Visitor(app, "wang").page("/m/pupil/p1")
    assert not (tmp_path / "files" / ERASED).exists()


def test_a_decision_to_keep_is_noted_with_its_number(app, store):
    admin = Visitor(app, "guan")
    assert "书面答复申请人并说明理由" in admin.post(PAGE, PAGE, what="keep", reason="教发〔2025〕10号").text
    assert "决定保留，不删除（教发〔2025〕10号）" in admin.page(PAGE)
    assert ("keep_data", "guan") in dids(store)


@pytest.mark.parametrize("fields", [
    {"what": "erase", "reason": ""}, {"what": "", "reason": "9号"}, {"what": "all", "reason": "9号"}, {"what": "erase", "reason": "张三家长申请"},
])  # fmt: skip
def test_without_decision_number_or_with_the_name_nothing_is_proposed(app, fields):
    admin = Visitor(app, "guan")
    assert admin.post(PAGE, PAGE, **fields).status_code == 422
    assert proposed(admin) is None


@pytest.mark.parametrize("who", ["zhou", "li", "wang"])
def test_nobody_but_the_administrator_proposes(app, who):
    visitor = Visitor(app, who)
    assert PAGE not in visitor.page("/m/pupil/p1")
    assert visitor.get(PAGE).status_code == 403
    assert visitor.post("/m/todo", PAGE, what="erase", reason="9号").status_code == 403


def test_a_message_that_came_while_others_were_looked_through_is_blanked_too(store):
    from storage.erasing import erase, messages_naming

    with store.look(TODAY) as work:
        named = messages_naming(work.session, "张三")
    say(store, "wang", "查 张三", TODAY)
    with store.begin(TODAY) as work:
        work.inbox.take_in("late", "wang", "张三 今天又没来", TODAY)
        work.inbox.answer("late", "已记")
        work.inbox.keep_unknown("wang", "张三咋整")
    with store.begin(TODAY) as work:
        erase(work, "p1", "guan", named)
    with store.look(TODAY) as work:
        assert messages_naming(work.session, "张三").ids == {"inbox": [], "unknowns": [], "outbox": [], "talks": []}


def test_a_name_looked_through_for_is_no_other_childs(store):
    from storage.erasing import erase, messages_naming

    with store.begin(TODAY) as work:
        work.inbox.keep_unknown("wang", "李四咋整")
        work.inbox.keep_unknown("wang", "张三咋整")
    with store.look(TODAY) as work:
        named = messages_naming(work.session, "李四")
    with store.begin(TODAY) as work:
        erase(work, "p1", "guan", named)
    with store.look(TODAY) as work:
        assert [unknown.text for unknown in work.inbox.unknowns()] == ["李四咋整"]
