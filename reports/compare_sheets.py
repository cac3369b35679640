"""A comparison as a workbook: a summary, each difference, the likely matches apart, and every bad row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from casework.access import mask
from reports.compare import Comparison, Difference
from reports.inputs import Cell, Material
from reports.lists import BadRow, NameList, Person
from reports.sheets import Sheet, heads, write

PERSON = (
    "序号 6, 姓名 10, 身份证号 20, 出生日期 12, 监护人 10, 学校 20, 班级 14, 住址（村） 24, 联系电话 14, 原表行号 10"
)
LIKELY = "序号 6, 比对 28, 姓名 10, 身份证号 20, 出生日期 12, 监护人 10, 原表行号 10, 对方身份证号 20, 对方出生日期 12, 对方监护人 10, 对方行号 10, 依据 28, 核实结果 14"
SIGNS = ("比对人", "审核人", "单位负责人")


def workbook(comparison: Comparison, by: str, at: dt.datetime, full_ids: bool = True) -> bytes:
    """The workbook for the office that compares; with ``full_ids`` false the numbers are masked."""

    def say_id(person: Person) -> str:
        return person.id if full_ids else mask(person.id)

    sheets = [_summary(comparison, at)]
    sheets += [
        Sheet(
            f"{n}.{d.title.partition('（')[0]}"[:28], d.title, [*heads(PERSON), ("核实结果", 16)],
            ([k, *_line(p, say_id(p)), ""] for k, p in enumerate(d.people, 1)), _below(d), SIGNS,
        )
        for n, d in enumerate(comparison.differences, 1)
    ]  # fmt: skip
    likely = (
        [d.title, p.one.name, say_id(p.one), p.one.born, p.one.guardian, _at(p.one), say_id(p.other), p.other.born,
         p.other.guardian, _at(p.other), p.why, ""]
        for d in comparison.differences for p in d.likely
    )  # fmt: skip
    sheets.append(
        Sheet("疑似匹配", "疑似同一人名单（须人工核实）", heads(LIKELY), _numbered(likely), "由人核实后才能认定", SIGNS)
    )
    bad = (
        [lst.title, _at(b), b.name, b.what, "已参加比对" if b.used else "未参加比对"]
        for lst in comparison.lists
        for b in lst.bad
    )
    sheets.append(
        Sheet("问题行", "各表问题行清单", heads("序号 6, 表 14, 行号 10, 姓名 12, 问题 36, 处理 14"), _numbered(bad))
    )
    outside = ([d.one, *_line(p, say_id(p))] for d in comparison.differences for p in d.outside_age)
    columns = [("序号", 6.0), ("表", 14.0), *heads(PERSON)[1:]]
    sheets.append(Sheet("不在义务教育年龄", "不在义务教育年龄、未计入名单", columns, _numbered(outside)))
    return write(sheets, f"{by} {at:%Y-%m-%d %H:%M} 制表")


def make_comparison(comparison: Comparison, material: Material) -> bytes:
    """The workbook as the catalogue makes it: numbers in full only for the office that asks for them."""
    return workbook(comparison, material.by, material.at, material.full_ids)


def _summary(comparison: Comparison, at: dt.datetime) -> Sheet:
    rows: list[list[Cell]] = [
        ["表", lst.title, len(lst.people), len(lst.bad), "", _say_sheets(lst)] for lst in comparison.lists
    ]
    rows += [["比对", d.title, len(d.people), "", len(d.likely), ""] for d in comparison.differences]
    columns = heads("类别 10, 名称 36, 人数 12, 问题行 12, 疑似匹配 12, 读了哪些工作表 40")
    return Sheet("汇总", "数据比对汇总表", columns, rows, f"比对时间：{at:%Y-%m-%d %H:%M}", SIGNS)


def _say_sheets(lst: NameList) -> str:
    """Which pages of a workbook were read, with how many people, and which were not."""
    read = "、".join(f"{name}{many}人" for name, many in lst.sheets.items() if many is not None)
    left = "、".join(name for name, many in lst.sheets.items() if many is None)
    return read + (f"；没有读：{left}" if left else "")


def _below(difference: Difference) -> str:
    relation = "和" if difference.shared else "有，而"
    return f"{difference.one}{relation}{difference.other}{'都有' if difference.shared else '没有'}的人，共{len(difference.people)}人"


def _line(person: Person, number: str) -> list[Cell]:
    return [
        person.name, number, person.born, person.guardian, person.school, person.class_name, person.place, person.phone,
        _at(person),
    ]  # fmt: skip


def _at(line: Person | BadRow) -> Cell:
    """Where a line stands in its file: the number, with the page of a workbook that has several."""
    return f"{line.sheet}第{line.row}行" if line.sheet else line.row


def _numbered(rows: Iterable[Sequence[Cell]]) -> Iterable[list[Cell]]:
    return ([n, *row] for n, row in enumerate(rows, 1))


def say_summary(comparison: Comparison) -> str:
    """What was found, for the chat."""
    lines = [
        f"{lst.title}：{len(lst.people)}人"
        + (f"（工作表：{_say_sheets(lst)}）" if lst.sheets else "")
        + (f"，有{len(lst.bad)}行需要核对" if lst.bad else "")
        for lst in comparison.lists
    ]
    lines += [
        f"{d.title}：{len(d.people)}人"
        + (f"，另有{len(d.likely)}人疑似匹配待核实" if d.likely else "")
        + (f"，{len(d.outside_age)}人不在义务教育年龄、未计入" if d.outside_age else "")
        for d in comparison.differences
    ]
    return "\n".join(lines)
