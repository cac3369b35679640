"""``kongchuo policy show|check``: which rule holds on a day, with which number, and whence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from bot.setup import Refused
from casework.policy import Policy, PolicyError, Rule
from casework.policy import check as faults_of
from casework.terms import ROLES, RULES

UNITS = {
    "school_day": "缺勤第{}个上学日", "school_days": "{}个上学日后", "calendar_days": "{}个自然日后", "workdays": "{}个工作日后",
    "calendar_day": "请假第{}天", "attempts": "或第{}次联系、家访", "days": "{}天", "window": "在{}天内", "soft_days": "第{}天先提醒",
    "steps": "返校后第{}天", "early_days": "可提前{}天", "sessions": "每月{}次", "lessons": "{}课时", "minutes": "每课时{}分钟",
    "month_day": "每月{}日", "remind": "{}日提醒", "dates": "{}", "days_after_tell": "告知后{}天", "silent": "未报视为0",
}  # fmt: skip

SAME_DAY = "当天"


def show(pack: str, day: dt.date, overrides: Path | None) -> None:
    """A table of all rules on that day: value, clause, document, in force since."""
    policy = _load(pack, overrides)
    table = Table("规则", "内容", "责任人", "期限", "条款", "出处", "生效", title=f"{pack} 在 {day} 有效的规则")
    for rule in policy.on(day).values():
        source = f"{rule.document} {rule.article}".strip()
        values = "（不适用）" if rule.off else say_values(rule)
        owner = ROLES.get(rule.owner, "包联人")
        table.add_row(rule.id, RULES[rule.id], owner, values, rule.clause, f"{source} “{rule.quote}”", str(rule.since))
    width = None if Console().is_terminal else 240
    Console(width=width).print(table)


def say_values(rule: Rule) -> str:
    """The numbers of a rule in words."""
    parts = []
    for key, value in rule.values.items():
        if value is True:
            parts.append(UNITS[key])
        elif value is not False:
            shown = "、".join(map(str, value)) if isinstance(value, tuple) else str(value)
            parts.append(SAME_DAY if value == 0 else UNITS[key].format(shown))
    return "，".join(parts)


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
