"""A piece of a list is written in a transaction of its own, as soon as nobody else is writing what it would write."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable
from typing import TypeVar

from storage.engine import Busy
from storage.store import Store, Work

Piece = TypeVar("Piece")
PATIENCE = 20.0
"""Seconds after which a piece gives up: other writers of many hold a thousand pupils for a second or two each."""


def write_piece(store: Store, now: dt.datetime, write: Callable[[Work, Piece], None], piece: Piece) -> None:
    """Write it, and again from the start while others are in the way: nothing is held meanwhile. Raises ``Unavailable``."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with store.begin(now) as work:
                write(work, piece)
            return
        except Busy:
            if time.monotonic() > until:
                raise
        time.sleep(random.uniform(0.02, 0.2))  # so that two who are in each other's way come at different moments
