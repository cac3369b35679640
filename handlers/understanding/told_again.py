"""One talk told twice, or by two of its words."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Line
from handlers.understanding.drafts import tokens_in
from handlers.understanding.events import Event


def _dated(event: Event, line: Line) -> set[int]:
    return {at for at, t in tokens_in(line, event.clause, "D") if at < event.end and t.value.lean <= 0}


def _of_one_channel(one: Event, other: Event) -> bool:
    return one.channel == other.channel or not one.channel or not other.channel


def _on_days_of_their_own(one: Event, other: Event, line: Line) -> bool:
    apart = one.clause != other.clause and (other.kind == "visit" or other.channel != "")
    return apart and bool(_dated(one, line)) and bool(_dated(other, line))


def distinct(talks: list[Event], line: Line) -> list[Event]:
    """The same talk told twice is one; a talk without channel adds nothing to one with."""
    out: list[Event] = []
    for event in talks:
        same = next((o for o in out if o.kind == event.kind and _of_one_channel(o, event)), None)
        if same and _on_days_of_their_own(same, event, line):
            same = None
        if same:
            if event.channel and not same.channel:
                out[out.index(same)] = event
            continue
        if event.kind == "contact" and event.channel in ("", "in_person") and any(o.kind == "visit" for o in out):
            continue
        out.append(event)
    if any(e.kind == "contact" and e.channel for e in out) and any(e.kind == "visit" for e in out):
        out = [e for e in out if e.kind != "visit" or not re.fullmatch(r"劝.?|动员|找到.?|做.*工作|见到.*", _words(e))]
    return out


def _words(event: Event) -> str:
    return event.clause.text[event.start - event.clause.start : event.end - event.clause.start]
