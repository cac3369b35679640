"""新学年: classes move up a grade, Grade 6 goes to its junior school, Grade 9 leaves; who began where is kept.

A class stays what it is (七年级3班 is the class of whoever is in Grade 7); the pupils go to the next one of the same
number, which is made where there is none. A pupil whose place in the year is kept is never moved a second time.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from bot.rosters.cells import Wrong
from bot.rosters.moving import Move, write_moves
from bot.rosters.pieces import write_piece
from bot.rosters.places import Places, id_at
from bot.rosters.reading import RosterError
from casework.case import AWAY
from casework.people import NEWCOMERS, RESTING, WAITING, Pupil, Unit
from storage.pupils import Entered
from storage.rolls import Place
from storage.store import Store, Work

_GRADES = "一二三四五六七八九"
PIECE = 1000


@dataclass(slots=True)
class YearPlan:
    """What the step would do: the pupils in their new classes, the classes to make, what to say."""

    year: int
    classes: dict[str, Unit] = field(default_factory=dict)
    pupils: list[Pupil] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    before: list[Place] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    unclear: list[str] = field(default_factory=list)
    waiting: Counter[str] = field(default_factory=Counter)
    goes: Counter[tuple[str, str]] = field(default_factory=Counter)
    named_classes: set[str] = field(default_factory=set)

    def say(self, dry_run: bool) -> list[str]:
        """The plan in plain sentences."""
        c = self.counts
        lines = [
            f"{self.year}学年：升级{c['up']}人，升入初中{c['junior']}人，毕业{c['leaves']}人，待升学{sum(self.waiting.values())}人，新设班级{len(self.classes)}个。"
        ]
        lines += [f"{old}：六年级{n}人到{new}（先放在“{NEWCOMERS}”）。" for (old, new), n in self.goes.items()]
        if self.classes:
            lines.append(f"新设班级：{'、'.join(sorted(self.named_classes))}。")
        lines += [f"{name}：六年级{n}人没有指定升入的初中，先放在“{WAITING}”。" for name, n in self.waiting.items()]
        if c["open"]:
            lines.append(f"有{c['open']}人正在缺勤或辍学：随班升级，不记到校，继续跟进。")
        if c["held"]:
            lines.append(f"九年级有{c['held']}人正在缺勤或辍学：不算毕业，放在“九年级未毕业”里继续跟进。")
        if c["away"]:
            lines.append(f"已转出、休学、缓学的{c['away']}人留在原班，复学时请按实际班级转入。")
        if c["done"]:
            lines.append(f"已经升过级的{c['done']}人不再变动。")
        lines += [f"{name}：班名看不出年级，没有升级，请改班名后再运行一次。" for name in self.unclear]
        lines.append("班主任任职没有改动，请导入新学年的教职工名单；新生和分班请导入新学年的学生名单。")
        return [*lines, "试运行，没有写入。"] if dry_run else lines


def plan_year(store: Store, year: int, successors: Mapping[str, str], now: dt.datetime) -> YearPlan:
    """What the step into the school year would change; ``successors``: primary → junior school, as paths.

    Raises ``RosterError`` for a path that names no school.
    """
    with store.look(now) as work:
        places = Places(work.people.units())
        goes_to = _schools(places, successors)
        by_class: dict[str, list[str]] = {}
        for id, _, class_id in work.people.all_names():
            by_class.setdefault(class_id or "", []).append(id)
        done, plan = work.rolls.of_year(year), YearPlan(year)
        for unit in sorted(places.by_id.values(), key=lambda unit: unit.id):
            ids = by_class.get(unit.id, []) if unit.kind == "class" else []
            fresh = [id for id in ids if id not in done]
            plan.counts["done"] += len(ids) - len(fresh)
            if fresh and not unit.name.endswith(RESTING):
                states = {id: case.state for id, case in work.cases.cases(fresh).items()}
                _move_class(plan, places, unit, list(work.people.pupils(fresh).values()), states, goes_to)
    return plan


def _move_class(
    plan: YearPlan, places: Places, room: Unit, pupils: list[Pupil], states: Mapping[str, str], goes_to: Mapping[str, str]
) -> None:  # fmt: skip
    school = places.by_id[room.parent or ""]
    if room.grade is None:
        plan.unclear.append("/".join(places.path(room.id)))
        return
    for pupil in pupils:
        state = states.get(pupil.id, "in_school")
        plan.before.append(Place(pupil.id, school.id, room.grade))
        if state == "left":
            plan.counts["away"] += 1
            continue
        target, kind = _target(plan, places, room, school, state in AWAY, goes_to.get(school.id))
        if target is None:
            plan.unclear.append("/".join(places.path(room.id)))
            return
        plan.counts[kind] += 1
        plan.counts["open"] += state in AWAY and kind != "held"
        if kind == "junior":
            plan.goes["/".join(places.path(school.id)), "/".join(places.path(target.parent or ""))] += 1
        if kind == "waiting":
            plan.waiting["/".join(places.path(school.id))] += 1
        plan.pupils.append(replace(pupil, class_id=target.id))
        if kind == "leaves":
            plan.moves.append(Move(pupil.id, room.id, None))
        elif target.parent != school.id:
            plan.moves.append(Move(pupil.id, room.id, target.id, "小学毕业升学"))


def _target(
    plan: YearPlan, places: Places, room: Unit, school: Unit, is_open: bool, junior: str | None
) -> tuple[Unit | None, str]:
    """Where a pupil of a class goes, and as what: up, junior, waiting, leaves or held."""
    grade = room.grade or 0
    if grade == 9:
        name = f"{plan.year}届九年级未毕业" if is_open else f"{plan.year}届毕业生"
        return _class(plan, places, school, name, None), "held" if is_open else "leaves"
    if grade == 6 and school.stage == "primary":
        if junior is None:
            return _class(plan, places, school, f"{plan.year}届{WAITING}", None), "waiting"
        return _class(plan, places, places.by_id[junior], NEWCOMERS, 7), "junior"
    name_up = next_name(room.name, grade)
    return (None if name_up is None else _class(plan, places, school, name_up, grade + 1)), "up"


def _class(plan: YearPlan, places: Places, school: Unit, name: str, grade: int | None) -> Unit:
    """The class of that name at a school, made where there is none."""
    path = (*places.path(school.id), name)
    known = places.at(path)
    if known is None:
        known = Unit(id_at(path), "class", name, school.id, None, grade)
        places.add(known)
        plan.classes[known.id] = known
        plan.named_classes.add("".join(path[-2:]))
    return known


def next_name(name: str, grade: int) -> str | None:
    """A class's name one grade up: 七年级3班 → 八年级3班, 初二(1)班 → 初三(1)班, 三(2)班 → 四(2)班; None if unclear."""
    if grade >= 7 and (found := re.match(r"(\s*初)([一二三])", name)):
        return f"{found[1]}{_GRADES[grade - 6]}{name[found.end() :]}"
    found = re.match(rf"(\s*(?:小学)?)({_GRADES[grade - 1]}|{grade})(?=年级|年|[(（])", name)
    if found is None:
        return None
    up = str(grade + 1) if found[2].isdigit() else _GRADES[grade]
    head = "" if grade == 6 else found[1]
    return f"{head}{up}{name[found.end() :]}"


