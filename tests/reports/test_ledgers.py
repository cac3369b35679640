"""Ledgers: opened again by openpyxl, held against the entries they were made of."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.catalogue import catalogue, produce
from reports.columns import COLUMNS
from reports.forbidden import WITHHELD, Forbidden
from reports.inputs import Entry, Event
from reports.ledgers import ledgers
from reports.ordering import RUN, in_order
from reports.sheets import Sheet, heads, write
from tests.reports.made import CASE, EVENTS, ID, PUPIL, STUDENT_NO, full


def entry(
    name: str = "张三", case: dict[str, Any] | None = None, events: tuple[Event, ...] = EVENTS, **pupil: Any
) -> Entry:
    return Entry(replace(PUPIL, name=name, **pupil), replace(CASE, **(case or {})), events)


ENTRIES = (
    entry(),
    entry("李四", {"state": "dropout", "ledger": "dropout"}, grade=5, class_name="五年级1班", township="河湾乡", groups=frozenset({"disabled", "orphan"})),
    entry("王五", {"state": "in_school", "ledger": "age", "day": 0, "since": None}, (), grade=9, groups=frozenset({"migrant"}), household="随迁"),
    entry("赵六", {"state": "home_taught", "ledger": "age", "day": 0, "since": None}, (), groups=frozenset({"disabled", "de_facto_orphan", "in_difficulty"})),
    entry("钱七", {"state": "observed", "ledger": "suspected", "returned": dt.date(2025, 3, 10)}, groups=frozenset({"struggling"})),
)  # fmt: skip
EXPECTED = {
    "age_county": "张三 李四 王五 赵六 钱七", "age_school": "张三 李四 王五 赵六 钱七", "suspected_township": "张三 钱七",
    "dropout_village": "李四", "ledger_primary": "李四", "ledger_junior": "张三 王五 赵六 钱七", "group_poor": "张三",
    "group_left_behind": "张三", "group_disabled": "李四 赵六", "group_migrant": "王五", "group_orphan": "李四",
    "group_de_facto_orphan": "赵六", "group_in_difficulty": "赵六", "group_justice": "张三", "class_ledger": "张三 李四 王五 赵六 钱七",
    "leave_register": "张三 李四 钱七", "changes": "张三 李四 钱七", "not_returned": "张三 李四", "dropout_list": "李四",
    "schooling_elsewhere": "张三 李四 赵六 钱七", "home_taught": "赵六", "at_risk": "张三 李四 王五 钱七", "relapses": "钱七",
    "aid_list": "张三", "public_list": "张*", "helpers": "张三 李四 王五 赵六 钱七",
}  # fmt: skip


def open_sheet(content: bytes) -> Worksheet:
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert isinstance(page, Worksheet)
    return page


def make(name: str, **more: Any) -> Worksheet:
    item = catalogue()[name]
    return open_sheet(produce(name, full(item.issuers[-1], **({"entries": ENTRIES} | more))).content)


def table(page: Worksheet) -> list[dict[str, Any]]:
    titles = [cell.value for cell in page[3]]
    return [
        dict(zip(titles, (c.value for c in row), strict=True))
        for row in page.iter_rows(4)
        if isinstance(row[0].value, int)
    ]


@pytest.mark.parametrize(
    ("name", "names"),
    [pytest.param(*each, marks=pytest.mark.clause(*ledgers()[each[0]].clauses)) for each in EXPECTED.items()],
)
def test_each_ledger_holds_its_pupils(name: str, names: str) -> None:
    assert sorted(row["姓名"] for row in table(make(name))) == sorted(names.split())


@pytest.mark.parametrize("name", ledgers())
def test_each_ledger_is_made_for_a4_and_signed(name: str) -> None:
    page = make(name)
    assert page.page_setup.paperSize == int(page.PAPERSIZE_A4)
    assert page.page_setup.orientation == "landscape"
    readable(page, ledgers()[name].columns)
    assert page.print_title_rows == "$3:$3"
    assert page.oddFooter.left.text.startswith("李主任 2025-03-12 09:30 制表")
    bottom = "".join(str(row[0].value or "") for row in page.iter_rows(4))
    if ledgers()[name].signs:
        assert "单位（公章）" in bottom
        if page.print_title_cols:
            below = [str(row[0].value or "") for row in page.iter_rows(4) if not row[1].value]
            assert max(map(len, below)) * 10 <= free(page), (
                "on every part of a cut ledger the lines to sign on are whole"
            )
        assert all(sign in bottom for sign in ledgers()[name].signs)


def free(page: Worksheet) -> float:
    """Points that words below a cut table have before they are cut off: those of the columns repeated on each part."""
    last = column_index_from_string(page.print_title_cols.rpartition("$")[2])
    return sum((page.column_dimensions[get_column_letter(n)].width * 7) * 0.75 for n in range(1, last + 1))


def readable(page: Worksheet, columns: tuple[str, ...]) -> None:
    """On one page where that leaves six points and a half of ten; else cut at 66 %, each part with the columns up to the name."""
    widths = [(width * 7 + 5) * 0.75 for width in (6, *(COLUMNS[c].width for c in columns))]
    paper = 842 - 0.8 * 72
    if sum(widths) <= paper / 0.65:
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.page_setup.fitToWidth in (None, 1)  # one page wide is what is left unsaid
        assert page.page_setup.fitToHeight == 0
        return
    assert page.page_setup.scale == 66
    # The title stands on each part, not in a row that would be cut there.
    assert page.oddHeader.center.text == page["A1"].value
    assert page.row_dimensions[1].hidden
    assert page.page_setup.pageOrder == "overThenDown"
    key = [cell.value for cell in page[3]].index("姓名") + 1
    assert page.print_title_cols == f"$A:${get_column_letter(key)}"
    for first, last in pairwise([0, *(brk.id for brk in page.col_breaks.brk), len(widths)]):
        repeated = sum(widths[:key]) if first else 0
        assert repeated + sum(widths[first:last]) <= paper / 0.66 * 0.76  # other fonts stand for ours, and are wider


@pytest.mark.clause("FN-5")
@pytest.mark.parametrize(
    ("level", "first"), [("county", "乡镇"), ("township", "村（社区）"), ("village", "现住址"), ("school", "年级班级")]
)
def test_four_levels_begin_with_their_own_units(level: str, first: str) -> None:
    assert make(f"dropout_{level}")["B3"].value == first


def test_every_ledger_is_made_of_nobody() -> None:
    for name in ledgers():
        assert table(make(name, entries=())) == []


def test_numbers_are_text_and_masked_unless_they_stay_in_the_office() -> None:
    assert {row["身份证号"] for row in table(make("age_county"))} == {"350212***********0"}
    page = make("age_county", full_ids=True)
    row = table(page)[0]
    assert (row["身份证号"], row["学籍号"]) == (ID, STUDENT_NO)
    cell = next(c for c in page[4] if c.value == ID)
    assert (cell.data_type, cell.number_format) == ("s", "@")


@pytest.mark.clause("XY-38")
def test_the_list_shown_outside_names_nobody() -> None:
    """Poor families' children, what they were given and whether they learn (XY-38): no name, number, school or illness."""
    text = str(table(make("public_list", full_ids=True)))
    assert "张*" in text
    assert not [word for word in ("张三", ID, "第一中学", "留守", "疑似") if word in text]


