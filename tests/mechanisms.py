"""Which of the 190 mechanisms of the documents is carried by what, and which test shows it.

Read from marks alone: the ``clause`` of rules, the ``clauses`` of papers and of actions, ``CLAUSES`` of modules, and the
pytest marker ``clause``. ``python -m tests.mechanisms`` writes ``docs/coverage.md``.
"""

from __future__ import annotations

import ast
import contextlib
import io
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from casework.terms import RULES
from handlers.registry import REGISTRY
from reports.catalogue import catalogue
from reports.ledgers import ledgers
from reports.templates.layouts import layouts

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "coverage.md"
ROOMS = ("bot", "casework", "handlers", "reminders", "reports", "storage")
ASPECTS = ("record", "remind", "escalate", "produce", "check", "compare", "query")
# What a thing of a kind can carry of a mechanism; a module says so for itself.
CARRIES = {
    "rule": {"record", "remind", "escalate", "check"},  # what fulfils a duty is a fact
    "form": {"produce"},
    "sheet": {"produce", "compare", "query"},
    "ledger": {"produce", "record", "query"},
    "record": {"record"},
    "ask": {"query"},
    "file": {"produce", "query"},
}
SHORT = 4
"""So many names of one kind are written out in the table; of more, the rest is counted."""


@dataclass(frozen=True, slots=True)
class Carrier:
    kind: str
    name: str
    aspects: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mechanism:
    """``asks``: the aspects that the document asks for; ``reason``: why software must not, or need not; ``owed``: what is
    not built yet."""

    id: str
    article: str
    text: str
    asks: tuple[str, ...]
    wants: str = ""
    not_software: str = ""
    owed: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    mechanism: Mechanism
    carriers: tuple[Carrier, ...]
    tests: tuple[str, ...]

    @property
    def lacking(self) -> tuple[str, ...]:
        """The aspects asked for that no carrier of this kind can carry."""
        have = {aspect for carrier in self.carriers for aspect in carrier.aspects}
        return tuple(aspect for aspect in self.mechanism.asks if aspect not in have)

    @property
    def state(self) -> str:
        if self.mechanism.not_software:
            return "not for software"
        if not self.carriers:
            return "missing"
        if not self.tests:
            return "not shown"
        return "in part" if self.lacking else "carried"


def mechanisms() -> dict[str, Mechanism]:
    """All by id, in the order of the documents."""
    rows: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "tests" / "mechanisms.yaml").read_text(encoding="utf-8"))
    return {id: Mechanism(id, **{**row, "asks": tuple(row["asks"])}) for id, row in rows.items()}


def carriers() -> dict[str, list[Carrier]]:
    """What the marks of the product say, by id of the mechanism."""
    found: dict[str, list[Carrier]] = defaultdict(list)

    def carry(id: str, kind: str, name: str, aspects: Iterable[str]) -> None:
        each = Carrier(kind, name, frozenset(aspects))
        if each not in found[id]:
            found[id].append(each)

    for path in sorted((ROOT / "casework" / "policies").glob("*.yaml")):
        for rule, versions in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"].items():
            for version in versions:
                if not version.get("no_duty") and version["clause"] != "N":
                    carry(version["clause"], "rule", f"{rule} {RULES[rule]}", CARRIES["rule"])
    for item in catalogue().values():
        kind = "form" if item.name in layouts() else "ledger" if item.name in ledgers() else "sheet"
        for id in item.clauses:
            carry(id, kind, item.title, CARRIES[kind])
    for row in REGISTRY.values():
        for id in row.clauses:
            carry(id, "action", f"{row.action} {row.title}", CARRIES[row.kind])
    for path, marks in module_marks():
        for id, aspects in marks.items():
            carry(id, "page" if path.startswith("bot/pages/") else "module", path, aspects)
    return found


