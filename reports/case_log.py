"""劝返过程记录: everything recorded about one pupil in order of time, both times kept (TA-16)."""

from __future__ import annotations

from reports.inputs import Cell, Event, Material
from reports.sheets import Sheet, heads, write
from reports.wording import KINDS, say_outcome, say_way, say_who

CLAUSES = {"LC-19": ("check",)}
COLUMNS = "序号 6, 日期 12, 登记时间 17, 事项 12, 方式 10, 人员 18, 在场人员 16, 情况 40, 结果 14, 文号 16, 附件 24"


def make_case_log(material: Material) -> bytes:
    """The log of a pupil; ``登记时间`` is when it was written down, which may be later than the day it is about."""
    pupil = material.pupil
    assert pupil is not None
    events = sorted(material.events, key=lambda e: (e.on, str(e.at or "")))
    below = f"学校：{pupil.school}　班级：{pupil.class_name}　监护人：{pupil.guardian}"
    rows = [_line(n, event) for n, event in enumerate(events, 1)]
    sheet = Sheet("过程记录", f"{pupil.name}劝返过程记录", heads(COLUMNS), rows, below, ("填表人", "校长"))
    return write([sheet], f"{material.by} {material.at:%Y-%m-%d %H:%M} 制表")


def _line(number: int, event: Event) -> list[Cell]:
    written = f"{event.at:%Y-%m-%d %H:%M}" if event.at else ""
    way = say_way(event.kind, event.way) if event.way and event.kind != "done" else ""
    return [
        number, event.on, written, event.what or KINDS[event.kind], way, say_who(event.who, event.role),
        event.companions, event.text, say_outcome(event.outcome), event.number, "、".join(event.files),
    ]  # fmt: skip
