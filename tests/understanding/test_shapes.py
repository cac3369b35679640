"""What is kept of a shape: warm or cold the same is understood, of the right pupil, and nobody's name is in it."""

from __future__ import annotations

import datetime as dt
import functools
import gc
import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.understanding import shapes
from handlers.understanding.actions import Action, Mention
from handlers.understanding.dates import DAY, day_of
from handlers.understanding.names import ListIndex
from handlers.understanding.parse import line_and_text, understand
from handlers.understanding.shapes import Shape, shape_of
from handlers.understanding.text import Text

NOW = dt.datetime(2025, 3, 12, 8, 5)  # a Wednesday
CORPUS = Path(__file__).parent.parent / "corpus"
CORPORA = sorted(path.stem for path in CORPUS.glob("*.jsonl"))
DAILY = (
    "{a} 缺勤 感冒", "{a}今天没来", "{a}请病假3天", "家访{a}，家长同意下周一返校", "给{a}妈妈打电话没人接", "{a}、{b}今天都没来",
    "{a}没来，{b}请事假两天", "{a}说{b}没来", "{a}返校了，{b}还没来", "{a}昨天没来，今天{b}没来", "查 {a}", "{a}的提醒明天再说",
    "不是{a}没来，是{b}没来", "{a}没来，{a}发烧了", "今天全勤", "确认{a}辍学", "{a}第3天没来了",
)  # fmt: skip
PUPILS = ("覃燕婷", "骆嘉欣", "邓宝珊", "莫小雨", "吉克阿呷", "阿依古丽·买买提")


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    shapes.forget()
    yield
    shapes.forget()


