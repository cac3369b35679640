"""The classes that have school today, what was said of each, and what the roll call makes of it: read in one look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from casework.people import Unit
from casework.rolls import answered
from casework.scope import Scope
from casework.timeline import standing
from reminders import firstdays, hours, rollcall
from reminders.message import Message
from reminders.plan import LATE
from reminders.ports import Work


def roll_call(work: Work, asking: bool, telling: bool, name_of: Callable[[str], str]) -> list[Message]:
    """The silent classes asked, and the schools told which are silent still."""
    if not asking and not telling:
        return []
    rooms = class_days(work)
    told = rollcall.ask(_with_aware(work, rooms), work.now, name_of) if asking else []
    return [*told, *(rollcall.silent(_with_away(work, rooms), work.now, name_of) if telling else ())]


def _with_away(work: Work, rooms: Sequence[rollcall.ClassDay]) -> list[rollcall.ClassDay]:
    """The classes with who is missing the first or second day."""
    away = firstdays.by_class(work, standing(work.cases.facts_between(work.now.date(), work.now.date())))
    return [replace(room, away=away.get(room.id, ())) for room in rooms]


def _with_aware(work: Work, rooms: Sequence[rollcall.ClassDay]) -> list[rollcall.ClassDay]:
    """The classes with who knows of the pupils that are asked about."""
    pupils = [pupil.id for room in rooms for pupil, _ in rollcall.asked_about(room)]
    owed = {duty.id: pupil for pupil, mine in work.cases.duties_of(pupils).items() for duty in mine}
    aware: dict[str, dict[str, None]] = {}
    noted = work.outbox.noted(owed, LATE)
    for duty, _, person in sorted(
        noted, key=lambda one: (noted[one], one[2])
    ):  # what was said at one moment has no order
        aware.setdefault(owed[duty], {})[person] = None
    return [replace(room, aware={p.id: tuple(aware.get(p.id, ())) for p, _ in room.absent}) for room in rooms]


def meeting(work: Work) -> list[Unit]:
    """The classes that have school today."""
    today, world = work.now.date(), work.world
    return [u for u in world.directory.units.values() if u.meets and hours.is_school_day(today, world.days_of(u.id))]


def _with_somebody(work: Work, rooms: Sequence[Unit]) -> list[Unit]:
    """Without the classes whose pupils have moved on, and their teacher with them: there is nobody to call."""
    held = {u.id for u in rooms if work.world.directory.holders("teacher", u.id, work.now.date())}
    filled = work.tallies.by_class(Scope(everything=True)) if len(held) < len(rooms) else held
    return [u for u in rooms if u.id in held or u.id in filled]


def class_days(work: Work) -> list[rollcall.ClassDay]:
    """The classes that have school today, and what was said of each."""
    today, directory = work.now.date(), work.world.directory
    rooms = _with_somebody(work, meeting(work))
    if not rooms:
        return []
    told = standing(work.cases.facts_between(today, today))
    spoken = {f.pupil or f.unit for f in told}
    reported = answered(told, work.people.pupils(id for id in spoken if id is not None))
    absent: dict[str | None, list[rollcall.Absent]] = {}
    away = [id for id in work.cases.standing(rollcall.ASKED_STATES) if id not in spoken]
    pupils, cases = work.people.pupils(away), work.cases.cases(away)
    for id in away:
        absent.setdefault(pupils[id].class_id, []).append((pupils[id], cases[id]))
    schools = {u.id: directory.at_level(u.id, "school") for u in rooms}
    return [
        rollcall.ClassDay(
            id=u.id,
            name=u.name,
            school=schools[u.id] or "",
            teachers=directory.holders("teacher", u.id, today),
            officers=directory.in_charge("school", schools[u.id] or u.id, today),
            reported=u.id in reported,
            absent=tuple(absent.get(u.id, ())),
        )
        for u in rooms
    ]
