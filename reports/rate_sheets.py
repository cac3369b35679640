"""The workbook of 入学率 and 巩固率: the rates by unit, who is not counted, and every child behind the figures."""

from __future__ import annotations

from casework.access import mask
from reports.figure_sheets import SIGNS, say_stamp
from reports.inputs import Cell, Material
from reports.rates import ASIDE, COUNTED, LACKING, TITLES, Child, RateTable, belongs
from reports.sheets import Sheet, heads, write

MARKS = {COUNTED: "计入", LACKING: "未计入", ASIDE: "不在分母"}
BEHIND = heads("单位 24, 指标 24, 学校 18, 班级 14, 姓名 10, 身份证号 20, 算在哪里 10, 依据 24")
CHILD = heads("序号 6, 学校 18, 班级 14, 姓名 10, 身份证号 20, 现在情况 24")


def make_rates(table: RateTable, material: Material) -> bytes:
    """Numerator, denominator, target and gap by unit; who is missing; and the list behind every figure (XY-1)."""
    below = f"统计单位：{material.issuer.name}　　统计时间：{material.at:%Y-%m-%d}"
    columns = heads("单位 26, 指标 22, 分子 8, 分母 8, 比率 10, 目标 10, 差距 11, 未计入人数 8, 不在分母人数 8")
    rows: list[list[Cell]] = [
        [f.unit, f.title, f.numerator, f.denominator, f.percent, f.target_percent, f.gap, f.missing, f.aside]
        for f in (r.figure for r in table.rates)
    ]
    names: list[list[Cell]] = [
        [r.unit, TITLES[r.name], *_child(c), MARKS[c.standing], c.why]
        for r in table.rates
        for c in (*r.missing, *r.aside)
    ]
    rated = [name for name in dict.fromkeys(r.name for r in table.rates) if name != "retention"]
    marked = [*CHILD, *((TITLES[name], 11.0) for name in rated)]
    everyone = ([n, *_child(c), c.why, *_marks(c, rated)] for n, c in enumerate(table.behind("enrolment"), 1))
    cohort = ([n, *_child(c), c.why, c.cohort, MARKS[c.standing]] for n, c in enumerate(table.behind("retention"), 1))
    sheets = [
        Sheet("比率", "义务教育入学率、巩固率统计表", columns, rows, below, SIGNS),
        Sheet("未计入名单", "未计入和不在分母的学生名单", BEHIND, names, below),
        Sheet("入学率名单", "入学率的分母、分子学生名单", marked, everyone, below),
        Sheet("巩固率名单", "巩固率的分母、分子学生名单", [*CHILD, *heads("从何而来 14, 巩固率 11")], cohort, below),
    ]
    return write(sheets, say_stamp(material))


def _child(child: Child) -> list[Cell]:
    return [child.school, child.class_name, child.name, mask(child.id_number)]


def _marks(child: Child, rated: list[str]) -> list[Cell]:
    """For each rate how the child counts in it; empty where the rate is not about the child."""
    return [MARKS[child.standing] if belongs(name, child.groups) else "" for name in rated]
