"""A post over the whole county takes two persons; one alone cannot make an administrator by any way through the pages."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from tests.pages.county import TODAY, Visitor

PERSON = "/m/settings/person/wang"


def roles(own_store, person="wang"):
    with own_store.look(TODAY) as work:
        return {p.role for p in work.world.directory.posts_of(person, TODAY.date())}


def proposed(admin):
    text = admin.page("/m/settings/waiting")
    return re.search(r'action="(/m/settings/waiting/[^"]+)"', text)[1]


@pytest.mark.parametrize("role", ["admin", "county"])
def test_one_proposes_and_another_confirms(own_app, own_store, role):
    admin, second = Visitor(own_app, "guan"), Visitor(own_app, "zhou")
    for _ in range(2):
        admin.post(PERSON, f"{PERSON}/post", role=role)
    page = admin.page(PERSON)
    assert page.count("确认后才生效") == 1, "proposed twice it is one proposal"
    assert "fault" not in page, "what was done is no fault"
    assert role not in roles(own_store)
    path = proposed(admin)
    alone = admin.post("/m/settings/waiting", path, answer="yes")
    assert (alone.status_code, "不能自己确认" in alone.text) == (422, True)
    assert role not in roles(own_store)
    assert "等您确认（1件）" in second.page("/m/todo")
    answer = second.post("/m/settings/waiting", path, answer="yes").text
    assert "已确认：王老师" in answer
    assert "职务已经生效。" in answer
    with own_store.look(TODAY) as work:
        back = [m.text for m in work.outbox.sent_to("guan", TODAY.replace(hour=0)) if m.key.startswith("decided:")]
    assert len(back) == 1
    assert back[0].startswith("您提出的王老师（wang）：")
    assert back[0].endswith("已由周股长确认。职务已经生效。")
    assert role in roles(own_store)
    with own_store.look(TODAY) as work:
        assert {("propose_post", "guan"), ("confirm_post", "zhou")} <= {
            (t.did, t.person) for t in work.audit.of("person:wang")
        }
        told = [
            m.text for m in work.outbox.sent_to("zhou", TODAY - dt.timedelta(days=1)) if m.key.startswith("propose:")
        ]
    # Who is no administrator has no menu that leads there.
    assert [text.endswith("/m/settings/waiting") for text in told] == [True]
    assert second.post("/m/settings/waiting", path, answer="yes").status_code == 404


def test_refused_or_withdrawn_gives_nothing(own_app, own_store):
    admin, second = Visitor(own_app, "guan"), Visitor(own_app, "zhou")
    for who, said in ((second, "没有同意：王老师"), (admin, "已撤回：王老师")):
        admin.post(PERSON, f"{PERSON}/post", role="admin")
        assert said in who.post("/m/settings/waiting", proposed(admin), answer="no").text
    assert "没有等待确认的事项" in admin.page("/m/settings/waiting")
    assert roles(own_store) == {"teacher"}


def test_who_gets_the_post_does_not_confirm_it(own_app, own_store):
    admin, zhou = Visitor(own_app, "guan"), Visitor(own_app, "zhou")
    admin.post("/m/settings/person/zhou", "/m/settings/person/zhou/post", role="admin")
    assert zhou.post("/m/settings/waiting", proposed(admin), answer="yes").status_code == 422
    assert roles(own_store, "zhou") == {"county"}


def test_a_closed_account_comes_back_without_the_post_over_the_whole_county(own_app, own_store):
    admin = Visitor(own_app, "guan")
    address = "/m/settings/person/zhou"
    admin.post(address, f"{address}/active", active="0")
    assert admin.post(address, f"{address}/active", active="1").status_code == 303
    with own_store.look(TODAY) as work:
        assert work.people.person("zhou").active
        assert [p for p in work.people.posts("zhou") if p.holds(TODAY.date())] == []
    assert Visitor(own_app, "zhou").get("/m/todo").status_code == 303, "to the login"
