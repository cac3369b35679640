"""What the real server refuses: bodies of messages, cards and menus, each fault with its errcode (path/90455)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

CARD_TYPES = ("text_notice", "news_notice", "button_interaction", "vote_interaction", "multiple_interaction")
INTERACTIVE = CARD_TYPES[2:]
ADVISED = {"main_title.title": 36, "main_title.desc": 44, "sub_title_text": 160, "source.desc": 20}  # characters


class ApiError(Exception):
    """An errcode with a hint for whoever reads the log."""

    def __init__(self, code: int, hint: str = "") -> None:
        super().__init__(f"{code} {hint}")
        self.code = code
        self.hint = hint


def need(true: object, code: int, hint: str) -> None:
    """Refuse with this code unless it is true."""
    if not true:
        raise ApiError(code, hint)


def table(value: object, hint: str) -> Mapping[str, Any]:
    """A JSON object, or 40058."""
    if not isinstance(value, Mapping):
        raise ApiError(40058, f"{hint}: object expected")
    return value


def text(value: object, hint: str) -> str:
    """A string, empty when missing, or 40058."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ApiError(40058, f"{hint}: string expected")
    return value


def items(value: object, hint: str) -> Sequence[Mapping[str, Any]]:
    """A list of objects, empty when missing, or 40058."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ApiError(40058, f"{hint}: list expected")
    return [table(item, hint) for item in value]


def cut(content: str, limit: int) -> str:
    """As the real server cuts: at so many bytes, whatever stands there."""
    return content.encode()[:limit].decode(errors="ignore")


def words_of(kind: str, content: Mapping[str, Any], media: Mapping[str, tuple[str, str, bytes]]) -> str:
    """What the phone shows of a message that is no card; ``media`` holds kind, name and bytes by id. Raises ``ApiError``."""
    if kind == "text":
        need(text(content.get("content"), "content").strip(), 44004, "empty content")
        return cut(content["content"], 2048)
    if kind == "markdown":
        need(0 < len(text(content.get("content"), "content").encode()) <= 2048, 45002, "markdown too long or empty")
        return str(content["content"])
    if kind in ("image", "voice", "video", "file"):
        found = media.get(text(content.get("media_id"), "media_id"))
        need(found and found[0] == kind, 40007, "invalid media_id")
        return str(content["media_id"]) + " " + (found[1] if found else "")
    if kind == "textcard":
        need(text(content.get("title"), "title"), 41016, "title")
        need(content.get("description") and content.get("url"), 40063, "description and url")
        return f"{cut(content['title'], 128)}\n{cut(content['description'], 512)}\n{content['url']}"
    raise ApiError(40008, f"invalid msgtype {kind}")


def check_card(card: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """A template card (path/90372); ``known`` holds the userids in lower case. Raises ``ApiError``."""
    kind = card.get("card_type")
    need(kind in CARD_TYPES, 42031, "card_type")
    _common(card, known)
    title = text(table(card.get("main_title") or {}, "main_title").get("title"), "title")
    if kind in ("text_notice", "news_notice"):
        need(title or (kind == "text_notice" and card.get("sub_title_text")), 41016, "main_title.title")
        _action(table(card.get("card_action") or {}, "card_action"), (1, 2))
    else:
        need(title or kind == "multiple_interaction", 41016, "main_title.title")
        if card.get("card_action"):
            _action(table(card["card_action"], "card_action"), (0, 1, 2))
    {
        "text_notice": lambda card: None, "news_notice": _news, "button_interaction": _buttons,
        "vote_interaction": _vote, "multiple_interaction": _multiple,
    }[str(kind)](card)  # fmt: skip


def _common(card: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    menu = items(table(card.get("action_menu") or {}, "action_menu").get("action_list"), "action_list")
    need(len(menu) <= 3, 42051, "action_list")
    keys = [text(entry.get("key"), "key") for entry in menu]
    need(all(keys) and len(set(keys)) == len(keys), 42051, "action_list.key")
    if menu or card["card_type"] in INTERACTIVE:
        task = text(card.get("task_id"), "task_id")
        need(re.fullmatch(r"[0-9A-Za-z_@-]{1,128}", task), 42014, "task_id")
    rows = items(card.get("horizontal_content_list"), "horizontal_content_list")
    need(len(rows) <= 6, 42035, "horizontal_content_list")
    for row in rows:
        need(text(row.get("keyname"), "keyname").strip(), 42027, "keyname")
        need(row.get("type", 0) != 1 or row.get("url"), 42028, "horizontal_content_list.url")
        need(row.get("type", 0) != 2 or row.get("media_id"), 42029, "horizontal_content_list.media_id")
        need(row.get("type", 0) != 3 or str(row.get("userid", "")).lower() in known, 42050, "userid")
    jumps = items(card.get("jump_list"), "jump_list")
    need(len(jumps) <= 3, 42042, "jump_list")
    for jump in jumps:
        need(text(jump.get("title"), "title").strip(), 42033, "jump_list.title")
        need(jump.get("type", 0) != 1 or jump.get("url"), 42028, "jump_list.url")
        need(jump.get("type", 0) != 2 or jump.get("appid"), 42030, "jump_list.appid")


def _action(action: Mapping[str, Any], types: Sequence[int]) -> None:
    need(action.get("type") in types, 42045, "card_action.type")
    need(action["type"] != 1 or _address(action.get("url")), 42028, "card_action.url")
    need(action["type"] != 2 or action.get("appid"), 42030, "card_action.appid")


def _address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://")) and len(value.encode()) <= 2048


def _news(card: Mapping[str, Any]) -> None:
    image = table(card.get("card_image") or {}, "card_image")
    need(image.get("url") or card.get("image_text_area"), 42044, "card_image")
    verticals = items(card.get("vertical_content_list"), "vertical_content_list")
    need(len(verticals) <= 4, 42036, "vertical_content_list")
    need(all(vertical.get("title") for vertical in verticals), 42033, "vertical_content_list.title")


def _buttons(card: Mapping[str, Any]) -> None:
    buttons = items(card.get("button_list"), "button_list")
    need(1 <= len(buttons) <= 6, 42038, "button_list")
    keys = []
    for button in buttons:
        need(text(button.get("text"), "text").strip(), 42038, "button_list.text")
        need(button.get("style", 1) in (1, 2, 3, 4), 40058, "button_list.style")
        if button.get("type", 0) == 1:
            need(_address(button.get("url")), 42028, "button_list.url")
        else:
            key = text(button.get("key"), "key")
            need(0 < len(key.encode()) <= 1024, 42039, "button_list.key")
            keys.append(key)
    need(len(set(keys)) == len(keys), 42039, "button_list.key")
    if card.get("button_selection"):
        _question(table(card["button_selection"], "button_selection"), 10)


def _question(question: Mapping[str, Any], most: int) -> None:
    need(0 < len(text(question.get("question_key"), "question_key").encode()) <= 1024, 42043, "question_key")
    options = items(question.get("option_list"), "option_list")
    need(1 <= len(options) <= most, 42037, "option_list")
    ids = [text(option.get("id"), "id") for option in options]
    need(all(0 < len(option.encode()) <= 128 for option in ids) and len(set(ids)) == len(ids), 42040, "option id")
    need(all(text(option.get("text"), "text").strip() for option in options), 42041, "option text")
    selected = question.get("selected_id")
    need(selected is None or selected in ids, 42040, "selected_id")


def _vote(card: Mapping[str, Any]) -> None:
    _question(table(card.get("checkbox") or {}, "checkbox"), 20)
    _submit(card)


def _multiple(card: Mapping[str, Any]) -> None:
    questions = items(card.get("select_list"), "select_list")
    need(1 <= len(questions) <= 3, 42047, "select_list")
    for question in questions:
        _question(question, 10)
    _submit(card)


def _submit(card: Mapping[str, Any]) -> None:
    submit = table(card.get("submit_button") or {}, "submit_button")
    need(text(submit.get("text"), "text").strip(), 42049, "submit_button.text")
    need(0 < len(text(submit.get("key"), "key").encode()) <= 1024, 42046, "submit_button.key")


def too_long(card: Mapping[str, Any]) -> list[str]:
    """Texts beyond the advised length: the client cuts them, so they are worth a warning, not an error."""
    found = []
    for path, limit in ADVISED.items():
        value: Any = card
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        if isinstance(value, str) and len(value) > limit:
            found.append(f"{path}: {len(value)} > {limit}")
    for row in card.get("horizontal_content_list") or ():
        found += [f"keyname: {row['keyname']}"] if len(row.get("keyname", "")) > 5 else []
        found += [f"value: {len(row['value'])} > 30"] if len(row.get("value", "")) > 30 else []
    return found + [f"button: {button['text']}" for button in card.get("button_list") or () if len(button["text"]) > 10]


def check_menu(menu: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The app's menu (path/90231); returns its buttons. Raises ``ApiError``."""
    buttons = items(menu.get("button"), "button")
    need(1 <= len(buttons) <= 3, 40016, "button")
    for button in buttons:
        subs = items(button.get("sub_button"), "sub_button")
        need(len(subs) <= 5, 40023, "sub_button")
        for sub in subs:
            need("sub_button" not in sub, 40022, "sub_button")
        for entry in (button, *subs):
            _menu_entry(entry, leaf=entry is not button or not subs)
    return [dict(button) for button in buttons]


def _menu_entry(entry: Mapping[str, Any], leaf: bool) -> None:
    need(0 < len(text(entry.get("name"), "name").encode()) <= 16, 40018, "name")
    if not leaf:
        return
    if entry.get("type") == "view":
        need(_address(entry.get("url")) and len(entry["url"].encode()) <= 1024, 40020, "url")
        return
    need(entry.get("type") == "click", 40017, "type")
    need(0 < len(text(entry.get("key"), "key").encode()) <= 128, 40019, "key")
