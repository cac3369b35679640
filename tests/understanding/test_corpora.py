"""The corpora: messages with what a careful clerk would write down; their figures are printed and must hold."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from bot.understand import run

CORPUS = Path(__file__).parent.parent / "corpus"
AT_LEAST = {
    "dev": 0.97,
    "own": 0.98,
    "second": 0.97,
    "third": 0.93,
    "fourth": 0.93,
    "fifth": 0.98,
    "sixth": 0.97,
}  # share of exact answers


@pytest.fixture(scope="module")
def score() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", CORPUS / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", sorted(AT_LEAST))
def test_a_corpus_is_understood(name: str, score: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    entries = [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    asked = [
        json.dumps({k: v for k, v in e.items() if not k.startswith("expect")}, ensure_ascii=False) for e in entries
    ]
    answers = [json.loads(line)["actions"] for line in run(asked)]
    verdicts = [score.judge(entry, actions) for entry, actions in zip(entries, answers, strict=True)]
    counts = Counter(verdicts)
    with capsys.disabled():
        print(
            f"\n{name}.jsonl: "
            + ", ".join(f"{k} {counts[k]} of {len(entries)}" for k in ("exact", "harmful", "asked", "differs"))
        )
    wrong = [
        f"{v} {e['id']} {e['text']} {a}" for v, e, a in zip(verdicts, entries, answers, strict=True) if v != "exact"
    ]
    assert counts["harmful"] == 0, wrong
    assert counts["exact"] / len(entries) >= AT_LEAST[name], wrong
