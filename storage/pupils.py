"""The register of pupils: rows, name keys for lookup, sealed details, and erasure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sqlalchemy as sa

from casework.people import Pupil
from storage import tables
from storage.columns import LONG_AGO
from storage.prepared import Prepared, given, of_county, one_of
from storage.reach import among_all, listed
from storage.sealing import DataKey
from storage.session import IN_BULK_FROM, Session, chunks

pupils, keys, names, cases = tables.pupils, tables.pupil_keys, tables.pupil_names, tables.cases

DETAILS = (
    "sex",
    "born",
    "ethnicity",
    "id_number",
    "student_number",
    "household",
    "address",
    "guardian",
    "relation",
    "phone",
)
"""What ``details`` may hold; ``born`` is an ISO date and stands in a column of its own, all else is sealed."""
AT_ONCE = 20_000
"""Pupils written together: the more, the more neighbours an index gets at a time."""
_BY_NAME = pupils.alias("by_name")
_INDEXED = {"id_number": "id_hash", "student_number": "student_hash", "phone": "phone_hash"}


class NameFold(Protocol):
    """How names become keys; ``handlers.understanding.names`` is one."""

    def exact_keys(self, name: str) -> Iterable[str]: ...
    def sound_keys(self, name: str) -> Iterable[str]: ...


class AsWritten:
    """Names found only as they are written; for stores that no one talks to."""

    def exact_keys(self, name: str) -> Iterable[str]:
        return (name,)

    def sound_keys(self, name: str) -> Iterable[str]:
        return ()


@dataclass(frozen=True, slots=True)
class Entered:
    """A pupil for the register, with details (None: keep those that stand there)."""

    pupil: Pupil
    details: Mapping[str, str] | None = None


def pupil_of(row: sa.Row[Any]) -> Pupil:
    return Pupil(
        id=row.id,
        name=row.name,
        class_id=row.class_id,
        village_id=row.village_id,
        groups=row.groups,
        home_taught=row.home_taught,
        local=row.local,
        entered=row.entered,
        struck=row.struck,
    )


PUPIL_COLUMNS = (
    pupils.c.id,
    pupils.c.name,
    pupils.c.class_id,
    pupils.c.village_id,
    pupils.c.groups,
    pupils.c.home_taught,
    pupils.c.local,
    pupils.c.entered,
    pupils.c.struck,
)
"""In the order of a ``Pupil``."""


_PUPILS = Prepared(sa.select(*PUPIL_COLUMNS).where(of_county(pupils), pupils.c.id.in_(given("ids", many=True))))
_MANY_PUPILS = Prepared(sa.select(*PUPIL_COLUMNS).where(of_county(pupils), one_of(pupils.c.id, "ids")))
_KEYS = Prepared(
    sa.select(keys.c.pupil_id, keys.c.wrapped).where(of_county(keys), keys.c.pupil_id.in_(given("ids", many=True)))
)


def read(session: Session, ids: Iterable[str]) -> dict[str, Pupil]:
    """The pupils with these ids; unknown ids are left out."""
    wanted = list(ids)
    found = {id: session.held[id].pupil for id in wanted if id in session.held}
    for batch in chunks([id for id in wanted if id not in found] if found else wanted):
        if columns := session.columns(_PUPILS, ids=batch):
            found.update(zip(columns[0], map(Pupil, *columns), strict=True))
    return found


def read_details(session: Session, ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """The unsealed details of these pupils; an erased pupil has none."""
    joined = pupils.join(keys, sa.and_(keys.c.county_id == pupils.c.county_id, keys.c.pupil_id == pupils.c.id))
    query = sa.select(pupils.c.id, pupils.c.details, pupils.c.born, keys.c.wrapped).select_from(joined)
    found: dict[str, dict[str, str]] = {}
    for batch in chunks(ids):
        for row in session.run(query.where(session.here(pupils), pupils.c.id.in_(batch))):
            key = session.sealer.pupil_key(row.id, row.wrapped)
            details = {} if row.details is None else key.open_json(row.details, _identity(row.id))
            found[row.id] = details | ({"born": row.born.isoformat()} if row.born else {})
    return found


def read_keys(session: Session, ids: Sequence[str]) -> dict[str, DataKey]:
    """The pupils' own keys; an erased pupil has none."""
    found: dict[str, DataKey] = {}
    for batch in chunks(ids):
        rows = session.rows(_KEYS, ids=batch)
        found.update((row.pupil_id, session.sealer.pupil_key(row.pupil_id, row.wrapped)) for row in rows)
    return found


