"""``kongchuo policy show|check``: which rule holds on a day, with which number, and whence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bot.commands.ground import Refused
from bot.rule_words import say_values
from casework.policy import Policy, PolicyError
from casework.policy import check as faults_of
from casework.terms import ROLES, RULES


def show(pack: str, day: dt.date, overrides: Path | None) -> None:
    """A table of all rules on that day: value, clause, document, in force since."""
    policy = _load(pack, overrides)
    table = Table("规则", "内容", "责任人", "期限", "条款", "出处", "生效", title=f"{pack} 在 {day} 有效的规则")
    for rule in policy.on(day).values():
        source = f"{rule.document} {rule.article}".strip()
        values = "（不适用）" if rule.off else say_values(rule)
        owner = ROLES.get(rule.owner, "包联人")
        quote = f" “{rule.quote}”" if rule.quote else ""
        table.add_row(rule.id, RULES[rule.id], owner, values, rule.clause, f"{source}{quote}", str(rule.since))
    width = None if Console().is_terminal else 240
    Console(width=width).print(table)


def check(packs: Sequence[str], overrides: Path | None) -> int:
    """Print what is wrong with each pack; exit 1 if anything is."""
    found = 0
    for pack in packs:
        problems = faults_of(_load(pack, overrides))
        found += len(problems)
        for problem in problems:
            click.echo(problem)
        click.echo(f"{pack}: {'有' + str(len(problems)) + '处问题' if problems else '每个数字都有出处'}")
    return 1 if found else 0


def _load(pack: str, overrides: Path | None) -> Policy:
    try:
        return Policy.load(pack, overrides)
    except PolicyError as error:
        raise Refused(str(error)) from error
