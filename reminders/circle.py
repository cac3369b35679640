"""Who is concerned by a duty: who owes it, who is told beside them, and who stands above (contracts, section 4).

Pure; people are those who hold the posts on the day in question.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from casework import rungs
from casework.case import Duty
from casework.people import COUNTY, Pupil
from casework.rungs import Told
from casework.scope import World
from reminders import hours

TOLD_ON_THE_DAY = {
    "absence_plan": ("principal",), "joint_persuasion": ("village",), "suspected_review": ("teacher",),
    "trace": ("village",),  # 街道、村（居）配合入户 (TA-7)
}  # fmt: skip
TOLD_WHEN_DONE = {
    "trace_tell": ("township", "village"),  # that the county has told them is told by the program itself (FJ-20, FJ-21)
    "outside_report": ("township", "county", "village"),
    "dropout_notify": ("township", "county", "village"),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """The next step up: when, and to which role."""

    at: dt.datetime
    role: str


def told_beside(duty: Duty, pupil: Pupil | None, world: World, day: dt.date) -> tuple[str, ...]:
    """Who is told on the due day beside those who owe it; with no holder of the post, those one step up."""
    roles = TOLD_ON_THE_DAY.get(duty.rule)
    return _told(roles, pupil, world, day, duty.who) if roles else ()


def told_when_done(duty: Duty, pupil: Pupil | None, world: World, day: dt.date) -> tuple[str, ...]:
    """Who is told that it has been fulfilled."""
    return _told(TOLD_WHEN_DONE.get(duty.rule, ()), pupil, world, day, ())


def _told(
    roles: tuple[str, ...], pupil: Pupil | None, world: World, day: dt.date, but: tuple[str, ...]
) -> tuple[str, ...]:
    if pupil is None or not roles:
        return ()
    people = dict.fromkeys(person for role in roles for person in world.who(role, pupil, day))
    return tuple(person for person in people if person not in but)


def others(duty: Duty, person: str, pupil: Pupil | None, world: World, day: dt.date) -> tuple[str, ...]:
    """Who else is told of a duty: those who owe it together, and those beside them."""
    if duty.rule not in TOLD_ON_THE_DAY and duty.who == (person,):
        return ()
    people = (*duty.who, *told_beside(duty, pupil, world, day))
    return tuple(p for p in dict.fromkeys(people) if p != person)


def next_up(duty: Duty, pupil: Pupil | None, world: World, now: dt.datetime, told: Told) -> Turn | None:
    """When and to whom a duty goes up next if nobody answers; None where nobody is left above."""
    left = rungs.left(duty, pupil, world, now.date(), told)
    if not left:
        return None
    at = dt.datetime.combine(hours.next_workday(duty.due, world.calendar.county), hours.ESCALATION)
    while at <= now:
        at = dt.datetime.combine(hours.next_workday(at.date(), world.calendar.county), hours.ESCALATION)
    return Turn(at, left[0].role)


def vacancies(duty: Duty, pupil: Pupil | None, world: World, day: dt.date) -> tuple[tuple[str, str], ...]:
    """The posts (role, unit) that a duty's owner or, once it is overdue, the first step above should hold, and nobody does."""
    roles = [duty.owner]
    if duty.overdue(day):
        roles += [rung.role for rung in rungs.ladder(duty, pupil, world, day)][:1]
    seats = [(role, rungs.seat(role, duty, pupil, world)) for role in roles]
    return tuple((r, u) for r, u in seats if u is not None and not world.directory.holders(r, u, day))


def stand_ins(role: str, duty: Duty, pupil: Pupil | None, world: World, day: dt.date) -> tuple[str, ...]:
    """Who answers while nobody holds that post of a duty: those one step up, and so on."""
    if pupil is not None:
        return world.who(role, pupil, day)
    return world.directory.in_charge(role, duty.unit or COUNTY, day)


def administrators(world: World, day: dt.date) -> tuple[str, ...]:
    """Who looks after posts and settings: the county's administrator, else the county's staff."""
    return world.directory.holders("admin", COUNTY, day) or world.directory.holders("county", COUNTY, day)
