"""帮助: all that somebody of one's roles can say, made from the registry and from the rows of all short commands."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from handlers import topics
from handlers.commands import COMMANDS
from handlers.desk import Desk, Said
from handlers.registry import row_about
from handlers.understanding.actions import Action


def help_(desk: Desk, action: Action) -> Said:
    """What there is to say, topic by topic, or how to say one thing."""
    topic = str(action.slots.get("topic") or "")
    mine = [row for row in COMMANDS if not desk.reader.roles.isdisjoint(row.roles)]
    word, about = row_about(topic) or ("", None)
    closest = max((_shared(topic, row.example) for row in mine), default=0)
    if closest > max(len(word), 1):
        return _these("这件事", [row.example for row in mine if _shared(topic, row.example) == closest])
    if about and desk.reader.may(about.action):
        return _these(about.title, about.examples)
    return topics.first_page(desk, COMMANDS)


def _shared(topic: str, example: str) -> int:
    """How many characters on end a question and an example have in common."""
    return SequenceMatcher(None, topic, example, autojunk=False).find_longest_match().size


def _these(title: str, examples: Iterable[str]) -> Said:
    sheet = next(topics.cut(examples))
    return Said(f"{title}，这样发：\n" + "\n".join(f"· {example}" for example in sheet))
