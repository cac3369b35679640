"""From facts to turns: since when a pupil is present, absent, on leave or gone.

Facts are read in the order in which they were recorded, and each paints the days that it is about:
what is recorded later holds over what was said before about the same days, returns and leaves
included. So a correction, a late entry and an undo need no code of their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from operator import attrgetter
from typing import Any

from casework.calendar import DAY, SchoolDays, midnight, noon
from casework.facts import Fact, Kind, voided_of

PRESENT, ABSENT, ON_LEAVE, GONE = "present", "absent", "on_leave", "gone"

CLAUSES = {"FN-33": ("check",), "TA-15": ("check",), "XY-4": ("check",)}
CLOSING_REASONS = frozenset({"death", "wrong_record"})
"""Reasons of a dropout that, once the police have verified them, end the case (FJ-10)."""
INSTANT = dt.timedelta(microseconds=1)
Version = tuple[dt.datetime, dt.date]


@dataclass(slots=True)
class Turn:
    """From ``moment`` on the pupil is ``kind``, until the next turn; ``made`` is when that was learnt.

    An absence has its first school day ``since``, and as ``versions`` what was thought of it: (recorded,
    first day). A leave runs from ``begins`` to ``to``; ``leaves`` are the facts of all leaves that are one
    with it, ``first`` the first day of these. ``ran_out`` marks the absence after a leave of which nobody
    said that it was over. ``closer`` ended this one; ``joined`` are the absences of which an earlier day made one.
    """

    moment: dt.datetime
    kind: str
    made: dt.datetime
    fact: Fact | None = None
    since: dt.date | None = None
    versions: tuple[Version, ...] = ()
    dropouts: tuple[Fact, ...] = ()
    begins: dt.date | None = None
    first: dt.date | None = None
    to: dt.date | None = None
    leaves: tuple[Fact, ...] = ()
    ran_out: bool = False
    closer: Turn | None = field(default=None, repr=False)
    joined: tuple[Turn, ...] = field(default=(), repr=False)

    @property
    def took_effect(self) -> dt.datetime:
        """When the turn both had come and was known: a leave told ahead ends nothing before its first day."""
        return max(self.made, self.moment)

    @property
    def known_from(self) -> dt.date:
        """The earliest day that was ever thought to be the absence's first."""
        return min(day for _, day in self.versions)

    def reaching(self, day: dt.date) -> dt.datetime:
        """When it was learnt that the absence includes that day."""
        return next((recorded for recorded, since in self.versions if since <= day), self.versions[-1][0])


Turns = list[Turn]


def standing(facts: Iterable[Fact]) -> list[Fact]:
    """The facts that count, in the order in which they were recorded: those taken back are left out."""
    ordered = sorted(facts, key=attrgetter("at", "id"))
    if not any(f.kind is Kind.VOID for f in ordered):
        return ordered
    void = voided_of(ordered)
    return [f for f in ordered if f.id not in void and f.kind is not Kind.VOID]


def day_in(data: Mapping[str, Any], key: str) -> dt.date | None:
    """A day kept in a fact's data as ISO text."""
    value = data.get(key)
    if value is None or isinstance(value, dt.date):
        return value
    return dt.date.fromisoformat(value)


def first_day_claimed(fact: Fact, days: SchoolDays) -> dt.date | None:
    """The first day of absence that a fact claims: one not back after the holidays is absent since the term began."""
    claimed = day_in(fact.data, "start")
    if claimed is None and fact.kind is Kind.NOT_RETURNED:
        term = days.opening_term(fact.on)
        return term.first if term is not None else None
    return claimed


def moment_of(fact: Fact) -> dt.datetime:
    """When what a fact says begins: at its recording on the same day, at midnight of another day."""
    return fact.at if fact.on == fact.at.date() else midnight(fact.on)


def unfold(facts: Sequence[Fact], days: SchoolDays) -> Turns:
    """All turns, those to come included; the first is ``present`` since ever."""
    turns = [Turn(dt.datetime.min, PRESENT, dt.datetime.min)]
    for fact in facts:
        paint = PAINTERS.get(fact.kind)
        if paint is not None and not fact.data.get("pending"):
            paint(turns, fact, days)
            _settle(turns)
    for turn, closer in pairwise(turns):
        turn.closer = closer
    return turns


