"""How often Python collects garbage: seldom, for nearly all that this program makes is freed without it."""

from __future__ import annotations

import gc

MADE = 100_000
"""Objects more than are thrown away, some 20 MB, until the next look; Python's own 700 let a sweep of 100,000 duties
spend a quarter of its time on looking through what it is still using."""


def look_seldom() -> None:
    """For this process and all that are forked from it."""
    gc.set_threshold(MADE, 10, 10)
