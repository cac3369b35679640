"""On PostgreSQL a report is written while a sweep, ``rebuild`` or a roster writes: whichever is first, the other sees what it did,
and nobody waits in a circle."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.rosters.importing import import_roster
from bot.rosters.new_year import YearPlan, write_year
from casework.facts import Fact, Kind
from reminders.sweep import sweep
from storage.engine import PATIENCE_MS
from storage.rebuilding import rebuild
from tests.reminders.stage import PUPILS, at, county, record
from tests.support.stores import throw_away_database

pytestmark = pytest.mark.postgres
MORNING = "9-11 07:40"
UNTIL = 20  # seconds that a loaded machine may need


@pytest.fixture(scope="module")
def url():
    with throw_away_database() as address:
        yield address


@pytest.fixture
def store(url):
    """All pupils absent since the day before, and duties of the school itself."""
    store = county("longchuan", url=url)
    for pupil in PUPILS:
        record(store, "9-10 08:05", Kind.ABSENCE, pupil=pupil.id)
    yield store
    store.close()


def taken_back(work, pupil="p0"):
    absence = f"{Kind.ABSENCE}:{pupil}:None:9-10 08:05:"
    facts = {"facts": [absence]}
    return work.cases.append(
        [Fact(f"void:{pupil}", Kind.VOID, work.now.date(), work.now, "wang", "teacher", pupil, data=facts)]
    )


def duties_of(store, pupil):
    with store.look(at(MORNING)) as work:
        return {duty.id for duty in work.cases.duties(pupil=pupil)}


def told(messages):
    return {id for message in messages for id in message.duties}


def test_of_whom_a_report_is_being_written_a_sweep_says_nothing_and_waits_for_nobody(store):
    sweep(store, at("9-11 00:00"))  # what time alone has changed is judged
    owed = {pupil.id: duties_of(store, pupil.id) for pupil in PUPILS}
    with store.begin(at(MORNING)) as work:
        taken_back(work)
        work.session.run(sa.select(1))  # what was kept for the commit has left
        during = told(sweep(store, at(MORNING)).queued)
    assert not during & owed["p0"]
    after = told(sweep(store, at(MORNING)).queued)
    assert not after & owed["p0"]
    assert (during | after) & owed["p1"]


def test_what_a_unit_owes_is_not_said_while_somebody_records_it(store):
    month = "9-25 07:40"
    sweep(store, at("9-25 00:00"))
    with store.begin(at(month)) as work:
        work.cases.refresh(units=["s"])
        during = told(sweep(store, at(month)).queued)
        mine = {duty.id for duty in work.cases.duties(unit="s")}
    after = told(sweep(store, at(month)).queued)
    assert not during & mine
    assert after & mine


class Stopped:
    """A store whose ``stop``-th transaction of a sweep waits, all written, before it commits."""

    def __init__(self, store, stop):
        self._store, self._stop, self._begun = store, stop, 0
        self.written, self.go_on = threading.Event(), threading.Event()

    def look(self, now, long=False):
        return self._store.look(now, long=long)

    @contextmanager
    def begin(self, now):
        with self._store.begin(now) as work:
            yield work
            self._begun += 1
            if self._begun == self._stop:
                self.written.set()
                assert self.go_on.wait(UNTIL)


def test_who_reports_of_a_pupil_of_whom_a_sweep_speaks_waits_for_it_and_sees_what_was_said(store):
    sweep(store, at("9-11 00:00"))
    owed = duties_of(store, "p0")
    stopped = Stopped(store, 1)
    seen, swept = [], []

    def report():
        with store.begin(at(MORNING)) as work:
            taken_back(work)
            seen.extend(work.outbox.said_about(owed))

    sweeping = threading.Thread(target=lambda: swept.append(sweep(stopped, at(MORNING))))
    reporting = threading.Thread(target=report)
    sweeping.start()
    try:
        assert stopped.written.wait(UNTIL)
        reporting.start()
        waits = waiting_for_a_lock(store, reporting)
    finally:
        stopped.go_on.set()
        sweeping.join(UNTIL)
        reporting.join(UNTIL)
    assert waits
    assert told(swept[0].queued) & owed
    assert {one.duty for one in seen} & owed & told(swept[0].queued)
    assert not duties_of(store, "p0") & owed


def waiting_for_a_lock(store, thread, seconds=PATIENCE_MS / 1000):
    """Whether the thread's transaction waits for another's; False when it is through, or does not for so long."""
    until = time.monotonic() + seconds
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    while thread.is_alive() and time.monotonic() < until:
        with store.engine.connect() as connection:
            if connection.execute(waiting).scalar_one():
                return True
        time.sleep(0.01)
    return False


@pytest.mark.slow
def test_many_reports_and_sweeps_at_once_never_wait_in_a_circle(store):
    """Each report takes back two absences in the order in which they came to mind, so that locks cross."""
    owed = {pupil.id: duties_of(store, pupil.id) for pupil in PUPILS}
    errors, queued, done = [], [], threading.Event()

    def careful(act):
        try:
            act()
        except Exception as error:  # told below
            errors.append(error)

    def report(one, other):
        with store.begin(at(MORNING)) as work:
            taken_back(work, one)
            time.sleep(0.02)
            taken_back(work, other)

    def sweeping():
        while not done.is_set():
            queued.extend(sweep(store, at(MORNING)).queued)

    sweeps = [threading.Thread(target=careful, args=(sweeping,)) for _ in range(3)]
    reports = [
        threading.Thread(target=careful, args=(lambda pair=pair: report(*pair),))
        for pair in (("p5", "p0"), ("p4", "p1"), ("p3", "p2"))
    ]
    for thread in [*sweeps, *reports]:
        thread.start()
    for thread in reports:
        thread.join(UNTIL)
    done.set()
    for thread in sweeps:
        thread.join(UNTIL)
    assert errors == []
    queued.extend(sweep(store, at(MORNING)).queued)
    keys = [message.key for message in queued]
    assert len(keys) == len(set(keys))
    assert told(queued) & owed["p6"]


def rebuilt(store, folder):
    return rebuild(store, at(MORNING))


def imported(store, folder):
    rows = [f"{pupil.name},老隆镇/第一中学/八年级3班,是" for pupil in PUPILS]
    (folder / "学生.csv").write_text("\n".join(["姓名,学校班级,送教", *rows]))
    return import_roster(store, "pupils", folder / "学生.csv", at(MORNING)).changed


def stepped(store, folder):
    plan = YearPlan(2025, pupils=[replace(pupil, class_id="c2") for pupil in PUPILS])
    write_year(store, plan, at(MORNING))
    return plan.pupils


@pytest.mark.slow
@pytest.mark.parametrize("write_many", [rebuilt, imported, stepped])
def test_who_writes_many_and_a_report_of_two_of_them_never_wait_in_a_circle(store, write_many, tmp_path):
    """The report has the second of two in hand when the other comes to the first, and then wants the first."""
    owed = {id: duties_of(store, id) for id in ("p0", "p5")}
    errors, done = [], []

    def writing():
        try:
            done.append(write_many(store, tmp_path))
        except Exception as error:  # told below
            errors.append(error)

    writer = threading.Thread(target=writing)
    with store.begin(at(MORNING)) as work:
        taken_back(work, "p5")
        work.session.run(sa.select(1))  # what was kept for the commit has left
        writer.start()
        waiting_for_a_lock(store, writer, 1)
        taken_back(work, "p0")
    writer.join(UNTIL)
    assert (errors, writer.is_alive()) == ([], False)
    assert done[0] or write_many is rebuilt
    for id, before in owed.items():
        assert before
        assert not duties_of(store, id) & before
    assert rebuild(store, at(MORNING), check=True) == []
