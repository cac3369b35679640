"""The ways of reporting that the measures send are what they are taken for: one absence of today, and no question."""

from __future__ import annotations

import pytest

from bench.said import ABSENT
from tests.support.understood import understood


def test_they_differ() -> None:
    assert len(set(ABSENT)) == len(ABSENT) > 80


@pytest.mark.parametrize("words", ABSENT)
def test_one_absence_of_today(words: str) -> None:
    for pupil in ("覃燕婷", "李明", "郝欣瑶"):
        absent, *more = understood("teacher", words.format(pupil), ["覃燕婷", "李明", "郝欣瑶"]).split("; ")
        assert absent.startswith(f"absence {pupil}")
        assert "fuzzy" not in absent
        assert {slot.partition("=")[0] for slot in absent.split()[2:]} <= {"date", "day", "reason"}
        assert "date" not in absent or "date=2025-03-12" in absent
        assert more in ([], [f"contact {pupil} outcome=nobody"])
