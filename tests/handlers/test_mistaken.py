"""A text that calls one child's own record wrong takes back no other child's (a sixth reading of a played term)."""

from __future__ import annotations

import datetime as dt

import pytest

from casework.facts import Kind, voided_of
from casework.scope import Scope
from handlers.mistaken import of_itself
from tests.support.talk import Stage

MORNING = dt.datetime(2025, 9, 10, 8, 5)
KINDS = "请假|病假|事假|缺勤|旷课|返校"


@pytest.fixture
def stage() -> Stage:
    return Stage("longchuan", MORNING)


def stands(stage: Stage, name: str) -> list[str]:
    """The kinds of record that stand of a child, in the order of their writing."""
    with stage.store.look(stage.now) as work:
        (entry,) = work.people.names(Scope(everything=True)).exact([name])[name]
        facts = work.cases.facts(entry.id)
    gone = voided_of(facts)
    return [str(f.kind) for f in sorted(facts, key=lambda f: f.at) if f.id not in gone and f.kind is not Kind.VOID]


@pytest.mark.parametrize(
    "words", ["李四那条旷课是误报，他请了病假", "更正：李四是病假不是旷课", "更正：李四不是旷课，是病假", "李四今天的旷课记错了，他请了病假"]
)  # fmt: skip
def test_the_last_record_of_another_child_stands(stage: Stage, words: str) -> None:
    stage.say("李主任", "张三请病假3天")
    said = stage.say("李主任", words)
    assert "张三" not in said
    assert stands(stage, "张三") == ["leave"]
    assert stands(stage, "李四") == ["leave"]


@pytest.mark.parametrize(
    "words", ["李四那条旷课是误报，他请了病假", "更正：李四是病假不是旷课", "更正：李四不是旷课，是病假"]
)
def test_the_childs_own_is_taken_back_whatever_was_written_after_it(stage: Stage, words: str) -> None:
    stage.say("李主任", "李四 缺勤")
    stage.say("李主任", "张三请病假3天")
    assert "李四 今天9月10日（周三）缺勤" in stage.say("李主任", words)
    assert stands(stage, "张三") == ["leave"]
    assert stands(stage, "李四") == ["leave"]


def test_who_it_was_not_is_taken_back_and_nobody_else(stage: Stage) -> None:
    stage.say("李主任", "王五 缺勤")
    stage.say("李主任", "张三请病假3天")
    said = stage.say("李主任", "刚才报错了，是李四没来不是王五")
    assert "王五 今天9月10日（周三）缺勤" in said
    assert [stands(stage, name) for name in ("张三", "李四", "王五")] == [["leave"], ["absence"], []]
    said = stage.say("李主任", "刚才报错了，是罗翠翠没来不是吴玉兰")
    assert "已撤销" not in said, "of whom nothing is written, nothing is taken back"
    assert [stands(stage, name) for name in ("张三", "李四", "罗翠翠")] == [["leave"], ["absence"], ["absence"]]


def test_whose_record_was_told_wrong_is_taken_back(stage: Stage) -> None:
    stage.say("李主任", "李四 缺勤")
    stage.say("李主任", "张三请病假3天")
    stage.say("李主任", "李四说错了，是李四请假")
    assert [stands(stage, name) for name in ("张三", "李四")] == [["leave"], ["leave"]]


def test_who_it_really_was_still_takes_the_last_record_over(stage: Stage) -> None:
    stage.say("李主任", "张三请病假3天")
    stage.say("李主任", "说错了，是李四病假")
    assert (stands(stage, "张三"), stands(stage, "李四")) == ([], ["leave"])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("李四那条旷课是误报", ("李四", "旷课")),
        ("李四的缺勤报错了", ("李四", "缺勤")),
        ("李四是病假不是旷课", ("李四", "旷课")),
        ("李四不算旷课", ("李四", "旷课")),
        ("李四说错了，是李四请假", ("李四", "")),
        ("李四那条是误报", ("李四", "")),
        ("说错了，是李四缺勤", None),
        ("不是李四，是张三请假", None),
        ("李四缺勤，张三不是", None),
        ("李四 缺勤", None),
    ],
)
def test_what_a_text_calls_wrong(words: str, found: tuple[str, str] | None) -> None:
    assert of_itself(words, ["李四", "张三"], KINDS) == found
    assert of_itself(words, [], KINDS) is None


def test_a_photo_stays_with_the_record_that_was_corrected(stage: Stage) -> None:
    stage.say("王老师", "家访 张三 没人在家")
    stage.say("王老师", "", "image", "m1")
    assert "已撤销" in stage.say("王老师", "改 家长同意明天返校")
    with stage.store.look(stage.now) as work:
        (entry,) = work.people.names(Scope(everything=True)).exact(["张三"])["张三"]
        (piece,) = work.evidence.of_pupil(entry.id)
        facts = work.cases.facts(entry.id)
    (visit,) = [f for f in facts if f.kind is Kind.VISIT and f.id not in voided_of(facts)]
    assert (visit.data["outcome"], piece.fact) == ("agreed", visit.id)
