"""``kongchuo understand``: messages as JSON lines in, what they mean as JSON lines out; no database, the roster is in the line."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from handlers.understanding.actions import Action
from handlers.understanding.names import ListIndex
from handlers.understanding.parse import understand


class BadLine(ValueError):
    """A line that is no message; the text says which line and why."""


def run(stdin_lines: Iterable[str], explain: bool = False) -> Iterator[str]:
    """One answer for each line, ``{"id": …, "actions": […]}``; with ``explain`` also which words led to which slot.

    Raises ``BadLine`` for a line that is not a JSON object with ``text`` and a readable ``now``.
    """
    for at, line in enumerate(stdin_lines, 1):
        if line.strip():
            yield json.dumps(_answer(at, line, explain), ensure_ascii=False)


def _answer(at: int, line: str, explain: bool) -> dict[str, Any]:
    try:
        entry = json.loads(line)
        text, now = str(entry["text"]), dt.datetime.fromisoformat(entry["now"])
        roster = tuple(str(name) for name in entry.get("roster") or ())
    except (ValueError, KeyError, TypeError) as error:
        raise BadLine(f"第{at}行读不懂：要有 text 和 now（{error}）") from error
    actions = understand(text, str(entry.get("role", "")), now.replace(tzinfo=None), _index(roster))
    answer: dict[str, Any] = {"id": entry.get("id"), "actions": [action.as_json() for action in actions]}
    if explain:
        answer["explained"] = [_explained(action, text) for action in actions]
    return answer


@lru_cache(maxsize=64)
def _index(roster: tuple[str, ...]) -> ListIndex:
    return ListIndex(list(roster))


def _explained(action: Action, text: str) -> dict[str, Any]:
    """For each slot the words that it was read from."""
    words = {
        slot: text[start:end] for slot, (start, end) in action.spans.items() if slot == "action" or slot in action.slots
    }
    return words | ({"students": [text[slice(*m.span)] for m in action.students]} if action.students else {})


if __name__ == "__main__":
    try:
        for answer in run(sys.stdin, "--explain" in sys.argv[1:]):
            print(answer)
    except BadLine as error:
        sys.exit(str(error))
