"""One look tells whether a message is any short command: never no where a form says yes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import commands
from handlers.command import any_of, one_of
from tests.docs.places import COMMANDS

CORPUS = Path(__file__).parent.parent / "corpus"
FORMS = [form for row in commands.COMMANDS for form in row.forms]
ANY = any_of(FORMS)


def test_it_says_of_what_people_write_what_the_forms_say():
    patterns = [re.compile(form) for form in FORMS]
    lines = (line for file in sorted(CORPUS.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines())
    texts = [json.loads(line)["text"] for line in lines][::7]
    for text in [*COMMANDS, *texts]:
        assert bool(ANY.fullmatch(text)) == any(pattern.fullmatch(text) for pattern in patterns), text


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(FORMS).flatmap(lambda form: st.from_regex(form, fullmatch=True)))
def test_it_knows_whatever_a_form_can_match(text: str):
    assert ANY.fullmatch(text)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("(?:请|帮我)*名单", "请名单"),
        ("(?:请|帮我)*名单", "名单"),
        ("(?!名单$)[名花]单?(?:册|子)+", "名册"),
        ("(?=查)(?:查|看){1,2}", "查看"),
        (r"\(?(?P<n>\d{0,2})\)?(?:、|号)", "、"),
        ("(?:(?:一|二)?(?:班|组))?学生", "班学生"),
        ("(?s)记.+", "记\n家长"),
        ("甲|乙(?:丙|)|丁?", "丁"),
        ("甲|乙(?:丙|)|丁?", ""),
        ("[^,]看", "查看"),
        ("^查$", "查"),
    ],
)
def test_whatever_a_form_begins_with(form: str, text: str):
    """Beside another form, so that the first character is looked at."""
    look = any_of((form, "催办?", ".看"))
    assert look.fullmatch(text)
    assert not look.fullmatch("张三今天没来")


@pytest.mark.parametrize("text", ["家访", "家访表", "（附）表", "C-1"])
def test_one_of_several_words(text: str):
    words = ("家访", "家访表", "（附）表", "C-1")
    assert re.fullmatch(rf"{one_of(words)}x?", text)
    assert re.match(one_of(words), f"{text}张三")[0] == text  # the longest
    assert not re.fullmatch(one_of(words), "家")
