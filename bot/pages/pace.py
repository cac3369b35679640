"""How many requests one person or one address may make in a minute, counted by each process for itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

MINUTE = 60.0
PER_PERSON = 300
PER_ADDRESS = 3000
"""A whole school, or a whole county, may come through one address."""
STRANGERS = 600
"""Requests of one address by people who are not logged in: a county logs in at eight o'clock through one address."""
MOST = 50_000  # counters kept at once


class Pace:
    """Counts by key and minute. Safe for threads; ``clock`` is real time in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._minute = -1
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def allows(self, key: str, most: int) -> bool:
        """Whether this request of that key is within its minute's number; it counts."""
        minute = int(self._clock() // MINUTE)
        with self._lock:
            if minute != self._minute or len(self._counts) >= MOST:
                self._minute, self._counts = minute, {}
            self._counts[key] = self._counts.get(key, 0) + 1
            return self._counts[key] <= most
