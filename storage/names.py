"""Names by index: which pupils and colleagues a message may mean, without reading a roster."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from casework.scope import Scope
from storage import tables
from storage.reach import OPEN_STATES, within
from storage.session import Session, chunks

pupils, keys, units, cases, people = tables.pupils, tables.pupil_names, tables.units, tables.cases, tables.people


@dataclass(frozen=True, slots=True)
class Named:
    """A pupil as a message may mean them. ``near``: of the writer's own class or with an open case."""

    id: str
    name: str
    class_name: str = ""
    near: bool = True


class Names:
    """The ``NameIndex`` of ``handlers.understanding.actions``, over what one person may see."""

    def __init__(self, session: Session, scope: Scope, near_class_ids: Iterable[str]) -> None:
        self._session = session
        near = sa.or_(pupils.c.class_id.in_(list(near_class_ids)), cases.c.state.in_(OPEN_STATES))
        self._near = sa.func.coalesce(near, sa.false())
        self._query = (
            sa.select(
                keys.c.key, pupils.c.id, pupils.c.name, units.c.name.label("class_name"), self._near.label("near")
            )
            .select_from(
                keys.join(pupils, _same(keys, pupils, keys.c.pupil_id == pupils.c.id))
                .outerjoin(units, _same(pupils, units, pupils.c.class_id == units.c.id))
                .outerjoin(cases, _same(pupils, cases, pupils.c.id == cases.c.pupil_id))
            )
            .where(session.here(keys), within(session, scope))
            .order_by(pupils.c.name, pupils.c.id)
        )

    # Any: an entry here has the fields of the Entry of handlers, which this room may not import.
    def exact(self, pieces: list[str]) -> dict[str, list[Any]]:
        """Pupils whose name, given name or unpunctuated name is one of the pieces."""
        return self._find(self._query.where(keys.c.sound.is_(False)), pieces)

    def sounding(self, sounds: list[str]) -> dict[str, list[Any]]:
        """Near pupils whose folded pinyin, in full or given name alone, is one of the keys."""
        return self._find(self._query.where(keys.c.sound.is_(True), self._near), sounds)

    def staff(self, pieces: list[str]) -> set[str]:
        """Which of the pieces are names of colleagues."""
        found: set[str] = set()
        for batch in chunks(pieces):
            query = sa.select(people.c.name_key).where(self._session.here(people), people.c.name_key.in_(batch))
            found.update(self._session.run(query).scalars())
        return found

    def _find(self, query: sa.Select[Any], wanted: list[str]) -> dict[str, list[Any]]:
        found: dict[str, list[Named]] = {}
        for batch in chunks(dict.fromkeys(wanted)):
            for row in self._session.run(query.where(keys.c.key.in_(batch))):
                found.setdefault(row.key, []).append(Named(row.id, row.name, row.class_name or "", bool(row.near)))
        return found


def _same(left: sa.FromClause, right: sa.FromClause, condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.and_(left.c.county_id == right.c.county_id, condition)
