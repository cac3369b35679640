"""The house as agreed: files under 300 lines, functions under 50, each exception with its reason."""

from __future__ import annotations

import ast
import functools
import graphlib
import os
import re
import statistics
from collections.abc import Collection, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("bot", "handlers", "casework", "storage", "reminders", "reports", "bench")
FILE, FUNCTION, MEDIAN = 300, 50, 10  # lines

LONG_FILES = {
    "storage/tables.py": "all tables on one page, as the design asks",
    "storage/migrations/versions/0001_the_first_tables.py": "written once by Alembic, never changed",
}
LONG_FUNCTIONS = {
    "storage/migrations/versions/0001_the_first_tables.py:upgrade": "written once by Alembic",
    "handlers/understanding/implied.py:implied": "a list of cases, each two lines, tried in order",
}


def files() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(parsed(path)))


@functools.cache
def lengths() -> dict[str, int]:
    """The lines of each function, by file and name."""
    out = {}
    for path in files():
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{path.relative_to(ROOT)}:{node.name}"
                out[name] = max(out.get(name, 0), (node.end_lineno or 0) - node.lineno + 1)
    return out


def test_files_are_short() -> None:
    long = {str(p.relative_to(ROOT)) for p in files() if p.read_text(encoding="utf-8").count("\n") > FILE}
    assert long <= set(LONG_FILES), sorted(long - set(LONG_FILES))


def test_functions_are_short() -> None:
    found = lengths()
    long = {name for name, lines in found.items() if lines > FUNCTION}
    assert long <= set(LONG_FUNCTIONS), sorted(long - set(LONG_FUNCTIONS))
    assert statistics.median(found.values()) < MEDIAN


def test_no_exception_outlives_its_reason() -> None:
    found = lengths()
    assert all((ROOT / name).read_text(encoding="utf-8").count("\n") > FILE for name in LONG_FILES)
    assert all(found.get(name, 0) > FUNCTION for name in LONG_FUNCTIONS)


def test_public_names_say_what_they_are() -> None:
    """A public module, class or function of more than a few lines has a docstring."""
    bare = []
    for path in files():
        tree = parsed(path)
        if tree.body and not ast.get_docstring(tree) and path.name != "__init__.py" and "versions" not in path.parts:
            bare.append(str(path.relative_to(ROOT)))
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > 12 and not ast.get_docstring(node) and "versions" not in path.parts:
                    bare.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert bare == []


def test_imports_go_one_way() -> None:
    """No file imports one that imports it back, be it at the top, within a function or for a type alone."""
    modules = {_module(path): path for path in files()}
    imports = {name: set(_imported(path, modules.keys())) for name, path in modules.items()}
    assert sum(map(len, imports.values())) > 1000
    list(graphlib.TopologicalSorter(imports).static_order())  # CycleError names the circle


def _imported(path: Path, modules: Collection[str]) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:  # `from bot import pages` is bot/pages, not bot
                yield from [m for m in (f"{node.module}.{name.name}", node.module) if m in modules][:1]
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in modules)


FORBIDDEN = ("utils", "helpers", "common")


def test_names_explain_themselves() -> None:
    assert not [p for p in files() if p.stem in FORBIDDEN]
    classes = [
        f"{p.name}:{n.name}"
        for p in files()
        for n in nodes(p)
        if isinstance(n, ast.ClassDef) and (n.name.startswith("Base") or n.name.endswith("Manager"))
    ]
    assert classes == []


CALLED_FROM_OUTSIDE = {
    "process_bind_param": "SQLAlchemy calls it of a column's kind",
    "process_result_value": "SQLAlchemy calls it of a column's kind",
    "from_string": "docxtpl calls it of the environment of a form",
    "get_random_string": "wechatpy's crypto calls it",
    "load_config": "gunicorn calls it",
    "pytest_runtest_logreport": "pytest calls it",
    "prepare": "gunicorn's configuration of the benchmark",
}


def test_nothing_is_kept_that_nobody_uses() -> None:
    """Each name of a function, class or constant without a decorator is read in its file, imported from it, reached by a
    dot, or a word of tests, pages and data."""
    product = set(files())
    others = [p for p in _ours() if p.suffix in (".py", ".html", ".toml", ".yaml")]
    words = set(re.findall(r"\w+", "\n".join(p.read_text(encoding="utf-8") for p in others if p not in product)))
    reached = set(re.findall(r"[.\"'](\w+)", "\n".join(p.read_text(encoding="utf-8") for p in product)))
    read: dict[Path, set[str]] = {path: set() for path in product}
    imported = set()
    for path in product:
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom):
                imported |= {(node.module, name.name) for name in node.names}
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                read[path].add(node.id)
    kept = words | reached | CALLED_FROM_OUTSIDE.keys()
    names = [(path, name) for path in files() for name in _made(path) if name not in kept | read[path]]
    unused = [f"{_module(path)}:{name}" for path, name in names if (_module(path), name) not in imported]
    assert not unused, "\n".join(unused)


def _ours() -> Iterator[Path]:
    """All files of the checkout; of a virtual environment, with its ten thousand, not even the folders are looked at."""
    for folder, within, names in os.walk(ROOT):
        within[:] = [name for name in within if name not in (".venv", ".git", "__pycache__")]
        yield from (Path(folder, name) for name in names)


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _made(path: Path) -> Iterator[str]:
    if "versions" in path.parts:
        return
    for node in nodes(path):
        if (
            isinstance(node, ast.FunctionDef | ast.ClassDef)
            and not node.decorator_list
            and not node.name.startswith("__")
        ):
            yield node.name
    for node in parsed(path).body:
        if isinstance(node, ast.Assign):
            several = [part for target in node.targets for part in getattr(target, "elts", [target])]
            yield from (target.id for target in several if isinstance(target, ast.Name))


NOTHING = re.compile("没有(?:记录|提交|登记|写入|改动|生成|发链接)[。：，]|请写明|请写全名")


def test_an_answer_that_took_nothing_in_says_so_as_a_value() -> None:
    """Pages show the form again by ``Said.refused``, never by the words."""
    said = [
        f"{path.name}:{node.lineno}"
        for path in files()
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Said"
        and not any(one.arg == "refused" for one in node.keywords)
        and NOTHING.search(
            "".join(c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, str))
        )
    ]
    assert said == []
