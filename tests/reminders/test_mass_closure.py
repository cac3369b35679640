"""Snow: a thousand pupils are reported absent in the morning, then the county closes. No case is left of it."""

from __future__ import annotations

import datetime as dt

import pytest

from casework.facts import Fact, Kind
from casework.people import Person, Post, Pupil, Unit
from casework.scope import Scope
from storage.pupils import Entered
from storage.rebuilding import rebuild
from tests.support.talk import Stage

MORNING = dt.datetime(2026, 3, 10, 8)
ROOMS, EACH = 20, 50
MOST = 2
"""A morning's digest and what has gone up since: however many pupils they are about."""
COUNTY = Scope(everything=True)


def reported() -> Stage:
    """A county in which all pupils of twenty classes of one school were reported absent."""
    stage = Stage("national", MORNING)
    pupils = [Pupil(f"q{n:04}", f"雪{n:04}", f"r{n // EACH:02}", "v1") for n in range(ROOMS * EACH)]
    facts = [
        Fact(f"f{p.id}", Kind.ABSENCE, MORNING.date(), MORNING, "li", "school", p.id, source="morning") for p in pupils
    ]
    teachers = [Person(f"t{n:02}", f"班主任{n}") for n in range(ROOMS)]
    stage.names |= {person.id: person.name for person in teachers}
    with stage.store.begin(MORNING) as work:
        work.people.put_units([Unit(f"r{n:02}", "class", f"七年级{n + 2}班", "s1", grade=7) for n in range(ROOMS)])
        work.people.put_people(teachers)
        work.people.put_posts([Post(person.id, "teacher", f"r{n:02}") for n, person in enumerate(teachers)])
        work.people.put_pupils([Entered(p) for p in pupils])
    for start in range(0, len(facts), 250):
        with stage.store.begin(MORNING) as work:
            work.cases.append(facts[start : start + 250])
    return stage


def absent(stage: Stage) -> int:
    with stage.store.look(stage.now) as work:
        counts = work.cases.counts(COUNTY, stage.now.date())
    return sum(counts[state] for state in ("absent", "suspected", "dropout"))


@pytest.mark.slow
def test_a_county_closed_after_the_reports_opens_no_case() -> None:
    stage = reported()
    stage.say("周股长", "全县3月10日到3月12日停课，下雪")
    heard = stage.pass_until(dt.datetime(2026, 3, 13, 9, 0))
    assert absent(stage) == 0
    assert [text for _, text in heard if "雪0" in text] == []
    heard = stage.pass_until(dt.datetime(2026, 3, 16, 12, 30))
    assert absent(stage) == 0, "nobody is absent on the days after only because of that morning"
    assert [text for _, text in heard if "雪0" in text] == []
    assert rebuild(stage.store, stage.now, check=True) == []


@pytest.mark.slow
def test_without_the_closure_a_morning_is_one_message_a_person() -> None:
    """An epidemic: a thousand really absent are a thousand duties, and still no burst of messages."""
    stage = reported()
    heard = stage.pass_until(dt.datetime(2026, 3, 11, 9, 0))
    assert absent(stage) == ROOMS * EACH
    texts = [who for who, _ in heard]
    assert max(texts.count(who) for who in set(texts)) <= MOST, {who: texts.count(who) for who in set(texts)}
