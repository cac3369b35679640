"""A message on its way: its words or what a tap meant, when it was sent, and what has been answered about it.

It is kept with an open question as plain JSON, and taken up again with the answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from handlers.understanding.actions import GUESSED, Action, Entry, Mention, NameIndex

OWN_WORDS = 300


@dataclass(frozen=True, slots=True)
class Line:
    """``excluded``: ids ruled out by choosing another pupil; ``written``: keys of what was already recorded, done or said of it.

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


@dataclass(frozen=True, slots=True)
class Without:
    """A name index less those whom the person has ruled out by choosing another."""

    index: NameIndex
    excluded: frozenset[str]

    def exact(self, pieces: list[str]) -> dict[str, list[Entry]]:
        return self._less(self.index.exact(pieces))

    def sounding(self, keys: list[str]) -> dict[str, list[Entry]]:
        return self._less(self.index.sounding(keys))

    def staff(self, pieces: list[str]) -> set[str]:
        return self.index.staff(pieces)

    def _less(self, found: dict[str, list[Entry]]) -> dict[str, list[Entry]]:
        kept = {key: [e for e in entries if e.id not in self.excluded] for key, entries in found.items()}
        return {key: entries for key, entries in kept.items() if entries}


def once(action: Action) -> str:
    """By what an action is known as done when its message is read again with an answer: a second 撤销 would take back what was
    recorded before. It is known by itself, for whom it is about is read from the last record, which by then is another."""
    if action.action == "undo":
        return "undo"
    told = {slot: value for slot, value in action.slots.items() if slot not in (GUESSED, "words")}
    return f"{action.action}:{'、'.join(m.name for m in action.students)}:{sorted(told.items(), key=str)}"


def in_own_words(actions: Sequence[Action], text: str) -> Sequence[Action]:
    """The actions, a talk, visit or lesson with the writer's own words where the message is about one pupil alone: forms show them
    as what was said (LC-33), and no other child's name stands there."""
    whom = {mention.candidates for action in actions for mention in action.students}
    if len(whom) != 1:
        return actions
    kept = {"words": text.strip()[:OWN_WORDS]}
    return [replace(a, slots={**a.slots, **kept}) if a.action in ("contact", "visit", "teach") else a for a in actions]
