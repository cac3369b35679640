"""The table of section 4: what each pack's numbers and clauses are. 0 is off."""

from __future__ import annotations

from typing import Any

PARENT = {
    "fujian": "national",
    "tongan": "fujian",
    "xiuyan": "national",
    "fengnan": "national",
    "longchuan": "national",
}
OWNER = dict.fromkeys(
    [
        "absence_contact",
        "absence_visit",
        "absence_joint_visit",
        "persuasion_record",
        "persist",
        "leave_visit",
        "leave_contact",
        "leave_end",
        "return_followup",
        "risk_visit",
        "teach_month",
        "teach_term",
        "term_start_visit",
    ],
    "teacher",
)
OWNER |= dict.fromkeys(
    [
        "absence_plan",
        "suspected_review",
        "outside_report",
        "cumulative_alert",
        "notice",
        "dropout_report",
        "dropout_notify",
        "inquiry_letter",
        "platform_reply",
        "handover",
        "monthly_report",
        "month_meeting",
        "term_meetings",
        "pledge",
        "visit_forms",
        "term_start_list",
        "ledger_yearly",
        "g7_register",
        "g1_register",
        "campaign",
        "teach_meeting",
    ],
    "school",
)
OWNER |= dict.fromkeys(["joint_persuasion", "trace", "found_check"], "township")
OWNER |= dict.fromkeys(
    [
        "police_check",
        "expert_opinion",
        "trace_tell",
        "weekly_check",
        "quarterly_review",
        "circular",
        "compare_lists",
        "g1_list",
    ],
    "county",
)

NUMBERS: dict[str, dict[str, Any]] = {
    "national": {
        "absence_contact": 1, "absence_visit": 2, "absence_joint_visit": 0, "absence_plan": 0, "suspected_review": 3,
        "outside_report": 3, "persuasion_record": 5, "joint_persuasion": 5, "notice": 8, "inquiry_letter": 3,
        "attempts": 0, "trace_tell": 0, "trace_days": 0, "county_weeks": 0, "month_meeting": 0, "term_meetings": 0, "pledge": 0,
        "visit_forms": 0, "term_start_visit": 0, "ledger_yearly": 0, "campaign": 0, "teach_meeting": 0, "silent_month": 0,
    },
    "fujian": {"trace_tell": 1, "trace_days": 7, "county_weeks": 1},
    "tongan": {"absence_visit": 1, "joint_persuasion": 0, "trace_days": 0, "pledge": 1, "teach_meeting": 1},
    "xiuyan": {"notice": 5, "attempts": 3, "term_start_visit": 3, "ledger_yearly": 1, "campaign": 1, "silent_month": 1},
    "fengnan": {"outside_report": 0},
    "longchuan": {
        "absence_visit": 1, "absence_joint_visit": 2, "absence_plan": 3, "outside_report": 5, "month_meeting": 1,
        "term_meetings": 1, "pledge": 1, "visit_forms": 1,
    },
}  # fmt: skip

CLAUSES = {
    "tongan": "absence_contact, absence_visit TA-9; outside_report TA-10; dropout_notify TA-22; inquiry_letter TA-18; "
    "trace TA-7; monthly_report TA-12; pledge TA-3; g1_list TA-4; g1_register TA-6; teach_meeting TA-27",
    "fujian": "police_check FJ-10; expert_opinion FJ-11; trace_tell FJ-20; trace FJ-21; found_check FJ-2; weekly_check FJ-1; "
    "circular FJ-6; compare_lists FJ-8",
    "xiuyan": "notice XY-5; dropout_report XY-6; dropout_notify XY-29; return_followup XY-36; risk_visit XY-24; found_check XY-33; "
    "handover XY-40; monthly_report XY-42; term_start_list XY-27; term_start_visit XY-28; ledger_yearly XY-41; "
    "g7_register XY-39; campaign XY-21",
    "fengnan": "absence_contact FN-15; suspected_review, cumulative_alert FN-16; dropout_notify FN-19; expert_opinion FN-24; "
    "leave_visit FN-17; leave_contact FN-18; leave_end FN-32; teach_month FN-27; teach_term FN-28; platform_reply FN-31; "
    "found_check FN-13; monthly_report FN-8; quarterly_review FN-9",
    "longchuan": "absence_contact, absence_visit LC-14; absence_joint_visit LC-15; absence_plan, suspected_review LC-16; "
    "outside_report, joint_persuasion LC-17; persuasion_record LC-18; dropout_notify LC-25; persist LC-22; "
    "return_followup LC-27; risk_visit LC-29; monthly_report LC-20; month_meeting LC-9; term_meetings LC-7; pledge LC-3; "
    "visit_forms LC-34",
}


def line_of(pack: str) -> list[str]:
    """The pack, its parent, and so on up."""
    return [pack, *(line_of(PARENT[pack]) if pack in PARENT else [])]


def numbers(pack: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in reversed(line_of(pack)):
        found |= NUMBERS[each]
    return found


def clause(pack: str, rule: str) -> str:
    for each in line_of(pack):
        for part in CLAUSES.get(each, "").split("; "):
            *rules, last = part.replace(",", "").split() or [""]
            if rule in rules:
                return last
    return "N"
