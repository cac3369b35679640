"""What a sweep queues together or not at all, and the pieces in which it is written, each a short transaction of its own.

Pure. A sweep thinks without holding anything, so each part says on which duties it rests: what has changed in between is thought
out again. A part is all that is said of a duty at once, so that a sweep that was killed goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from casework.case import Duty
from reminders.message import Message, Note

PIECE = 4000
"""How many notes of what was said are written in one transaction, a tenth of a second's work: a message waits for one such at most.
What belongs together is never divided, however much it is."""
Noted = tuple[str, str, str, str]
"""Duty, step, person, and the key of what said it, as the outbox notes it."""


@dataclass(frozen=True, slots=True)
class Part:
    """Messages and notes that stand together or not at all; ``duties``: on which they rest, as these stood."""

    messages: tuple[Message, ...] = ()
    notes: tuple[Noted, ...] = ()
    duties: tuple[Duty, ...] = ()


def part_of(
    messages: Sequence[Message], duties: Mapping[str, Duty], said: Iterable[Note] = (), beside: Iterable[Noted] = ()
) -> Part:
    """These messages with their notes and some ``beside``; ``said``: what stands noted already and is not noted again."""
    known = said if isinstance(said, Mapping | set | frozenset) else frozenset(said)
    new: dict[tuple[str, str, str], Noted] = {}
    for message in messages:
        new |= {note: (*note, message.key) for note in message.notes if note not in known}
    new |= {note[:3]: note for note in beside if note[:3] not in known}
    about = dict.fromkeys([*(id for m in messages for id in m.duties), *(note[0] for note in beside)])
    return Part(tuple(messages), tuple(new.values()), tuple(duties[id] for id in about if id in duties))


def together(
    messages: Iterable[Message], duties: Mapping[str, Duty], said: Iterable[Note] = (), beside: Iterable[Noted] = ()
) -> list[Part]:
    """Parts in which all stands that is said of a duty, and all that a person is told."""
    found: dict[str, str] = {}

    def first(one: str) -> str:
        while (up := found.setdefault(one, one)) != one:
            found[one] = one = found[up]
        return one

    listed, noted = list(messages), list(beside)
    for message in listed:
        for id in message.duties:
            found[first(f"duty {id}")] = first(f"to {message.to}")
    mine: dict[str, tuple[list[Message], list[Noted]]] = {}
    for message in listed:
        mine.setdefault(first(f"to {message.to}"), ([], []))[0].append(message)
    for note in noted:
        mine.setdefault(first(f"duty {note[0]}"), ([], []))[1].append(note)
    return [part_of(theirs, duties, said, notes) for theirs, notes in mine.values()]


def pieces(parts: Iterable[Part], most: int) -> Iterator[list[Part]]:
    """The parts in pieces of at most so many notes and messages; a larger part is a piece by itself."""
    piece: list[Part] = []
    size = 0
    for part in parts:
        weight = len(part.notes) + len(part.messages)
        if piece and size + weight > most:
            yield piece
            piece, size = [], 0
        piece.append(part)
        size += weight
    if piece:
        yield piece
