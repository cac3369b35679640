"""Connections shared out evenly among the web processes: who has more than another lets that one take the next.

All processes watch the same socket. Who is awake first takes what comes, so that one of two often got all sixteen kept
connections of nginx, and did the work of both alone (figures in docs/scaling.md).
"""

from __future__ import annotations

import mmap
from typing import Any

MOST = 64  # processes at a time, those that stop while others start among them
ABSENT = -1  # in a place: nobody is there, or nobody who takes new connections


class Shares:
    """How many connections each process has, in memory that all share; made before they fork. Each writes its own place."""

    def __init__(self) -> None:
        self._counts = memoryview(mmap.mmap(-1, MOST * 4)).cast("i")
        for place in range(MOST):
            self._counts[place] = ABSENT

    def free(self, taken: set[int]) -> int | None:
        """A place that no living process has; None when there are too many of them to be counted."""
        return next((place for place in range(MOST) if place not in taken), None)

    def put(self, place: int, connections: int) -> None:
        self._counts[place] = connections

    def leave(self, place: int) -> None:
        """Its process takes no more, or has ended."""
        self._counts[place] = ABSENT

    def more_than_another(self, place: int) -> bool:
        """Whether some process that takes connections has fewer than this one."""
        mine = self._counts[place]
        return any(ABSENT < others < mine for others in self._counts)


SHARES = Shares()


def give_place(server: Any, worker: Any) -> None:
    """Before a worker of gunicorn is forked: its place, in ``worker.place``."""
    worker.place = SHARES.free({one.place for one in server.WORKERS.values()})


def clear_place(worker: Any) -> None:
    """After it has ended, however it did."""
    if worker.place is not None:
        SHARES.leave(worker.place)
