"""The sweep on a real store: idempotent, by any number of processes, and time passing by steps."""

from __future__ import annotations

import threading
import time

import pytest

from casework.facts import Kind
from reminders.jobs import collect, run_until, start_bell
from reminders.sweep import sweep
from tests.reminders.stage import PUPILS, at, county, record


def passed(store, since, until):
    """Let time pass; everything that was sent, as (when, to, rules)."""
    steps = run_until(store, at(since), at(until), lambda moment: collect(store, moment))
    return [(s.swept.at, m.to, m.rules) for s in steps for m in s.delivered]


def about(sent, rule):
    return [(f"{when:%-m-%d %H:%M}", to) for when, to, rules in sent if rule in rules]


def test_a_term_of_one_absence_every_message_at_its_hour():
    store = county("longchuan")
    sent = passed(store, "9-8 07:00", "9-10 08:04")
    record(store, "9-10 08:05", Kind.ABSENCE)
    sent += passed(store, "9-10 08:05", "9-16 23:59")
    assert about(sent, "absence_contact") == [
        ("9-11 07:40", "wang"), ("9-11 08:10", "li"),
        ("9-12 07:40", "wang"), ("9-12 08:10", "xz"),
        ("9-15 07:40", "wang"), ("9-15 08:10", "xian"),
    ]  # fmt: skip
    assert about(sent, "joint_persuasion") == [("9-16 07:40", "cun"), ("9-16 07:40", "zhen")]
    assert about(sent, "absence_plan")[:2] == [("9-12 07:40", "xz"), ("9-12 07:40", "li")] or about(
        sent, "absence_plan"
    )[:2] == [("9-12 07:40", "li"), ("9-12 07:40", "xz")]


def test_sweeping_twice_says_nothing_twice():
    store = county("longchuan")
    record(store, "9-10 08:05", Kind.ABSENCE)
    first = sweep(store, at("9-11 09:30"))
    assert first.queued
    assert sweep(store, at("9-11 09:30")).queued == ()
    assert sweep(store, at("9-11 09:31")).queued == ()


def test_a_late_entry_on_day_five_does_not_burst():
    store = county()
    passed(store, "9-12 07:00", "9-12 09:59")
    record(store, "9-12 10:00", Kind.ABSENCE, start="2025-09-08")
    sent = [m for m in passed(store, "9-12 10:00", "9-12 10:05") if m[2]]
    assert sorted(to for _, to, _ in sent) == sorted({to for _, to, _ in sent})
    assert "wang" not in {to for _, to, _ in sent}
    assert {"li", "zhen", "cun"} <= {to for _, to, _ in sent}


def test_an_answer_ends_the_reminders_it_answers():
    store = county("longchuan")
    record(store, "9-10 08:05", Kind.ABSENCE)
    record(store, "9-10 15:00", Kind.CONTACT, channel="phone", outcome="refused")
    sent = passed(store, "9-10 15:00", "9-11 23:59")
    assert about(sent, "absence_contact") == []
    assert about(sent, "absence_visit") == [("9-11 07:40", "wang"), ("9-11 08:10", "li")]


def test_a_report_that_was_made_is_told_at_once_and_at_night_in_the_morning():
    store = county()
    record(store, "9-8 08:00", Kind.ABSENCE)
    passed(store, "9-8 08:00", "9-10 13:59")
    record(store, "9-10 21:30", Kind.DONE, by="li", rule="outside_report")
    sent = passed(store, "9-10 21:30", "9-11 23:59")
    assert about(sent, "outside_report") == [("9-11 07:40", p) for p in ("cun", "xian", "zhen")] or {
        to for _, to in about(sent, "outside_report")
    } == {"cun", "xian", "zhen"}
    assert {when for when, _ in about(sent, "outside_report")} == {"9-11 07:40"}


def test_midnight_tells_what_became_overdue_once():
    store = county("longchuan")
    record(store, "9-10 08:05", Kind.ABSENCE)
    steps = run_until(store, at("9-10 08:05"), at("9-11 00:00"))
    steps += run_until(store, at("9-11 00:00"), at("9-11 12:00"))
    assert sorted(d.rule for s in steps for d in s.swept.overdue) == ["absence_contact", "absence_visit"]


