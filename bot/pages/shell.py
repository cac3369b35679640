"""What all pages share: the frame, its menu by role, how days and states are said, and the pages of refusal."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from bot.pages import pictures
from casework.terms import (
    CHANNELS,
    GROUPS,
    LEAVES,
    LEDGERS,
    OUTCOMES,
    REASONS,
    ROLES,
    RULES,
    STATES,
    UNIT_KINDS,
    clause_name,
    say_clause,
    say_dated,
    say_day,
    say_month,
)  # fmt: skip
from handlers.desk import Desk
from handlers.naming import NO_SCHOOL, standing
from handlers.places import place_name
from handlers.together import wanting
from handlers.wording import say_fact

MENU = {
    "todo": "待办", "pending": "待劝返", "roll": "点名", "report": "月报", "county": "看板", "ledgers": "台账",
    "lists": "名单", "compare": "比对", "settings": "设置",
}  # fmt: skip
"""The pages of the menu; who has which is in ``casework.access``."""
UNDER = {"lists": ("/m/work", "/m/arrivals", "/m/numbers"), "county": ("/m/rates",)}
"""Addresses that are reached from a page of the menu and do not begin like it."""
ERRORS = {
    400: ("这张表单过期了", "没有保存。请重新打开这张表单，再填一次。"),
    403: ("这一页不在您的职责里", "如需查看，请联系学校控辍专干或县教育局管理员。"),
    404: ("没有找到", "地址不对，或者这项内容不在您负责的范围里。"),
    405: ("不能这样打开", "请从“我的待办”重新进入。"),
    413: ("内容太多", "没有保存。文件每份不超过20兆，太大请分成几份；文字请删短，每一栏最多2000字。"),
    429: ("您操作得太快了", "请稍等一分钟再试。"),
    502: ("登录没有成功", "企业微信没有回应，请稍后再试。"),
    503: ("系统正忙", "没有保存任何内容，请过几秒再试一次。"),
}

EXPIRED = ("登录过期了", "刚才填的没有保存。请重新登录，会回到这张表单，再填一次。")


def blueprint(folder: Path) -> Blueprint:
    """The blueprint of all pages with its templates, static files and the words that templates use."""
    routes = Blueprint(
        "pages", __name__, url_prefix="/m", root_path=str(folder), template_folder="templates", static_folder="static"
    )
    versions = {path.name: _short_hash(path) for path in (folder / "static").glob("*.*")}

    @routes.app_context_processor
    def words() -> dict[str, Any]:
        return _words(versions)

    return routes


def _short_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def _words(versions: dict[str, str]) -> dict[str, Any]:
    desk: Desk | None = g.get("desk")
    today = desk.today if desk else dt.date.min
    return {
        "desk": desk,
        "today": today,
        "menu": menu_of(desk),
        "csrf_token": csrf_token,
        "once_token": once_token,
        "who_token": who_token,
        "pictures": pictures,
        "asset": lambda name: url_for("pages.static", filename=name, v=versions[name]),
        "say_day": lambda day, near=True: say_day(day, today if near else None) if day else "",
        "say_dated": say_dated,
        "say_moment": lambda at: f"{at:%-m月%-d日 %H:%M}",
        "say_month": say_month,
        "counted": lambda pupil, case: desk.counted(pupil, case) if desk else case,
        "standing": lambda case, pupil, told=(): standing(desk, pupil, case, told) if desk else "",
        "here_again": here_again,
        "wanting": wanting,
        "unplaced": lambda case, pupil: case.state == "left" and pupil.class_id is None,
        "say_fact": lambda fact: say_fact(fact, today),
        "place_name": lambda unit: place_name(desk.world.directory, unit) if desk else "",
        "terms": {
            "states": STATES, "ledgers": LEDGERS, "roles": ROLES, "outcomes": OUTCOMES, "reasons": REASONS,
            "groups": GROUPS, "rules": RULES, "channels": CHANNELS, "leaves": LEAVES, "kinds": UNIT_KINDS,
        },
        "groups_seen": {code: word for code, word in GROUPS.items() if desk and desk.reader.sees_group(code)},
        "no_school": NO_SCHOOL,
        "say_clause": say_clause,
        "clause_name": clause_name,
    }  # fmt: skip


def here_again() -> str:
    """The address at which the page that answers this form can be opened anew: its own, with what a form's own address says
    of it (a roll call its class and day), or the one above it."""
    adapter = current_app.url_map.bind("")
    path = request.path
    if not adapter.test(path, "GET"):
        return path.rpartition("/")[0]
    return f"{path}?{request.query_string.decode('ascii', 'replace')}" if request.query_string else path


def csrf_token() -> str:
    """The token that every form of this session carries."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def who_token() -> str:
    """Tells a page's own script whether the same person is here as before, and nobody else who that is."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"who:{session.get('person', '')}".encode(), hashlib.sha256).hexdigest()[:16]


def once_token() -> str:
    """A new token for one form: sent twice, the form is taken in once."""
    return secrets.token_urlsafe(18)


def menu_of(desk: Desk | None) -> list[tuple[str, str, bool]]:
    """Address, title and whether it is the present one, of the pages that this person has."""
    if desk is None:
        return []
    return [
        (path := url_for(f"pages.{page}"), title, _is_under(path, *UNDER.get(page, ())))
        for page, title in MENU.items()
        if desk.reader.opens(page)
    ]


def _is_under(*paths: str) -> bool:
    return any(f"{request.path}/".startswith(f"{path}/") for path in paths)


def error_page(code: int) -> ResponseReturnValue:
    """The page of a refusal or fault, in plain words; it says nothing about what was asked for."""
    inside, expired = bool(session.get("person")), code == 400 and request.method == "POST"
    title, hint = ERRORS.get(code, ("出错了", "系统没有处理成功，没有保存任何内容。请稍后再试，仍不行请联系管理员。"))
    if expired and not inside:
        title, hint = EXPIRED
    back = here_again() if expired else ""
    return render_template("m/error.html", title=title, hint=hint, inside=inside, expired=expired, back=back), code


def said_page(title: str, text: str, links: Iterable[tuple[str, str]]) -> str:
    """What was done, in words, and where to go next."""
    return render_template("m/said.html", title=title, text=text, links=list(links), question=None, undo="")


def to_search(endpoint: str, filters: Iterable[str]) -> ResponseReturnValue:
    """To the list that a search form asks for. What was searched stays in the session; the other filters go along.

    A name does not stand in an address, which proxies write down and histories keep (个人信息保护法 art. 6).
    """
    words = request.form.get("q", "").strip()[:40]
    session["searched"] = words
    asked: dict[str, Any] = {name: request.form[name] for name in filters if request.form.get(name)}
    return redirect(url_for(endpoint, **asked, searched="1" if words else None), 303)


def searched() -> str:
    """The words of the search that this address is a result of; empty when it is none."""
    return str(session.get("searched", "")) if request.args.get("searched") == "1" else ""


def page_number(name: str = "page") -> int:
    """The page asked for, from 1 on."""
    raw = request.args.get(name, "1")
    return min(int(raw), 100_000) if raw.isascii() and raw.isdigit() and int(raw) else 1
