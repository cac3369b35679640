"""What goes out unasked: one frozen message, and how its text keeps within WeChat Work's limit."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

TEXT_BYTES = 2048
"""What a text message may hold; WeChat Work cuts off the rest (message/send, path/90236)."""


class Note(NamedTuple):
    """That a person has been told about a duty: at most one for each duty, step and person, ever.

    A tuple, as the outbox notes it: a sweep looks for 100,000 of them.
    """

    duty: str
    step: str
    person: str


@dataclass(frozen=True, slots=True)
class Message:
    """One row for the outbox, in the shape of ``storage.outbox.Outgoing``, with the notes it leaves behind.

    ``key`` is unique for ever, so that planning twice sends once. ``not_before`` and ``expires`` are
    the county's wall clock; ``rules`` and ``duties`` are what the message reminds of.
    """

    key: str
    to: str
    text: str
    not_before: dt.datetime
    expires: dt.datetime | None = None
    card: dict[str, Any] | None = None
    rules: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def key(*parts: object) -> str:
    """A message key of these parts, within the 128 bytes that a card's ``task_id`` may have."""
    text = ":".join(str(part) for part in parts)
    return text if len(text.encode()) <= 120 else f"{text[:60]}:{digest_of([text])}"


def digest_of(ids: Iterable[str]) -> str:
    """A short stable name for a set of duties."""
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()[:16]


def task_id(message_key: str) -> str:
    """A card's ``task_id``: unique in the app, of letters, digits and ``_-@`` alone (template_card, path/90372)."""
    return "k-" + hashlib.sha256(message_key.encode()).hexdigest()[:40]


def fit(
    lines: Iterable[str], tail: Iterable[str] = (), limit: int = TEXT_BYTES, ask: str = "待办", many: int | None = None
) -> str:
    """As many lines as fit before the tail; what is left out is said, never cut in the middle. ``ask`` shows them all.

    ``many``: how many there are, so that those which do not fit need not be made.
    """
    head, end = lines if many is not None else list(lines), "\n".join(tail)
    many = len(list(head)) if many is None else many
    room = limit - len(end.encode()) - 1
    kept: list[str] = []
    used = 0
    without_number = len(_rest("", ask).encode()) + 1
    for n, line in enumerate(head):
        reserve = without_number + len(str(many - n)) if n < many - 1 else 0
        size = len(line.encode()) + 1
        if used + size + reserve > room:
            kept.append(_rest(many - n, ask))
            break
        kept.append(line)
        used += size
    return "\n".join([*kept, end] if end else kept)


def _rest(many: int | str, ask: str) -> str:
    return f"……另有{many}行，发“{ask}”查看全部。"
