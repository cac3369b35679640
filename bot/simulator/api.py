"""``/cgi-bin/``: the API as the bot calls it, with tokens, limits, formats and faults."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, request

from bot.simulator.checks import INTERACTIVE, ApiError, check_card, check_menu, need, table, text, too_long, words_of
from bot.simulator.faults import KINDS, Faults, Switch
from bot.simulator.state import Line, State

PIECE = 20 * 1024 * 1024
MEDIA = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "file": 20 << 20}
MAGIC = {"image": (b"\xff\xd8\xff", b"\x89PNG"), "voice": (b"#!AMR",), "video": (b"",), "file": (b"",)}
ESCAPE = re.compile(rb"\\u[0-9a-fA-F]{4}")
CODE_FAULTS = [name for name, kind in KINDS.items() if kind.errcode and name not in ("expired_token", "revoked_secret")]


@dataclass(frozen=True, slots=True)
class App:
    """The app that the bot is: what it must know to be let in."""

    corp: str
    agent: int
    secret: str


Call = Callable[[], dict[str, Any] | Response]


class Api:
    """The calls, each a method that returns its JSON or raises ``ApiError``."""

    def __init__(self, app: App, state: State, faults: Faults) -> None:
        self.app, self.state, self.faults = app, state, faults

    def gettoken(self) -> dict[str, Any]:
        corp, secret = request.args.get("corpid", ""), request.args.get("corpsecret", "")
        need(corp, 41002, "corpid missing")
        need(secret, 41004, "corpsecret missing")
        need(corp == self.app.corp, 40013, "invalid corpid")
        revoked = self.faults.take("revoked_secret")
        need(secrets.compare_digest(secret, self.app.secret) and not revoked, 40001, "invalid credential")
        return {"access_token": self.state.new_token(), "expires_in": 7200}

    def send(self) -> dict[str, Any]:
        body = self._json()
        need(body.get("agentid") == self.app.agent, 40056, "invalid agentid")
        key = hashlib.sha256(request.get_data()).hexdigest()
        with self.state.lock:
            until, earlier = self.state.duplicates.get(key, (0.0, {}))
            if body.get("enable_duplicate_check") and until > self.state.clock():
                return earlier
            answer = self._deliver(body)
            if body.get("enable_duplicate_check"):
                interval = body.get("duplicate_check_interval", 1800)
                need(isinstance(interval, int) and 0 < interval <= 14400, 40058, "duplicate_check_interval")
                self.state.duplicates[key] = (self.state.clock() + interval, answer)
        return answer

    def _deliver(self, body: Mapping[str, Any]) -> dict[str, Any]:
        good, invalid = self._receivers(body)
        kind = text(body.get("msgtype"), "msgtype")
        shown, card = self._content(kind, body)
        unlicensed = [userid for userid in good if self.state.members[userid].unlicensed]
        msgid = f"sim-{self.state.number()}"
        lines: list[int] = []
        for userid in good:
            if userid not in unlicensed and self.state.may_receive(userid):
                live = bool(card and card["card_type"] in INTERACTIVE)
                member = self.state.members[userid].userid
                line = self.state.add(
                    member, "bot", "card" if card else kind, shown, card=card, pushed=True, msgid=msgid, live=live
                )
                lines.append(line.id)
        answer = {"msgid": msgid, "invaliduser": "|".join(invalid), "unlicenseduser": "|".join(unlicensed)}
        if card and (card["card_type"] in INTERACTIVE or card.get("action_menu")):
            self.state.tasks.add(card["task_id"])
            answer["response_code"] = self.state.new_code(lines)
        return answer

    def _receivers(self, body: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        """Known and unknown receivers, in lower case."""
        given = text(body.get("touser"), "touser")
        need(given or body.get("toparty") or body.get("totag"), 81012, "no receiver")
        if given == "@all":
            return list(self.state.members), []
        names = [name for name in given.lower().split("|") if name]
        need(len(names) <= 1000, 40032, "more than 1000 users")
        names = list(dict.fromkeys(names))
        good = [name for name in names if name in self.state.members]
        need(good, 81013, "user & party & tag all invalid")
        return good, [name for name in names if name not in good]

    def _content(self, kind: str, body: Mapping[str, Any]) -> tuple[str, dict[str, Any] | None]:
        """What the phone shows: words, and the card if it is one."""
        content = table(body.get(kind) or {}, kind)
        if kind != "template_card":
            return words_of(kind, content, self.state.media), None
        check_card(content, self.state.members)
        fresh = "task_id" not in content or content["task_id"] not in self.state.tasks
        need(fresh, 42014, "task_id used before")
        self._warn(content)
        return str(table(content.get("main_title") or {}, "main_title").get("title", "")), dict(content)

    def _warn(self, card: Mapping[str, Any]) -> None:
        self.state.warnings += too_long(card)

    def update_card(self) -> dict[str, Any]:
        body = self._json()
        need(body.get("agentid") == self.app.agent, 42015, "agentid")
        with self.state.lock:
            code = self.state.codes.get(text(body.get("response_code"), "response_code"))
            need(code and not code.used and code.expires > self.state.clock(), 40058, "invalid response_code")
            assert code is not None
            users = body.get("userids") or []
            need(body.get("atall") or (isinstance(users, list) and 0 < len(users) <= 1000), 40063, "userids")
            wanted = {str(user).lower() for user in users}
            change = self._change(body)
            code.used = True
            for number in code.lines:
                line = self.state.lines[number]
                if body.get("atall") or line.userid.lower() in wanted:
                    replace_card(self.state, line, change)
        return {"invaliduser": [user for user in users if str(user).lower() not in self.state.members]}

    def _change(self, body: Mapping[str, Any]) -> dict[str, Any] | str:
        """The new card, or the words that grey the buttons."""
        if body.get("template_card"):
            card = dict(table(body["template_card"], "template_card"))
            check_card({"task_id": "update", **card}, self.state.members)
            self._warn(card)
            return card
        name = text(table(body.get("button") or {}, "button").get("replace_name"), "replace_name")
        need(name, 42020, "replace_name")
        return name

    def recall(self) -> dict[str, Any]:
        msgid = text(self._json().get("msgid"), "msgid")
        with self.state.lock:
            lines = [line for line in self.state.lines.values() if line.msgid == msgid]
            need(msgid and lines, 40058, "invalid msgid")
            for line in lines:
                line.kind, line.text, line.card, line.live = "recalled", "对方撤回了一条消息", None, False
                self.state.touch(line)
        return {}

    def upload(self) -> dict[str, Any]:
        kind = request.args.get("type", "")
        need(kind in MEDIA, 40005, "type")
        file = request.files.get("media")
        need(file is not None and file.filename, 44001, "empty media data")
        assert file is not None
        content = file.read()
        need(len(content) > 5, 44001, "empty media data")
        need(len(content) <= MEDIA[kind], 45001, "media too big")
        need(content.startswith(MAGIC[kind]), 40004, "media type")
        media_id = self.state.keep(kind, str(file.filename), content)
        return {"type": kind, "media_id": media_id, "created_at": str(int(time.time()))}

    def download(self) -> dict[str, Any] | Response:
        kept = self.state.media.get(request.args.get("media_id", ""))
        need(kept, 40007, "invalid media_id")
        assert kept is not None
        kind, name, content = kept
        span = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers.get("Range", ""))
        need(span or len(content) <= PIECE, 830002, "file too big, use Range")
        headers = {"Content-Disposition": f'attachment; filename="{name.encode("ascii", "replace").decode()}"'}
        if span is None:
            return Response(content, headers=headers, content_type=_content_type(kind, content))
        begin, end = int(span[1]), min(int(span[2]), len(content) - 1)
        need(begin <= end < begin + PIECE, 830002, "Range too big")
        headers["Content-Range"] = f"bytes {begin}-{end}/{len(content)}"
        return Response(content[begin : end + 1], 206, headers, content_type=_content_type(kind, content))

    def create_menu(self) -> dict[str, Any]:
        need(request.args.get("agentid") == str(self.app.agent), 40056, "invalid agentid")
        self.state.menu = check_menu(self._json())
        return {}

    def user_info(self) -> dict[str, Any]:
        code = request.args.get("code", "")
        with self.state.lock:
            userid, until, used = self.state.logins.get(code, ("", 0.0, False))
            need(userid, 40029, "invalid code")
            need(not used, 42022, "code been used")
            need(until > self.state.clock(), 42003, "code expired")
            self.state.logins[code] = (userid, until, True)
        return {"userid": userid}

    def callback_ips(self) -> dict[str, Any]:
        return {"ip_list": ["127.0.0.1"]}

    def _json(self) -> Mapping[str, Any]:
        raw = request.get_data()
        need(not ESCAPE.search(raw), 40033, "invalid charset, no \\uxxxx")
        try:
            body = json.loads(raw)
        except ValueError:
            raise ApiError(40058, "Warning: wrong json format.") from None
        return table(body, "body")


def replace_card(state: State, line: Line, change: dict[str, Any] | str) -> None:
    """Put a new card in the place of a line's, or grey its buttons with a text."""
    with state.lock:
        if isinstance(change, str):
            line.card = {**(line.card or {}), "replace_text": change}
        else:
            line.card = change
        interactive = line.card.get("card_type") in INTERACTIVE
        line.live = interactive and not line.card.get("replace_text")
        line.text = str(table(line.card.get("main_title") or {}, "main_title").get("title", ""))
        state.touch(line)


