"""What holds of every history: order does not matter, no duty without cause or clause, nothing owed after a return."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.calendar import midnight
from casework.case import Duty
from casework.duties import assess
from casework.facts import LEDGERS, PUPIL_STATES, Fact, Kind
from casework.policy import PACKS
from casework.scope import World
from casework.timeline import standing, unfold
from tests.casework.stage import PUPIL, ROLES, day, world

pytestmark = pytest.mark.broad

WORLDS: dict[str, World] = {pack: world(pack) for pack in PACKS}
FIRST = dt.datetime(2025, 9, 8, 7, 30)
KINDS = [
    (Kind.ABSENCE, 6),
    (Kind.RETURN, 3),
    (Kind.LEAVE, 2),
    (Kind.CONTACT, 3),
    (Kind.VISIT, 3),
    (Kind.NOTICE, 1),
    (Kind.DROPOUT, 1),
    (Kind.MARK, 1),
    (Kind.TRANSFER_OUT, 1),
    (Kind.TRANSFER_IN, 1),
    (Kind.SUSPEND, 1),
    (Kind.NOT_RETURNED, 1),
    (Kind.NOT_REGISTERED, 1),
    (Kind.PLATFORM_FLAG, 1),
    (Kind.ASSIGN, 1),
    (Kind.DONE, 2),
]
# How a history may begin, so that what comes after a return, a departure or a correction is tried often enough:
# hours after the fact before, kind, data.
OPENINGS: list[list[tuple[int, Kind, dict[str, object]]]] = [
    [],
    [],
    [(1, Kind.ABSENCE, {}), (72, Kind.RETURN, {})],
    [(1, Kind.ABSENCE, {}), (50, Kind.DROPOUT, {"reason_code": "missing"}), (60, Kind.RETURN, {})],
    [(1, Kind.ABSENCE, {}), (100, Kind.TRANSFER_OUT, {}), (90, Kind.TRANSFER_IN, {})],
    [(1, Kind.ABSENCE, {}), (24, Kind.ABSENCE, {"start": "2025-09-03"}), (1, Kind.ABSENCE, {"start": "2025-09-09"})],
]
OF_THE_ABSENCE = {
    "absence_contact", "absence_visit", "absence_joint_visit", "absence_plan", "suspected_review", "outside_report",
    "persuasion_record", "joint_persuasion", "notice", "dropout_report", "dropout_notify", "persist",
    "inquiry_letter", "police_check", "term_start_visit", "leave_end", "leave_visit", "leave_contact",
}  # fmt: skip
ON_SCHOOL_DAYS = {
    "absence_visit", "absence_joint_visit", "absence_plan", "suspected_review", "outside_report", "persuasion_record",
    "joint_persuasion", "dropout_report", "leave_end", "leave_visit", "risk_visit", "term_start_visit",
}  # fmt: skip
PUPILS = st.sampled_from([PUPIL, replace(PUPIL, local=False), replace(PUPIL, home_taught=True)])
# Made once: a strategy made anew at each draw is looked over anew by hypothesis, a quarter of all that these tests took.
BEGUN = st.sampled_from(OPENINGS)
NEXT_KIND = st.sampled_from([k for k, weight in KINDS for _ in range(weight)])
HOURS = st.sampled_from([1, 3, 7, 24, 24, 48, 120, 300])
LATE = st.sampled_from([0, 0, 0, 1, 4])
WHO = st.sampled_from(["wang", "km", "li", "cun", "zhen", "xian"])
TO_NINE, TO_THIRTY, DAYS_BACK = st.integers(0, 9), st.integers(0, 30), st.integers(1, 6)
OUTCOMES = st.sampled_from(["nobody", "refused", "ill"])
REASONS = st.sampled_from(["missing", "illness", "work", "death"])
HELPERS = st.sampled_from(["km", "li", "nobody"])
MET = st.sampled_from(["suspected_review", "return_followup", "persist", "police_check", "outside_report", "leave_end"])


@st.composite
def histories(draw: st.DrawFn, size: int = 9) -> list[Fact]:
    """Facts in the order of recording: mostly about the same day, some late, some taken back."""
    facts: list[Fact] = []
    moment = FIRST
    for number, (hours, kind, data) in enumerate(draw(BEGUN)):
        moment += dt.timedelta(hours=hours)
        facts.append(Fact(f"e{number}", kind, moment.date(), moment, "li", "school", PUPIL.id, None, data))
    for number in range(draw(st.integers(1, size))):
        moment += dt.timedelta(hours=draw(HOURS))
        kind = draw(NEXT_KIND)
        on = moment.date() - dt.timedelta(days=draw(LATE))
        by = draw(WHO)
        if kind in (Kind.DROPOUT, Kind.NOT_RETURNED, Kind.NOT_REGISTERED, Kind.PLATFORM_FLAG, Kind.DONE, Kind.ASSIGN):
            on = moment.date()
        if kind is Kind.ABSENCE and not WORLDS["national"].calendar.county.is_school_day(on):
            continue
        facts.append(Fact(f"f{number}", kind, on, moment, by, ROLES[by], PUPIL.id, None, _data(draw, kind, on)))
        if draw(TO_NINE) == 0:
            back = draw(st.sampled_from(facts)).id
            facts.append(Fact(f"v{number}", Kind.VOID, on, moment, by, ROLES[by], PUPIL.id, None, {"facts": [back]}))
    return facts


def _data(draw: st.DrawFn, kind: Kind, on: dt.date) -> dict[str, object]:
    if kind is Kind.ABSENCE and draw(st.booleans()):
        start = WORLDS["national"].calendar.county.back(on, draw(DAYS_BACK))
        return {"start": start.isoformat()} if start else {}
    if kind is Kind.LEAVE:
        return {"to": (on + dt.timedelta(days=draw(TO_THIRTY))).isoformat()}
    if kind in (Kind.CONTACT, Kind.VISIT):
        return {"outcome": draw(OUTCOMES)}
    if kind in (Kind.DROPOUT, Kind.SUSPEND):
        return {"reason_code": draw(REASONS)}
    if kind is Kind.MARK:
        return {"group": "at_risk"}
    if kind is Kind.ASSIGN:
        return {"to": draw(HELPERS)}
    return {"rule": draw(MET)} if kind is Kind.DONE else {}


LATER = st.integers(0, 60).map(lambda n: dt.timedelta(hours=n * 7))
SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
packs = pytest.mark.parametrize("pack", PACKS)


def open_duties(duties: tuple[Duty, ...]) -> list[Duty]:
    return [d for d in duties if d.status == "open"]


@given(
    facts=histories(), seed=st.randoms(use_true_random=False), pack=st.sampled_from(PACKS), later=LATER, pupil=PUPILS
)
@SETTINGS
def test_order_of_reading_changes_nothing(facts, seed: random.Random, pack, later, pupil) -> None:
    now = facts[-1].at + later if facts else FIRST
    shuffled = list(facts)
    seed.shuffle(shuffled)
    assert assess(pupil, facts, WORLDS[pack], now) == assess(pupil, shuffled, WORLDS[pack], now)


@given(facts=histories(), pack=st.sampled_from(PACKS), later=LATER, pupil=PUPILS)
@SETTINGS
def test_duties_have_cause_clause_and_day(facts, pack, later, pupil) -> None:
    now = facts[-1].at + later if facts else FIRST
    found = assess(pupil, facts, WORLDS[pack], now)
    days = WORLDS[pack].calendar.county
    entered = {f.at.date() for f in facts}
    ids = [d.id for d in found.duties]
    assert len(ids) == len(set(ids))
    for duty in found.duties:
        assert duty.clause
        assert duty.who
        assert (duty.closed is None) == (duty.status == "open")
        if duty.rule in ON_SCHOOL_DAYS:
            assert days.is_school_day(duty.due) or duty.due in entered
        if duty.rule == "police_check":
            assert days.is_workday(duty.due)
    assert found.case.state in PUPIL_STATES
    assert found.case.ledger in LEDGERS
    assert found.wake is None or found.wake > now
    if not facts and not pupil.home_taught:
        assert found.duties == ()


@given(facts=histories(), pack=st.sampled_from(PACKS), pupil=PUPILS)
@SETTINGS
def test_after_a_return_nothing_of_the_absence_is_owed(facts, pack, pupil) -> None:
    at = facts[-1].at + dt.timedelta(minutes=1) if facts else FIRST
    back = Fact("r", Kind.RETURN, at.date(), at, "wang", "teacher", PUPIL.id)
    found = assess(pupil, [*facts, back], WORLDS[pack], at)
    assert found.case.state in ("in_school", "observed", "home_taught")
    assert found.case.day == 0
    assert not [d for d in open_duties(found.duties) if d.rule in OF_THE_ABSENCE]


@given(facts=histories(6), pack=st.sampled_from(PACKS), later=LATER)
@SETTINGS
def test_a_fact_taken_back_is_as_if_never_recorded(facts, pack, later) -> None:
    if not facts:
        return
    at = facts[-1].at + dt.timedelta(minutes=5)
    gone = facts[len(facts) // 2]
    if gone.kind is Kind.VOID:
        return
    void = Fact("undo", Kind.VOID, at.date(), at, gone.by, gone.role, PUPIL.id, None, {"facts": [gone.id]})
    without = [f for f in facts if f.id != gone.id]
    now = at + later
    assert assess(PUPIL, [*facts, void], WORLDS[pack], now) == assess(PUPIL, without, WORLDS[pack], now) or not without


@given(facts=histories(6), pack=st.sampled_from(PACKS), later=LATER, pupil=PUPILS)
@SETTINGS
def test_nothing_changes_between_wakes(facts, pack, later, pupil) -> None:
    """So nobody has to look at a case before its ``wake``."""
    now = facts[-1].at + later if facts else FIRST
    first = assess(pupil, facts, WORLDS[pack], now)
    until = first.wake or now + dt.timedelta(days=90)
    before = assess(pupil, facts, WORLDS[pack], until - dt.timedelta(minutes=1))
    assert before.case == first.case
    mine = {d.id: (d.due, d.status, d.owner) for d in first.duties}
    assert {d.id: (d.due, d.status, d.owner) for d in before.duties if d.id in mine or d.status == "open"} == mine


@given(facts=histories(7), pack=st.sampled_from(PACKS))
@SETTINGS
def test_a_closed_duty_does_not_move(facts, pack) -> None:
    """What was met keeps its day, and a day that was still ahead never moves behind the day of entry.

    Not tried on an absence whose end was corrected away: what had lapsed stands again with its day.
    """
    for n in range(1, len(facts)):
        at = facts[n].at
        if facts[n].kind is Kind.VOID:
            return
        before = {d.id: d for d in assess(PUPIL, facts[:n], WORLDS[pack], at).duties}
        after = assess(PUPIL, facts[: n + 1], WORLDS[pack], at).duties
        if any(d.status == "open" and d.id in before and before[d.id].status == "lapsed" for d in after):
            return
        for duty in after:
            old = before.get(duty.id)
            if old is not None and old.status == duty.status == "done":
                assert duty.due == old.due
            if duty.status == "open" and (old is None or old.due >= at.date()):
                assert duty.due >= at.date()


@given(facts=histories(), pack=st.sampled_from(PACKS), later=LATER)
@SETTINGS
def test_nothing_is_owed_before_it_was_told(facts, pack, later) -> None:
    """Neither due nor closed before the first word; and every duty of a cause is gone where that cause was never told."""
    now = facts[-1].at + later if facts else FIRST
    found = assess(PUPIL, facts, WORLDS[pack], now)
    for duty in found.duties:
        assert duty.due >= facts[0].at.date()
        assert duty.closed is None or facts[0].at <= duty.closed <= now
    told = {f.kind for f in facts}
    for rule, causes in CAUSES.items():
        assert causes & told or rule not in {d.rule for d in found.duties}


CAUSES = {
    "notice": {Kind.ABSENCE, Kind.NOT_RETURNED, Kind.DROPOUT, Kind.LEAVE},
    "dropout_report": {Kind.NOTICE},
    "dropout_notify": {Kind.DROPOUT},
    "police_check": {Kind.DROPOUT},
    "expert_opinion": {Kind.DROPOUT, Kind.SUSPEND},
    "leave_visit": {Kind.LEAVE},
    "leave_contact": {Kind.LEAVE},
    "leave_end": {Kind.LEAVE},
    "return_followup": {Kind.RETURN, Kind.TRANSFER_IN},
    "risk_visit": {Kind.MARK},
    "platform_reply": {Kind.PLATFORM_FLAG},
    "trace": {Kind.NOT_REGISTERED},
    "term_start_visit": {Kind.NOT_RETURNED},
}


def test_histories_hold_relapses_departures_and_corrections() -> None:
    """What the properties are about does occur among what they are tried on."""
    seen: Counter[str] = Counter()

    @given(facts=histories())
    @settings(max_examples=200, database=None, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    def look(facts: list[Fact]) -> None:
        turns = unfold(standing(facts), WORLDS["national"].calendar.county)
        path = " ".join(turn.kind for turn in turns)
        seen["relapse"] += "absent present absent" in path
        seen["departure of one absent"] += "absent gone" in path
        seen["absent again after a departure"] += "gone absent" in path or "gone present absent" in path
        seen["correction"] += any(len(turn.versions) > 1 for turn in turns)
        seen["dropout"] += any(turn.dropouts for turn in turns)
        seen["leave that ran out"] += any(turn.ran_out for turn in turns)
        seen["taken back"] += any(f.kind is Kind.VOID for f in facts)
        seen["entered late"] += any(f.on < f.at.date() for f in facts)

    look()
    assert min(seen.values()) >= 10, seen


@packs
def test_a_school_without_facts_owes_by_the_calendar_alone(pack: str) -> None:
    found = assess(PUPIL, [], WORLDS[pack], midnight(day("9-10")))
    assert found.duties == ()
    assert found.case.state == "in_school"
