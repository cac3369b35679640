"""What the rules put down before pupils' names are filled in, and how days and lengths become slots."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from handlers.understanding.clauses import Clause, Line
from handlers.understanding.dates import COMING, NEAREST, PAST, Day
from handlers.understanding.events import Event
from handlers.understanding.reading import Token


@dataclass(slots=True)
class Draft:
    """An action with its slots; ``names`` are places of its pupils in the line, ``spans`` pieces of the line by slot."""

    action: str
    names: list[int] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)

    def put(self, slot: str, value: Any, start: int, end: int) -> None:
        """A slot with the piece of the line that says it; nothing said, nothing put."""
        if value is not None:
            self.slots[slot] = value
            self.spans[slot] = (start, end)


def asked_for(action: str, clause: Clause, match: re.Match[str] | None, **slots: object) -> Draft:
    """A draft of that action, explained by the words that matched, or by the whole clause."""
    start, end = match.span() if match else (0, len(clause.text))
    place = (clause.start + start, clause.start + end)
    return Draft(
        action,
        slots={k: v for k, v in slots.items() if v is not None},
        spans={"action": place} | dict.fromkeys(slots, place),
    )


@dataclass(slots=True)
class Setting:
    """What earlier words hand on: the day said before any pupil, the last kind of talk, the last drafts."""

    today: dt.date
    role: str
    day: tuple[int, int] | None = None
    talk: Event | None = None
    talk_day: tuple[int, int] | None = None
    before: list[Draft] = field(default_factory=list)
    leaves: list[Draft] = field(default_factory=list)  # all told so far: 云朵、窦豆请假,云朵发烧,窦豆家里有事
    named_next: bool = False  # the next part is names alone: 辍学报告书给我一份,张三的


def tokens_in(line: Line, clause: Clause, kinds: str) -> list[tuple[int, Token]]:
    """The clause's tokens of these kinds with their places, in order."""
    return [(at, t) for at, t in line.tokens.items() if clause.start <= at < clause.end and t.kind in kinds]


def put_day(draft: Draft, slot: str, at: int, day: Day, now: dt.date, sense: int) -> None:
    """A day as an ISO date."""
    found = day.on(now, sense)
    draft.put(slot, found.isoformat() if found else None, at, at + 1)


def put_range(draft: Draft, at: int, days: tuple[Day, Day], now: dt.date, sense: int = NEAREST) -> None:
    """From and to: the second day is the first one after the first."""
    first = days[0].on(now, sense)
    last = days[1].on(first, COMING) if first and days[1].lean == 0 and not _fixed(days[1]) else days[1].on(now, COMING)
    if first and last and last < first:
        first = days[0].on(now, PAST)
    draft.put("from", first.isoformat() if first else None, at, at + 1)
    draft.put("to", last.isoformat() if last else None, at, at + 1)


def _fixed(day: Day) -> bool:
    """今天 means the writer's today, whatever stands before it."""
    return day.words.startswith(("今", "当", "这", "本")) or day.words == ""


def put_length(draft: Draft, slot: str, at: int, length: int | None) -> None:
    """Days, where somebody counted them."""
    draft.put(slot, length, at, at + 1)
