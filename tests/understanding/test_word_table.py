"""A table of words finds what the plain alternation finds, wherever it looks first."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.understanding.word_table import Tables, any_of

TABLES = [
    ("没来", "没(?:到|有)", "缺勤"),
    ("(?<=张)三", "(?:又)?旷课", "[一二]天"),
    ("没", "没来"),  # of two at one place the first, also where the second is longer
    ("^张", "(?:三|四)?来", "没来$"),
    ("[^张]三", "张四"),  # begins with anything but one character
    ("来?", "没"),  # may be empty
    (r"\d天", "[3-5]号", "(?!没)来"),
    ("张(?P<who>三|四)|没", "来"),
    ("-来", "[来-]"),
    ("天$", "", "没"),
    ("没*来", "没{0,1}到", "三?四"),
]


@pytest.mark.parametrize("words", TABLES)
@given(text=st.text("张三四没来有到缺勤旷课一二天号35-^]又", max_size=12))
def test_what_is_found_is_what_the_plain_alternation_finds(words: tuple[str, ...], text: str) -> None:
    plain = [(m.span(), m.groupdict()) for m in re.finditer("|".join(words), text)]
    assert [(m.span(), m.groupdict()) for m in any_of(*words).finditer(text)] == plain


def test_a_place_is_looked_at_before_the_words_are_tried() -> None:
    assert any_of("没来", "缺勤").pattern == "(?=[没缺])(?:没来|缺勤)"
    assert any_of("没来", "[^张]三", "缺勤").pattern == "(?=[没])(?:没来)|[^张]三|(?=[缺])(?:缺勤)"


@given(text=st.text("张三四没来有到缺勤旷课一二天号35-^]又", max_size=12))
def test_of_several_tables_each_that_has_a_word_in_the_text_is_searched(text: str) -> None:
    tables = Tables((str(at), any_of(*words)) for at, words in enumerate(TABLES))
    having = [name for name, table in tables if table.search(text)]
    assert set(having) <= {name for name, _ in tables.of(text)}


def test_a_table_none_of_whose_words_can_begin_in_the_text_is_not_searched() -> None:
    tables = Tables(
        {"missed": any_of("没来", "缺勤"), "any": any_of("[^张]三"), "back": any_of("(?<=张三)回校")}.items()
    )
    assert [name for name, _ in tables.of("张三没到")] == ["missed", "any"]
    assert [name for name, _ in tables.of("校来回")] == ["any", "back"]
    later = Tables([("later", any_of("校门"))])  # made after the text was looked at
    assert [name for name, _ in later.of("校来回")] == ["later"]
