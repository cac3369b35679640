"""One pen on SQLite: who thinks before writing lets those write who hold it, and does not keep readers waiting."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from storage.driver import tell_sqlite
from storage.engine import Unavailable
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


@pytest.mark.parametrize("shared", ["sqlite"], indirect=True)  # PostgreSQL has a pen for each
def test_who_waits_for_a_shared_commit_is_told_when_the_next_one_cannot_join(
    shared: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first has written and waits for the second to commit; the second's savepoint fails."""
    told: list[BaseException | None] = []
    inside, go_on = threading.Event(), threading.Event()

    def word(connection: sa.Connection, text: str) -> None:
        if text.startswith("SAVEPOINT") and inside.is_set():
            raise sa.exc.OperationalError(text, None, OSError("disk I/O error"))
        tell_sqlite(connection, text)

    def write() -> None:
        try:
            with shared.begin(NOW, together=True) as work:
                work.inbox.keep_unknown("wang", "什么")
                inside.set()
                assert go_on.wait(IN_THE_END)
            told.append(None)
        except BaseException as error:
            told.append(error)

    monkeypatch.setattr("storage.turns.tell_sqlite", word)
    first, second = (threading.Thread(target=write, daemon=True) for _ in range(2))
    _one_behind_the_other(shared, first, second, inside, go_on)
    assert [type(one) for one in told] == [Unavailable, Unavailable]
    monkeypatch.undo()
    with shared.begin(NOW, together=True) as work:
        work.inbox.keep_unknown("wang", "后来")
    with shared.look(NOW) as work:
        assert [unknown.text for unknown in work.inbox.unknowns()] == ["后来"]


def _one_behind_the_other(
    shared: Store, first: threading.Thread, second: threading.Thread, inside: threading.Event, go_on: threading.Event
) -> None:
    """The second waits in line while the first is inside; both come to their end."""
    first.start()
    assert inside.wait(IN_THE_END)
    second.start()
    while not shared._turns._waiting:  # type: ignore[union-attr]
        threading.Event().wait(0.01)
    go_on.set()
    for thread in (first, second):
        thread.join(IN_THE_END)
        assert not thread.is_alive()


def _full(*_: object) -> None:
    raise sa.exc.OperationalError("COMMIT", None, OSError("database or disk is full"))


@pytest.mark.parametrize("shared", ["sqlite"], indirect=True)
@pytest.mark.parametrize("at", ["COMMIT", "RELEASE", "ROLLBACK"])
def test_nobody_who_shares_a_commit_is_told_that_it_is_done_when_it_is_not(
    shared: Store, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """The disk is full at the commit, or at a word within; with ROLLBACK the first has failed by itself, the second not."""
    told: dict[int, BaseException | None] = {}
    inside, go_on = threading.Event(), threading.Event()

    def word(connection: sa.Connection, text: str) -> None:
        if text.startswith(at):
            _full()
        tell_sqlite(connection, text)

    def write(number: int) -> None:
        told[number] = None
        try:
            with shared.begin(NOW, together=True) as work:
                work.inbox.keep_unknown("wang", "什么")
                inside.set()
                assert go_on.wait(IN_THE_END)
                if at == "ROLLBACK" and number == 0:
                    raise LookupError("of the first alone")
        except BaseException as error:
            told[number] = error

    monkeypatch.setattr("storage.turns.tell_sqlite", word)
    if at == "COMMIT":
        sa.event.listen(shared.engine, "commit", _full)
    first, second = (threading.Thread(target=write, args=(n,), daemon=True) for n in range(2))
    _one_behind_the_other(shared, first, second, inside, go_on)
    if at == "COMMIT":
        sa.event.remove(shared.engine, "commit", _full)
    monkeypatch.undo()
    with shared.look(NOW) as work:
        kept = len(work.inbox.unknowns())
    assert kept == sum(error is None for error in told.values())
    assert kept <= (at == "ROLLBACK"), told
    with shared.begin(NOW, together=True) as work:  # and the pen is free again
        work.inbox.keep_unknown("wang", "后来")


@pytest.mark.parametrize("shared", ["sqlite"], indirect=True)
@pytest.mark.parametrize("together", [True, False])
def test_where_the_line_cannot_be_joined_nothing_is_written_and_the_next_may(
    shared: Store, monkeypatch: pytest.MonkeyPatch, together: bool
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise OSError("too many open files")

    monkeypatch.setattr("storage.turns.os.open", refuse)
    with pytest.raises(Unavailable, match="too many open files"), shared.begin(NOW, together=together):
        pass
    monkeypatch.undo()
    with shared.begin(NOW, together=together) as work:
        work.inbox.keep_unknown("wang", "什么")


@pytest.mark.parametrize("shared", ["sqlite"], indirect=True)
def test_who_writes_and_who_thinks_take_a_connection_once_and_another_after_an_error(shared: Store) -> None:
    taken: list[object] = []
    sa.event.listen(shared.engine, "checkout", lambda driver, entry, proxy: taken.append(driver))

    def morning(words: str) -> None:
        with shared.look(NOW, aside=True) as work:
            assert work.people.person("wang") is not None
        with shared.begin(NOW, together=True) as work:
            work.inbox.keep_unknown("wang", words)
        with shared.begin(NOW) as work:
            work.inbox.keep_unknown("wang", words)

    def failing() -> None:
        with shared.begin(NOW) as work:
            work.inbox.keep_unknown("wang", "三")
            raise InterruptedError

    morning("一")
    at_first = len(taken)
    morning("二")
    assert len(taken) == at_first
    with pytest.raises(InterruptedError):
        failing()
    morning("四")
    assert len(taken) == at_first + 1
    with shared.look(NOW) as work:
        assert sorted(unknown.text for unknown in work.inbox.unknowns()) == sorted("一一二二四四")
