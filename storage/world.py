"""The county's ``World`` from its rows: tree, posts, calendar with closures, and the policy in force."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

import sqlalchemy as sa

from casework.calendar import DAY, Calendar, Exceptions, Official, Rhythm, official, span
from casework.facts import OF_DAYS, Fact, Kind, voided_of
from casework.people import COUNTY
from casework.policy import Policy
from casework.scope import Directory, World
from storage import factbook, tables
from storage.people import Days, People
from storage.reach import listed
from storage.session import Session

pupils, units, counties, facts = tables.pupils, tables.units, tables.counties, tables.facts


def read_world(session: Session, people: People) -> World:
    """Everything that the rules look things up in, as this transaction sees it."""
    county = session.run(sa.select(counties).where(session.here(counties))).one()
    directory = Directory(people.units(), people.posts())
    return World(
        directory,
        _calendar(people.days(), _of_days(session)),
        Policy.load(county.pack, county.overrides or None),
        county.opened.date(),
        _home_taught_at(session, directory),
    )


def _calendar(days: Iterable[Days], told: Iterable[Fact]) -> Calendar:
    on, off = defaultdict[str, set[dt.date]](set), defaultdict[str, set[dt.date]](set)
    rhythms: dict[str, Rhythm] = {}
    special = defaultdict[str, set[dt.date]](set)
    terms = []
    for one in days:
        if one.kind == "term":
            terms.append((one.since, one.until))
        elif one.kind == "rhythm":
            rhythms[one.unit] = Rhythm(one.since)
        elif one.kind in ("teach", "no_teach"):
            (on if one.kind == "teach" else off)[one.unit].update(span(one.since, one.until))
        else:
            special[one.kind].update(span(one.since, one.until))
    for fact in told:
        unit = fact.unit or COUNTY
        if fact.kind is Kind.CLOSURE:
            off[unit].update(_stretch(fact))
        elif not fact.data.get("every") and not fact.data.get("off"):
            on[unit].update(_stretch(fact))
        elif rhythm := _rhythm(fact, rhythms.get(unit)):
            rhythms[unit] = rhythm
    own = (on.keys() | off.keys() | rhythms.keys()) - {COUNTY}
    exceptions = {unit: Exceptions(frozenset(on[unit]), frozenset(off[unit]), rhythms.get(unit)) for unit in own}
    return Calendar(terms, on[COUNTY], off[COUNTY], exceptions, _known(special))


def _known(special: Mapping[str, set[dt.date]]) -> Official:
    """The library's years, and those whose holidays the county entered itself."""
    known = official()
    for year in sorted({day.year for day in special.get("holiday", ())} - known.years):
        days = {kind: [day for day in special.get(kind, ()) if day.year == year] for kind in ("holiday", "make_up")}
        known = known.with_year(year, days["holiday"], days["make_up"])
    return known


def _of_days(session: Session) -> list[Fact]:
    """Closures and days taught besides that somebody recorded and nobody took back, in the order of recording."""
    kinds = [kind.value for kind in (*OF_DAYS, Kind.VOID)]
    told = factbook.matching(session, facts.c.kind.in_(kinds), facts.c.unit_id.is_not(None))
    taken_back = voided_of(told)
    kept = (fact for fact in told if fact.kind in OF_DAYS and fact.id not in taken_back)
    return sorted(kept, key=lambda fact: (fact.at, fact.id))


def _stretch(fact: Fact) -> Iterable[dt.date]:
    last = fact.data.get("to")
    return span(fact.on, dt.date.fromisoformat(last) if last else fact.on)


def _rhythm(fact: Fact, before: Rhythm | None) -> Rhythm | None:
    """大小周 from that day on; or, where it ends, the one before until then."""
    if not fact.data.get("off"):
        return Rhythm(fact.on, int(fact.data["every"]))
    return None if before is None else replace(before, last=fact.on - DAY)


def _home_taught_at(session: Session, directory: Directory) -> frozenset[str]:
    query = sa.select(pupils.c.class_id).distinct()
    classes = session.run(query.where(session.here(pupils), pupils.c.home_taught, listed(session)))
    schools = (directory.at_level(class_id, "school") for class_id in classes.scalars())
    return frozenset(school for school in schools if school is not None)
