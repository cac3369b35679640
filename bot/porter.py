"""gunicorn's worker with a porter: what is posted to the callback address is looked at where the sockets are watched.

Refused there, a forgery costs no thread and no HTTP machinery (faults 38). What is rightly signed goes to one thread, which
answers straight into the socket; after four seconds the watcher answers 503 in its place. Whatever is not the plain post
that WeChat Work sends through nginx (in pieces, chunked, of another address) takes gunicorn's way and finds the same
answers there (``webhook.Door``).
"""

from __future__ import annotations

import email.utils
import errno
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from selectors import EVENT_READ

from gunicorn.workers.gthread import TConn, ThreadWorker

from bot.balance import SHARES
from bot.waiting import LONG, Waiting
from bot.webhook import EXTENSION, PATH, Answered, Intake, Query, Sealed, kind_of

MOST = 16 * 1024  # bytes of a post that is read here: four times the longest text
ANSWERING = 16  # messages answered at the same time by one process, as many as it has connections to the database
STANDS_BACK = 0.02  # seconds in which a process with fewer connections may take the next one
_START = f"POST {PATH}?".encode()
_HEAD = re.compile(
    rb"POST [!->@-~]{1,200}+\?(?P<query>[!-~]{0,4096}+) HTTP/1\.1\r\n"
    rb"(?P<lines>(?:[!#$%&'*+.^_`|~0-9A-Za-z-]++:[\t -~\x80-\xff]*+\r\n)*+)\r\n"
)
_LENGTH = re.compile(rb"(?i)(?:^|\n)content-length:[ \t]*+([0-9]{1,6}+)[ \t]*+\r")
_UNUSUAL = re.compile(rb"(?i)(?:^|\n)(?:transfer-encoding|expect|upgrade|content-length[ \t])")
_CLOSE = re.compile(rb"(?i)(?:^|\n)connection:[^\n]*?close")


@dataclass(frozen=True, slots=True)
class Post:
    """A whole post as it lies in the socket: its query and body, how many bytes it has, whether the client stays."""

    query: str
    body: bytes
    size: int
    stays: bool


def read_post(seen: bytes) -> Post | None:
    """The post to the callback address that these bytes begin with; None if it is not whole, or not plain."""
    if not seen.startswith(_START) or (head := _HEAD.match(seen)) is None:
        return None
    lines = head["lines"]
    lengths = _LENGTH.findall(lines)
    if len(lengths) != 1 or lines.lower().count(b"content-length") != 1 or _UNUSUAL.search(lines):
        return None
    end = head.end() + int(lengths[0])
    if end > len(seen):
        return None
    return Post(head["query"].decode("ascii"), seen[head.end() : end], end, _CLOSE.search(lines) is None)


@dataclass(slots=True)
class Call:
    """A message in hand: whoever sets ``done`` first, thread or watcher, is the one who answers."""

    conn: TConn
    sealed: Sealed
    stays: bool
    until: float
    lock: threading.Lock = field(default_factory=threading.Lock)
    done: bool = False

    def mine(self) -> bool:
        """Whether nobody has answered before."""
        with self.lock:
            first, self.done = not self.done, True
        return first


