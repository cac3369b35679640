"""帮助: all that somebody of one's roles can say, made from the registry and from the rows of all short commands."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from difflib import SequenceMatcher

from handlers import topics
from handlers.commands import COMMANDS
from handlers.desk import Desk, Said
from handlers.naming import pupils_in
from handlers.registry import REGISTRY, row_about
from handlers.understanding.actions import Action

ALIKE = 3  # characters on end
MOST = 3


def help_(desk: Desk, action: Action) -> Said:
    """What there is to say, topic by topic, or how to say one thing."""
    topic = str(action.slots.get("topic") or "")
    mine = [row for row in COMMANDS if not desk.reader.roles.isdisjoint(row.roles)]
    word, about = row_about(topic) or ("", None)
    closest = max((_shared(topic, row.example) for row in mine), default=0)
    if closest > max(len(word), ALIKE - 1):
        return _these("这件事", [row.example for row in mine if _shared(topic, row.example) == closest])
    if about and desk.reader.may(about.action):
        return _these(about.title, about.examples)
    return topics.first_page(desk, COMMANDS)


def instead(desk: Desk, text: str) -> list[str]:
    """Sentences that might say what a message wanted that was not understood: those most like it, else those about the
    same thing, with the pupil named in it; none where nothing is like it."""
    mine = [row.example for row in COMMANDS if not desk.reader.roles.isdisjoint(row.roles)]
    mine += [example for row in REGISTRY.values() if desk.reader.may(row.action) for example in row.examples]
    places = sorted(
        {unit.name for unit in desk.world.directory.units.values() if unit.name in text}, key=len, reverse=True
    )
    words = functools.reduce(lambda left, name: left.replace(name, " "), places, text)
    alike = sorted(((_shared(words, example), example) for example in dict.fromkeys(mine)), reverse=True)
    found = [example for shared, example in alike if shared >= ALIKE and shared == alike[0][0]]
    if not found and (about := row_about(text)) and desk.reader.may(about[1].action):
        found = list(about[1].examples)
    named = set(pupils_in(desk, text).values())
    name = named.pop() if len(named) == 1 else "张三"
    return [example.replace("张三", name) for example in found[:MOST]]


def _shared(topic: str, example: str) -> int:
    """How many characters on end a question and an example have in common."""
    return SequenceMatcher(None, topic, example, autojunk=False).find_longest_match().size


def _these(title: str, examples: Iterable[str]) -> Said:
    sheet = next(topics.cut(examples))
    return Said(f"{title}，这样发：\n" + "\n".join(f"· {example}" for example in sheet))
