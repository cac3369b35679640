"""What a transaction holds of a subject while it judges it: as the rows had it, before anything is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from casework.case import Case, Duty
from casework.facts import Fact
from casework.people import Pupil
from casework.scope import Scope
from storage.sealing import DataKey


@dataclass(frozen=True, slots=True)
class Subject:
    """What stands in the projections of one pupil (``case`` set, or None if none stands) or unit."""

    case: Case | None = None
    duties: dict[str, Duty] = field(default_factory=dict)
    wake: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """A pupil with what is needed to read their words; erased ones are no longer judged."""

    pupil: Pupil
    key: DataKey | None
    erased: bool


@dataclass(slots=True)
class Foreseen:
    """Names looked up before they were asked for, by who may see and what is looked for; ``old`` once pupils were changed."""

    found: dict[tuple[Scope, tuple[str, ...]], dict[str, list[Any]]] = field(default_factory=dict)
    old: bool = False


@dataclass(slots=True)
class Held:
    """All that is known of a pupil whom a transaction has locked: nobody else changes it until that ends."""

    registered: Registered
    stands: Subject | None
    facts: list[Fact]

    @property
    def pupil(self) -> Pupil:
        return self.registered.pupil

    @property
    def case(self) -> Case:
        """Where the pupil stands; in school when nothing was ever recorded."""
        return (self.stands.case if self.stands is not None else None) or Case(self.pupil.id)
