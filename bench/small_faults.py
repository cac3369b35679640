"""The small faults of ``bench.mutants``: one changed comparison, operator, truth value, number or ``return``.

Left out, because no test can see them: annotations; ``None`` for an empty list, which is nothing for nothing; ``frozen`` and
``slots`` of dataclasses and the size of a cache, which change no answer; ``strict`` of a ``zip``, a check of ours on what cannot
be. Words, patterns and tables are no mutants.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

ROOT = Path(__file__).parent.parent
_OTHER = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add,
}  # fmt: skip
_SETTINGS = {"dataclass": ("frozen", "slots"), "lru_cache": ("maxsize",), "zip": ("strict",)}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the file, the place of its node in the walk of its tree, the lines of its statement, what it does."""

    path: Path
    index: int
    line: int
    statement: range
    what: str

    def code(self) -> CodeType:
        """The whole changed file, compiled."""
        tree = ast.parse((ROOT / self.path).read_text(encoding="utf-8"))
        _apply(next(node for index, node in enumerate(ast.walk(tree)) if index == self.index))
        return compile(ast.fix_missing_locations(tree), str(ROOT / self.path), "exec", dont_inherit=True)


def mutants(folder: str) -> Iterator[Mutant]:
    """Every mutant of a folder's files."""
    for path in sorted((ROOT / folder).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        statements, unseen = _statements(tree), set(_unseen(tree))
        for index, node in enumerate(ast.walk(tree)):
            if node not in unseen and (what := _change(node)):
                line = getattr(node, "lineno", 0)
                yield Mutant(path.relative_to(ROOT), index, line, statements.get(node, range(line, line + 1)), what)


def _unseen(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes whose change changes nothing that can be seen."""
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.arg | ast.AnnAssign):
            parts.append(node.annotation)
        if isinstance(node, ast.FunctionDef):
            parts.append(node.returns)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SETTINGS:
            parts += [word.value for word in node.keywords if word.arg in _SETTINGS[node.func.id]]
        for part in parts:
            yield from ast.walk(part) if part else ()


def _statements(tree: ast.Module) -> dict[ast.AST, range]:
    """The lines of the statement that each node stands in; of a compound one, its head."""
    found: dict[ast.AST, range] = {}

    def visit(node: ast.AST, lines: range) -> None:
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = body[0].lineno if isinstance(body, list) else (node.end_lineno or node.lineno) + 1
            lines = range(node.lineno, max(end, node.lineno + 1))
        found[node] = lines
        for child in ast.iter_child_nodes(node):
            visit(child, lines)

    visit(tree, range(0))
    return found


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
        empty = isinstance(node.value, ast.List | ast.Tuple) and not node.value.elts
        return "" if empty else "returns nothing"
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
