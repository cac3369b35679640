"""Every talk of ``tests/talks`` is played and every message of it is checked, replies and pushes alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import talk as talks

FOLDER = Path(__file__).parent / "talks"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_talk(path: Path) -> None:
    talk = talks.read(path.read_text(encoding="utf-8"))
    for event, heard in talks.play(talk):
        where = f"{path.name}:{event.line} {event.who} {event.words}"
        if event.kind == "push" and not event.line:
            pytest.fail(f"not in the talk, pushed to {event.who} before line {event.line}: {heard}")
        if event.kind == "time":
            continue
        assert len(heard) == len(event.heard), f"{where}\nheard: {heard}\nexpected: {event.heard}"
        for said, expected in zip(heard, event.heard, strict=True):
            assert talks.matches(expected, said), f"{where}\nheard:    {said}\nexpected: {expected}"


def test_a_wrong_word_fails() -> None:
    assert talks.matches("已记：……缺勤。", "已记：张三，今天缺勤。")
    assert not talks.matches("已记：……缺勤。", "已记：张三，今天请假。")
