"""A table of words as one pattern that looks at a place only if one of its words can begin there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache, reduce
from importlib import import_module
from itertools import groupby
from operator import or_
from typing import Any

_parser: Any = import_module("re._parser")


def any_of(*words: str) -> re.Pattern[str]:
    """The first of these words (patterns) that stands at a place.

    Python tries every word of an alternation at every character; a look at the character alone comes first here, which
    changes nothing of what is found and saves most of the time that a long table takes.
    """
    begun = [(word, _begin(word)) for word in words]
    runs = groupby(begun, key=lambda pair: pair[1] is None)
    table = re.compile("|".join(_looked_at(list(run)) for _, run in runs))
    if all(begin for _, begin in begun):
        _begins[table] = re.compile(f"[{''.join(set[str]().union(*(begin or set() for _, begin in begun)))}]")
        _begun_by.cache_clear()
        _begun_in.cache_clear()
    return table


_begins: dict[re.Pattern[str], re.Pattern[str]] = {}
"""The characters that the words of a table can begin with, where they are known."""


class Tables:
    """Several tables of words with their names, of which only those are searched that can have a word in a text: a look at
    its characters, once for all tables there are, tells.
    """

    def __init__(self, tables: Iterable[tuple[str, re.Pattern[str]]]) -> None:
        self._tables = tuple(tables)
        # Looked up once: to hash a pattern is to go through all of it.
        places = {table: 1 << at for at, table in enumerate(_begins)}
        self._places = tuple((one, places.get(one[1], 0)) for one in self._tables)

    def __iter__(self) -> Iterator[tuple[str, re.Pattern[str]]]:
        return iter(self._tables)

    def of(self, text: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """The tables that may have a word in the text, in their order."""
        begun = _begun_in(text)
        return tuple(one for one, place in self._places if not place or begun & place)


@lru_cache(maxsize=256)
def _begun_in(text: str) -> int:
    """A bit for each table of ``_begins`` of which a word can begin somewhere in the text."""
    return reduce(or_, map(_begun_by, text), 0)


@lru_cache(maxsize=8192)
def _begun_by(char: str) -> int:
    return sum(1 << at for at, begin in enumerate(_begins.values()) if begin.match(char))


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
