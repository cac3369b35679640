"""Messages that wait for an answer, taken by the threads of a process several at a time.

Python runs one thread at a time, so several at work only make each other wait; and what has come while one was at work is
taken and written together (``reception``). Where somebody takes long, another takes his place beside him.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")
AT_WORK = 1  # threads that answer at the same time, of those who do not take long
TOGETHER = 8  # messages that one of them takes at most
LONG = 0.1  # seconds after which who is still at work is not counted


class Waiting(Generic[T]):
    """The queue. Safe for threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._calls: deque[T] = deque()
        self._since: dict[int, float] = {}  # who is at work, and since when
        self._idle = 0

    def put(self, call: T) -> None:
        with self._changed:
            self._calls.append(call)
            if self._idle and self._free():
                self._changed.notify()

    def look(self) -> None:
        """Called now and then: who waits for one who takes long is taken by another."""
        if self._calls:
            with self._changed:
                if self._calls and self._idle and self._free():
                    self._changed.notify()

    @property
    def waits(self) -> bool:
        return bool(self._calls)

    @contextmanager
    def taken(self) -> Iterator[list[T]]:
        """The next ones, when there are any and it is this thread's turn."""
        me = threading.get_ident()
        with self._changed:
            self._idle += 1
            while not self._calls or not self._free():
                self._changed.wait()
            self._idle -= 1
            calls = [self._calls.popleft() for _ in range(min(TOGETHER, len(self._calls)))]
            self._since[me] = time.monotonic()
        try:
            yield calls
        finally:
            with self._changed:
                del self._since[me]  # and looks for more himself

    def _free(self) -> bool:
        long_ago = time.monotonic() - LONG
        return sum(since > long_ago for since in self._since.values()) < AT_WORK
