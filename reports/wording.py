"""How values are written on paper: days, masked numbers, groups, sources."""

from __future__ import annotations

import datetime as dt

from casework.terms import CHANNELS, GROUPS, OUTCOMES, REASONS, ROLES

BLANK = "＿＿"
NO_NUMBER = "〔　　　　〕　　号"  # where a number is to be written in by hand
# Named persons only may see which child is involved in a case at law (forms.md 0, group list).
HIDDEN_GROUPS = frozenset({"justice"})
# The documents behind the clause ids (requirements.md).
SOURCES = {
    "TA": "同安区控辍保学自查报告（2023年）",
    "XY": "岫教发〔2024〕111号",
    "FN": "丰教基字〔2025〕27号",
    "LC": "龙教〔2023〕134号",
    "FJ": "闽教基〔2020〕14号",
}
KINDS = {
    "contact": "联系", "visit": "家访", "absence": "缺勤", "leave": "请假", "return": "返校", "dropout": "确认辍学",
    "notice": "劝学通知书", "transfer_out": "转出", "transfer_in": "转入", "suspend": "休学", "defer": "缓学",
    "teach": "送教", "resume": "复学", "police": "公安核实", "found": "摸排发现", "proposed": "拟认定辍学",
    "transfer_refused": "未予接收", "enrolled": "入学", "placed": "安置", "mark": "标注重点群体", "assign": "指定包联人",
    "struck": "移出名册", "platform_flag": "平台标记", "not_registered": "未报到", "not_returned": "未返校",
    "not_handed_over": "未移交", "done": "事项完成", "referred": "转介部门", "replied": "部门答复", "work": "工作",
    "all_present": "全勤", "graduated": "毕业离校",
}  # fmt: skip


def say_date(day: dt.date | None) -> str:
    """``2025年3月5日``, empty for none: dates on paper are absolute (forms.md 0, rule 4)."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def mask_name(name: str) -> str:
    """``张三丰`` → ``张**``, for lists that are shown outside (XY-38)."""
    return name[:1] + "*" * (len(name) - 1)


def say_groups(codes: frozenset[str], all_of_them: bool = False) -> str:
    """The groups in Chinese, those for named persons only left out unless asked for."""
    shown = codes if all_of_them else codes - HIDDEN_GROUPS
    return "、".join(term for code, term in GROUPS.items() if code in shown)


def say_reason(code: str | None, words: str | None) -> str:
    """``学习困难、厌学（不想读了）``."""
    term = REASONS.get(code or "", "")
    return f"{term}（{words}）" if term and words and words != term else term or words or ""


def say_way(kind: str, way: str) -> str:
    """How the guardian was reached: the channel of a contact, else what the event is."""
    return KINDS.get(kind, kind) if kind != "contact" else CHANNELS.get(way, way) or KINDS[kind]


def say_outcome(code: str) -> str:
    """The word for an outcome, or for the reason of a step taken."""
    return OUTCOMES.get(code) or REASONS.get(code, code)


def say_who(name: str, role: str) -> str:
    """``王老师（班主任）``."""
    return f"{name}（{ROLES[role]}）" if name and role in ROLES else name


def say_source(clause: str) -> str:
    """``XY-5`` → ``岫教发〔2024〕111号（XY-5）``; nothing for the national default, which has no document."""
    source = SOURCES.get(clause.partition("-")[0])
    return f"{source}（{clause}）" if source else ""
