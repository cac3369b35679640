"""Every mechanism of the documents has its place, or it is said plainly that it has none yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import SHOWN
from tests.mechanisms import ASPECTS, ROOT, TABLE, Line, carriers, lines, mechanisms, write


@pytest.fixture
def table(request: pytest.FixtureRequest) -> list[Line]:
    """Of the whole suite; a run of some files has not seen all marks."""
    files, shown = request.config.stash[SHOWN]
    if {path.resolve() for path in (ROOT / "tests").rglob("test_*.py")} - files:
        pytest.skip("only a run of the whole suite sees every mark")
    return lines(shown)


def test_there_are_190_and_each_asks_what_the_marks_know() -> None:
    known = mechanisms()
    assert len(known) == 190
    assert all(set(m.asks) <= set(ASPECTS) for m in known.values())


def test_no_mark_names_a_mechanism_that_is_not_there(request: pytest.FixtureRequest) -> None:
    """A county's pack has a document of its own, whose clauses are none of these."""
    _, shown = request.config.stash[SHOWN]
    documents = {id.partition("-")[0] for id in mechanisms()}
    marked = {id for id in set(carriers()) | set(shown) if id.partition("-")[0] in documents}
    assert marked - set(mechanisms()) == set()
    assert set(shown) - marked - {"N"} == set(), "a test shows what the given documents ask"


def test_each_has_a_carrier_and_a_test_or_is_said_to_be_owed(table: list[Line]) -> None:
    bare = {each.mechanism.id for each in table if each.state in ("missing", "not shown")}
    assert bare == {each.mechanism.id for each in table if each.mechanism.owed}


def test_what_is_not_for_software_is_carried_by_nothing(table: list[Line]) -> None:
    assert [each.mechanism.id for each in table if each.mechanism.not_software and each.carriers] == []


def test_the_page_is_up_to_date(table: list[Line]) -> None:
    assert Path(TABLE).read_text(encoding="utf-8") == write(table), "run: make mechanisms"
