"""Children whom the county has sent a teacher to (送教安排): within that teacher's reach where the talk is of such lessons (FJ-15).

The class stays the school's own; the teacher who goes to the home writes down the lessons, looks at the pace and sends the
photos, and sees no other child for it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

from casework.access import SCHOOL
from casework.facts import Fact, Kind
from casework.people import Unit
from casework.timeline import standing
from handlers.desk import Desk

CLAUSES = {"FJ-15": ("record",)}
BACK = dt.timedelta(days=1100)
_LESSONS = re.compile("送教|送课|上门教")


def widened(desk: Desk, text: str) -> Desk:
    """The desk with those children in reach, where the words are of lessons at home."""
    if not _LESSONS.search(text) or desk.reader.roles.isdisjoint(SCHOOL):
        return desk
    mine = frozenset(_mine(desk))
    return replace(desk, scope=replace(desk.scope, lent=desk.scope.lent | mine)) if mine else desk


def _mine(desk: Desk) -> Iterator[str]:
    """The pupils whose placement in force names the writer as the one who teaches them at home."""
    kinds = (Kind.PLACED.value, Kind.VOID.value)
    told = standing(desk.work.cases.facts_between(desk.today - BACK, desk.today, kinds))
    newest: dict[str, Fact] = {}
    for fact in sorted(told, key=lambda f: (f.on, f.at, f.id)):
        if fact.kind is Kind.PLACED and fact.pupil:
            newest[fact.pupil] = fact
    known = desk.work.people.pupils(id for id, fact in newest.items() if fact.data.get("teacher") == desk.writer.id)
    return (id for id, pupil in known.items() if pupil.home_taught and not pupil.struck)


def teacher_named(desk: Desk, school: Unit, who: str) -> str | None:
    """The one member of that school's staff whom the words name behind the school's name: 青石镇中心小学唐老师."""
    name, directory = who.replace(school.name, "").strip("的、，, "), desk.world.directory
    staff = {
        p for unit in directory.below(school.id) for role in SCHOOL for p in directory.holders(role, unit, desk.today)
    }
    meant = [id for id in sorted(staff) if (person := desk.work.people.person(id)) and person.name == name]
    return meant[0] if len(meant) == 1 else None
