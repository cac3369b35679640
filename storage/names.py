"""Names by index: which pupils and colleagues a message may mean, without reading a roster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from casework.people import Person
from casework.scope import Scope
from storage import tables
from storage.prepared import Prepared, given, of_county
from storage.reach import OPEN_STATES
from storage.session import Session, chunks

pupils, keys, units, cases, people = tables.pupils, tables.pupil_names, tables.units, tables.cases, tables.people


@dataclass(frozen=True, slots=True)
class Staff:
    """All members of staff by userid, those who left included, and the keys of their names."""

    people: Mapping[str, Person]
    keys: frozenset[str]


def read_staff(session: Session) -> Staff:
    """The staff as this transaction sees it."""
    query = sa.select(people.c.id, people.c.name, people.c.active, people.c.name_key)
    rows = session.run(query.where(session.here(people)).order_by(people.c.id)).all()
    return Staff(
        {row.id: Person(row.id, row.name, row.active) for row in rows}, frozenset(row.name_key for row in rows)
    )


@dataclass(frozen=True, slots=True)
class Named:
    """A pupil as a message may mean them. ``near``: of the writer's own class or with an open case."""

    id: str
    name: str
    class_name: str = ""
    near: bool = True


class Names:
    """The ``NameIndex`` of ``handlers.understanding.actions``, over what one person may see."""

    def __init__(self, session: Session, scope: Scope, near_class_ids: Iterable[str], staff: Staff) -> None:
        self._session = session
        self._staff = staff
        self._everything = scope.everything
        self._where = {"near": list(near_class_ids), "open": list(OPEN_STATES)}
        if not scope.everything:
            self._where |= {
                "classes": sorted(scope.classes), "villages": sorted(scope.villages), "lent": sorted(scope.lent),
            }  # fmt: skip

    # Any: an entry here has the fields of the Entry of handlers, which this room may not import.
    def exact(self, pieces: list[str]) -> dict[str, list[Any]]:
        """Pupils whose name, given name or unpunctuated name is one of the pieces."""
        return self._find(_finding(self._everything, sound=False), pieces)

    def sounding(self, sounds: list[str]) -> dict[str, list[Any]]:
        """Near pupils whose folded pinyin, in full or given name alone, is one of the keys."""
        return self._find(_finding(self._everything, sound=True), sounds)

    def staff(self, pieces: list[str]) -> set[str]:
        """Which of the pieces are names of colleagues."""
        return set(pieces) & self._staff.keys

    def _find(self, query: Prepared, wanted: list[str]) -> dict[str, list[Any]]:
        found: dict[str, list[Named]] = {}
        for batch in chunks(dict.fromkeys(wanted)):
            for row in self._session.rows(query, keys=batch, **self._where):
                found.setdefault(row.key, []).append(Named(row.id, row.name, row.class_name or "", bool(row.near)))
        return found


@cache
def _finding(everything: bool, sound: bool) -> Prepared:
    """The query by keys: of all pupils, or of those in some classes and villages; by sound only those near."""
    of_writer = pupils.c.class_id.in_(given("near", many=True))
    near = sa.func.coalesce(sa.or_(of_writer, cases.c.state.in_(given("open", many=True))), sa.false())
    joined = (
        keys.join(pupils, _same(keys, pupils, keys.c.pupil_id == pupils.c.id))
        .outerjoin(units, _same(pupils, units, pupils.c.class_id == units.c.id))
        .outerjoin(cases, _same(pupils, cases, pupils.c.id == cases.c.pupil_id))
    )
    named = (pupils.c.id, pupils.c.name, units.c.name.label("class_name"), near.label("near"))
    query = (
        sa.select(keys.c.key, *named)
        .select_from(joined)
        .where(of_county(keys, pupils), keys.c.sound.is_(sound), keys.c.key.in_(given("keys", many=True)))
        .order_by(pupils.c.name, pupils.c.id)
    )
    if not everything:
        classes, villages = given("classes", many=True), given("villages", many=True)
        lent = pupils.c.id.in_(given("lent", many=True))
        query = query.where(sa.or_(pupils.c.class_id.in_(classes), pupils.c.village_id.in_(villages), lent))
    return Prepared(query.where(near) if sound else query)


def _same(left: sa.FromClause, right: sa.FromClause, condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.and_(left.c.county_id == right.c.county_id, condition)