class Porter(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """One process. Only its main thread touches the poller and the counts of connections."""

    alive: bool
    place: int | None = None
    """Where it says how many connections it has (``balance``)."""
    _intake: Intake | None = None
    _stands_back_until = 0.0
    _stood_back = False

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self._intake = getattr(self.wsgi, "extensions", {}).get(EXTENSION)
        self._calls: deque[Call] = deque()
        self._waiting: Waiting[Call] = Waiting()
        for n in range(ANSWERING if self._intake else 0):
            threading.Thread(target=self._answering, name=f"answer-{n}", daemon=True).start()

    def accept(self, listener: socket.socket) -> None:
        """A new connection is watched like a kept one: it costs no thread until it has said something."""
        if self._intake is None:
            super().accept(listener)
            return
        if self._leaves_it_to_another():
            return
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        self._watch(TConn(self.cfg, client, address, listener.getsockname()))

    def set_accept_enabled(self, enabled: bool) -> None:
        """Watch for new connections, unless another is to take the next one."""
        super().set_accept_enabled(enabled and time.monotonic() >= self._stands_back_until)

    def _leaves_it_to_another(self) -> bool:
        """Who has more than another stands back for a moment, once for each connection: the other may be hung."""
        self._say_how_many()
        if self.place is None or self._stood_back or not SHARES.more_than_another(self.place):
            self._stood_back = False
            return False
        self._stood_back = True
        self._stands_back_until = time.monotonic() + STANDS_BACK
        self.set_accept_enabled(False)
        return True

    def _say_how_many(self) -> None:
        if self.place is None:
            return
        if self.alive:
            SHARES.put(self.place, self.nr_conns)
        else:
            SHARES.leave(self.place)

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """A connection has something to say."""
        post = self._said(client) if self._intake else None
        if post is None:
            conn.data_ready = True
            super().on_client_socket_readable(conn, client)
            return
        self.keepalived_conns.remove(conn)
        if not post.size:
            self._leaves(conn)
            return
        self.nr += 1
        self.alive = self.alive and self.nr < self.max_requests
        self._take(conn, post)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """One turn of the watcher; messages that took too long are answered for."""
        now = time.monotonic()
        while self._calls and (self._calls[0].done or self._calls[0].until <= now):
            call = self._calls.popleft()
            if call.mine() and self._intake is not None:
                self._reply(call.conn, self._intake.late(), False)
                self._ended(call.conn)
        if self._calls:
            timeout = min(timeout, max(0.0, self._calls[0].until - now))
            self._waiting.look()
            if self._waiting.waits:
                timeout = min(timeout, LONG)
        if self._stands_back_until > now:
            timeout = min(timeout, self._stands_back_until - now)
        self._say_how_many()
        super().wait_for_and_dispatch_events(timeout)

    def _said(self, client: socket.socket) -> Post | None:
        """The post that waits in the socket, taken out of it; an empty one when the client has gone; None: gunicorn's."""
        try:
            seen = client.recv(MOST, socket.MSG_PEEK)
            post = read_post(seen) if seen else Post("", b"", 0, False)
            if post is not None and seen:
                client.recv(post.size)
            return post
        except OSError:
            return None

    def _take(self, conn: TConn, post: Post) -> None:
        """Refuse it at once, or have a thread answer it."""
        assert self._intake is not None
        told = self._intake.admitted(Query(post.query), post.body)
        if isinstance(told, Sealed):
            self.poller.unregister(conn.sock)
            call = Call(conn, told, post.stays, time.monotonic() + self._intake.patience)
            self._calls.append(call)
            self._waiting.put(call)
            return
        stays = post.stays and self.alive
        if self._reply(conn, told, stays) and stays:
            self._rests(conn)
        else:
            self._leaves(conn)

    def _leaves(self, conn: TConn) -> None:
        self.poller.unregister(conn.sock)
        self._ended(conn)

    def _answering(self) -> None:
        """A thread's life: messages that wait together, one handful after another."""
        while True:
            with self._waiting.taken() as taken:
                assert self._intake is not None
                calls = [call for call in taken if not call.done]  # who waited too long: the retry is as good
                answers = self._intake.answered_all([call.sealed for call in calls])
                answered = [self._finish(call, told) for call, told in zip(calls, answers, strict=True) if call.mine()]
                self.method_queue.defer(self._go_on, answered)

    def _finish(self, call: Call, told: Answered) -> tuple[TConn, bool]:
        """Write the answer; returns whether the connection stays. Who comes too late is kept with his reply, for the retry."""
        stays = call.stays and self.alive
        return call.conn, self._reply(call.conn, told, stays) and stays

    def _go_on(self, answered: Sequence[tuple[TConn, bool]]) -> None:
        for conn, stays in answered:
            (self._watch if stays else self._ended)(conn)

    def _reply(self, conn: TConn, told: Answered, stays: bool) -> bool:
        """Write the answer; False when the client is gone."""
        ready = _bytes(told, stays)
        try:
            if conn.sock.send(ready) < len(ready):
                return False  # who does not read his answer gets no other
        except OSError:
            return False
        return True

    def _watch(self, conn: TConn) -> None:
        self._rests(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_client_socket_readable, conn))

    def _rests(self, conn: TConn) -> None:
        conn.set_timeout()
        self.keepalived_conns.append(conn)

    def _ended(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()


def _bytes(told: Answered, stays: bool) -> bytes:
    body = told.body.encode()
    return (
        f"HTTP/1.1 {told.status.value} {told.status.phrase}\r\nDate: {_date(int(time.time()))}\r\n"
        f"Connection: {'keep-alive' if stays else 'close'}\r\nContent-Type: {kind_of(told)}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return email.utils.formatdate(second, usegmt=True)
