"""The shapes of the rules: one row for each, whatever a pack says of its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """What a rule is made of: who owes it, the keys its versions must and may give, whose duty it is."""

    owner: str
    must: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    about: str = "pupil"


SHAPES: Mapping[str, Shape] = {
    "absence_contact": Shape("teacher", ("school_day",)),
    "absence_visit": Shape("teacher", ("school_day",)),
    "absence_joint_visit": Shape("teacher", ("school_day",)),
    "absence_plan": Shape("school", ("school_day",)),
    "suspected_review": Shape("school", ("school_day",)),
    "outside_report": Shape("school", ("school_day",)),
    "persuasion_record": Shape("teacher", ("school_day",)),
    "joint_persuasion": Shape("township", ("school_day",)),
    "cumulative_alert": Shape("school", ("days", "window")),
    "notice": Shape("school", ("school_day",), ("attempts",)),
    "dropout_report": Shape("school", ("calendar_days",)),
    "dropout_notify": Shape("school", ("calendar_days",)),
    "persist": Shape("helper", ("school_day", "calendar_days")),
    "inquiry_letter": Shape("school", ("school_day",)),
    "police_check": Shape("county", ("workdays",)),
    "expert_opinion": Shape("county", ("calendar_days",)),
    "leave_visit": Shape("teacher", ("calendar_day",)),
    "leave_contact": Shape("teacher", ("calendar_days", "soft_days")),
    "leave_end": Shape("teacher", ("school_days",)),
    "return_followup": Shape("helper", ("steps", "early_days")),
    "risk_visit": Shape("teacher", ("school_days",)),
    "teach_month": Shape("teacher", ("sessions", "lessons", "minutes")),
    "teach_term": Shape("teacher", ("lessons", "minutes")),
    "platform_reply": Shape("school", ("workdays",)),
    "trace_tell": Shape("county", ("school_days",)),
    "trace": Shape("township", (), ("school_days", "days_after_tell")),
    "found_check": Shape("township", ("calendar_days",)),
    "handover": Shape("school", ("calendar_days",)),
    "monthly_report": Shape("school", ("month_day", "remind"), ("silent",), "unit"),
    "weekly_check": Shape("county", (), (), "unit"),
    "quarterly_review": Shape("county", (), (), "unit"),
    "circular": Shape("county", (), (), "unit"),
    "compare_lists": Shape("county", (), (), "unit"),
    "month_meeting": Shape("school", (), (), "unit"),
    "term_meetings": Shape("school", (), (), "unit"),
    "pledge": Shape("school", ("calendar_days",), ("signers",), "unit"),
    "visit_forms": Shape("school", (), (), "unit"),
    "term_start_list": Shape("school", ("school_day",), (), "unit"),
    "term_start_visit": Shape("teacher", ("school_day",)),
    "ledger_yearly": Shape("school", ("dates",), (), "unit"),
    "g7_register": Shape("school", ("dates",), (), "unit"),
    "g1_list": Shape("county", ("dates",), (), "unit"),
    "g1_register": Shape("school", ("dates",), (), "unit"),
    "campaign": Shape("school", ("dates",), (), "unit"),
    "teach_meeting": Shape("school", (), (), "unit"),
    "joint_meeting": Shape("county", ("calendar_days",), (), "unit"),
    "leading_meeting": Shape("school", (), (), "unit"),
    "staff_meeting": Shape("school", (), (), "unit"),
    "term_end_meeting": Shape("school", (), (), "unit"),
    "inspection": Shape("county", ("calendar_days",), (), "unit"),
    "school_assessment": Shape("county", ("dates",), (), "unit"),
    "self_report": Shape("county", ("dates",), (), "unit"),
    "registrar_training": Shape("county", ("dates",), (), "unit"),
    "police_list": Shape("county", ("dates",), (), "unit"),
    "four_checks": Shape("school", ("calendar_days",), (), "unit"),
    "disabled_check": Shape("school", ("calendar_days",), (), "unit"),
    "holiday_visits": Shape("school", ("calendar_days",), (), "unit"),
    "settle_all": Shape("county", ("dates",), (), "unit"),
    "register_mark": Shape("school", ("workdays",)),
    "guardian_urge": Shape("township", ("workdays",)),
    "aid_referral": Shape("township", ("workdays",)),
}
