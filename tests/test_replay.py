"""Every timeline of ``tests/scenarios``, given and our own, holds by the judge's own comparison."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import os
from pathlib import Path

import pytest

from bot.commands import replay
from bot.commands.replay import ReplayError, play
from casework.policy import Policy
from tests.support.stores import bring_tables, in_memory

FOLDER = Path(__file__).parent / "scenarios"
TIMELINES = sorted(FOLDER.rglob("*.jsonl"))


def _judge():
    spec = importlib.util.spec_from_file_location("scenario_check", FOLDER / "check.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _is_long(path: Path) -> bool:
    """Longer than a month; the rules alone are judged by all of them (tests/casework)."""
    rows = path.read_text(encoding="utf-8").splitlines()
    first, last = (json.loads(row) for row in (rows[0], rows[-1]))
    return dt.datetime.fromisoformat(last["at"]) - dt.datetime.fromisoformat(first["now"]) > dt.timedelta(days=30)


def _is_quiet(path: Path) -> bool:
    """Expects no message: what it does expect is judged by the rules alone as well (tests/casework)."""
    wanted = json.loads(path.with_suffix(".expect.json").read_text(encoding="utf-8"))
    said = wanted.get("messages") or any(each.get("type") in ("message", "reply") for each in wanted.get("not", ()))
    return path.parent.name != "chat" and not said


LONG = [path for path in TIMELINES if _is_long(path)]
OURS = [path for path in TIMELINES if path.parent != FOLDER]
EVERY = bool(os.environ.get("KONGCHUO_TEST_ALL"))
SPARED = {path for path in OURS if path in LONG or _is_quiet(path)}
SEVERAL = [
    (3, [path for path in OURS if path in LONG]),
    (3, [path for path in OURS if _is_quiet(path)]),
    (2, [path for path in OURS if path not in SPARED]),
]
LEFT_OUT = set() if EVERY else {path for each, paths in SEVERAL for n, path in enumerate(paths) if n % each}
"""Of our own timelines a third of those that are long or expect no message, and half of the others, are played whole each
time; ``make soak`` plays all, and the rules alone are judged by all of them in every run (tests/casework)."""


@pytest.fixture(autouse=True)
def _tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of databases are made here: each gets a copy of the migrated tables, and the words of its statements."""
    monkeypatch.setattr(replay, "build_engine", lambda _: in_memory())
    monkeypatch.setattr(replay, "migrate", bring_tables)


def _timeline(path: Path):
    return pytest.param(path, id=path.stem, marks=[pytest.mark.slow] if path in LONG else [])


@pytest.mark.parametrize("path", [_timeline(path) for path in TIMELINES if path not in LEFT_OUT])
@pytest.mark.clause("FN-3")
def test_timeline(path: Path) -> None:
    rows = path.read_text(encoding="utf-8").splitlines()
    lines = [json.loads(line) for line in play(rows)]
    wanted = json.loads(path.with_suffix(".expect.json").read_text(encoding="utf-8"))
    assert _judge().compare(json.loads(rows[0]), lines, wanted) == []
    assert list(_unannounced(lines)) == []
    assert [x for x in lines if x["type"] == "message" and not "07:30" <= x["at"][11:] < "20:30"] == []


def _unannounced(lines):
    """Lines that close a duty otherwise than it was last told, and ids that change their subject."""
    told, about = {}, {}
    for line in lines:
        if line["type"] in ("duty", "done", "lapsed", "overdue"):
            subject = (line["rule"], line.get("pupil"), line.get("unit"))
            if line["type"] == "duty":
                told[line["id"]] = line["due"]
            if told.get(line["id"]) != line["due"] or about.setdefault(line["id"], subject) != subject:
                yield line


def test_only_rules_that_a_reader_of_the_lines_knows_are_printed() -> None:
    """A confirmed dropout in Longchuan also asks for a mark in the register's system (LC-37): owed, and not printed."""
    rows = (FOLDER / "LC-day-ladder.jsonl").read_text(encoding="utf-8").splitlines()
    dropout = {"action": "dropout", "students": ["张三"], "reason": "外出打工"}
    told = json.dumps({"at": "2025-09-16T09:00", "from": "li", "action": dropout})
    lines = [json.loads(line) for line in play([*rows[:2], told, json.dumps({"at": "2025-09-26T23:59"})])]
    printed = {line["rule"] for line in lines if "rule" in line}
    assert "dropout_notify" in printed
    assert printed <= replay.RULES
    assert all(set(line["rules"]) <= replay.RULES for line in lines if line["type"] == "message")
    assert Policy.load("longchuan").rule("register_mark", dt.date(2025, 9, 16)) is not None


def test_there_are_timelines() -> None:
    assert len(TIMELINES) >= 140


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
