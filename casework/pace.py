"""The pace of 送教: lessons given this term against those owed, what an even pace asks by now, and where this pace leads (FN-28)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from casework.calendar import DAY, SchoolDays, Term, month_of
from casework.facts import Fact, Kind
from casework.policy import Rule
from casework.timeline import standing
from casework.watching import lessons_in

TELLING = 10  # school days: before two weeks have passed, one lesson more or less would say anything


@dataclass(frozen=True, slots=True)
class Pace:
    """``done`` and ``owed`` lessons of the term; ``asked``: what an even pace asks by today, whole lessons; ``forecast``: what
    this pace gives by ``last``, the term's last school day (None while too few days tell of it); ``weeks``: weeks with
    school days left after today; ``sessions`` full ones of ``sessions_owed`` this month; ``shortened``: records that gave
    fewer minutes than their lessons ask."""

    done: int
    owed: int
    asked: int
    forecast: int | None
    last: dt.date
    weeks: int
    sessions: int
    sessions_owed: int
    shortened: int

    @property
    def short(self) -> int:
        """Lessons still owed."""
        return max(0, self.owed - self.done)

    @property
    def a_week(self) -> float:
        """Lessons needed in each week left, rounded up to a tenth; 0 where none is owed or no week is left."""
        return ceil(self.short / self.weeks * 10) / 10 if self.weeks else 0.0

    @property
    def behind(self) -> bool:
        """Whether this pace does not reach what is owed; while it cannot be told, whether less is done than asked by now."""
        return self.done < (self.asked if self.forecast is None else self.owed) and (self.forecast or 0) < self.owed


def pace(
    told: Iterable[Fact], days: SchoolDays, term: Term, today: dt.date, by_term: Rule, by_month: Rule
) -> Pace | None:
    """The pace of one pupil; None for a term whose school days are not known. A pupil placed during the term is measured
    from that day on."""
    if term.first is None or term.last is None:
        return None
    facts = standing(told)
    since = max([term.first, *(f.on for f in facts if _begins(f) and f.on <= term.last)])
    lessons = [f for f in facts if f.kind is Kind.TEACH and term.start <= f.on <= today]
    minutes = by_term.number("minutes")
    done = sum(lessons_in(f, minutes) for f in lessons)
    gone, whole = days.count(since, min(today, term.last)), days.count(since, term.last)
    owed = by_term.number("lessons")
    left = {day - day.weekday() * DAY for day in days.between(today + DAY, term.last)}
    first, end = month_of(today)
    full = [f for f in lessons if first <= f.on <= end and lessons_in(f, minutes) >= by_month.number("lessons")]
    return Pace(
        done=done,
        owed=owed,
        asked=owed * gone // whole if whole else owed,
        forecast=done * whole // gone if gone >= TELLING else None,
        last=term.last,
        weeks=len(left),
        sessions=len(full),
        sessions_owed=by_month.number("sessions"),
        shortened=sum(lessons_in(f, minutes) < int(f.data.get("lessons") or 0) for f in lessons),
    )


def _begins(fact: Fact) -> bool:
    """A placement at home of a pupil who was not taught there before."""
    return fact.kind is Kind.PLACED and fact.data.get("way") in ("home", "remote") and not fact.data.get("was")
