"""The roster of pupils: each row is checked, then matched with the register by number, or by class, name and phone."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from bot.rosters import cells
from bot.rosters.cells import Wrong
from bot.rosters.matching import Register, Twins
from bot.rosters.moving import Move, write_moves
from bot.rosters.places import Places
from bot.rosters.plan import NAMED, YEAR_BEGINS, BadRow, Kind, Plan
from bot.rosters.reading import Roster, Row
from casework.case import AWAY
from casework.people import RESTING, Pupil
from storage.pupils import Entered
from storage.rolls import Place
from storage.session import new_id
from storage.store import Store, Work

CLAUSES = {"TA-17": ("record",)}
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
OF_PUPIL = {
    "姓名": "name",
    "学校班级": "class_id",
    "村": "village_id",
    **{column: name for column, (name, _) in OTHERS.items()},
}
OPTIONAL = (*DETAILS, "村", *OTHERS)
BATCH = 2000
PIECE, FIRST_PIECE = 1000, 30_000
"""How many rows one transaction writes: few, so that the chat goes on; many, while there is no one to talk about."""

CLAUSES = {"TA-17": ("record",)}


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


@dataclass(slots=True)
class Changes:
    """What the rows come to so far: whom to write, who moves where, and which pupils the rows are about."""

    wanted: list[Entered] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    matched: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    reclassed: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    new: list[str] = field(default_factory=list)
    corrected: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    stepped: dict[str, Place] = field(default_factory=dict)
    """Who is in the new year's class by this very list: the step into the year must not move them again."""

    def take(self, draft: Draft, before: Entered | None, now: dt.datetime, places: Places) -> None:
        """One good row; ``before`` is the pupil as known, None for a new one."""
        self.classes.add(draft.class_id)
        if before is None:
            self.wanted.append(Entered(_new(draft, now), draft.details))
            self.added += 1
            if len(self.new) <= NAMED:
                self.new.append(draft.name)
            self._step(self.wanted[-1].pupil, None, places)
            return
        self.matched.add(before.pupil.id)
        after = Entered(_over(draft, before.pupil), {**(before.details or {}), **draft.details})
        if (after.pupil, after.details) == (before.pupil, before.details):
            self.unchanged += 1
            return
        self.wanted.append(after)
        self.changed += 1
        columns = list(_edited(before, after))
        self.edits.update(columns)
        if len(self.corrected) <= NAMED:
            self.corrected.append(f"{after.pupil.name}（{'、'.join(columns)}）")
        if before.pupil.name != after.pupil.name:
            self.renamed.append(f"{before.pupil.name}→{after.pupil.name}")
        old = before.pupil.class_id
        self._step(after.pupil, old, places)
        if old is not None and old != draft.class_id:
            if places.by_id[old].parent == places.by_id[draft.class_id].parent:
                self.reclassed += 1
            else:
                self.moves.append(Move(before.pupil.id, old, draft.class_id))

    def _step(self, pupil: Pupil, old: str | None, places: Places) -> None:
        room = places.by_id[pupil.class_id or ""]
        before = places.by_id[old].grade if old else None
        if room.grade and before in (None, room.grade - 1):
            self.stepped[pupil.id] = Place(pupil.id, room.parent or "", room.grade)


def _edited(before: Entered, after: Entered) -> Iterator[str]:
    """The columns in which a row says something else than what is known."""
    was, now = before.details or {}, after.details or {}
    yield from (column for column, (name, _) in DETAILS.items() if was.get(name) != now.get(name))
    for column, name in OF_PUPIL.items():
        if getattr(before.pupil, name) != getattr(after.pupil, name):
            yield column


