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
    "school_day": "缺勤第{}个上学日", "school_days": "{}个上学日内", "calendar_days": "{}个自然日内", "workdays": "{}个工作日内",
    "calendar_day": "请假第{}天", "attempts": "或第{}次联系、家访", "days": "{}天", "window": "在{}天内", "soft_days": "第{}天先提醒",
    "steps": "返校后第{}天", "early_days": "可提前{}天", "sessions": "每月{}次", "lessons": "{}课时", "minutes": "每课时{}分钟",
    "month_day": "每月{}日", "remind": "{}日提醒", "dates": "{}", "days_after_tell": "告知后{}天", "silent": "未报视为0",
}  # fmt: skip

SAME_DAY = "当天"
SINCE = {
    "dropout_report": "通知书送达后满{}个自然日", "persist": "上次联系、家访后{}个自然日", "leave_contact": "上次联系后{}个自然日",
    "leave_end": "请假结束后第{}个上学日", "risk_visit": "发现倾向后{}个上学日内", "trace_tell": "未报到登记后第{}个上学日",
    "trace": "未报到登记后第{}个上学日", "pledge": "开学后{}个自然日内", "police_check": "认定辍学后{}个工作日内",
    "expert_opinion": "登记原因后{}个自然日内", "register_mark": "认定辍学后{}个工作日内", "guardian_urge": "认定辍学后{}个工作日内",
    "aid_referral": "认定辍学后{}个工作日内", "platform_reply": "平台标记后{}个工作日内", "found_check": "摸排发现后{}个自然日内",
    "joint_meeting": "开学后{}个自然日内", "inspection": "开学后{}个自然日内", "four_checks": "开学后{}个自然日内",
    "disabled_check": "开学后{}个自然日内", "holiday_visits": "开学前{}个自然日", "term_start_list": "开学第{}个上学日",
    "term_start_visit": "开学第{}个上学日",
}  # fmt: skip
"""From what on the days of a rule are counted, where its number alone would not say it."""
COUNTED = ("school_day", "school_days", "calendar_days", "workdays")
BY_CALENDAR = {
    "weekly_check": "每周最后一个工作日", "quarterly_review": "每季度最后一个工作日", "circular": "每月最后一个工作日",
    "compare_lists": "每月最后一个工作日", "month_meeting": "每月最后一个上学日", "term_meetings": "开学第一周",
    "leading_meeting": "开学第一周", "staff_meeting": "开学第一周", "term_end_meeting": "学期最后一个上学日",
    "visit_forms": "学期最后一个上学日", "teach_meeting": "学年第一个和最后一个上学日",
}  # fmt: skip
"""When a rule comes that has no number: the contract fixes it."""


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
    counted = next((key for key in reversed(COUNTED) if rule.values.get(key) not in (None, False)), "")
    for key, value in rule.values.items():
        words = SINCE.get(rule.id, UNITS[key]) if key == counted else UNITS[key]
        if value is True:
            parts.append(words)
        elif value is not False:
            shown = "、".join(map(_said, value)) if isinstance(value, tuple) else str(value)
            parts.append(SAME_DAY if value == 0 else words.format(shown))
    return "，".join(parts) or BY_CALENDAR.get(rule.id, "")


def _said(value: object) -> str:
    """``09-30`` is 9月30日 of each year."""
    month, dash, day = str(value).partition("-")
    return f"每年{int(month)}月{int(day)}日" if dash else month


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