def test_a_class_that_reported_is_not_asked_and_the_others_are():
    store = county()
    record(store, "9-10 08:00", Kind.ALL_PRESENT, pupil=None, unit="c")
    sent = [(f"{when:%H:%M}", to) for when, to, rules in passed(store, "9-10 08:00", "9-10 12:00") if not rules]
    assert sent == [("09:30", "sun"), ("10:30", "li")]


def test_no_roll_call_on_a_day_without_school():
    store = county()
    assert passed(store, "9-13 07:00", "9-14 23:00") == []


def test_a_snoozed_reminder_comes_back_when_its_hour_has_come():
    store = county()
    record(store, "9-10 08:05", Kind.ABSENCE)
    passed(store, "9-10 08:05", "9-11 07:39")
    first = passed(store, "9-11 07:40", "9-11 07:45")
    assert about(first, "absence_visit") == [("9-11 07:40", "wang")]
    with store.begin(at("9-11 08:00")) as work:
        work.outbox.snooze("wang", "p0", at("9-11 10:00"))
    sent = passed(store, "9-11 08:00", "9-11 12:00")
    assert about(sent, "absence_visit") == [("9-11 10:00", "wang")]


def test_an_outage_over_the_morning_gives_the_digest_once_and_late():
    store = county("longchuan")
    record(store, "9-10 08:05", Kind.ABSENCE)
    passed(store, "9-10 08:05", "9-11 07:30")
    sent = passed(store, "9-11 08:50", "9-11 09:20")
    assert about(sent, "absence_joint_visit") == [("9-11 08:50", "wang")]
    assert about(sent, "absence_contact") == [("9-11 08:50", "wang"), ("9-11 08:50", "li")]


def test_an_outage_of_days_leaves_no_stale_digest_behind():
    store = county("longchuan")
    record(store, "9-10 08:05", Kind.ABSENCE)
    sweep(store, at("9-11 07:40"))  # queued, and then nothing is sent for a day
    sweep(store, at("9-12 07:40"))
    with store.begin(at("9-12 07:40")) as work:
        waiting = [c.message for c in work.outbox.claim(at("9-12 07:40"), 100, 60)]
    alive = [m for m in waiting if m.expires is None or m.expires > at("9-12 07:40")]
    assert {m.not_before.date() for m in alive} == {at("9-12 07:40").date()}


def test_fault_29_many_processes_sweep_at_once_and_nothing_is_said_twice(tmp_path):
    store = county("longchuan", url=f"sqlite:///{tmp_path / 'county.db'}")
    for pupil in PUPILS:
        record(store, "9-10 08:05", Kind.ABSENCE, pupil=pupil.id)
    queued = []
    threads = [threading.Thread(target=lambda: queued.append(sweep(store, at("9-11 08:10")).queued)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(queued) == 4
    assert sum(bool(messages) for messages in queued) == 1


@pytest.mark.slow
def test_a_term_passes_in_seconds():
    store = county("longchuan")
    record(store, "9-10 08:05", Kind.ABSENCE)
    begun = time.perf_counter()
    run_until(store, at("9-10 08:05"), at("1-30 23:59"))
    assert time.perf_counter() - begun < 30


def test_the_bell_rings_and_stops():
    store = county()
    rung = threading.Event()

    class Courier:
        def send(self, to, text, card):
            raise AssertionError("nothing is due")

        def grey(self, person, response_code, words):
            raise AssertionError("nothing is due")

    bell = start_bell(store, Courier(), lambda: at("9-13 12:00"), lambda: at("9-13 12:00"), also=(rung.set,))
    try:
        assert {job.id for job in bell.get_jobs()} == {"sweep", "send", "settle", "also-0"}
        assert all(
            job.coalesce and job.misfire_grace_time is None and job.max_instances == 1 for job in bell.get_jobs()
        )
    finally:
        bell.shutdown(wait=True)
    assert not bell.running
