"""The corpora: messages with what a careful clerk would write down; their figures are printed and must hold.

What has once been read exactly must stay so, line by line, and likewise what was read word for word, causes and notes
too: ``tests/corpus/not_yet.txt`` names the lines that are not (``exact``, ``words``), judged by what was written by hand.
``python -m tests.understanding.test_corpora`` writes it anew; read the difference before you keep it.
"""

from __future__ import annotations

import functools
import importlib.util
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.commands.understand import run

CORPUS = Path(__file__).parent.parent / "corpus"
NOT_YET = CORPUS / "not_yet.txt"
AT_LEAST = {
    "dev": 0.97,
    "own": 0.98,
    "second": 0.97,
    "third": 0.93,
    "fourth": 0.93,
    "fifth": 0.98,
    "sixth": 0.97,
    "seventh": 0.95,
    "eighth": 0.95,
    "ninth": 0.95,
    "tenth": 0.95,
    "eleventh": 0.95,
}  # share of exact answers


def _score() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", CORPUS / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@functools.cache
def read(name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each line of a corpus with what was understood of it, and which words led to it."""
    entries = [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = [
        json.dumps({k: v for k, v in e.items() if not k.startswith("expect")}, ensure_ascii=False) for e in entries
    ]
    return list(zip(entries, map(json.loads, run(asked, explain=True)), strict=True))


def judged(name: str) -> list[tuple[str, dict[str, Any], Any]]:
    """Each line of a corpus with its verdict and what was understood."""
    score = _score()
    return [(score.judge(entry, answer["actions"]), entry, answer["actions"]) for entry, answer in read(name)]


def not_yet(lines: list[tuple[str, dict[str, Any], Any]]) -> Iterator[tuple[str, str]]:
    """The lines that are not read exactly, or not word for word, each with what was understood."""
    for verdict, entry, said in lines:
        wanted = entry.get("expect_any") or [entry["expect"]]
        if verdict != "exact":
            yield f"{entry['id']} exact", f"{verdict}: {entry['text']} {said}"
        elif _plain(said) not in [_plain(one["actions"]) for one in wanted]:
            yield f"{entry['id']} words", f"{entry['text']} {said}"


def _plain(actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what only says how something was found."""
    return [{slot: value for slot, value in one.items() if slot not in ("about", "fuzzy")} for one in actions]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name == "dev" else pytest.mark.broad) for name in sorted(AT_LEAST)]
)
def test_a_corpus_is_understood(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = judged(name)
    counts = Counter(verdict for verdict, _, _ in lines)
    with capsys.disabled():
        print(
            f"\n{name}.jsonl: "
            + ", ".join(f"{k} {counts[k]} of {len(lines)}" for k in ("exact", "harmful", "asked", "differs"))
        )
    wrong = [f"{verdict} {e['id']} {e['text']} {said}" for verdict, e, said in lines if verdict != "exact"]
    assert counts["harmful"] == 0, wrong
    assert counts["exact"] / len(lines) >= AT_LEAST[name], wrong
    known = set(NOT_YET.read_text(encoding="utf-8").splitlines())
    lost = {key: said for key, said in not_yet(lines) if not {key, key.replace("words", "exact")} & known}
    assert lost == {}, "read these; are they right, keep them with python -m tests.understanding.test_corpora"
    assert _astray(name) == [], "what was taken from the text is explained by its own words"


def _astray(name: str) -> list[str]:
    """Names, places, reasons … that stand in the text as they were understood, and other words said to have led to them."""
    return [
        f"{entry['id']} {entry['text']}: {slot} {value} by {words[slot]}"
        for entry, answer in read(name)
        for action, words in zip(answer["actions"], answer["explained"], strict=True)
        for slot, value in action.items()
        if isinstance(value, str) and value in entry["text"] and slot in words and words[slot].strip() != value
        # 她弟麦宝: who it is to the child just named is looked at with the name; 起止:2025-10-20至2026-10-19 is one field
        if not (slot in ("name", "date") and value in words[slot])
    ]


if __name__ == "__main__":
    keys = [key for name in sorted(AT_LEAST) for key, _ in not_yet(judged(name))]
    NOT_YET.write_text("".join(f"{key}\n" for key in keys), encoding="utf-8")
