"""All given timelines hold by the rules alone; messages are judged where they are sent."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from tests.casework.play import play

FOLDER = Path(__file__).parents[1] / "scenarios"


def _checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check", FOLDER / "check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CHECK = _checker()


@pytest.mark.parametrize("name", sorted(p.stem for p in FOLDER.glob("*.jsonl")))
def test_timeline(name: str) -> None:
    text = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8")
    wanted = json.loads((FOLDER / f"{name}.expect.json").read_text(encoding="utf-8"))
    wanted.pop("messages", None)
    stage = json.loads(text.splitlines()[0])
    assert CHECK.compare(stage, play(text), wanted) == []
