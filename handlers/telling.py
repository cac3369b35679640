"""What is said at once to others than the writer: to whom, and that it was."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from casework.people import Pupil
from handlers.desk import Change, Desk


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to another person that cannot wait for the sweep, in the shape of an outbox row."""

    key: str
    to: str
    text: str
    not_before: dt.datetime
    card: dict[str, Any] | None = None
    rules: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    expires: dt.datetime | None = None


def notify(desk: Desk, role: str, pupil: Pupil, text: str, what: str) -> None:
    """Tell those who answer in that role for the pupil, the writer excepted; ``what`` names the occasion."""
    tell(desk, desk.world.who(role, pupil, desk.today), pupil, text, what)


def tell(desk: Desk, people: Iterable[str], pupil: Pupil, text: str, what: str) -> None:
    """Tell these people about a pupil, the writer excepted; it is kept who heard, for a correction to reach them."""
    for person in sorted(set(people) - {desk.writer.id}):
        key = f"{what}:{pupil.id}:{desk.source}:{person}"[:150]
        desk.work.outbox.queue(Notice(key, person, text, desk.now))
        desk.work.outbox.said(_notice(desk.source, pupil), what[:40], person, key)


def heard_of(desk: Desk, pupil: Pupil, sources: Iterable[str]) -> list[str]:
    """Who was told at once what these messages said of a pupil."""
    notices = [_notice(source, pupil) for source in sources if source]
    return [told.person for told in desk.work.outbox.said_about(notices)] if notices else []


def _notice(source: str, pupil: Pupil) -> str:
    """Under what it is kept that a message was told on: in place of a duty's id."""
    return "notice-" + hashlib.sha256(f"{source}/{pupil.id}".encode()).hexdigest()[:32]


def closes(desk: Desk, pupil: Pupil, before: str) -> bool:
    """Whether what was just recorded ended the observation of a pupil who stood in the state ``before``: 销号."""
    return before == "observed" and desk.work.cases.case(pupil.id).state == "in_school"


def mark_answered(desk: Desk, changes: Iterable[Change]) -> None:
    """Keep which fact answered what had been said about a duty."""
    for change in changes:
        if change.kind == "done" and change.duty and change.duty.by:
            desk.work.outbox.answered(change.duty.id, change.duty.by)
