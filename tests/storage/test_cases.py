"""Facts in, cases and duties out: what changed is told, and the projections stand as judged."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
import sqlalchemy as sa

from casework.case import Case
from casework.facts import Kind
from casework.people import Person, Post
from casework.scope import Scope
from storage.rebuilding import rebuild
from tests.storage.county import DETAILS, NOW, PUPILS, fact, scope_of, sweep

DAY = dt.timedelta(days=1)


def told(changes):
    return sorted((c.kind, c.duty.id if c.duty else c.case.pupil) for c in changes)


def test_an_absence_opens_a_case_and_a_duty(store):
    with store.begin(NOW) as work:
        changes = work.cases.append([fact(Kind.ABSENCE, reason="在家帮忙", reason_code="work")])
    assert told(changes) == [("case", "p1"), ("duty", "call-p1-2025-09-10")]
    with store.look(NOW) as work:
        assert work.cases.case("p1") == Case("p1", "absent", since=NOW.date(), reason="在家帮忙")
        [duty] = work.cases.todo("wang")
        assert (duty.id, duty.who, duty.hint) == ("call-p1-2025-09-10", ("wang",), {"day": 1})
        assert [f.data for f in work.cases.facts("p1")] == [{"reason": "在家帮忙", "reason_code": "work"}]


def test_what_is_known_at_once_is_what_will_be_read(store):
    """A list that the hand gave as a tuple is a list in either case."""
    with store.begin(NOW) as work:
        work.cases.append(
            [fact(Kind.ABSENCE, reason="在家", start="2025-09-09"), fact(Kind.VISIT, companions=("a", "b"))]
        )
        at_once = work.cases.facts("p1")
    with store.look(NOW) as work:
        assert work.cases.facts("p1") == at_once
    assert at_once[1].data == {"companions": ["a", "b"]}


def test_the_same_twice_changes_nothing(store):
    with store.begin(NOW) as work:
        work.cases.append([fact(Kind.ABSENCE)])
        assert work.cases.refresh(["p1"]) == []


def test_a_contact_ends_the_duty(store):
    with store.begin(NOW) as work:
        work.cases.append([fact(Kind.ABSENCE)])
        contact = fact(Kind.CONTACT, outcome="agreed")
        [change] = work.cases.append([contact])
        assert (change.kind, change.duty.by, change.before.status) == ("done", contact.id, "open")
        assert work.cases.todo("wang") == []
        assert [d.status for d in work.cases.duties(pupil="p1", status=None)] == ["done"]


def test_what_is_reported_and_met_at_once_came_into_being_all_the_same(store):
    with store.begin(NOW) as work:
        changes = work.cases.append([fact(Kind.ABSENCE), fact(Kind.CONTACT)])
        assert [c.kind for c in changes if c.duty] == ["duty", "done"]


def test_a_return_lapses_and_taking_it_back_opens_again(store):
    with store.begin(NOW) as work:
        work.cases.append([fact(Kind.ABSENCE)])
        back = fact(Kind.RETURN, source="m7")
        assert ("lapsed", "call-p1-2025-09-10") in told(work.cases.append([back]))
        changes = work.cases.void([back.id], "wang", "teacher", "m8")
        assert told(changes) == [("case", "p1"), ("duty", "call-p1-2025-09-10")]
        assert [f.kind for f in work.cases.facts_of_source("m8")] == [Kind.VOID]
        assert [d.id for d in work.cases.todo("wang")] == ["call-p1-2025-09-10"]


def test_taking_back_the_absence_removes_its_duty(store):
    with store.begin(NOW) as work:
        absence = fact(Kind.ABSENCE)
        work.cases.append([absence])
        changes = work.cases.void([absence.id], "wang", "teacher", "m2")
        assert told(changes) == [("case", "p1"), ("lapsed", "call-p1-2025-09-10")]
        assert work.cases.duties(pupil="p1", status=None) == []
        assert work.cases.todo("wang") == []


def test_one_message_about_several_is_taken_back_for_each(store):
    with store.begin(NOW) as work:
        both = [fact(Kind.ABSENCE, "p1", source="m1"), fact(Kind.ABSENCE, "p2", source="m1")]
        work.cases.append(both)
        work.cases.void([f.id for f in both], "wang", "teacher", "m2")
        assert [work.cases.case(p).state for p in ("p1", "p2")] == ["in_school", "in_school"]
        assert all(len(work.cases.facts(p)) == 2 for p in ("p1", "p2"))


def test_a_fact_is_never_taken_in_twice(store):
    one = fact(Kind.ABSENCE)
    with store.begin(NOW) as work:
        work.cases.append([one])
    with pytest.raises(sa.exc.IntegrityError), store.begin(NOW) as work:
        work.cases.append([one])


def test_moments_come_at_noon(store):
    with store.begin(NOW) as work:
        work.cases.append([fact(Kind.ABSENCE)])
        assert work.cases.next_wake() == dt.datetime(2025, 9, 10, 12)
        assert work.cases.waking(10) == ([], [])
    with store.begin(NOW.replace(hour=12, minute=0)) as work:
        assert work.cases.waking(10) == (["p1"], [])
        [change] = sweep(work)
        assert (change.case.day, change.before.day) == (1, 0)
        assert work.cases.waking(10) == ([], [])


def test_units_owe_by_the_month(store):
    with store.begin(NOW) as work:
        assert [d.id for d in work.cases.duties(unit="s1")] == ["report-s1-2025-09"]
        [change] = work.cases.append([fact(Kind.REPORT, None, unit="s1", month="2025-09", zero=True)])
        assert change.kind == "done"
        assert [f.data["zero"] for f in work.cases.unit_facts("s1", [Kind.REPORT])] == [True]
        assert work.cases.unit_facts("s1", [Kind.VOID]) == []


def test_duties_fall_due_by_day(store):
    with store.begin(NOW) as work:
        work.cases.append([fact(Kind.ABSENCE, "p2", on=NOW.date() - DAY), fact(Kind.ABSENCE, "p1")])
        first, last = dt.date(2025, 9, 1), dt.date(2025, 9, 30)
        assert [d.subject[1] for d in work.cases.due(first, last)] == ["p2", "p1", "s1", "s2"]
        assert [d.subject[1] for d in work.cases.due(NOW.date(), NOW.date())] == ["p1"]
        assert list(work.cases.due(first, last, status="done")) == []


@pytest.mark.parametrize("at_once", [1, 2, 3, 4, 5])
def test_duties_that_fall_due_are_read_in_pieces(store, monkeypatch, at_once):
    with store.begin(NOW) as work:
        work.cases.append([fact(Kind.ABSENCE, "p2", on=NOW.date() - DAY), fact(Kind.ABSENCE, "p1")])
        owed = sorted(
            (
                d
                for of in ({"pupil": "p1"}, {"pupil": "p2"}, {"unit": "s1"}, {"unit": "s2"})
                for d in work.cases.duties(**of)
            ),
            key=lambda d: (d.due, d.id),
        )
        monkeypatch.setattr("storage.owed.AT_ONCE", at_once)
        found = list(work.cases.due(dt.date.min, dt.date.max))
        assert found == owed
        assert [d.hint for d in found] == [d.hint for d in owed]


def test_what_no_longer_stands_as_it_was_known_is_found(store):
    with store.begin(NOW) as work:
        work.cases.append([fact(Kind.ABSENCE)])
        known = work.cases.duties("p1")
        assert work.cases.moved(known) == set()
        first, gone = known[0], dataclasses.replace(known[0], id="nothing")
        other_day = dataclasses.replace(first, due=first.due + DAY)
        assert work.cases.moved([*known[1:], gone]) == {"nothing"}
        assert work.cases.moved([*known[1:], other_day]) == {first.id}
        work.cases.append([fact(Kind.CONTACT, channel="phone", outcome="refused")])
        done = {duty.id for duty in known if work.cases.duty(duty.id).status == "done"}
        assert done
        assert work.cases.moved(known) == done


def test_a_change_of_post_moves_what_is_open(store):
    with store.begin(NOW) as work:
        work.cases.append([fact(Kind.ABSENCE)])
    with store.begin(NOW) as work:
        work.people.put_post(Post("wang", "teacher", "c1", until=NOW.date() - DAY))
        work.people.put_person(Person("xu", "徐老师"))
        work.people.put_post(Post("xu", "teacher", "c1", since=NOW.date()))
        sweep(work)
    with store.look(NOW) as work:
        assert [d.who for d in work.cases.todo("xu")] == [("xu",)]
        assert work.cases.todo("wang") == []


def test_listing_shows_only_what_the_reader_may_see(store):
    with store.begin(NOW) as work:
        work.cases.append([fact(Kind.ABSENCE, p, on=NOW.date() - DAY * 3) for p in ("p1", "p3", "p4")])
    seen = {}
    for person in ("wang", "li", "cun", "zhen", "sun", "xian"):
        scope = scope_of(store, person)
        with store.look(NOW) as work:
            rows, total = work.cases.listing(scope, states=("absent", "suspected", "dropout"))
            assert total == len(rows)
            seen[person] = {row.pupil.id for row in rows}
            if person == "xian":  # the whole county: the sweep asks for the ids alone
                assert work.cases.standing(("absent", "suspected", "dropout")) == [row.pupil.id for row in rows]
    assert seen == {
        "wang": {"p1"}, "li": {"p1", "p3"}, "cun": {"p1", "p3"}, "zhen": {"p1", "p3"}, "sun": {"p4"},
        "xian": {"p1", "p3", "p4"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["p2", "p1", "p3", "p5", "p4", "p6"]),
        ({"states": ("suspected",)}, ["p4"]),
        ({"states": ("in_school",)}, ["p2", "p5"]),
        ({"ledger": "suspected"}, ["p4"]),
        ({"overdue_only": True}, ["p4", "p3"]),
        ({"place": "佗城"}, ["p2", "p5", "p4", "p6"]),
        ({"place": "s1", "states": ("absent", "suspected")}, ["p3", "p1"]),
        ({"group": "poor"}, ["p4"]),
        ({"group": dict.fromkeys(("left_behind", "disabled"), Scope(True))}, ["p1", "p4"]),
        ({"group": {"left_behind": Scope(classes=frozenset({"c3"})), "poor": Scope(True)}}, ["p4"]),
        ({"group": {"left_behind": Scope(), "justice": Scope(True)}}, []),
        ({"group": {}}, []),
        ({"text": "张"}, ["p1", "p5"]),
        ({"text": DETAILS["phone"]}, ["p1"]),
        ({"text": "g441622201103070017"}, ["p1"]),
        ({"text": "%"}, []),
        ({"limit": 2, "offset": 1}, ["p1", "p3"]),
    ],
)
def test_lists(store, filters, expected):
    with store.begin(NOW) as work:
        ages = (("p1", 0), ("p3", 1), ("p4", 3))
        work.cases.append([fact(Kind.ABSENCE, p, on=NOW.date() - DAY * n) for p, n in ages])
    scope = scope_of(store, "xian")
    with store.look(NOW) as work:
        rows, total = work.cases.listing(scope, **filters)
        in_order = sorted if "states" not in filters and "overdue_only" not in filters else list
        assert in_order(r.pupil.id for r in rows) == in_order(expected) or "limit" in filters
        assert total == (6 if "limit" in filters else len(expected))
        assert all(r.class_name and r.case.pupil == r.pupil.id for r in rows)
        assert all(r.next_duty is None or r.next_duty.pupil == r.pupil.id for r in rows)


def test_counts(store):
    with store.begin(NOW) as work:
        work.cases.append([fact(Kind.ABSENCE, "p1"), fact(Kind.ABSENCE, "p4", on=NOW.date() - DAY * 3)])
    scope = scope_of(store, "xian")
    with store.look(NOW) as work:
        counts = work.cases.counts(scope, NOW.date())
    expected = {
        "pupils": 6, "in_school": 3, "absent": 1, "suspected": 1, "home_taught": 1, "ledger_age": 5,
        "ledger_suspected": 1, "overdue": 1, "due": 1,
    }  # fmt: skip
    assert {name: figure for name, figure in counts.items() if figure} == expected


def test_rebuild_finds_what_was_tampered_with(store):
    with store.begin(NOW) as work:
        work.cases.append([fact(Kind.ABSENCE), fact(Kind.ABSENCE, "p2"), fact(Kind.CONTACT, "p2")])
    assert rebuild(store, NOW, check=True) == []
    with store.begin(NOW) as work:
        work.session.run(
            sa.text("UPDATE cases SET day = 9 WHERE county_id = :c AND pupil_id = 'p1'"), {"c": store.county}
        )
        work.session.run(sa.text("DELETE FROM duties WHERE county_id = :c AND pupil_id = 'p2'"), {"c": store.county})
    found = {(d.subject, d.what.split()[0]) for d in rebuild(store, NOW, check=True)}
    assert found == {("pupil:p1", "case"), ("pupil:p2", "duty")}
    assert rebuild(store, NOW) != []
    assert rebuild(store, NOW, check=True) == []


def test_rebuild_is_not_confused_by_what_is_not_yet_swept(store):
    with store.begin(NOW) as work:
        work.cases.append([fact(Kind.ABSENCE)])
    later = NOW + DAY * 5
    assert rebuild(store, later, check=True) == []
    assert {d.subject for d in rebuild(store, later)} == {"pupil:p1"}


def test_pupils_change(store):
    with store.begin(NOW) as work:
        work.people.put_pupil(dataclasses.replace(PUPILS[1], home_taught=True))
        assert work.cases.waking(10)[0] == ["p2"]
        sweep(work)
        assert work.cases.case("p2").state == "home_taught"
        assert work.world.home_taught == {"s1", "s2"}


def test_a_closure_is_part_of_the_calendar_at_once_and_until_taken_back(store):
    day = dt.date(2025, 9, 12)
    with store.begin(NOW) as work:
        work.cases.append([fact(Kind.ABSENCE)])
        assert work.world.days_of("c1").is_school_day(day)
        closure = fact(Kind.CLOSURE, None, unit="s1", on=day, to="2025-09-15", reason="暴雨")
        work.cases.append([closure])
        assert not work.world.days_of("c1").is_school_day(day)
        assert work.world.days_of("c3").is_school_day(day)
        assert work.cases.waking(10)[0] == ["p1"]
    with store.begin(NOW) as work:
        assert not work.world.days_of("c1").is_school_day(day)
        work.cases.void([closure.id], "li", "school", "m9")
        assert work.world.days_of("c1").is_school_day(day)
