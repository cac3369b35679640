"""Which function answers which question: the actions that write no fact about a pupil."""

from __future__ import annotations

from collections.abc import Callable

from handlers import helping, lookup, reporting, schedule
from handlers.desk import Desk, Said
from handlers.understanding.actions import Action

ASKING: dict[str, Callable[[Desk, Action], Said]] = {
    "todo": lookup.todo,
    "case": lookup.case,
    "list": lookup.listing,
    "stats": lookup.stats,
    "help": helping.help_,
    "whoami": lookup.whoami,
    "greet": lookup.greet,
    "report": reporting.report,
    "export": reporting.export,
    "snooze": schedule.snooze,
}
EXAMPLES = {
    "teacher": "张三 缺勤 第3天",
    "subject_teacher": "张三今天没来",
    "school": "提交本月月报",
    "principal": "待劝返名单",
    "village": "家访 张三 家长同意下周一返校",
    "township": "待劝返名单",
    "county": "哪些学校没交月报",
    "admin": "待劝返名单",
}
