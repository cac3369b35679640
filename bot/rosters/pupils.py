"""The roster of pupils: each row is checked, then matched with the register by number, or by class, name and phone."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from bot.rosters import cells
from bot.rosters.cells import Wrong
from bot.rosters.matching import Register, Twins
from bot.rosters.places import Places
from bot.rosters.plan import BadRow, Kind, Plan
from bot.rosters.reading import Roster, Row
from casework.people import Pupil
from storage.pupils import Entered
from storage.session import new_id
from storage.store import Store, Work

REQUIRED = ("姓名", "学校班级")
DETAILS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "性别": ("sex", cells.sex),
    "身份证号": ("id_number", cells.id_number),
    "学籍号": ("student_number", cells.student_number),
    "户籍地址": ("household", str),
    "现住址": ("address", str),
    "监护人": ("guardian", str),
    "关系": ("relation", str),
    "监护人电话": ("phone", cells.phone),
}
OTHERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "重点群体": ("groups", cache(cells.groups)),
    "本县户籍": ("local", cells.yes),
    "送教": ("home_taught", cells.yes),
    "入学日期": ("entered", cells.day),
}
OPTIONAL = (*DETAILS, "村", *OTHERS)
BATCH = 2000
PIECE, FIRST_PIECE = 1000, 30_000
"""How many rows one transaction writes: few, so that the chat goes on; many, while there is no one to talk about."""


Readers = dict[str, tuple[str, Callable[[str], Any]]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A row that holds together by itself. None, and what is missing in ``details``: the cell was empty."""

    number: int
    name: str
    class_id: str
    village_id: str | None
    groups: frozenset[str] | None
    local: bool | None
    home_taught: bool | None
    entered: dt.date | None
    details: dict[str, str]


def plan(store: Store, roster: Roster, now: dt.datetime, checked: Callable[[int], None]) -> Plan:
    """What the rows would add and change. An empty cell changes nothing; 无 in 重点群体 takes all groups away."""
    with store.look(now) as work:
        places = Places(work.people.units())
        register = Register(work)
    bad: list[BadRow] = []
    twins = Twins()
    wanted: list[Entered] = []
    added = changed = unchanged = 0
    for batch in _batches(roster, _readers(places), bad, checked):
        with store.look(now) as work:
            known = register.around(work, batch)
        for draft in batch:
            try:
                id = known.find(draft)
                twins.check(draft, id)
            except Wrong as error:
                bad.append(BadRow(draft.number, error.column, str(error)))
                continue
            if id is None:
                wanted.append(Entered(_new(draft, now), draft.details))
                added += 1
                continue
            before = known.entered[id]
            after = Entered(_over(draft, before.pupil), {**(before.details or {}), **draft.details})
            if (after.pupil, after.details) == (before.pupil, before.details):
                unchanged += 1
            else:
                wanted.append(after)
                changed += 1
    size = FIRST_PIECE if register.empty else PIECE
    pieces = [wanted[start : start + size] for start in range(0, len(wanted), size)]
    return Plan(added, changed, unchanged, bad, pieces, _write)


def _write(work: Work, piece: Sequence[Entered]) -> None:
    work.people.put_pupils(piece)


def _batches(
    roster: Roster, readers: Readers, bad: list[BadRow], checked: Callable[[int], None]
) -> Iterator[list[Draft]]:
    done = 0
    while rows := list(islice(roster.rows, BATCH)):
        done += len(rows)
        checked(done)
        yield [draft for row in rows if (draft := _draft(row, readers, bad)) is not None]


def _draft(row: Row, readers: Readers, faults: list[BadRow]) -> Draft | None:
    """The row as a draft; None, with all its faults told, if it has any."""
    before = len(faults)
    said: dict[str, Any] = {}
    for column, text in row.cells.items():
        if column in readers:
            name, reader = readers[column]
            try:
                said[name] = reader(text)
            except Wrong as error:
                faults.append(BadRow(row.number, column, str(error)))
    faults += [BadRow(row.number, column, "不能为空") for column in REQUIRED if column not in row.cells]
    if len(faults) > before:
        return None
    details = {name: said.pop(name) for name, _ in DETAILS.values() if name in said}
    if "id_number" in details:
        details["born"] = cells.born_of(details["id_number"]).isoformat()
    return Draft(row.number, **(_NOTHING | said), details=details)  # type: ignore[arg-type]  # readers give each its type


_NOTHING = dict.fromkeys(("village_id", *(name for name, _ in OTHERS.values())))


def _readers(places: Places) -> Readers:
    found = {
        "姓名": ("name", cells.name),
        "学校班级": ("class_id", places.class_id),
        "村": ("village_id", places.village_id),
    }
    return found | DETAILS | OTHERS


def _new(draft: Draft, now: dt.datetime) -> Pupil:
    return Pupil(
        new_id(now),
        draft.name,
        draft.class_id,
        draft.village_id,
        draft.groups or frozenset(),
        bool(draft.home_taught),
        True if draft.local is None else draft.local,
        draft.entered,
    )


def _over(draft: Draft, before: Pupil) -> Pupil:
    """What is known of a pupil, with what the row says over it."""
    columns = ("village_id", "groups", "local", "home_taught", "entered")
    said = {column: value for column in columns if (value := getattr(draft, column)) is not None}
    return dataclasses.replace(before, name=draft.name, class_id=draft.class_id, **said)


KIND = Kind(REQUIRED, OPTIONAL, plan)