def write(session: Session, fold: NameFold, entered: Sequence[Entered]) -> bool:
    """Put pupils into the register, new ones and changed ones; what they owe is looked at again by the next sweep.

    Returns whether it is now others who are taught at home, on which duties of their schools depend.
    """
    taught_before = _home_taught(session, [entry.pupil.id for entry in entered])
    for batch in chunks(entered, AT_ONCE):
        known = _known_names(session, [entry.pupil.id for entry in batch])
        fresh = [entry for entry in batch if entry.pupil.id not in known]
        changed = [entry for entry in batch if entry.pupil.id in known]
        _insert(session, fresh)
        _update(session, changed)
        renamed = [entry.pupil for entry in changed if known[entry.pupil.id] != _called(entry.pupil)]
        _drop_names(session, [pupil.id for pupil in renamed])
        _add_names(session, fold, [p for p in (*(entry.pupil for entry in fresh), *renamed) if not p.struck])
        look_again(session, [entry.pupil for entry in batch])
    taught_now = {(entry.pupil.id, entry.pupil.class_id) for entry in entered if entry.pupil.home_taught}
    return taught_before != taught_now


def _home_taught(session: Session, ids: Sequence[str]) -> set[tuple[str, str | None]]:
    query = sa.select(pupils.c.id, pupils.c.class_id).where(session.here(pupils), pupils.c.home_taught)
    wanted = set(ids)
    return {(row.id, row.class_id) for row in session.run(query) if row.id in wanted}


def look_again(session: Session, changed: Sequence[Pupil]) -> None:
    """Have the next sweep assess these pupils; the home-taught owe something without any fact."""
    for batch in chunks([pupil.id for pupil in changed]):
        session.run(sa.update(cases).where(session.here(cases), cases.c.pupil_id.in_(batch)).values(wake=LONG_AGO))
    session.foreseen.old = True
    for pupil in changed:
        session.held.pop(pupil.id, None)
        if pupil.home_taught:
            row = {"state": "home_taught", "ledger": "age", "day": 0, "unverified": 0, "wake": LONG_AGO}
            session.add_new(cases, {"pupil_id": pupil.id, **row})


def _called(pupil: Pupil) -> str:
    """The name by which a pupil is found; none for one off the register."""
    return "" if pupil.struck else pupil.name


def _known_names(session: Session, ids: Sequence[str]) -> dict[str, str]:
    # The first roster meets a register without statistics: PostgreSQL would read all of it for each five hundred.
    if session.is_postgresql:
        return {row.id: _called(pupil_of(row)) for row in session.rows(_MANY_PUPILS, ids=list(ids))}
    return {row.id: _called(pupil_of(row)) for batch in chunks(ids) for row in session.rows(_PUPILS, ids=batch)}


def _insert(session: Session, fresh: Sequence[Entered]) -> None:
    rows, wrapped = [], []
    for entry in sorted(fresh, key=lambda entry: entry.pupil.id):
        key, sealed = session.sealer.new_pupil_key(entry.pupil.id)
        wrapped.append({"pupil_id": entry.pupil.id, "wrapped": sealed})
        rows.append(_row(entry.pupil) | _sealed(session, entry.pupil.id, key, entry.details or {}))
    session.add_many(pupils, rows)
    if len(rows) > IN_BULK_FROM:
        session.settle(pupils)
    session.add_many(keys, wrapped)


def _update(session: Session, changed: Sequence[Entered]) -> None:
    own = read_keys(session, [entry.pupil.id for entry in changed if entry.details is not None])
    for entry in changed:
        values = _row(entry.pupil)
        if entry.details is not None and entry.pupil.id in own:
            values |= _sealed(session, entry.pupil.id, own[entry.pupil.id], entry.details)
        session.run(sa.update(pupils).where(session.here(pupils), pupils.c.id == entry.pupil.id).values(**values))


