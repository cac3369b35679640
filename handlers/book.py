"""The county's book of months and rounds, as chat and pages ask it; what stands in it is counted elsewhere (``bot.papers.book``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from casework.scope import Scope


@dataclass(frozen=True, slots=True)
class Draft:
    """A month as it would be submitted: its words, what contradicts itself, and whether it is a zero report."""

    text: str
    contradictions: tuple[str, ...]
    zero: bool
    hash: str
    figures: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Changed:
    """A pupil came onto a ledger (``sign`` ＋) or went off it (－) on a day."""

    sign: str
    name: str
    school: str
    what: str
    on: dt.date
    pupil: str


class Book(Protocol):
    """Months are ``YYYY-MM``, schools and pupils ids; ``work`` is the open unit of work of the store."""

    def draft(self, work: Any, school: str, month: str) -> Draft:
        """The month as it would be submitted now."""

    def submit(self, work: Any, school: str, month: str, by: str) -> str:
        """Freeze the month: figures, names and hash; returns the hash."""

    def differences(self, work: Any, school: str, month: str) -> list[str]:
        """What later facts would change in a submitted month; it stays as it was submitted."""

    def reopen(self, work: Any, school: str, month: str) -> None:
        """A submission was taken back (撤销)."""

    def changes(self, work: Any, scope: Scope, first: dt.date, last: dt.date) -> Sequence[Changed]:
        """Who came onto a ledger and who went off it in a span, by day."""

    def reported(self, work: Any, month: str) -> Mapping[str, Mapping[str, int]]:
        """The total figures of each school's report of a month, by school, as it was submitted."""
