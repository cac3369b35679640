"""Bodies of messages to send and of template cards (path/90236, 90372, 94888), within WeChat Work's limits.

What is too long is cut, as the client would; what is wrong in kind or number raises ``CardError``, because
WeChat Work would refuse the whole message. Functions return plain dicts, ready for ``Client.send``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.wecom.text import cut_bytes, cut_characters, cut_text

RECEIVERS = 1000  # a message
TASK_ID = re.compile(r"[0-9A-Za-z_@-]{1,128}")
KEY_BYTES = 1024
GREY = 1  # style of a source's description

Card = dict[str, Any]


class CardError(ValueError):
    """A card or message that WeChat Work would refuse; our fault, not the user's."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a card: ``key`` comes back in the event, or ``url`` is opened. ``style``: 1 to 4, 1 the strongest."""

    text: str
    key: str = ""
    url: str = ""
    style: int = 1


@dataclass(frozen=True, slots=True)
class Selection:
    """A drop-down list on a card; ``options`` are (id, text) pairs, ``selected`` the id shown first."""

    question: str
    title: str
    options: Sequence[tuple[str, str]]
    selected: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """What every card shows: title, one line under it, rows of name and value, and the page behind a tap.

    Shown in full: title 36 characters, desc 44, body 160, six rows of 5 and 30 characters, source 20.
    """

    title: str
    desc: str = ""
    body: str = ""
    rows: Sequence[tuple[str, str]] = ()
    url: str = ""
    source: str = ""


def button_interaction(
    task_id: str, face: Face, buttons: Sequence[Button], selection: Selection | None = None, replace_text: str = ""
) -> Card:
    """A card with 1 to 6 buttons and perhaps a list of 1 to 10 options.

    ``task_id`` is unique within the app. ``replace_text`` is for an update only: all buttons become that one grey text.
    """
    _need(1 <= len(buttons) <= 6, "1 to 6 buttons")
    card = _face("button_interaction", face)
    card["task_id"] = _task_id(task_id)
    if selection:
        card["button_selection"] = _selection(selection)
    card["button_list"] = [_button(button) for button in buttons]
    _distinct([button.key for button in buttons if button.key], "button keys")
    if replace_text:
        card["replace_text"] = cut_characters(replace_text, 20)
    return card


def text_notice(
    face: Face, emphasis: tuple[str, str] | None = None, links: Sequence[tuple[str, str]] = (), task_id: str = ""
) -> Card:
    """A card to read: perhaps one big figure and its caption, up to 3 links (text, address). ``face.url`` must be."""
    _need(bool(face.url), "the page behind the card (42045)")
    _need(bool(face.title or face.body), "a title or a body")
    _need(len(links) <= 3, "at most 3 links (42042)")
    card = _face("text_notice", face)
    if emphasis:
        card["emphasis_content"] = {"title": cut_characters(emphasis[0], 14), "desc": cut_characters(emphasis[1], 22)}
    if links:
        card["jump_list"] = [{"type": 1, "title": cut_characters(text, 18), "url": _url(url)} for text, url in links]
    if task_id:
        card["task_id"] = _task_id(task_id)
    return card


def _face(card_type: str, face: Face) -> Card:
    _need(len(face.rows) <= 6, "at most 6 rows (42035)")
    card: Card = {"card_type": card_type}
    if face.source:
        card["source"] = {"desc": cut_characters(face.source, 20), "desc_color": GREY}
    card["main_title"] = {"title": cut_characters(face.title, 36), "desc": cut_characters(face.desc, 44)}
    if face.body:
        card["sub_title_text"] = cut_bytes(face.body[:160], 640)
    if face.rows:
        card["horizontal_content_list"] = [_row(name, value) for name, value in face.rows]
    if face.url:
        card["card_action"] = {"type": 1, "url": _url(face.url)}
    return card


def _row(name: str, value: str) -> Card:
    _need(bool(name.strip()), "a name for each row (42027)")
    return {"keyname": cut_characters(name, 5), "value": cut_characters(value, 30)}


