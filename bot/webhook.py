"""``/wecom/callback``: refuse what is not WeChat Work's, hand on what is, answer within its five seconds (path/96466).

Who is not signed is refused before any XML is parsed and before anything of ours is touched.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from http import HTTPStatus
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
EXTENSION = "kongchuo-intake"
"""Where the application keeps its ``Intake`` for ``porter``."""
METHODS = ["GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"]

PLAIN = "text/plain; charset=utf-8"

Answer = Callable[[Sequence[Inbound]], Sequence[Reply | Exception]]
log = structlog.get_logger("webhook")


class NotCommitted(Exception):
    """The message could not be taken in (database busy, locked, full or away): answer 503 and hope for the retry."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What goes back: an HTTP status, and the encrypted reply if there is one."""

    status: HTTPStatus
    body: str = ""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A message that is rightly signed, still encrypted."""

    encrypt: str


class Intake:
    """What becomes of a post: verified, decrypted, handed on, answered in time; one answer for every fault.

    ``answer`` takes messages in, each once, and says what goes back to each, the same on a retry; it runs in a thread of
    its own. Of a message of which nothing was kept it gives the exception in place of the reply, ``NotCommitted`` or a fault. ``refused`` is told of every refusal, a ``Stale`` one among them:
    rightly signed, so one of two clocks is wrong, and somebody should look.
    """

    def __init__(
        self,
        envelope: Envelope,
        agent: int,
        answer: Answer,
        refused: Callable[[Refused], None] = lambda error: None,
        workers: int = 32,
        patience: float = PATIENCE,
    ) -> None:
        self.envelope = envelope
        self._agent, self._answer, self._refused, self.patience = agent, answer, refused, patience
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="answer")

    def posted(self, query: crypto.Query, read: Callable[[], bytes]) -> Answered:
        """The answer to a post; its body is read only where the query might be WeChat Work's. Raises ``HTTPException``."""
        until = time.monotonic() + self.patience
        sealed = self._admitted(query, read)
        if isinstance(sealed, Answered):
            return sealed
        future = self._pool.submit(self.answered, sealed)
        try:
            return future.result(timeout=max(0.0, until - time.monotonic()))
        except NotYet:  # what comes later has been kept with its message, for the retry
            future.cancel()
            return self.late()

    def admitted(self, query: crypto.Query, body: bytes) -> Sealed | Answered:
        """The message of a post that is rightly signed, else the answer to it; needs no more than that costs."""
        return self._admitted(query, lambda: body)

    def _admitted(self, query: crypto.Query, read: Callable[[], bytes]) -> Sealed | Answered:
        try:
            signed = crypto.signed(query)
            encrypt = crypto.encrypted(read())
            self.envelope.admit(signed, encrypt)
            return Sealed(encrypt)
        except Refused as error:
            return self.refuse(error)
        except HTTPException:
            raise
        except Exception as error:
            return _failed(error)

    def answered(self, sealed: Sealed) -> Answered:
        """The answer to a message, when it is kept."""
        return self.answered_all([sealed])[0]

    def answered_all(self, many: Sequence[Sealed]) -> list[Answered]:
        """The answers to messages that wait together, when they are kept."""
        heard = [self._heard(sealed) for sealed in many]
        inbound = [one for one in heard if isinstance(one, Inbound)]
        try:
            replies = iter(self._answer(inbound))
        except Exception as error:
            replies = iter([error] * len(inbound))
        return [self._told(one, next(replies)) if isinstance(one, Inbound) else one for one in heard]

    def _heard(self, sealed: Sealed) -> Inbound | Answered:
        """The message, or the answer to what is none of ours."""
        try:
            inbound = parse(self.envelope.decrypt(sealed.encrypt))
            if inbound.agent not in (None, self._agent):
                raise Unreadable(f"meant for agent {inbound.agent}")
            return inbound
        except Refused as error:
            return self.refuse(error)
        except Exception as error:
            return _failed(error)

    def _told(self, inbound: Inbound, reply: Reply | Exception) -> Answered:
        """What goes back for a reply, or for the reason why there is none."""
        if isinstance(reply, NotCommitted):
            log.error("not committed", why=type(reply).__name__)
            return Answered(HTTPStatus.SERVICE_UNAVAILABLE)
        if isinstance(reply, Exception):
            return _failed(reply)
        try:
            plain = render(reply, inbound, time.time())
            return Answered(HTTPStatus.OK, self.envelope.seal(plain) if plain else "")
        except Exception as error:
            return _failed(error)

    def late(self) -> Answered:
        """The answer to a message that takes longer than WeChat Work waits."""
        log.error("not committed", why="Late")
        return Answered(HTTPStatus.SERVICE_UNAVAILABLE)

    def refuse(self, error: Refused) -> Answered:
        """One answer for every fault, so that nothing can be learnt from it.

        Whoever lacks the Token can send thousands a second: those are counted, not written down.
        """
        if isinstance(error, (Stale, Unreadable)):
            log.warning("refused", why=type(error).__name__, detail=str(error))
        self._refused(error)
        return Answered(HTTPStatus.FORBIDDEN)


