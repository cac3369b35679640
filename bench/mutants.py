"""``make mutants``: small faults put into the rules and the understanding, one at a time; the tests must notice.

A mutant is one changed comparison, operator, truth value, number or ``return``. Each is tried in a copy of the
checkout with the quick tests of its room; a mutant that no test notices survives and is printed, to be looked at.

    python -m bench.mutants [--sample 200] [--seed 1] [--jobs 2] [casework|understanding …]
"""

from __future__ import annotations

import argparse
import ast
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).parent.parent
SECONDS = 180  # for the tests of one mutant: an endless loop counts as noticed
ROOMS = {
    "casework": ("casework", ["tests/casework", "tests/test_replay.py", "tests/test_talks.py"]),
    "understanding": ("handlers/understanding", ["tests/understanding", "tests/test_talks.py"]),
}
_OTHER = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the file, the place of its node in the walk of its tree, the line, and what it does."""

    room: str
    path: Path
    index: int
    line: int
    what: str

    def source(self) -> str:
        """The whole changed file."""
        tree = ast.parse((ROOT / self.path).read_text(encoding="utf-8"))
        _apply(next(node for index, node in enumerate(ast.walk(tree)) if index == self.index))
        return ast.unparse(tree)


def mutants(room: str) -> Iterator[Mutant]:
    """Every mutant of a room's files."""
    for path in sorted((ROOT / ROOMS[room][0]).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for index, node in enumerate(ast.walk(tree)):
            if what := _change(node):
                yield Mutant(room, path.relative_to(ROOT), index, getattr(node, "lineno", 0), what)


def _change(node: ast.AST) -> str:
    """What can be changed at a node, in words; nothing where nothing can."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _OTHER:
        return f"{type(node.ops[0]).__name__} turned"
    if isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in _OTHER:
        return f"{type(node.op).__name__} turned"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return "not dropped"
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return "truth turned" if isinstance(node.value, bool) else "number plus one"
    if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        return "returns nothing"
    return ""


def _apply(node: ast.AST) -> None:
    if isinstance(node, ast.Compare):
        node.ops[0] = _OTHER[type(node.ops[0])]()
    elif isinstance(node, ast.BoolOp | ast.BinOp):
        node.op = _OTHER[type(node.op)]()
    elif isinstance(node, ast.UnaryOp):
        node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)
    elif isinstance(node, ast.Constant):
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1  # type: ignore[operator]
    elif isinstance(node, ast.Return):
        node.value = ast.Constant(None)


def tried(mutant: Mutant, copies: SimpleQueue[Path]) -> bool:
    """Whether the tests notice the mutant."""
    place = copies.get()
    file = place / mutant.path
    whole = file.read_text(encoding="utf-8")
    file.write_text(mutant.source(), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "-m",
        "not postgres and not browser",
    ]
    try:
        run = subprocess.run(
            [*command, *ROOMS[mutant.room][1]], cwd=place, capture_output=True, timeout=SECONDS, check=False
        )
        return run.returncode != 0
    except subprocess.TimeoutExpired:
        return True
    finally:
        file.write_text(whole, encoding="utf-8")
        copies.put(place)


def main() -> int:
    """Prints what survived and the share noticed; exit 1 under 85 %."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(ROOMS)}; all without any")
    options.add_argument("--sample", type=int, default=200, help="mutants of each room, drawn by chance")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=2)
    given = options.parse_args()
    if unknown := set(given.rooms) - set(ROOMS):
        options.error(f"no room {', '.join(sorted(unknown))}")
    draw = random.Random(given.seed)
    worst = 1.0
    with tempfile.TemporaryDirectory() as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for job in range(given.jobs):
            place = Path(folder) / str(job)
            shutil.copytree(ROOT, place, ignore=shutil.ignore_patterns(".venv", ".git", "__pycache__", "*.db*"))
            copies.put(place)
        for room in given.rooms or list(ROOMS):
            every = list(mutants(room))
            chosen = draw.sample(every, min(given.sample, len(every)))
            noticed: list[bool] = []
            with ThreadPoolExecutor(
                given.jobs
            ) as pool:  # what survives is printed at once: a long run may be cut short
                for mutant, seen in zip(chosen, pool.map(lambda one: tried(one, copies), chosen), strict=True):
                    noticed.append(seen)
                    if not seen:
                        print(f"survived {mutant.path}:{mutant.line} {mutant.what} ({len(noticed)} tried)", flush=True)
            share = sum(noticed) / len(chosen)
            worst = min(worst, share)
            print(f"{room}: {sum(noticed)} of {len(chosen)} noticed ({share:.1%}), {len(every)} in all", flush=True)
    return 0 if worst >= 0.85 else 1


if __name__ == "__main__":
    raise SystemExit(main())
