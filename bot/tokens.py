"""The access token of the app, shared by all processes through the database."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import storage.tokens
from bot.wecom.tokens import Token
from storage.store import Store

LEASE = 15.0  # seconds; a process that dies while it fetches a token blocks the others no longer
EPOCH = dt.datetime(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class SharedTokens:
    """``bot.wecom.tokens.TokenStore`` on the store's table; ``real`` is real time in UTC."""

    store: Store
    now: Callable[[], dt.datetime]
    real: Callable[[], dt.datetime]

    def get(self, key: str) -> Token | None:
        with self.store.look(self.now()) as work:
            kept = work.tokens.get(key, self.real())
        return Token(kept.value, (kept.expires - EPOCH).total_seconds()) if kept else None

    def put(self, key: str, token: Token) -> None:
        with self.store.begin(self.now()) as work:
            work.tokens.put(key, storage.tokens.Token(token.value, EPOCH + dt.timedelta(seconds=token.expires)))

    @contextlib.contextmanager
    def refreshing(self, key: str) -> Iterator[None]:
        """Held by one process at a time; others wait until a token is put or the lease ends."""
        until = time.monotonic() + LEASE
        while not self._lease(key) and time.monotonic() < until:
            time.sleep(0.1)
        yield

    def _lease(self, key: str) -> bool:
        with self.store.begin(self.now()) as work:
            return work.tokens.lease(key, self.real(), LEASE)
