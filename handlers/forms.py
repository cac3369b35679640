"""What a form of a page says goes through the same door as a message, and is watched like one (XY-25, LC-40)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers import guard
from handlers.answer import not_recorded
from handlers.conversation import perform
from handlers.desk import Desk, Said
from handlers.line import Line
from handlers.understanding.actions import Action


def fill_in(desk: Desk, actions: Sequence[Action], line: Line, before: Sequence[Action] = ()) -> Said:
    """Do what a form of a page says; its free words are watched like a message's, once and not at each answer.

    ``before``: what a correction was written as; its words were watched then, and nothing of an unanswered form is kept.
    """
    words = guard.filled_in(actions)
    watched = words != guard.filled_in(before) if before else not line.answers
    warning = guard.warn(desk, words, actions) if words and watched else None
    if warning is None:
        return perform(desk, actions, line)
    if guard.refuses(desk, words, actions):
        return not_recorded(f"{warning}\n这份表没有记录。")
    said = perform(desk, actions, line)
    return replace(said, text=f"{warning}\n\n{said.text}" if said.asks else f"{said.text}\n\n{warning}")


def is_refused(desk: Desk, actions: Sequence[Action], before: Sequence[Action]) -> bool:
    """Whether ``fill_in`` records nothing of it for its words."""
    words = guard.filled_in(actions)
    alarms = words != guard.filled_in(before) and bool(guard.forced(words) or guard.refused(words))
    return alarms and guard.refuses(desk, words, actions)
