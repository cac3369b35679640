"""What is known at the moment of planning: open duties, where the pupils stand, what has been said to whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

from casework.calendar import DAY, SchoolDays
from casework.case import Case, Duty
from casework.people import Pupil
from casework.rungs import told_of
from casework.scope import World
from reminders import hours, wording
from reminders.lazily import Lazily
from reminders.message import Note
from reminders.waiting import Waiting

OUTLOOK = DAY * 3
"""How far ahead a digest's last lines look."""
"""The step at which a duty is told to one above its owner: ``up:principal``."""


@dataclass(frozen=True)
class Board:
    """Everything that planning looks at; nothing else is read.

    ``said`` tells when a person was told of a duty at a step; ``snoozed`` until when a person's reminders
    about a pupil wait; ``writers`` who recorded something about which pupil today (they got the reply);
    ``fresh`` are duties that arose by themselves just now, so that nobody got a reply; ``waiting`` what each waits for.
    """

    now: dt.datetime
    world: World
    duties: tuple[Duty, ...] = ()
    pupils: Mapping[str, Pupil] = field(default_factory=dict)
    cases: Mapping[str, Case] = field(default_factory=dict)
    name_of: Callable[[str], str] = str
    said: Mapping[Note, dt.datetime] = field(default_factory=dict)
    snoozed: Mapping[tuple[str, str], dt.datetime] = field(default_factory=dict)
    writers: frozenset[tuple[str, str]] = frozenset()
    fresh: frozenset[str] = frozenset()
    waiting: Mapping[str, Waiting] = field(default_factory=dict)

    @cached_property
    def today(self) -> dt.date:
        return self.now.date()

    @cached_property
    def is_workday(self) -> bool:
        return hours.is_workday(self.today, self.days)

    @cached_property
    def opens_week(self) -> bool:
        """Whether this is the first workday of its week."""
        before = (self.today - DAY * n for n in range(1, self.today.weekday() + 1))
        return self.is_workday and not any(hours.is_workday(day, self.days) for day in before)

    @cached_property
    def speaking_day(self) -> Callable[[dt.date], dt.date]:
        """The day on which a due date is spoken of."""
        return cache(lambda due: hours.speaking_day(due, self.days))

    @cached_property
    def late_by(self) -> Callable[[dt.date], int]:
        """How many workdays a due date has passed."""
        return cache(lambda due: hours.workdays_since(due, self.today, self.days))

    @cached_property
    def told_up(self) -> Mapping[str, Mapping[str, Mapping[str, dt.datetime]]]:
        """By duty and step above its owner: who was told, and when."""
        said: dict[str, list[tuple[str, str, dt.datetime]]] = {}
        for note, at in self.said.items():
            said.setdefault(note.duty, []).append((note.step, note.person, at))
        return {duty.id: told_of(duty, said[duty.id]) for duty in self.duties if duty.id in said}

    @cached_property
    def coming(self) -> Mapping[str, list[Duty]]:
        """By person: what falls due within the next days."""
        out: dict[str, list[Duty]] = {}
        for duty in self.duties:
            if self.today < duty.due <= self.today + OUTLOOK:
                for person in duty.who:
                    out.setdefault(person, []).append(duty)
        return out

    @property
    def days(self) -> SchoolDays:
        """The county's days; a unit's own closures decide its dues, not when the bot may speak."""
        return self.world.calendar.county

    def pupil_of(self, duty: Duty) -> Pupil | None:
        return self.pupils.get(duty.pupil) if duty.pupil is not None else None

    def case_of(self, duty: Duty) -> Case | None:
        """Where the pupil stands, an absence counted with today from its morning, as chat and pages say it."""
        case = self.cases.get(duty.pupil) if duty.pupil is not None else None
        pupil = self.pupil_of(duty)
        return self.world.counted(case, pupil.class_id, self.today) if case and pupil else case

    def expect(self, duties: Iterable[Duty]) -> None:
        """It will be said soon how those stand whom these duties are about."""
        if isinstance(self.cases, Lazily):
            self.cases.expect(duty.pupil for duty in duties if duty.pupil is not None)

    def unit_name(self, unit: str | None) -> str:
        found = self.world.directory.units.get(unit) if unit is not None else None
        return found.name if found else ""

    def subject(self, duty: Duty) -> str:
        """Whom a duty is about: ``张三（八年级3班）`` or the unit's name."""
        pupil = self.pupil_of(duty)
        if pupil is None:
            return self.unit_name(duty.unit) or "全县"
        where = self.unit_name(pupil.class_id)
        return f"{pupil.name}（{where}）" if where else pupil.name

    @cached_property
    def _steps(self) -> dict[tuple[object, ...], wording.Step]:
        return {}

    def say_step(self, duty: Duty, inform: bool = False) -> wording.Step:
        """What is to be done, as ``wording`` says it; many duties of a morning ask for the same."""
        if duty.hint:
            return wording.say_step(duty, self.today, inform)
        alike = (duty.rule, duty.clause, duty.due, duty.owner, inform)
        if alike not in self._steps:
            self._steps[alike] = wording.say_step(duty, self.today, inform)
        return self._steps[alike]

    def was_said(self, duty: Duty, step: str, person: str) -> bool:
        return (duty.id, step, person) in self.said  # a note is such a tuple

    def is_snoozed(self, duty: Duty, person: str) -> bool:
        until = self.snoozed.get((person, duty.pupil or ""))
        return until is not None and until > self.now

    def woke(self, duty: Duty, person: str) -> dt.datetime | None:
        """When a person's snooze about the pupil of this duty ended, if it ended today."""
        until = self.snoozed.get((person, duty.pupil or ""))
        return until if until is not None and until <= self.now and until.date() == self.today else None
