"""The classes a text names: a 全勤 is recorded for no other."""

from __future__ import annotations

import pytest

from handlers.understanding.classes import fits, rooms_named


@pytest.mark.parametrize(
    ("text", "rooms"),
    [
        ("八年级1班全勤", [(8, 1)]),
        ("八1班今天全勤", [(8, 1)]),
        ("八(1)班到齐", [(8, 1)]),
        ("301班全勤", [(3, 1)]),
        ("初一3班全勤", [(7, 3)]),
        ("三年级二班到齐", [(3, 2)]),
        ("11月3日八年级2班全勤", [(8, 2)]),
        ("2班全勤", [(None, 2)]),
        ("八年级1、2、3班都到齐了", [(8, 1), (8, 2), (8, 3)]),
        ("八年级1班2班都到齐了", [(8, 1), (8, 2)]),
        ("初一(2)班、(3)班全勤", [(7, 2), (7, 3)]),
        ("七年级(1)(2)班全勤", [(7, 1), (7, 2)]),
        ("七年级1到4班全勤", [(7, 1), (7, 2), (7, 3), (7, 4)]),
        ("七年级1班、八年级2班全勤", [(7, 1), (8, 2)]),
        ("七年级全勤", [(7, None)]),
        ("九年级各班全勤", [(9, None)]),
        ("今天全勤", []),
        ("全班到齐", []),
        ("第3节课全到", []),
    ],
)
def test_rooms(text: str, rooms: list[tuple[int | None, int | None]]) -> None:
    assert rooms_named(text) == rooms


@pytest.mark.parametrize(
    ("said", "registered", "is_meant"),
    [
        ((8, 1), "八年级1班", True),
        ((8, 1), "八年级2班", False),
        ((7, 1), "八年级1班", False),
        ((None, 1), "八年级1班", True),
        ((8, None), "八年级1班", True),
        ((7, None), "八年级1班", False),
        ((None, 2), "2班", True),
        ((7, None), "2班", False),
        ((None, 2), "启航班", False),
    ],
)
def test_fits(said: tuple[int | None, int | None], registered: str, is_meant: bool) -> None:
    assert fits(said, registered) is is_meant
