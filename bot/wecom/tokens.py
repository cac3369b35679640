"""Where the access_token is kept between calls and between processes."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
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


class FileTokens:
    """Tokens in a folder, for all processes that see it; files are for the owner's eyes alone."""

    def __init__(self, folder: Path, patience: float = 20) -> None:
        self._folder = folder
        self._patience = patience  # seconds; beyond them a second fetch does less harm than a stopped queue
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def get(self, key: str) -> Token | None:
        try:
            kept = json.loads((self._folder / key).read_text())
            return Token(str(kept["value"]), float(kept["expires"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, token: Token) -> None:
        handle, name = tempfile.mkstemp(dir=self._folder)  # made with mode 0600
        with os.fdopen(handle, "w") as file:
            json.dump({"value": token.value, "expires": token.expires}, file)
        os.replace(name, self._folder / key)

    @contextlib.contextmanager
    def refreshing(self, key: str) -> Iterator[None]:
        deadline = time.monotonic() + self._patience
        with (self._folder / f"{key}.lock").open("a") as file:
            while time.monotonic() < deadline:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    time.sleep(0.05)
            yield
