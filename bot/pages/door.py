"""The door to all pages: who is asking, from which session, with what right; and what each page may be loaded from.

A page reads in a view of the database that cannot write; what has to be kept of the look (the audit trail) is
written after it, before the page is handed out. A form writes in one transaction and is taken in once.
"""

from __future__ import annotations

import datetime as dt
import functools
import hmac
import secrets
import traceback
from collections.abc import Callable
from typing import Any, cast

import structlog
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from bot.app import Bot
from bot.desks import desk_for
from bot.pages.kept import Kept
from bot.pages.pace import PER_ADDRESS, PER_PERSON, STRANGERS, Pace
from bot.pages.shell import error_page, once_token
from casework.access import PAGES
from handlers.desk import Desk
from storage.engine import Unavailable
from storage.store import Work

log = structlog.get_logger("pages")
View = Callable[..., ResponseReturnValue]
LIFETIME = dt.timedelta(hours=12)
WITH_FILES = (
    "pages.compare_lists",
    "pages.compare_minutes",
    "pages.compare_open",
    "pages.photo_add",
    "pages.calendar_preview",
    "pages.roster_preview",
    "pages.roster_write",
)
FORM_LIMIT = (
    256 * 1024
)  # bytes of a form without files: far more than is taken, so that a form with too many words comes back with them
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Outside(Exception):
    """Asked for what does not exist or lies outside the person's scope: one and the same answer (faults 37)."""

    def __init__(self, subject: str) -> None:
        super().__init__(subject)
        self.subject = subject[:80]


def install(app: Flask, bot: Bot, https: bool) -> None:
    """Session, headers, limits and error pages of the application."""
    app.extensions["kongchuo"] = bot
    app.extensions["kongchuo_kept"] = Kept()
    keys = [_session_key(key, bot.store.county) for key in bot.settings.data_keys] or [secrets.token_bytes(32)]
    app.secret_key = keys[0]
    app.config.update(
        SECRET_KEY_FALLBACKS=keys[1:],
        SESSION_COOKIE_NAME="__Secure-kongchuo" if https else "kongchuo",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/m",
        PERMANENT_SESSION_LIFETIME=LIFETIME,
        SESSION_REFRESH_EACH_REQUEST=False,
    )

    pace = Pace(functools.partial(_asked, bot))

    @app.before_request
    def guard() -> None:
        if request.path.startswith("/m/"):
            _keep_pace(pace)
            _limit_and_check_form()

    @app.after_request
    def protect(response: Response) -> Response:
        if request.path.startswith("/m/"):
            _protect(response, https)
            bot.metrics.page(response.status_code)
        return response

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> ResponseReturnValue:
        return error_page(error.code or 500) if request.path.startswith("/m/") else error

    @app.errorhandler(Exception)
    def failed(error: Exception) -> ResponseReturnValue:
        """A fault of ours: logged by its kind and place alone, for its words may hold a child's name (faults 39)."""
        if not request.path.startswith("/m/"):
            raise error
        last = traceback.extract_tb(error.__traceback__)[-1]
        log.error("failed", why=type(error).__name__, where=f"{last.filename}:{last.lineno}", page=request.endpoint)
        return error_page(500)

    @app.errorhandler(Unavailable)
    def unavailable(error: Unavailable) -> ResponseReturnValue:
        if request.path.startswith("/m/"):
            return error_page(503)
        raise error


def _keep_pace(pace: Pace) -> None:
    """Too many requests of one person or one address are turned away before anything is read (faults 38)."""
    if request.endpoint == "pages.static":
        return
    person, address = session.get("person"), request.remote_addr or "?"
    own = pace.allows(f"person:{person}", PER_PERSON) if person else pace.allows(f"stranger:{address}", STRANGERS)
    if not (own and pace.allows(f"address:{address}", PER_ADDRESS)):
        abort(429)


def _asked(bot: Bot, key: str, minute: int, many: int) -> int:
    """Count over all processes; while the database is away each counts for itself."""
    try:
        with bot.store.begin(bot.now(), together=True) as work:
            return work.paces.add(key, minute, many)
    except Unavailable:
        return 0


def from_where() -> str:
    """The place of a line in the trail: the page's visitor's address."""
    return f"page {request.remote_addr or '?'}"[:80]


