"""All given timelines hold by the rules alone; messages are judged where they are sent."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from _pytest.mark import ParameterSet

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


def _expected(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.with_name(f"{path.stem}.expect.json").read_text(encoding="utf-8"))
    return read


def _timeline(path: Path) -> ParameterSet:
    """A timeline shows the clauses that its expectations name."""
    named = {str(duty["clause"]) for duty in _expected(path).get("duties", ()) if duty.get("clause")}
    return pytest.param(path, id=path.stem, marks=pytest.mark.clause(*sorted(named)))


# Posts and corrections by 改 are for chat alone: those timelines are played whole (tests/test_replay.py).
TIMELINES = [path for path in sorted(FOLDER.rglob("*.jsonl")) if path.parent.name != "chat"]


@pytest.mark.parametrize("path", [_timeline(path) for path in TIMELINES])
def test_timeline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    wanted = _expected(path)
    wanted.pop("messages", None)
    wanted["not"] = [each for each in wanted.get("not", ()) if each.get("type") not in ("message", "reply")]
    stage = json.loads(text.splitlines()[0])
    assert CHECK.compare(stage, play(text), wanted) == []
