"""Workbooks of figures: 辍学学生情况统计表, the monthly sheet of a school and of the county, rates."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from casework.terms import say_month
from reports.inputs import Cell, Material
from reports.monthly import BY_GRADE, FIGURES, GRADE, PARTS, Monthly
from reports.sheets import Sheet, heads, write
from reports.snapshots import STANDINGS

SIGNS = ("填表人", "审核人", "单位负责人（校长）")
NUMERALS = "〇一二三四五六七八九"
# The columns of 辍学学生情况统计表 (forms.md F02, LC-21) for each line of figures.
STATISTICS = (
    "registered", "present", "suspected", "dropouts", "girls", "poor", "disabled", "suspected_new", "dropout_new",
    "suspected_back", "dropout_back", "dropout_other",
)  # fmt: skip
WHEREABOUTS = {
    "务工": ("务工", "打工", "进厂"),
    "居家": ("在家", "居家"),
    "外地就读未转籍": ("就读", "上学", "读书"),
    "失联": ("失联", "失踪", "不明", "联系不上"),
}


@dataclass(frozen=True, slots=True)
class SchoolMonth:
    """A school's month in the county's workbook; ``standing`` is a key of ``snapshots.STANDINGS``."""

    report: Monthly | None
    school: str
    township: str
    standing: str
    submitted: dt.datetime | None = None
    by: str = ""
    scans: int = 0

    @property
    def halves(self) -> str:
        """Which of the two halves are here: the figures (editable) and the signed and sealed scan (LC-21)."""
        if self.report is None:
            return ""
        return f"☑电子表　{f'☑盖章扫描件（{self.scans}份）' if self.scans else '□盖章扫描件'}"


@dataclass(frozen=True, slots=True)
class CountyMonth:
    """A month (YYYY-MM) of all schools of a county or township."""

    month: str
    schools: tuple[SchoolMonth, ...]


def say_stamp(material: Material) -> str:
    """Who made a sheet and when, for its footer."""
    return f"{material.by} {material.at:%Y-%m-%d %H:%M} 制表"


def say_below(material: Material, month: str) -> str:
    name = material.unit.name if material.unit else material.issuer.name
    return f"填报单位：{name}　　月份：{say_month(month)}　　编号：{material.number or '＿＿'}"


def make_statistics(report: Monthly, material: Material) -> bytes:
    """辍学学生情况统计表: counts by part, the names, whereabouts, an explicit zero, and room to sign and seal (LC-21)."""
    columns = [
        ("学段", 8.0),
        *((FIGURES[key], 6.5) for key in STATISTICS),
        *((place, 6.5) for place in (*WHEREABOUTS, "其他")),
    ]
    rows: list[list[Cell]] = [
        [title, *(report.figures[part][key] for key in STATISTICS), *_whereabouts(report, part == "total")]
        for part, title in PARTS.items()
        if part in report.figures
    ]
    tick = "☑" if report.zero else "□"
    notes = ("", f"{tick}零报告：本月无疑似辍学、辍学学生，已逐班核对。　核对人：＿＿＿＿＿＿", *report.contradictions)
    head = Sheet("统计表", "辍学学生情况统计表", columns, rows, say_below(material, report.month), SIGNS, notes)
    return write([head, *_grades(report, material), _names(report, material)], say_stamp(material))


def _grades(report: Monthly, material: Material) -> list[Sheet]:
    """Who is missing and who came back, by grade and sex; a month frozen before these were counted has none."""
    rows: list[list[Cell]] = [
        [f"{NUMERALS[int(part.removeprefix(GRADE))]}年级", *(counted[key] for key in BY_GRADE)]
        for part, counted in report.figures.items()
        if part.startswith(GRADE)
    ]
    if not rows:
        return []
    rows.append(["合计", *(sum(cast(int, row[n]) for row in rows) for n in range(1, len(BY_GRADE) + 1))])
    columns = [("年级", 10.0), *((title, 10.0) for title in BY_GRADE.values())]
    title = f"疑似辍学、辍学学生分年级、性别统计（{say_month(report.month)}）"
    return [Sheet("分年级性别", title, columns, rows, say_below(material, report.month), SIGNS)]


def _names(report: Monthly, material: Material) -> Sheet:
    """The annex: the pupils behind the figures."""
    return Sheet(
        "名单", f"疑似辍学、辍学学生名单（{say_month(report.month)}）",
        heads("序号 6, 姓名 10, 性别 6, 年级班级 12, 状态 10, 辍学（离校）时间 12, 原因 16, 去向 16, 劝返情况 24, 特殊群体 14, 备注 10"),
        [
            [n, row["name"], row.get("sex", ""), row["class"], row["state"], _day(row.get("since", "")), row["reason"],
             row["whereabouts"], row.get("efforts", ""), row["groups"], ""]
            for n, row in enumerate(report.names, 1)
        ],
        say_below(material, report.month), SIGNS,
    )  # fmt: skip


def _day(words: str) -> Cell:
    return dt.date.fromisoformat(words) if words else ""


def _whereabouts(report: Monthly, shown: bool) -> list[Cell]:
    """Where the dropouts are, by the words recorded; only the total line has it."""
    if not shown:
        return ["" for _ in range(len(WHEREABOUTS) + 1)]
    counts = Counter(
        next((place for place, words in WHEREABOUTS.items() if any(w in row["whereabouts"] for w in words)), "其他")
        for row in report.names
        if row["state"] == "辍学"
    )
    return [counts[place] for place in (*WHEREABOUTS, "其他")]


def make_monthly_sheet(report: Monthly, material: Material) -> bytes:
    """控辍保学月报表 of a school: every figure by stage, with what still contradicts itself (F14)."""
    parts = [part for part in PARTS if part in report.figures]
    columns = [("项目", 22.0), *((PARTS[part], 10.0) for part in parts)]
    rows: list[list[Cell]] = [[title, *(report.figures[part][key] for part in parts)] for key, title in FIGURES.items()]
    detail = (
        "本月无疑似辍学、辍学学生，已逐班核对，核对人：＿＿＿＿＿＿"
        if report.zero
        else f"名单见附表，共{len(report.names)}人。"
    )
    sheet = Sheet(
        "月报表", "控辍保学月报表", columns, rows, say_below(material, report.month), ("填表人", "审核人", "校长"),
        ("", detail, *report.contradictions), portrait=True,
    )  # fmt: skip
    return write([sheet, _names(report, material)], say_stamp(material))


# The figures of the county's workbook, a sheet for each part: all in one would be too small to read on paper.
BY_SHEET = {
    "": tuple(FIGURES)[: tuple(FIGURES).index("suspected_start")],
    "疑似辍学": tuple(key for key in FIGURES if key.startswith("suspected")),
    "辍学和劝返": tuple(FIGURES)[tuple(FIGURES).index("dropout_start") :],
}


def make_county_month(data: CountyMonth, material: Material) -> bytes:
    """The county's workbook: one line a school, the townships, and the schools that have not reported, apart."""
    months, month = sorted(data.schools, key=lambda m: (m.township, m.school)), data.month
    below = say_below(material, month)
    townships = {name: [m for m in months if m.township == name] for name in dict.fromkeys(m.township for m in months)}
    sheets = []
    for part, keys in BY_SHEET.items():
        title = f"{'：' if part else ''}{part}（{say_month(month)}）"
        figures = [(FIGURES[key], 8.0) for key in keys]
        schools = [[*_who(m, part), *_figures(m, keys)] for m in months] + [_sum_line("合计", months, part, keys)]
        columns = heads(
            "乡镇 9, 学校 21" if part else "乡镇 9, 学校 19, 报送情况 11, 报送人 8, 报送时间 11, 两件齐否 14"
        )
        sheets.append(Sheet(f"各校{part}", f"控辍保学月报汇总表{title}", [*columns, *figures], schools, below, SIGNS))
        lines = [_sum_line(name, theirs, part, keys) for name, theirs in townships.items()]
        sheets.append(
            Sheet(f"各乡镇{part}", f"控辍保学月报乡镇汇总表{title}", [*columns, *figures], lines, below, SIGNS)
        )
    silent = [m for m in months if m.standing in ("silent", "assumed")]
    rows: list[list[Cell]] = [[n, m.township, m.school, STANDINGS[m.standing]] for n, m in enumerate(silent, 1)]
    heading = heads("序号 6, 乡镇 14, 学校 24, 情况 18")
    sheets.sort(key=lambda sheet: sheet.name.startswith("各乡镇"))  # the schools' sheets, then the townships'
    sheets.append(Sheet("未报名单", f"月报未报学校名单（{say_month(month)}）", heading, rows, below))
    return write(sheets, say_stamp(material))


def _who(month: SchoolMonth, part: str) -> list[Cell]:
    """The school; on the first sheet also whether, by whom and when it reported."""
    when = f"{month.submitted:%Y-%m-%d %H:%M}" if month.submitted else ""
    told: list[Cell] = [STANDINGS[month.standing], month.by, when, month.halves]
    return [month.township, month.school, *([] if part else told)]


def _figures(month: SchoolMonth, keys: Sequence[str]) -> list[Cell]:
    """A silent month has no figures: an empty cell is not a zero."""
    return [month.report.figures["total"].get(key, "") if month.report else "" for key in keys]


def _sum_line(name: str, months: Sequence[SchoolMonth], part: str, keys: Sequence[str]) -> list[Cell]:
    counts = Counter(m.standing for m in months)
    said = "，".join(f"{STANDINGS[key]}{counts[key]}所" for key in STANDINGS if counts[key])
    reports = [m.report.figures["total"] for m in months if m.report]
    return [
        name,
        f"{len(months)}所",
        *([] if part else [said, "", "", ""]),
        *(sum(r[key] for r in reports) if reports else "" for key in keys),  # nor is the sum of no report one
    ]
