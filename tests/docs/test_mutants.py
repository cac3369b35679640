"""``make mutants`` can be run: the tests that it runs, without xdist, can be collected, and a mutant of each room is found."""

from __future__ import annotations

import subprocess
import sys

from bench import mutants
from bench.small_faults import ROOT


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