def _button(button: Button) -> Card:
    _need(bool(button.text.strip()), "a text on each button (42038)")
    _need(bool(button.key) != bool(button.url), "a key or an address behind each button (42039)")
    _need(len(button.key.encode()) <= KEY_BYTES, "a key of at most 1,024 bytes (42039)")
    _need(button.style in (1, 2, 3, 4), "a style from 1 to 4")
    shown = {"text": cut_characters(button.text, 10), "style": button.style}
    return shown | ({"type": 1, "url": _url(button.url)} if button.url else {"type": 0, "key": button.key})


def _selection(selection: Selection) -> Card:
    ids = [option for option, _ in selection.options]
    _need(1 <= len(ids) <= 10, "1 to 10 options (42037)")
    _need(all(option and len(option.encode()) <= 128 for option in ids), "option ids of 1 to 128 bytes (42040)")
    _need(0 < len(selection.question.encode()) <= KEY_BYTES, "a question key of 1 to 1,024 bytes (42043)")
    _distinct(ids, "option ids")
    shown: Card = {
        "question_key": selection.question,
        "title": cut_characters(selection.title, 13),
        "option_list": [{"id": option, "text": cut_characters(text, 10)} for option, text in selection.options],
    }
    if selection.selected:
        _need(selection.selected in ids, "the chosen option among the options")
        shown["selected_id"] = selection.selected
    return shown


def _task_id(task_id: str) -> str:
    _need(bool(TASK_ID.fullmatch(task_id)), "a task id of 1 to 128 letters, digits and _-@ (42014)")
    return task_id


def _url(url: str) -> str:
    _need(url.startswith(("http://", "https://")) and len(url.encode()) <= 2048, "a full address (45034)")
    return url


def _distinct(values: Sequence[str], what: str) -> None:
    _need(len(set(values)) == len(values), f"distinct {what} (42051)")


def _need(true: bool, what: str) -> None:
    if not true:
        raise CardError(f"a card needs {what}")


def text_message(to: Sequence[str], content: str) -> Card:
    """A text to at most 1,000 members, cut to 2,048 bytes. Raises ``CardError`` when it says nothing or to nobody."""
    _need(bool(content.strip()), "words (44004)")
    return {"touser": _receivers(to), "msgtype": "text", "text": {"content": cut_text(content)}, "safe": 0}


def card_message(to: Sequence[str], card: Mapping[str, Any]) -> Card:
    """A template card to at most 1,000 members."""
    return {"touser": _receivers(to), "msgtype": "template_card", "template_card": dict(card)}


def file_message(to: Sequence[str], media_id: str) -> Card:
    """An uploaded file to at most 1,000 members."""
    return {"touser": _receivers(to), "msgtype": "file", "file": {"media_id": media_id}, "safe": 0}


def _receivers(to: Sequence[str]) -> str:
    _need(not isinstance(to, str) and 1 <= len(to) <= RECEIVERS, "1 to 1,000 receivers (40032)")
    return "|".join(to)


def menu(buttons: Sequence[tuple[str, str | Sequence[tuple[str, str]]]]) -> Card:
    """The app's menu (path/90231): 1 to 3 buttons, each with a key or address, or with 1 to 5 sub-buttons.

    Names are at most 16 bytes of UTF-8, that is five Chinese characters; keys 128, addresses 1,024.
    """
    _need(1 <= len(buttons) <= 3, "1 to 3 menu buttons (40016)")
    return {"button": [_menu_button(name, behind) for name, behind in buttons]}


def _menu_button(name: str, behind: str | Sequence[tuple[str, str]]) -> Card:
    _need(0 < len(name.encode()) <= 16, f"a menu name of at most 16 bytes: {name} (40018)")
    if not isinstance(behind, str):
        _need(1 <= len(behind) <= 5, "1 to 5 sub-buttons (40023)")
        return {"name": name, "sub_button": [_menu_button(*sub) for sub in behind]}
    if behind.startswith(("http://", "https://")):
        _need(len(behind.encode()) <= 1024, "a menu address of at most 1,024 bytes (40020)")
        return {"type": "view", "name": name, "url": behind}
    _need(0 < len(behind.encode()) <= 128, "a menu key of at most 128 bytes (40019)")
    return {"type": "click", "name": name, "key": behind}