def _schools(places: Places, successors: Mapping[str, str]) -> dict[str, str]:
    try:
        return {places.find(a, "school").id: places.find(b, "school").id for a, b in successors.items()}
    except Wrong as error:
        raise RosterError(str(error)) from error


def write_year(store: Store, plan: YearPlan, now: dt.datetime) -> None:
    """Write the plan, a thousand pupils at a time; broken off, the next run goes on where this one stopped."""
    with store.begin(now) as work:
        work.rolls.keep(plan.year - 1, plan.before)
        if plan.classes:
            work.people.put_units(list(plan.classes.values()))
    moves = {move.pupil: move for move in plan.moves}
    for start in range(0, len(plan.pupils), PIECE):
        write_piece(store, now, partial(_write, plan.year, moves), plan.pupils[start : start + PIECE])


def _write(year: int, moves: Mapping[str, Move], work: Work, piece: Sequence[Pupil]) -> None:
    work.cases.hold_at_once(pupil.id for pupil in piece)
    work.people.put_pupils([Entered(pupil) for pupil in piece])
    write_moves(work, [moves[p.id] for p in piece if p.id in moves], f"new-year:{year}")
    units = work.world.directory.units
    at = [(p.id, units[p.class_id or ""]) for p in piece]
    work.rolls.keep(year, (Place(id, room.parent or "", room.grade) for id, room in at))
