"""What waits for another's word, and for how long: a receiving school's, another place's bureau's, a department's.

No clause gives a day for these answers, so nothing falls due here: the days are said, and people judge. Whoever has to answer
reads of it every workday, whoever waits along with the other news, until the word is there (TA-18, XY-16, FN-22).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from casework.case import Case
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.scope import World
from casework.timeline import standing

LETTER = "inquiry_letter"
AWAY_BUREAU = "户籍地教育局"


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody's word that is not there yet. ``of``: the school (unit id) or the name of who must give it; ``asked``: the fact
    that asked; ``theirs``: the users who can give the word, none for one without the app; ``ours``: those who wait."""

    pupil: Pupil
    asked: Fact
    of: str
    theirs: tuple[str, ...]
    ours: tuple[str, ...]

    def days(self, today: dt.date) -> int:
        """How long it has waited."""
        return (today - self.asked.on).days


def awaited(pupil: Pupil, case: Case, told: Sequence[Fact]) -> Fact | None:
    """The transfer to a school of the county, or the school fixed for a child without one, that nobody has answered yet."""
    facts = standing(told)
    if pupil.class_id is None:
        steps = [f for f in facts if f.kind in (Kind.PLACED, Kind.TRANSFER_REFUSED, Kind.ENROLLED)]
        return steps[-1] if steps and steps[-1].data.get("receiver") else None
    if case.pending != Kind.TRANSFER_OUT.value:
        return None
    return next((f for f in reversed(facts) if f.kind is Kind.TRANSFER_OUT and f.data.get("receiver")), None)


def still_unregistered(told: Sequence[Fact]) -> bool:
    """Whether a newcomer was entered as not registered after the notice and has not come since (TA-7, FJ-20)."""
    came = (Kind.NOT_REGISTERED, Kind.RETURN, Kind.TRANSFER_IN, Kind.ENROLLED, Kind.TRANSFER_OUT)
    steps = [f.kind for f in standing(told) if f.kind in came]
    return bool(steps) and steps[-1] is Kind.NOT_REGISTERED


def open_letter(told: Sequence[Fact]) -> Fact | None:
    """The newest 核查函 about a pupil, when nobody has answered it yet."""
    letters = [f for f in standing(told) if f.kind is Kind.DONE and f.data.get("rule") == LETTER]
    return letters[-1] if letters and not letters[-1].data.get("department") else None


def open_referrals(told: Sequence[Fact]) -> list[Fact]:
    """The referrals of a child that no department has answered yet."""
    facts = standing(told)
    settled = {f.data["of"] for f in facts if f.kind is Kind.REPLIED and not f.data.get("interim")}
    return [f for f in facts if f.kind is Kind.REFERRED and f.id not in settled]


def waits(
    pupils: Iterable[Pupil],
    cases: Mapping[str, Case],
    facts: Mapping[str, Sequence[Fact]],
    world: World,
    today: dt.date,
) -> list[Wait]:
    """Everything about these pupils that waits for a word, the longest first."""
    found = list[Wait]()
    for pupil in pupils:
        told = facts.get(pupil.id, ())
        at_school = world.who("school", pupil, today)
        if asked := awaited(pupil, cases.get(pupil.id, Case(pupil.id)), told):
            school = str(asked.data["receiver"])
            ours = at_school if pupil.class_id else world.who("township", pupil, today)
            found.append(Wait(pupil, asked, school, world.directory.in_charge("school", school, today), ours))
        if letter := open_letter(told):
            found.append(Wait(pupil, letter, str(letter.data.get("addressee") or AWAY_BUREAU), (), at_school))
        for one in open_referrals(told):
            found.append(Wait(pupil, one, str(one.data["department"]), (), (one.by,)))
    return sorted(found, key=lambda w: (w.asked.on, w.pupil.name, w.asked.id))
