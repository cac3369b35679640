"""The queue of messages in hand: what waits together is taken together, and nobody waits for one who takes long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from bot import waiting
from bot.waiting import AT_WORK, TOGETHER, Waiting


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Waiting[int]:
    monkeypatch.setattr(waiting, "LONG", 0.05)
    return Waiting()


class Hands:
    """Threads that take from a queue; each handful waits until it is let go."""

    def __init__(self, queue: Waiting[int], many: int) -> None:
        self.taken: list[list[int]] = []
        self._queue, self._go, self._changed = queue, threading.Semaphore(0), threading.Condition()
        for _ in range(many):
            threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._queue.taken() as calls:
                with self._changed:
                    self.taken.append(calls)
                    self._changed.notify_all()
                self._go.acquire()

    def let_go(self, many: int = 1) -> None:
        self._go.release(many)

    def until(self, handfuls: int) -> list[list[int]]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.taken) >= handfuls, 5), self.taken
            return self.taken


@pytest.fixture
def hands(queue: Waiting[int]) -> Iterator[Hands]:
    made = Hands(queue, AT_WORK + 2)
    yield made
    made.let_go(1000)


def test_what_comes_while_all_are_at_work_is_taken_together(queue: Waiting[int], hands: Hands) -> None:
    for n in range(AT_WORK):
        queue.put(n)
        hands.until(n + 1)
    for n in range(10, 10 + TOGETHER + 1):
        queue.put(n)
    hands.let_go()
    assert hands.until(AT_WORK + 1)[-1] == list(range(10, 10 + TOGETHER))
    hands.let_go()
    assert hands.until(AT_WORK + 2)[-1] == [10 + TOGETHER]


def test_nobody_waits_for_one_who_takes_long(queue: Waiting[int], hands: Hands) -> None:
    for n in range(AT_WORK):
        queue.put(n)
        hands.until(n + 1)
    queue.put(9)
    assert queue.waits
    time.sleep(0.1)  # longer than LONG here
    queue.look()
    assert hands.until(AT_WORK + 1)[-1] == [9]


def test_each_is_taken_once(queue: Waiting[int]) -> None:
    taken: list[int] = []

    def work() -> None:
        while True:
            with queue.taken() as calls:
                taken.extend(calls)

    for _ in range(4):
        threading.Thread(target=work, daemon=True).start()
    for n in range(2000):
        queue.put(n)
    until = time.monotonic() + 5
    while len(taken) < 2000 and time.monotonic() < until:
        queue.look()
        time.sleep(0.01)
    assert sorted(taken) == list(range(2000))
