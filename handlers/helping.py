"""帮助: all that somebody of one's roles can say, made from the registry and from the rows of all short commands."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from handlers import topics
from handlers.commands import COMMANDS
from handlers.desk import Desk, Said
from handlers.naming import pupils_in
from handlers.registry import REGISTRY, row_about
from handlers.understanding.actions import Action

_ASKING = re.compile(r"怎么|怎样|如何|什么|可以|[这那]个|请问|能不能")
"""Words of a question about anything: shared with an example they say nothing of the matter."""
_PHOTO = re.compile(r"(?:上?传|发|加|补|拍).*(?:照片|图片|相片)|(?:照片|图片|相片).*(?:上?传|发到|放哪)")
PHOTOS = (
    "照片直接发到聊天里就行：刚记过家访的，归到那次家访；拿不准归到哪条记录的，会问您。"
    "也可以打开学生页面，在那条记录下面点“加照片”。"
)
ALIKE = 3  # characters on end
MOST = 3


def help_(desk: Desk, action: Action) -> Said:
    """What there is to say, topic by topic, or how to say one thing."""
    topic = str(action.slots.get("topic") or "")
    if _PHOTO.search(topic):
        return Said(PHOTOS)
    mine = [row for row in COMMANDS if not desk.reader.roles.isdisjoint(row.roles)]
    word, about = row_about(topic) or ("", None)
    matter = _ASKING.sub("", topic)
    closest = max((_shared(matter, row.example) for row in mine), default=0)
    if closest > max(len(word), 1):
        return _these("这件事", [row.example for row in mine if _shared(matter, row.example) == closest])
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
