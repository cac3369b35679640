"""One pen on SQLite: who thinks before writing lets those write who hold it, and does not keep readers waiting."""

from __future__ import annotations

import threading

from storage.store import Store
from tests.storage.county import NOW

SOON, IN_THE_END = 0.05, 10


def test_who_thinks_waits_for_who_writes_and_a_reader_for_nobody(shared: Store) -> None:
    thought = threading.Event()

    def think() -> None:
        with shared.look(NOW, aside=True) as work:
            assert work.people.person("wang") is not None
            thought.set()

    with shared.begin(NOW, together=True) as work:
        thinker = threading.Thread(target=think)
        thinker.start()
        # PostgreSQL has a pen for each.
        assert thought.wait(SOON if shared.one_writer else IN_THE_END) is not shared.one_writer
        with shared.look(NOW) as reader:
            assert reader.people.person("wang") is not None
        work.inbox.keep_unknown("wang", "什么")
    assert thought.wait(IN_THE_END)
    thinker.join()
    with shared.look(NOW) as work:
        assert [unknown.text for unknown in work.inbox.unknowns()] == ["什么"]


def test_a_writer_is_let_in_when_a_thought_ends_although_others_wait_to_think(shared: Store) -> None:
    entered, go_on, written = threading.Semaphore(0), threading.Semaphore(0), threading.Event()

    def think() -> None:
        with shared.look(NOW, aside=True):
            entered.release()
            assert go_on.acquire(timeout=IN_THE_END)

    def write() -> None:
        with shared.begin(NOW, together=True) as work:
            work.inbox.keep_unknown("wang", "什么")
        written.set()

    threads = [threading.Thread(target=think) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert entered.acquire(timeout=IN_THE_END)
    writer = threading.Thread(target=write)
    writer.start()
    for _ in threads:
        go_on.release()
    assert written.wait(IN_THE_END)
    for thread in (*threads, writer):
        thread.join()
