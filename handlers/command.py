"""A short command: a sentence of fixed form that refers to a list, a post or a day. Help is made from the same row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from handlers.desk import Desk, Said

Answer = Callable[[Desk, re.Match[str]], Said | None]
LOOK = r"(?:请|帮我)*(?:查看?|看|列出|统计)?(?:一?下)?"
"""How one asks to be shown something, before what it is."""
PLACE = r"(?:我们?班|我们?学?校|本校|全校|全县|全镇|我村)?(?:的)?"
"""Of whom it is to be shown: said or not, the list is of those within reach."""
NAME = r"(?P<name>[\u4e00-\u9fff·•]{2,15}?)"
"""A pupil's name, as typed."""
ROOM = r"(?:(?P<room>[一二三四五六七八九]年级[\u4e00-\u9fff\d()（）]{1,6}班)的?)?"
"""The class said before a name, where two bear it."""
WHEN = r"(?:今天|明天|后天|大后天|[本这下]?(?:周|星期|礼拜)[一二三四五六日天]|\d{1,2}月\d{1,2}[日号]?|\d{1,2}[日号])"
"""A day that is still to come, as typed."""


def one_of(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first. What they begin with is looked at before: after a name, whose length
    is not known, they are asked for at each character of a message."""
    known = sorted(words, key=len, reverse=True)
    return rf"(?=[{''.join(sorted({re.escape(word[0]) for word in known}))}])(?:{'|'.join(map(re.escape, known))})"


@dataclass(frozen=True, slots=True)
class Command:
    """``example`` is a sentence of the first form, as help shows it to ``roles`` (whether the writer may, ``answer`` asks);
    ``asks``: answered, nothing is written.

    ``forms`` are patterns, each compiled when a text first has the form of some command: ``any_of`` has looked at all of
    them before, and to compile them one by one as well was a twelfth of the start.
    """

    example: str
    roles: tuple[str, ...]
    answer: Answer
    forms: tuple[str, ...]
    asks: bool

    def found(self, words: str) -> re.Match[str] | None:
        """The words as one of the forms."""
        return next((match for form in self.forms if (match := _compiled(form).fullmatch(words))), None)


def command(example: str, roles: tuple[str, ...], answer: Answer, *forms: str, asks: bool = False) -> Command:
    """A row of a module's ``COMMANDS``."""
    return Command(example, roles, answer, forms, asks)


@cache
def _compiled(form: str) -> re.Pattern[str]:
    return re.compile(form)


def any_of(forms: Iterable[str]) -> re.Pattern[str]:
    """What matches whatever any of these forms matches.

    Most messages begin with a name and most commands with a word of theirs: one look at the first character leaves those out,
    four of five, and with them half the time.
    """
    begins = {form: _beginnings(form) for form in forms}
    worded = [form for form, pieces in begins.items() if not any(_WIDE.fullmatch(piece) for piece in pieces)]
    first = "|".join(sorted({piece for form in worded for piece in begins[form]}))
    after = "|".join(map(_nameless, worded)) or _NEVER
    return re.compile(
        "|".join([f"(?={first})(?:{after})", *(_nameless(form) for form in begins if form not in worded)])
    )


def _nameless(form: str) -> str:
    """The form as one of several."""
    form = re.sub(r"\(\?P<\w+>", "(?:", form)
    return f"(?s:{form[4:]})" if form.startswith("(?s)") else f"(?:{form})"


_NEVER = "(?!)"
_PIECE = re.compile(
    r"(\(\?P<\w+>|\(\?<?[:=!]|\(|\\.|\[\^?\]?(?:\\.|[^]\\])*+\]|.)([*+?]|\{\d*,?\d*\}|)[?+]?", re.DOTALL
)
"""A character, a class or the opening of a group; and how often it comes."""
_WIDE = re.compile(r"\.|\\[DSW]|\[\^.*|\[.*-.*", re.DOTALL)
"""Pieces that most characters are."""


def _beginnings(form: str) -> set[str]:
    """The pieces of a form with one of which whatever matches it begins."""
    begins, empty, _ = _of_group(iter(_PIECE.findall(form.removeprefix("(?s)"))))
    return begins | {"."} if empty else begins


def _of_group(pieces: Iterator[tuple[str, str]]) -> tuple[set[str], bool, str]:
    """What a group begins with, whether it may be empty, and how often it comes; read up to its end."""
    begins: set[str] = set()
    empty, still = False, True
    for piece, times in pieces:
        if piece in "|)":
            empty, still = empty or still, True
            if piece == ")":
                return begins, empty, times
            continue
        own, nothing = {piece}, False
        if piece[0] == "(":
            own, nothing, times = _of_group(pieces)
        if piece in ("^", "$") or (piece[-1] in "=!" and piece[0] == "("):  # looks, and takes nothing
            continue
        if still:
            begins |= own
            still = nothing or times.startswith(("?", "*", "{0", "{,"))
    return begins, empty or still, ""
