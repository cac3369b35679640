"""Roll call: of which classes their school has said something on a day (TA-8, LC-13, XY-17). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from casework.facts import Fact
from casework.people import Pupil
from casework.scope import SCHOOL_STAFF
from casework.timeline import standing


def answered(facts: Iterable[Fact], pupils: Mapping[str, Pupil]) -> set[str]:
    """The classes of which somebody of the school recorded something that stands, for the class or a pupil in it."""
    said = [f for f in standing(facts) if f.role in SCHOOL_STAFF]
    rooms = {pupils[f.pupil].class_id for f in said if f.pupil and f.pupil in pupils}
    return {unit for unit in (*rooms, *(f.unit for f in said)) if unit is not None}
