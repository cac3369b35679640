"""帮助: all that somebody of one's roles can say, made from the registry and from the rows of all short commands."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from handlers.command import Command
from handlers.commands import COMMANDS
from handlers.desk import Desk, Said
from handlers.registry import REGISTRY, row_about
from handlers.understanding.actions import Action

MORE = "更多"
"""What is asked about by 更多帮助: the short commands that record something, too many for the first answer."""


def help_(desk: Desk, action: Action) -> Said:
    """All that this role can say, or how to say one thing."""
    topic = str(action.slots.get("topic") or "")
    mine = [row for row in COMMANDS if not desk.reader.roles.isdisjoint(row.roles)]
    if MORE in topic:
        return _these("还可以记这些", _examples(row for row in mine if not row.asks))
    word, about = row_about(topic) or ("", None)
    closest = max((_shared(topic, row.example) for row in mine), default=0)
    if closest > max(len(word), 1):
        return _these("这件事", _examples(row for row in mine if _shared(topic, row.example) == closest))
    if about and desk.reader.may(about.action):
        return _these(about.title, about.examples)
    rows = [
        r
        for r in REGISTRY.values()
        if desk.reader.may(r.action) and r.kind != "talk" and r.action not in ("greet", "help")
    ]
    return Said(
        "您可以这样发：\n"
        + "\n".join(f"· {r.title}：{r.examples[0]}" for r in rows)
        + f"\n还可以查：{'、'.join(_examples(row for row in mine if row.asks))}。"
        + f"\n会议、停课等怎么记，发“{MORE}帮助”。"
        + "\n说错了回“撤销”，不想答的问题回“取消”。"
    )


def _shared(topic: str, example: str) -> int:
    """How many characters on end a question and an example have in common."""
    return SequenceMatcher(None, topic, example, autojunk=False).find_longest_match().size


def _examples(rows: Iterable[Command]) -> list[str]:
    return [row.example for row in rows]


def _these(title: str, examples: Iterable[str]) -> Said:
    return Said(f"{title}，这样发：\n" + "\n".join(f"· {example}" for example in examples))