class Door:
    """WSGI before Flask for what WeChat Work posts, which needs nothing of Flask: a flood of forgeries costs little more
    than its sockets (faults 38), and a report a sixth less. All else goes on to ``app``, a body without a length, or a
    longer one than is ever sent, too.
    """

    def __init__(self, app: WSGIApplication, intake: Intake) -> None:
        self._app, self._intake = app, intake

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST":
            return self._app(environ, start_response)
        length = environ.get("CONTENT_LENGTH", "")
        if not length.isascii() or not length.isdigit() or int(length) > crypto.LIMIT:
            return self._app(environ, start_response)
        query = Query(environ.get("QUERY_STRING", ""))
        told = self._intake.posted(query, lambda: environ["wsgi.input"].read(int(length)))
        body = told.body.encode()
        head = [("Content-Type", kind_of(told)), ("Content-Length", str(len(body)))]
        start_response(f"{told.status.value} {told.status.phrase}", head)
        return [body]


def webhook(intake: Intake) -> Blueprint:
    """The blueprint of the callback address: its check by GET, and what ``Door`` leaves to Flask."""
    blueprint = Blueprint("wecom", __name__)

    @blueprint.route(PATH, methods=METHODS, provide_automatic_options=False)
    def callback() -> Response:
        if request.method == "GET":
            opened = intake.envelope.open(crypto.signed(request.args), crypto.echostr(request.args))
            return Response(opened, content_type=PLAIN)
        if request.method != "POST":
            return Response(b"", HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "GET, POST"}, content_type=PLAIN)
        return _flask(intake.posted(request.args, _body))

    @blueprint.errorhandler(Refused)
    def refuse(error: Refused) -> Response:
        return _flask(intake.refuse(error))

    @blueprint.errorhandler(HTTPException)
    def other(error: HTTPException) -> Response:
        return Response(b"", error.code or 500, content_type=PLAIN)

    return blueprint


def _flask(told: Answered) -> Response:
    return Response(told.body, told.status, content_type=kind_of(told))


def kind_of(told: Answered) -> str:
    """The content type of an answer."""
    return "application/xml; charset=utf-8" if told.body else PLAIN


class Query:
    """A query string, parsed."""

    def __init__(self, text: str) -> None:
        self._values = parse_qs(text, keep_blank_values=True)

    def getlist(self, key: str, /) -> list[str]:
        return self._values.get(key, [])


def _body() -> bytes:
    """The body, at most 64 kB of it also when it comes in chunks without end."""
    request.max_content_length = crypto.LIMIT
    return request.get_data(cache=False)


def _failed(error: Exception) -> Answered:
    """A fault of ours: the message is not kept, so no 200. The trace goes to our log, without its words."""
    log.error("failed", why=type(error).__name__, where=_place(error))
    return Answered(HTTPStatus.SERVICE_UNAVAILABLE)


def _place(error: BaseException) -> str:
    """File and line where an exception began; its text may hold a child's name and stays out of the log."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
