"""What waits for a word, in the morning's digest: whose word it is hears of it every workday, who waits hears it along with
the other news and once a week by itself. Days are said and nothing falls due, for no clause names a day (TA-18, XY-16).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casework.calendar import school_year_of
from casework.facts import Kind
from casework.scope import World
from casework.waiting import LETTER, Wait, waits
from reminders import wording
from reminders.ports import Work

CLAUSES = {"TA-18": ("remind",), "XY-16": ("remind",), "FN-22": ("remind",)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Lines of a person's digest: what waits for this person's own word, and what this person waits for."""

    mine: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


NOTHING = Waiting()


def by_person(found: Iterable[Wait], world: World, today: dt.date) -> Mapping[str, Waiting]:
    """The lines of everybody concerned; who both has to answer and waits reads of it once."""
    mine, others = dict[str, list[str]](), dict[str, list[str]]()
    for wait in found:
        for person in wait.theirs:
            mine.setdefault(person, []).append(wording.say_mine(wait, world, today))
        for person in set(wait.ours) - set(wait.theirs):
            others.setdefault(person, []).append(wording.say_others(wait, world, today))
    people = sorted({*mine, *others})
    return {p: Waiting(tuple(mine.get(p, ())), tuple(others.get(p, ()))) for p in people}


def gather(work: Work) -> list[Wait]:
    """All that waits for a word in the county."""
    today = work.now.date()
    first = school_year_of(today)[0]
    told = [
        *work.cases.facts_between(first, today, (Kind.DONE.value,), LETTER),
        *work.cases.facts_between(first, today, (Kind.REFERRED.value,)),
    ]
    pupils = work.people.pupils({*work.cases.between_schools(), *(f.pupil for f in told if f.pupil)})
    here = {id: p for id, p in pupils.items() if p.name and not p.struck}
    return waits(here.values(), work.cases.cases(here), work.cases.facts_of(here), work.world, today)
