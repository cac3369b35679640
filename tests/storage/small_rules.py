"""A small rule book for these tests: three rules, so that what storage does with any rule book is seen alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from casework.case import Assessment, Case, Duty
from casework.facts import Fact, Kind
from casework.people import Pupil, Unit
from casework.scope import World
from storage.assessing import Rules

NOON = dt.time(12)


def assess(pupil: Pupil, facts: Sequence[Fact], world: World, now: dt.datetime) -> Assessment:
    """An absence counts days from its first one; each day at noon; a contact ends the duty of calling."""
    gone = {id for fact in facts if fact.kind is Kind.VOID for id in fact.data["facts"]}
    standing = sorted(
        (f for f in facts if f.id not in gone and f.kind is not Kind.VOID), key=lambda f: (f.on, f.at, f.id)
    )
    absence = _open_absence(standing)
    if absence is None:
        state = "home_taught" if pupil.home_taught else "in_school"
        past = tuple(_call(pupil, f, standing, world) for f in standing if f.kind is Kind.ABSENCE)
        return Assessment(Case(pupil.id, state), tuple({duty.id: duty for duty in past}.values()))
    noons = [dt.datetime.combine(absence.on + dt.timedelta(days=n), NOON) for n in range(400)]
    day = sum(noon <= now for noon in noons)
    state, ledger = ("suspected", "suspected") if day >= 3 else ("absent", "age")
    case = Case(pupil.id, state, ledger, day, absence.on, reason=absence.data.get("reason"))
    calls = tuple(_call(pupil, f, standing, world) for f in standing if f.kind is Kind.ABSENCE)
    return Assessment(case, tuple({duty.id: duty for duty in calls}.values()), next(n for n in noons if n > now))


def _open_absence(standing: Sequence[Fact]) -> Fact | None:
    opened = None
    for fact in standing:
        if fact.kind is Kind.ABSENCE:
            opened = opened or fact
        elif fact.kind is Kind.RETURN:
            opened = None
    return opened


def _call(pupil: Pupil, absence: Fact, standing: Sequence[Fact], world: World) -> Duty:
    met = next((f for f in standing if f.kind is Kind.CONTACT and f.on >= absence.on), None)
    back = next((f for f in standing if f.kind is Kind.RETURN and f.on >= absence.on), None)
    end = met or back
    return Duty(
        id=f"call-{pupil.id}-{absence.on}",
        rule="absence_contact",
        clause="N",
        owner="teacher",
        due=absence.on,
        pupil=pupil.id,
        status="done" if met else "lapsed" if back else "open",
        who=() if end else world.who("teacher", pupil, absence.on),
        closed=end.at if end else None,
        by=end.id if end else None,
        hint={"day": 1},
    )


def owed(
    unit: Unit, facts: Sequence[Fact], world: World, now: dt.datetime
) -> tuple[tuple[Duty, ...], dt.datetime | None]:
    """A school owes a report on the 25th of each month, written on the first."""
    if unit.kind != "school":
        return (), None
    first = now.date().replace(day=1)
    told = next((f for f in facts if f.kind is Kind.REPORT and f.data["month"] == f"{first:%Y-%m}"), None)
    duty = Duty(
        id=f"report-{unit.id}-{first:%Y-%m}",
        rule="monthly_report",
        clause="N",
        owner="school",
        due=first.replace(day=25),
        unit=unit.id,
        status="done" if told else "open",
        who=() if told else world.directory.in_charge("school", unit.id, now.date()),
        closed=told.at if told else None,
        by=told.id if told else None,
    )
    return (duty,), dt.datetime.combine((first + dt.timedelta(days=32)).replace(day=1), dt.time())


SMALL = Rules(assess, owed)
