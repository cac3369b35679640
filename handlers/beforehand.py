"""What can be known of a message before it is answered, so that several are looked up and locked in one go."""

from __future__ import annotations

from collections.abc import Sequence

from casework.scope import Scope
from handlers import lent
from handlers.desk import Desk
from handlers.recording import RECORDED
from handlers.understanding import parse
from handlers.understanding.actions import Action


def looked_for(desk: Desk, text: str) -> tuple[Scope, list[str]]:
    """Within what a text's names will be looked up, and by which keys."""
    return lent.widened(desk, text).scope, parse.looked_for(text)


def concerned(actions: Sequence[Action]) -> set[str]:
    """The ids of the pupils of whom something is to be recorded, as far as it is certain which."""
    return {m.candidates[0] for a in actions if a.action in RECORDED for m in a.students if len(m.candidates) == 1}
