"""What was meant: one frozen ``Action`` for each thing said, whatever door it came by.

The vocabulary and its slots are those of the message corpus (``tests/corpus/README.md``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Mention:
    """A pupil as named in a text.

    ``name`` is the register's spelling where one fits; ``candidates`` are the ids (empty: unknown,
    one: found, several: a choice must be asked); ``fuzzy`` when matched by sound or shape only;
    ``span`` is where it stands in the text.
    """

    name: str
    candidates: tuple[str, ...] = ()
    fuzzy: bool = False
    span: tuple[int, int] = (0, 0)


GUESSED = "guessed"
AMONG = "among"
CHAT_ALONE = frozenset({"clock", AMONG, GUESSED})
"""Slots beyond the corpus's vocabulary, which a conversation keeps: ``clock``, the minute of a day (``15:00``), ``among``,
the group of care that figures are asked of, and ``guessed``, that what was meant was weighed, not read word by word, so that the reply asks to look again."""


@dataclass(frozen=True, slots=True)
class Action:
    """One understood action. Slots that the message does not give are absent from ``slots``.

    ``slots`` holds plain JSON values under the corpus's names (``day``, ``days``, ``date``, ``from``,
    ``to``, ``outcome`` …; ``chosen`` where the outcome was picked from a list), ``students`` the mentions, ``spans`` the piece of text each slot came from.
    """

    action: str
    students: tuple[Mention, ...] = ()
    slots: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The corpus's form of this action: ``{"action": …, "students": [names], …slots}``."""
        out: dict[str, Any] = {"action": self.action}
        if self.students:
            out["students"] = [m.name for m in self.students]
        out.update({slot: value for slot, value in self.slots.items() if slot not in CHAT_ALONE})
        if any(m.fuzzy for m in self.students):
            out["fuzzy"] = True
        return out


@dataclass(frozen=True, slots=True)
class Entry:
    """A pupil as the name index knows it."""

    id: str
    name: str
    class_name: str = ""


class NameIndex(Protocol):
    """Names by lookup, never by scanning: a list for the command line, indexed queries in chat."""

    def exact(self, pieces: list[str]) -> dict[str, list[Entry]]:
        """Entries whose normalised name, given name or unpunctuated name is one of the pieces."""

    def sounding(self, keys: list[str]) -> dict[str, list[Entry]]:
        """Entries, only those of the writer's own class or with an open case, whose folded pinyin, in full or given name alone, is one of the keys."""

    def staff(self, pieces: list[str]) -> set[str]:
        """Which of the pieces are names of the writer's colleagues."""


class Calendar(Protocol):
    """What understanding needs to know of days; ``casework.calendar`` fulfils it."""

    def is_school_day(self, day: dt.date) -> bool: ...
    def is_holiday(self, day: dt.date) -> bool: ...
