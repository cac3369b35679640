"""三(2)班张三: of several pupils of one name the one in the class that stands before or after it."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers.understanding.numerals import NUMBER, number
from handlers.understanding.reading import Token

_ROOM = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
_ROOMS = re.compile(
    rf"(?P<grade>(?:初[一二三]|[一二三四五六七八九1-9])(?:年级?)?)??(?P<rooms>[(]?{_ROOM}[)]?(?:(?:班?[、,和及与到至-]|班(?=[(\d])|(?<=[)])(?=[(]))[(]?{_ROOM}[)]?)*)班"
    "(?!主任|级|长|会|车|子)"
)
_GRADE = re.compile(
    r"(?P<grade>初[一二三](?!中|小)|[一二三四五六七八九1-9]年级)(?:全体|全部|所有)?(?!各?[\d一二三四五六七八九十(]{1,4})"
)
_TO = re.compile(r"班?[到至-]")
_JUNIOR, _SENIOR = 6, 9  # 初一 is the seventh grade, 高一 the tenth
_BETWEEN = re.compile(r"[,、 的:()和]*(?:同学|学生)?")


def class_numbers(words: str) -> tuple[int, ...]:
    """Grade and class as numbers: ``三(2)班`` is (3, 2), ``初一3班`` (7, 3), ``2班`` (2,)."""
    if pair := re.search(r"(?:^|[^一二三四五六七八九十])([一二三四五六七八九])([一二三四五六七八九])班", words):
        return (number(pair[1]) or 0, number(pair[2]) or 0)  # 八三班
    found = [n for m in re.finditer(NUMBER, words) if (n := number(m.group())) is not None]
    if len(found) == 1 and re.search(r"[一二三四五六七八九]\d+班|\d{3}班", words):
        found = [
            int(c) if c.isdigit() else number(c) or 0
            for c in re.sub(r"\D", "", words)[:1] + re.sub(r"\D", "", words)[1:].lstrip("0")
        ]
    shift = _JUNIOR if "初" in words else _SENIOR if words.startswith("高") else 0
    return (found[0] + shift, *found[1:]) if found and shift else tuple(found)


def rooms_named(text: str) -> list[tuple[int | None, int | None]]:
    """The classes a text names, each as grade and number, None for what is not said: ``八年级1、2班`` is (8, 1) and (8, 2),
    ``2班`` (None, 2), ``七年级`` (7, None)."""
    found: list[tuple[int | None, int | None]] = []
    for match in _ROOMS.finditer(text):
        rooms = [number(room) or 0 for room in re.findall(_ROOM, match["rooms"])]
        if len(rooms) == 1:
            said = class_numbers(match.group())
            found.append((said[0] if len(said) > 1 else None, said[-1]))
            continue
        if len(rooms) == 2 and _TO.search(match["rooms"]):
            rooms = list(range(rooms[0], rooms[1] + 1))
        grade = class_numbers(match["grade"] or "")
        found += [(grade[0] if grade else None, room) for room in rooms]
    return found + [(class_numbers(match["grade"])[0], None) for match in _GRADE.finditer(text)]


def fits(said: tuple[int | None, int | None], registered: str) -> bool:
    """Whether a class of that registered name is among those said."""
    own = class_numbers(registered)
    if len(own) != 2:
        return said[0] is None and bool(own) and said[1] == own[-1]
    return all(part is None or part == its for part, its in zip(said, own, strict=True))


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
