"""Who is missing since today or yesterday, for the school's office: the teacher's report reaches it on its own day (TA-9, LC-14),
and so does what a visit of the second day brought (LC-15). From the third day on the school has duties of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from casework.case import Case
from casework.facts import Fact, Kind
from casework.rolls import reported
from casework.terms import OUTCOMES, say_day
from casework.timeline import standing
from reminders.ports import Work

CLAUSES = {"TA-9": ("escalate",), "LC-14": ("escalate",), "LC-15": ("escalate",)}
LAST = 2  # school days of absence
_TRIED = {Kind.CONTACT: "联系", Kind.VISIT: "家访"}


def by_class(work: Work, told: Sequence[Fact]) -> Mapping[str, tuple[str, ...]]:
    """In words, by class, the pupils missing the first or second day; ``told``: what was recorded of today."""
    today = work.now.date()
    new = {f.pupil for f in told if f.kind is Kind.ABSENCE and f.pupil}
    ids = sorted({*new, *work.cases.standing(("absent",))})
    pupils, cases, facts = work.people.pupils(ids), work.cases.cases(ids), work.cases.facts_of(ids)
    found: dict[str, list[str]] = {}
    for id, pupil in sorted(pupils.items(), key=lambda row: (row[1].name, row[0])):
        known, case = standing(facts.get(id, ())), work.world.counted(cases.get(id, Case(id)), pupil.class_id, today)
        here = reported(known, today) or (case.state == "absent" and not any(f.on == today for f in known))
        day = case.day or 1
        if here and day <= LAST and pupil.class_id:
            found.setdefault(pupil.class_id, []).append(_said(pupil.name, day, known, case.since or today, today))
    return {room: tuple(words) for room, words in found.items()}


def _said(name: str, day: int, facts: Sequence[Fact], since: dt.date, today: dt.date) -> str:
    tried = [f for f in facts if f.kind in _TRIED and f.on >= since]
    last = max(tried, key=lambda f: (f.on, f.at), default=None)
    if last is None:
        return f"{name}第{day}天，还没有联系、家访的记录"
    outcome = OUTCOMES.get(str(last.data.get("outcome")), "其他情况")
    return f"{name}第{day}天，{say_day(last.on, today)}{_TRIED[last.kind]}：{outcome}"
