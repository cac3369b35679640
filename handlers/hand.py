"""The writer's hand: who writes, when and in which role; and what comes of an action: facts, or a question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from casework.calendar import SchoolDays
from casework.facts import Fact, Kind


@dataclass(frozen=True, slots=True)
class Hand:
    """Who writes, in which role, when, and the school days where the pupil or unit is."""

    by: str
    role: str
    now: dt.datetime
    days: SchoolDays
    new_id: Callable[[], str]
    source: str = ""
    unattended: bool = False

    @property
    def today(self) -> dt.date:
        return self.now.date()

    def fact(self, kind: Kind, on: dt.date, pupil: str | None, unit: str | None = None, /, **data: Any) -> Fact:
        kept = {key: value for key, value in data.items() if value not in (None, "", False, [])}
        return Fact(self.new_id(), kind, on, self.now, self.by, self.role, pupil, unit, kept, self.source)


def left_from(hand: Hand, pupil: str, school: str, before: str | None, place: str, **more: Any) -> Fact:
    """The 转出 of the school that loses a pupil of the class ``before``: what its registers and its month count.

    It stands a second before the coming to the next school, whatever the ids.
    """
    out = hand.fact(Kind.TRANSFER_OUT, hand.today, pupil, school, place=place, **{"class": before}, **more)
    return replace(out, at=out.at - dt.timedelta(seconds=1))


@dataclass(frozen=True, slots=True)
class Recorded:
    """The facts to append; ``remark`` is a kind of remark for the reply, such as ``not_absent``."""

    facts: tuple[Fact, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: a kind for its label, and what it adds to the answers."""

    kind: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """What must be known first. ``data`` is what the sentence needs. No options: a free answer is asked for."""

    kind: str
    options: tuple[Option, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


Result = Recorded | Question
