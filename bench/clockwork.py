"""Rows: the sweep of a crowded minute and of an idle one, and how many messages senders claim and mark."""

from __future__ import annotations

import datetime as dt
import logging
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from bench.county import settle
from bench.ground import Ground
from bench.load import KEY, MORNING
from bench.measure import Apart, Measure, against, apart, at_most
from bot.wecom.client import Sent
from handlers.understanding import names
from reminders.sender import send_due
from reminders.sweep import sweep
from storage.outbox import Outgoing
from storage.session import chunks
from storage.store import Store, open_store

DUE, IDLE, MESSAGES, BATCH = 100_000, 1_000_000, 20_000, 1000
SENT, CALL = 1000, 0.05  # messages really sent, and the seconds that each call takes
TODAY = MORNING.date()
DIGEST = dt.datetime.combine(TODAY, dt.time(7, 40))
REAL = dt.datetime(2026, 1, 1, 3, 0)


def put_duties(store: Store, count: int, due: dt.date, size: Any, start: int = 0) -> None:
    """Open duties about ``count`` pupils and units of time, each its class teacher's, as the projections hold them."""
    for batch in chunks(range(start, start + count), 20_000):
        duties, people = [], []
        for n in batch:
            pupil = n % size.pupils
            teacher = f"ban{pupil % size.classes}"
            duties.append({
                "id": f"d{n}", "rule": "absence_contact", "clause": "N", "owner": "teacher", "due": due,
                "pupil_id": f"p{pupil}", "unit_id": None, "status": "open", "who": [teacher], "closed": None,
                "fact_id": None, "hint": {},
            })  # fmt: skip
            people.append({"person": teacher, "duty_id": f"d{n}"})
        with store.begin(MORNING) as work:
            from storage import tables

            work.session.add_many(tables.duties, duties)
            work.session.add_many(tables.duty_people, people)


def put_cases(store: Store, count: int) -> None:
    """A case of day 1 for each of the first pupils."""
    from storage import tables

    row = dict.fromkeys(("leave_from", "leave_to", "returned", "promised", "reason", "reason_code", "helper", "pending",
                         "last_contact", "wake"))  # fmt: skip
    row |= {"state": "absent", "ledger": "age", "day": 1, "since": TODAY, "unverified": 0}
    for batch in chunks(range(count), 20_000):
        with store.begin(MORNING) as work:
            work.session.put(tables.cases, [{"pupil_id": f"p{n}", **row} for n in batch], ["pupil_id"])


def sweeps(ground: Ground) -> list[Measure]:
    """From duties due to messages in the outbox, and a sweep that finds nothing to do."""
    measures: list[Measure] = []
    for database in ground.databases:
        with ground.county(database) as url:
            store = open_store(url, data_keys=[KEY], fold=names)
            due = min(DUE, ground.size.pupils)
            put_cases(store, due)
            put_duties(store, due, TODAY, ground.size)
            settle(store)
            store.close()
            crowded: Apart = apart(_crowded, url)
            seconds, queued, covered = crowded.result
            row = f"sweep, {database}"
            measures += [
                at_most(row, f"{due:,} duties due this minute, to the outbox", seconds, "s", 5),
                Measure(row, "messages queued", queued, ""),
                Measure(row, "duties spoken of", covered, "", f"≥ {due}", covered >= due),
                Measure(row, "memory", crowded.megabytes, "MB"),
            ]
        with ground.county(database) as url:
            measures.append(at_most(row, f"nothing due among {IDLE:,} duties", _idle(url, ground), "ms", 10))
    return measures


def _crowded(url: str) -> tuple[float, int, int]:
    store = open_store(url, data_keys=[KEY], fold=names)
    with store.look(DIGEST) as work:
        _ = work.world  # read once a process, not once a sweep
    begun = time.perf_counter()
    swept = sweep(store, DIGEST)
    seconds = time.perf_counter() - begun
    with store.look(DIGEST) as work:
        waiting = work.outbox.depth().waiting
    assert waiting == len(swept.queued)
    return seconds, waiting, len({duty for message in swept.queued for duty in message.duties})


