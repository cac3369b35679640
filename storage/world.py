"""The county's ``World`` from its rows: tree, posts, calendar with closures, and the policy in force."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from casework.calendar import Calendar, Exceptions, Official, Rhythm, official, span
from casework.facts import Fact, Kind, voided_of
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
        _calendar(people.days(), _closures(session)),
        Policy.load(county.pack, county.overrides or None),
        county.opened.date(),
        _home_taught_at(session, directory),
    )


def _calendar(days: Iterable[Days], closures: Iterable[tuple[str, dt.date, dt.date]]) -> Calendar:
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
    for unit, start, end in closures:
        off[unit].update(span(start, end))
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


def _closures(session: Session) -> list[tuple[str, dt.date, dt.date]]:
    """Unit, first and last day of each closure that somebody recorded and nobody took back."""
    told = factbook.matching(
        session, facts.c.kind.in_([Kind.CLOSURE.value, Kind.VOID.value]), facts.c.unit_id.is_not(None)
    )
    taken_back = voided_of(told)
    return [_stretch(fact) for fact in told if fact.kind is Kind.CLOSURE and fact.id not in taken_back]


def _stretch(fact: Fact) -> tuple[str, dt.date, dt.date]:
    last = fact.data.get("to")
    return fact.unit or COUNTY, fact.on, dt.date.fromisoformat(last) if last else fact.on


def _home_taught_at(session: Session, directory: Directory) -> frozenset[str]:
    query = sa.select(pupils.c.class_id).distinct()
    classes = session.run(query.where(session.here(pupils), pupils.c.home_taught, listed(session)))
    schools = (directory.at_level(class_id, "school") for class_id in classes.scalars())
    return frozenset(school for school in schools if school is not None)
