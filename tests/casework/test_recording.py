"""What an understood action becomes: facts, or the question that must be asked first."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from casework.case import Case
from casework.duties import assess
from casework.facts import Fact, Kind
from casework.people import Pupil
from handlers.hand import Hand, Question, Recorded
from handlers.matter import Matter
from handlers.recording import record, undo
from tests.casework.stage import PUPIL, ROLES, at, fact, world

WORLD = world()


def told(
    when: str, action: str, by: str = "wang", known: list[Fact] | None = None, ask: bool = False, **slots: Any
) -> Recorded | Question:
    numbers = itertools.count(1)
    hand = Hand(by, ROLES[by], at(when), WORLD.calendar.county, lambda: f"n{next(numbers)}", "m1", unattended=not ask)
    case = assess(PUPIL, known or [], WORLD, at(when)).case if known else Case(PUPIL.id)
    answers = slots.pop("answers", {})
    return record(action, Matter(hand, slots, PUPIL, case, known or [], answers))


def facts(result: Recorded | Question) -> list[tuple[str, str, dict[str, Any]]]:
    assert isinstance(result, Recorded)
    return [(f.kind.value, f"{f.on.month}-{f.on.day}", dict(f.data)) for f in result.facts]


@pytest.mark.parametrize(
    ("when", "slots", "wanted"),
    [
        ("9-10 8:05", {}, [("absence", "9-10", {})]),
        ("9-10 8:05", {"day": 3}, [("absence", "9-10", {"start": "2025-09-08"})]),
        ("9-10 8:05", {"days": 3}, [("absence", "9-10", {"start": "2025-09-08"})]),
        ("9-13 8:05", {"days": 3}, [("absence", "9-12", {"start": "2025-09-10"})]),
        ("9-10 8:05", {"from": "2025-09-05"}, [("absence", "9-10", {"start": "2025-09-05"})]),
        ("9-10 8:05", {"date": "2025-09-09"}, [("absence", "9-9", {})]),
        ("10-9 8:05", {"day": 3}, [("absence", "10-9", {"start": "2025-09-29"})]),
        ("9-13 8:05", {}, []),  # a Saturday
        ("10-3 8:05", {}, []),  # a holiday
        ("9-10 8:05", {"date": "2025-10-02"}, None),
    ],
)
def test_absence(when: str, slots: dict[str, Any], wanted: list[Any] | None) -> None:
    result = told(when, "absence", **slots)
    if wanted is None:
        assert isinstance(result, Question)
    else:
        assert facts(result) == wanted


@pytest.mark.parametrize(
    ("slots", "to"),
    [
        ({}, "2025-09-10"),
        ({"days": 3}, "2025-09-12"),
        ({"to": "2025-09-20"}, "2025-09-20"),
        ({"days": 10}, "2025-09-19"),
    ],
)
def test_leave_in_calendar_days(slots: dict[str, Any], to: str) -> None:
    assert facts(told("9-10 8:05", "leave", kind="sick", **slots)) == [("leave", "9-10", {"kind": "sick", "to": to})]


@pytest.mark.parametrize(
    ("by", "kinds"),
    [("wang", ["visit", "return"]), ("li", ["visit", "return"]), ("cun", ["visit"]), ("zhen", ["visit"])],
)
def test_brought_back_is_a_return_from_school_staff_only(by: str, kinds: list[str]) -> None:
    assert [k for k, _, _ in facts(told("9-10 8:05", "visit", by, outcome="returned"))] == kinds


@pytest.mark.parametrize(
    ("by", "kind"),
    [("wang", "proposed"), ("km", "proposed"), ("cun", "proposed"), ("zhen", "proposed"), ("li", "dropout"),
     ("xz", "dropout"), ("xian", "dropout")],
)  # fmt: skip
def test_who_confirms_a_dropout(by: str, kind: str) -> None:
    assert [k for k, _, _ in facts(told("9-10 8:05", "dropout", by, reason="外出打工"))] == [kind]


@pytest.mark.parametrize(
    ("words", "code"),
    [("失踪失联", "missing"), ("因病无法到校", "illness"), ("外出打工", "work"), ("户籍信息错误", "wrong_record"),
     ("死亡", "death"), ("出境", "abroad"), ("重度残疾", "disability"), ("家庭困难", "poverty"), ("厌学", "study")],
)  # fmt: skip
def test_a_reason_in_words_is_its_code(words: str, code: str) -> None:
    assert facts(told("9-10 8:05", "dropout", "li", reason=words))[0][2]["reason_code"] == code


def test_a_day_that_differs_is_asked_about_and_corrects() -> None:
    known = [fact("absence", "9-8 8:00")]
    asked = told("9-10 8:05", "absence", known=known, ask=True, day=2)
    assert isinstance(asked, Question)
    assert asked.kind == "day_differs"
    said, kept = asked.options
    chosen = facts(told("9-10 8:05", "absence", known=known, ask=True, day=2, answers=said.answers))
    assert chosen == [("absence", "9-10", {"start": "2025-09-09"})]
    stays = facts(told("9-10 8:05", "absence", known=known, ask=True, day=2, answers=kept.answers))
    assert stays == [("absence", "9-10", {})]
    assert isinstance(told("9-10 8:05", "absence", known=known, ask=True, day=3), Recorded)


@pytest.mark.parametrize("action", ["dropout", "transfer_out", "suspend", "defer"])
def test_serious_records_are_confirmed_first(action: str) -> None:
    assert isinstance(told("9-10 8:05", action, "li", ask=True, reason="外出打工"), Question)
    assert isinstance(told("9-10 8:05", action, "li", reason="外出打工"), Recorded)


def test_undo_takes_back_what_one_message_said() -> None:
    hand = Hand("wang", "teacher", at("9-10 8:06"), WORLD.calendar.county, lambda: "v", "m2")
    known = [fact("visit", "9-10 8:05"), fact("return", "9-10 8:05")]
    (void,) = undo(hand, known).facts
    assert (void.kind, void.pupil, void.data["facts"]) == (Kind.VOID, PUPIL.id, [f.id for f in known])


def test_a_found_child_has_no_class_yet() -> None:
    child = Pupil("n", "陈小花", None, "v")
    found = fact("found", "9-10 9:00", by="cun", name="陈小花")
    assessed = assess(child, [found], WORLD, at("9-10 9:00"))
    assert [(d.rule, d.who) for d in assessed.duties] == [("found_check", ("zhen",))]
    assert assessed.case.state == "left"
