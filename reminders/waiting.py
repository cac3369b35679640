"""What waits for a word, in the morning's digest: whose word it is hears of it every workday, who waits hears it along with
the other news and once a week by itself. Days are said and nothing falls due, for no clause names a day (TA-18, XY-16).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casework import elsewhere
from casework.calendar import school_year_of
from casework.facts import Kind
from casework.people import Pupil
from casework.scope import World
from casework.waiting import LETTER, Wait, waits
from reminders import wording
from reminders.ports import Work

CLAUSES = {"TA-18": ("remind",), "XY-16": ("remind",), "FN-22": ("remind",), "FJ-3": ("remind",)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Lines of a person's digest: what waits for this person's own word, what this person waits for, and what is to be known
    beside it, for which alone no digest is made."""

    mine: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


NOTHING = Waiting()


def by_person(
    found: Iterable[Wait], world: World, today: dt.date, unproven: Iterable[Pupil] = ()
) -> Mapping[str, Waiting]:
    """The lines of everybody concerned; who both has to answer and waits reads of it once. ``unproven``: children schooled
    elsewhere without proof, of whom their township reads (FJ-3)."""
    beside = Counter(person for pupil in unproven for person in world.who("township", pupil, today))
    mine, others = dict[str, list[str]](), dict[str, list[str]]()
    for wait in found:
        for person in wait.theirs:
            mine.setdefault(person, []).append(wording.say_mine(wait, world, today))
        for person in set(wait.ours) - set(wait.theirs):
            others.setdefault(person, []).append(wording.say_others(wait, world, today))
    told = {p: (wording.say_unproven(many),) for p, many in beside.items()}
    people = sorted({*mine, *others, *told})
    return {p: Waiting(tuple(mine.get(p, ())), tuple(others.get(p, ())), told.get(p, ())) for p in people}


def unproven(work: Work) -> list[Pupil]:
    """Children registered here who learn elsewhere and of whom nobody has a proof yet."""
    left = list(work.people.pupils(work.cases.standing(("left",))).values())
    facts = work.cases.facts_of([pupil.id for pupil in left if pupil.local])
    away = {id: fact for id, told in facts.items() if (fact := elsewhere.of(told)) and not elsewhere.proof(fact)}
    kept = work.evidence.of_facts([fact.id for fact in away.values()])
    return [pupil for pupil in left if pupil.id in away and not kept.get(away[pupil.id].id)]


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
