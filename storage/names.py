"""Names by index: which pupils and colleagues a message may mean, without reading a roster."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from casework.people import Person
from casework.scope import Scope
from storage import tables
from storage.prepared import Prepared, each_of, given, of_county, unindexed
from storage.reach import OPEN_STATES
from storage.session import Session, chunks

pupils, keys, units, cases, people = tables.pupils, tables.pupil_names, tables.units, tables.cases, tables.people

FEW = 3
"""So many classes have fewer pupils than a common name."""


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


class Names:
    """The ``NameIndex`` of ``handlers.understanding.actions``, over what one person may see."""

    def __init__(self, session: Session, scope: Scope, near_class_ids: Iterable[str], staff: Staff) -> None:
        self._session = session
        self._staff = staff
        self._where = {"near": list(near_class_ids), "open": list(OPEN_STATES)}
        self._scope = scope
        self._reach: tuple[str, ...] | None = None
        if not scope.everything:
            lists = {"classes": scope.classes, "villages": scope.villages, "lent": scope.lent}
            self._reach = tuple(name for name, ids in lists.items() if ids)
            self._where |= {name: sorted(lists[name]) for name in self._reach}

    # Any: an entry is a row, with the fields of the Entry of handlers, which this room may not import.
    def exact(self, pieces: list[str]) -> dict[str, list[Any]]:
        """Pupils whose name, given name or unpunctuated name is one of the pieces."""
        foreseen = self._session.foreseen.found.get((self._scope, tuple(pieces)))
        return self._find(False, pieces) if foreseen is None else foreseen

    def sounding(self, sounds: list[str]) -> dict[str, list[Any]]:
        """Near pupils, of the writer's own class or with an open case, whose folded pinyin, in full or given name alone, is a key."""
        return self._find(True, sounds)

    def staff(self, pieces: list[str]) -> set[str]:
        """Which of the pieces are names of colleagues."""
        return set(pieces) & self._staff.keys

    def _find(self, sound: bool, wanted: list[str]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for query, values in self.looking(wanted, sound):
            _add(found, self._session.rows(query, **values))
        return found

    def looking(self, wanted: list[str], sound: bool = False) -> list[tuple[Prepared, dict[str, Any]]]:
        """The queries that find these keys, and their values."""
        few = self._reach == ("classes",) and len(self._where["classes"]) <= FEW
        query = _finding(self._reach, sound, self._session.is_postgresql, few)
        return [(query, {"keys": batch, **self._where}) for batch in chunks(dict.fromkeys(wanted))]


def foresee(session: Session, staff: Staff, asked: Sequence[tuple[Scope, list[str]]]) -> None:
    """Look up in one turn what will be asked for next (``Names.exact``), each within what one person may see."""
    wanted = {(scope, tuple(pieces)): Names(session, scope, (), staff).looking(pieces) for scope, pieces in asked}
    came = iter(session.several(*itertools.chain.from_iterable(wanted.values())))
    for asked_for, queries in wanted.items():
        found = session.foreseen.found[asked_for] = {}
        for _ in queries:
            _add(found, next(came).rows)


def _add(found: dict[str, list[Any]], rows: Iterable[Any]) -> None:
    for row in rows:
        found.setdefault(row.key, []).append(row)


@cache
def _finding(reach: tuple[str, ...] | None, sound: bool, postgresql: bool, few: bool) -> Prepared:
    """The query by keys: of all pupils, or of those in some ``classes`` or ``villages`` or ``lent``; by sound only those near.

    A list that is empty is not asked for, so that PostgreSQL keeps its plan instead of making one for each message. Of a
    ``few`` classes the pupils are read first: a given name alone is borne by hundreds of a county. SQLite is told to go by the
    keys, or it looks for each key with each of those pupils.
    """
    columns = {"classes": pupils.c.class_id, "villages": pupils.c.village_id, "lent": pupils.c.id}
    who: Any = pupils
    mine = []
    if reach is not None:
        within = {name: columns[name] if few or postgresql else unindexed(columns[name]) for name in reach}
        mine = [sa.or_(sa.false(), *(column.in_(given(name, many=True)) for name, column in within.items()))]
    if few:
        theirs = sa.select(pupils.c.id, pupils.c.name, pupils.c.class_id).where(of_county(pupils), *mine)
        if postgresql:
            who, mine = theirs.cte("mine").prefix_with("MATERIALIZED"), []
        else:
            mine = [unindexed(keys.c.pupil_id).in_(theirs.with_only_columns(pupils.c.id).correlate(None))]
    wanted = keys.c.key == each_of("keys") if postgresql else keys.c.key.in_(given("keys", many=True))
    class_name = sa.select(units.c.name).where(of_county(units), units.c.id == who.c.class_id).scalar_subquery()
    query = (
        sa.select(keys.c.key, who.c.id, who.c.name, sa.func.coalesce(class_name, "").label("class_name"))
        .select_from(keys.join(who, keys.c.pupil_id == who.c.id))
        .where(of_county(keys), *mine, keys.c.sound.is_(sound), wanted)
        .order_by(who.c.name, who.c.id)
    )
    if who is pupils:
        query = query.where(of_county(pupils))
    return Prepared(query.where(_near(who)) if sound else query)


def _near(who: Any) -> sa.ColumnElement[bool]:
    # Looked up for the few that are found, not joined: the planner need not think about four tables at every message.
    open_case = sa.exists().where(
        of_county(cases), cases.c.pupil_id == who.c.id, cases.c.state.in_(given("open", many=True))
    )
    return sa.or_(sa.func.coalesce(who.c.class_id.in_(given("near", many=True)), sa.false()), open_case)
