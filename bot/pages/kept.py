"""Figures over a whole county, kept for a little while: the dearer to make, the longer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")
WORTH = 300  # seconds kept for each second that it took
LONGEST = 600.0  # seconds
MOST = 500  # figures kept at once


class Kept:
    """What was made lately, by key. Shared by the threads of a process; ``clock`` is real time in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._found: dict[Hashable, tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made for this key and may still be shown, else made anew."""
        begun = self._clock()
        found = self._found.get(key)
        if found is not None and begun < found[0]:
            kept: T = found[1]
            return kept
        made = make()
        ended = self._clock()
        with self._lock:
            if len(self._found) >= MOST:
                self._found.clear()
            self._found[key] = (ended + min(LONGEST, WORTH * (ended - begun)), made)
        return made
