"""Which rows a person may see, and which lie in a place: as conditions of SQL, so that no list can leak."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from casework.case import AWAY
from casework.people import COUNTY, GRADUATES
from casework.scope import Scope
from storage import tables
from storage.session import Session

units, pupils, cases = tables.units, tables.pupils, tables.cases
_REGISTER, _GONE = pupils.alias("register"), cases.alias("gone")
_BOTH = _GONE.join(_REGISTER, sa.and_(_REGISTER.c.county_id == _GONE.c.county_id, _REGISTER.c.id == _GONE.c.pupil_id))
OPEN_STATES = (*AWAY, "on_leave", "observed")


def within(session: Session, scope: Scope, rooms: Collection[str] = ()) -> sa.ColumnElement[bool]:
    """Pupils of this county whom the scope covers, by class, by village or by name; with ``rooms`` those of these classes alone.

    Of a scope's own classes those are taken before anybody is looked for: a township has few of a county's first grades.
    """
    here = session.here(pupils)
    room = pupils.c.class_id.in_(sorted(rooms)) if rooms else sa.true()
    if scope.everything:
        return sa.and_(here, room)
    own = scope.classes & set(rooms) if rooms else scope.classes
    others = [pupils.c.village_id.in_(scope.villages), *([pupils.c.id.in_(scope.lent)] if scope.lent else [])]
    return sa.and_(here, sa.or_(pupils.c.class_id.in_(own), *(sa.and_(one, room) for one in others)))


def listed(session: Session) -> sa.ColumnElement[bool]:
    """Pupils who stand in lists and figures: neither erased nor struck off."""
    return _listed(session.county)


def struck_off(session: Session) -> sa.Select[Any]:
    """The few who are struck off, looked for among those who left: a count of everybody then reads an index alone."""
    return _struck_off(session.county)


def learning(session: Session) -> sa.ColumnElement[bool]:
    """Pupils of school age: all but those who stand in a class of graduates, who are found by name alone."""
    rooms = _rooms_of_graduates(session)
    if isinstance(rooms, tuple) and not rooms:
        return sa.true()
    return sa.or_(pupils.c.class_id.is_(None), pupils.c.class_id.not_in(rooms))


def graduated(session: Session) -> sa.ColumnElement[bool]:
    """The pupils whom ``learning`` leaves out."""
    return sa.and_(session.here(pupils), listed(session), pupils.c.class_id.in_(_rooms_of_graduates(session)))


def graduate_classes(session: Session) -> set[str]:
    """The ids of the classes of those who have finished Grade 9."""
    known = session.graduates()
    return set(session.run(_graduate_classes(session.county)).scalars() if known is None else known)


def _rooms_of_graduates(session: Session) -> Any:
    """Those classes by name where the register is at hand: to look for them among all units takes longer than many a list."""
    known = session.graduates()
    return _graduate_classes(session.county) if known is None else tuple(known)


@lru_cache(maxsize=64)
def _graduate_classes(county: str) -> sa.Select[Any]:
    kind, name = units.c.kind == "class", units.c.name.like(f"%{GRADUATES}")
    return sa.select(units.c.id).where(units.c.county_id == county, kind, name)


@lru_cache(maxsize=64)  # built anew it cost more than it takes to run; every list asks it
def _listed(county: str) -> sa.ColumnElement[bool]:
    return sa.and_(pupils.c.erased.is_(False), pupils.c.id.not_in(_struck_off(county)))


@lru_cache(maxsize=64)
def _struck_off(county: str) -> sa.Select[Any]:
    here = sa.and_(_GONE.c.county_id == county, _GONE.c.state == "left", _REGISTER.c.struck)
    return sa.select(_REGISTER.c.id).select_from(_BOTH).where(here)


def among_all(
    session: Session, column: sa.ColumnElement[Any], chosen: sa.Select[Any] | sa.CompoundSelect[Any]
) -> sa.ColumnElement[bool]:
    """That the column is one of those chosen, chosen first: PostgreSQL would else read all of a county's year and then ask of
    each whether it is one of a school's."""
    if session.is_postgresql:
        return column == sa.any_(sa.func.array(chosen.scalar_subquery()))
    return column.in_(chosen)


def beneath(session: Session, *roots: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The ids of the units that the conditions name, and of all units under them."""
    tree = sa.select(units.c.id).where(session.here(units), *roots).cte("tree", recursive=True)
    below = units.alias("below")
    deeper = sa.select(below.c.id).where(below.c.county_id == session.county, below.c.parent == tree.c.id)
    return sa.select(tree.union(deeper).c.id)


def at_place(session: Session, place: str) -> sa.ColumnElement[bool]:
    """Pupils who learn or live in a place: a unit's id, its name, or the beginning of its name (老隆 for 老隆镇)."""
    if place == COUNTY:
        return sa.true()
    named = sa.or_(units.c.id == place, units.c.name.startswith(place, autoescape=True))
    ids = beneath(session, named, units.c.kind != "county")
    return sa.or_(pupils.c.class_id.in_(ids), pupils.c.village_id.in_(ids))


def in_any_group(scope: Scope) -> sa.ColumnElement[bool]:
    """Pupils marked with some group: of a whole county by the index over them (the words must be those of the index).

    Of less by a test that no index answers: a class or a school is found by its own index, which SQLite would leave for this
    one; and most pupils are done with before each group is looked for.
    """
    groups = sa.type_coerce(pupils.c.groups, sa.String)
    return groups != sa.literal_column("''") if scope.everything else sa.func.length(groups) > 0


def in_groups(session: Session, reach: Mapping[str, Scope]) -> sa.ColumnElement[bool]:
    """Pupils marked with one of several groups, each group as far only as its own scope reaches."""
    alike: dict[Scope, list[str]] = {}
    for group, scope in reach.items():
        alike.setdefault(scope, []).append(group)
    within_each = [
        sa.and_(in_any_group(scope), within(session, scope), sa.or_(*map(_marked, many)))
        for scope, many in alike.items()
    ]
    return sa.or_(*within_each) if within_each else _nobody()


def _nobody() -> sa.ColumnElement[bool]:
    """Not ``false()``: that would swallow the county beside it, and with it the one shard that is asked."""
    return sa.literal_column("0") == sa.literal_column("1")


def _marked(group: str) -> sa.ColumnElement[bool]:
    return sa.type_coerce(pupils.c.groups, sa.String).contains(f"|{group}|", autoescape=True)
