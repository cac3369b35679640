"""What a roster comes to before anything is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.rosters.reading import Roster
from storage.store import Store, Work

YEAR_BEGINS = (7, 8, 9)
"""Months in which lists are those of the school year that begins."""
NAMED = 20
"""How many names a sentence of the summary has."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken: its number in the sheet, the column at fault, and why, in Chinese."""

    number: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a roster comes to: counts, bad rows, and the pieces to write, each in a transaction of its own."""

    added: int
    changed: int
    unchanged: int
    bad: list[BadRow]
    pieces: Sequence[Any]
    write: Callable[[Work, Any], None]
    notes: tuple[str, ...] = ()
    """What the counts do not tell, in sentences for the person who imports."""
    edits: Mapping[str, int] = field(default_factory=dict)
    """How many rows change what is known in each column."""
    guarded: tuple[str, ...] = ()
    """The names of those for whom a post over the whole county would be proposed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of roster: its columns, and how its rows become a plan (the last argument is told how many are checked)."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    plan: Callable[[Store, Roster, dt.datetime, Callable[[int], None]], Plan]
