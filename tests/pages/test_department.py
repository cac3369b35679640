"""A department's dated link: its own items and nothing else, answered as its own word, over on its day or when taken back."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from bot.desks import desk_for
from bot.reception import Reception
from bot.wecom.messages import Inbound
from handlers.conversation import answer
from storage.links import links as rows
from tests.pages.county import CSRF, ONCE, ROLES, TODAY, application, made_store, say

PATH = re.compile(r"/m/d/([\w-]{43})")


@pytest.fixture
def store():
    store = made_store()
    say(store, "li", "确认张三辍学，失踪失联", TODAY - dt.timedelta(minutes=9))
    say(store, "li", "是", TODAY - dt.timedelta(minutes=8))
    say(store, "li", "转介 李四 给民政：请核实救助", TODAY - dt.timedelta(minutes=7))
    return store


def given(store, words: str, who: str = "zhou", at: dt.datetime = TODAY) -> str:
    """The path that the clerk is told."""
    with store.begin(at) as work:
        said = answer(desk_for(work, who, f"chat:{at.isoformat()}:{words}"), words)
    return said.link


@pytest.fixture
def running(store):
    return application(store)


@pytest.fixture
def police(store, running):
    return Outside(running[0].test_client(), given(store, "给公安局链接，到9月30日"))


class Outside:
    """Somebody at a department with nothing but the address."""

    def __init__(self, client, path: str) -> None:
        self.client, self.path = client, path

    def page(self, rest: str = "") -> str:
        response = self.client.get(self.path + rest)
        assert response.status_code == 200, response.status_code
        return response.text

    def forms(self) -> list[str]:
        return re.findall(rf'href="{self.path}(/[^"]+)"', self.page())

    def answer(self, rest: str, **fields: str):
        text = self.page(rest)
        tokens = {"csrf": CSRF.search(text)[1], "once": ONCE.search(text)[1]}
        return self.client.post(self.path + rest, data=tokens | fields)


def test_the_link_shows_the_departments_own_items_alone(store, police):
    text = police.page()
    assert "公安：请答复的事项" in text
    assert "张三" in text
    assert "请核实并书面回复：失踪失联" in text
    assert "李四" not in text
    assert "救助" not in text
    civil = Outside(police.client, given(store, "给民政局链接"))
    assert "李四" in civil.page()
    assert "张三" not in civil.page()


def test_of_the_register_stands_there_what_it_takes_to_know_the_child(police):
    text = police.page()
    assert "441622**********1" in re.sub(r"\*+", "**********", text)
    assert "441622201201010011" not in text
    assert "13800000000" not in text
    assert "张大山" in text
    assert "打电话没人接" not in text
    assert "家里没人" not in text


def test_an_answer_is_the_departments_own_word_and_ends_the_verification(store, police):
    form = police.forms()[0]
    done = police.answer(form, result="settled", words="在东莞务工，已联系上", who="陈警官 民警")
    assert done.status_code == 303
    text = police.page()
    assert "现在没有等您单位答复的事项" in text
    assert "在东莞务工，已联系上" in text
    said = say(store, "li", "查 张三", TODAY + dt.timedelta(minutes=5))
    assert "已完成：请公安核实，部门在网上填写（公安回复（陈警官 民警）：在东莞务工，已联系上）——公安（凭链接）" in said
    assert "请公安核实" not in said.split("记录：")[0]


def test_sent_twice_it_stands_once(store, police):
    form = police.forms()[0]
    text = police.page(form)
    fields = {
        "csrf": CSRF.search(text)[1],
        "once": ONCE.search(text)[1],
        "result": "settled",
        "words": "已核实",
        "who": "陈",
    }
    first, second = (police.client.post(police.path + form, data=fields) for _ in range(2))
    assert first.location.endswith("said=kept")
    assert second.location.endswith("said=answered")
    with store.look(TODAY) as work:
        assert sum(f.by == "公安（凭链接）" for f in work.cases.facts("p1")) == 1


def test_how_it_goes_is_kept_and_settles_nothing(store, police):
    police.answer(police.forms()[0], result="underway", words="已发协查", who="陈警官")
    assert "张三" in police.page()
    assert len(police.forms()) == 2
    assert "办理进展，部门在网上填写（公安回复（陈警官）：已发协查）" in say(
        store, "li", "查 张三", TODAY + dt.timedelta(minutes=5)
    )
    with store.look(TODAY) as work:
        assert any(d.rule == "police_check" for d in work.cases.duties("p1"))


def test_a_wrong_answer_is_put_right_by_a_later_one(store, police):
    police.answer(police.forms()[0], result="settled", words="查无此人", who="陈警官")
    (again,) = police.forms()
    police.answer(again, result="settled", words="人在东莞", who="陈警官")
    assert "查无此人" not in police.page()
    assert "人在东莞" in police.page()
    said = say(store, "li", "查 张三", TODAY + dt.timedelta(minutes=5))
    assert "查无此人）——公安（凭链接）（已撤销）" in said
    assert "更正：人在东莞" in said


def test_that_a_child_is_alive_closes_no_case(store):
    say(store, "li", "确认王五辍学，死亡", TODAY - dt.timedelta(minutes=3))
    say(store, "li", "是", TODAY - dt.timedelta(minutes=2))
    police = Outside(application(store)[0].test_client(), given(store, "给公安链接"))
    form = next(form for form in police.forms() if "王五" in police.page(form))
    assert "已核实，不属实" in police.page(form)
    police.answer(form, result="not_so", words="人在广州", who="陈警官")
    with store.look(TODAY) as work:
        assert work.cases.case("p3").state == "dropout"
        assert any(d.rule == "police_check" for d in work.cases.duties("p3"))
    police.answer(form, result="settled", words="死亡，户口已注销", who="陈警官")
    with store.look(TODAY) as work:
        assert work.cases.case("p3").state == "left"


def test_those_who_wait_hear_of_the_answer(store, police):
    police.answer(police.forms()[0], result="settled", words="人在东莞", who="陈警官")
    with store.begin(TODAY) as work:
        claimed = work.outbox.claim(dt.datetime(2100, 1, 1), 500, 60)
        told = {one.message.to for one in claimed if "人在东莞" in one.message.text}
    assert told == {"li", "huang", "zhou"}


@pytest.mark.parametrize("end", ["revoked", "over", "new", "none"])
def test_a_link_that_is_over_is_answered_like_one_that_never_was(store, running, police, end):
    _app, bot = running
    form = police.forms()[0]
    if end == "revoked":
        say(store, "zhou", "收回公安链接", TODAY)
    elif end == "over":
        bot.now.moment = dt.datetime(2025, 10, 1, 0, 1)
    elif end == "new":
        given(store, "给公安链接", at=TODAY + dt.timedelta(minutes=9))
    path = police.path[:-4] + "AAAA" if end == "none" else police.path
    for rest in ("", form):
        response = police.client.get(path + rest)
        assert response.status_code == 404
        assert "这个地址打不开" in response.text
        assert "张三" not in response.text


def test_the_last_day_counts(running, police):
    running[1].now.moment = dt.datetime(2025, 9, 30, 23, 59)
    assert "张三" in police.page()


def test_nothing_else_opens_by_it(running, police):
    police.page()
    for path in ("/m/todo", "/m/pupil/p1", "/m/lists/departments", "/m/county", "/m/settings", "/m/photo/1"):
        response = police.client.get(path)
        assert response.status_code == 303
        assert "/m/login" in response.location
    for item in ("p1", "nobody", "x:police_check"):
        assert police.client.get(f"{police.path}/{item}").status_code == 404


def test_another_departments_item_does_not_open(store, police):
    civil = Outside(police.client, given(store, "给民政局链接"))
    theirs = civil.forms()[0]
    assert police.client.get(police.path + theirs).status_code == 404
    text = civil.page(theirs)
    fields = {"csrf": CSRF.search(text)[1], "once": "x", "result": "settled", "words": "不用管", "who": "某"}
    police.client.post(police.path + theirs, data=fields)
    assert len(civil.forms()) == 1


def test_the_token_is_nowhere_in_the_database(store, police):
    token = PATH.search(police.path)[1]
    with store.engine.connect() as connection:
        tables = rows.metadata.tables.values()
        everything = [
            connection.execute(t.select().where(t.c.county_id == store.county)).all() for t in tables if t.c.keys()
        ]
    assert "公安" in str(everything)
    assert token not in str(everything)


def test_the_reply_that_is_kept_has_no_address(store):
    reception = Reception(
        store, lambda: TODAY, lambda: dt.datetime(2025, 9, 18, 6), public_url="https://kc.example.cn/"
    )
    inbound = Inbound("text", "zhou", msg_id="m1", content="给公安链接")
    first, again = reception.answer(inbound), reception.answer(inbound)
    assert re.search(r"https://kc\.example\.cn/m/d/[\w-]{43}\n", first.text)
    assert "/m/d/" not in again.text
    assert "没收到地址请再发一次" in again.text


def test_every_look_and_answer_is_in_the_trail(store, police):
    police.answer(police.forms()[0], result="settled", words="人在东莞", who="陈警官")
    with store.look(TODAY) as work:
        trail = [(t.did, t.detail.get("department")) for t in work.audit.of("pupil:p1") if t.person.startswith("link:")]
        given_out = [t.detail for t in work.audit.by("zhou") if t.did == "link_given"]
    assert trail.count(("look", "公安")) >= 2
    assert ("answered", "公安") in trail
    assert given_out == [{"department": "公安", "until": "2025-09-30"}]


def test_search_engines_and_other_sites_do_not_learn_of_it(police):
    response = police.client.get(police.path)
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("role", [r for r in ROLES if r not in ("county", "admin")])
def test_only_the_county_gives_links(store, role):
    assert given(store, "给公安链接", ROLES[role]) == ""
