"""The switchboard: what can be made to go wrong while everything runs."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """``title`` is for the switchboard; ``errcode`` is answered when the fault is one of WeChat Work's codes."""

    title: str
    errcode: int | None = None


KINDS: dict[str, Kind] = {
    "expired_token": Kind("凭证过期（42001）", 42001),
    "revoked_secret": Kind("Secret 已作废（40001）", 40001),
    "busy": Kind("系统繁忙（-1）", -1),
    "rate": Kind("调用太频繁（45009）", 45009),
    "concurrency": Kind("并发太多（45033）", 45033),
    "ip": Kind("不可信的IP（60020）", 60020),
    "errcode": Kind("指定的错误码"),
    "timeout": Kind("不回答（超时）"),
    "http_502": Kind("HTTP 502"),
    "html": Kind("返回网页而不是 JSON"),
    "truncated": Kind("返回半截 JSON"),
    "lost": Kind("已送达，回执丢失"),
    "deliver_twice": Kind("回调重复投递"),
    "answer_lost": Kind("回调的回答丢失"),
}


@dataclass(slots=True)
class Switch:
    """A fault that is on: for ``left`` more times (``None``: until switched off), perhaps on one path only.

    Without a path it strikes everything but gettoken.
    """

    left: int | None
    path: str = ""
    errcode: int | None = None
    seconds: float = 12.0

    def strikes(self, path: str) -> bool:
        """Whether a call of this path meets it."""
        return self.path == path if self.path else path != "gettoken"


class Faults:
    """Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on: dict[str, Switch] = {}

    def switch(
        self, name: str, times: int | None = None, path: str = "", errcode: int | None = None, seconds: float = 12.0
    ) -> None:
        """Switch a fault on for ``times`` calls (``None``: until further notice; 0: off). Raises ``KeyError``."""
        kind = KINDS[name]
        with self._lock:
            if times == 0:
                self._on.pop(name, None)
            else:
                self._on[name] = Switch(times, path, errcode if errcode is not None else kind.errcode, seconds)

    def clear(self) -> None:
        """Switch everything off."""
        with self._lock:
            self._on.clear()

    def take(self, name: str, path: str = "") -> Switch | None:
        """The fault, if it is on for this path; one of its times is used up."""
        with self._lock:
            switch = self._on.get(name)
            if switch is None or not switch.strikes(path):
                return None
            if switch.left is not None:
                switch.left -= 1
                if switch.left <= 0:
                    del self._on[name]
            return switch

    def shown(self) -> dict[str, int | None]:
        """What is on, and how often yet."""
        with self._lock:
            return {name: switch.left for name, switch in self._on.items()}
