"""A short command: a sentence of fixed form that refers to a list, a post or a day. Help is made from the same row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
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


def any_of(rows: Iterable[Command]) -> re.Pattern[str]:
    """What matches whatever any form of any of them matches."""
    forms = (re.sub(r"\(\?P<\w+>", "(?:", form) for row in rows for form in row.forms)
    return re.compile("|".join(f"(?s:{form[4:]})" if form.startswith("(?s)") else f"(?:{form})" for form in forms))
