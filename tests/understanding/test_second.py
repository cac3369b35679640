"""The second reader: what no word table holds, read by its weight; and what it must leave alone."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.understanding.actions import GUESSED, Action
from handlers.understanding.names import ListIndex
from handlers.understanding.parse import understand
from tests.understanding import learn

NOW = dt.datetime(2026, 3, 18, 8, 5)  # a Wednesday
ROSTER = ListIndex(["张三", "李四", "王五"])


def _read(text: str, role: str = "teacher") -> list[Action]:
    return understand(text, role, NOW, ROSTER)


@pytest.mark.parametrize(
    ("role", "text", "action", "slots"),
    [
        ("teacher", "张三前天下午已经坐在课堂里了", "return", {"date": "2026-03-16"}),
        ("county", "张三学籍3月5日已转都匀，原因是父母在都匀务工", "transfer_out", {"date": "2026-03-05"}),
        ("teacher", "手里还压着哪些活 报一下", "todo", {}),
        ("village", "我这个号是社区的还是街道的呀", "whoami", {}),
        ("township", "我们村还有哪几个要去劝的念给我听", "list", {"which": "pending"}),
        ("township", "刚才在张三家，他爸签了保证书，3月23日送到校", "visit", {"outcome": "agreed"}),
    ],
)
def test_what_the_rules_have_no_word_for_is_weighed_and_marked_so(role, text, action, slots):
    (read,) = _read(text, role)
    assert read.action == action
    assert slots.items() <= read.slots.items()
    assert read.slots[GUESSED] is True
    assert GUESSED not in read.as_json()
    assert text[slice(*read.spans["action"])]


@pytest.mark.parametrize(
    "text",
    [
        "张三妈妈不同意她住校",  # heard by the rules, and of another matter
        "张三昨天来了没有",  # a question
        "听说张三要去广东",  # hearsay
        "都在",  # too little
        "张三还是李四没来",  # which of them stays a question
        "张三的饭卡没来",
    ],
)
def test_what_the_rules_had_a_reason_to_ask_about_stays_a_question(text):
    assert {a.action for a in _read(text)} <= {"clarify", "unknown", "case"}


def test_a_report_is_handed_in_only_by_words_that_the_rules_know():
    assert not any(a.slots.get("step") == "submit" and GUESSED in a.slots for a in _read("月报就这么送上去得了"))


def test_every_meaning_of_the_corpora_is_one_that_can_be_drafted():
    entries = [{"expect": {"actions": [{"action": "visit", "outcome": "ill"}, {"action": "clarify"}]}}]
    assert [sorted(learn.meanings(entry)) for entry in entries] == [["nothing", "visit:ill"]]