def _row(pupil: Pupil) -> dict[str, Any]:
    return {
        "id": pupil.id,
        "name": pupil.name,
        "class_id": pupil.class_id,
        "village_id": pupil.village_id,
        "groups": pupil.groups,
        "home_taught": pupil.home_taught,
        "local": pupil.local,
        "entered": pupil.entered,
        "struck": pupil.struck,
    }


def _sealed(session: Session, id: str, key: DataKey, details: Mapping[str, str]) -> dict[str, Any]:
    unknown = details.keys() - set(DETAILS)
    if unknown:
        raise ValueError(f"not a detail of a pupil: {', '.join(sorted(unknown))}")
    hidden = {name: value for name, value in details.items() if value and name != "born"}
    born = details.get("born")
    columns: dict[str, Any] = {
        "details": key.seal_json(hidden, _identity(id)) if hidden else None,
        "born": dt.date.fromisoformat(born) if born else None,
    }
    for name, column in _INDEXED.items():
        columns[column] = session.sealer.index(name, hidden[name]) if name in hidden else None
    return columns


def read_equal(session: Session, name: str, values: Iterable[str]) -> dict[str, list[str]]:
    """Ids of pupils whose sealed ``id_number``, ``student_number`` or ``phone`` is one of the values, by value."""
    column = pupils.c[_INDEXED[name]]
    found: dict[str, list[str]] = {}
    for batch in chunks(values):
        by_hash = {session.sealer.index(name, value): value for value in batch}
        for row in session.run(
            sa.select(pupils.c.id, column).where(session.here(pupils), listed(session), column.in_(list(by_hash)))
        ):
            found.setdefault(by_hash[bytes(row[1])], []).append(row.id)
    return found


def searched(session: Session, fold: NameFold, text: str, everywhere: bool = False) -> sa.ColumnElement[bool]:
    """Pupils whose name has the text in it, or whose number is the text.

    ``everywhere``: in a whole county names are gone through first, in the index over them alone, and of the few found the
    rest is asked; a school's or a township's pupils are found sooner by their classes.
    """
    word, one = text.strip(), _BY_NAME if everywhere else pupils
    keyed = sa.select(names.c.pupil_id).where(
        session.here(names), names.c.sound.is_(False), names.c.key.in_(list(fold.exact_keys(word)))
    )
    found = [one.c.name.contains(word, autoescape=True)]
    if any(char.isdigit() for char in word):
        found += [one.c[column] == session.sealer.index(name, word.upper()) for name, column in _INDEXED.items()]
    if not everywhere:
        return sa.or_(*found, pupils.c.id.in_(keyed))
    each = [sa.select(one.c.id).where(session.here(one), condition) for condition in found]
    return among_all(session, pupils.c.id, sa.union_all(keyed, *each))


def _add_names(session: Session, fold: NameFold, named: Sequence[Pupil]) -> None:
    rows = []
    for pupil in named:
        rows += [{"sound": False, "key": key, "pupil_id": pupil.id} for key in set(fold.exact_keys(pupil.name))]
        rows += [{"sound": True, "key": key, "pupil_id": pupil.id} for key in set(fold.sound_keys(pupil.name))]
    rows.sort(key=lambda row: (row["sound"], row["key"]))  # neighbours in the index are written together
    session.add_many(names, rows)


def _drop_names(session: Session, ids: Sequence[str]) -> None:
    for batch in chunks(ids):
        session.run(sa.delete(names).where(session.here(names), names.c.pupil_id.in_(batch)))


def erase_row(session: Session, id: str) -> None:
    """Blank a pupil's row, names and key: what was sealed with the key cannot be read by anyone any more."""
    blank: dict[str, Any] = {"details": None, "born": None, "entered": None, "groups": frozenset(), "erased": True}
    blank |= {"name": "", **dict.fromkeys(_INDEXED.values())}
    session.run(sa.update(pupils).where(session.here(pupils), pupils.c.id == id).values(**blank))
    session.held.pop(id, None)
    session.foreseen.old = True
    _drop_names(session, [id])
    session.run(sa.delete(keys).where(session.here(keys), keys.c.pupil_id == id))


def _identity(pupil: str) -> str:
    return f"pupils/{pupil}/details"
