"""三(2)班张三: of several pupils of one name the one in the class that stands before or after it."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.understanding.numerals import NUMBER, number
from handlers.understanding.reading import Token

_JUNIOR, _SENIOR = 6, 9  # 初一 is the seventh grade, 高一 the tenth
_BETWEEN = re.compile(r"[,、 的:()和]*(?:同学|学生)?")


def class_numbers(words: str) -> tuple[int, ...]:
    """Grade and class as numbers: ``三(2)班`` is (3, 2), ``初一3班`` (7, 3), ``2班`` (2,)."""
    found = [n for m in re.finditer(NUMBER, words) if (n := number(m.group())) is not None]
    if len(found) == 1 and re.search(r"[一二三四五六七八九]\d+班|\d{3}班", words):
        found = [
            int(c) if c.isdigit() else number(c) or 0
            for c in re.sub(r"\D", "", words)[:1] + re.sub(r"\D", "", words)[1:].lstrip("0")
        ]
    shift = _JUNIOR if "初" in words else _SENIOR if words.startswith("高") else 0
    return (found[0] + shift, *found[1:]) if found and shift else tuple(found)


def of_class(body: str, tokens: list[Token], classes: dict[str, str]) -> list[Token]:
    """The tokens, each pupil of several narrowed by the class named beside it, where exactly one is of that class."""
    out = list(tokens)
    for at, token in enumerate(tokens):
        if token.kind != "N" or len(token.value.candidates) < 2:
            continue
        beside = _class_beside(body, tokens, at)
        fitting = tuple(
            c
            for c in token.value.candidates
            if beside and _same(class_numbers(beside), class_numbers(classes.get(c, "")))
        )
        if len(fitting) == 1:
            out[at] = replace(token, value=replace(token.value, candidates=fitting))
    return out


def _class_beside(body: str, tokens: list[Token], at: int) -> str:
    """The class right before the pupil (or before the list it stands in), else in brackets right after."""
    back = at
    while (
        back > 0
        and tokens[back - 1].kind in "NW"
        and _BETWEEN.fullmatch(body, tokens[back - 1].end, tokens[back].start)
    ):
        back -= 1
    before = tokens[back - 1] if back else None
    if before and before.kind == "C" and _BETWEEN.fullmatch(body, before.end, tokens[back].start):
        return body[before.start : before.end]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after and after.kind == "C" and _BETWEEN.fullmatch(body, tokens[at].end, after.start):
        return body[after.start : after.end]
    return ""


def _same(said: tuple[int, ...], registered: tuple[int, ...]) -> bool:
    """2班 fits the second class of any grade, 三(2)班 only that one."""
    return bool(said) and bool(registered) and (said == registered or (len(said) == 1 and said[0] == registered[-1]))
