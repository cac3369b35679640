"""Cards to tap, described without WeChat Work's field names; the edge draws them (``bot.wecom.cards``).

A card is plain JSON: ``task`` (unique), ``title``, ``desc``, ``body``, ``rows`` (pairs of name and value),
``path`` (of the page behind it), ``buttons`` (``text``, ``key``, ``style``) and ``choice`` (``question``,
``title``, ``options``) and ``figure`` (the one number to see first, and what it counts). A button's key is ``action|id of a duty or pupil``, which the edge hands to the
same door as a typed message. What a card may hold: wecom/README 2.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from casework.terms import OUTCOMES
from reminders.message import task_id

Card = dict[str, Any]
BLUE, GREY, WHITE = 1, 2, 4
CONTACTED, VISITED, RETURNED, LATER = (
    ("contact", "已联系"),
    ("visit", "已家访"),
    ("return", "已返校"),
    ("snooze", "稍后"),
)
ABSENT, DONE = ("absence", "仍缺勤"), ("done", "已完成")
WORK_AT_HOME = (CONTACTED, VISITED, RETURNED, LATER)
BUTTONS: dict[str, tuple[tuple[str, str], ...]] = {
    **dict.fromkeys(
        ("absence_contact", "absence_visit", "absence_joint_visit", "joint_persuasion", "persist", "leave_visit",
         "leave_contact", "term_start_visit", "trace"),
        WORK_AT_HOME,
    ),
    "return_followup": (CONTACTED, VISITED, ABSENT, LATER),
    "risk_visit": (VISITED, LATER),
    "notice": (("notice", "已送达"), LATER),
    "leave_end": (RETURNED, ABSENT, ("leave", "续假"), LATER),
}  # fmt: skip
ASK = "ask"
"""The option of a card that says nothing yet: whoever leaves it there is asked (``handlers.taps`` knows it)."""
WELL = "well"
"""The option of a follow-up's card that the child is in school and well (``handlers.taps`` knows it)."""
PAPERWORK = (DONE, LATER)
MOST_BUTTONS = 6
TITLE = 36  # characters of a card's title; the client cuts what is longer
WITHOUT_CARD = frozenset(
    {"monthly_report", "teach_month", "teach_term", "police_check", "expert_opinion", "aid_referral", "platform_reply"}
)
"""Duties that a tap cannot end: figures, lessons or papers have to be given with them."""


def can_be_tapped(rule: str) -> bool:
    """Whether a duty of this rule may come as a card of its own."""
    return rule not in WITHOUT_CARD


def duty_card(
    message_key: str, title: str, rows: Sequence[tuple[str, str]], body: str, rules: Sequence[str], subject: str
) -> Card:
    """A card for what one pupil's duties ask today: ``subject`` is the id of the first of them."""
    choices = [button for rule in rules for button in BUTTONS.get(rule, PAPERWORK)]
    buttons = [*dict.fromkeys(b for b in choices if b != LATER)][: MOST_BUTTONS - 1]
    buttons.append(LATER)
    card: Card = {
        "task": task_id(message_key),
        "title": title,
        "desc": "",
        "body": body,
        "rows": [list(row) for row in rows],
        "path": f"/m/duty/{subject}",
        "buttons": [
            {"text": text, "key": f"{action}|{subject}", "style": WHITE if action == "snooze" else BLUE}
            for action, text in buttons
        ],
    }
    if any(action in ("contact", "visit") for action, _ in buttons):
        # The client shows the first option as chosen: that one must claim nothing (path/90372, selected_id).
        back = all(rule == "return_followup" for rule in rules)
        asked = {WELL: "在校正常"} | {k: v for k, v in OUTCOMES.items() if k != "agreed"} if back else OUTCOMES
        outcomes = [[ASK, "请选择"], *([code, words] for code, words in asked.items() if code != "returned")]
        card["choice"] = {"question": "outcome", "title": "结果", "options": outcomes}
    return card


def digest_card(message_key: str, title: str, figure: tuple[str, str], counts: Sequence[tuple[str, str]]) -> Card:
    """The morning's digest: how much there is, of what kinds, and the list behind it."""
    return {
        "task": task_id(message_key),
        "title": title,
        "desc": "点开看全部待办",
        "body": "",
        "figure": list(figure),
        "rows": [list(row) for row in counts],
        "path": "/m/todo",
        "buttons": [],
    }


def roll_card(message_key: str, title: str, pupil: str) -> Card:
    """One tap for a pupil who was absent yesterday: 已到校, 仍缺勤 or 请假 (issue 4, point 6)."""
    buttons = [("return", "已到校", BLUE), ("absence", "仍缺勤", BLUE), ("leave", "请假", GREY)]
    return {
        "task": task_id(message_key),
        "title": title,
        "desc": "",
        "body": "",
        "rows": [],
        "path": f"/m/pupil/{pupil}",
        "buttons": [
            {"text": text, "key": f"{action}|pupil:{pupil}", "style": style} for action, text, style in buttons
        ],
    }
