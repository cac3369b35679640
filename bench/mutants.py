"""``make mutants``: small faults put into the rules and the understanding, one at a time; the tests must notice.

A mutant is one changed comparison, operator, truth value, number or ``return``. First the room's tests run once and it
is noted which of them pass through which line. Then each mutant is put in the place of its function in a process of its own,
which has everything loaded from its parent, and meets only the tests that pass through the changed statement, the quickest
first, until one fails. A mutant that none notices survives and is printed, to be looked at.

    python -m bench.mutants [--sample 200] [--seed 1] [--jobs 2] [casework|understanding …]
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import inspect
import json
import os
import random
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType

import coverage
import pytest

from bench.small_faults import ROOT, Mutant, mutants

SECONDS = (
    180  # of processor time for the tests of one mutant: an endless loop counts as noticed, a busy machine does not
)
WANTED = 0.85
TESTS = {
    "casework": ("casework", ["tests/casework", "tests/test_replay.py", "tests/test_talks.py"]),
    "understanding": ("handlers/understanding", ["tests/understanding", "tests/test_talks.py"]),
}
_MARKS = ["-m", "not postgres and not browser"]
_QUIET = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
OURS = ("casework", "handlers", "storage", "reminders", "reports", "bot", "tests")
_LOADED = ("bot.app", "bot.commands.replay", "tests.support.talk", "tests.conftest", "hypothesis")


@dataclass(slots=True)
class Passing:
    """Which tests pass through which line of a room, and how long each takes."""

    through: dict[Path, dict[int, set[str]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    def of(self, mutant: Mutant) -> list[str]:
        """The tests that may notice a mutant, quickest first; every test of the file for what runs when it is loaded."""
        lines = self.through.get(mutant.path, {})
        tests = {test for line in mutant.statement for test in lines.get(line, ())}
        if not tests or "" in tests:
            tests = {test for named in lines.values() for test in named}
        return sorted(tests - {""} - self.failed, key=lambda test: self.seconds.get(test, 0.0))


class _Noting:
    """A pytest plugin that tells coverage which test runs, and keeps how long each took."""

    def __init__(self, measure: coverage.Coverage, passing: Passing) -> None:
        self.measure, self.passing = measure, passing

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.measure.switch_context(item.nodeid)
        yield
        self.measure.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.passing.seconds[report.nodeid] = self.passing.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            self.passing.failed.add(report.nodeid)


class _Only:
    """A pytest plugin that runs just the named tests, in their order."""

    def __init__(self, tests: Iterable[str]) -> None:
        self.order = {test: index for index, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((i for i in items if i.nodeid in self.order), key=lambda item: self.order[item.nodeid])


def passing(room: str, notes: Path) -> Passing:
    """Run the room's tests once, in a process of its own so that this one stays clean of our modules."""
    found = Passing()
    if _in_child(lambda: _measure(room, notes)):
        raise SystemExit(f"{room}: its tests cannot be run")
    data = coverage.CoverageData(str(notes))
    data.read()
    for file in data.measured_files():
        lines = data.contexts_by_lineno(file)
        found.through[Path(file).relative_to(ROOT)] = {line: set(tests) for line, tests in lines.items()}
    found.seconds, failed = json.loads(notes.with_suffix(".json").read_text(encoding="utf-8"))
    found.failed = set(failed)
    return found


def _measure(room: str, notes: Path) -> int:
    folder, tests = TESTS[room]
    measure = coverage.Coverage(data_file=str(notes), include=[f"{ROOT / folder}/*"], config_file=False)
    taken = Passing()
    measure.start()
    ended = pytest.main([*_QUIET, *_MARKS, *tests], plugins=[_Noting(measure, taken)])
    measure.stop()
    measure.save()
    notes.with_suffix(".json").write_text(json.dumps([taken.seconds, sorted(taken.failed)]), encoding="utf-8")
    return 0 if ended in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) else 1


def _in_child(work: Callable[[], int]) -> int:
    """What a forked process says at its end; other than nought when it was killed."""
    return os.waitstatus_to_exitcode(os.waitpid(_fork(work), 0)[1])


def _fork(work: Callable[[], int]) -> int:
    """A process with everything that this one has loaded; its number."""
    child = os.fork()
    if child:
        return child
    code = 1
    with contextlib.suppress(BaseException):
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        code = work()
    os._exit(code)


