"""One action about one pupil or unit, with all that whoever records it looks at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.case import Case
from casework.facts import Fact, Kind
from casework.people import Pupil
from handlers.hand import Hand
from handlers.reasons import reason_code


@dataclass(frozen=True, slots=True)
class Matter:
    """The slots of what was said, how the case stands, the facts so far, and what was answered to questions about it."""

    hand: Hand
    slots: Mapping[str, Any]
    pupil: Pupil | None
    case: Case
    facts: Sequence[Fact]
    answers: Mapping[str, str]

    @property
    def asks(self) -> bool:
        """Whether somebody is there to be asked."""
        return not self.hand.unattended

    def day(self, slot: str = "date") -> dt.date:
        """The day in a slot, today where there is none."""
        return dt.date.fromisoformat(str(self.slots[slot])) if self.slots.get(slot) else self.hand.today

    def is_day(self, slot: str) -> bool:
        """Whether a slot holds a day: ``from`` and ``to`` may hold a place or school instead."""
        try:
            dt.date.fromisoformat(str(self.slots.get(slot)))
        except ValueError:
            return False
        return True

    def key(self, question: str) -> str:
        """Under which key the answer to a question about this pupil stands."""
        return f"{question}:{self.pupil.id if self.pupil else None}"

    def answer(self, question: str) -> str | None:
        """What was answered to it; None where it was not asked yet."""
        return self.answers.get(self.key(question))

    @property
    def reason(self) -> str | None:
        """The code of the reason that was told, in words or as a code."""
        reason = self.slots.get("reason")
        return self.slots.get("reason_code") or (reason_code(str(reason)) if reason else None)

    def kept(self, *slots: str) -> dict[str, Any]:
        """These slots as they were told."""
        return {slot: self.slots.get(slot) for slot in slots}

    def fact(self, kind: Kind, on: dt.date, unit: str | None = None, /, **data: Any) -> Fact:
        """A fact about this pupil in the writer's hand."""
        return self.hand.fact(kind, on, self.pupil.id if self.pupil else None, unit, **data)
