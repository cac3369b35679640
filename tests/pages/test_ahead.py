"""Figures made ahead: the pages show what they would show without, to the same readers, and not for long."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from bot import ahead
from bot.ahead import EVERY, make_ahead
from bot.pages.ready import OLDEST
from casework.people import Post
from storage import tables
from storage.erasing import erase
from tests.pages.county import TODAY, Visitor, application, made_store, say

FIGURES = ("/m/county", "/m/rates", *(f"/m/lists/{name}" for name in ahead.lists.LISTS))


@pytest.fixture
def store():
    made = made_store()
    for who, text in (("li", "李四辍学了，外出打工"), ("li", "是"), ("wang", "张三是留守儿童")):
        say(made, who, text, TODAY)
    yield made
    made.close()


@pytest.fixture
def site(store, tmp_path):
    return application(store, tmp=str(tmp_path))


@pytest.fixture(autouse=True)
def all_dear(monkeypatch):
    """In so small a county nothing is dear; as if everything were."""
    monkeypatch.setattr(ahead, "CHEAP", -1.0)


def names(store):
    table = tables.figures_ready
    with store.look(TODAY) as work:
        query = sa.select(table.c.name).where(work.session.here(table), table.c.content.is_not(None))
        return set(work.session.run(query).scalars())


def shown(visitor, path):
    """The page without what is made anew at every opening."""
    return re.sub(r'name="(csrf|once)" value="[^"]+"', "", visitor.get(path).text)


def live(store, tmp_path, who):
    visitor = Visitor(application(store, tmp=str(tmp_path / who))[0], who)
    return {path: shown(visitor, path) for path in FIGURES}


@pytest.mark.parametrize("who", ["zhou", "guan", "li", "huang"])
def test_a_page_shows_what_it_would_show_without(store, site, tmp_path, who):
    before = live(store, tmp_path, who)
    assert make_ahead(site[1]) > 40
    visitor = Visitor(site[0], who)
    for path, text in before.items():
        assert shown(visitor, path) == text, path


def test_what_was_made_is_what_is_shown(store, site):
    make_ahead(site[1])
    say(store, "wang", "张三是留守儿童", TODAY)
    say(store, "li", "王五辍学了，外出打工", TODAY)
    say(store, "li", "是", TODAY)
    site[1].now.moment = TODAY + dt.timedelta(minutes=5)
    text = Visitor(site[0], "zhou").get("/m/lists/visited").text
    assert ("王五" in text, "名单取自" in text) == (False, True)
    assert "王五" in Visitor(site[0], "li").get("/m/lists/visited").text, (
        "who reads less than the county waits for nothing"
    )
    site[1].now.moment = TODAY + OLDEST + dt.timedelta(minutes=1)
    assert "王五" in Visitor(site[0], "zhou").get("/m/lists/visited").text, "the jobs stand still"


def test_of_many_processes_one_makes(site):
    running = site[1]
    assert make_ahead(running) > 0
    assert make_ahead(running) == 0
    running.now.moment = TODAY + EVERY + dt.timedelta(seconds=1)
    assert make_ahead(running) > 0
    running.now.moment = TODAY.replace(hour=2) + dt.timedelta(days=1)
    assert make_ahead(running) == 0, "at night"


def test_each_set_of_roles_has_its_own(store, site):
    make_ahead(site[1])
    assert {"board/admin", "board/county", "list:placements/county"} <= names(store)
    with store.begin(TODAY) as work:
        work.people.put_post(Post("zhou", "teacher", "c1"))
    text = Visitor(site[0], "zhou").get("/m/lists/visited").text
    assert "名单取自" not in text, "who also teaches reads by other rules"


def test_what_is_cheap_is_not_kept(store, site, monkeypatch):
    make_ahead(site[1])
    monkeypatch.setattr(ahead, "CHEAP", 60.0)
    site[1].now.moment = TODAY + EVERY + dt.timedelta(seconds=1)
    assert make_ahead(site[1]) == 0
    assert names(store) == set()


def test_an_erased_child_stands_in_no_list_made_before(store, site):
    make_ahead(site[1])
    with store.begin(TODAY) as work:
        erase(work, "p1", "guan")
    assert names(store) == set()


def test_a_township_has_its_own_and_reads_no_other(store, site):
    make_ahead(site[1])
    assert {"board/township@t1", "board/township@t2", "rates/township@t1"} <= names(store)
    assert not any(name.startswith("list:") and "@" in name for name in names(store))
    one, other = (Visitor(site[0], who).page("/m/county") for who in ("huang", "hu"))
    assert ("青石镇中学" in one, "青石镇中学" in other) == (True, False)
