"""``/wecom/callback``: refuse what is not WeChat Work's, hand on what is, answer within its five seconds (path/96466).

Who is not signed is refused before any XML is parsed and before anything of ours is touched.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from bot.wecom import crypto
from bot.wecom.crypto import Envelope, Refused, Stale, Unreadable
from bot.wecom.messages import Inbound, Reply, parse, render

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE = 4.0  # seconds until our answer; WeChat Work hangs up after five
PATH = "/wecom/callback"
METHODS = ["GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"]

Answer = Callable[[Inbound], Reply]
log = structlog.get_logger("webhook")


class NotCommitted(Exception):
    """The message could not be taken in (database busy, locked, full or away): answer 503 and hope for the retry."""


def webhook(
    envelope: Envelope,
    agent: int,
    answer: Answer,
    refused: Callable[[Refused], None] = lambda error: None,
    workers: int = 32,
    patience: float = PATIENCE,
) -> Blueprint:
    """The blueprint of the callback address.

    ``answer`` takes a message in once and says what goes back, the same on a retry; it runs in a thread of its own,
    outside Flask's context, and raises ``NotCommitted`` when nothing was kept. ``refused`` is told of every refusal,
    a ``Stale`` one among them: rightly signed, so one of two clocks is wrong, and somebody should look.
    """
    blueprint = Blueprint("wecom", __name__)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="answer")

    @blueprint.route(PATH, methods=METHODS, provide_automatic_options=False)
    def callback() -> Response:
        if request.method == "GET":
            return _plain(envelope.open(crypto.signed(request.args), crypto.echostr(request.args)))
        if request.method != "POST":
            return _bare(405, Allow="GET, POST")
        return receive(time.monotonic() + patience)

    def receive(until: float) -> Response:
        signed = crypto.signed(request.args)
        inbound = parse(envelope.open(signed, crypto.encrypted(_body())))
        if inbound.agent not in (None, agent):
            raise Unreadable(f"meant for agent {inbound.agent}")
        plain = render(_wait(pool.submit(answer, inbound), until), inbound, time.time())
        return Response(envelope.seal(plain), content_type="application/xml; charset=utf-8") if plain else _bare(200)

    _answer_errors(blueprint, refused)
    return blueprint


class Door:
    """WSGI before Flask: who is not signed is sent away before anything has been spent on them.

    A flood of forgeries costs little more than its sockets (faults 38). What is signed, and all other addresses, go
    on to ``app``; a body without a length, or a longer one than is ever sent, is left to it as well.
    """

    def __init__(self, app: WSGIApplication, envelope: Envelope, refused: Callable[[Refused], None]) -> None:
        self._app, self._envelope, self._refused = app, envelope, refused

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST" or environ["PATH_INFO"] != PATH:
            return self._app(environ, start_response)
        length = environ.get("CONTENT_LENGTH", "")
        if not length.isascii() or not length.isdigit() or int(length) > crypto.LIMIT:
            return self._app(environ, start_response)
        try:
            signed = crypto.signed(_Query(environ.get("QUERY_STRING", "")))
            body = environ["wsgi.input"].read(int(length))
            self._envelope.check(signed, crypto.encrypted(body))
        except Refused as error:
            self._refused(error)  # counted, not written down: whoever lacks the Token can send thousands a second
            start_response("403 FORBIDDEN", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", "0")])
            return [b""]
        environ["wsgi.input"] = io.BytesIO(body)
        return self._app(environ, start_response)


class _Query:
    def __init__(self, text: str) -> None:
        self._values = parse_qs(text, keep_blank_values=True)

    def getlist(self, key: str, /) -> list[str]:
        return self._values.get(key, [])


def _answer_errors(blueprint: Blueprint, refused: Callable[[Refused], None]) -> None:
    @blueprint.errorhandler(Refused)
    def refuse(error: Refused) -> Response:
        """One answer for every fault, so that nothing can be learnt from it."""
        # Whoever lacks the Token can send thousands a second: those are counted, not written down.
        told = log.warning if isinstance(error, (Stale, Unreadable)) else log.debug
        told("refused", why=type(error).__name__, detail=str(error))
        refused(error)
        return _bare(403)

    @blueprint.errorhandler(NotCommitted)
    def not_committed(error: NotCommitted) -> Response:
        log.error("not committed", why=type(error).__name__)
        return _bare(503)

    @blueprint.errorhandler(HTTPException)
    def other(error: HTTPException) -> Response:
        return _bare(error.code or 500)

    @blueprint.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        """A fault of ours: the message is not kept, so no 200. The trace goes to our log, without its words."""
        log.error("failed", why=type(error).__name__, where=_place(error))
        return _bare(503)


def _body() -> bytes:
    """The body, at most 64 kB of it also when it comes in chunks without end."""
    request.max_content_length = crypto.LIMIT
    return request.get_data(cache=False)


def _wait(future: Future[Reply], until: float) -> Reply:
    """The answer, if it comes in time. One that comes later has been kept with its message, for the retry."""
    try:
        return future.result(timeout=max(0.0, until - time.monotonic()))
    except NotYet:
        future.cancel()
        raise NotCommitted("no answer in time") from None


def _place(error: BaseException) -> str:
    """File and line where an exception began; its text may hold a child's name and stays out of the log."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""


def _bare(status: int, **headers: str) -> Response:
    return Response(b"", status, headers, content_type="text/plain; charset=utf-8")


def _plain(text: str) -> Response:
    return Response(text, content_type="text/plain; charset=utf-8")
