"""Two messages in one: whatever stands between them, nothing that is told of one pupil is recorded of the other."""

from __future__ import annotations

import datetime as dt
import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.commands.understand import run

CORPUS = Path(__file__).parent.parent / "corpus" / "fifth.jsonl"
TALKS = ("contact", "visit")  # their way goes on to the next home: 打电话给张三没人接,李四答应来
WHOLE_CLASS = ("其他", "其余", "全", "应到", "除", "更正", "错了", "刚才", "早读")
PAIRS = 120


@cache
def alone() -> list[dict[str, Any]]:
    """A teacher's messages about pupils of one roster, at one moment, which speak of nobody else."""
    lines = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    first = lines[0]
    same = [
        e
        for e in lines
        if "expect" in e and (e["roster"], e["now"], e["role"]) == (first["roster"], first["now"], "teacher")
    ]
    return [e for e in same if _of_pupils_alone(e)]


def _of_pupils_alone(entry: dict[str, Any]) -> bool:
    actions = entry["expect"]["actions"]
    named = all(a.get("students") and a["action"] not in ("clarify", "unknown", "undo", "help") for a in actions)
    return bool(actions) and named and not any(word in entry["text"] for word in WHOLE_CLASS)


def told(actions: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(a["action"], pupil) for a in actions for pupil in a.get("students", [])}


@pytest.mark.parametrize("between", ["；", "。", "\n", "，另外"], ids=["semicolon", "stop", "line", "besides"])
def test_two_messages_in_one_leak_nothing(between: str) -> None:
    draw = random.Random(dt.date(2025, 11, 19).toordinal())
    pairs = [draw.sample(alone(), 2) for _ in range(PAIRS)]
    pairs = [
        (one, two)
        for one, two in pairs
        if not {p for _, p in told(one["expect"]["actions"])} & {p for _, p in told(two["expect"]["actions"])}
    ]
    asked = [
        json.dumps({**one, "expect": None, "text": one["text"] + between + two["text"]}, ensure_ascii=False)
        for one, two in pairs
    ]
    answers = [json.loads(line)["actions"] for line in run(asked)]
    leaked, whole = [], 0
    for (one, two), got in zip(pairs, answers, strict=True):
        wanted = told(one["expect"]["actions"]) | told(two["expect"]["actions"])
        more = {record for record in told(got) - wanted if record[0] not in (*TALKS, "clarify")}
        leaked += [(one["text"] + between + two["text"], more)] if more else []
        whole += told(got) == wanted
    assert not leaked
    assert whole / len(pairs) > 0.9, "most are read as the two messages are read alone"
