"""What is computed from facts: a pupil's case and the duties of a pupil or unit."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from functools import lru_cache

AWAY = ("absent", "suspected", "dropout")
"""The states of a pupil who is absent without leave, and whom everybody is to win back (待劝返)."""


@dataclass(frozen=True, slots=True)
class Case:
    """Where a pupil stands at a moment.

    ``day`` counts school days absent (0 if none), ``since`` is the first of them, ``unverified`` how
    many of them were presumed without a report. ``leave_to`` is the last day of a running leave,
    ``returned`` the day of the return under observation, ``helper`` the person assigned (user id).
    ``pending`` names what is proposed but not in force (``dropout``, ``transfer_out`` …).
    """

    pupil: str
    state: str = "in_school"
    ledger: str = "age"
    day: int = 0
    since: dt.date | None = None
    unverified: int = 0
    leave_from: dt.date | None = None
    leave_to: dt.date | None = None
    returned: dt.date | None = None
    promised: dt.date | None = None
    reason: str | None = None
    reason_code: str | None = None
    helper: str | None = None
    pending: str | None = None
    last_contact: dt.date | None = None


AT = "at"
"""The key of a duty's ``hint`` under which stands the school that owes it, where that is not the pupil's own."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something owed by a role, until a day, because of a clause.

    ``id`` derives from rule, subject, triggering fact and ordinal, so computing it again gives the same.
    Exactly one of ``pupil`` and ``unit`` is set. ``status`` is ``open``, ``done`` or ``lapsed``;
    an open duty is overdue from 00:00 of the day after ``due``. ``closed`` is when it was met or lapsed,
    ``by`` the fact that did it. ``who`` are the user ids of those who hold the role on that day.
    ``hint`` carries figures for the wording (lessons still owed, attempts so far).
    """

    id: str
    rule: str
    clause: str
    owner: str
    due: dt.date
    pupil: str | None = None
    unit: str | None = None
    status: str = "open"
    who: tuple[str, ...] = ()
    closed: dt.datetime | None = None
    by: str | None = None
    hint: dict[str, int | str] = field(default_factory=dict, compare=False)

    @property
    def subject(self) -> tuple[str, str]:
        return ("pupil", self.pupil) if self.pupil is not None else ("unit", self.unit or "")

    def overdue(self, today: dt.date) -> bool:
        return self.status == "open" and self.due < today


def duty_id(rule: str, subject: str, cause: str, ordinal: int | str = 0) -> str:
    """The same duty has the same id however often it is computed: by rule, pupil or unit, causing fact and ordinal.

    Under 64 characters whatever the ids it is made of; the rule comes last, so that the duties of one cause are
    neighbours in every index.
    """
    return f"{_digest(subject, cause, ordinal)}:{rule}"


@lru_cache(maxsize=16)
def _digest(subject: str, cause: str, ordinal: int | str) -> str:
    """The rungs of one absence ask for it one after the other."""
    return hashlib.blake2b(f"{subject}\0{cause}\0{ordinal}".encode(), digest_size=10).hexdigest()


@dataclass(frozen=True, slots=True)
class Assessment:
    """A pupil's case and duties at a moment, and the next moment at which they change by themselves."""

    case: Case
    duties: tuple[Duty, ...] = ()
    wake: dt.datetime | None = None
