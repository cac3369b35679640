"""Every timeline of ``tests/scenarios``, given and our own, holds by the judge's own comparison."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from bot.replay import ReplayError, play

FOLDER = Path(__file__).parent / "scenarios"
TIMELINES = sorted(FOLDER.rglob("*.jsonl"))


def _judge():
    spec = importlib.util.spec_from_file_location("scenario_check", FOLDER / "check.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", TIMELINES, ids=lambda path: path.stem)
def test_timeline(path: Path) -> None:
    rows = path.read_text(encoding="utf-8").splitlines()
    lines = [json.loads(line) for line in play(rows)]
    wanted = json.loads(path.with_suffix(".expect.json").read_text(encoding="utf-8"))
    assert _judge().compare(json.loads(rows[0]), lines, wanted) == []


def test_there_are_timelines() -> None:
    assert len(TIMELINES) >= 28


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "第1行"),
        (["not json"], "第1行不是 JSON"),
        (
            [
                '{"county": "某县", "pack": "nowhere", "now": "2025-09-08T07:00", "terms": [], "units": [], "people": [], "pupils": []}'
            ],
            "没有规则包",
        ),
    ],
)
def test_a_bad_file_is_refused_in_one_line(rows: list[str], says: str) -> None:
    with pytest.raises(ReplayError, match=says):
        list(play(rows))
