"""The pieces of a text that can be names, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers.understanding.lexicon_places import BREAKS
from handlers.understanding.names import LONGEST


@dataclass(frozen=True, slots=True)
class Compact:
    """The text without spaces and dots, and where each character stands."""

    text: str
    places: Sequence[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        return self.places[start], self.places[end - 1] + 1


def compacted(body: str) -> Compact:
    if not _BETWEEN_NAMES.search(body):
        return Compact(body, range(len(body)))
    kept = [
        at for at, char in enumerate(body) if char not in " ·" and not (char == "." and _DOT_IN_NAME.match(body, at))
    ]
    return Compact("".join(body[at] for at in kept), tuple(kept))


_BETWEEN_NAMES = re.compile(r"[ ·.]")
_DOT_IN_NAME = re.compile(r"(?<=[\u4e00-\u9fff])\.(?=[\u4e00-\u9fff])")


def pieces(text: str) -> list[str]:
    """Every piece that can be a name: two to four characters anywhere, longer ones without function words."""
    found: list[str] = []
    for run in _HAN.finditer(text):
        first, last = run.span()
        stops = [at for at in range(first + 4, last) if text[at] in BREAKS]
        stops.reverse()
        for start in range(first, last - 1):
            while stops and stops[-1] < start + 4:
                stops.pop()
            end = min(start + LONGEST, stops[-1] if stops else last, last)
            found += [text[start:at] for at in range(start + 2, end + 1)]
    return list(dict.fromkeys(found))


_HAN = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0002ffff]{2,}")


def everywhere(piece: str, text: str) -> Iterator[int]:
    """Where a piece begins, one within another too: 石石石 holds 石石 twice."""
    at = text.find(piece)
    while at >= 0:
        yield at
        at = text.find(piece, at + 1)
