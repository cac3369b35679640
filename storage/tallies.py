"""How many pupils of a scope are what, by statement: no pupil is read to be counted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from casework.facts import Kind
from casework.people import Pupil
from casework.scope import Scope
from storage import figures, tables
from storage.people import People
from storage.pupils import PUPIL_COLUMNS, pupil_of
from storage.reach import OPEN_STATES, graduate_classes, in_any_group
from storage.session import Session

pupils, cases, facts = tables.pupils, tables.cases, tables.facts
_CASE = sa.and_(cases.c.county_id == pupils.c.county_id, cases.c.pupil_id == pupils.c.id)
MOVES = (Kind.TRANSFER_IN, Kind.TRANSFER_OUT, Kind.ENROLLED, Kind.FOUND, Kind.SUSPEND, Kind.DEFER)
"""What makes a pupil belong to a school, or away from it, on some days only."""


@dataclass(frozen=True, slots=True)
class Named:
    """As much of a pupil as a list of names needs."""

    id: str
    name: str
    class_id: str | None
    groups: frozenset[str]


class Tallies:
    """Counts within a scope; ``pupils`` of a count is how many there are, the rest how many are in each open state."""

    def __init__(self, session: Session, people: People) -> None:
        self._session = session
        self._people = people

    def by_class(self, scope: Scope, rooms: Collection[str] = ()) -> dict[str | None, Counter[str]]:
        """The pupils of each class, or of these classes alone."""
        found = self._people.matching(scope, None, None, None, finished=True, rooms=rooms)
        counted = self._by(pupils.c.class_id, found)
        gone = graduate_classes(self._session)
        return {room: many for room, many in counted.items() if room not in gone}

    def overdue(self, scope: Scope, today: dt.date) -> Counter[str]:
        """Open duties that are overdue: those about a scope's pupils by class, those of units by unit."""
        found = Counter(figures.overdue_units(self._session, today))
        for room, _, many in figures.overdue_by_place(self._session, scope, today):
            found[room or ""] += many
        return found

    def by_groups(self, scope: Scope) -> dict[frozenset[str], Counter[str]]:
        """The pupils marked with the same groups of care."""
        found = sa.and_(in_any_group(scope), self._people.matching(scope, None, None, None))
        return self._by(pupils.c.groups, found)

    def _by(self, column: sa.Column[Any], found: sa.ColumnElement[bool]) -> dict[Any, Counter[str]]:
        many = sa.func.count().label("many")
        every = sa.select(column, many).where(found).group_by(column)
        counted = {value: Counter(pupils=number) for value, number in self._session.run(every)}
        standing = sa.select(column, cases.c.state, many).select_from(pupils.join(cases, _CASE))
        standing = standing.where(found, cases.c.state.in_(OPEN_STATES)).group_by(column, cases.c.state)
        for value, state, number in self._session.run(standing):
            counted[value][state] = number
        return counted

    def by_reason(self, scope: Scope, states: Iterable[str]) -> Counter[str]:
        """The pupils in these states by the code of the reason recorded, "" for none."""
        found = self._people.matching(scope, None, None, None)
        query = sa.select(cases.c.reason_code, sa.func.count()).select_from(pupils.join(cases, _CASE))
        query = query.where(found, cases.c.state.in_(list(states))).group_by(cases.c.reason_code)
        return Counter({code or "": number for code, number in self._session.run(query)})

    def by_state(self, scope: Scope, states: Iterable[str]) -> Counter[str]:
        """How many pupils are in each of these states."""
        found = self._people.matching(scope, None, None, None)
        query = sa.select(cases.c.state, sa.func.count()).select_from(pupils.join(cases, _CASE))
        query = query.where(found, cases.c.state.in_(list(states))).group_by(cases.c.state)
        return Counter(dict(self._session.run(query).tuples().all()))

    def without_helper(self, scope: Scope, groups: Collection[str]) -> list[Named]:
        """The pupils marked with one of these groups for whom nobody is named (包联人), by class and name."""
        found = self._people.matching(scope, None, dict.fromkeys(groups, scope), None)
        query = sa.select(pupils.c.id, pupils.c.name, pupils.c.class_id, pupils.c.groups).select_from(
            pupils.outerjoin(cases, _CASE)
        )
        query = query.where(found, cases.c.helper.is_(None)).order_by(pupils.c.class_id, pupils.c.name, pupils.c.id)
        return [Named(row.id, row.name, row.class_id, row.groups) for row in self._session.run(query)]

    def of_helper(self, scope: Scope, person: str) -> list[Named]:
        """The pupils whose helper (包联人) is this person, by class and name."""
        found = sa.and_(self._people.matching(scope, None, None, None), cases.c.helper == person)
        query = sa.select(pupils.c.id, pupils.c.name, pupils.c.class_id, pupils.c.groups)
        query = query.select_from(pupils.join(cases, _CASE)).where(found)
        query = query.order_by(pupils.c.class_id, pupils.c.name, pupils.c.id)
        return [Named(row.id, row.name, row.class_id, row.groups) for row in self._session.run(query)]

    def in_classes(self, scope: Scope) -> dict[str | None, list[str]]:
        """The ids of the pupils of each class."""
        found: dict[str | None, list[str]] = {}
        query = sa.select(pupils.c.id, pupils.c.class_id).where(self._people.matching(scope, None, None, None))
        for id, room in self._session.run(query):
            found.setdefault(room, []).append(id)
        return found

    def by_room(self, scope: Scope) -> Counter[str | None]:
        """How many pupils there are in each class."""
        many = sa.select(pupils.c.class_id, sa.func.count()).where(self._people.matching(scope, None, None, None))
        return Counter(dict(self._session.run(many.group_by(pupils.c.class_id)).tuples().all()))

    def some(self, scope: Scope, ids: Collection[str], rooms: Collection[str]) -> list[Pupil]:
        """Of the pupils of a scope these, those of some classes and those taught at home, by class and name."""
        which = sa.or_(pupils.c.id.in_(ids), pupils.c.class_id.in_(rooms), pupils.c.home_taught)
        query = sa.select(*PUPIL_COLUMNS).where(self._people.matching(scope, None, None, None), which)
        found = self._session.run(query.order_by(pupils.c.class_id, pupils.c.name, pupils.c.id))
        return [pupil_of(row) for row in found]

    def stirred(self, scope: Scope, since: dt.date) -> set[str]:
        """Who may have been anything but in school on some day from ``since`` on: of whom something was recorded since or
        about such a day, who ever came or went, and whose case is open. All others of the scope were in school."""
        found, midnight = self._people.matching(scope, None, None, None), dt.datetime.combine(since, dt.time())
        ends_later = sa.and_(facts.c.kind == Kind.LEAVE.value, facts.c.data["to"].as_string() >= since.isoformat())
        moved = facts.c.kind.in_([kind.value for kind in MOVES])
        lately = sa.or_(facts.c.day >= since, facts.c.at >= midnight, moved, ends_later)
        about = sa.and_(facts.c.county_id == pupils.c.county_id, facts.c.pupil_id == pupils.c.id, lately)
        rest = (cases.c.state.in_(("in_school", "home_taught")), cases.c.pending.is_(None), cases.c.wake.is_(None))
        told = sa.select(pupils.c.id).join(facts, about).where(found)
        stands = sa.select(pupils.c.id).join(cases, sa.and_(_CASE, ~sa.and_(*rest))).where(found)
        return set(self._session.run(told.union(stands)).scalars())
