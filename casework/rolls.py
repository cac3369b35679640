"""Roll call: what was said of a class or a pupil on a day (TA-8, LC-13, XY-17). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.scope import SCHOOL_STAFF
from casework.timeline import standing

_SETTLES = (Kind.ABSENCE, Kind.RETURN, Kind.LEAVE)


def answered(facts: Iterable[Fact], pupils: Mapping[str, Pupil]) -> set[str]:
    """The classes of which somebody of the school recorded something that stands, for the class or a pupil in it."""
    said = [f for f in standing(facts) if f.role in SCHOOL_STAFF]
    rooms = {pupils[f.pupil].class_id for f in said if f.pupil and f.pupil in pupils}
    return {unit for unit in (*rooms, *(f.unit for f in said)) if unit is not None}


def reported(facts: Iterable[Fact], on: dt.date) -> bool:
    """Whether the last word that stands about that day of a pupil is an absence."""
    said = [f for f in standing(facts) if f.on == on and f.kind in _SETTLES]
    return bool(said) and max(said, key=lambda f: (f.at, f.id)).kind is Kind.ABSENCE