def blueprint(api: Api) -> Blueprint:
    """The routes, each behind the token check and the switchboard."""
    routes = Blueprint("cgi", __name__, url_prefix="/cgi-bin")
    for path, method, call in (
        ("gettoken", "GET", api.gettoken),
        ("getcallbackip", "GET", api.callback_ips),
        ("message/send", "POST", api.send),
        ("message/update_template_card", "POST", api.update_card),
        ("message/recall", "POST", api.recall),
        ("media/upload", "POST", api.upload),
        ("media/get", "GET", api.download),
        ("menu/create", "POST", api.create_menu),
        ("auth/getuserinfo", "GET", api.user_info),
    ):
        routes.add_url_rule(f"/{path}", path.replace("/", "_"), _guarded(api, path, call), methods=[method])
    return routes


def _guarded(api: Api, path: str, call: Call) -> Callable[[], Response]:
    def view() -> Response:
        api.state.calls[path] += 1
        broken = _broken(api.faults, path)
        if broken is not None:
            return broken
        try:
            if path != "gettoken":
                _check_token(api)
            _raise_fault(api.faults, path)
            answer = call()
        except ApiError as error:
            answer = {"errcode": error.code, "errmsg": f"{error.hint}, hint: [sim], from ip: {request.remote_addr}"}
        if isinstance(answer, Response):
            return answer
        if api.faults.take("lost", path):
            return Response("", 504)
        return jsonify({"errcode": 0, "errmsg": "ok", **answer})

    return view


