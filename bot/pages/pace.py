"""How many requests one person or one address may make in a minute, counted over all processes and hosts.

Each process counts for itself and tells the others, by way of the database, of every tenth part of a limit that it
has let in: who reads as people do is never written down, and a flood costs ten rows a minute and no more. So at most
a tenth for each process is let in beyond the limit.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

MINUTE = 60.0
PER_PERSON = 300
PER_ADDRESS = 3000
"""A whole school, or a whole county, may come through one address."""
STRANGERS = 600
"""Requests of one address by people who are not logged in: a county logs in at eight o'clock through one address."""
MOST = 50_000  # counters kept at once
PARTS = 10

Share = Callable[[str, int, int], int]
"""Told a key, a minute and how many requests more: how many all processes have counted in that minute."""


@dataclass(slots=True)
class _Count:
    asked: int = 0  # here, in this minute
    told: int = 0  # of them, to the others
    others: int = 0  # counted by the others, as far as is known


class Pace:
    """Counts by key and minute. Safe for threads; ``clock`` is real time in seconds, the same on all hosts."""

    def __init__(self, share: Share | None = None, clock: Callable[[], float] = time.time) -> None:
        self._share, self._clock = share, clock
        self._minute = -1
        self._counts: dict[str, _Count] = {}
        self._lock = threading.Lock()

    def allows(self, key: str, most: int) -> bool:
        """Whether this request of that key is within its minute's number; it counts."""
        minute = int(self._clock() // MINUTE)
        with self._lock:
            if minute != self._minute or len(self._counts) >= MOST:
                self._minute, self._counts = minute, {}
            count = self._counts.setdefault(key, _Count())
            if count.asked + count.others >= most:
                return False
            count.asked += 1
            fresh = count.asked - count.told
            if self._share is None or fresh < max(1, most // PARTS):
                return True
            count.told = count.asked
        # Not under the lock: others need not wait for the database.
        total = self._share(key, minute, fresh)
        count.others = max(count.others, total - count.told)
        return count.asked + count.others <= most
