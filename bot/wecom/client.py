"""Calls to WeChat Work through wechatpy's client, with what that leaves open closed (its defects 1 to 6).

One retry at most and only for a dead token, a time-out on every call, one token fetch at a time among all
processes, and one family of errors whose text never holds a token, a secret or a message's words.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from bot.wecom.errors import TABLE, Config, Permanent, Retry, TokenInvalid, WecomError
from bot.wecom.tokens import MemoryTokens, Token, TokenStore, key_of
from bot.wecom.transport import Wechat, answer, file_name, keep_secrets_out_of_logs, total_of, translated

DUPLICATE_CHECK = 14400  # seconds, the longest that WeChat Work takes (path/90236)
TIMEOUT = (3.05, 10.0)  # seconds to connect, to wait for bytes
EARLY = 120  # seconds before its end at which a token is renewed
REFUSED = 60  # seconds during which a refused secret or a refused fresh token is not tried anew
MEDIA_LIMITS = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "file": 20 << 20}  # bytes (path/96484)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sent:
    """A message was taken. ``invalid`` and ``unlicensed``: receivers, in lower case, who will not get it."""

    msgid: str
    response_code: str = ""
    invalid: tuple[str, ...] = ()
    unlicensed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Media:
    """A downloaded file; ``name`` as WeChat Work gives it, perhaps empty."""

    content: bytes
    kind: str
    name: str


class Client:
    """One app of one corporation. Safe for threads; share one among them.

    ``api``: the address that ends in ``/cgi-bin/``. ``clock``: real time in seconds; ``skew`` is told how far the
    clock of each answer is ahead of it. Every method raises
    ``Retry`` (with ``after`` seconds), ``Permanent``, ``Config`` or ``TokenInvalid`` from ``bot.wecom.errors``.
    """

    def __init__(
        self,
        corp: str,
        agent: int,
        secret: str,
        api: str,
        tokens: TokenStore | None = None,
        timeout: tuple[float, float] = TIMEOUT,
        clock: Callable[[], float] = time.time,
        skew: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        self.agent = agent
        self._wechat = Wechat(corp, secret, api, timeout)
        self._wechat.on_date(lambda there: skew(there - self._clock()))
        self._corp, self._secret, self._clock = corp, secret, clock
        self._tokens: TokenStore = tokens or MemoryTokens()
        self._key = key_of(corp, agent, secret)
        self._one_refresh = threading.Lock()
        self._refused: tuple[float, WecomError] | None = None  # until when gettoken need not be asked again, and why
        keep_secrets_out_of_logs()

    def send(self, message: Mapping[str, Any]) -> Sent:
        """Send a message made by ``bot.wecom.cards`` (path/90236).

        The same message gives the same bytes, and WeChat Work delivers equal bytes once within four hours; so a
        call whose answer was lost may simply be made again. Some receivers being wrong is no error, see ``Sent``.
        """
        once = {"enable_duplicate_check": 1, "duplicate_check_interval": DUPLICATE_CHECK}
        given = self._call("message/send", {**message, **once, "agentid": self.agent})
        return Sent(
            str(given.get("msgid", "")),
            str(given.get("response_code", "")),
            _names(given.get("invaliduser")),
            _names(given.get("unlicenseduser")),
        )

    def update_card(
        self, userids: Sequence[str], response_code: str, replace_name: str = "", card: Mapping[str, Any] | None = None
    ) -> None:
        """Grey the buttons of a card with ``replace_name``, or put ``card`` in its place (path/94888).

        Each response code works once, within 72 hours of the sending or the click that gave it.
        """
        change: dict[str, Any] = {"template_card": dict(card)} if card else {"button": {"replace_name": replace_name}}
        body = {"userids": list(userids), "agentid": self.agent, "response_code": response_code, **change}
        self._call("message/update_template_card", body)

    def recall(self, msgid: str) -> None:
        """Take a message back, within 24 hours (path/94867)."""
        self._call("message/recall", {"msgid": msgid})

    def create_menu(self, menu: Mapping[str, Any]) -> None:
        """Set the app's menu as ``bot.wecom.cards.menu`` makes it (path/90231)."""
        self._call("menu/create", menu, agentid=self.agent)

    def user_of(self, code: str) -> str | None:
        """The userid behind an OAuth code, which works once and for five minutes; ``None`` for one who is no member."""
        given = self._call("auth/getuserinfo", code=code)
        return str(given["userid"]) if given.get("userid") else None

    def callback_ips(self) -> tuple[str, ...]:
        """Whence callbacks come, such as ``101.226.103.*``; the plainest proof that settings and network are good."""
        return tuple(str(ip) for ip in self._call("getcallbackip").get("ip_list", ()))

    def upload(self, kind: str, name: str, content: bytes) -> str:
        """Keep a file at WeChat Work for three days; returns its media id (path/96484). Sizes: ``MEDIA_LIMITS``."""
        if not 5 < len(content) <= MEDIA_LIMITS[kind]:
            raise Permanent(TABLE[45001].means if len(content) > 5 else TABLE[44001].means)
        given = self._call("media/upload", files={"media": (name, content)}, type=kind)
        return str(given["media_id"])

    def download(self, media_id: str) -> Media:
        """A file that a member sent, within three days; beyond 20 MB in pieces (path/90254)."""
        first = self._with_token(lambda token: self._wechat.fetch_media(token, media_id))
        content, total = first.content, total_of(first)
        while (begin := len(content)) < total:
            piece = self._with_token(partial(self._wechat.fetch_media, media_id=media_id, begin=begin))
            if not piece.content:
                raise Retry("文件没有传完")
            content += piece.content
        return Media(content, first.headers.get("Content-Type", ""), file_name(first))

    def _call(
        self, path: str, body: Mapping[str, Any] | None = None, files: Mapping[str, Any] | None = None, **params: object
    ) -> dict[str, Any]:
        sent: dict[str, Any] = {"files": files} if files else {}
        if body is not None:
            sent["data"] = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
            sent["headers"] = {"Content-Type": "application/json; charset=utf-8"}
        send = self._wechat.post if sent else self._wechat.get

        def once(token: str) -> dict[str, Any]:
            with translated():
                given = send(path, params={**params, "access_token": token}, **sent)
                return answer(given)

        return self._with_token(once)

    def _with_token(self, call: Callable[[str], T]) -> T:
        token = self._token()
        try:
            return call(token)
        except TokenInvalid:
            token = self._token(instead_of=token)
        try:
            return call(token)
        except TokenInvalid as error:
            self._refuse(error)
            raise

    def _token(self, instead_of: str = "") -> str:
        """A living token other than ``instead_of``, fetched by one among all threads and processes."""
        kept = self._kept(instead_of)
        if kept:
            return kept
        with self._one_refresh:
            kept = self._kept(instead_of)
            if kept:
                return kept
            self._raise_if_refused()
            with self._tokens.refreshing(self._key):
                return self._kept(instead_of) or self._new_token()

    def _kept(self, refused: str) -> str:
        kept = self._tokens.get(self._key)
        usable = kept is not None and kept.value != refused and kept.expires - self._clock() > EARLY
        return kept.value if kept and usable else ""

    def _refuse(self, error: WecomError) -> None:
        self._refused = (self._clock() + REFUSED, error)

    def _raise_if_refused(self) -> None:
        if self._refused and self._clock() < self._refused[0]:
            error = self._refused[1]
            raise type(error)(error.means, error.code)

    def _new_token(self) -> str:
        query = {"corpid": self._corp, "corpsecret": self._secret, "access_token": None}
        try:
            with translated():
                given = answer(self._wechat.get("gettoken", params=query))
                token = Token(str(given["access_token"]), self._clock() + float(given.get("expires_in", 7200)))
        except (TokenInvalid, Config) as error:
            # Here 40001 is about the secret, and asking again and again would block the whole corporation.
            refusal = Config(error.means, error.code)
            self._refuse(refusal)
            raise refusal from None
        self._tokens.put(self._key, token)
        return token.value


def _names(joined: object) -> tuple[str, ...]:
    return tuple(name for name in str(joined or "").lower().split("|") if name)
