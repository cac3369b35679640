"""Each rule about a pupil, in plain dates: what was recorded, and what is then owed or met."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from casework import rungs
from casework.case import Duty, duty_id
from casework.duties import assess
from casework.facts import Fact
from casework.people import Post, Pupil, Unit
from tests.casework.stage import POSTS, PUPIL, UNITS, at, day, fact, world

FAR = replace(PUPIL, local=False)
TAUGHT = replace(PUPIL, home_taught=True)


def duties(
    pack: str, facts: list[Fact], now: str, pupil: Pupil = PUPIL, **where: Any
) -> dict[str, list[tuple[str, str]]]:
    """Rule → (due day, status) of all duties of the rule, in order of their dues."""
    found = assess(pupil, facts, world(pack, **where), at(now)).duties
    out: dict[str, list[tuple[str, str]]] = {}
    for each in found:
        out.setdefault(each.rule, []).append((f"{each.due.month}-{each.due.day}", each.status))
    return out


def case(pack: str, facts: list[Fact], now: str, pupil: Pupil = PUPIL) -> tuple[str, int, str]:
    found = assess(pupil, facts, world(pack), at(now)).case
    return found.state, found.day, found.ledger


def only(rule: str, pack: str, facts: list[Fact], now: str, pupil: Pupil = PUPIL, **where: Any) -> Duty:
    return next(d for d in assess(pupil, facts, world(pack, **where), at(now)).duties if d.rule == rule)


def clause(*values: Any, of: str) -> Any:
    return pytest.param(*values, marks=pytest.mark.clause(of), id=f"{values[0]}-{values[1]}")


# 2025-09-10 is a Wednesday; 1 to 8 October are holidays, Saturday 11 October is a workday but not taught.
@pytest.mark.parametrize(
    ("pack", "rule", "due"),
    [
        clause("national", "absence_contact", "9-10", of="N"),
        clause("national", "absence_visit", "9-11", of="N"),
        clause("longchuan", "absence_visit", "9-10", of="LC-14"),
        clause("tongan", "absence_visit", "9-10", of="TA-9"),
        clause("longchuan", "absence_joint_visit", "9-11", of="LC-15"),
        clause("longchuan", "absence_plan", "9-12", of="LC-16"),
        clause("fengnan", "suspected_review", "9-12", of="FN-16"),
        clause("national", "outside_report", "9-12", of="N"),
        clause("longchuan", "outside_report", "9-16", of="LC-17"),
        clause("tongan", "outside_report", "9-12", of="TA-10"),
        clause("longchuan", "persuasion_record", "9-16", of="LC-18"),
        clause("longchuan", "joint_persuasion", "9-16", of="LC-17"),
        clause("national", "notice", "9-19", of="N"),
        clause("xiuyan", "notice", "9-16", of="XY-5"),
        clause("longchuan", "persist", "9-16", of="LC-22"),
        clause("tongan", "inquiry_letter", "9-12", of="TA-18"),
        clause("national", "inquiry_letter", "9-12", of="TA-17"),
    ],
)
def test_ladder(pack: str, rule: str, due: str) -> None:
    reported = [fact("absence", "9-10 8:05")]
    found = only(rule, pack, reported, "9-10 8:05", FAR)
    assert (found.due, found.status) == (day(due), "open")


@pytest.mark.parametrize(
    ("pack", "rules"),
    [
        ("national", {"absence_joint_visit", "absence_plan"}),
        ("fengnan", {"outside_report"}),
        ("tongan", {"joint_persuasion"}),
    ],
)
def test_what_a_pack_does_not_ask_for(pack: str, rules: set[str]) -> None:
    assert not rules & duties(pack, [fact("absence", "9-10 8:05")], "9-20").keys()


LATE = [fact("absence", "9-16 9:00", start="9-10")]
CORRECTED_UP = [fact("absence", "9-15 8:00"), fact("absence", "9-16 8:00", start="9-9")]
CORRECTED_DOWN = [fact("absence", "9-8 8:00"), fact("absence", "9-10 8:00", start="9-10")]


@pytest.mark.parametrize(
    ("facts", "rule", "due"),
    [
        (LATE, "absence_contact", "9-16"),
        (LATE, "joint_persuasion", "9-16"),
        (LATE, "notice", "9-19"),
        (CORRECTED_UP, "absence_contact", "9-15"),
        (CORRECTED_UP, "suspected_review", "9-16"),
        (CORRECTED_UP, "persuasion_record", "9-16"),
        (CORRECTED_UP, "notice", "9-18"),
        (CORRECTED_DOWN, "absence_contact", "9-10"),
        (CORRECTED_DOWN, "suspected_review", "9-12"),
        (CORRECTED_DOWN, "persuasion_record", "9-16"),
    ],
)
def test_late_entry_and_correction(facts: list[Fact], rule: str, due: str) -> None:
    assert only(rule, "national", facts, "9-16 9:00").due == day(due)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("9-10 11:59", ("in_school", 0, "age")),
        ("9-10 12:00", ("absent", 1, "age")),
        ("9-12 11:59", ("absent", 2, "age")),
        ("9-12 12:00", ("suspected", 3, "suspected")),
        ("9-14 18:00", ("suspected", 3, "suspected")),
    ],
)
def test_a_day_counts_from_noon(now: str, expected: tuple[str, int, str]) -> None:
    assert case("national", [fact("absence", "9-10 8:05")], now) == expected


RETURNS = [
    # recorded, about, state, follow-ups
    ("9-12 7:40", None, "in_school", []),
    ("9-12 13:00", None, "observed", ["9-19", "10-12", "11-11", "12-11"]),
    ("9-15 8:00", "9-12", "in_school", []),
    ("9-16 8:00", "9-15", "observed", ["9-22", "10-15", "11-14", "12-14"]),
]


@pytest.mark.parametrize(("when", "on", "state", "followups"), RETURNS)
def test_return(when: str, on: str | None, state: str, followups: list[str]) -> None:
    facts = [fact("absence", "9-10 8:05"), fact("return", when, on=on)]
    assert case("national", facts, "9-16 9:00")[0] == state
    assert [due for due, _ in duties("national", facts, "9-16 9:00").get("return_followup", [])] == followups


def test_who_holds_a_post_is_looked_at_anew_while_something_is_owed() -> None:
    """Saturday 20 September is the last day of the class teacher, Sunday the first of the next one."""
    held = [p for p in POSTS if p.person != "wang"]
    held += [Post("wang", "teacher", "c", until=day("9-20")), Post("sun", "teacher", "c", since=day("9-21"))]
    absent, turn = [fact("absence", "9-10 8:05")], world("national", posts=held)
    assert assess(PUPIL, absent, turn, at("9-20 23:00")).wake == at("9-21")
    assert assess(PUPIL, absent, world("national"), at("9-20 23:00")).wake == at("9-22 12:00")
    back = [*absent, fact("return", "9-11 7:40")]
    assert assess(PUPIL, back, turn, at("9-20 23:00")).wake == at(
        "2026-09-12"
    )  # closed, they are only forgotten a year later


@pytest.mark.clause("LC-27")
def test_followups_close_the_case_with_the_last() -> None:
    facts = [fact("absence", "9-8 8:00"), fact("return", "9-11 7:40")]
    facts += [fact("contact", f"{d} 15:00", outcome="other") for d in ("9-14", "9-15", "10-11", "11-10")]
    assert [s for _, s in duties("national", facts, "11-11")["return_followup"]] == ["done", "done", "done", "open"]
    assert case("national", facts, "11-11") == ("observed", 0, "suspected")
    facts += [fact("visit", "12-9 9:00", outcome="other"), fact("contact", "12-9 9:00", outcome="other")]
    assert [s for _, s in duties("national", facts, "12-9 10:00")["return_followup"]] == ["done"] * 4
    assert case("national", facts, "12-9 10:00") == ("in_school", 0, "age")


def test_the_last_followup_by_name_closes_the_case_and_leaves_the_others_lapsed() -> None:
    facts = [fact("absence", "9-8 8:00"), fact("return", "9-11 7:40")]
    last = duty_id("return_followup", PUPIL.id, facts[-1].id, 3)
    facts.append(fact("done", "12-9 9:00", rule="return_followup", duty=last))
    facts.append(fact("contact", "12-10 9:00", outcome="other"))
    found = duties("national", facts, "12-10 10:00")["return_followup"]
    assert [s for _, s in found] == ["lapsed", "lapsed", "lapsed", "done"]


def test_a_relapse_keeps_the_ledger_and_is_observed_again() -> None:
    facts = [fact("absence", "9-8 8:00"), fact("return", "9-11 7:40"), fact("absence", "9-22 8:00")]
    assert case("national", facts, "9-22 13:00") == ("absent", 1, "suspected")
    assert {s for _, s in duties("national", facts, "9-22 13:00")["return_followup"]} == {"lapsed"}
    facts.append(fact("return", "9-23 7:40"))
    assert case("national", facts, "9-23 8:00") == ("observed", 0, "suspected")
    assert ("9-30", "open") in duties("national", facts, "9-23 8:00")["return_followup"]


def test_a_call_of_the_moment_in_which_the_relapse_is_told_is_still_a_followup() -> None:
    facts = [fact("absence", "9-8 8:00"), fact("return", "9-11 7:40")]
    told = [fact("contact", "9-22 8:00", outcome="other"), fact("absence", "9-22 8:00")]
    assert duties("national", [*facts, *told], "9-22 9:00")["return_followup"][0] == ("9-18", "done")
    told[0] = fact("contact", "9-22 8:01", outcome="other")
    assert duties("national", [*facts, *told], "9-22 9:00")["return_followup"][0] == ("9-18", "lapsed")


def test_back_before_noon_is_no_relapse() -> None:
    facts = [fact("absence", "9-8 8:00"), fact("return", "9-11 7:40"), fact("absence", "9-22 8:00")]
    assert {s for _, s in duties("national", facts, "9-22 9:00")["return_followup"]} == {"lapsed"}
    facts.append(fact("return", "9-22 10:00"))
    assert ("9-18", "open") in duties("national", facts, "9-22 10:00")["return_followup"]


@pytest.mark.parametrize(
    ("facts", "rule", "status"),
    [
        ([fact("contact", "9-10 9:00", outcome="nobody")], "absence_contact", "open"),
        ([fact("contact", "9-10 9:00", outcome="refused")], "absence_contact", "done"),
        ([fact("visit", "9-10 9:00", outcome="away")], "absence_contact", "done"),
        ([fact("visit", "9-10 9:00", outcome="nobody")], "absence_contact", "open"),
        ([fact("visit", "9-10 9:00", outcome="nobody")], "absence_visit", "done"),
        ([fact("visit", "9-10 9:00", by="cun", outcome="refused")], "absence_visit", "done"),
        ([fact("visit", "9-10 9:00", outcome="refused")], "absence_joint_visit", "open"),
        ([fact("visit", "9-10 9:00"), fact("visit", "9-11 9:00", by="km")], "absence_joint_visit", "done"),
        ([fact("visit", "9-10 9:00"), fact("visit", "9-11 9:00", by="li")], "absence_joint_visit", "open"),
        ([fact("visit", "9-10 9:00", by="zhen")], "joint_persuasion", "done"),
        ([fact("visit", "9-10 9:00", by="cun")], "joint_persuasion", "done"),
        ([fact("visit", "9-10 9:00", by="li")], "joint_persuasion", "open"),
        ([fact("done", "9-10 9:00", by="li", rule="joint_persuasion")], "joint_persuasion", "open"),
        ([fact("done", "9-10 9:00", by="zhen", rule="joint_persuasion")], "joint_persuasion", "done"),
        ([fact("done", "9-10 9:00", by="xian", rule="absence_plan")], "absence_plan", "done"),
        ([fact("notice", "9-11 9:00", by="li")], "notice", "done"),
    ],
)
def test_what_fulfils(facts: list[Fact], rule: str, status: str) -> None:
    assert only(rule, "longchuan", [fact("absence", "9-10 8:05"), *facts], "9-12").status == status


@pytest.mark.clause("XY-5")
def test_notice_by_attempts() -> None:
    facts = [fact("absence", "10-13 8:00"), fact("contact", "10-13 9:00", outcome="nobody")]
    facts += [fact("contact", "10-13 10:00", outcome="nobody"), fact("visit", "10-14 9:00", outcome="refused")]
    assert only("notice", "xiuyan", facts[:3], "10-14").due == day("10-17")
    assert only("notice", "xiuyan", facts, "10-14 9:00").due == day("10-14")
    facts[-1] = fact("visit", "10-16 9:00", on="10-14", outcome="refused")  # known two days later, and due from then
    assert only("notice", "xiuyan", facts, "10-16 9:00").due == day("10-16")


@pytest.mark.parametrize(
    "facts",
    [
        [fact("absence", "9-10 8:05"), fact("leave", "9-10 10:00", to="9-11")],
        [fact("leave", "9-8 8:00", to="9-9"), fact("leave", "9-15 8:00", to="9-16")],  # nobody came back on the 10th
    ],
)
def test_what_an_absence_owed_lapses_with_a_leave(facts: list[Fact]) -> None:
    assert duties("national", facts, "9-15 9:00")["absence_contact"][0] == ("9-10", "lapsed")


def test_a_closed_duty_is_kept_for_a_year() -> None:
    facts = [fact("found", "9-8 9:00", by="cun"), fact("done", "9-9 9:00", by="zhen", rule="found_check")]
    kept = assess(PUPIL, facts, world("national"), at("2026-09-15 23:59"))
    assert kept.wake is not None
    assert "found_check" in {d.rule for d in kept.duties}
    gone = assess(PUPIL, facts, world("national"), kept.wake)
    assert "found_check" not in {
        d.rule for d in gone.duties
    }  # at the very moment for which it was to be looked at again


@pytest.mark.clause("XY-6")
@pytest.mark.parametrize(
    ("served", "due"),
    [
        ("9-8 10:00", "9-16"),
        ("9-26 10:00", "10-10"),  # the 7th day is 3 October: the week ends on the 9th, the next school day is the 10th
        ("9-22 10:00", "9-30"),
        ("9-4 10:00", "9-12"),
        ("9-6 10:00", "9-15"),  # the 7th day is an ordinary Saturday
        ("12-26 10:00", "2026-01-05"),  # 2 January is a holiday, the 4th a make-up Sunday that is not taught
        ("3-30 10:00", "4-8"),
    ],
)
def test_dropout_report(served: str, due: str) -> None:
    month = served.split("-")[0]
    absent = {"9": "9-1 8:00", "12": "12-22 8:00", "3": "3-23 8:00"}[month]
    facts = [fact("absence", absent), fact("notice", served, by="li")]
    assert only("dropout_report", "xiuyan", facts, served).due == day(due)


@pytest.mark.clause("LC-22")
@pytest.mark.parametrize(
    ("spoken", "expected"),
    [
        ([], [("9-16", "open")]),
        (["9-10 9:00"], [("9-17", "open")]),
        (["9-10 9:00", "9-15 9:00"], [("9-22", "open")]),
        (["9-16 9:00"], [("9-16", "done"), ("9-23", "open")]),
        (["9-15 9:00", "9-18 9:00"], [("9-22", "done"), ("9-25", "open")]),
        (["9-16 9:00", "9-16 15:00", "9-30 9:00"], [("9-16", "done"), ("9-23", "done"), ("10-7", "open")]),
    ],
)
def test_persist(spoken: list[str], expected: list[tuple[str, str]]) -> None:
    facts = [fact("absence", "9-10 8:05"), *(fact("contact", s, outcome="nobody") for s in spoken)]
    assert duties("longchuan", facts, "9-30 10:00")["persist"] == expected


def test_persist_is_done_by_what_is_said_of_it_and_of_this_absence() -> None:
    facts = [fact("absence", "9-10 8:05", start="9-2"), fact("done", "9-10 8:05", rule="persist")]
    assert duties("longchuan", facts, "9-12 10:00")["persist"] == [("9-10", "done"), ("9-17", "open")]
    facts[1] = fact("done", "9-10 8:05", rule="outside_report")
    assert duties("longchuan", facts, "9-12 10:00")["persist"] == [("9-10", "open")]
    again = [fact("done", "9-8 9:00", rule="persist"), fact("absence", "9-10 8:05")]
    assert duties("longchuan", again, "9-17 10:00")["persist"] == [("9-16", "open")]


def test_confirmed_dropout_leaves_persist_and_report_and_counts_on() -> None:
    facts = [fact("absence", "9-10 8:05"), fact("notice", "9-12 9:00", by="li")]
    facts.append(fact("dropout", "9-15 9:00", by="li", reason_code="work"))
    found = duties("longchuan", facts, "9-22 13:00")
    still = {rule for rule, rows in found.items() if ("open" in {s for _, s in rows})}
    assert still == {"persist", "dropout_report", "dropout_notify", "register_mark"}
    assert found["dropout_notify"] == [("9-15", "open")]
    assert case("longchuan", facts, "9-22 13:00") == ("dropout", 9, "dropout")
    facts.append(fact("return", "9-23 7:40"))
    assert case("longchuan", facts, "9-23 8:00") == ("observed", 0, "dropout")
    after = duties("longchuan", facts, "9-23 8:00")
    assert {rule for rule, rows in after.items() if "open" in {s for _, s in rows}} == {"return_followup"}


@pytest.mark.parametrize(
    ("code", "rules"),
    [
        ("missing", {"police_check"}),
        ("abroad", {"police_check"}),
        ("death", {"police_check"}),
        ("wrong_record", {"police_check"}),
        ("illness", {"expert_opinion"}),
        ("disability", {"expert_opinion"}),
        ("work", set()),
    ],
)
def test_what_a_reason_asks_for(code: str, rules: set[str]) -> None:
    facts = [fact("dropout", "9-26 9:00", by="li", reason_code=code)]
    found = duties("fujian", facts, "9-26 9:00")
    assert {"police_check", "expert_opinion"} & found.keys() == rules
    verified = [("10-16", "open")]  # ten workdays: Sunday the 28th and Saturday the 11th are among them
    assert found.get("police_check", verified) == verified
    assert found.get("expert_opinion", [("10-26", "open")]) == [("10-26", "open")]


@pytest.mark.clause("FJ-22", "FJ-23", "XY-30", "XY-7", "LC-37")
def test_what_township_and_school_owe_after_a_dropout() -> None:
    poor = [fact("dropout", "9-26 9:00", by="li", reason_code="poverty")]
    away = [fact("dropout", "9-26 9:00", by="li", reason_code="work")]
    found = duties("fujian", poor, "9-26 9:00")
    assert (found["guardian_urge"], found["aid_referral"]) == ([("10-16", "open")], [("10-16", "open")])
    assert "aid_referral" not in duties("fujian", away, "9-26 9:00")
    ill = [fact("dropout", "9-26 9:00", by="li", reason_code="illness")]
    assert "guardian_urge" not in duties("fujian", ill, "9-26 9:00")
    assert duties("longchuan", away, "9-26 9:00")["register_mark"] == [
        ("10-10", "open")
    ]  # Sunday the 28th is a workday
    ordered = fact("work", "9-28 9:00", by="zhen", what="order", note="限10月5日前送回")
    assert duties("xiuyan", [*away, ordered], "9-28 9:00")["guardian_urge"] == [("10-16", "done")]
    talked = fact("work", "9-28 9:00", by="wang", what="talk", note="情绪稳定")
    assert duties("xiuyan", [*away, talked], "9-28 9:00")["guardian_urge"] == [("10-16", "open")]
    back = fact("return", "9-29 7:40", by="wang")
    assert duties("xiuyan", [*away, back], "9-29 8:00")["guardian_urge"] == [("10-16", "lapsed")]


@pytest.mark.clause("FJ-10")
def test_verified_death_closes_the_case() -> None:
    facts = [fact("dropout", "9-26 9:00", by="li", reason_code="death")]
    facts.append(fact("done", "9-29 9:00", by="xian", rule="police_check"))
    assert case("fujian", facts, "9-29 10:00") == ("left", 0, "age")
    found = duties("fujian", facts, "9-29 10:00")
    assert found["police_check"] == [("10-16", "done")]
    assert {s for rows in found.values() for _, s in rows} == {"done", "lapsed"}


@pytest.mark.parametrize("kind", ["suspend", "defer"])
def test_expert_opinion_on_suspension_too(kind: str) -> None:
    facts = [fact(kind, "9-10 9:00", by="li", reason_code="illness")]
    assert duties("fengnan", facts, "9-10 9:00") == {"expert_opinion": [("10-10", "open")]}
    assert case("fengnan", facts, "9-10 9:00") == ("left", 0, "age")


@pytest.mark.clause("FJ-11")
@pytest.mark.parametrize(
    ("between", "expected"),
    [
        ([], [("10-10", "open")]),  # suspended on: the opinion asked for serves
        ([fact("return", "9-15 8:05")], [("10-10", "lapsed"), ("10-22", "open")]),
        ([fact("transfer_out", "9-15 8:05", by="li", pending=True)], [("10-10", "open")]),
    ],
)
def test_one_expert_opinion_until_the_pupil_attends_again(between: list[Fact], expected: list[tuple[str, str]]) -> None:
    again = [fact("suspend", when, by="li", reason_code="illness") for when in ("9-10 9:00", "9-22 9:00")]
    found = duties("fengnan", [again[0], *between, again[1]], "9-22 9:00")
    assert found["expert_opinion"] == expected


@pytest.mark.clause("FN-33", "TA-15", "XY-4")
def test_pending_papers_leave_the_count_running() -> None:
    facts = [fact("absence", "9-10 8:05"), fact("transfer_out", "9-11 9:00", pending=True)]
    found = assess(PUPIL, facts, world(), at("9-12 13:00")).case
    assert (found.state, found.day, found.pending) == ("suspected", 3, "transfer_out")


@pytest.mark.clause("FN-17")
@pytest.mark.parametrize(
    ("to", "due"),
    [("9-16", None), ("9-17", "9-17"), ("9-30", "9-17")],
)
def test_leave_visit(to: str, due: str | None) -> None:
    found = duties("fengnan", [fact("leave", "9-10 7:50", to=to)], "9-10 8:00").get("leave_visit")
    assert found == ([(due, "open")] if due else None)


@pytest.mark.clause("FN-17")
@pytest.mark.parametrize("to", ["9-20", "9-14"])
def test_leave_visit_moves_to_a_school_day_even_past_the_leave(to: str) -> None:
    assert duties("fengnan", [fact("leave", "9-6 7:50", to=to)], "9-6 8:00")["leave_visit"] == [("9-15", "open")]


def test_a_leave_learnt_of_on_its_last_day_still_asks_for_a_visit() -> None:
    found = duties("fengnan", [fact("leave", "9-14 7:50", on="9-6", to="9-14")], "9-15 8:00")
    assert found["leave_visit"] == [("9-15", "open")]


def test_a_leave_learnt_of_after_its_end_asks_for_no_visit() -> None:
    assert "leave_visit" not in duties("fengnan", [fact("leave", "9-15 7:50", on="9-6", to="9-14")], "9-15 8:00")


@pytest.mark.clause("FN-18")
@pytest.mark.parametrize(
    ("spoken", "expected"),
    [
        ([], [("10-1", "open")]),
        (["9-12 9:00"], [("10-1", "open")]),
        (["9-22 9:00"], [("10-6", "open")]),
        (["10-1 9:00"], [("10-1", "done"), ("10-15", "open")]),
        (["9-22 9:00", "10-3 9:00"], [("10-6", "done"), ("10-17", "open")]),
    ],
)
def test_leave_contact(spoken: list[str], expected: list[tuple[str, str]]) -> None:
    facts = [fact("leave", "9-10 7:50", to="10-20"), *(fact("contact", s, outcome="other") for s in spoken)]
    assert duties("fengnan", facts, "10-4 9:00")["leave_contact"] == expected


def test_no_contact_is_owed_after_the_leave() -> None:
    assert "leave_contact" not in duties("fengnan", [fact("leave", "9-10 7:50", to="9-30")], "9-10 8:00")


def test_no_contact_is_owed_after_the_end_of_a_leave_that_was_shortened() -> None:
    facts = [fact("leave", "9-1 8:00", to="10-30"), fact("leave", "9-20 8:00", on="9-1", to="9-25")]
    facts += [fact("contact", f"{day_} 9:00", outcome="other") for day_ in ("9-24", "9-25")]
    assert duties("fengnan", facts, "9-25 10:00")["leave_contact"] == [("9-22", "done")]


@pytest.mark.parametrize(
    ("told", "to", "expected"),
    [
        ("9-8 8:00", "9-29", [("9-29", "open")]),  # due on the last day of all
        ("9-8 8:00", "9-28", []),
        ("9-30 8:00", "9-30", [("9-30", "open")]),  # learnt of on the last day
        ("10-3 8:00", "9-30", []),  # after it nobody is to be called any more
    ],
)
def test_a_leave_is_called_about_while_it_lasts(told: str, to: str, expected: list[tuple[str, str]]) -> None:
    found = duties("fengnan", [fact("leave", told, on="9-8", to=to)], told)
    assert found.get("leave_contact", []) == expected


@pytest.mark.clause("FN-32")
def test_leave_that_runs_out() -> None:
    facts = [fact("leave", "9-24 7:40", to="9-30")]
    assert duties("fengnan", facts, "9-24 8:00")["leave_end"] == [("10-9", "open")]
    assert case("fengnan", facts, "10-9 11:59") == ("on_leave", 0, "age")
    assert case("fengnan", facts, "10-9 12:00") == ("absent", 1, "age")
    assert duties("fengnan", facts, "10-9 12:00")["absence_contact"] == [("10-9", "open")]
    reported = [*facts, fact("absence", "10-9 8:00")]
    assert duties("fengnan", reported, "10-9 8:00")["leave_end"] == [("10-9", "done")]
    assert [d.id for d in assess(PUPIL, facts, world("fengnan"), at("10-9 12:00")).duties if d.rule == "notice"] == [
        d.id for d in assess(PUPIL, reported, world("fengnan"), at("10-9 12:00")).duties if d.rule == "notice"
    ]


@pytest.mark.parametrize(
    ("then", "stands"),
    [
        ([], "open"),  # away without a word: the question stays
        ([("leave", "10-10 8:00", {"on": "10-10", "to": "10-17"})], "lapsed"),
        ([("transfer_out", "10-10 8:00", {"place": "惠州"})], "lapsed"),
        ([("dropout", "10-10 8:00", {})], "lapsed"),
        ([("return", "10-10 8:00", {})], "done"),
    ],
)
def test_whether_the_pupil_is_back_from_a_leave_is_asked_until_something_else_holds(then, stands: str) -> None:
    facts = [fact("leave", "9-24 7:40", to="9-30"), *(fact(kind, when, **data) for kind, when, data in then)]
    assert duties("fengnan", facts, "10-10 13:00")["leave_end"][0] == ("10-9", stands)


def test_a_leave_extended_after_the_absence_of_its_first_day_was_told_is_one() -> None:
    facts = [fact("leave", "9-8 7:40", to="9-12"), fact("absence", "9-15 8:00")]
    found = duties("fengnan", [*facts, fact("leave", "9-15 14:00", to="9-26")], "9-15 14:00")
    assert found["leave_visit"] == [("9-15", "open")]  # the eighth day of the one leave
    assert found["leave_end"][-1] == ("9-29", "open")


def test_extended_leave_is_one() -> None:
    facts = [fact("leave", "9-8 7:40", to="9-12"), fact("leave", "9-12 9:00", on="9-15", to="9-26")]
    found = duties("fengnan", facts, "9-12 9:00")
    assert found["leave_end"] == [("9-15", "lapsed"), ("9-29", "open")]
    assert found["leave_visit"] == [("9-15", "open")]
    assert case("fengnan", facts, "9-15 13:00") == ("on_leave", 0, "age")


def test_leave_takes_its_days_out_of_the_absence() -> None:
    facts = [fact("absence", "9-8 8:00"), fact("leave", "9-10 15:00", to="9-11")]
    assert case("national", facts, "9-10 15:00") == ("on_leave", 0, "age")
    assert {s for _, s in duties("national", facts, "9-10 15:00")["suspected_review"]} == {"lapsed"}
    assert case("national", facts, "9-12 12:00") == ("absent", 1, "age")


@pytest.mark.clause("FN-16")
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([fact("absence", "9-15 8:00"), fact("return", "9-17 7:40"), fact("absence", "9-18 8:00")], [("9-18", "open")]),
        ([fact("absence", "9-15 8:00"), fact("return", "9-16 7:40"), fact("absence", "9-18 8:00")], [("9-19", "open")]),
        ([fact("absence", "9-1 8:00"), fact("return", "9-3 7:40"), fact("absence", "10-9 8:00")], []),
        ([fact("absence", "9-15 8:00"), fact("return", "9-16 7:40"), fact("absence", "9-18 8:00"),
          fact("return", "9-19 7:40")], [("9-19", "lapsed")]),
        ([fact("absence", "9-15 8:00"), fact("return", "9-17 7:40"), fact("absence", "9-18 8:00"),
          fact("return", "9-19 7:40")], [("9-18", "open")]),
    ],
)  # fmt: skip
def test_cumulative_alert(facts: list[Fact], expected: list[tuple[str, str]]) -> None:
    assert duties("fengnan", facts, "10-10 13:00").get("cumulative_alert", []) == expected


@pytest.mark.clause("XY-24")
@pytest.mark.parametrize(
    ("when", "due"), [("9-10 9:00", "9-11"), ("9-12 9:00", "9-15"), ("9-30 9:00", "10-9"), ("10-9 9:00", "10-10")]
)
def test_risk_visit(when: str, due: str) -> None:
    marked = [fact("mark", when, group="at_risk")]
    assert duties("xiuyan", marked, when) == {"risk_visit": [(due, "open")]}
    taken_off = fact("mark", when.replace(":00", ":30"), group="at_risk", off=True)
    assert duties("xiuyan", [*marked, taken_off], when) == {"risk_visit": [(due, "lapsed")]}
    for kind, status in (("contact", "open"), ("visit", "done")):  # a call is no visit
        gone = fact(kind, when.replace(":00", ":30"), outcome="nobody")
        assert duties("xiuyan", [*marked, gone], when.replace(":00", ":45")) == {"risk_visit": [(due, status)]}


@pytest.mark.parametrize(
    ("pack", "kind", "by", "expected"),
    [
        ("fengnan", "platform_flag", "xian", {"platform_reply": [("9-30", "open")]}),
        ("fujian", "not_registered", "li", {"trace_tell": [("9-28", "open")], "trace": [("10-5", "open")]}),
        ("tongan", "not_registered", "li", {"trace_tell": [("9-28", "open")], "trace": [("9-28", "open")]}),
        ("national", "not_registered", "li", {"trace": [("9-28", "open")]}),
        ("xiuyan", "not_handed_over", "li", {"handover": [("9-26", "open")]}),
        ("national", "found", "cun", {"found_check": [("10-3", "open")]}),
    ],
)
def test_one_fact_one_duty(pack: str, kind: str, by: str, expected: dict[str, list[tuple[str, str]]]) -> None:
    """Friday 26 September; Sunday the 28th is a workday, and taught in this county."""
    assert duties(pack, [fact(kind, "9-26 9:00", by=by)], "9-26 9:00", teach_on=[day("9-28")]) == expected


def test_told_again_while_it_is_owed_it_does_not_come_twice() -> None:
    facts = [fact("platform_flag", "9-10 9:00", by="xian"), fact("platform_flag", "9-11 9:00", by="xian")]
    assert len(duties("fengnan", facts, "9-11 9:00")["platform_reply"]) == 1
    facts[1:1] = [fact("done", "9-11 9:00", by="xian", rule="platform_reply")]  # answered, and flagged at that minute
    assert [s for _, s in duties("fengnan", facts, "9-11 9:00")["platform_reply"]] == ["done"]
    facts[-1] = fact("platform_flag", "9-11 9:01", by="xian")
    assert [s for _, s in duties("fengnan", facts, "9-11 9:01")["platform_reply"]] == ["done", "open"]


def test_trace_runs_from_the_telling_if_that_was_earlier() -> None:
    facts = [fact("not_registered", "9-1 16:00", by="li"), fact("done", "9-1 17:00", by="xian", rule="trace_tell")]
    assert duties("fujian", facts, "9-1 17:00") == {"trace_tell": [("9-2", "done")], "trace": [("9-8", "open")]}
    facts[1] = fact("done", "9-5 17:00", by="xian", rule="trace_tell")
    assert duties("fujian", facts, "9-5 17:00")["trace"] == [("9-9", "open")]


@pytest.mark.parametrize(
    ("went", "status"),
    [
        (fact("contact", "9-2 9:00", by="zhen", outcome="nobody"), "open"),  # a call is no visit
        (fact("visit", "9-2 9:00", by="zhen", on="8-29", outcome="nobody"), "open"),  # before anybody was missed
        (fact("visit", "9-2 9:00", by="zhen", outcome="nobody"), "done"),
    ],
)
def test_who_did_not_register_is_looked_for_at_home(went: Fact, status: str) -> None:
    facts = [fact("not_registered", "9-1 16:00", by="li"), went]
    assert only("trace", "national", facts, "9-2 10:00").status == status


@pytest.mark.clause("XY-28")
def test_not_returned() -> None:
    facts = [fact("not_returned", "3-2 10:00", by="li")]
    assert duties("xiuyan", facts, "3-2 10:00")["term_start_visit"] == [("3-4", "open")]
    late = [fact("not_returned", "3-6 10:00", by="li")]
    assert duties("xiuyan", late, "3-6 10:00")["term_start_visit"] == [("3-6", "open")]
    assert case("xiuyan", late, "3-6 13:00") == ("suspected", 5, "suspected")


@pytest.mark.clause("FN-27")
@pytest.mark.parametrize(
    ("records", "status", "owed"),
    [
        ([{"lessons": 2}], "open", 1),
        ([{"lessons": 2}, {"lessons": 2, "minutes": 60}], "done", 0),
        ([{"lessons": 2}, {"lessons": 1}, {"lessons": 1}], "open", 1),
        ([{"lessons": 2}, {"minutes": 60}], "done", 0),
        ([{"lessons": 2}, {"minutes": 59}], "open", 1),
        ([{"lessons": 2}, {"lessons": 2, "minutes": 40}], "open", 1),
    ],
)
def test_teach_month(records: list[dict[str, int]], status: str, owed: int) -> None:
    facts = [fact("teach", f"9-{10 + n} 16:00", **each) for n, each in enumerate(records)]
    found = only("teach_month", "fengnan", facts, "9-20", TAUGHT, start="9-1")
    assert (found.due, found.status, found.hint["owed"]) == (day("9-30"), status, owed)


@pytest.mark.clause("FN-28")
def test_teach_term() -> None:
    facts = [fact("teach", f"9-{n} 16:00", lessons=2, minutes=60) for n in range(10, 20)]
    assert only("teach_term", "fengnan", facts[:9], "9-20", TAUGHT).hint == {"lessons": 18, "owed": 2}
    assert only("teach_term", "fengnan", facts, "9-20", TAUGHT).status == "done"
    assert "teach_term" not in duties("fengnan", facts, "9-20")


def test_helper_owns_what_comes_next() -> None:
    facts = [fact("absence", "9-10 8:05"), fact("assign", "9-10 9:00", by="li", to="km")]
    found = only("persist", "national", facts, "9-11")
    assert (found.owner, found.who) == ("subject_teacher", ("km",))
    assert only("absence_visit", "national", facts, "9-11").who == ("wang",)


def test_a_vacant_post_is_answered_for_one_step_up() -> None:
    posts = [p for p in POSTS if p.role not in ("teacher", "township")]
    reported = [fact("absence", "9-10 8:05")]
    assert only("absence_contact", "national", reported, "9-10 9:00", posts=posts).who == ("li",)
    assert only("joint_persuasion", "national", reported, "9-10 9:00", posts=posts).who == ("xian",)


def test_a_deputy_has_the_duties_for_these_days() -> None:
    deputy = Post("chen", "teacher", "c", day("9-10"), day("9-12"), deputy_for="wang")
    reported = [fact("absence", "9-9 8:05")]
    who = [
        only("absence_visit", "national", reported, d, posts=[*POSTS, deputy]).who for d in ("9-9 9:00", "9-11", "9-13")
    ]
    assert who == [("wang",), ("chen",), ("wang",)]


def test_undo_brings_a_lapsed_duty_back() -> None:
    absent, back = fact("absence", "9-10 8:05"), fact("return", "9-11 7:40")
    void = fact("void", "9-11 7:45", facts=[back.id])
    before = assess(PUPIL, [absent], world(), at("9-11 7:45"))
    assert assess(PUPIL, [absent, back, void], world(), at("9-11 7:45")) == before


def test_undo_of_an_undo() -> None:
    absent = fact("absence", "9-10 8:05")
    first = fact("void", "9-10 8:06", facts=[absent.id])
    again = fact("void", "9-10 8:07", facts=[first.id])
    assert case("national", [absent, first, again], "9-10 13:00") == ("absent", 1, "age")


def test_a_correction_wins_over_a_return_inside_it() -> None:
    facts = [fact("absence", "9-8 8:00"), fact("return", "9-10 7:40"), fact("absence", "9-12 8:00", start="9-8")]
    assert case("national", facts, "9-12 13:00") == ("suspected", 5, "suspected")


@pytest.mark.clause("LC-9")
def test_a_threshold_holds_from_its_date(tmp_path: Any) -> None:
    """A county asks for the outside report on day 3 from 15 September on; before it was day 5 (design: policy change)."""
    own = tmp_path / "own.yaml"
    own.write_text(
        "pack: 本县\ndocuments:\n  县文件: {title: 县文件, from: 2025-09-15}\nrules:\n  outside_report:\n"
        "    - {school_day: 3, clause: BX-1, article: 一, quote: 三日}\n",
        encoding="utf-8",
    )
    dues = {
        start: only("outside_report", "longchuan", [fact("absence", f"{start} 8:00")], f"{start} 8:00", overrides=own)
        for start in ("9-5", "9-9", "9-10", "9-11", "9-15")
    }
    assert {start: d.due for start, d in dues.items()} == {
        "9-5": day("9-11"),
        "9-9": day("9-15"),
        "9-10": day("9-15"),
        "9-11": day("9-15"),
        "9-15": day("9-17"),
    }
    assert [d.clause for d in dues.values()] == ["LC-17", "BX-1", "BX-1", "BX-1", "BX-1"]


PRIMARY = [Unit("ps", "school", "中心小学", "z", "primary"), Unit("pc", "class", "六年级1班", "ps", grade=6)]


@pytest.mark.clause("XY-40")
@pytest.mark.parametrize(
    ("moved", "who", "above"),
    [
        ([], ("li",), ("xz",)),
        ([fact("transfer_out", "8-20 9:00", by="xian", **{"class": "pc"}),
          fact("transfer_in", "8-20 9:01", by="xian", **{"class": "c"})], ("sun",), ("qian",)),
        ([fact("transfer_in", "8-20 9:01", by="li", left="pc", **{"class": "c"})], ("sun",), ("qian",)),
    ],
)  # fmt: skip
def test_the_former_primary_school_owes_the_handover(
    moved: list[Fact], who: tuple[str, ...], above: tuple[str, ...]
) -> None:
    """Who stands in a junior class already is still the former primary school's to go after, up to its principal."""
    posts = [*POSTS, Post("sun", "school", "ps"), Post("qian", "principal", "ps")]
    facts = [*moved, fact("not_handed_over", "9-1 9:00", by="xian")]
    found = only("handover", "xiuyan", facts, "9-3 9:00", posts=posts, tree=[*UNITS, *PRIMARY])
    there = world("xiuyan", posts=posts, tree=[*UNITS, *PRIMARY])
    assert (found.owner, found.who, found.due) == ("school", who, day("9-1"))
    assert rungs.left(found, PUPIL, there, day("9-3"), {})[0].people == above


def test_a_report_of_a_day_closed_later_records_nothing() -> None:
    """Reported at eight, closed at nine: of that morning nothing is left; what was said to have begun before goes on."""
    closed = {"no_teach_on": [day("9-10")]}
    assert duties("national", [fact("absence", "9-10 8:05")], "9-12 13:00", **closed) == {}
    since = [fact("absence", "9-10 8:05", start="9-9")]
    assert duties("national", since, "9-11 13:00", **closed)["absence_visit"] == [("9-11", "open")]