def _check_token(api: Api) -> None:
    token = request.args.get("access_token", "")
    need(token, 41001, "access_token missing")
    need(token in api.state.tokens, 40014, "invalid access_token")
    if api.faults.take("expired_token"):
        api.state.kill_tokens()
    need(api.state.tokens[token] > api.state.clock(), 42001, "access_token expired")


def _raise_fault(faults: Faults, path: str) -> None:
    """Answer with a code where the switchboard says so."""
    for name in [*CODE_FAULTS, "errcode"]:
        switch = faults.take(name, path)
        if switch and switch.errcode is not None:
            raise ApiError(switch.errcode, "switched on")


def _broken(faults: Faults, path: str) -> Response | None:
    """An answer that is none, where the switchboard says so."""
    for name in ("timeout", "http_502", "html", "truncated"):
        switch: Switch | None = faults.take(name, path)
        if switch is None:
            continue
        if name == "timeout":
            time.sleep(switch.seconds)
        bodies = {"html": "<html><body>502 Bad Gateway</body></html>", "truncated": '{"errcode":0,"errm'}
        status = 502 if name in ("http_502", "timeout") else 200
        return Response(bodies.get(name, ""), status, content_type="text/html")
    return None


def _content_type(kind: str, content: bytes) -> str:
    if kind == "image":
        return "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return {"voice": "voice/amr", "video": "video/mp4"}.get(kind, "application/octet-stream")
