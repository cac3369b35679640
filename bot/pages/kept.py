"""Figures over a whole county, kept for a little while: the dearer to make, the longer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")
DEAR = 0.2  # seconds from which on making is dear: the next one who asks does not wait for it
WORTH = 300  # seconds kept for each second that it took
CHEAP = 0.05  # seconds up to which nothing is kept: made anew, it shows what was recorded a moment ago
LONGEST = 600.0  # seconds
MOST = 500  # figures kept at once


class Kept:
    """What was made lately, by key. Shared by the threads of a process; ``clock`` is real time in seconds.

    What is dear and has grown old is shown once more while one thread makes it anew.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._found: dict[Hashable, tuple[float, bool, Any]] = {}
        self._making: set[Hashable] = set()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T], aside: Callable[[], T] | None = None) -> T:
        """What was made for this key and may still be shown, else made anew; ``aside`` makes it in another thread."""
        found = self._found.get(key)
        if found is None:
            return self._make(key, make)
        fresh_until, dear, kept = found
        if self._clock() >= fresh_until:
            if not dear:
                return self._make(key, make)
            self._make_aside(key, aside or make)
        shown: T = kept
        return shown

    def _make_aside(self, key: Hashable, make: Callable[[], T]) -> None:
        with self._lock:
            if key in self._making:
                return
            self._making.add(key)
        threading.Thread(target=self._make, args=(key, make), daemon=True).start()

    def _make(self, key: Hashable, make: Callable[[], T]) -> T:
        begun = self._clock()
        try:
            made = make()
        finally:
            with self._lock:
                self._making.discard(key)
        ended = self._clock()
        with self._lock:
            if len(self._found) >= MOST:
                self._found.clear()
            took = ended - begun
            self._found[key] = (ended + (min(LONGEST, WORTH * took) if took > CHEAP else 0), took >= DEAR, made)
        return made
