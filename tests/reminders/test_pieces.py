"""A sweep writes in pieces: messages get in between them, what changed is thought out again, and one that was killed goes on."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace

import pytest

from casework.facts import Kind
from reminders import sweep as sweeping
from reminders.message import Message, Note
from reminders.occasions import arisen
from reminders.parts import part_of, pieces, together
from reminders.sweep import sweep
from storage.projections import Change
from tests.reminders.stage import PUPILS, at, county, duty, record

MOMENTS = ["9-11 07:40", "9-11 08:10", "9-11 09:30", "9-12 07:40", "9-12 08:10", "9-13 09:00"]


class Killed(Exception):
    pass


class Watched:
    """A store that calls ``between`` with its number before each transaction that writes."""

    def __init__(self, store, between):
        self._store, self._between, self.begun = store, between, 0

    def look(self, now, long=False):
        return self._store.look(now, long=long)

    @contextmanager
    def begin(self, now):
        self.begun += 1
        self._between(self.begun)
        with self._store.begin(now) as work:
            yield work


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(sweeping, "PIECE", 1)


def absent_school(url="sqlite://"):
    """The pupils of both classes absent since the day before."""
    store = county("longchuan", url=url)
    with store.begin(at("9-10 08:00")) as work:
        for pupil in PUPILS[4:]:
            work.people.put_pupil(replace(pupil, class_id="c2"))
    for pupil in PUPILS:
        record(store, "9-10 08:05", Kind.ABSENCE, pupil=pupil.id)
    return store


def queued(store, now):
    """What waits: (person, duties) of each message."""
    with store.begin(at(now)) as work:
        waiting = [one.message for one in work.outbox.claim(at(now), 1000, 60)]
    return sorted((m.to, m.key.split(":")[0], tuple(sorted(m.duties))) for m in waiting)


def played(store, *moments):
    for moment in moments:
        sweep(store, at(moment))
    return queued(store, moments[-1])


def test_a_message_gets_in_between_the_pieces_of_a_sweep(tmp_path):
    store = absent_school(f"sqlite:///{tmp_path / 'county.db'}")
    written = []

    def between(number):
        written.append(f"9-11 07:40:{number:02}")
        record(store, written[-1], Kind.CONTACT, by="sun", pupil="p6", channel="phone", outcome="refused")

    watched = Watched(store, between)
    swept = sweep(watched, at("9-11 07:40"))
    assert watched.begun >= len({m.to for m in swept.queued}) > 1
    with store.look(at("9-11 07:41")) as work:
        assert sum(f.kind is Kind.CONTACT for f in work.cases.facts("p6")) == watched.begun
    assert Counter(m.to for m in swept.queued if m.key.startswith("digest")) == {"wang": 1, "sun": 1}


@pytest.mark.parametrize("kill", range(1, 7))
def test_a_killed_sweep_goes_on_and_says_all_of_it_once(kill):
    whole = played(absent_school(), *MOMENTS)
    store = absent_school()

    def between(number):
        if number == kill:
            raise Killed

    for moment in MOMENTS:
        try:
            sweep(Watched(store, between), at(moment))
        except Killed:
            sweep(store, at(moment))
    assert queued(store, MOMENTS[-1]) == whole


def test_what_changed_while_the_sweep_thought_is_thought_out_again():
    store = absent_school()
    before = {d.id for d in duties_of(store, "p0")}

    def between(number):
        if number == 1:
            record(store, "9-11 07:40", Kind.VOID, facts=[f"{Kind.ABSENCE}:p0:None:9-10 08:05:"])

    swept = sweep(Watched(store, between), at("9-11 07:40"))
    assert swept.queued
    assert not before & {id for message in swept.queued for id in message.duties}
    assert {id for m in swept.queued for id in m.duties} & {d.id for d in duties_of(store, "p1")}
    assert sweep(store, at("9-11 07:41")).queued == ()


def duties_of(store, pupil):
    with store.look(at("9-11 07:40")) as work:
        return work.cases.duties(pupil=pupil)


@pytest.mark.parametrize("moment", MOMENTS[:3])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_fault_29_another_sweep_in_the_middle_of_one_doubles_nothing(moment, number):
    before = MOMENTS[: MOMENTS.index(moment)]
    whole = played(absent_school(), *before, moment)
    store = absent_school()
    for earlier in before:
        sweep(store, at(earlier))

    def between(begun):
        if begun == number:
            sweep(store, at(moment))

    sweep(Watched(store, between), at(moment))
    assert queued(store, moment) == whole


def test_duties_that_arose_by_themselves_are_told_to_the_writer_also_after_a_kill():
    store = county("longchuan")
    record(store, "9-11 08:05", Kind.ABSENCE, start="2025-09-10")
    with store.begin(at("9-11 08:06")) as work:
        due = [d for d in work.cases.duties(pupil="p0") if d.due == at("9-11 08:06").date() and "wang" in d.who]
        notes = arisen(work, [Change("duty", duty=due[0])])
        assert [note[2] for note in notes] == [due[0].id]
        work.outbox.said_all(notes)
    told = sweep(store, at("9-11 08:07")).queued
    assert {id for m in told if m.to == "wang" for id in m.duties} == {due[0].id}


def message(to, *duties):
    return Message(f"k:{to}", to, "", at("9-11 08:00"), duties=duties, notes=tuple(Note(d, "s", to) for d in duties))


def test_all_that_is_said_of_a_duty_is_one_part():
    owed = {d.id: d for d in (duty("absence_contact", f"9-{n}") for n in (10, 11, 12))}
    a, b, c = owed
    parts = together([message("x", a), message("y", b), message("z", a)], owed, beside=[(b, "s", "w", "reply")])
    assert [[m.to for m in part.messages] for part in parts] == [["x", "z"], ["y"]]
    assert [{n[:3] for n in part.notes} for part in parts] == [
        {(a, "s", "x"), (a, "s", "z")},
        {(b, "s", "y"), (b, "s", "w")},
    ]
    assert [p.duties for p in together([], owed, beside=[(c, "s", "w", "reply")])] == [(owed[c],)]


def test_a_piece_is_no_larger_than_it_may_be_but_a_part_is_never_divided():
    parts = [part_of([message(f"p{n}", *map(str, range(n)))], {}) for n in (1, 2, 9, 1)]
    assert [[len(part.notes) for part in piece] for piece in pieces(parts, 6)] == [[1, 2], [9], [1]]
    assert part_of([message("x", "1", "2")], {}, said=[Note("1", "s", "x")]).notes == (("2", "s", "x", "k:x"),)
