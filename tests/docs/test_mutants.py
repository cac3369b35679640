"""``make mutants`` can be run: the tests that it runs, without xdist, can be collected, and a mutant of each room is found."""

from __future__ import annotations

import subprocess
import sys
from types import FunctionType

from bench import mutants
from bench.small_faults import ROOT
from casework import rounds


def test_its_tests_can_be_collected_as_it_runs_them() -> None:
    """A hook of xdist stopped every run for days, and nothing said so."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        *mutants._QUIET,
        *mutants._MARKS,
        "--collect-only",
        "tests/docs/test_places.py",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_has_mutants_and_tests_that_exist() -> None:
    for folder, tests in mutants.TESTS.values():
        assert all((ROOT / path).exists() for path in tests)
        assert {one.path.parent.as_posix() for one in mutants.mutants(folder)} == {folder}


def test_a_closure_that_is_loaded_already_gets_its_mutant() -> None:
    """What ``_termly`` returns was made when its file was loaded: its faults were put nowhere, and survived."""
    made = rounds.ROUNDS["term_meetings"]
    assert isinstance(made, FunctionType)
    lines = {line for *_, line in made.__code__.co_lines()}
    mutant = next(m for m in mutants.mutants("casework") if m.path.stem == "rounds" and m.line in lines)

    def put_in() -> int:
        before = made.__code__
        mutants._in_place("casework.rounds", mutant.code(), mutant.line)
        return 7 if made.__code__ is not before else 0

    assert mutants._in_child(put_in) == 7
