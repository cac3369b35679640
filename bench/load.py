"""The load: encrypted callbacks made beforehand, posted over kept connections by one thread, each answer timed.

The client must cost little, for it shares the machine with what it measures: nothing is encrypted or parsed while
the clock runs.
"""

from __future__ import annotations

import datetime as dt
import os
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bot.simulator.envelope import ServerEnvelope

CORP, AGENT = "ww0bench0corp", 1000007
TOKEN, AES_KEY = "benchtoken", "b" * 43
KEY = b"benchmarks seal with this key...".ljust(32, b".")[:32]
MORNING = dt.datetime(2025, 9, 10, 8, 30)
"""The county's clock while it is measured: a school day, after the digests and before noon."""


@dataclass(slots=True)
class Load:
    """What a load did: seconds in all, the latency of each request in seconds, and how many of each status.

    ``lost`` requests got no answer at all; ``ok`` are the places in the list of those answered 200.
    """

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    lost: int = 0
    ok: list[int] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers with 200 a second."""
        return self.statuses[200] / self.seconds if self.seconds else 0.0

    def at(self, share: float) -> float:
        """The latency that this share of requests did not exceed, in seconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def text_message(user: str, words: str, msg_id: str) -> str:
    """A member's text as WeChat Work writes it."""
    return (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><FromUserName><![CDATA[{user}]]></FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{words}]]></Content><MsgId>{msg_id}</MsgId><AgentID>{AGENT}</AgentID></xml>"
    )


def callbacks(messages: Iterable[tuple[str, str]], first: int = 0) -> list[bytes]:
    """HTTP requests, ready to be written to a socket, of (userid, words); MsgIds count from a random number on."""
    envelope = ServerEnvelope(TOKEN, AES_KEY, CORP)
    start = (first or int.from_bytes(os.urandom(5))) * 1_000_000
    packed = (
        envelope.pack(text_message(user, words, str(start + n)), AGENT) for n, (user, words) in enumerate(messages)
    )
    return [request_of(post.query, post.body) for post in packed]


def request_of(query: dict[str, str], body: bytes) -> bytes:
    """The bytes of one POST to the callback address."""
    head = (
        f"POST /wecom/callback?{urlencode(query)} HTTP/1.1\r\nHost: bench\r\n"
        f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass(slots=True)
class _Line:
    """One connection: what it waits for and since when."""

    socket: socket.socket
    at: int = -1
    begun: float = 0.0
    heard: bytes = b""


def drive(
    address: tuple[str, int],
    requests: Sequence[bytes],
    connections: int = 16,
    rate: float | None = None,
    patience: float = 10.0,
) -> Load:
    """Post all requests over so many connections. With ``rate`` each has its moment (so many a second) and is timed
    from that moment on, whether or not a connection was free: an open loop, in which a slow server cannot hide."""
    load = Load()
    chooser = selectors.DefaultSelector()
    free: deque[_Line] = deque()
    waiting = 0
    for _ in range(connections):
        free.append(_opened(address, patience))
    start = time.perf_counter()
    sent = 0
    while sent < len(requests) or waiting:
        now = time.perf_counter()
        while free and sent < len(requests) and (rate is None or start + sent / rate <= now):
            line = free.popleft()
            line.at, line.heard = sent, b""
            line.begun = now if rate is None else start + sent / rate
            try:
                line.socket.sendall(requests[sent])
            except OSError:  # the server let an idle connection go
                line.socket = _opened(address, patience).socket
                line.socket.sendall(requests[sent])
            chooser.register(line.socket, selectors.EVENT_READ, line)
            waiting += 1
            sent += 1
        pause = (
            patience if rate is None or sent >= len(requests) else max(0.0, start + sent / rate - time.perf_counter())
        )
        for key, _ in chooser.select(pause if waiting else min(pause, 0.05)):
            line = key.data
            if _heard(line, load, address, patience):
                chooser.unregister(key.fileobj)
                waiting -= 1
                free.append(line)
    load.seconds = time.perf_counter() - start
    for line in free:
        line.socket.close()
    return load


def _opened(address: tuple[str, int], patience: float) -> _Line:
    line = _Line(socket.create_connection(address, timeout=patience))
    line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def _heard(line: _Line, load: Load, address: tuple[str, int], patience: float) -> bool:
    """Take what has come; True when the answer is whole, or will never come."""
    try:
        piece = line.socket.recv(65536)
    except OSError:
        piece = b""
    if not piece:
        load.lost += 1
        line.socket = _opened(address, patience).socket
        return True
    line.heard += piece
    head, separator, body = line.heard.partition(b"\r\n\r\n")
    if not separator or len(body) < _length(head):
        return False
    status = int(head[9:12])
    load.statuses[status] += 1
    load.latencies.append(time.perf_counter() - line.begun)
    if status == 200:
        load.ok.append(line.at)
    if b"connection: close" in head.lower():
        line.socket.close()
        line.socket = _opened(address, patience).socket
    return True


def _length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    return int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
