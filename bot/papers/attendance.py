"""学生出勤月报表 of a class: every school day of a pupil in it, told from the facts about the time up to that day (LC-10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from bot.papers.months import bounds, states
from bot.papers.stays import COMINGS, moved_away, stays
from casework.case import AWAY
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.timeline import standing
from handlers.desk import Desk
from reports.round_sheets import Absence, Attendance
from reports.wording import say_way
from storage.store import Work

NOT_DUE = ("left", "home_taught")  # suspended, deferred, transferred, taught at home: not expected in class


def of_class(work: Work, desk: Desk, room: str, month: str) -> Attendance:
    """The month of a class up to now, with who left it or came to it within the month."""
    first, last = bounds(month)
    days = work.world.days_of(room).between(first, min(last, work.now.date()))
    pupils, _ = work.people.in_scope(desk.scope, place=room, limit=1000)
    school = work.world.directory.at_level(room, "school")
    everyone = {p.id: p for p in pupils if p.class_id == room} | moved_away(work, [school] if school else [])
    facts = work.cases.facts_of(everyone)
    due, found = 0, list[Absence]()
    for pupil in everyone.values():
        for stay in stays(work, pupil, standing(facts.get(pupil.id, ()))):
            if stay.pupil.class_id == room:
                shown = _shown(work, stay.pupil, list(stay.facts), days, stay.over)
                due += len(shown)
                found += _absences(stay.pupil, stay.facts, shown)
    now = sum(p.class_id == room for p in everyone.values())
    return Attendance(work.world.directory.units[room].name, month, now, len(days), tuple(found), due)


def of_school(work: Work, desk: Desk, school: str, month: str) -> Attendance:
    """The month of each class of a school that has pupils, as the school publishes it (LC-9)."""
    directory = work.world.directory
    rooms = sorted(
        (u for id in directory.below(school) if (u := directory.units[id]).meets),
        key=lambda u: (u.grade or 0, u.name),
    )
    classes = tuple(found for room in rooms if (found := of_class(work, desk, room.id, month)).pupils or found.due)
    return Attendance(directory.units[school].name, month, 0, 0, classes=classes)


def _shown(
    work: Work, pupil: Pupil, facts: list[Fact], days: Sequence[dt.date], over: bool
) -> list[tuple[dt.date, str]]:
    """The school days on which the pupil was expected in class, with the state at each one's end."""
    if not days:
        return []
    came = (
        next((f.on for f in facts if f.kind in COMINGS), None)
        if facts and facts[0].kind in (*COMINGS, Kind.FOUND)
        else None
    )
    steps = list(states(work, pupil, facts, days[0], dt.datetime.combine(days[-1], dt.time(23, 59))))
    shown = [(day, next(state for on, state in reversed(steps) if on <= day)) for day in days]
    gone = facts[-1].on if over else None  # the day of the transfer itself is the next school's
    return [(d, s) for d, s in shown if s not in NOT_DUE and (came is None or d >= came) and (gone is None or d < gone)]


def _absences(pupil: Pupil, facts: Sequence[Fact], shown: Sequence[tuple[dt.date, str]]) -> Iterator[Absence]:
    for day, state in shown:
        if state not in (*AWAY, "on_leave"):
            continue
        kinds = (Kind.LEAVE,) if state == "on_leave" else (Kind.ABSENCE, Kind.NOT_RETURNED, Kind.DROPOUT)
        cause = next((f for f in reversed(facts) if f.kind in kinds and f.on <= day), None)
        data = cause.data if cause else {}
        kind = "旷课" if state in AWAY else "病假" if data.get("kind") == "sick" else "事假"
        done = (f for f in facts if f.kind in (Kind.CONTACT, Kind.VISIT) and f.on == day)
        handled = "、".join(dict.fromkeys(say_way(f.kind.value, str(f.data.get("channel") or "")) for f in done))
        yield Absence(pupil.name, day, kind, str(data.get("reason") or ""), handled, id=pupil.id)
