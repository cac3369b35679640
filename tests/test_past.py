"""The past of the made-up county: whatever the day on which the demo begins, it holds together."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.madeup import fill, make_county
from bot.past import past_of, remember
from handlers.understanding import names
from tests.support.stores import fresh_store

MORNINGS = [
    dt.datetime(2025, 9, 1, 8),
    dt.datetime(2025, 9, 10, 8),
    dt.datetime(2026, 5, 12, 8),
    dt.datetime(2026, 7, 20, 8),
]


@pytest.mark.parametrize("now", MORNINGS)
def test_every_record_lies_before_now_and_on_a_day_of_school(now: dt.datetime) -> None:
    county = make_county(now.date())
    facts = past_of(county, now)
    assert len({fact.id for fact in facts}) == len(facts)
    assert all(fact.at < now for fact in facts)
    last = [term for term in county.terms if term[0] <= now.date()][-2]
    assert any(last[0] <= fact.on <= last[1] for fact in facts)
    holders = {(post.person, post.role) for post in county.posts}
    assert {(fact.by, fact.role) for fact in facts} <= holders


def test_in_the_middle_of_a_term_every_state_is_there_to_be_seen() -> None:
    now = MORNINGS[2]
    county, store = make_county(now.date()), fresh_store("sqlite://", pack="longchuan", opened=now, fold=names)
    fill(store, county, now)
    remember(store, county, now)
    with store.look(now) as work:
        states = {case.state for case in work.cases.cases([p.id for p in county.pupils]).values()}
    assert states == {"in_school", "absent", "suspected", "dropout", "observed", "on_leave", "home_taught"}
