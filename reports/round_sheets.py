"""Workbooks of the recurring rounds: quarterly review with its random sample, attendance table, weekly changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from casework.terms import say_month
from reports.figure_sheets import SchoolMonth, say_below, say_stamp
from reports.inputs import Cell, Material
from reports.sheets import Sheet, heads, write
from reports.snapshots import STANDINGS


@dataclass(frozen=True, slots=True)
class Absence:
    """One pupil's absence on one day, for the attendance table: kind is 病假, 事假 or 旷课; ``id`` tells namesakes apart."""

    pupil: str
    on: dt.date
    kind: str
    reason: str = ""
    handled: str = ""
    days: float = 1
    id: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """A class's month: how many pupils and school days, and every absence; ``due``: the pupils' days in all, where some
    came, left or were not expected within the month. ``classes``: the months of a school, which then has no others."""

    class_name: str
    month: str
    pupils: int
    school_days: int
    absences: tuple[Absence, ...] = ()
    due: int | None = None
    classes: tuple[Attendance, ...] = ()


@dataclass(frozen=True, slots=True)
class WeekChange:
    """A line of the week's changes: ``sign`` is ＋ or －."""

    sign: str
    pupil: str
    school: str
    change: str
    on: dt.date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """A week's changes, and how many cases of each kind are open at its end; ``title`` says which week."""

    title: str
    changes: tuple[WeekChange, ...]
    open_cases: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter under review: the schools' reports, the bureau's own count by school, and who was drawn by lot.

    ``sample`` are (school, class, name) in the order of the lot, which is the same again for the same ``seed``.
    """

    title: str
    schools: tuple[SchoolMonth, ...]
    checked: Mapping[str, int]
    sample: tuple[tuple[str, str, str], ...]
    seed: int = 0


def make_quarterly(data: Quarter, material: Material) -> bytes:
    """Quarterly review: reported against checked, and a random sample to be seen in person (FN-9, FJ-29)."""
    quarter, checked = data.title, data.checked
    rows: list[list[Cell]] = []
    for m in sorted(data.schools, key=lambda m: m.school):
        reported = m.report.figures["total"]["dropouts"] if m.report else None
        own = checked.get(m.school)
        gap = own - reported if own is not None and reported is not None else ""
        rows.append(
            [
                m.township,
                m.school,
                STANDINGS[m.standing],
                "" if reported is None else reported,
                "" if own is None else own,
                gap,
                "",
                "",
            ]
        )
    columns = heads(
        "乡镇 12, 学校 20, 报送情况 14, 学校报送辍学人数 10, 复核人数 10, 差异 8, 进校（入户）记录 24, 复核意见 24"
    )
    sample: list[list[Cell]] = [[n, *line, "", "", ""] for n, line in enumerate(data.sample, 1)]
    seen = heads("序号 6, 学校 20, 年级班级 14, 姓名 10, 是否在校（在家） 14, 查看人 12, 查看日期 14")
    below = f"复核单位：{material.issuer.name}　　季度：{quarter}　　抽样种子：{data.seed}"
    sheets = [
        Sheet("复核表", f"控辍保学季度复核表（{quarter}）", columns, rows, below, ("复核人", "单位负责人")),
        Sheet("抽查名单", f"季度复核随机抽查名单（{quarter}）", seen, sample, below, ("抽查人",)),
    ]
    return write(sheets, say_stamp(material))


def make_attendance(data: Attendance, material: Material) -> bytes:
    """学生出勤月报表 of a class, or of all classes of a school: rate and counts of each above, one line for each pupil who
    was absent (LC-9, LC-10)."""
    classes = data.classes or (data,)
    columns = heads("班级 16, 学生数 8, 教学日 8, 应到（人次） 12, 实到（人次） 12, 出勤率 10")
    columns += [(f"{kind}（人次）", 10.0) for kind in KINDS_OF_ABSENCE]
    own = ((each.class_name, absences) for each in classes for absences in _by_pupil(each.absences))
    lines = [_absent_line(n, room if data.classes else "", absences) for n, (room, absences) in enumerate(own, 1)]
    detail = heads(f"序号 6, {'班级 14, ' if data.classes else ''}姓名 10, 日期 36, 天数 8, 类别 12, 原因 24, 处置 24")
    below, month = say_below(material, data.month), say_month(data.month)
    sheets = [
        Sheet("出勤", f"学生出勤月报表（{month}）", columns, [_class_line(each) for each in classes], below, ("班主任", "分管领导")),
        Sheet("缺勤明细", f"{data.class_name}缺勤明细（{month}）", detail, lines, below, ("班主任",)),
    ]  # fmt: skip
    return write(sheets, say_stamp(material))


KINDS_OF_ABSENCE = ("病假", "事假", "旷课")


def _class_line(data: Attendance) -> list[Cell]:
    """Pupils, school days, who was due and who came, and the absences by kind."""
    due = data.pupils * data.school_days if data.due is None else data.due
    missed = sum(a.days for a in data.absences)
    rate = f"{(due - missed) / due:.2%}" if due else "＿＿"
    kinds = (_plain(sum(a.days for a in data.absences if a.kind == kind)) for kind in KINDS_OF_ABSENCE)
    return [data.class_name, data.pupils, data.school_days, due, _plain(due - missed), rate, *kinds]


def _by_pupil(absences: Sequence[Absence]) -> list[list[Absence]]:
    """The absences of each pupil, by day; two of one name stay two."""
    found: dict[tuple[str, str], list[Absence]] = {}
    for absence in sorted(absences, key=lambda a: a.on):
        found.setdefault((absence.pupil, absence.id), []).append(absence)
    return list(found.values())


def _absent_line(number: int, room: str, own: Sequence[Absence]) -> list[Cell]:
    def joined(part: Callable[[Absence], str]) -> str:
        return "、".join(dict.fromkeys(filter(None, (part(a) for a in own))))

    days = "、".join(f"{a.on.month}.{a.on.day}" for a in own)
    return [
        number,
        *([room] if room else []),
        own[0].pupil,
        days,
        _plain(sum(a.days for a in own)),
        joined(lambda a: a.kind),
        joined(lambda a: a.reason),
        joined(lambda a: a.handled),
    ]


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) else number


def make_weekly(data: Week, material: Material) -> bytes:
    """控辍保学台账周报: what came in (＋) and went out (－) since last week, and how many are still open (FJ-1)."""
    changes = data.changes
    columns = heads("序号 6, 变动 6, 姓名 10, 学校 20, 变动内容 20, 日期 12, 核查劝返进展 30")
    rows: list[list[Cell]] = [[n, c.sign, c.pupil, c.school, c.change, c.on, c.note] for n, c in enumerate(changes, 1)]
    plus = sum(c.sign == "＋" for c in changes)
    still = "，".join(f"{name}{number}人" for name, number in data.open_cases.items()) or "无"
    notes = (
        "",
        f"本周新增{plus}人，核减{len(changes) - plus}人；周末在册：{still}。"
        if changes
        else f"本周无变动；周末在册：{still}。",
    )
    below = f"填报单位：{material.issuer.name}　　{data.title}"
    return write(
        [Sheet("周报", "控辍保学台账周核查表", columns, rows, below, ("填表人", "单位负责人"), notes)],
        say_stamp(material),
    )
