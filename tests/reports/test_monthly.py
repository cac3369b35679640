"""The monthly report: every figure recomputed a second, simple way; contradictions; frozen months."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from itertools import pairwise
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import snapshots
from reports.catalogue import produce
from reports.figure_sheets import BY_SHEET, CountyMonth, SchoolMonth
from reports.monthly import FIGURES, PARTS, PRESENT, Change, Monthly, Move, RosterRow, count
from tests.reports.made import full

DAY = dt.date(2025, 3, 10)
STATES = ("in_school", "absent", "on_leave", "suspected", "dropout", "observed", "home_taught", "left")


def row(pupil: str = "p1", **more: Any) -> RosterRow:
    given: dict[str, Any] = {
        "name": f"学生{pupil}", "school": "青石镇中学", "class_name": "八年级3班", "grade": 8, "sex": "女", "groups": frozenset({"poor"}),
        "registered_start": True, "registered": True, "state_start": "in_school", "state": "in_school", "whereabouts": "在家",
    }  # fmt: skip
    return RosterRow(pupil, **(given | more))


def walk(pupil: str, *states: str) -> list[Move]:
    return [Move(pupil, DAY + dt.timedelta(n), a, b) for n, (a, b) in enumerate(pairwise(states))]


ROSTER = (
    row("p1", state="suspected"),
    row("p2", state_start="suspected", state="dropout", sex="女"),
    row("p3", state_start="dropout", state="observed", grade=5),
    row("p4", registered_start=False, state_start=""),
    row("p5", state="left", left_as="suspended"),
    row("p6", registered=False, state="left"),
    row("p7", state_start="suspected", state="in_school", grade=4, sex="男", groups=frozenset({"disabled"})),
)
MOVES = (
    *walk("p1", "in_school", "absent", "suspected"), *walk("p2", "suspected", "dropout"), *walk("p3", "dropout", "observed"),
    *walk("p7", "suspected", "observed", "in_school"),
)  # fmt: skip
DONE = (
    Change("p4", DAY, "transfer_in"), Change("p6", DAY, "transfer_out"), Change("p1", DAY, "visit"), Change("p1", DAY, "contact"),
    Change("p2", DAY, "notice"), Change("p2", DAY, "dropout_report"),
)  # fmt: skip
REPORT = count("s1", "2025-03", ROSTER, MOVES, DONE)


def test_figures_of_a_small_school() -> None:
    total = REPORT.figures["total"]
    expected = {
        "registered_start": 6, "transfer_in": 1, "transfer_out": 1, "registered": 6, "present": 3, "suspended": 1,
        "suspected_start": 2, "suspected_new": 1, "suspected_back": 1, "suspected_to_dropout": 1, "suspected": 1,
        "dropout_start": 1, "dropout_new": 1, "dropout_back": 1, "dropouts": 1, "girls": 1, "poor": 1, "disabled": 0,
        "visits": 1, "persuasions": 2, "notices": 1, "reports": 1,
    }  # fmt: skip
    assert {key: total[key] for key in expected} == expected
    assert REPORT.contradictions == ()
    assert [n["name"] for n in REPORT.names] == ["学生p1", "学生p2"]
    assert REPORT.groups["poor"] == 2


@st.composite
def months(draw: st.DrawFn) -> tuple[list[RosterRow], list[Move]]:
    roster, moves = [], []
    for n in range(draw(st.integers(0, 12))):
        path = draw(st.lists(st.sampled_from(STATES), min_size=1, max_size=5))
        path = [s for k, s in enumerate(path) if k == 0 or s != path[k - 1]]
        pupil = f"p{n}"
        roster.append(
            row(
                pupil,
                state_start=path[0],
                state=path[-1],
                grade=draw(st.sampled_from((1, 6, 7, 9))),
                left_as="suspended" if path[-1] == "left" else "",
            )
        )
        moves += walk(pupil, *path)
    return roster, moves


@settings(max_examples=150, deadline=None)
@given(months())
def test_every_figure_agrees_with_a_second_simple_count(month: tuple[list[RosterRow], list[Move]]) -> None:
    roster, moves = month
    report = count("s1", "2025-03", roster, moves, [])
    total = report.figures["total"]
    assert report.contradictions == ()
    assert total["suspected"] == len([r for r in roster if r.state == "suspected"])
    assert total["dropouts"] == len([r for r in roster if r.state == "dropout"])
    assert total["present"] == len([r for r in roster if r.state in PRESENT])
    into = [m for m in moves if m.after == "dropout"]
    out = [m for m in moves if m.before == "dropout"]
    assert total["dropout_new"] == len(into)
    assert total["dropout_back"] + total["dropout_other"] == len(out)
    assert total["dropout_start"] + len(into) - len(out) == total["dropouts"]
    assert all(
        sum(figures[key] for part, figures in report.figures.items() if part in PARTS and part != "total") == total[key]
        for key in FIGURES
    )
    for grade in {r.grade for r in roster}:
        ours, counted = [r for r in roster if r.grade == grade], report.figures[f"grade{grade}"]
        missing = [r for r in ours if r.state in ("suspected", "dropout")]
        assert counted["missing"] == len(missing) == counted["suspected"] + counted["dropouts"]
        assert counted["missing_girls"] == len([r for r in missing if r.sex == "女"])
        returned = {m.pupil for m in moves if m.before in ("suspected", "dropout") and m.after in PRESENT}
        assert counted["back"] == len([r for r in ours if r.pupil in returned])


WRONG = [
    ([row("p1", state="suspected")], [], [], "初中疑似辍学人数对不上：疑似辍学期初0＋疑似辍学新增0"),
    ([row("p1", state="suspected")], [], [], "学生p1（八年级3班）月末是“疑似辍学”，变动记录却停在“在校”"),
    ([row("p1", registered_start=False, state_start="")], [], [], "在籍人数对不上"),
    ([row("p1")], walk("p9", "in_school", "suspected"), [], "有1名学生有变动记录，但不在本校名册里"),
    ([row("p1", grade=None)], [], [], "学生p1年级不明"),
    ([row("p1", state_start="dropout", state="dropout", registered=False)], [], [Change("p1", DAY, "leave_register")], "已不在籍"),
    ([row("p1", state_start="left", state="left")], [], [], "已离校，但没有转学、休学或缓学手续"),
    ([row("p1", state_start="dropout", state="dropout", whereabouts="")], [], [], "辍学，但没有填去向"),
    ([row("p1"), row("p1")], [], [], "在名册里出现了两次"),
]  # fmt: skip


@pytest.mark.parametrize(("roster", "moves", "done", "sentence"), WRONG)
def test_contradictions_are_said_with_names(
    roster: list[RosterRow], moves: list[Move], done: list[Change], sentence: str
) -> None:
    assert any(sentence in said for said in count("s1", "2025-03", roster, moves, done).contradictions)


def test_the_draft_shows_names_figures_and_contradictions() -> None:
    said = snapshots.say_draft(REPORT)
    assert "在籍6人，在校3人；疑似辍学1人（新增1，返校1）；辍学1人（新增1，复学1）" in said
    assert "1. 学生p1（八年级3班）疑似辍学" in said
    assert "对不上" not in said
    assert "零报告" in snapshots.say_draft(count("s1", "2025-03", [row()], [], []))


@pytest.mark.clause("FN-8")
def test_a_frozen_month_keeps_its_hash() -> None:
    kept = snapshots.freeze(REPORT)
    fewer = replace(REPORT, names=REPORT.names[:1])
    other = replace(REPORT, figures={"total": {**REPORT.figures["total"], "dropouts": 0}})
    assert len({snapshots.freeze(report).hash for report in (REPORT, fewer, other)}) == 3
    assert snapshots.freeze(count("s1", "2025-03", ROSTER, reversed(MOVES), DONE)).hash == kept.hash


def test_later_facts_are_differences() -> None:
    kept = snapshots.freeze(REPORT)
    assert snapshots.differences(kept, REPORT) == []
    later = [replace(r, state="dropout") if r.pupil == "p1" else r for r in ROSTER if r.pupil != "p2"]
    said = snapshots.differences(kept, count("s1", "2025-03", later, MOVES, DONE))
    assert "学生p1：提交时为疑似辍学，现为辍学。" in said
    assert "学生p2：提交时为辍学，现已不在名单上。" in said
    assert "合计疑似辍学期末：提交时1，现为0。" in said
    junior = [replace(r, grade=8) for r in ROSTER]
    kept = snapshots.freeze(count("s1", "2025-03", junior, (), ()))
    said = snapshots.differences(kept, count("s1", "2025-03", junior[1:], (), ()))
    assert [line for line in said if "月末在籍" in line] == [
        "月末在籍：提交时6，现为5。"
    ]  # once, where there is one stage


@pytest.mark.clause("XY-42")
def test_silence_is_not_zero() -> None:
    words = [
        snapshots.STANDINGS[snapshots.standing(*args)]
        for args in ((True, False), (True, True), (False, False, False), (False, False, True))
    ]
    assert words == ["已报", "已报（零报告）", "未报", "0（未报视为0）"]
    assert count("s1", "2025-03", [row()], [], []).zero
    assert not REPORT.zero


def cells(content: bytes, page: str) -> list[list[Any]]:
    return [[c.value for c in r] for r in openpyxl.load_workbook(io.BytesIO(content))[page].iter_rows()]


@pytest.mark.clause("LC-21")
def test_the_statistics_sheet_has_figures_names_seal_and_zero() -> None:
    content = produce("dropout_statistics", full(data=REPORT)).content
    rows = cells(content, "统计表")
    total = dict(zip(rows[2], next(r for r in rows if r[0] == "合计"), strict=True))
    assert (total["月末在籍"], total["疑似辍学期末"], total["辍学期末"], total["未复学中女生"], total["居家"]) == (
        6,
        1,
        1,
        1,
        1,
    )
    said = str(rows)
    assert "□零报告" in said
    assert "单位（公章）" in said
    assert [r[1] for r in cells(content, "名单")[3:5]] == ["学生p1", "学生p2"]
    zero = produce("dropout_statistics", full(data=count("s1", "2025-03", [row()], [], []))).content
    assert "☑零报告：本月无疑似辍学、辍学学生" in str(cells(zero, "统计表"))


def test_the_monthly_sheet_shows_every_figure() -> None:
    rows = cells(produce("monthly_report", full(data=REPORT)).content, "月报表")
    shown = {r[0]: r[rows[2].index("合计")] for r in rows[3 : 3 + len(FIGURES)]}
    assert shown == {FIGURES[key]: number for key, number in REPORT.figures["total"].items()}


@pytest.mark.clause("TA-29")
def test_the_county_adds_up_its_schools_and_lists_the_silent() -> None:
    schools = tuple(SchoolMonth(REPORT, f"学校{n}", f"乡镇{n % 2}", "reported") for n in range(4))
    schools += (SchoolMonth(None, "沉默小学", "乡镇0", "silent"), SchoolMonth(None, "视零小学", "乡镇1", "assumed"))
    content = produce("county_month", full("county_edu", data=CountyMonth("2025-03", schools))).content
    rows = cells(content, "各校")
    total = dict(zip(rows[2], next(r for r in rows if r[0] == "合计"), strict=True))
    lost = cells(content, "各校辍学和劝返")
    total |= dict(zip(lost[2], next(r for r in lost if r[0] == "合计"), strict=True))
    assert (total["月末在籍"], total["辍学期末"]) == (24, 4)
    assert total["报送情况"] == "已报4所，0（未报视为0）1所，未报1所"
    silent = next(r for r in rows if r[1] == "沉默小学")
    assert silent[6:] == [None] * 11
    assert next(r for r in lost if r[1] == "沉默小学")[2:] == [None] * 12
    heads = [head for sheet in BY_SHEET for head in cells(content, f"各校{sheet}")[2]]
    assert [word for word in heads if word in FIGURES.values()] == list(FIGURES.values())  # each on one sheet
    assert [r[2] for r in cells(content, "未报名单")[3:]] == ["沉默小学", "视零小学"]
    alone = produce("county_month", full("county_edu", data=CountyMonth("2025-03", schools[-2:-1]))).content
    assert {value for row in cells(alone, "各乡镇疑似辍学")[3:4] for value in row[2:]} == {None}  # the sum of no report


def test_no_sheet_of_the_county_workbook_is_too_wide_to_be_read_on_paper() -> None:
    schools = (SchoolMonth(REPORT, "学校", "乡镇", "reported"),)
    content = produce("county_month", full("county_edu", data=CountyMonth("2025-03", schools))).content
    for page in openpyxl.load_workbook(io.BytesIO(content)):
        assert page.page_setup.orientation == "landscape"
        assert page.print_title_rows == "$3:$3"
        widths = [column.width * (column.max - column.min + 1) for column in page.column_dimensions.values()]
        assert 40 < sum(widths) <= 175, page.title  # characters: more would be printed in less than 6 points


@pytest.mark.slow
def test_the_county_workbook_of_102_schools_in_five_seconds() -> None:
    schools = tuple(SchoolMonth(REPORT, f"学校{n}", f"乡镇{n % 20}", "reported") for n in range(102))
    start = dt.datetime.now()
    produce("county_month", full("county_edu", data=CountyMonth("2025-03", schools)))
    assert (dt.datetime.now() - start).total_seconds() < 5


def test_an_empty_school_has_a_report_too() -> None:
    report = count("s1", "2025-03", [], [], [])
    assert isinstance(report, Monthly)
    assert report.zero
    assert report.figures["total"]["registered"] == 0
