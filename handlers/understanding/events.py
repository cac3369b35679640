"""Something that a clause says was done, or was not."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.understanding.clauses import Clause

TALKS = ("visit", "contact")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a clause says was done. ``start`` and ``end`` are places in the line; ``no`` when it is denied."""

    kind: str
    start: int
    end: int
    clause: Clause
    channel: str = ""
    no: bool = False
    group: str = ""


def governed_by(at: int, events: list[Event]) -> str:
    """Of several things told in one clause the kind that a day at this place belongs to: the next, else the last."""
    return next((e.kind for e in events if e.start > at), events[-1].kind if events else "")
