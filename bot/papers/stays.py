"""A pupil's times at the schools of the county: what was recorded in each is that school's, and no other's, to count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from casework.facts import Fact, Kind
from casework.people import Pupil
from storage.store import Work

COMINGS = (Kind.TRANSFER_IN, Kind.ENROLLED)


@dataclass(frozen=True, slots=True)
class Stay:
    """A time at a school: the pupil in the class of that time, and what was recorded in it, the school's own 转出 included.

    ``over``: the pupil has left that school since.
    """

    pupil: Pupil
    school: str
    facts: Sequence[Fact]
    over: bool


def stays(work: Work, pupil: Pupil, facts: Sequence[Fact]) -> list[Stay]:
    """All of them, earliest first; ``facts`` are those that stand, in the order in which they were recorded.

    A 转出 that names the school left ends a stay there; the next one begins with a coming, so who has finished school
    and waits in a class of leavers has none any more.
    """
    found, begun = [], 0
    for n, fact in enumerate(facts):
        if fact.kind is Kind.TRANSFER_OUT and fact.unit:
            room = str(fact.data.get("class") or "") or None
            found.append(Stay(replace(pupil, class_id=room), fact.unit, facts[begun : n + 1], True))
            begun = n + 1
    school = work.world.directory.at_level(pupil.class_id, "school")
    if school and (not found or (begun < len(facts) and facts[begun].kind in COMINGS)):
        found.append(Stay(pupil, school, facts[begun:], False))
    return found


def moved_away(work: Work, schools: Iterable[str]) -> dict[str, Pupil]:
    """The pupils whom these schools ever lost to another one or by finishing, as they are now."""
    return work.people.pupils({f.pupil for school in schools for f in work.cases.left_school(school) if f.pupil})