def entries(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def read(entry: dict[str, Any]) -> list[Action]:
    now = dt.datetime.fromisoformat(entry["now"]).replace(tzinfo=None)
    roster = tuple(str(name) for name in entry.get("roster") or ())
    return understand(entry["text"], str(entry.get("role", "")), now, _index(roster))


@functools.lru_cache(maxsize=64)
def _index(roster: tuple[str, ...]) -> ListIndex:
    return ListIndex(list(roster))


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name == "dev" else pytest.mark.broad) for name in CORPORA]
)
def test_a_corpus_is_understood_alike_warm_and_cold(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its own words alone, then after other lines, then once more. Every third line, ``make soak`` tries all of them."""
    told = entries(name)[:: 1 if name == "dev" or os.environ.get("KONGCHUO_TEST_ALL") else 3]
    with monkeypatch.context() as patch:
        patch.setattr("handlers.understanding.parse.shape_of", lambda line: None)
        plain = [read(entry) for entry in told]
    assert [(read(entry), read(entry)) for entry in told] == [(once, once) for once in plain]
    found, _ = shapes.found_and_not()
    assert found > len(told) // 3, "most of what is daily was kept"


@given(st.sampled_from(DAILY), st.permutations(PUPILS), st.permutations(PUPILS))
@settings(max_examples=300, deadline=None)
def test_what_is_kept_is_told_of_whoever_is_named_now(frame: str, first: list[str], then: list[str]) -> None:
    index = ListIndex(list(PUPILS))
    one, other = (understand(frame.format(a=a, b=b), "teacher", NOW, index) for a, b, *_ in (first, then))
    name = dict(zip(first[:2], then[:2], strict=True))
    assert [[name[m.name] for m in a.students] for a in one] == [[m.name for m in a.students] for a in other]
    assert [(a.action, a.slots) for a in one] == [(a.action, a.slots) for a in other]
    text = frame.format(a=then[0], b=then[1])
    assert all(text[slice(*m.span)] == m.name for a in other for m in a.students), "where the name stands in this text"


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("覃燕婷没来，覃燕婷发烧了", "覃燕婷没来，骆嘉欣发烧了"),  # one pupil twice, and two
        ("骆嘉欣今天没来", "骆佳欣今天没来"),  # sure, and by its sound alone
        ("覃燕婷昨天没来", "覃燕婷前天没来"),
        ("覃燕婷请假3天", "覃燕婷请假5天"),
        ("覃燕婷旷课", "覃燕芳旷课"),  # a pupil, and nobody
    ],
)
def test_what_tells_two_lines_apart_is_in_their_shapes(text: str, other: str) -> None:
    index = ListIndex(list(PUPILS))
    cold = [a.as_json() for a in understand(other, "teacher", NOW, index)]
    shapes.forget()
    understand(text, "teacher", NOW, index)
    assert [a.as_json() for a in understand(other, "teacher", NOW, index)] == cold
    one, two = (line_and_text(each, index, None)[0] for each in (text, other))
    assert one.text == two.text
    assert [t.value for t in one.tokens.values()] != [t.value for t in two.tokens.values()]


def test_two_of_one_name_are_asked_about_though_the_shape_is_kept() -> None:
    understand("覃燕婷今天没来", "teacher", NOW, ListIndex(["覃燕婷"]))
    assert [a.action for a in understand("覃燕婷今天没来", "teacher", NOW, ListIndex(["覃燕婷", "覃燕婷"]))] == [
        "clarify"
    ]


def test_of_today_and_by_whom() -> None:
    index = ListIndex(["覃燕婷"])
    days = [NOW, NOW + dt.timedelta(days=1)]
    assert [understand("覃燕婷今天没来", "teacher", day, index)[0].slots["date"] for day in days] == [
        "2025-03-12",
        "2025-03-13",
    ]
    said = [understand("覃燕婷家长同意返校", role, NOW, index)[0].action for role in ("teacher", "village", "teacher")]
    assert said == ["contact", "visit", "contact"]


def test_what_one_caller_does_to_its_actions_no_other_sees() -> None:
    index = ListIndex(["覃燕婷"])
    first = understand("覃燕婷 缺勤 感冒", "teacher", NOW, index)
    first[0].slots["reason"] = "?"
    first[0].spans.clear()
    again = understand("覃燕婷 缺勤 感冒", "teacher", NOW, index)
    assert again[0].slots["reason"] == "感冒"
    assert again[0].spans


def test_nothing_of_a_name_is_kept() -> None:
    """Whatever the messages of a talk hold: names of pupils, of nobody, of parents and colleagues, numbers, ids."""
    index = ListIndex([*PUPILS, "张三"], colleagues=["李建国"])
    said = [frame.format(a=a, b=b) for frame in DAILY for a, b in itertools.pairwise(PUPILS)]
    said += [
        "覃燕芳今天没来", "张三没来，他妈王秀英说不来了", "张三没来，李建国去家访", "张三家长电话13800000001没人接", "张三没来，打了13800000001",
        "补报一名失学儿童叫韦小花，8岁", "张三的叔叔农大山说不让读", "周阿婆说张三没来", "张三转给李建国跟进", "张三身份证450102201001011234",
    ]  # fmt: skip
    for text in said:
        understand(text, "teacher", NOW, index)
    kept = all_kept()
    assert len([one for one in kept if isinstance(one, Shape)]) > len(DAILY) // 2
    hidden = [*PUPILS, "张三", "覃燕芳", "王秀英", "李建国", "韦小花", "农大山", "13800000001", "450102201001011234"]
    texts = [one for one in kept if isinstance(one, str)]
    assert [(name, text) for name in hidden for text in texts if name in text] == []
    assert not any(isinstance(one, Action | ListIndex | Text) for one in kept)
    assert {m.name for m in kept if isinstance(m, Mention)} <= {""}


def all_kept() -> list[object]:
    """Whatever can be reached from the cache: its keys and its values, and all that they hold."""
    seen: dict[int, object] = {}
    waiting = [one for one in gc.get_referents(shapes._told) if not callable(one) and not isinstance(one, ModuleType)]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or callable(one) or isinstance(one, ModuleType):
            continue
        seen[id(one)] = one
        waiting += gc.get_referents(one)
    return list(seen.values())


@pytest.mark.parametrize(
    "text",
    ["张三国庆后返校", "补报一名失学儿童叫韦小花，8岁", "张三转给李老师跟进", "张三没来，他妈王秀英说不来了", "张三没来。" * 20],
)  # fmt: skip
def test_what_needs_more_than_its_shape_has_none(text: str) -> None:
    assert shape_of(line_and_text(text, ListIndex(["张三"]), None)[0]) is None


def test_what_is_kept_cannot_be_changed() -> None:
    for entry in entries("dev"):
        read(entry)
    said = [one for one in all_kept() if isinstance(one, shapes._Said)]
    assert len({*said}) > 50, "nothing but words, numbers and tuples, which have a hash"


@pytest.mark.parametrize(
    "words",
    ["今天", "3月10日", "10号", "周一", "上周三", "上个月5号", "月底", "3天前", "2025-03-10", "去年3月1日", "3.10"],
)
def test_days_that_are_named_alike_are_equal(words: str) -> None:
    one, other = (day_of(match) for match in (DAY.match(words), DAY.match(words)) if match)
    assert one == other
    assert hash(one) == hash(other)
    assert Shape("D", ((0, "D", one),)) == Shape("D", ((0, "D", other),))
