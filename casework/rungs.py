"""The steps above the owner of a duty, and which of them are still to come (contracts, section 4: one step a workday).

Pure; people are those who hold the posts on the day in question.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from casework.case import AT, Duty
from casework.people import Pupil
from casework.scope import ABOVE, World

GOES_UP = dt.time(8, 10)
"""When on a workday what is overdue goes one step up."""
UP = "up"
"""A step upwards is kept as ``up:principal``."""
DONE = "done"
"""The step at which somebody was told that a duty has been fulfilled."""
Told = Mapping[str, Collection[str]]
"""By step (``up:principal``): who was told of a duty before."""


def step_up(role: str, duty: Duty, before: bool) -> str:
    """The step under which it is kept that a duty went up to a role; with its day where it went there for another day
    ``before``, since a note stands once."""
    return f"{UP}:{role}:{duty.due}" if before else f"{UP}:{role}"


def told_of(duty: Duty, said: Iterable[tuple[str, str, dt.datetime]]) -> dict[str, dict[str, dt.datetime]]:
    """By step (``up:principal``): who was told that this duty is overdue, and when; ``said`` are steps, people and moments.

    What was said of an earlier day, before a correction moved the duty, does not count: it is overdue anew.
    """
    out: dict[str, dict[str, dt.datetime]] = {}
    for step, person, at in said:
        if step.startswith(f"{UP}:") and at.date() > duty.due:
            out.setdefault(":".join(step.split(":")[:2]), {})[person] = at
    return out


@dataclass(frozen=True, slots=True)
class Rung:
    """A step above the owner of a duty, and who stands on it; nobody where the post is vacant."""

    role: str
    people: tuple[str, ...]


def holders(role: str, duty: Duty, pupil: Pupil | None, world: World, day: dt.date) -> tuple[str, ...]:
    """Who holds that very post for the pupil or unit of a duty."""
    return world.directory.holders(role, seat(role, duty, pupil, world), day)


def seat(role: str, duty: Duty, pupil: Pupil | None, world: World) -> str | None:
    """The unit at which a role answers for the pupil or unit of a duty."""
    if AT in duty.hint:
        return world.directory.seat(role, str(duty.hint[AT]), None)
    if pupil is not None:
        return world.directory.seat(role, pupil.class_id, pupil.village_id)
    return world.directory.seat(role, duty.unit, duty.unit)


def is_silent(duty: Duty, world: World) -> bool:
    """Whether silence closes this duty by itself, so that it goes up to nobody (XY-42)."""
    rule = world.policy.rule(duty.rule, duty.due)
    return bool(rule is not None and rule.values.get("silent"))


def ladder(duty: Duty, pupil: Pupil | None, world: World, day: dt.date) -> tuple[Rung, ...]:
    """The steps above the owner, lowest first: teacher, school, principal, county; village, township, county."""
    if is_silent(duty, world):
        return ()
    steps = []
    role = ABOVE.get(duty.owner)
    while role is not None and role != "admin":
        steps.append(Rung(role, holders(role, duty, pupil, world, day)))
        role = ABOVE.get(role)
    return tuple(steps)


def left(duty: Duty, pupil: Pupil | None, world: World, day: dt.date, told: Told) -> list[Rung]:
    """The steps still to come, lowest first; vacant ones and those who know already, by whatever post, are passed over."""
    known = {*duty.who, *(person for people in told.values() for person in people)}
    out = []
    for rung in ladder(duty, pupil, world, day):
        people = tuple(person for person in rung.people if person not in known)
        if people and f"{UP}:{rung.role}" not in told:
            out.append(replace(rung, people=people))
            known |= set(people)
    return out
