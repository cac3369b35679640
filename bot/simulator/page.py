"""The chat page and the data behind it: choose a person, type, tap, turn the clock, break things."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.simulator.examples import examples_for
from bot.simulator.faults import KINDS
from bot.simulator.hands import Simulator
from bot.simulator.state import Member

CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
CLOCK = (("hour", "后1小时"), ("day", "后1天"), ("school_day", "下一个上学日"), ("25th", "到25日"))
CLOCK_SECONDS = 120  # turning the clock by weeks plays every reminder between
AMR = b"#!AMR\n" + bytes(32)
COOKIE = "sim_user"


@dataclass(frozen=True, slots=True)
class Look:
    """What the page is told: its title, the address of the bot's clock, sentences by role."""

    title: str
    clock_url: str
    examples: Mapping[str, Sequence[str]]


def blueprint(simulator: Simulator, look: Look) -> Blueprint:
    """The page, its data under ``/_sim/``, and the login page of OAuth."""
    routes = Blueprint("page", __name__)
    _add_page(routes, simulator, look)
    _add_actions(routes, simulator)
    _add_switches(routes, simulator, look)
    routes.before_request(_only_the_page)
    routes.after_request(_harden)
    return routes


def _only_the_page() -> None:
    """Another site cannot set this header, so it cannot act here."""
    if request.method == "POST" and request.headers.get("X-Sim") != "1":
        abort(403)


def _harden(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _add_page(routes: Blueprint, simulator: Simulator, look: Look) -> None:
    state = simulator.state

    @routes.get("/")
    def chat() -> str:
        units: dict[str, list[Member]] = {}
        for member in state.members.values():
            units.setdefault(member.group, []).append(member)
        sentences = {member.userid: examples_for(member, look.examples) for member in state.members.values()}
        clock = CLOCK if look.clock_url else ()
        return render_template(
            "chat.html", title=look.title, units=units, examples=sentences, faults=KINDS, clock=clock
        )

    @routes.get("/_sim/feed")
    def feed() -> Response:
        """What is new for one member since a version, and who has unread messages."""
        userid, after = request.args.get("user", ""), request.args.get("after", 0, type=int)
        with state.lock:
            if userid in {member.userid for member in state.members.values()} and "look" in request.args:
                state.read[userid] = state.version
            return jsonify(
                version=state.version, lines=[line.shown() for line in state.of(userid, after)],
                unread=state.unread(), now=state.now_shown, menu=state.menu, faults=simulator.faults.shown(),
                warnings=state.warnings[-5:], dropped=sum(state.dropped.values()),
            )  # fmt: skip

    @routes.get("/_sim/media/<media_id>")
    def media(media_id: str) -> Response:
        kept = state.media.get(media_id)
        if kept is None:
            abort(404)
        shown = {"image": "image/png" if kept[2].startswith(b"\x89PNG") else "image/jpeg"}
        kind = shown.get(kept[0], "application/octet-stream")
        name = {"filename*": f"UTF-8''{urlencode({'': kept[1]})[1:]}"}
        response = Response(kept[2], content_type=kind)
        if kept[0] != "image":
            response.headers.set("Content-Disposition", "attachment", **name)
        return response

    @routes.get("/connect/oauth2/authorize")
    def authorize() -> AnyResponse:
        """The login page: whoever the chat page shows is logged in without a question."""
        target, state_given = request.args.get("redirect_uri", ""), request.args.get("state", "")
        userid = request.cookies.get(COOKIE, "")
        if urlsplit(target).scheme not in ("http", "https") or state.member(userid) is None:
            return Response("请先在模拟器页面上选一个人。", 403, content_type="text/plain; charset=utf-8")
        query = urlencode({"code": state.new_login(userid), "state": state_given})
        return redirect(f"{target}{'&' if '?' in target else '?'}{query}")


def _add_actions(routes: Blueprint, simulator: Simulator) -> None:
    def act(do: Callable[[str, Mapping[str, Any]], object]) -> Response:
        given = request.get_json(silent=True) or {}
        member = simulator.state.member(str(given.get("user", "")))
        if member is None:
            abort(404)
        do(member.userid, given)
        return jsonify(ok=True)

    @routes.post("/_sim/say")
    def say() -> Response:
        return act(lambda user, given: simulator.say(user, str(given.get("text", ""))[:4000]))

    @routes.post("/_sim/press")
    def press() -> Response:
        selected = (request.get_json(silent=True) or {}).get("selected") or {}
        chosen = {str(key): [str(value) for value in values] for key, values in selected.items()}
        try:
            return act(lambda user, given: simulator.press(user, str(given["key"]), chosen, int(given["line"])))
        except LookupError:
            return jsonify(ok=False)

    @routes.post("/_sim/menu")
    def menu() -> Response:
        return act(lambda user, given: simulator.click_menu(user, str(given.get("key", ""))))

    @routes.post("/_sim/enter")
    def enter() -> Response:
        return act(lambda user, given: simulator.enter(user))

    @routes.post("/_sim/voice")
    def voice() -> Response:
        return act(lambda user, given: simulator.send_media(user, "voice", AMR, "voice.amr"))

    @routes.post("/_sim/location")
    def location() -> Response:
        return act(lambda user, given: simulator.send_location(user, "村委会"))

    @routes.post("/_sim/file")
    def file() -> Response:
        member, upload = simulator.state.member(request.form.get("user", "")), request.files.get("file")
        if member is None or upload is None:
            abort(404)
        kind = "image" if (upload.mimetype or "").startswith("image/") else "file"
        simulator.send_media(member.userid, kind, upload.read(), upload.filename or "photo.jpg")
        return jsonify(ok=True)


def _add_switches(routes: Blueprint, simulator: Simulator, look: Look) -> None:
    faults, state = simulator.faults, simulator.state

    @routes.get("/_sim/faults")
    def shown() -> Response:
        return jsonify({name: {"title": kind.title, "on": name in faults.shown()} for name, kind in KINDS.items()})

    @routes.post("/_sim/faults")
    def switch() -> Response:
        """``{"name", "times", "path", "errcode", "seconds"}`` as ``Faults.switch`` has them, or ``{"clear": true}``."""
        given = request.get_json(silent=True) or {}
        if given.get("clear"):
            faults.clear()
            return jsonify(faults.shown())
        name, times, errcode = str(given.get("name", "")), given.get("times"), given.get("errcode")
        if name not in KINDS or not isinstance(times, int | None) or not isinstance(errcode, int | None):
            abort(400)
        faults.switch(name, times, str(given.get("path", "")), errcode, float(given.get("seconds", 12)))
        return jsonify(faults.shown())

    @routes.route("/_sim/clock", methods=["GET", "POST"])
    def clock() -> Response:
        """Read or turn the bot's clock. Real time counts for tokens and limits all the same."""
        if not look.clock_url:
            abort(404)
        to = (request.get_json(silent=True) or {}).get("to") if request.method == "POST" else None
        if request.method == "POST" and to not in dict(CLOCK):
            abort(400)
        with requests.Session() as session:
            session.trust_env = False
            try:
                answer = (
                    session.post(look.clock_url, json={"to": to}, timeout=CLOCK_SECONDS)
                    if to else session.get(look.clock_url, timeout=5)
                )  # fmt: skip
                state.now_shown = str(answer.json()["now"])
            except (requests.RequestException, ValueError, KeyError, TypeError):
                return jsonify(now=state.now_shown, ok=False)
        return jsonify(now=state.now_shown, ok=answer.ok, at=time.time())