def _session_key(data_key: bytes, county: str) -> bytes:
    """The key that signs sessions, derived from the data key so that all processes agree without another setting."""
    return HKDF(SHA256(), 32, salt=None, info=f"kongchuo session/{county}".encode()).derive(data_key)


def _limit_and_check_form() -> None:
    large = request.endpoint in WITH_FILES and "person" in session
    request.max_content_length = 24 * 1024 * 1024 if large else FORM_LIMIT
    if request.method in ("GET", "HEAD"):
        return
    given = request.form.get("csrf", "")
    if not hmac.compare_digest(given.encode(), str(session.get("csrf", "")).encode()) or not given:
        abort(400, "csrf")


def _protect(response: Response, https: bool) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint == "pages.static" and response.status_code in (200, 304):
        response.headers["Cache-Control"] = "public, max-age=604800"
    else:
        response.headers.setdefault("Cache-Control", "no-store")


def here() -> Bot:
    """The running program behind this request."""
    return cast("Bot", current_app.extensions["kongchuo"])


def kept() -> Kept:
    """Figures made lately by this process."""
    return cast(Kept, current_app.extensions["kongchuo_kept"])


def storage_of(desk: Desk) -> Work:
    """The unit of work as what it is: pages read more of the storage than the chat's handlers know of."""
    return cast(Work, desk.work)


def note(did: str, subject: str, **detail: Any) -> None:
    """Have this look noted in the audit trail before the page is handed out."""
    g.setdefault("notes", []).append((did, subject, detail))


def reads(page: str) -> Callable[[View], View]:
    """A view of a page of ``casework.access.PAGES`` that only reads."""
    assert page in PAGES, page

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def shown(**values: Any) -> ResponseReturnValue:
            bot = here()
            with bot.store.look(bot.now()) as work:
                desk = _desk(work, "")
                if desk is None:
                    return _to_login()
                response = _run(view, desk, page, values)
            _keep_notes(bot, desk.writer.id)
            return response

        return shown

    return wrap


def asks(page: str) -> Callable[[View], View]:
    """A view that opens the database by itself, piece by piece: who is asking is looked up first, and nothing is held open."""
    assert page in PAGES, page

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def done(**values: Any) -> ResponseReturnValue:
            bot = here()
            with bot.store.look(bot.now()) as work:
                desk = _desk(work, "")
                if desk is None:
                    return _to_login()
                refused = _run(lambda desk: "", desk, page, {})
            response = refused or _run(view, desk, page, values)
            _keep_notes(bot, desk.writer.id)
            return response

        return done

    return wrap


def writes(page: str) -> Callable[[View], View]:
    """A form of such a page: the view runs in one transaction, which is rolled back when it answers with an error."""
    assert page in PAGES, page

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def done(**values: Any) -> ResponseReturnValue:
            bot = here()
            once = request.form.get("once", "")[:60] or once_token()
            with bot.store.begin(bot.now(), cause=f"page:{once}") as work:
                desk = _desk(work, f"page:{once}")
                if desk is None:
                    return _to_login()
                response = _run(view, desk, page, values)
            _keep_notes(bot, desk.writer.id)
            return response

        return done

    return wrap


def _run(view: View, desk: Desk, page: str, values: dict[str, Any]) -> ResponseReturnValue:
    g.desk = desk
    try:
        if not desk.reader.opens(page):
            note("refused", f"page:{request.endpoint}")
            return error_page(403)
        return view(desk, **values)
    except Outside as outside:
        note("refused", outside.subject)
        return error_page(404)


def _desk(work: Work, source: str) -> Desk | None:
    """The desk of whoever is logged in; the session ends with the post (checked on each request)."""
    person = session.get("person")
    desk = desk_for(work, str(person), source) if person else None
    if desk is None:
        session.pop("person", None)
    return desk


def _to_login() -> ResponseReturnValue:
    target = request.full_path.rstrip("?") if request.method == "GET" else "/m/todo"
    return redirect(url_for("pages.login", next=target), 303)


def _keep_notes(bot: Bot, person: str) -> None:
    notes = g.pop("notes", [])
    if not notes:
        return
    with bot.store.begin(bot.now()) as work:
        for did, subject, detail in notes:
            work.audit.note(person, did, subject, from_where(), detail)
