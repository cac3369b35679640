"""A table of words as one pattern that looks at a place only if one of its words can begin there."""

from __future__ import annotations

import re
from importlib import import_module
from itertools import groupby
from typing import Any

_parser: Any = import_module("re._parser")


def any_of(*words: str) -> re.Pattern[str]:
    """The first of these words (patterns) that stands at a place.

    Python tries every word of an alternation at every character; a look at the character alone comes first here, which
    changes nothing of what is found and saves most of the time that a long table takes.
    """
    runs = groupby(((word, _begin(word)) for word in words), key=lambda pair: pair[1] is None)
    return re.compile("|".join(_looked_at(list(run)) for _, run in runs))


def _looked_at(run: list[tuple[str, set[str] | None]]) -> str:
    """Neighbouring words, with a look ahead where all of them begin with known characters; their order stays."""
    words = "|".join(word for word, _ in run)
    begin = set[str]().union(*(begin or set() for _, begin in run))
    return f"(?=[{''.join(sorted(begin))}])(?:{words})" if begin else words


def _begin(word: str) -> set[str] | None:
    """What a match can begin with, as pieces of a character class; None where it may be empty or begin with anything."""
    begin, empty = _first(_parser.parse(word))
    return None if empty else begin


def _first(tree: Any) -> tuple[set[str] | None, bool]:
    """The first characters of a sequence, and whether it can be empty."""
    found: set[str] = set()
    for op, value in tree:
        begin, empty = _first_of(str(op), value)
        if begin is None:
            return None, False
        found |= begin
        if not empty:
            return found, False
    return found, True


def _first_of(op: str, value: Any) -> tuple[set[str] | None, bool]:
    match op:
        case "LITERAL":
            return {re.escape(chr(value))}, False
        case "IN":
            return _of_class(value), False
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return set(), True
        case "SUBPATTERN":
            return _first(value[-1])
        case "BRANCH":
            ways = [_first(way) for way in value[1]]
            if any(begin is None for begin, _ in ways):
                return None, False
            return set().union(*(begin or set() for begin, _ in ways)), any(empty for _, empty in ways)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            begin, empty = _first(value[2])
            return begin, empty or value[0] == 0
        case _:
            return None, False


def _of_class(items: Any) -> set[str] | None:
    found = set()
    for op, value in items:
        match str(op):
            case "LITERAL":
                found.add(re.escape(chr(value)))
            case "RANGE":
                found.add(f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}")
            case "CATEGORY" if str(value) == "CATEGORY_DIGIT":
                found.add(r"\d")
            case _:
                return None
    return found