def _noticed(mutant: Mutant, tests: list[str]) -> int:
    """In a child: put the changed file in the real one's place and run its tests; 1 where one fails."""
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    code = mutant.code()
    module = ".".join(mutant.path.with_suffix("").parts)
    if not _in_place(module, code, mutant.line):
        for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
            del sys.modules[name]
        whole = SourceFileLoader.get_code

        def changed(self: SourceFileLoader, name: str) -> CodeType | None:
            return code if name == module else whole(self, name)

        SourceFileLoader.get_code = changed  # type: ignore[method-assign]
    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
    ended = pytest.main([*_QUIET, "-x", *_MARKS, *files], plugins=[_Only(tests)])
    assert ended is not pytest.ExitCode.NO_TESTS_COLLECTED  # or a fault would count as noticed that nobody looked for
    return int(ended)


def _in_place(module: str, code: CodeType, line: int) -> bool:
    """Give the loaded function of that line its changed code; False where the line runs when the file is loaded."""
    of = {(one.co_qualname, one.co_firstlineno): one for one in _functions(code)}
    gc.unfreeze()  # what is frozen, the collector does not name
    held = [one for one in gc.get_objects() if isinstance(one, FunctionType) and one.__module__ == module]
    found = [
        one
        for one in held
        if (new := of.get((one.__code__.co_qualname, one.__code__.co_firstlineno)))
        and new.co_firstlineno < line <= max(at for *_, at in new.co_lines() if at)
        and new.co_freevars == one.__code__.co_freevars
    ]
    for one in found:
        one.__code__ = of[one.__code__.co_qualname, one.__code__.co_firstlineno]
    return bool(found)


def _functions(code: CodeType) -> Iterator[CodeType]:
    """The code of functions and methods, with those within them: a closure made when its file was loaded holds code of its own."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            if one.co_flags & inspect.CO_NEWLOCALS:  # no class
                yield one
            yield from _functions(one)


def tried(chosen: list[Mutant], found: Passing, jobs: int) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant with whether a test noticed it, as they end."""
    running: dict[int, Mutant] = {}
    waiting = list(reversed(chosen))
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            if tests := found.of(mutant):
                running[_fork(partial(_noticed, mutant, tests))] = mutant
            else:
                yield mutant, False  # no test passes here at all
        if running:
            child, status = os.wait()
            yield running.pop(child), os.waitstatus_to_exitcode(status) != 0


def main() -> int:
    """Prints what survived and the share noticed; exit 1 under 85 %."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(TESTS)}; all without any")
    options.add_argument("--sample", type=int, default=200, help="mutants of each room, drawn by chance")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=2)
    given = options.parse_args()
    if unknown := set(given.rooms) - set(TESTS):
        options.error(f"no room {', '.join(sorted(unknown))}")
    sys.dont_write_bytecode = True
    os.chdir(ROOT)
    worst = 1.0
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = folder  # an example that broke a mutant is none of ours
        rooms = {room: passing(room, Path(folder) / f"{room}.coverage") for room in given.rooms or list(TESTS)}
        for name in _LOADED:  # after the maps: what runs when a file is loaded was to be seen there
            importlib.import_module(name)
        gc.freeze()
        for room, found in rooms.items():
            print(f"{room}: {len(found.seconds)} tests, {sum(found.seconds.values()):.0f} s with the map", flush=True)
            for test in sorted(found.failed):
                print(f"left out, fails without any fault: {test}", flush=True)
            every = list(mutants(TESTS[room][0]))
            chosen = random.Random(given.seed).sample(every, min(given.sample, len(every)))
            noticed = 0
            for count, (mutant, seen) in enumerate(tried(chosen, found, given.jobs), 1):
                noticed += seen
                if not seen:
                    print(f"survived {mutant.path}:{mutant.line} {mutant.what} ({count} tried)", flush=True)
            share = noticed / len(chosen)
            worst = min(worst, share)
            print(
                f"{room}, seed {given.seed}: {noticed} of {len(chosen)} noticed ({share:.1%}), {len(every)} in all",
                flush=True,
            )
    return 0 if worst >= WANTED else 1


if __name__ == "__main__":
    raise SystemExit(main())
