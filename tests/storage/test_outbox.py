"""What is to be said: queued once, claimed by one, sent, put off, given up, sent again."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import threading

import pytest

from storage.outbox import Outgoing
from storage.store import open_store
from tests.storage.county import NOW
from tests.storage.small_rules import SMALL
from tests.support.stores import KEY, fresh_store

REAL = dt.datetime(2026, 1, 1, 3, 0)
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def message(key="k1", to="wang", **more):
    return Outgoing(key, to, "张三今天没来，请联系家长。", **({"not_before": NOW} | more))


def test_a_message_goes_out_as_it_was_queued(store):
    queued = message(card={"title": "张三"}, rules=("absence_contact",), duties=("d1",), expires=NOW + HOUR)
    with store.begin(NOW) as work:
        assert work.outbox.queue(queued)
        [claimed] = work.outbox.claim(REAL, 10, 60)
        assert (claimed.message, claimed.attempts) == (queued, 1)
        work.outbox.sent(claimed.id, REAL, "msg-1", "code-1")
        assert work.outbox.claim(REAL + HOUR, 10, 60) == []
        assert work.outbox.message("k1") == (queued, "code-1")
        assert work.outbox.depth().waiting == 0


def test_a_key_is_queued_once(store):
    with store.begin(NOW) as work:
        assert work.outbox.queue(message())
        assert not work.outbox.queue(message())
        assert work.outbox.queue_all([message("k1"), message("k2"), message("k3")]) == 2
        assert work.outbox.depth() == (3, NOW)


def test_many_are_queued_as_few_are_and_each_once(store):
    many = [message(f"k{n}", f"u{n % 3}", card={"rows": [["期限", str(n)]]} if n % 2 else None, rules=("notice", "persist"),
                    duties=(f"d{n}",), expires=NOW + HOUR if n % 5 else None) for n in range(250)]  # fmt: skip
    with store.begin(NOW) as work:
        assert work.outbox.queue_all(many[:150]) == 150
        assert work.outbox.queue_all(many) == 100
        claimed = work.outbox.claim(REAL, 300, 60)
        assert sorted((c.message for c in claimed), key=lambda m: int(m.key[1:])) == many
        notes = [(f"d{n}", "due", "wang", f"k{n}") for n in range(250)]
        work.outbox.said_all(notes)
        work.outbox.said_all([(duty, step, who, "later") for duty, step, who, _ in notes])
        told = work.outbox.said_about([f"d{n}" for n in range(250)])
        assert {(s.duty, s.step, s.person, s.key) for s in told} == set(notes)


def test_nothing_leaves_before_its_hour(store):
    with store.begin(NOW) as work:
        work.outbox.queue(message(not_before=NOW + HOUR))
        assert work.outbox.claim(REAL, 10, 60) == []
        assert work.outbox.depth().waiting == 0
        assert work.outbox.next_hour() == NOW + HOUR
    with store.begin(NOW + HOUR) as work:
        assert len(work.outbox.claim(REAL, 10, 60)) == 1


def test_a_lease_ends_by_itself(store):
    with store.begin(NOW) as work:
        work.outbox.queue(message())
        work.outbox.claim(REAL, 10, 60)
        assert work.outbox.claim(REAL + 59 * SECOND, 10, 60) == []
        [again] = work.outbox.claim(REAL + 60 * SECOND, 10, 60)
        assert again.attempts == 2


def test_put_off_given_up_and_sent_again(store):
    with store.begin(NOW) as work:
        work.outbox.queue(message())
        [claimed] = work.outbox.claim(REAL, 10, 60)
        work.outbox.later(claimed.id, REAL, REAL + 5 * SECOND, "45009")
        assert work.outbox.claim(REAL + 4 * SECOND, 10, 60) == []
        [claimed] = work.outbox.claim(REAL + 5 * SECOND, 10, 60)
        work.outbox.dead(claimed.id, REAL, "81013")
        assert work.outbox.claim(REAL + HOUR, 10, 60) == []
        [letter] = work.outbox.dead_letters()
        assert (letter.message.to, letter.error, letter.attempts) == ("wang", "81013", 2)
        assert work.outbox.resend(letter.id)
        assert not work.outbox.resend(letter.id)
        assert len(work.outbox.claim(REAL, 10, 60)) == 1


def test_what_was_sent_is_not_given_up_by_a_slow_sender(store):
    with store.begin(NOW) as work:
        work.outbox.queue(message())
        [claimed] = work.outbox.claim(REAL, 10, 60)
        work.outbox.sent(claimed.id, REAL, "msg-1")
        work.outbox.dead(claimed.id, REAL, "timeout")
        work.outbox.later(claimed.id, REAL, REAL, "timeout")
        assert work.outbox.dead_letters() == []
        assert work.outbox.claim(REAL + HOUR, 10, 60) == []


def test_expired_is_kept_and_not_sent(store):
    with store.begin(NOW) as work:
        work.outbox.queue(message(expires=NOW))
        [claimed] = work.outbox.claim(REAL, 10, 60)
        work.outbox.expired(claimed.id)
        assert work.outbox.claim(REAL + HOUR, 10, 60) == []
        assert work.outbox.message("k1") is not None


def test_the_oldest_first_and_no_more_than_asked(store):
    with store.begin(NOW) as work:
        work.outbox.queue_all([message(f"k{n}", not_before=NOW - n * SECOND) for n in range(5)])
        assert [c.message.key for c in work.outbox.claim(REAL, 2, 60)] == ["k4", "k3"]
        assert [c.message.key for c in work.outbox.claim(REAL, 9, 60)] == ["k2", "k1", "k0"]


def test_what_was_said_about_a_duty_is_said_once_to_each(store):
    with store.begin(NOW) as work:
        assert work.outbox.said("d1", "reminded", "wang", "k1")
        assert not work.outbox.said("d1", "reminded", "wang", "k2")
        assert work.outbox.said("d1", "reminded", "li", "k3")
        assert work.outbox.said("d1", "escalated", "wang", "k4")
        work.outbox.answered("d1", "f1")
        assert {(s.step, s.person, s.key, s.answered_by) for s in work.outbox.said_about(["d1", "d2"])} == {
            ("reminded", "wang", "k1", "f1"),
            ("reminded", "li", "k3", "f1"),
            ("escalated", "wang", "k4", "f1"),
        }


def test_of_what_somebody_was_told_lately_at_a_step(store):
    with store.begin(NOW - 8 * DAY) as work:
        work.outbox.said("d1", "due:2025-09-01", "wang", "k1")
    with store.begin(NOW - HOUR) as work:
        work.outbox.said_all(
            [
                ("d2", "due:2025-09-10", "wang", "k2"),
                ("d4", "late:2025-09-10", "wang", "k2"),
                ("d5", "due:2025-09-10", "li", "k3"),
            ]
        )
    with store.begin(NOW) as work:
        work.outbox.said("d3", "due:2025-09-11", "wang", "k4")
        work.outbox.said("d3", "due:2025-09-12", "wang", "k5")
        assert work.outbox.told_to("wang", NOW - 7 * DAY, "due") == ["d3", "d2"]


def test_snoozed_until(store):
    with store.begin(NOW) as work:
        work.outbox.snooze("wang", "p1", NOW + HOUR)
        work.outbox.snooze("wang", "p2", NOW - HOUR)
        work.outbox.snooze("wang", "p1", NOW + 2 * HOUR)
        assert work.outbox.snoozed() == {("wang", "p1"): NOW + 2 * HOUR}


def test_no_text_stands_in_the_row(store):
    with store.begin(NOW) as work:
        work.outbox.queue(message())
        query = "SELECT content FROM outbox WHERE county_id = :county"
        [row] = work.session.connection.exec_driver_sql(
            query.replace(":county", "%(county)s" if work.session.is_postgresql else ":county"),
            {"county": store.county},
        )
        assert "张三".encode() not in bytes(row[0])


MANY = 400


def drain(store, mine: list[str]) -> None:
    """Claim and send until nothing is left, as a sender does."""
    while True:
        with store.begin(NOW) as work:
            claimed = work.outbox.claim(REAL, 7, 300)
        if not claimed:
            return
        mine += [c.message.key for c in claimed]
        with store.begin(NOW) as work:
            work.outbox.sent_all([(c.id, "m", None) for c in claimed], REAL)


def test_threads_never_claim_the_same(shared):
    with shared.begin(NOW) as work:
        work.outbox.queue_all([message(f"k{n}") for n in range(MANY)])
    taken: list[list[str]] = [[] for _ in range(4)]
    threads = [threading.Thread(target=drain, args=(shared, mine)) for mine in taken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [key for mine in taken for key in mine]
    assert sorted(keys) == sorted(f"k{n}" for n in range(MANY))


def drain_elsewhere(url: str, county: str, results) -> None:
    store = open_store(url, county, data_keys=[KEY], rules=SMALL)
    mine: list[str] = []
    drain(store, mine)
    results.put(mine)


@pytest.mark.postgres
def test_fault_29_processes_never_claim_the_same(postgresql_url, postgresql_engine):
    shared = fresh_store(postgresql_engine, rules=SMALL)
    with shared.begin(NOW) as work:
        work.outbox.queue_all([message(f"k{n}") for n in range(MANY)])
    fork = multiprocessing.get_context("fork")
    results = fork.Queue()
    workers = [fork.Process(target=drain_elsewhere, args=(postgresql_url, shared.county, results)) for _ in range(3)]
    for worker in workers:
        worker.start()
    keys = [key for _ in workers for key in results.get(timeout=60)]
    for worker in workers:
        worker.join()
    assert sorted(keys) == sorted(f"k{n}" for n in range(MANY))
