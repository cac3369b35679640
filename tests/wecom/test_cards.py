"""Cards within their limits (README 2.2, 2.3): what is too long is cut, what is wrong is refused before it is sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.checks import check_card, check_menu, too_long
from bot.wecom import cards
from bot.wecom.cards import Button, CardError, Face, Selection

FACE = Face("张三", "第3天", url="https://a.b/c")
YES = Button("好", "yes")


def buttons(count: int) -> list[Button]:
    return [Button(f"第{n}个", f"k{n}") for n in range(count)]


def options(count: int) -> list[tuple[str, str]]:
    return [(f"o{n}", f"第{n}项") for n in range(count)]


GOOD = {
    "one button": lambda: cards.button_interaction("t", FACE, [YES]),
    "six buttons": lambda: cards.button_interaction("t" * 128, FACE, buttons(6)),
    "ten options": lambda: cards.button_interaction("t", FACE, [YES], Selection("q", "结果", options(10), "o9")),
    "a button that opens a page": lambda: cards.button_interaction("t", FACE, [Button("看", url="https://a.b")]),
    "no page behind": lambda: cards.button_interaction("t", Face("张三"), [YES]),
    "notice": lambda: cards.text_notice(FACE),
    "notice with figure and links": lambda: cards.text_notice(FACE, ("3", "件待办"), [("看", "https://a.b")] * 3, "t"),
    "six rows": lambda: cards.text_notice(Face("a", rows=[("班级", "八3")] * 6, url="https://a.b")),
}


@pytest.mark.parametrize("make", GOOD.values(), ids=GOOD.keys())
def test_the_server_takes_them(make) -> None:
    card = make()
    check_card(card, {})
    assert too_long(card) == []


BAD = {
    "no buttons": lambda: cards.button_interaction("t", FACE, []),
    "seven buttons": lambda: cards.button_interaction("t", FACE, buttons(7)),
    "two buttons of one key": lambda: cards.button_interaction("t", FACE, [YES, YES]),
    "a button without text": lambda: cards.button_interaction("t", FACE, [Button(" ", "k")]),
    "a button without key": lambda: cards.button_interaction("t", FACE, [Button("好")]),
    "a key of 1,025 bytes": lambda: cards.button_interaction("t", FACE, [Button("好", "k" * 1025)]),
    "style 5": lambda: cards.button_interaction("t", FACE, [Button("好", "k", style=5)]),
    "no task id": lambda: cards.button_interaction("", FACE, [YES]),
    "a task id with a colon": lambda: cards.button_interaction("a:b", FACE, [YES]),
    "a task id of 129": lambda: cards.button_interaction("t" * 129, FACE, [YES]),
    "no options": lambda: cards.button_interaction("t", FACE, [YES], Selection("q", "结果", [])),
    "eleven options": lambda: cards.button_interaction("t", FACE, [YES], Selection("q", "结果", options(11))),
    "two options of one id": lambda: cards.button_interaction(
        "t", FACE, [YES], Selection("q", "结果", [("a", "1")] * 2)
    ),
    "an option id of 129 bytes": lambda: cards.button_interaction(
        "t", FACE, [YES], Selection("q", "r", [("a" * 129, "1")])
    ),
    "a choice that is no option": lambda: cards.button_interaction(
        "t", FACE, [YES], Selection("q", "r", options(2), "x")
    ),
    "a notice without page": lambda: cards.text_notice(Face("张三")),
    "a notice without words": lambda: cards.text_notice(Face("", url="https://a.b")),
    "four links": lambda: cards.text_notice(FACE, links=[("看", "https://a.b")] * 4),
    "seven rows": lambda: cards.text_notice(Face("a", rows=[("班级", "八3")] * 7, url="https://a.b")),
    "a row without name": lambda: cards.text_notice(Face("a", rows=[("", "八3")], url="https://a.b")),
    "an address without protocol": lambda: cards.text_notice(Face("a", url="/m/todo")),
    "an address of a script": lambda: cards.text_notice(Face("a", url="javascript:alert(1)")),
    "an empty text": lambda: cards.text_message(["wang"], " "),
    "nobody": lambda: cards.text_message([], "你好"),
    "1,001 receivers": lambda: cards.text_message(["w"] * 1001, "你好"),
    "a name instead of names": lambda: cards.text_message("wang", "你好"),
    "four menu buttons": lambda: cards.menu([("a", "k")] * 4),
    "six sub-buttons": lambda: cards.menu([("a", [("b", "k")] * 6)]),
    "a menu name of 18 bytes": lambda: cards.menu([("控辍保学提醒", "k")]),
    "a menu key of 129 bytes": lambda: cards.menu([("a", "k" * 129)]),
    "an empty menu": lambda: cards.menu([]),
}


@pytest.mark.parametrize("make", BAD.values(), ids=BAD.keys())
def test_wrong_ones_are_never_sent(make) -> None:
    with pytest.raises(CardError):
        make()


words = st.text(min_size=1, max_size=400).filter(lambda text: text.strip() and any(c.isalnum() for c in text))


@given(words, words, words, words, words)
def test_any_words_fit(title: str, desc: str, body: str, name: str, button: str) -> None:
    face = Face(title, desc, body, [(name, desc)], "https://a.b/c", title)
    card = cards.button_interaction("t", face, [Button(button, "k")], Selection("q", title, [("a", name)]))
    assert too_long(card) == []
    check_card(card, {})


def test_what_is_cut_shows_it() -> None:
    card = cards.button_interaction("t", Face("控" * 40), [YES])
    assert card["main_title"]["title"] == "控" * 35 + "…"


def test_everything_that_may_be_long_is_cut() -> None:
    long = "控" * 500
    face = Face(long, long, long, [(long, long)], "https://a.b/c", long)
    card = cards.button_interaction("t", face, [Button(long, "k")], Selection("q", long, [("a", long)]), long)
    assert too_long(card) == []
    assert len(card["button_selection"]["option_list"][0]["text"]) == 10
    assert too_long(cards.text_notice(face, (long, long), [(long, "https://a.b")])) == []


def test_a_text_is_cut_to_2048_bytes() -> None:
    assert len(cards.text_message(["wang"], "控" * 900)["text"]["content"].encode()) <= 2048


def test_the_menu_is_taken() -> None:
    menu = cards.menu([("上报", [("缺勤", "absence"), ("网页", "https://a.b/m/")]), ("帮助", "help")])
    assert len(check_menu(menu)) == 2
