"""Where the access_token is kept between calls and between processes."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Token:
    """``expires``: real time in seconds since the epoch, as gettoken promised; it may die earlier."""

    value: str
    expires: float

    def __repr__(self) -> str:
        return f"Token(expires={self.expires})"


class TokenStore(Protocol):
    """Shared by all that send for one app. ``key`` names corp, agent and secret together."""

    def get(self, key: str) -> Token | None: ...
    def put(self, key: str, token: Token) -> None: ...
    def refreshing(self, key: str) -> AbstractContextManager[None]:
        """Held by the one that fetches a token; others wait, then find the new one."""
        ...


def key_of(corp: str, agent: int, secret: str) -> str:
    """The name under which an app's token is kept; shows nothing of the secret, and a new secret has a new one."""
    return hashlib.sha256(f"{corp}\n{agent}\n{secret}".encode()).hexdigest()[:32]


class MemoryTokens:
    """Tokens of one process."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> Token | None:
        return self._tokens.get(key)

    def put(self, key: str, token: Token) -> None:
        self._tokens[key] = token

    @contextlib.contextmanager
    def refreshing(self, key: str) -> Iterator[None]:
        with self._lock:
            yield
