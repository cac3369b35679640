"""What units owe by the calendar, in plain dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casework.calendar import Exceptions
from casework.facts import Fact, Kind
from casework.people import COUNTY, Unit
from casework.rounds import owed
from tests.casework.stage import ROLES, UNITS, at, day, world

SCHOOL = UNITS[2]
BUREAU = Unit(COUNTY, "county", "", None)


def word(kind: Kind, when: str, unit: Unit, by: str, **data: Any) -> Fact:
    moment = at(when)
    return Fact(f"{kind}{when}", kind, moment.date(), moment, by, ROLES[by], None, unit.id, data)


def rounds(
    pack: str, rule: str, start: str, now: str, unit: Unit = SCHOOL, facts: tuple[Fact, ...] = (), **where: Any
) -> list[tuple[str, str]]:
    found = owed(unit, facts, world(pack, start=start, **where), at(now))[0]
    return [(f"{d.due.month}-{d.due.day}", d.status) for d in found if d.rule == rule]


@pytest.mark.parametrize(
    ("pack", "rule", "unit", "start", "now", "dues"),
    [
        ("longchuan", "monthly_report", SCHOOL, "10-13", "10-28", ["10-24"]),
        ("longchuan", "monthly_report", SCHOOL, "9-26", "10-1", ["10-24"]),
        ("national", "monthly_report", SCHOOL, "2026-01-05", "2026-03-01", ["1-23", "3-25"]),
        ("national", "monthly_report", SCHOOL, "2026-07-01", "2026-08-31", ["7-24"]),
        ("fujian", "weekly_check", BUREAU, "9-22", "10-13", ["9-26", "9-30", "10-10", "10-17"]),
        ("national", "weekly_check", BUREAU, "9-22", "10-13", []),
        ("national", "quarterly_review", BUREAU, "9-22", "10-13", ["9-30", "12-31"]),
        ("fujian", "circular", BUREAU, "2026-02-02", "2026-02-03", ["2-28"]),  # a make-up Saturday
        ("tongan", "compare_lists", BUREAU, "12-8", "12-9", ["12-31"]),
        ("longchuan", "month_meeting", SCHOOL, "9-15", "10-15", ["9-30", "10-31"]),
        ("longchuan", "term_meetings", SCHOOL, "8-29", "9-1", ["9-5"]),
        ("longchuan", "pledge", SCHOOL, "8-29", "9-1", ["10-1"]),
        ("tongan", "pledge", SCHOOL, "2026-02-20", "2026-03-02", ["4-1"]),
        ("longchuan", "pledge", SCHOOL, "8-1", "8-31", []),  # nothing before the term
        ("longchuan", "visit_forms", SCHOOL, "8-1", "8-31", []),
        ("longchuan", "term_end_meeting", SCHOOL, "8-1", "8-31", []),
        ("tongan", "joint_meeting", BUREAU, "8-1", "8-31", []),
        ("fengnan", "disabled_check", SCHOOL, "8-1", "8-31", []),
        ("longchuan", "visit_forms", SCHOOL, "8-1", "9-1", ["1-30"]),
        ("longchuan", "visit_forms", SCHOOL, "9-8", "9-8", ["1-30"]),
        ("national", "term_start_list", SCHOOL, "8-29", "9-1", ["9-1"]),
        ("national", "term_start_list", SCHOOL, "9-2", "9-3", []),
        ("xiuyan", "ledger_yearly", SCHOOL, "9-8", "9-20", ["9-30"]),
        ("national", "g7_register", SCHOOL, "9-8", "9-20", ["9-30"]),
        ("national", "g7_register", replace(SCHOOL, stage="primary"), "9-8", "9-20", []),
        ("national", "g7_register", replace(SCHOOL, stage="nine_year"), "9-8", "9-20", ["9-30"]),
        ("national", "g1_register", SCHOOL, "8-1", "8-20", []),
        ("national", "g1_register", replace(SCHOOL, stage="primary"), "8-1", "8-20", ["8-31"]),
        ("national", "g1_list", BUREAU, "2026-07-01", "2026-07-20", ["7-31"]),
        ("xiuyan", "campaign", SCHOOL, "2026-02-27", "2026-02-27", ["3-1"]),
        ("xiuyan", "campaign", SCHOOL, "2026-03-02", "2026-03-05", []),
        ("tongan", "joint_meeting", BUREAU, "8-29", "9-1", ["9-30"]),
        ("xiuyan", "joint_meeting", BUREAU, "2026-02-20", "2026-03-02", ["4-1"]),
        ("national", "joint_meeting", BUREAU, "8-29", "9-1", []),
        ("longchuan", "leading_meeting", SCHOOL, "8-29", "9-1", ["9-5"]),
        ("longchuan", "staff_meeting", SCHOOL, "2026-02-20", "2026-03-02", ["3-6"]),
        ("longchuan", "term_end_meeting", SCHOOL, "9-8", "9-8", ["1-30"]),
        ("tongan", "registrar_training", BUREAU, "10-8", "10-20", ["10-31"]),
        ("tongan", "registrar_training", SCHOOL, "10-8", "10-20", []),
        ("fujian", "police_list", BUREAU, "2026-06-01", "2026-06-20", ["6-30"]),
        ("fengnan", "four_checks", SCHOOL, "8-29", "9-1", ["9-15"]),
        ("fengnan", "disabled_check", SCHOOL, "2026-02-20", "2026-03-02", ["4-1"]),
        ("xiuyan", "inspection", BUREAU, "9-1", "9-1", ["10-31"]),
        ("xiuyan", "inspection", BUREAU, "2026-02-20", "2026-03-02", ["4-30"]),
        ("national", "inspection", BUREAU, "9-1", "9-1", []),
        ("xiuyan", "school_assessment", BUREAU, "2026-07-01", "2026-07-20", ["7-31"]),
        ("tongan", "self_report", BUREAU, "12-1", "12-20", ["12-31"]),
        ("tongan", "self_report", SCHOOL, "12-1", "12-20", []),
        ("xiuyan", "holiday_visits", SCHOOL, "2026-02-01", "2026-02-20", ["3-1"]),
    ],
)
@pytest.mark.clause(
    "TA-2",
    "TA-14",
    "TA-32",
    "XY-44",
    "XY-45",
    "XY-9",
    "XY-23",
    "XY-37",
    "FN-12",
    "FN-23",
    "LC-6",
    "LC-8",
    "LC-11",
    "FJ-4",
    "FJ-16",
    "FJ-24",
)
def test_dues(pack: str, rule: str, unit: Unit, start: str, now: str, dues: list[str]) -> None:
    assert [due for due, _ in rounds(pack, rule, start, now, unit)] == dues


@pytest.mark.clause("TA-27")
def test_teach_meeting_where_a_pupil_is_home_taught() -> None:
    taught = {"home_taught": frozenset({"s"})}
    assert rounds("tongan", "teach_meeting", "8-20", "9-1", **taught) == [("9-1", "open")]
    assert rounds("tongan", "teach_meeting", "2026-06-20", "2026-07-01", **taught) == [("7-10", "open")]
    assert rounds("tongan", "teach_meeting", "8-20", "9-1") == []
    assert rounds("national", "teach_meeting", "8-20", "9-1", **taught) == []


@pytest.mark.parametrize(
    ("terms", "dues"),
    [
        ([("9-1", "2026-01-30")], ["9-1"]),  # of the spring nothing is known yet
        ([("9-1", "2026-02-13")], ["9-1"]),
        ([("8-25", "8-31")], ["8-25"]),
        ([("9-1", "2026-01-30"), ("2026-03-02", "2026-03-27")], ["9-1", "3-27"]),  # known as far as its March
    ],
)
def test_teach_meeting_as_far_as_the_year_is_known(terms: list[tuple[str, str]], dues: list[str]) -> None:
    known = [(day(first), day(last)) for first, last in terms]
    found = rounds("tongan", "teach_meeting", "8-1", "2026-07-20", home_taught=frozenset({"s"}), terms=known)
    assert [due for due, _ in found] == dues


@pytest.mark.clause("FJ-30")
def test_the_yearly_deadline_is_turned_on_by_the_countys_own_file(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "pack: 本县\ndocuments:\n  本县文件: {title: 本县文件, from: 2025-09-01}\nrules:\n"
        "  settle_all: [{dates: [07-31], clause: FJ-30, article: 四, quote: 7月底前基本完成核查劝返}]\n",
        encoding="utf-8",
    )
    assert rounds("fujian", "settle_all", "2026-07-01", "2026-07-20", BUREAU) == []
    assert rounds("fujian", "settle_all", "2026-07-01", "2026-07-20", BUREAU, overrides=own) == [("7-31", "open")]
    assert rounds("fujian", "settle_all", "2026-07-01", "2026-07-20", SCHOOL, overrides=own) == []


def test_a_school_closed_at_the_end_of_the_month_meets_before() -> None:
    snow = {"s": Exceptions(no_teach_on=frozenset({day("9-29"), day("9-30")}))}
    assert rounds("longchuan", "month_meeting", "9-15", "9-15", units=snow) == [("9-26", "open")]


def test_the_report_is_of_its_month() -> None:
    said = (word(Kind.REPORT, "9-25 10:00", SCHOOL, "li", month="2025-09", zero=True),)
    assert rounds("national", "monthly_report", "9-1", "10-2", facts=said) == [("9-25", "done"), ("10-24", "open")]
    late = (word(Kind.REPORT, "10-2 10:00", SCHOOL, "li", month="2025-09"),)
    assert rounds("national", "monthly_report", "9-1", "10-2 11:00", facts=late) == [
        ("9-25", "done"),
        ("10-24", "open"),
    ]


@pytest.mark.clause("XY-42")
def test_a_silent_month_closes_as_zero() -> None:
    assert rounds("xiuyan", "monthly_report", "11-3", "11-30 23:59") == [("11-25", "open")]
    assert rounds("xiuyan", "monthly_report", "11-3", "12-1") == [("11-25", "lapsed"), ("12-25", "open")]
    world_of = world("xiuyan", start="11-3")
    assert owed(SCHOOL, (), world_of, at("11-30 9:00"))[1] == at("12-1")
    said = (word(Kind.REPORT, "11-25 10:00", SCHOOL, "li", month="2025-11"),)
    assert rounds("xiuyan", "monthly_report", "11-3", "12-1", facts=said) == [("11-25", "done"), ("12-25", "open")]
    late = (word(Kind.REPORT, "12-1 0:00", SCHOOL, "li", month="2025-11"),)
    assert rounds("xiuyan", "monthly_report", "11-3", "12-1", facts=late) == [("11-25", "lapsed"), ("12-25", "open")]


def test_done_meets_the_earliest_open_round() -> None:
    said = tuple(word(Kind.DONE, when, BUREAU, "xian", rule="weekly_check") for when in ("9-30 9:00", "9-30 10:00"))
    assert rounds("fujian", "weekly_check", "9-22", "10-6", BUREAU, said) == [
        ("9-26", "done"),
        ("9-30", "done"),
        ("10-10", "open"),
    ]


def test_taken_back_is_owed_again() -> None:
    said = word(Kind.REPORT, "9-25 10:00", SCHOOL, "li", month="2025-09")
    void = word(Kind.VOID, "9-25 10:05", SCHOOL, "li", facts=[said.id])
    assert rounds("national", "monthly_report", "9-1", "9-26", facts=(said, void)) == [("9-25", "open")]


def test_only_schools_and_the_county_owe() -> None:
    for unit in UNITS:
        if unit.kind != "school":
            assert owed(unit, (), world("fujian"), at("9-26")) == ((), None)


def test_nothing_changes_between_wakes() -> None:
    for pack in ("longchuan", "tongan", "xiuyan"):
        for unit in (SCHOOL, BUREAU):
            where, now = world(pack, start="8-29"), at("8-29 7:00")
            for _ in range(40):
                duties, wake = owed(unit, (), where, now)
                assert wake is not None
                assert wake > now
                before = owed(unit, (), where, wake - dt.timedelta(minutes=1))[0]
                assert [(d.id, d.status) for d in before] == [(d.id, d.status) for d in duties]
                now = wake
