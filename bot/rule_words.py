"""A rule's numbers in words, for the page of rules and ``kongchuo policy show``: 缺勤第3天, 返校后第7、30、60天."""

from __future__ import annotations

from casework.policy import Rule
from casework.terms import ROLES

UNITS = {
    "school_day": "缺勤第{}个上学日", "school_days": "{}个上学日内", "calendar_days": "{}个自然日内", "workdays": "{}个工作日内",
    "calendar_day": "请假第{}天", "attempts": "或第{}次联系、家访", "days": "{}天", "window": "在{}天内", "soft_days": "第{}天先提醒",
    "steps": "返校后第{}天", "early_days": "可提前{}天", "sessions": "每月{}次", "lessons": "{}课时", "minutes": "每课时{}分钟",
    "month_day": "每月{}日", "remind": "{}日提醒", "dates": "{}", "days_after_tell": "告知后{}天", "silent": "未报视为0",
    "signers": "{}也签",
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
    """``09-30`` is 9月30日 of each year; a role has its name."""
    month, dash, day = str(value).partition("-")
    return f"每年{int(month)}月{int(day)}日" if dash else ROLES.get(month, month)
