"""Which of several pupils of one name is meant, by the class that stands beside."""

from __future__ import annotations

import pytest

from handlers.understanding.actions import Mention
from handlers.understanding.classes import class_numbers, of_class
from handlers.understanding.reading import Token

CLASSES = {"third": "三年级2班", "fourth": "四年级2班", "junior": "七年级1班"}


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("三(2)班", (3, 2)), ("三年级2班", (3, 2)), ("803班", (8, 3)), ("三2班", (3, 2)), ("2班", (2,)), ("十二班", (12,)),
        ("初一3班", (7, 3)), ("高一(3)班", (10, 3)), ("班上", ()), ("八三班", (8, 3)), ("三十二班", (32,)), ("八十三班", (83,)), ("高三12班", (12, 12)), ("初三", (9,)),
    ],
)  # fmt: skip
def test_a_class_as_numbers(words: str, numbers: tuple[int, ...]) -> None:
    assert class_numbers(words) == numbers


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ("三(2)班张三没来", ("third",)),
        ("张三(四(2)班)没来", ("fourth",)),
        ("初一1班的张三没来", ("junior",)),
        ("1班张三没来", ("junior",)),  # a class alone fits whatever its grade
        ("2班张三没来", ("third", "fourth", "junior")),  # two of them: asked
        ("五(2)班张三没来", ("third", "fourth", "junior")),
        ("张三没来，四(2)班停电", ("third", "fourth", "junior")),
        ("四(2)班停电，张三没来", ("third", "fourth", "junior")),
    ],
)
def test_the_pupil_of_the_class_beside(body: str, meant: tuple[str, ...]) -> None:
    room = next(w for w in ("三(2)班", "四(2)班", "五(2)班", "初一1班", "1班", "2班") if w in body)
    said = [(body.index(room), room, "C", None), (body.index("张三"), "张三", "N", Mention("张三", tuple(CLASSES)))]
    tokens = [Token(kind, at, at + len(words), value) for at, words, kind, value in sorted(said)]
    (pupil,) = (t for t in of_class(body, tokens, CLASSES) if t.kind == "N")
    assert pupil.value.candidates == meant


def test_a_list_shares_the_class_before_it() -> None:
    body = "四(2)班李四、张三没来"
    tokens = [
        Token("C", 0, 5),
        Token("N", 5, 7, Mention("李四", ("only",))),
        Token("N", 8, 10, Mention("张三", ("third", "fourth"))),
    ]
    assert [t.value.candidates for t in of_class(body, tokens, CLASSES)[1:]] == [("only",), ("fourth",)]
