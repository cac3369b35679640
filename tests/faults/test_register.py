"""Each of the forty faults has a test with its number in its name, and ``docs/faults.md`` says which."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "faults.md"
FAULTS = range(1, 41)


@functools.cache
def numbered_tests() -> dict[str, set[int]]:
    """``path::name`` of every test that has fault numbers in its name, and the numbers."""
    found = {}
    for file in TESTS.rglob("test_*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and (name := re.match(r"test_fault_((?:\d\d_)+)", node.name)):
                path = f"{file.relative_to(TESTS.parent).as_posix()}::{node.name}"
                found[path] = {int(number) for number in name[1].strip("_").split("_")}
    return found


def told() -> dict[int, str]:
    """The line of each fault in the page."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return {int(found[1]): line for line in lines if (found := re.match(r"\| (\d+) \|", line))}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_has_its_test_or_its_reason(fault: int) -> None:
    mine = {path for path, numbers in numbered_tests().items() if fault in numbers}
    assert mine, f"no test is named for fault {fault}"
    line = told()[fault]
    assert {path for path in mine if f"`{path}`" not in line} == set(), "the page does not name them"


def test_the_page_names_no_test_that_is_gone() -> None:
    named = set(re.findall(r"`(tests/[^`]+::test_fault[^`]+)`", PAGE.read_text(encoding="utf-8")))
    assert named - numbered_tests().keys() == set()
    assert sorted(told()) == list(FAULTS)
