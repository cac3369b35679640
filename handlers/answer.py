"""What is said to the writer: of one record that was made, and in answer to the whole message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.asking import Asked

LINK = "（地址只显示一次，不保存）"
"""Stands in the words that are kept where the words that are said have an address."""


@dataclass(frozen=True, slots=True)
class Said:
    """The words of an answer; files to send after it (what, students, asked by); ``asks`` when a question is open.

    ``on_card`` is what the buttons of the tapped card turn into. ``link`` is a path said once, where ``LINK`` stands in
    the words, and kept nowhere: ``text`` is what is kept. ``numbers``: what the numbers 1, 2 … of a list in the words stand
    for, ``duty:<id>``, ``pupil:<id>`` or nothing (``handlers.numbered``). ``refused``: nothing was recorded, and the words
    say why and what to do instead.
    """

    text: str
    files: tuple[Mapping[str, Any], ...] = ()
    asks: bool = False
    on_card: str = ""
    link: str = ""
    numbers: tuple[str, ...] = ()
    refused: bool = False

    def with_link(self, public_url: str) -> str:
        """The words as they are said this once."""
        return self.text.replace(LINK, public_url.rstrip("/") + self.link) if self.link else self.text


@dataclass(frozen=True, slots=True)
class Written:
    """What was recorded, in words; ``keys`` tell the conversation not to record it again; ``refused``: nothing was;
    ``asked``: what must be known of the others first."""

    text: str
    keys: tuple[str, ...] = ()
    refused: bool = False
    asked: Asked | None = None


def not_recorded(text: str) -> Said:
    """The answer to what was not taken in: why not, and what to do instead."""
    return Said(text, refused=True)
