"""What a person should look at: early risk before the third day, and records that ask for a second look.

Pure over facts. Nothing here decides or accuses: each finding is a sentence's worth of figures for somebody responsible
to judge (XY-25, LC-42; early signs: XY-24).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from casework.calendar import SchoolDays, school_year_of
from casework.facts import Fact, Kind
from casework.timeline import ABSENT, PRESENT, counted, standing, unfold

WINDOW = dt.timedelta(days=29)
"""With the day itself 30 calendar days, as for ``cumulative_alert`` (contracts, 4)."""
SUSPECTED_FROM = 3  # school days: from then on the ledger and its rules take over
BULK = 5  # visits of one person within BULK_WITHIN: nobody walks that fast
BULK_WITHIN = dt.timedelta(minutes=10)
GONE_KINDS = (Kind.TRANSFER_OUT, Kind.SUSPEND, Kind.DEFER)


@dataclass(frozen=True, slots=True)
class Risk:
    """A pupil not yet suspected: ``days`` school days absent in the last 30 days, in so many ``times``; ``now`` while absent."""

    days: int
    times: int
    now: bool


@dataclass(frozen=True, slots=True)
class Bulk:
    """So many visits that one person wrote down within minutes, from ``first`` on."""

    by: str
    first: dt.datetime
    facts: tuple[Fact, ...]


def early_risk(facts: Sequence[Fact], days: SchoolDays, now: dt.datetime) -> Risk | None:
    """Absent for a second day running, or twice within 30 days, while fewer than three days in a row; None otherwise."""
    turns = [t for t in unfold(standing(facts), days) if t.moment <= now]
    since = now.date() - WINDOW
    recent, still = list[int](), False
    for turn in turns:
        if turn.kind != ABSENT or turn.since is None:
            continue
        closed = turn.closer is not None and turn.closer.moment <= now
        if closed and turn.closer is not None and turn.closer.moment.date() < since:
            continue
        many = counted(turn, days, now) + (1 if not closed and _today_to_come(days, now) else 0)
        if many >= SUSPECTED_FROM:
            return None
        if many:
            recent.append(many)
            still = still or not closed
    total = sum(recent)
    return Risk(total, len(recent), still) if total >= 2 else None


def _today_to_come(days: SchoolDays, now: dt.datetime) -> bool:
    """Before noon today is not counted yet."""
    return days.may_be_taught(now.date()) and now.hour < 12


def returned_without_effort(facts: Sequence[Fact], days: SchoolDays, now: dt.datetime) -> dt.date | None:
    """The day of a return from suspicion or dropout before which nobody had contacted or visited the family."""
    kept = standing(facts)
    turns = [t for t in unfold(kept, days) if t.moment <= now]
    for turn, after in pairwise(turns):
        if turn.kind != ABSENT or after.kind != PRESENT or turn.since is None:
            continue
        if counted(turn, days, now) < SUSPECTED_FROM:
            continue
        tried = [f for f in kept if f.kind in (Kind.CONTACT, Kind.VISIT) and turn.since <= f.on <= after.moment.date()]
        if not tried:
            return after.moment.date()
    return None


@dataclass(frozen=True, slots=True)
class Relapse:
    """A pupil who came back on ``returned`` from suspicion or dropout and was absent anew from ``again`` on, ``still`` or not."""

    returned: dt.date
    again: dt.date
    still: bool


def relapse(facts: Sequence[Fact], days: SchoolDays, now: dt.datetime) -> Relapse | None:
    """The last absence after a return from suspicion or dropout within the school year; None without one (LC-27)."""
    turns = [t for t in unfold(standing(facts), days) if t.moment <= now]
    returned, found, year = None, None, school_year_of(now.date())[0]
    for turn, after in pairwise(turns):
        serious = turn.kind == ABSENT and (turn.dropouts or counted(turn, days, now) >= SUSPECTED_FROM)
        if serious and after.kind == PRESENT:
            returned = after.moment.date()
        if (
            after.kind == ABSENT
            and after.since is not None
            and returned is not None
            and after.since >= returned >= year
        ):
            found = Relapse(returned, after.since, after is turns[-1])
    return found


@dataclass(frozen=True, slots=True)
class Ended:
    """An absence of suspicion or dropout that ended on ``returned``; ``facts`` are the ids of what was recorded from its
    first day on."""

    returned: dt.date
    facts: tuple[str, ...]


def ended(facts: Sequence[Fact], days: SchoolDays, now: dt.datetime) -> Ended | None:
    """The last such absence after which the pupil was in school; None without one."""
    kept = standing(facts)
    turns = [t for t in unfold(kept, days) if t.moment <= now]
    for turn, after in reversed(list(pairwise(turns))):
        serious = turn.kind == ABSENT and (turn.dropouts or counted(turn, days, now) >= SUSPECTED_FROM)
        if serious and after.kind == PRESENT and turn.since is not None:
            return Ended(after.moment.date(), tuple(f.id for f in kept if f.on >= turn.since))
    return None


def left_while_weak(facts: Iterable[Fact], groups: Iterable[str]) -> Fact | None:
    """The last transfer, suspension or deferment of a pupil marked as struggling or at risk; None where there is none."""
    if not {"struggling", "at_risk"} & set(groups):
        return None
    gone = [f for f in standing(facts) if f.kind in GONE_KINDS and not f.data.get("pending")]
    return gone[-1] if gone else None


def bulk_visits(facts: Iterable[Fact]) -> list[Bulk]:
    """Runs of visits of different pupils that one person wrote down within ten minutes, the newest first."""
    by_person: dict[str, list[Fact]] = {}
    for fact in sorted((f for f in facts if f.kind is Kind.VISIT), key=lambda f: (f.at, f.id)):
        by_person.setdefault(fact.by, []).append(fact)
    found = []
    for person, visits in by_person.items():
        taken = 0
        for start, first in enumerate(visits):
            end = bisect_right(visits, first.at + BULK_WITHIN, key=lambda f: f.at)
            if start >= taken and len({f.pupil for f in visits[start:end]}) >= BULK:
                found.append(Bulk(person, first.at, tuple(visits[start:end])))
                taken = end
    return sorted(found, key=lambda b: b.first, reverse=True)
