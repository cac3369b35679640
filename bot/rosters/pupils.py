"""The roster of pupils: each row is checked, then matched with the register by number, or by class, name and phone."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from bot.rosters import cells
from bot.rosters.cells import Wrong, given, needed
from bot.rosters.matching import Register, Twins
from bot.rosters.places import Places
from bot.rosters.plan import BadRow, Kind, Plan
from bot.rosters.reading import Roster, Row
from casework.people import Pupil
from storage.pupils import Entered
from storage.session import new_id
from storage.store import Store, Work

REQUIRED = ("姓名", "学校班级")
DETAIL_COLUMNS: dict[str, tuple[str, Callable[[str], str]]] = {
    "性别": ("sex", cells.sex),
    "身份证号": ("id_number", cells.id_number),
    "学籍号": ("student_number", cells.student_number),
    "户籍地址": ("household", str),
    "现住址": ("address", str),
    "监护人": ("guardian", str),
    "关系": ("relation", str),
    "监护人电话": ("phone", cells.phone),
}
OPTIONAL = (*DETAIL_COLUMNS, "村", "重点群体", "本县户籍", "送教", "入学日期")
BATCH = 2000


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
    details: dict[str, str] = field(default_factory=dict)


def plan(store: Store, roster: Roster, now: dt.datetime, checked: Callable[[int], None]) -> Plan:
    """What the rows would add and change. An empty cell changes nothing; 无 in 重点群体 takes all groups away."""
    with store.look(now) as work:
        places = Places(work.people.units())
        register = Register(work)
    bad: list[BadRow] = []
    twins = Twins()
    wanted: list[Entered] = []
    added = changed = unchanged = 0
    for batch in _batches(roster, places, bad, checked):
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
    pieces = [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]
    return Plan(added, changed, unchanged, bad, pieces, _write)


def _write(work: Work, piece: Sequence[Entered]) -> None:
    work.people.put_pupils(piece)


def _batches(
    roster: Roster, places: Places, bad: list[BadRow], checked: Callable[[int], None]
) -> Iterator[list[Draft]]:
    done = 0
    while rows := list(islice(roster.rows, BATCH)):
        drafts = []
        for row in rows:
            faults = list[BadRow]()
            draft = _draft(row, places, faults)
            bad += faults
            if draft is not None:
                drafts.append(draft)
        done += len(rows)
        checked(done)
        yield drafts


def _draft(row: Row, places: Places, faults: list[BadRow]) -> Draft | None:
    """The row as a draft; None, with all its faults told, if it has any."""

    def read(how: Callable[..., Any], column: str, reader: Callable[[str], Any]) -> Any:
        try:
            return how(row, column, reader)
        except Wrong as error:
            faults.append(BadRow(row.number, error.column, str(error)))
            return None

    details = {name: read(given, column, reader) for column, (name, reader) in DETAIL_COLUMNS.items()}
    if details["id_number"]:
        details["born"] = cells.born_of(details["id_number"]).isoformat()
    draft = Draft(
        row.number,
        read(needed, "姓名", cells.name),
        read(needed, "学校班级", places.class_id),
        read(given, "村", places.village_id),
        read(given, "重点群体", cells.groups),
        read(given, "本县户籍", cells.yes),
        read(given, "送教", cells.yes),
        read(given, "入学日期", cells.day),
        {name: value for name, value in details.items() if value},
    )
    return None if faults else draft


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
