"""Properties, with the real rules: order does not matter, rebuild finds nothing, and no scope leaks."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools

import hypothesis
import pytest
from hypothesis import strategies as st

from casework.facts import OUTCOMES, REASON_CODES, Fact, Kind
from casework.people import Person, Post, Pupil
from storage.rebuilding import rebuild
from tests.storage.county import NOW, PUPILS, STAFF, settle, sweep
from tests.support.stores import fresh_store

pytestmark = pytest.mark.broad

FIRST = dt.date(2025, 9, 1)
GENERATE = (
    hypothesis.Phase.explicit,
    hypothesis.Phase.reuse,
    hypothesis.Phase.generate,
)  # shrinking takes minutes here
few = hypothesis.settings(max_examples=12, phases=GENERATE, suppress_health_check=list(hypothesis.HealthCheck))


def made(number: int, kind: Kind, pupil: str, day: int, minutes: int, data: dict) -> Fact:
    on = FIRST + dt.timedelta(days=day)
    at = dt.datetime.combine(on, dt.time(7)) + dt.timedelta(minutes=minutes)
    return Fact(f"f{number:03}", kind, on, at, "wang", "teacher", pupil, None, data, f"m{number}")


DATA = st.one_of(
    st.tuples(st.just(Kind.ABSENCE), st.fixed_dictionaries({}, optional={"reason": st.sampled_from(["生病", "打工"]), "reason_code": st.sampled_from(REASON_CODES)})),
    st.tuples(st.sampled_from([Kind.CONTACT, Kind.VISIT]), st.fixed_dictionaries({"outcome": st.sampled_from(OUTCOMES)})),
    st.tuples(st.just(Kind.RETURN), st.just({})),
    st.tuples(st.just(Kind.DROPOUT), st.fixed_dictionaries({"reason_code": st.sampled_from(REASON_CODES)})),
    st.tuples(st.just(Kind.MARK), st.just({"group": "at_risk"})),
    st.tuples(st.just(Kind.PLATFORM_FLAG), st.just({})),
)  # fmt: skip
FACTS = st.lists(
    st.tuples(DATA, st.sampled_from(["p1", "p2", "p4"]), st.integers(0, 40), st.integers(0, 700)), max_size=10
)


def facts_of(drawn, voids) -> list[Fact]:
    facts = [made(n, kind, pupil, day, minutes, data) for n, ((kind, data), pupil, day, minutes) in enumerate(drawn)]
    for number, at in enumerate(sorted({v % len(facts) for v in voids}) if facts else (), 500):
        gone = facts[at]
        facts.append(dataclasses.replace(made(number, Kind.VOID, gone.pupil or "", 41, 0, {"facts": [gone.id]})))
    return facts


def standing(store, now):
    """All projections of a county: cases, and duties with their hints."""
    with store.look(now) as work:
        ids = [pupil.id for pupil in PUPILS]
        duties = [(duty, duty.hint) for duty in work.cases.duties(status=None)]
        return work.cases.cases(ids), sorted(duties, key=lambda pair: pair[0].id)


def lived(facts: list[Fact]):
    """A county in which these facts were told as they happened, the sweep running between them."""
    store = fresh_store()
    settle(store)
    for fact in sorted(facts, key=lambda f: (f.at, f.id)):
        with store.begin(fact.at) as work:
            sweep(work)
            work.cases.append([fact])
    return store


@few
@hypothesis.given(FACTS, st.lists(st.integers(0, 20), max_size=2), st.randoms())
def test_told_in_any_order_the_same_stands(drawn, voids, random):
    facts = facts_of(drawn, voids)
    end = dt.datetime(2025, 11, 3, 18)
    live = lived(facts)
    with live.begin(end) as work:
        sweep(work)
    assert rebuild(live, end, check=True) == []
    shuffled = facts[:]
    random.shuffle(shuffled)
    late = fresh_store()
    settle(late)
    with late.begin(end) as work:
        for fact in shuffled:
            work.cases.append([fact])
        sweep(work)
    for store in (live, late):
        rebuild(store, end)
    assert standing(live, end) == standing(late, end)
    live.close()
    late.close()


@few
@hypothesis.given(FACTS, st.integers(0, 45))
def test_rebuilding_at_any_moment_finds_nothing(drawn, day):
    facts = facts_of(drawn, [])
    live = lived(facts)
    moment = max([dt.datetime.combine(FIRST + dt.timedelta(days=day), dt.time(13)), *(fact.at for fact in facts)])
    assert rebuild(live, moment, check=True) == []
    with live.begin(moment) as work:
        sweep(work)
    assert rebuild(live, moment, check=True) == []
    assert rebuild(live, moment) == []
    live.close()


CLASSES, VILLAGES = ["c1", "c2", "c3", None], ["v1", "v2", None]
PLACES = st.lists(st.tuples(st.sampled_from(CLASSES), st.sampled_from(VILLAGES)), min_size=1, max_size=12)
POSTS = [Post(person, role, unit) for person, _, role, unit in STAFF]


@few
@hypothesis.given(
    PLACES,
    st.lists(st.sampled_from(POSTS), min_size=1, max_size=3),
    st.sampled_from([None, "s1", "z1", "v1", "c1", "佗城", "", "x' OR '1'='1"]),
    st.sampled_from([None, "三", "%", "_", "'", "张三"]),
    st.sampled_from([None, ("in_school",), ("absent",), ("absent", "in_school")]),
)
def test_no_list_shows_a_pupil_outside_the_scope(places, posts, place, text, states):
    store = fresh_store()
    settle(store)
    count = itertools.count()
    others = [Pupil(f"x{next(count)}", "张三", class_id, village_id) for class_id, village_id in places]
    with store.begin(NOW) as work:
        for pupil in others:
            work.people.put_pupil(pupil)
        work.people.put_person(Person("new", "新老师"))
        work.people.put_posts([dataclasses.replace(post, person="new") for post in posts])
        work.cases.append([made(n, Kind.ABSENCE, pupil.id, 9, n, {}) for n, pupil in enumerate(others[::2])])
        scope = work.world.directory.scope_of("new", NOW.date())
        allowed = {pupil.id for pupil in [*PUPILS, *others] if scope.covers(pupil)}
        rows, total = work.cases.listing(scope, place=place, text=text, states=states, limit=100)
        assert total == len(rows)
        assert {row.pupil.id for row in rows} <= allowed
        found, total = work.people.in_scope(scope, place=place, text=text, limit=100)
        assert total == len(found)
        assert {pupil.id for pupil in found} <= allowed
        if not (place or text):
            assert {pupil.id for pupil in found} == allowed
        named = work.people.names(scope, ["c1"])
        shown = [
            e
            for found in (named.exact(["张三"]), named.sounding(["张三"]))
            for several in found.values()
            for e in several
        ]
        assert {entry.id for entry in shown} <= allowed
        assert work.cases.counts(scope, NOW.date())["pupils"] == len(allowed)
    store.close()
