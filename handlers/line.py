"""A message on its way: its words or what a tap meant, when it was sent, and what has been answered about it.

It is kept with an open question as plain JSON, and taken up again with the answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.understanding.actions import Action, Mention


@dataclass(frozen=True, slots=True)
class Line:
    """``excluded``: ids ruled out by choosing another pupil; ``written``: what was already recorded of it.

    ``meant``: the actions of a tap or a form, for which there are no words to be understood.
    """

    text: str
    at: dt.datetime
    excluded: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    written: tuple[str, ...] = ()
    meant: tuple[Action, ...] = ()

    def kept(self) -> dict[str, Any]:
        """The line as JSON values."""
        return {
            "text": self.text, "at": self.at.isoformat(), "excluded": list(self.excluded),
            "answers": dict(self.answers), "written": list(self.written), "meant": [_kept(a) for a in self.meant],
        }  # fmt: skip

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Line:
        """The line that was kept."""
        return cls(
            kept["text"], dt.datetime.fromisoformat(kept["at"]), tuple(kept["excluded"]), dict(kept["answers"]),
            tuple(kept["written"]), tuple(_action(a) for a in kept.get("meant", ())),
        )  # fmt: skip


def _kept(action: Action) -> dict[str, Any]:
    students = [[m.name, list(m.candidates)] for m in action.students]
    return {"action": action.action, "students": students, "slots": dict(action.slots)}


def _action(kept: Mapping[str, Any]) -> Action:
    students = tuple(Mention(name, tuple(candidates)) for name, candidates in kept["students"])
    return Action(kept["action"], students, dict(kept["slots"]))
