"""Workbooks of the work itself: what was done beside the cases, and how each school and person kept its duties.

The second is for those who assess and inspect schools (XY-47, FJ-25, FJ-27): figures only, never a ranking made by the
program.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casework.terms import GROUPS
from reports.figure_sheets import say_stamp
from reports.inputs import Cell, Material
from reports.sheets import Sheet, heads, write

SIGNS = ("填表人", "单位负责人")


@dataclass(frozen=True, slots=True)
class Done:
    """One thing done: ``whose`` names the unit or pupil, ``kind`` is a word of ``terms.WORK`` or ``HELP``."""

    on: dt.date
    whose: str
    kind: str
    note: str
    people: int | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class WorkLog:
    """What was done in a span; ``title`` says which one; ``arranged`` are the arrangements in force, of whatever year."""

    title: str
    rows: tuple[Done, ...]
    arranged: tuple[Done, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """Duties that fell due in a span: met by their day, met later, still open."""

    on_time: int = 0
    late: int = 0
    open: int = 0

    @property
    def due(self) -> int:
        return self.on_time + self.late + self.open

    @property
    def cells(self) -> list[Cell]:
        """按时, 补办, 未办, and the share met on time (blank where nothing was due)."""
        share = f"{self.on_time / self.due:.1%}" if self.due else ""
        return [self.due, self.on_time, self.late, self.open, share]


@dataclass(frozen=True, slots=True)
class SchoolWork:
    """A school's figures: pupils, how many stand suspected and as dropouts, reports, duties, work, groups of care."""

    school: str
    township: str
    pupils: int
    suspected: int
    dropouts: int
    reports_due: int
    reports_in: int
    kept: Kept
    visits: int
    works: int
    groups: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Assessment:
    """A school year so far of all schools of a reach; ``people`` are name, post and duties; ``groups`` those shown."""

    title: str
    schools: tuple[SchoolWork, ...]
    people: tuple[tuple[str, str, Kept], ...]
    groups: Sequence[str]


@dataclass(frozen=True, slots=True)
class NumberRegister:
    """发文登记簿 of a span; ``rows`` are number, title, about whom, day and by whom, oldest first."""

    title: str
    rows: tuple[tuple[str, str, str, dt.date, str], ...]


def make_number_register(data: NumberRegister, material: Material) -> bytes:
    """发文登记簿: every paper that was given a number, with room for who received it."""
    columns = heads("序号 6, 文号 34, 文书 30, 学生 26, 日期 12, 经办人 10, 签发人 10, 签收人、日期 18")
    rows: list[list[Cell]] = [[n, *row, "", ""] for n, row in enumerate(data.rows, 1)]
    below = f"登记单位：{material.issuer.name}　　{data.title}"
    return write([Sheet("发文登记", "发文登记簿", columns, rows, below, SIGNS)], say_stamp(material))


def make_work_log(data: WorkLog, material: Material) -> bytes:
    """控辍保学工作记录表: meetings, publicity, training, inspections, and help given to pupils."""
    columns = heads("序号 6, 日期 12, 单位（学生） 22, 类别 12, 内容 60, 人数 8, 记录人 10")
    rows: list[list[Cell]] = [[n, d.on, d.whose, d.kind, d.note, d.people, d.by] for n, d in enumerate(data.rows, 1)]
    below = f"填报单位：{material.issuer.name}　　{data.title}"
    named = heads("序号 6, 单位 22, 类别 12, 成员、职责、包保学校、联系人 70, 登记日期 12")
    parts: list[list[Cell]] = [[n, d.whose, d.kind, d.note, d.on] for n, d in enumerate(data.arranged, 1)]
    sheets = [
        Sheet("工作记录", "控辍保学工作记录表", columns, rows, below, SIGNS),
        Sheet("领导小组和分工", "控辍保学领导小组、包校安排和部门联系人表", named, parts, below, SIGNS),
    ]
    return write(sheets, say_stamp(material))


def make_assessment(data: Assessment, material: Material) -> bytes:
    """控辍保学工作统计表: by school, by person, and the groups of care by school (XY-2)."""
    below = f"统计单位：{material.issuer.name}　　{data.title}"
    schools = heads(
        "乡镇 12, 学校 22, 在册学生 10, 疑似辍学 10, 辍学 8, 应报月报 10, 已报 8, 到期事项 10, 按时完成 10, 逾期后完成 10, 未完成 8, 按时率 10, 家访次数 10, 工作记录 10"
    )
    lines: list[list[Cell]] = [
        [
            s.township,
            s.school,
            s.pupils,
            s.suspected,
            s.dropouts,
            s.reports_due,
            s.reports_in,
            *s.kept.cells,
            s.visits,
            s.works,
        ]
        for s in data.schools
    ]
    persons = heads("序号 6, 姓名 10, 岗位 34, 到期事项 10, 按时完成 10, 逾期后完成 10, 未完成 8, 按时率 10")
    people: list[list[Cell]] = [[n, name, post, *kept.cells] for n, (name, post, kept) in enumerate(data.people, 1)]
    columns = [("乡镇", 12.0), ("学校", 22.0), *((GROUPS[g], 12.0) for g in data.groups)]
    groups: list[list[Cell]] = [
        [s.township, s.school, *(s.groups.get(g, 0) for g in data.groups)] for s in data.schools
    ]
    notes = ("", "本表只列数字，供考核、督导时参考；评价由人作出。")
    sheets = [
        Sheet("按学校", f"控辍保学工作统计表（{data.title}）", schools, lines, below, SIGNS, notes),
        Sheet("按岗位", f"控辍保学事项完成情况（{data.title}）", persons, people, below, SIGNS, notes),
        Sheet("重点群体", f"重点群体学生人数（{data.title}）", columns, groups, below, SIGNS),
    ]
    return write(sheets, say_stamp(material))
