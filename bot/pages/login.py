"""Login by WeChat Work: OAuth inside its browser, the QR code on a desk, a chooser in the demo.

Addresses: wecom/README section 3 (OAuth2, path/91022) and 网页登录 (path/98152). ``state`` is random, lives ten
minutes in the signed session, is compared in constant time and taken in once; so is the code's use.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from bot.desks import desk_for
from bot.pages.door import from_where, here
from bot.pages.shell import error_page
from bot.wecom.errors import WecomError
from casework.people import Person
from casework.terms import ROLES
from handlers.places import place_name
from handlers.wording import NOT_REGISTERED

WAIT = 600  # seconds from the way out to WeChat Work until the way back
PRODUCTION = "qyapi.weixin.qq.com"
PHONE = "sim_user"
"""The demo's cookie that says whose phone the chat page shows; both stand on one host, so the pages are sent it too."""


def add(routes: Blueprint, demo: bool) -> None:
    """The addresses of logging in and out."""
    routes.add_url_rule("/login", "login", choose if demo else start)
    routes.add_url_rule("/login/back", "login_back", back)
    routes.add_url_rule("/logout", "logout", leave, methods=["POST"])
    if demo:
        routes.add_url_rule("/login/as", "login_as", enter_as, methods=["POST"])
        routes.before_request(follow_the_phone)


def start() -> ResponseReturnValue:
    """Off to WeChat Work."""
    state = secrets.token_hex(16)
    session["login"] = {"state": state, "next": local_path(request.args.get("next")), "at": _real_seconds()}
    return redirect(authorize_address(state, "wxwork" in request.headers.get("User-Agent", "").lower()), 303)


def authorize_address(state: str, inside: bool) -> str:
    """Where WeChat Work says who this is: silently inside its own browser, by a QR code elsewhere."""
    settings = here().settings
    base = settings.public_url.rstrip("/") or request.host_url.rstrip("/")
    target = base + url_for("pages.login_back")
    api = urlsplit(settings.wecom_api)
    if inside or api.hostname != PRODUCTION:
        query = urlencode(
            {
                "appid": settings.corp_id, "redirect_uri": target, "response_type": "code", "scope": "snsapi_base",
                "state": state, "agentid": settings.agent_id,
            }
        )  # fmt: skip
        host = "open.weixin.qq.com" if api.hostname == PRODUCTION else api.netloc
        return urlunsplit((api.scheme, host, "/connect/oauth2/authorize", query, "wechat_redirect"))
    query = urlencode(
        {
            "login_type": "CorpApp", "appid": settings.corp_id, "agentid": settings.agent_id,
            "redirect_uri": target, "state": state,
        }
    )  # fmt: skip
    return f"https://login.work.weixin.qq.com/wwlogin/sso/login?{query}"


def back() -> ResponseReturnValue:
    """Back from WeChat Work with a code: who is it, and are they on the staff?"""
    login = session.pop("login", None) or {}
    state, code = request.args.get("state", ""), request.args.get("code", "")
    fresh = 0 <= _real_seconds() - int(login.get("at", 0)) < WAIT
    known = hmac.compare_digest(state.encode(), str(login.get("state", "")).encode())
    if not (state and code and fresh and known) or len(code) > 512 or not _first_use(state):
        return error_page(400)
    try:
        userid = here().client.user_of(code)
    except WecomError:
        return error_page(502)
    return _enter(userid or "", str(login["next"]))


def _first_use(state: str) -> bool:
    """Whether no process has seen this state come back before."""
    bot = here()
    key = f"login:{hashlib.sha256(state.encode()).hexdigest()[:40]}"
    with bot.store.begin(bot.now()) as work:
        new = work.inbox.take_in(key, "", "", bot.real()).new
        if new:
            work.inbox.answer(key, None)
        return new


def _enter(userid: str, target: str) -> ResponseReturnValue:
    bot = here()
    with bot.store.begin(bot.now()) as work:
        desk = desk_for(work, userid, "") if userid else None
        work.audit.note(userid[:64] or "-", "login" if desk else "refused", "page:login", from_where())
    session.clear()
    if desk is None:
        return render_template("m/error.html", title="不能登录", hint=NOT_REGISTERED, inside=False), 403
    session.permanent = True
    session["person"] = desk.writer.id
    return redirect(target, 303)


def leave() -> ResponseReturnValue:
    """Log out."""
    session.clear()
    return redirect(url_for("pages.login"), 303)


def choose() -> ResponseReturnValue:
    """The demo's chooser: everyone on the staff, by role."""
    bot = here()
    with bot.store.look(bot.now()) as work:
        directory, today = work.world.directory, work.now.date()
        people = [p for p in work.people.everyone() if p.active]
        by_role: dict[str, list[tuple[Person, str]]] = {title: [] for title in ROLES.values()}
        for person in people:
            for post in directory.posts_of(person.id, today)[:1]:
                by_role[ROLES[post.role]].append((person, place_name(directory, post.unit)))
    target = local_path(request.args.get("next"))
    return render_template("m/login.html", by_role=by_role, target=target)


def enter_as() -> ResponseReturnValue:
    """The demo's login: whoever was chosen."""
    person = request.form.get("person", "")
    if not person:
        abort(400)
    entered = _enter(person, local_path(request.form.get("next")))
    session["phone"] = request.cookies.get(
        PHONE, ""
    )  # who chose somebody else keeps them until another phone is taken up
    return entered


def follow_the_phone() -> ResponseReturnValue | None:
    """In the demo a page is opened as whoever's phone is held, as WeChat Work would: not as who opened the last one."""
    phone = request.cookies.get(PHONE, "")
    at_door = request.endpoint in ("pages.login", "pages.login_as", "pages.static") or request.path.startswith("/m/d/")
    if request.method != "GET" or at_door or not phone or session.get("phone") == phone:
        return None
    bot = here()
    with bot.store.look(bot.now()) as work:
        if desk_for(work, phone, "") is None:
            return None
    entered = _enter(phone, local_path(request.full_path.rstrip("?")))
    session["phone"] = phone
    return entered


def local_path(target: str | None) -> str:
    """The page to go to after login: one of ours, never another site's."""
    fine = target is not None and target.startswith("/m/") and "\\" not in target and "//" not in target
    return target if fine and target is not None and target.isprintable() else "/m/todo"


def _real_seconds() -> int:
    return int(here().real().replace(tzinfo=dt.UTC).timestamp())
