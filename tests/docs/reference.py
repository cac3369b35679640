"""Makes ``docs/reference/*.md`` from the tables of the code: a heading for each action, rule and paper.

``python -m tests.docs.reference`` writes them; a test fails while they differ from the tables.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from casework.policy import PACKS, Policy
from casework.shapes import SHAPES
from casework.terms import ROLES, RULES
from handlers.commands import COMMANDS
from handlers.registry import REGISTRY
from reports import law
from reports.catalogue import catalogue

FOLDER = Path(__file__).parent.parent.parent / "docs" / "reference"
ON = dt.date(2026, 9, 1)
MADE = "<!-- Made by `python -m tests.docs.reference`; do not edit by hand. -->\n"
NEEDS = {
    "unit": "单位", "pupil": "学生", "case": "情况", "entries": "学生名单", "rows": "清单", "figures": "统计数字", "data": "统计数据",
}  # fmt: skip


def pages() -> dict[str, str]:
    """The text of each page by file name."""
    return {"actions.md": actions(), "rules.md": rules(), "papers.md": papers()}


def actions() -> str:
    """What can be said in chat: one heading for each row of the registry."""
    lines = [MADE, "# Actions", "", "What people say, and what is done about it (`handlers/registry.py`).", ""]
    for row in REGISTRY.values():
        lines += [f"## {row.action}", "", f"{row.title}。例：{'；'.join(row.examples) or '—'}", ""]
        lines += [f"- Who: {'、'.join(ROLES[role] for role in row.roles)}"]
        lines += ["- Asks for a pupil where none is named."] if row.needs_pupil else []
        lines += ["- Asked back before it is written."] if row.serious else []
        lines += [f"- Clauses: {', '.join(row.clauses)}"] if row.clauses else []
        lines.append("")
    lines += [
        "## Short commands",
        "",
        "Sentences of fixed form (each module's `COMMANDS`), and to whom 帮助 names them.",
        "",
    ]
    lines += ["| example | writes | who |", "| --- | --- | --- |"]
    for command in COMMANDS:
        who = "、".join(ROLES[role] for role in command.roles)
        lines.append(f"| {command.example} | {'no' if command.asks else 'yes'} | {who} |")
    lines.append("")
    return "\n".join(lines)


def rules() -> str:
    """Which number holds where, on one day, with its clause: one heading for each rule."""
    policies = {pack: Policy.load(pack) for pack in PACKS}
    lines = [MADE, "# Rules", "", f"As in force on {ON}; `kongchuo policy show PACK --on DATE` prints another day.", ""]
    for rule, shape in SHAPES.items():
        owner = ROLES.get(shape.owner, "包联人")
        lines += [
            f"## {rule}",
            "",
            f"{RULES[rule]}（{owner}）",
            "",
            "| pack | numbers | clause |",
            "| --- | --- | --- |",
        ]
        for pack, policy in policies.items():
            found = policy.rule(rule, ON)
            if found is None:
                lines.append(f"| {pack} | off | — |")
                continue
            numbers = ", ".join(f"{k} {_said(v)}" for k, v in found.values.items()) or "—"
            lines.append(f"| {pack} | {numbers} | {found.clause} |")
        lines.append("")
    return "\n".join(lines)


def _said(value: object) -> str:
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value)


def papers() -> str:
    """Every form, ledger and sheet: one heading for each, who may make it and which clause asks for it."""
    terms = {kind: str(row["term"]) for kind, row in law.powers()["issuers"].items()}
    lines = [MADE, "# Papers", "", "`kongchuo export NAME` makes one to a file; in chat its title is enough.", ""]
    for item in catalogue().values():
        kind = {"docx": "Word", "xlsx": "Excel"}[item.kind]
        lines += [f"## {item.name}", "", f"《{item.title}》, {kind}.", ""]
        lines.append(f"- Who may make it: {'、'.join(terms[kind] for kind in item.issuers)}")
        lines += [f"- Made of: {'、'.join(NEEDS[part] for part in item.needs)}"] if item.needs else []
        lines += ["- For named persons only."] if item.restricted else []
        lines += [f"- Clauses: {', '.join(item.clauses)}", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