@pytest.mark.parametrize("words", ["=1+1", "+86", "-3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "<b>&amp;\x07"])
def test_no_cell_becomes_a_formula(words: str) -> None:
    page = make("age_school", entries=(entry(name=words),))
    cell = next(c for c in page[4] if str(c.value or "").strip().startswith(words.strip()[:3]))
    assert (cell.data_type, cell.number_format) == ("s", "@")
    assert cell.value == words.replace("\x07", "")


def test_a_child_involved_in_a_case_at_law_shows_only_in_its_own_ledger() -> None:
    assert "涉案" not in str([table(make(name)) for name in ("age_county", "suspected_school", "class_ledger")])
    assert "涉案未成年人" in str(table(make("group_justice")))
    assert catalogue()["group_justice"].restricted


def test_columns_say_what_was_done() -> None:
    row = table(make("suspected_school", entries=(entry(),)))[0]
    expected = {
        "缺勤天数": 8, "其中未核实": 1, "联系次数": 1, "家访次数": 2, "劝学通知书文号": "劝通字〔2025〕第3号", "目前状态": "疑似辍学",
        "原因": "学习困难、厌学（不想读了）", "责任人": "王老师", "重点群体": "留守儿童、家庭贫困",
        "联系和劝返情况": "03-03电话（没联系上人）；03-04家访（不同意返校）；03-05家访（同意返校）",
        "缺勤起始日": dt.datetime(2025, 3, 3), "约定返校": dt.datetime(2025, 3, 17),
    }  # fmt: skip
    assert {key: row[key] for key in expected} == expected


@pytest.mark.clause("XY-16")
@pytest.mark.clause("FN-4", "FN-6")
def test_columns_say_whence_a_child_came_who_judged_and_what_was_done_for_it() -> None:
    on = dt.date(2025, 3, 7)
    more = (
        Event(on, "done", way="suspected_review", what="核对疑似辍学台账"), Event(dt.date(2024, 3, 7), "done", way="suspected_review"),
        Event(on, "done", way="dropout_notify"), Event(on, "transfer_in"), Event(on, "work", what="学习辅导", text="每周三补数学"),
        Event(on, "work", what="谈心", text="不想让别人知道的话"),
    )  # fmt: skip
    one = entry(events=(*EVENTS, *more), groups=frozenset({"poor"}))
    assert [COLUMNS[name].value(one) for name in ("source", "judged", "reported")] == ["转入", on, on]
    assert COLUMNS["helped"].value(one) == "03-07学习辅导（每周三补数学）；03-07谈心"
    assert [COLUMNS[name].value(entry(events=())) for name in ("source", "judged", "reported", "helped")] == [
        "学籍名册",
        "",
        "",
        "",
    ]
    for name, head in (
        ("age_school", "来源"),
        ("suspected_county", "研判核对"),
        ("dropout_village", "报告日期"),
        ("group_poor", "帮扶记录"),
        ("group_poor", "依据文件"),
    ):
        assert head in [cell.value for cell in make(name)[3]]


def test_the_register_of_changes_has_a_line_for_each_change() -> None:
    events = (
        Event(dt.date(2025, 2, 10), "transfer_in", "李主任", place="邻县二中"),
        Event(dt.date(2025, 3, 10), "suspend", "李主任", files=("诊断证明",)),
    )
    rows = table(make("changes", entries=(entry(events=events),)))
    assert [(r["异动类别"], r["来处（去处）"], r["证明材料"]) for r in rows] == [
        ("转入", "邻县二中", None),
        ("休学", None, "诊断证明"),
    ]


def test_recorded_words_are_withheld_in_cells_and_ours_refused() -> None:
    harsh = (*EVENTS, Event(dt.date(2025, 3, 7), "visit", "王老师", "teacher", "refused", "家长说罚款也不去"))
    assert WITHHELD in str(table(make("at_risk", entries=(entry(events=harsh),))))
    with pytest.raises(Forbidden):
        write([Sheet("表", "劝退学生名单", heads("序号 6, 姓名 9"), [])], "")


def test_lines_stand_in_order_of_units_grades_and_classes() -> None:
    assert [row["乡镇"] for row in table(make("age_county"))] == ["河湾乡", *["青石镇"] * 4]
    classes = (("九年级1班", 9), ("八年级10班", 8), ("八年级2班", 8), ("一年级1班", 1))
    entries = tuple(entry(class_name=name, grade=grade) for name, grade in classes)
    assert [row["年级班级"] for row in table(make("age_school", entries=entries))] == [
        "一年级1班",
        "八年级2班",
        "八年级10班",
        "九年级1班",
    ]


@pytest.mark.slow
def test_the_age_ledger_of_an_eighth_of_a_county() -> None:
    """115,152 lines in under 20 s and 300 MB: an eighth of them in an eighth of the time, and of the memory beyond the 70 MB
    that a process takes anyway; in a process of its own, so that the memory is the ledger's alone."""
    command = [sys.executable, "-m", "tests.reports.county_ledger"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    seconds, memory, size = ran.stdout.split()
    assert float(seconds) < 20 / 8
    assert int(memory) < 70_000 + 230_000 / 8  # kB
    assert int(size) > 5_000_000 / 8


def test_lines_beyond_one_run_stand_in_order_and_equal_places_as_they_came() -> None:
    places = [(str(n * 7919 % 13), str(n % 3)) for n in range(2 * RUN + 17)]
    lines = [(place, [n]) for n, place in enumerate(places)]
    assert list(in_order(lines)) == sorted(lines, key=lambda line: line[0])


def test_an_empty_ledger_says_so() -> None:
    """An empty page could be one that was forgotten."""
    page = make("suspected_school", entries=[])
    assert "无" in [cell.value for row in page.iter_rows() for cell in row]
