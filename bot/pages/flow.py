"""How children move through absence, suspicion, dropout and return in a term, told by the same rules as their cases. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.pages.pictures import median
from casework.calendar import SchoolDays
from casework.facts import Fact, Kind
from casework.policy import Policy
from casework.story import reach
from casework.timeline import ABSENT, PRESENT, Turn, standing, unfold

KINDS = (
    Kind.ABSENCE, Kind.LEAVE, Kind.RETURN, Kind.DROPOUT, Kind.TRANSFER_OUT, Kind.TRANSFER_IN, Kind.SUSPEND, Kind.DEFER,
    Kind.ENROLLED, Kind.NOT_RETURNED, Kind.DONE, Kind.VOID,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Absence:
    """One absence: its first school day, the day before which it was over (None: still on), and how far it came.

    ``suspected`` and ``dropout`` are the days on which it got there, ``back`` whether it ended with a return.
    """

    since: dt.date
    ended: dt.date | None
    suspected: dt.date | None = None
    dropout: dt.date | None = None
    back: bool = False


def absences(facts: Iterable[Fact], days: SchoolDays, policy: Policy, now: dt.datetime) -> list[Absence]:
    """A pupil's absences up to now."""
    turns = [turn for turn in unfold(standing(facts), days) if turn.moment <= now]
    return [found for turn in turns if (found := _absence(turn, days, policy, now)) is not None]


def _absence(turn: Turn, days: SchoolDays, policy: Policy, now: dt.datetime) -> Absence | None:
    if turn.kind != ABSENT or turn.since is None:
        return None
    over = turn.closer if turn.closer is not None and turn.closer.moment <= now else None
    # A return after noon leaves that day counted; up to noon it does not.
    ended = None if over is None else over.moment.date() + dt.timedelta(days=over.moment.time() >= dt.time(12))
    last = now.date() if ended is None else ended - dt.timedelta(days=1)
    if last < turn.since:
        return None
    reached = reach(policy, "suspected_review", turn.since, days)
    suspected = reached[0] if reached and reached[0] <= last else None
    confirmed = min((fact.on for fact in turn.dropouts), default=None)
    return Absence(turn.since, ended, suspected, confirmed, over is not None and over.kind == PRESENT)


def absent_on(found: Iterable[Absence], days: Sequence[dt.date]) -> list[int]:
    """How many were absent on each of these school days."""
    changes: Counter[dt.date] = Counter()
    for one in found:
        changes[one.since] += 1
        if one.ended is not None:
            changes[one.ended] -= 1
    moments = sorted(changes)
    counts, at, now = [], 0, 0
    for day in days:
        while at < len(moments) and moments[at] <= day:
            now += changes[moments[at]]
            at += 1
        counts.append(now)
    return counts


def stages(by_pupil: Mapping[str, Sequence[Absence]], days: SchoolDays, today: dt.date) -> list[tuple[str, int, str]]:
    """The way from absent to back: children at each stage, and the median school days that they spent there."""
    everyone = [one for many in by_pupil.values() for one in many]
    rows = (
        ("缺勤", by_pupil, [_stay(days, a.since, a.suspected or a.ended, today) for a in everyone]),
        (
            "疑似辍学",
            _with(by_pupil, "suspected"),
            [_stay(days, a.suspected, a.dropout or a.ended, today) for a in everyone],
        ),
        ("辍学", _with(by_pupil, "dropout"), [_stay(days, a.dropout, a.ended, today) for a in everyone]),
    )
    found = [(name, len(who), _remark(stays)) for name, who, stays in rows]
    back = {pupil for pupil, many in by_pupil.items() if any(a.back and (a.suspected or a.dropout) for a in many)}
    away = [_stay(days, a.since, a.ended, today) for a in everyone if a.back and (a.suspected or a.dropout)]
    return [*found, ("劝返复学", len(back), _remark(away, "从缺勤到返校"))]


def _with(by_pupil: Mapping[str, Sequence[Absence]], stage: str) -> list[str]:
    return [pupil for pupil, many in by_pupil.items() if any(getattr(a, stage) for a in many)]


def _stay(days: SchoolDays, since: dt.date | None, until: dt.date | None, today: dt.date) -> int | None:
    if since is None:
        return None
    return days.count(since, (until or today + dt.timedelta(days=1)) - dt.timedelta(days=1))


def _remark(stays: Iterable[int | None], what: str = "停留") -> str:
    middle = median([float(n) for n in stays if n is not None])
    return "" if middle is None else f"{what}中位数{middle:g}个上学日"