def _settle(turns: Turns) -> None:
    """Drops the running out of leaves that did not run out, and joins absences that now touch."""
    kept = turns[:1]
    for turn in turns[1:]:
        before = kept[-1]
        if turn.ran_out and not (before.kind == ON_LEAVE and turn.fact is before.leaves[-1]):
            continue
        if turn.kind == before.kind == ABSENT:
            assert before.since is not None
            turn.joined = tuple(part for each in (before, turn) for part in each.joined or (replace(each),))
            turn.versions = (*turn.versions, (max(turn.made, before.made), before.since))
            turn.moment, turn.since, turn.ran_out = before.moment, before.since, before.ran_out
            turn.dropouts = (*before.dropouts, *turn.dropouts)
            kept.pop()
        kept.append(turn)
    turns[:] = kept


def _active(turns: Turns, moment: dt.datetime) -> Turn:
    return next(t for t in reversed(turns) if t.moment <= moment)


def _clear(turns: Turns, low: dt.datetime, high: dt.datetime) -> Turns:
    if gone := [t for t in turns if low <= t.moment <= high]:
        turns[:] = [t for t in turns if not low <= t.moment <= high]
    return gone


def _put(turns: Turns, turn: Turn) -> None:
    turns.append(turn)
    turns.sort(key=attrgetter("moment"))


def _end_of(day: dt.date) -> dt.datetime:
    return midnight(day + DAY) - INSTANT


def _absence(turns: Turns, fact: Fact, days: SchoolDays) -> None:
    claimed = first_day_claimed(fact, days)
    start, today = claimed or fact.on, fact.at.date()
    if days.count(start, fact.on) == 0:  # no school then, as a closure recorded later says: the report records nothing
        return
    low = fact.at if start == fact.on == today else midnight(start)
    high = max(low, fact.at if fact.on == today else _end_of(fact.on))
    gone = _clear(turns, low, high)
    before = _active(turns, low)
    carried = next((t for t in (*reversed(gone), before) if t.kind == ABSENT), None)
    if before.kind == ABSENT and (claimed is None or start == before.since):
        return
    if before.kind == ABSENT:
        turns.remove(before)
        before = turns[-1] if turns[-1].moment <= low else _active(turns, low)
    versions = carried.versions if carried else ()
    if not versions or versions[-1][1] != start:
        versions = (*versions, (fact.at, start))
    _put(
        turns,
        Turn(
            low,
            ABSENT,
            carried.made if carried else fact.at,
            carried.fact if carried else _cause(before, fact, start, days),
            since=start,
            versions=versions,
            dropouts=carried.dropouts if carried else (),
        ),
    )


def _cause(before: Turn, fact: Fact, start: dt.date, days: SchoolDays) -> Fact:
    """An absence right after a leave is the leave's, whether it was reported or not."""
    if before.kind == ON_LEAVE and before.to is not None and days.after(before.to) == start:
        return before.leaves[-1]
    return fact


def _dropout(turns: Turns, fact: Fact, days: SchoolDays) -> None:
    moment = moment_of(fact)
    before = _active(turns, moment)
    if before.kind == ABSENT:
        before.dropouts = (*before.dropouts, fact)
        return
    since = days.on_or_after(fact.on) or fact.on
    versions = ((fact.at, since),)
    _put(turns, Turn(moment, ABSENT, fact.at, fact, since=since, versions=versions, dropouts=(fact,)))


def _back(turns: Turns, fact: Fact, days: SchoolDays) -> None:
    moment = moment_of(fact)
    if fact.on >= fact.at.date():
        _clear(turns, moment, max(moment, fact.at))
    else:
        _back_then(turns, moment, fact)
    # Kept for one who is there already too: an absence or leave of days before it may be entered later.
    _put(turns, Turn(moment, PRESENT, fact.at, fact))