def _idle(url: str, ground: Ground) -> float:
    """The median of sweeps within working hours when every hour of the day has been kept; milliseconds."""
    store = open_store(url, data_keys=[KEY], fold=names)
    ahead = 50
    for n in range(ahead):  # of the days to come, as open cases have them
        put_duties(store, IDLE // ahead, TODAY + dt.timedelta(days=10 + n), ground.size, start=n * IDLE // ahead)
    settle(store)
    sweep(store, MORNING)
    sweep(store, MORNING + dt.timedelta(minutes=1))
    taken = []
    for n in range(2, 23):
        begun = time.perf_counter()
        swept = sweep(store, MORNING + dt.timedelta(minutes=n))
        taken.append((time.perf_counter() - begun) * 1000)
        assert not swept.queued
        assert not swept.changes
    store.close()
    return sorted(taken)[len(taken) // 2]


def sender(ground: Ground) -> list[Measure]:
    """Messages claimed and marked as sent by one, two and four processes, and sent by them over a line on which each call
    takes as long as WeChat Work's do; every one of them exactly once."""
    measures: list[Measure] = []
    for database in ground.databases:
        row = f"sender, {database}"
        for what, drain, messages in (("", _drain, MESSAGES), (f", {CALL * 1000:g} ms a call", _send, SENT)):
            alone = 0.0
            for processes in (1, 2, 4):
                with ground.county(database) as url:
                    _queue(url, messages)
                    rate, done = _together(url, processes, drain)
                twice = sum(count - 1 for count in done.values())
                if processes > 1 and drain is _send:
                    measures.append(against(row, f"{processes} processes{what}", rate, "/s", "one process", alone, 1.5))
                elif processes > 1:
                    measures.append(
                        Measure(row, f"{processes} processes", rate, "/s", beside="one process", baseline=alone)
                    )
                else:
                    alone = rate
                    must, reached = ("> 5000 /s", rate > 5000) if drain is _drain else ("", None)
                    measures.append(Measure(row, f"one process{what}", rate, "/s", must, reached))
                sound = twice == 0 and len(done) == messages
                measures.append(Measure(row, f"{processes}{what}: twice or not at all",
                                        twice + messages - len(done), "", "= 0", sound))  # fmt: skip
    return measures


def _queue(url: str, count: int) -> None:
    store = open_store(url, data_keys=[KEY], fold=names)
    with store.begin(MORNING) as work:
        work.outbox.queue_all(
            Outgoing(f"k{n}", f"ban{n % 2000}", f"张三今天没来，请联系家长。{n}", MORNING, rules=("absence_contact",)) for n in range(count)
        )  # fmt: skip
    settle(store)
    store.close()


def _together(url: str, processes: int, drain: Callable[..., None]) -> tuple[float, Counter[str]]:
    """Messages a second from the first claim to the last mark, and how often each message was taken."""
    spawn = multiprocessing.get_context("spawn")
    ready, results = spawn.Barrier(processes), spawn.Queue()
    workers = [spawn.Process(target=drain, args=(url, ready, results)) for _ in range(processes)]
    for worker in workers:
        worker.start()
    told = [results.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()
    begun, ended = min(one[0] for one in told), max(one[1] for one in told)
    done = Counter(key for one in told for key in one[2])
    return done.total() / (ended - begun), done


def _drain(url: str, ready: Any, results: Any) -> None:
    store = _opened(url)
    mine: list[str] = []
    ready.wait(60)
    begun = ended = time.time()
    while True:
        with store.begin(MORNING) as work:
            claimed = work.outbox.claim(REAL, BATCH, 300)
        if not claimed:
            break
        mine += [one.message.key for one in claimed]
        with store.begin(MORNING) as work:
            work.outbox.sent_all([(one.id, f"m-{one.id}", None) for one in claimed], REAL)
        ended = time.time()
    results.put((begun, ended, mine))
    store.close()


def _send(url: str, ready: Any, results: Any) -> None:
    logging.disable()
    store, line = _opened(url), Line()
    ready.wait(60)
    begun = ended = time.time()
    while send_due(store, line, REAL, MORNING, limit=100).sent:
        ended = time.time()
    results.put((begun, ended, line.sent))
    store.close()


def _opened(url: str) -> Store:
    """With its first connection made."""
    store = open_store(url, data_keys=[KEY], fold=names)
    with store.look(MORNING) as work:
        work.outbox.depth()
    return store


class Line:
    """Takes each message after as long as a call of WeChat Work lasts."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, to: str, text: str, card: object) -> Sent:
        time.sleep(CALL)
        self.sent.append(text)
        return Sent("m")

    def grey(self, person: str, response_code: str, words: str) -> None:
        """No card is sent here."""
