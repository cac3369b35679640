"""Where pupils stand is read when it is said, together where it can be, and each at most once."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from casework.case import Case
from reminders import lazily
from reminders.lazily import Lazily


class Records:
    """Cases of some pupils, and in which batches they were read."""

    def __init__(self, many: int) -> None:
        self.ids = [f"p{n:04}" for n in range(many)]
        self.read: list[list[str]] = []

    def __call__(self, ids: list[str]) -> Mapping[str, Case]:
        if ids:
            self.read.append(ids)
        return {id: Case(id) for id in ids}


def test_what_is_expected_is_read_together_and_once() -> None:
    records = Records(2000)
    cases = Lazily(records.ids, records)
    cases.expect(["p0003", "p1500", "p0003"])
    cases.expect(["p1500", "p0007"])
    assert cases["p0003"] == Case("p0003")
    assert cases["p1500"] == Case("p1500")
    assert records.read == [["p0003", "p1500"], ["p0007"]]


def test_whoever_goes_through_all_of_them_reads_in_batches() -> None:
    records = Records(2000)
    cases = Lazily(records.ids, records)
    cases.expect(["p0003"])
    assert [cases[id].pupil for id in cases] == records.ids
    assert len(records.read) == 1 + 2000 // lazily.AT_ONCE
    assert sorted(id for batch in records.read for id in batch) == records.ids, "each once"


def test_another_pupil_has_none() -> None:
    records = Records(3)
    cases = Lazily(records.ids, records)
    cases.expect(["q"])
    assert cases.get("q") is None
    assert "zzz" not in cases
    with pytest.raises(KeyError):
        cases["a"]
    assert records.read == []
