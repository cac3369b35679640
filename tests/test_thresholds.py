"""A county's own numbers, given by a file with the day from which they hold, over cases that run across that day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from bot.cli import cli
from bot.replay import play

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
