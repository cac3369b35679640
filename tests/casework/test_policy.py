"""The packs: every number sourced, the clauses of the contract's table, layers by date."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from casework.facts import ROLES
from casework.policy import PACKS, Policy, PolicyError, check
from casework.shapes import SHAPES
from casework.terms import RULES

TODAY = dt.date(2025, 10, 1)
# contracts.md, section 4
CLAUSES = {
    "tongan": "absence_contact absence_visit TA-9; outside_report TA-10; dropout_notify TA-22; inquiry_letter TA-18; "
    "trace TA-7; monthly_report TA-12; pledge TA-3; g1_list TA-4; g1_register TA-6; teach_meeting TA-27; "
    "police_check FJ-10; expert_opinion FJ-11; trace_tell FJ-20; found_check FJ-2; weekly_check FJ-1; circular FJ-6; "
    "compare_lists FJ-8",
    "fujian": "police_check FJ-10; expert_opinion FJ-11; trace_tell FJ-20; trace FJ-21; found_check FJ-2; "
    "weekly_check FJ-1; circular FJ-6; compare_lists FJ-8",
    "xiuyan": "notice XY-5; dropout_report XY-6; dropout_notify XY-29; return_followup XY-36; risk_visit XY-24; "
    "found_check XY-33; handover XY-40; monthly_report XY-42; term_start_list XY-27; term_start_visit XY-28; "
    "ledger_yearly XY-41; g7_register XY-39; campaign XY-21",
    "fengnan": "absence_contact FN-15; suspected_review cumulative_alert FN-16; dropout_notify FN-19; "
    "expert_opinion FN-24; leave_visit FN-17; leave_contact FN-18; leave_end FN-32; teach_month FN-27; "
    "teach_term FN-28; platform_reply FN-31; found_check FN-13; monthly_report FN-8; quarterly_review FN-9",
    "longchuan": "absence_contact absence_visit LC-14; absence_joint_visit LC-15; absence_plan suspected_review LC-16; "
    "outside_report joint_persuasion LC-17; persuasion_record LC-18; dropout_notify LC-25; persist LC-22; "
    "return_followup LC-27; risk_visit LC-29; monthly_report LC-20; month_meeting LC-9; term_meetings LC-7; "
    "pledge LC-3; visit_forms LC-34",
    "national": "",
}
# Rules beyond the contract's table: what the documents ask for besides.
MORE = {
    "tongan": "joint_meeting TA-2; self_report TA-32; registrar_training TA-14; police_list FJ-16; guardian_urge FJ-23; aid_referral FJ-22",
    "fujian": "joint_meeting FJ-24; police_list FJ-16; guardian_urge FJ-23; aid_referral FJ-22",
    "xiuyan": "joint_meeting XY-9; inspection XY-44; school_assessment XY-45; holiday_visits XY-23; guardian_urge XY-30",
    "fengnan": "four_checks FN-12; disabled_check FN-23",
    "longchuan": "leading_meeting LC-6; staff_meeting LC-8; term_end_meeting LC-11; register_mark LC-37",
    "national": "",
}
OFF = {
    "national": "absence_joint_visit absence_plan trace_tell weekly_check circular compare_lists month_meeting "
    "term_meetings pledge visit_forms term_start_visit ledger_yearly campaign teach_meeting joint_meeting leading_meeting staff_meeting term_end_meeting inspection school_assessment self_report registrar_training "
    "police_list four_checks disabled_check holiday_visits settle_all register_mark guardian_urge aid_referral",
    "fengnan": "outside_report",
    "tongan": "joint_persuasion",
}


@pytest.mark.parametrize("pack", PACKS)
def test_pack_is_sound(pack: str) -> None:
    assert check(Policy.load(pack)) == []


@pytest.mark.parametrize("pack", CLAUSES)
def test_clauses(pack: str) -> None:
    rules = Policy.load(pack).on(TODAY)
    wanted = {
        rule: part.split()[-1]
        for part in f"{CLAUSES[pack]};{MORE[pack]}".split(";")
        if part
        for rule in part.split()[:-1]
    }
    assert {r.id: r.clause for r in rules.values() if not r.off and r.clause != "N"} == wanted


@pytest.mark.parametrize("pack", OFF)
def test_what_is_off(pack: str) -> None:
    off = {r.id for r in Policy.load(pack).on(TODAY).values() if r.off}
    assert set(OFF[pack].split()) <= off


def test_every_rule_has_an_owner_and_words() -> None:
    assert SHAPES.keys() == RULES.keys()
    assert {s.owner for s in SHAPES.values()} <= {*ROLES, "helper"}


OWN = """
pack: 本县
documents:
  本县文件: {title: 本县文件, from: 2025-10-01}
rules:
"""


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("  absence_visit: [{school_day: 1, clause: BX-1, article: 一, quote: 当日}]", None),
        ("  absence_visits: [{school_day: 1, clause: BX-1, article: 一, quote: 当日}]", "没有这条规则"),
        ("  absence_visit: [{school_days: 1, clause: BX-1, article: 一, quote: 当日}]", "不认识的项目 school_days"),
        ("  absence_visit: [{clause: BX-1, article: 一, quote: 当日}]", "缺少数字 school_day"),
        ("  absence_visit: [{school_day: 1, clause: BX-1, article: 一}]", "缺少原文"),
        ("  absence_visit: [{school_day: 1, article: 一, quote: 当日}]", "缺少条款编号"),
        ("  absence_visit: [{school_day: -1, clause: BX-1, article: 一, quote: 当日}]", "不对"),
        (
            "  absence_visit: [{school_day: 1, from: 2025-10-01, document: 别的, clause: B, article: 一, quote: 日}]",
            "别的",
        ),
        ("  g1_list: [{dates: [02-30], clause: BX-1, article: 一, quote: 当日}]", "不对"),
    ],
)
def test_a_county_file_is_checked(tmp_path: Path, line: str, fault: str | None) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN + line, encoding="utf-8")
    found = check(Policy.load("national", own))
    assert (found == []) if fault is None else any(fault in text for text in found)


def test_a_county_file_holds_from_its_date(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN + "  absence_visit: [{school_day: 1, clause: BX-1, article: 一, quote: 当日}]", encoding="utf-8")
    policy = Policy.load("national", own)
    before, after = (policy.rule("absence_visit", d) for d in (dt.date(2025, 9, 30), TODAY))
    assert before is not None
    assert after is not None
    assert (before.clause, before.number("school_day")) == ("N", 2)
    assert (after.clause, after.number("school_day"), after.pack, after.since) == ("BX-1", 1, "本县", TODAY)
    assert policy.next_turn(dt.date(2025, 9, 30)) == TODAY


def test_unreadable_files_name_themselves(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    for text in ("- no mapping", "pack: x\nrules: {absence_visit: [{school_day: 1}]}", "a: [", "rules: 3"):
        own.write_text(text, encoding="utf-8")
        with pytest.raises(PolicyError, match=r"own\.yaml|生效日期"):
            Policy.load("national", own)
    with pytest.raises(PolicyError, match="没有这个规则包"):
        Policy.load("beijing")
