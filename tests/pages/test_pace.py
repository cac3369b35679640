"""Nobody can ask for pages without end: not one person, not one address, and strangers least of all."""

from __future__ import annotations

import pytest

from bot.pages import door
from bot.pages.pace import Pace
from storage.engine import Unavailable
from tests.pages.county import Visitor, application, made_store


def test_each_minute_begins_anew_and_keys_are_apart():
    now = [0.0]
    pace = Pace(clock=lambda: now[0])
    assert [pace.allows("a", 2) for _ in range(3)] == [True, True, False]
    assert pace.allows("b", 2)
    now[0] = 60.0
    assert pace.allows("a", 2)


def test_two_processes_share_a_limit_and_a_flood_is_told_in_tenths():
    told = []

    def share(key, minute, many):
        told.append(many)
        return sum(told)

    here, there = (Pace(share, lambda: 0.0) for _ in range(2))
    let_in = [here.allows("a", 300) + there.allows("a", 300) for _ in range(2000)]
    assert 300 <= sum(let_in) <= 300 + 2 * 30
    assert len(told) <= 12


def test_who_reads_as_people_do_is_never_told_to_the_others():
    pace = Pace(lambda *told: pytest.fail("told"), lambda: 0.0)
    assert all(pace.allows("a", 300) for _ in range(29))


def test_two_applications_of_one_database_count_together_and_alone_while_it_is_away(tmp_path, monkeypatch):
    monkeypatch.setattr(door, "PER_PERSON", 5)
    monkeypatch.setattr(door, "Pace", lambda share: Pace(share, lambda: 0.0))
    store = made_store()
    here, there = (Visitor(application(store, tmp=str(tmp_path))[0], "wang") for _ in range(2))
    answers = [visitor.get("/m/todo").status_code for _ in range(4) for visitor in (here, there)]
    assert (answers.count(200), answers[-2:]) == (5, [429, 429])
    bot = here.client.application.extensions["kongchuo"]

    def away(*given, **more):
        raise Unavailable("away")

    monkeypatch.setattr(type(bot.store), "begin", away)
    assert door._asked(bot, "person:wang", 0, 1) == 0


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.setattr(door, "PER_PERSON", 5)
    monkeypatch.setattr(door, "STRANGERS", 4)
    monkeypatch.setattr(door, "PER_ADDRESS", 20)
    monkeypatch.setattr(door, "Pace", lambda share: Pace(share, lambda: 0.0))
    return application(made_store(), tmp=str(tmp_path))[0]


def test_one_person_is_turned_away_and_others_are_not(app):
    wang, li = Visitor(app, "wang"), Visitor(app, "li")
    answers = [wang.get("/m/todo").status_code for _ in range(7)]
    assert (answers[:5], answers[5:]) == ([200] * 5, [429] * 2)
    assert li.get("/m/todo").status_code == 200


def test_strangers_of_one_address_are_turned_away_and_those_of_another_are_not(app):
    client = app.test_client()
    answers = [client.get("/m/login").status_code for _ in range(6)]
    assert answers == [200] * 4 + [429] * 2
    assert client.get("/m/login", environ_base={"REMOTE_ADDR": "10.1.1.1"}).status_code == 200


def test_many_people_behind_one_address_have_a_limit_too(app):
    people = [Visitor(app, who) for who in ("wang", "li")]
    for visitor in people:
        for _ in range(5):
            visitor.get("/m/todo")
    with people[0].client.session_transaction(path="/m") as session:
        session["person"] = "zhou"
    answers = [people[0].get("/m/todo").status_code for _ in range(8)]
    assert answers[-1] == 429
