"""Quarterly review, attendance, weekly changes, rates, archive, catalogue."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace
from fractions import Fraction
from typing import Any

import openpyxl
import pytest

from reports import law, rates
from reports.archive import FOLDERS, Kept, folder_of, make_archive, make_pupil_archive
from reports.catalogue import MissingInput, UnknownPaper, catalogue, produce
from reports.figure_sheets import SchoolMonth
from reports.inputs import Event
from reports.round_sheets import Absence, Attendance, Quarter, Week, WeekChange
from tests.reports.made import CASE, EVENTS, PUPIL, full, monthly


def cells(content: bytes, page: str) -> list[list[Any]]:
    return [[c.value for c in r] for r in openpyxl.load_workbook(io.BytesIO(content))[page].iter_rows()]


@pytest.mark.clause("FN-9")
def test_the_review_shows_the_difference_to_what_was_reported() -> None:
    schools = (
        SchoolMonth(monthly(dropouts=1), "甲校", "乡镇1", "reported"),
        SchoolMonth(None, "乙校", "乡镇1", "silent"),
    )
    quarter = Quarter("2025年第一季度", schools, {"甲校": 3, "乙校": 1}, (("甲校", "八年级3班", "张三"),), seed=7)
    content = produce("quarterly_review", full("county_edu", data=quarter)).content
    rows = {r[1]: r for r in cells(content, "复核表")[3:5]}
    assert rows["甲校"][3:6] == [1, 3, 2]
    assert rows["乙校"][3:6] == [None, 1, None]
    assert "抽样种子：7" in str(cells(content, "抽查名单")[1])
    assert [1, "甲校", "八年级3班", "张三"] in [r[:4] for r in cells(content, "抽查名单")]


@pytest.mark.clause("LC-10")
def test_attendance_of_a_class() -> None:
    absences = (
        Absence("张三", dt.date(2025, 3, 3), "旷课", "不明", "家访"), Absence("张三", dt.date(2025, 3, 4), "旷课"),
        Absence("李四", dt.date(2025, 3, 4), "病假", "感冒", days=0.5),
    )  # fmt: skip
    content = produce("attendance_month", full(data=Attendance("八年级3班", "2025-03", 40, 21, absences))).content
    assert cells(content, "出勤")[3] == ["八年级3班", 40, 21, 840, 837.5, "99.70%", 0.5, 0, 2]
    assert cells(content, "缺勤明细")[3][1:] == ["张三", "3.3、3.4", 2, "旷课", "不明", "家访"]


def test_a_month_without_school_days_has_no_rate() -> None:
    content = produce("attendance_month", full(data=Attendance("八年级3班", "2025-02", 40, 0))).content
    assert cells(content, "出勤")[3][5] == "＿＿"


@pytest.mark.clause("FJ-1")
def test_the_week_lists_what_came_and_went() -> None:
    changes = (
        WeekChange("＋", "张三", "甲校", "列入疑似辍学", dt.date(2025, 3, 5)),
        WeekChange("－", "李四", "乙校", "返校", dt.date(2025, 3, 6)),
    )
    content = produce("weekly_changes", full(data=Week("3月3日至7日", changes, {"疑似辍学": 4}))).content
    assert "本周新增1人，核减1人；周末在册：疑似辍学4人。" in str(cells(content, "周报"))
    assert "本周无变动" in str(cells(produce("weekly_changes", full(data=Week("3月3日至7日", (), {}))).content, "周报"))


def child(state: str, groups: str = "", **more: Any) -> rates.Child:
    return rates.Child(PUPIL.id, PUPIL.name, groups=frozenset(groups.split()), state=state, **more)


@pytest.mark.clause("XY-1")
def test_rates_have_numerator_denominator_and_the_list_behind() -> None:
    children = [child("in_school")] * 96 + [
        child("dropout", "disabled"),
        child("home_taught", "disabled"),
        child("left"),
        child("left", elsewhere=True),
    ]
    children.append(child("left", aside=True, said="缓学"))
    found = {r.name: r for r in rates.enrolment_rates("某县", children)}
    assert (
        found["enrolment"].figure.numerator,
        found["enrolment"].figure.denominator,
        found["enrolment"].figure.percent,
    ) == (
        98,
        100,
        "98.00%",
    )
    assert [m.why for m in found["enrolment"].missing] == ["辍学", "已离校，无外地就读证明"]
    assert found["enrolment"].figure.gap == "还差2人"
    assert (
        found["disabled"].figure.numerator,
        found["disabled"].figure.denominator,
        found["disabled"].figure.percent,
    ) == (1, 2, "50.00%")
    assert found["left_behind"].figure.percent == "—"
    assert [m.why for m in found["enrolment"].aside] == ["缓学"]
    book = produce("rates", full("county_edu", data=rates.RateTable(tuple(found.values())))).content
    lines = cells(book, "入学率名单")[3:]
    marks = [line[6] for line in lines]
    assert (marks.count("计入"), marks.count("未计入"), marks.count("不在分母")) == (98, 2, 1)
    assert [line[7] for line in lines if line[7]] == ["未计入", "计入"]
    assert lines[-1][5:7] == ["外地就读", "计入"]


def test_a_rate_is_never_rounded_up_to_the_target() -> None:
    assert rates.say_percent(Fraction(99999, 100000)) == "99.99%"
    assert rates.say_percent(Fraction(1)) == "100.00%"
    nearly = rates.rate("县", "enrolment", [child("in_school")] * 9999 + [child("dropout")])
    assert nearly.figure.gap == "还差1人"


@pytest.mark.clause("TA-29")
def test_retention_counts_the_cohort_with_transfers_set_off() -> None:
    stayed = [child("in_school", cohort="起始在籍")] * 88 + [child("in_school", cohort="转入")] * 10
    lost = [
        child("dropout", cohort="起始在籍"),
        child("left", cohort="起始在籍"),
        child("left", said="休学", cohort="起始在籍"),
    ]
    gone = [child("left", aside=True, said=why, cohort="起始在籍") for why in ["转出"] * 8 + ["死亡"]]
    cohort = [*stayed, *lost, *gone]  # 100 began, 10 came, 8 went, one died
    kept = rates.rate("某县", "retention", cohort)
    assert (kept.figure.numerator, kept.figure.denominator) == (98, 101)
    assert [m.why for m in kept.missing] == ["辍学", "已离校，无外地就读证明", "休学"]
    assert kept.figure.percent == "97.02%"
    assert kept.figure.gap == "还差1人"
    content = produce("rates", full("county_edu", data=rates.RateTable((kept,)))).content
    assert cells(content, "比率")[3] == ["某县", "九年义务教育巩固率", 98, 101, "97.02%", "98.00%", "还差1人", 3, 9]
    assert [line[6:8] for line in cells(content, "巩固率名单")[3:]].count(["转入", "计入"]) == 10
    assert [line[5] for line in cells(content, "巩固率名单")[3:] if line[7] == "不在分母"] == ["转出"] * 8 + ["死亡"]


@pytest.mark.clause("FN-10")
def test_the_archive_has_nine_folders_and_a_list_of_contents() -> None:
    kept = [Kept(4, "家访/照片.jpg", b"1"), Kept(4, "家访/照片.jpg", b"2"), Kept(7, "..\\..\\月报.xlsx", b"3")]
    paper = make_archive("张三/档案", kept, ["家长签字"], full())
    archive = zipfile.ZipFile(io.BytesIO(paper.content))
    names = archive.namelist()
    assert [n for n in names if n.endswith("/")] == [f"{folder}/" for folder in FOLDERS]
    assert {"5劝返记录/家访_照片.jpg", "5劝返记录/家访_照片（2）.jpg"} <= set(names)
    assert not any(".." in n.split("/") for n in names)
    assert "家长签字" in str(cells(archive.read("目录.xlsx"), "目录"))
    assert len(cells(archive.read("目录.xlsx"), "目录")[3][4]) == 64


@pytest.mark.clause("TA-19")
def test_a_pupils_archive_is_made_of_the_records() -> None:
    paper = make_pupil_archive(full(case=replace(CASE, state="dropout", ledger="dropout")), [Kept(4, "录音.amr", b"x")])
    names = zipfile.ZipFile(io.BytesIO(paper.content)).namelist()
    for folder, title in (
        (4, "劝返过程记录"), (4, "一生一案"), (4, "劝学通知书"), (4, "疑似失学"), (2, "义务教育适龄儿童少年辍学情况登记表"), (3, "送教上门工作手册"), (6, "辍学报告书"),
    ):  # fmt: skip
        assert any(n.startswith(f"{FOLDERS[folder]}/{title}") for n in names), title
    assert sum("家访记录表" in n for n in names) == 2
    assert "5劝返记录/录音.amr" in names
    assert any("家长签字" in words for words in paper.missing)


def test_what_may_not_be_issued_is_listed_instead() -> None:
    paper = make_pupil_archive(full("township"))
    assert any("由学校出具" in words for words in paper.missing)


def test_every_paper_has_a_folder() -> None:
    assert {folder_of(name) for name in catalogue()} <= set(range(9))
    assert FOLDERS[folder_of("home_visit")] == "5劝返记录"
    assert FOLDERS[folder_of("age_county")] == "3台账"


ASKED_FOR = [
    "适龄儿童少年台账（含随迁子女）（县级）",
    "疑似辍学学生台账（含失学学生）（乡级）",
    "辍学学生台账（村级）",
    "辍学学生台账（校级）",
    "小学控辍保学台账",
    "中学控辍保学台账",
    "家庭贫困学生专门台账",
    "留守儿童专门台账",
    "残疾学生专门台账",
    "随迁子女专门台账",
    "孤儿专门台账",
    "事实无人抚养儿童专门台账",
    "困境儿童专门台账",
    "涉案未成年人专门台账",
    "班级控辍保学台账",
    "学生异动登记册（转入、转出、休学、复学、辍学）",
    "学生请销假登记册",
    "未返校学生名册",
    "家访记录表",
    "疑似失学（辍学）学生劝返情况记录表",
    "劝学通知书",
    "送达回证",
    "辍学报告书",
    "责令限期改正通知书",
    "义务教育适龄儿童少年辍学情况登记表",
    "义务教育入学通知书",
    "适龄儿童少年就读情况核查函",
    "关于请协助核实适龄儿童少年有关情况的函",
    "残疾（因病）适龄儿童少年教育评估专家组意见书",
    "适龄儿童延缓入学申请审批表",
    "学生休学申请审批表",
    "送教上门工作手册",
    "学生控辍（劝返）方案",
    "一生一案",
    "控辍保学目标责任书",
    "控辍保学会议记录",
    "平台疑似辍学学生核查情况说明",
    "控辍保学台账信息变动情况通报",
    "部门台账比对纪要",
    "控辍保学自查报告",
    "复学学生帮扶记录",
    "辍学学生花名册",
    "致家长的一封信",
    "关于办理户口登记的告知书",
    "关于适龄儿童无户口情况的告知函",
    "辍学学生情况统计表",
    "控辍保学月报表",
    "控辍保学季度复核表",
    "控辍保学台账周核查表",
    "学生出勤月报表",
    "义务教育入学率、巩固率统计表",
    "数据比对结果",
    "控辍保学工作方案（一校一案）",
]


def test_everything_asked_for_is_in_the_catalogue() -> None:
    assert set(ASKED_FOR) <= {item.title for item in catalogue().values()}


def test_every_paper_names_the_clause_that_asks_for_it() -> None:
    for item in catalogue().values():
        assert item.clauses, item.name
        assert all(
            c.split("-")[0] in ("TA", "XY", "FN", "LC", "FJ") and c.split("-")[1].isdigit() for c in item.clauses
        )
        assert item.issuers, item.name
        assert item.kind in ("docx", "xlsx")


REFUSED = [
    ("school", "order"), ("village", "order"), ("school", "expert_opinion"), ("township", "police_letter"), ("village", "admission_notice"),
    ("school", "age_county"), ("village", "age_township"), ("school", "quarterly_review"), ("school", "circular"), ("township", "persuasion_notice"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), REFUSED)
def test_who_may_issue_what(kind: str, name: str) -> None:
    with pytest.raises(law.NotAllowed, match=r"不能出具|由学校出具"):
        produce(name, full(kind))


@pytest.mark.parametrize(
    ("name", "lacking", "said"),
    [
        ("home_visit", {"pupil": None}, "是哪个学生的"),
        ("age_school", {"entries": None}, "学生名单"),
        ("monthly_report", {}, "统计数据"),
    ],
)
def test_what_is_missing_is_said(name: str, lacking: dict[str, None], said: str) -> None:
    with pytest.raises(MissingInput, match=said):
        produce(name, full(**lacking))


def test_an_unknown_paper() -> None:
    with pytest.raises(UnknownPaper, match="没有叫"):
        produce("罚款单", full())


@pytest.mark.clause("LC-19", "LC-41")
def test_the_case_log_keeps_both_times() -> None:
    late = Event(
        dt.date(2025, 3, 4),
        "contact",
        "王老师",
        "teacher",
        "agreed",
        "补记",
        "wechat",
        at=dt.datetime(2025, 3, 6, 8, 0),
    )
    rows = cells(produce("case_log", full(events=(*EVENTS, late))).content, "过程记录")
    line = next(r for r in rows if "补记" in r)
    assert line[1:5] == [dt.datetime(2025, 3, 4), "2025-03-06 08:00", "联系", "微信"]


def test_a_subdistrict_orders_on_its_local_basis() -> None:
    material = full("subdistrict")
    with pytest.raises(law.NotAllowed):
        produce("order", material)
    entitled = replace(material, issuer=replace(material.issuer, local_basis="某省义务教育条例第四十条"))
    assert produce("order", entitled).content