def plan(store: Store, roster: Roster, now: dt.datetime, checked: Callable[[int], None]) -> Plan:
    """What the rows would add and change. An empty cell changes nothing; 无 in 重点群体 takes all groups away."""
    with store.look(now) as work:
        places = Places(work.people.units())
        register = Register(work)
    bad: list[BadRow] = []
    twins, found = Twins(), Changes()
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
            found.take(draft, known.entered[id] if id is not None else None, now, places)
    size = FIRST_PIECE if register.empty else PIECE
    moving = {move.pupil: move for move in found.moves}
    pieces = []
    for start in range(0, len(found.wanted), size):
        entered = found.wanted[start : start + size]
        ids = [e.pupil.id for e in entered]
        stepped = found.stepped if now.month in YEAR_BEGINS and not register.empty else {}
        pieces.append((entered, [moving[i] for i in ids if i in moving], [stepped[i] for i in ids if i in stepped]))
    notes = () if register.empty else _notes(store, found, register, places, now)
    return Plan(found.added, found.changed, found.unchanged, bad, pieces, _write, notes, found.edits)


def _notes(store: Store, found: Changes, register: Register, places: Places, now: dt.datetime) -> tuple[str, ...]:
    """The rows in one sentence, whose names they change and who goes to another school, and who stands on the register and
    not in the file: of the schools of which it has most classes, else of the classes that it has."""
    classes, whole = _covered(found.classes, register, places)
    others = register.others(classes, found.matched)
    with store.look(now) as work:
        cases = work.cases.cases([id for id, _ in others])
        open_ones = work.cases.cases([move.pupil for move in found.moves])
    others = [(id, name) for id, name in others if id not in cases or cases[id].state != "left"]
    kept = sum(case.state in AWAY for case in open_ones.values())
    corrected = found.changed - found.reclassed - len(found.moves)
    notes = [
        f"新增{found.added}人，校内转班{found.reclassed}人，转到别的学校{len(found.moves)}人，改资料{corrected}人，名单里没有的{len(others)}人。"
    ]
    if found.new:
        notes.append(f"新增：{_some(found.new)}。")
    if found.corrected:
        notes.append(f"改动：{_some(found.corrected)}。")
    if kept:
        notes.append(f"转学的人里有{kept}人正在缺勤或辍学：只改班级，不记转入，继续跟进到见到人为止。")
    if found.renamed:
        notes.append(f"改姓名，请核对：{_some(found.renamed)}。")
    if found.moves:
        names = {entered.pupil.id: entered.pupil.name for entered in found.wanted}
        paths = [
            (names[m.pupil], *("".join(places.path(id)[-2:]) for id in (m.before, m.after or m.before)))
            for m in found.moves
        ]
        notes.append(f"转到别的学校：{_some([f'{name}（{old}→{new}）' for name, old, new in paths])}。")
    if others:
        where = "学校" if whole else "班级"
        notes.append(
            f"表里的{where}在册、但名单里没有：{_some([name for _, name in others])}。他们不会被删除，请核对去向后按转学、休学或未返校登记。"
        )
    return tuple(notes)


def _some(words: Sequence[str]) -> str:
    return "、".join(words[:NAMED]) + ("等" if len(words) > NAMED else "")


def _covered(in_file: set[str], register: Register, places: Places) -> tuple[set[str], bool]:
    """The classes that a file is a list of, and whether these are whole schools: the list of one class, sent to mend it,
    says nothing of the others."""
    classes, whole = set(in_file), False
    rooms = {id for id in register.classes if id in places.by_id and not places.by_id[id].name.endswith(RESTING)}
    for school in {places.by_id[id].parent for id in in_file}:
        own = {id for id in rooms if places.by_id[id].parent == school}
        if 2 * len(own & in_file) > len(own):
            classes |= {unit.id for unit in places.by_id.values() if unit.kind == "class" and unit.parent == school}
            whole = True
    return classes, whole


def _write(work: Work, piece: tuple[Sequence[Entered], Sequence[Move], Sequence[Place]]) -> None:
    entered, moves, stepped = piece
    work.cases.hold_at_once(one.pupil.id for one in entered)
    work.people.put_pupils(entered)
    work.rolls.keep(work.now.year, stepped)
    write_moves(work, moves, "import:pupils")


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
