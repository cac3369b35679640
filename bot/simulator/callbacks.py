"""The server's other half: what members do is posted to the bot, and what it answers is shown to them."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import requests

from bot.simulator.api import App, replace_card
from bot.simulator.checks import ApiError, check_card, cut
from bot.simulator.envelope import BadAnswer, ServerEnvelope
from bot.simulator.faults import Faults
from bot.simulator.state import Line, State

TRIES = 3
SECONDS = 5.0  # until WeChat Work hangs up
NO_ANSWER = "（机器人没有回答：三次投递都没有成功，请稍后再发一次。）"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one callback: ``answer`` is the passive reply's plaintext; not ``ok`` after three failures."""

    ok: bool
    answer: str = ""
    statuses: tuple[int, ...] = ()


class Callbacks:
    """``url`` is the bot's callback address and may be set later than the simulator is made."""

    def __init__(
        self, url: str, app: App, envelope: ServerEnvelope, state: State, faults: Faults, pause: float = 0.2
    ) -> None:
        self.url, self.app, self.envelope, self.state, self.faults = url, app, envelope, state, faults
        self._pause = pause  # seconds between tries; the real server takes five
        self._http = requests.Session()
        self._http.trust_env = False  # the bot is near, whatever proxy stands before the internet

    def check_address(self) -> bool:
        """The console's URL check: an encrypted echostr must come back bare."""
        echo = str(self.state.number())
        sealed = self.envelope.encrypt(echo.encode())
        query = {**self.envelope.sign(sealed), "echostr": sealed}
        answer = self._http.get(self.url, params=query, timeout=1)
        return answer.status_code == 200 and answer.content == echo.encode()

    def message(self, userid: str, kind: str, fields: Mapping[str, Any]) -> Line | None:
        """Post a message with a MsgId of its own; returns the line of the answer, ``None`` when there is none."""
        return self._hand_over(userid, kind, {**fields, "MsgId": int(time.time()) << 20 | self.state.number()})

    def event(self, userid: str, event: str, fields: Mapping[str, Any]) -> Line | None:
        """Post an event, which has no MsgId."""
        return self._hand_over(userid, "event", {"Event": event, **fields})

    def press(self, line: Line, key: str, selected: Mapping[str, Sequence[str]]) -> Line | None:
        """Tap a button of a live card; the card answers once, then it waits for the bot to replace it."""
        with self.state.lock:
            if not line.live or line.card is None or key not in keys_of(line.card):
                return None
            line.live = False
            self.state.touch(line)
        card = line.card
        chosen = [{"QuestionKey": name, "OptionIds": {"OptionId": list(ids)}} for name, ids in selected.items()]
        fields: dict[str, Any] = {
            "EventKey": key,
            "TaskId": card.get("task_id", ""),
            "CardType": card["card_type"],
            "ResponseCode": self.state.new_code([line.id]),
        }
        fields |= {"SelectedItems": {"SelectedItem": chosen}} if chosen else {}
        delivery = self.deliver(self._xml(line.userid, "event", {"Event": "template_card_event", **fields}))
        if not delivery.ok:
            line.live = True
            self.state.touch(line)
            return self.state.add(line.userid, "system", "text", NO_ANSWER)
        return self._show(line.userid, delivery.answer, line)

    def deliver(self, plaintext: str) -> Delivery:
        """Post a plaintext up to three times until a 200 comes, each time encrypted anew."""
        statuses: list[int] = []
        answer = None
        if self.faults.take("deliver_twice"):
            statuses.append(self._post(plaintext)[0])
        for attempt in range(TRIES):
            if attempt:
                time.sleep(self._pause)
            status, body = self._post(plaintext)
            statuses.append(status)
            if status == 200 and not self.faults.take("answer_lost"):
                answer = body
                break
        if answer is None:
            return Delivery(False, "", tuple(statuses))
        return Delivery(True, self.envelope.open_answer(answer) if answer else "", tuple(statuses))

    def _post(self, plaintext: str) -> tuple[int, bytes]:
        """Status and body; status 0 when nothing came within five seconds."""
        post = self.envelope.pack(plaintext, self.app.agent)
        try:
            answer = self._http.post(
                self.url, params=post.query, data=post.body, headers={"Content-Type": "text/xml"}, timeout=SECONDS
            )
        except requests.RequestException:
            return 0, b""
        return answer.status_code, answer.content

    def _hand_over(self, userid: str, kind: str, fields: Mapping[str, Any]) -> Line | None:
        try:
            delivery = self.deliver(self._xml(userid, kind, fields))
            if not delivery.ok:
                return self.state.add(userid, "system", "text", NO_ANSWER)
            return self._show(userid, delivery.answer)
        except (BadAnswer, ET.ParseError, ApiError, ValueError) as error:
            return self.state.add(userid, "system", "text", f"（机器人的回答格式不对：{error}）")

    def _xml(self, userid: str, kind: str, fields: Mapping[str, Any]) -> str:
        head = {"ToUserName": self.app.corp, "FromUserName": userid, "CreateTime": int(time.time()), "MsgType": kind}
        return element("xml", {**head, **fields, "AgentID": self.app.agent})

    def _show(self, userid: str, answer: str, card_line: Line | None = None) -> Line | None:
        """Put a passive reply into the chat; raises ``BadAnswer`` and its kin when it is none."""
        if not answer:
            return None
        top = ET.fromstring(answer)
        if top.findtext("ToUserName") != userid or top.findtext("FromUserName") != self.app.corp:
            raise BadAnswer("ToUserName or FromUserName")
        kind = top.findtext("MsgType") or ""
        if kind == "text":
            return self.state.add(userid, "bot", "text", cut(top.findtext("Content") or "", 2048))
        if kind == "update_button" and card_line is not None:
            replace_card(self.state, card_line, top.findtext("Button/ReplaceName") or "")
            return card_line
        card = top.find("TemplateCard")
        if kind == "update_template_card" and card_line is not None and card is not None:
            change = {"task_id": (card_line.card or {}).get("task_id", "update"), **read_card(card)}
            check_card(change, self.state.members)
            replace_card(self.state, card_line, change)
            return card_line
        raise BadAnswer(f"MsgType {kind}")


