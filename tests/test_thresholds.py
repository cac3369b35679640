"""A county's own numbers, given by a file with the day from which they hold, over cases that run across that day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from bot.cli import cli
from bot.commands.replay import play
from casework.duties import assess
from tests.casework.stage import PUPIL, at, fact, world

OWN = {
    "pack": "本县",
    "documents": {"县文件": {"title": "县文件", "from": "2025-09-15"}},
    "rules": {"outside_report": [{"school_day": 3, "clause": "BX-1", "article": "一", "quote": "三日"}]},
}
STAGE = {
    "county": "某县", "pack": "longchuan", "now": "2025-09-05T07:00", "terms": [["2025-09-01", "2026-01-30"]],
    "overrides": OWN,
    "units": [
        {"id": "z", "kind": "township", "name": "城关镇"}, {"id": "v", "kind": "village", "name": "东坡村", "in": "z"},
        {"id": "s", "kind": "school", "name": "城关中学", "stage": "junior", "in": "z"},
        {"id": "c", "kind": "class", "name": "八年级1班", "in": "s"},
    ],
    "people": [
        {"id": "wang", "name": "王老师", "role": "teacher", "unit": "c"},
        {"id": "li", "name": "李主任", "role": "school", "unit": "s"},
    ],
    "pupils": [{"name": name, "class": "c", "village": "v"} for name in ("张三", "李四", "王五")],
}  # fmt: skip


@pytest.mark.clause("LC-9", "LC-17")
def test_cases_running_over_the_change_are_right_on_both_sides() -> None:
    """Day 5 until 14 September, day 3 from the 15th: a threshold holds from the first day whose count reaches it."""
    started = {"张三": "2025-09-05", "李四": "2025-09-11", "王五": "2025-09-15"}
    said = [
        {"at": f"{day}T08:00", "from": "wang", "action": {"action": "absence", "students": [name]}}
        for name, day in started.items()
    ]
    rows = [STAGE, *said, {"at": "2025-09-18T09:00"}]
    lines = [json.loads(line) for line in play([json.dumps(row, ensure_ascii=False) for row in rows])]
    told = {x["pupil"]: (x["due"], x["clause"]) for x in lines if x["type"] == "duty" and x["rule"] == "outside_report"}
    assert told == {
        "张三": ("2025-09-11", "LC-17"),
        "李四": ("2025-09-15", "BX-1"),
        "王五": ("2025-09-17", "BX-1"),
    }
    late = {x["pupil"]: x["at"][:10] for x in lines if x["type"] == "overdue" and x["rule"] == "outside_report"}
    assert late == {"张三": "2025-09-12", "李四": "2025-09-16", "王五": "2025-09-18"}


@pytest.mark.parametrize(("day", "days", "clause"), [("2025-09-14", 5, "LC-17"), ("2025-09-15", 3, "BX-1")])
def test_policy_show_says_what_holds_on_each_side(tmp_path: Path, day: str, days: int, clause: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(yaml.safe_dump(OWN, allow_unicode=True), encoding="utf-8")
    shown = CliRunner().invoke(cli, ["policy", "show", "longchuan", "--on", day, "--overrides", str(own)])
    assert shown.exit_code == 0, shown.output
    row = next(line for line in shown.output.splitlines() if "outside_report" in line)
    assert f"缺勤第{days}个上学日" in row
    assert clause in row


def _own(rule: str, **values: object) -> dict[str, object]:
    version = {**values, "clause": "BX-2", "article": "二", "quote": "本县规定"}
    return {"pack": "本县", "documents": OWN["documents"], "rules": {rule: [version]}}


# Absent from Wednesday 10 September 2025; a number of the county's own holds from Monday the 15th, the fourth day.
@pytest.mark.parametrize(
    ("rule", "values", "due", "clause"),
    [
        ("absence_visit", {"school_day": 3}, "2025-09-11", "N"),  # reached before the change
        ("persuasion_record", {"school_day": 4}, "2025-09-15", "BX-2"),  # reached on the first day of the new number
        ("persuasion_record", {"school_day": 2}, "2025-09-15", "BX-2"),  # passed already: due when it begins to hold
        ("notice", {"school_day": 10}, "2025-09-23", "BX-2"),  # put off
        ("notice", {"school_day": 8, "attempts": 1}, "2025-09-12", "BX-2"),  # by the contact of the 12th
        ("joint_persuasion", {"no_duty": True}, None, None),  # not asked for any more on the fifth day
        ("absence_plan", {"school_day": 4}, "2025-09-15", "BX-2"),  # not asked for before
        ("persist", {"school_day": 4, "calendar_days": 3}, "2025-09-15", "BX-2"),
        ("leave_visit", {"calendar_day": 3}, None, None),
    ],
)
def test_each_number_holds_from_its_day(rule: str, values: dict[str, object], due: str | None, clause: str | None, tmp_path: Path) -> None:  # fmt: skip
    own = tmp_path / "own.yaml"
    own.write_text(yaml.safe_dump(_own(rule, **values), allow_unicode=True), encoding="utf-8")
    facts = [fact("absence", "9-10 8:00"), fact("contact", "9-12 9:00", outcome="refused")]
    found = assess(PUPIL, facts, world(overrides=own), at("9-12 10:00")).duties
    assert [(d.due.isoformat(), d.clause) for d in found if d.rule == rule] == ([(due, clause)] if due else [])


def test_ledger_and_days_of_a_month_follow_the_change_too(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(yaml.safe_dump(_own("suspected_review", school_day=5), allow_unicode=True), encoding="utf-8")
    before, after = (fact("absence", day) for day in ("9-10 8:00", "9-11 8:00"))
    at_noon = at("9-16 13:00")
    states = [assess(PUPIL, [each], world(overrides=own), at_noon).case for each in (before, after)]
    assert [(case.state, case.day) for case in states] == [("suspected", 5), ("absent", 4)]