def module_marks() -> Iterable[tuple[str, Mapping[str, tuple[str, ...]]]]:
    """``CLAUSES`` of each module that has one: id → the aspects that the module carries."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if "\nCLAUSES" not in text:
                continue
            for node in ast.parse(text).body:
                target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
                if isinstance(target, ast.Name) and target.id == "CLAUSES":
                    yield path.relative_to(ROOT).as_posix(), ast.literal_eval(node.value)  # type: ignore[attr-defined]


def marked(items: Iterable[pytest.Item]) -> dict[str, list[str]]:
    """The tests that show each mechanism: file and function, each once."""
    shown: dict[str, list[str]] = defaultdict(list)
    for item in items:
        name = f"{Path(item.path).relative_to(ROOT).as_posix()}::{getattr(item, 'originalname', item.name)}"
        for mark in item.iter_markers("clause"):
            for id in mark.args:
                if name not in shown[id]:
                    shown[id].append(name)
    return shown


def lines(shown: Mapping[str, list[str]]) -> list[Line]:
    """One line for each mechanism."""
    carried = carriers()
    return [Line(m, tuple(carried.get(m.id, ())), tuple(sorted(shown.get(m.id, ())))) for m in mechanisms().values()]


def write(table: list[Line]) -> str:
    """The text of ``docs/coverage.md``."""
    count = {state: sum(each.state == state for each in table) for state in STATES}
    head = [
        "# Coverage of the documents",
        "",
        "Made by `make mechanisms` from marks in rules, papers, actions, modules and tests; do not edit.",
        "",
        *(f"- **{state}**: {count[state]} of {len(table)}. {meaning}" for state, meaning in STATES.items()),
        "",
        "“In part” is judged coarsely, by kind: a rule reminds, escalates and checks, a form is produced, an action records.",
        "That something of the right kind is there does not prove that it does all a document asks for; the tests do.",
        "",
        "| id | article | the document asks | state | carried by | shown by |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *(_row(each) for each in table)]) + "\n"


STATES = {
    "carried": "Everything asked for has a carrier, and a test shows it.",
    "in part": "Carried and shown, but nothing carries the aspects named.",
    "not shown": "There is a carrier, but no test is marked as showing it.",
    "missing": "Nothing carries it yet; what is owed is said.",
    "not for software": "The reason is said.",
}


def _row(each: Line) -> str:
    m = each.mechanism
    state = f"{each.state}: no {', '.join(each.lacking)}" if each.state == "in part" else each.state
    by = _carriers(each.carriers)
    if m.not_software or m.owed:
        by = "<br>".join(filter(None, (by, m.not_software or f"*owed:* {m.owed}")))
    shown = "<br>".join(_tests(each.tests))
    return f"| {m.id} | {m.article} | {m.text.replace('|', '/')} | {state} | {by} | {shown} |"


def _carriers(found: Iterable[Carrier]) -> str:
    kinds: dict[str, list[str]] = defaultdict(list)
    for each in found:
        kinds[each.kind].append(each.name)
    return "<br>".join(f"{kind}: {_cut(names, '；')}" for kind, names in kinds.items())


def _tests(names: tuple[str, ...]) -> list[str]:
    rest = [f"and {len(names) - SHORT} more"] if len(names) > SHORT else []
    return [f"`{name}`" for name in names[:SHORT]] + rest


def _cut(names: list[str], between: str) -> str:
    return between.join(names[:SHORT]) + (f" and {len(names) - SHORT} more" if len(names) > SHORT else "")


class _Gathering:
    """A pytest plugin that keeps what was collected."""

    shown: dict[str, list[str]]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.shown = marked(items)


def main() -> int:
    gathering = _Gathering()
    with contextlib.redirect_stdout(io.StringIO()) as told:
        code = pytest.main(["--collect-only", "-qq", str(ROOT / "tests")], plugins=[gathering])
    if code != 0:
        print(told.getvalue())
    if code == 0:
        table = lines(gathering.shown)
        TABLE.write_text(write(table), encoding="utf-8")
        for state in STATES:
            ids = [each.mechanism.id for each in table if each.state == state]
            print(f"{state}: {len(ids)}" + (f"  {' '.join(ids)}" if state not in ("carried",) else ""))
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