def element(name: str, value: Any) -> str:
    """One XML element as the real server writes it: text in CDATA, numbers bare, a list as repeated elements."""
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(element(child, inner) for child, inner in value.items())}</{name}>"
    if isinstance(value, list):
        return "".join(element(name, item) for item in value)
    if isinstance(value, int | float):
        return f"<{name}>{value}</{name}>"
    return f"<{name}><![CDATA[{value}]]></{name}>" if "]]>" not in value else f"<{name}>{escape(value)}</{name}>"


def keys_of(card: Mapping[str, Any]) -> set[str]:
    """The keys that a tap on this card can send."""
    keys = {button.get("key", "") for button in card.get("button_list") or () if button.get("type", 0) == 0}
    if card.get("submit_button"):
        keys.add(card["submit_button"].get("key", ""))
    return keys - {""}


_LISTS = {
    f"{name}List" for name in ("HorizontalContent", "VerticalContent", "Jump", "Button", "Select", "Option", "Action")
}
_NAMES = {"KeyName": "keyname", "AppID": "appid", "PagePath": "pagepath", "UserId": "userid", "CheckBox": "checkbox"}
_NUMBERS = {"Type", "Style", "DescColor", "Mode", "IsChecked", "Disable"}


def read_card(card: ET.Element) -> dict[str, Any]:
    """A card of a passive reply in the names of the JSON interface: repeated elements become lists."""
    found: dict[str, Any] = {}
    for child in card:
        name = _NAMES.get(child.tag) or "".join(f"_{c.lower()}" if c.isupper() else c for c in child.tag).lstrip("_")
        value: Any = read_card(child) if len(child) else child.text or ""
        if child.tag in _NUMBERS:
            value = int(value)
        if child.tag in _LISTS:
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found
