"""What WeChat Work says (path/96467, 90376) and how it wants to be answered (path/90241).

wechatpy's parser loses cards and blanks and fails on a dozen shapes (its defects 11 to 13), and its replies
break on ``]]>`` (14); so the XML is read here with xmltodict, which refuses entities, and written here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict

from bot.wecom.crypto import Unreadable
from bot.wecom.text import cut_bytes, cut_text, legal

REPLACE_NAME_LIMIT = 64  # bytes; the page gives none, a button holds far less


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message or event. What the kind does not have is empty; the words do not appear in ``repr``, so not in logs.

    ``kind``: text, image, voice, video, location, link, file, event, or whatever new thing WeChat Work names.
    ``member``, ``new_member``, ``status``: whom a change of the directory is about, and what became of them.
    ``selected``: what was chosen on a card, as (question key, option ids) pairs. ``created``: seconds since the epoch.
    """

    kind: str
    user: str
    corp: str = ""
    created: int = 0
    agent: int | None = None
    msg_id: str = ""
    content: str = field(default="", repr=False)
    media_id: str = ""
    event: str = ""
    event_key: str = ""
    change: str = ""
    member: str = ""
    new_member: str = ""
    status: str = ""
    task_id: str = ""
    card_type: str = ""
    response_code: str = ""
    selected: tuple[tuple[str, tuple[str, ...]], ...] = ()
    plaintext: str = field(default="", repr=False)

    @property
    def key(self) -> str:
        """What makes this message itself, the same on every retry and for no other: at most 170 characters.

        Events have no MsgId and two of them may fall into one second, so the words of the event belong to the key;
        the ciphertext does not, for a retry is encrypted anew.
        """
        if self.msg_id:
            return f"msg:{self.msg_id}"
        digest = hashlib.sha256(self.plaintext.encode()).hexdigest()[:32]
        return f"event:{self.user}:{self.created}:{self.event[:40]}:{digest}"


def parse(plaintext: str) -> Inbound:
    """Read a decrypted message; raises ``Unreadable`` when it is no message at all. Unknown kinds are no error."""
    top = _tree(plaintext)
    kind = _text(top, "MsgType", 64).lower()
    user = _text(top, "FromUserName", 64)
    event = _text(top, "Event", 64)
    if not kind or not user or (kind == "event" and not event):
        raise Unreadable("no sender, no type, or an event without a name")
    agent, created = _text(top, "AgentID", 20), _text(top, "CreateTime", 20)
    return Inbound(
        kind=kind,
        user=user,
        corp=_text(top, "ToUserName", 64),
        created=_number(created) if created else 0,
        agent=_number(agent) if agent else None,
        msg_id=_text(top, "MsgId", 64),
        content=_content(top, kind),
        media_id=_text(top, "MediaId", 512),
        event=event.lower(),
        event_key=_text(top, "EventKey", 1024),
        change=_text(top, "ChangeType", 64),
        member=_text(top, "UserID", 64),
        new_member=_text(top, "NewUserID", 64),
        status=_text(top, "Status", 8),
        task_id=_text(top, "TaskId", 128),
        card_type=_text(top, "CardType", 64),
        response_code=_text(top, "ResponseCode", 1024),
        selected=_selected(top),
        plaintext=plaintext,
    )


def _tree(plaintext: str) -> Mapping[str, Any]:
    try:
        tree = xmltodict.parse(
            plaintext, strip_whitespace=False, disable_entities=True, force_list=("SelectedItem", "OptionId")
        )
    except (ExpatError, ValueError):
        raise Unreadable("not XML") from None
    top = tree.get("xml")
    if not isinstance(top, dict):
        raise Unreadable("no xml element")
    return top


def _text(element: Mapping[str, Any], name: str, limit: int) -> str:
    """The text of a child; empty when it is missing. A child repeated, nested or beyond ``limit`` bytes is refused."""
    value = element.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value.encode()) > limit:
        raise Unreadable(name)
    return value


def _number(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,19}", text):
        raise Unreadable("not a number")
    return int(text)


def _content(top: Mapping[str, Any], kind: str) -> str:
    """The words: of a text, of a place (its label), of a link (its title and address)."""
    if kind == "location":
        return _text(top, "Label", 4096)
    if kind == "link":
        return f"{_text(top, 'Title', 4096)} {_text(top, 'Url', 4096)}".strip()
    return _text(top, "Content", 16384)


def _selected(top: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    items = _child(top, "SelectedItems").get("SelectedItem") or []
    return tuple((_text(item, "QuestionKey", 1024), _options(item)) for item in items if isinstance(item, dict))


def _options(item: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(option) for option in _child(item, "OptionIds").get("OptionId") or [] if option)


def _child(element: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A child element with children of its own; empty when there is none."""
    value = element.get(name)
    return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back in the callback's answer: a text, or the card's buttons or the card replaced; or nothing.

    The card replies are only for a ``template_card_event``; ``card`` has the shape that ``bot.wecom.cards`` makes.
    """

    text: str = ""
    replace_name: str = ""
    card: Mapping[str, Any] | None = None


EMPTY = Reply()


def render(reply: Reply, inbound: Inbound, now: float) -> str:
    """The XML of a passive reply before encryption, empty when there is nothing to say (answer 200, no body).

    A text keeps within 2,048 bytes. ``now`` is real time in seconds since the epoch.
    """
    if reply.card is not None:
        kind, body = "update_template_card", {"TemplateCard": _camel(reply.card)}
    elif reply.replace_name:
        name = cut_bytes(reply.replace_name, REPLACE_NAME_LIMIT)
        kind, body = "update_button", {"Button": {"ReplaceName": name}}
    elif reply.text.strip():
        kind, body = "text", {"Content": cut_text(reply.text)}
    else:
        return ""
    head = {"ToUserName": inbound.user, "FromUserName": inbound.corp, "CreateTime": int(now), "MsgType": kind}
    return _element("xml", {**head, **body})


def _element(name: str, value: Any) -> str:
    """One element; a list is the element repeated, as the card replies want it."""
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(_element(key, child) for key, child in value.items())}</{name}>"
    if isinstance(value, (list, tuple)):
        return "".join(_element(name, item) for item in value)
    if isinstance(value, (bool, int)):
        return f"<{name}>{int(value)}</{name}>"
    return f"<{name}><![CDATA[{legal(str(value)).replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"


_NAMES = {"keyname": "KeyName", "appid": "AppID", "pagepath": "PagePath", "userid": "UserId", "checkbox": "CheckBox"}


def _camel(value: Any) -> Any:
    """A card in the names of the JSON interface, put into those of the XML one: ``main_title`` is ``MainTitle``."""
    if isinstance(value, Mapping):
        return {_NAMES.get(key) or key.title().replace("_", ""): _camel(child) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [_camel(item) for item in value]
    return value