def _back_then(turns: Turns, moment: dt.datetime, fact: Fact) -> None:
    """A return on an earlier day ends what that day lies in, up to the next return: not what began after it by itself."""
    evening = _end_of(fact.on)
    within = _active(turns, evening)
    again = [replace(part) for part in within.joined if part.moment > evening]
    if again:
        turns.remove(within)
        known = {f.id for part in within.joined for f in part.dropouts}
        again[-1].dropouts += tuple(f for f in within.dropouts if f.id not in known)
        for part in (*(replace(part) for part in within.joined if part.moment <= evening), *again):
            _put(turns, part)
    later = [t for t in turns if t.moment > evening and t.kind == PRESENT]
    ends = [t.moment - INSTANT for t in (*again, *later)]
    _clear(turns, moment, evening if within.kind == PRESENT else min([*ends, fact.at]))


def _gone(turns: Turns, fact: Fact, days: SchoolDays) -> None:
    moment = moment_of(fact)
    _clear(turns, moment, max(moment, fact.at))
    _put(turns, Turn(moment, GONE, fact.at, fact))


def _verified(turns: Turns, fact: Fact, days: SchoolDays) -> None:
    """Verified death or wrong record: the child is none of the school's any more."""
    reasons = {f.data.get("reason_code") for f in _active(turns, fact.at).dropouts}
    if fact.data.get("rule") == "police_check" and reasons & CLOSING_REASONS:
        _put(turns, Turn(fact.at, GONE, fact.at, fact))


def _leave(turns: Turns, fact: Fact, days: SchoolDays) -> None:
    begins, to = fact.on, day_in(fact.data, "to") or fact.on
    low = moment_of(fact)
    turns[:] = [t for t in turns if not (t.ran_out and t.moment.date() == begins)]
    covered = _clear(turns, low, max(low, _end_of(to)))
    older = next((t for t in reversed(covered) if t.kind == ON_LEAVE), None) or _extends(turns, low, begins, days)
    first, leaves = begins, (*(older.leaves if older is not None else ()), fact)
    if older is not None and older.first is not None:
        first = min(older.first, begins)
    _put(turns, Turn(low, ON_LEAVE, fact.at, leaves[0], begins=begins, first=first, to=to, leaves=leaves))
    since = days.after(to)
    if since is not None and not any(low < t.moment <= noon(since) for t in turns):
        made = max(noon(since), fact.at)
        _put(turns, Turn(noon(since), ABSENT, made, fact, since=since, versions=((made, since),), ran_out=True))


def _extends(turns: Turns, low: dt.datetime, begins: dt.date, days: SchoolDays) -> Turn | None:
    """The leave that one from ``begins`` on is one with: no school day lies between the two."""
    for turn in reversed([t for t in turns if t.moment <= low]):
        if turn.kind == ON_LEAVE:
            assert turn.to is not None
            return turn if days.count(turn.to + DAY, begins - DAY) == 0 else None
        if not (turn.kind == ABSENT and turn.since is not None and turn.since >= begins):
            return None
    return None


PAINTERS: Mapping[Kind, Callable[[Turns, Fact, SchoolDays], None]] = {
    Kind.ABSENCE: _absence,
    Kind.NOT_RETURNED: _absence,
    Kind.LEAVE: _leave,
    Kind.RETURN: _back,
    Kind.TRANSFER_IN: _back,
    Kind.ENROLLED: _back,
    Kind.TRANSFER_OUT: _gone,
    Kind.SUSPEND: _gone,
    Kind.DEFER: _gone,
    Kind.STRUCK: _gone,
    Kind.DROPOUT: _dropout,
    Kind.DONE: _verified,
}


def counted(turn: Turn, days: SchoolDays, now: dt.datetime) -> int:
    """School days absent of that turn up to ``now``: a day counts from 12:00 on.

    A return after 12:00 leaves its day counted; a leave takes all of its days out.
    """
    if turn.since is None:
        return 0
    closer = turn.closer if turn.closer is not None and turn.closer.moment <= now else None
    limit = closer.moment if closer is not None else now
    last = limit.date()
    if limit < noon(last) or (closer is not None and limit == noon(last)):
        last -= DAY
    if closer is not None and closer.begins is not None:
        last = min(last, closer.begins - DAY)
    return days.count(turn.since, last)
