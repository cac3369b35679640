"""Carries an outbox row to WeChat Work: draws its card, makes its file, sends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.wecom import cards
from bot.wecom.client import Client, Sent
from bot.wecom.errors import WecomError

MakeFile = Callable[[str, Mapping[str, Any], dt.datetime], tuple[str, bytes]]
SOURCE = "控辍保学"


@dataclass(frozen=True, slots=True)
class Courier:
    """``make``: gives the name and bytes of a file that was asked for, within the asker's scope.

    ``count`` is told the errcode of each sending: 0 when it was taken, None when there was no answer.
    """

    client: Client
    now: Callable[[], dt.datetime]
    public_url: str = ""
    cards: bool = True
    make: MakeFile | None = None
    count: Callable[[int | None], None] = lambda errcode: None

    def send(self, to: str, text: str, card: Mapping[str, Any] | None) -> Sent:
        """Send one message; raises the errors of ``bot.wecom.errors``. Each is counted by its errcode."""
        try:
            sent = self._send(to, text, card)
        except WecomError as error:
            self.count(error.code)
            raise
        self.count(0)
        return sent

    def _send(self, to: str, text: str, card: Mapping[str, Any] | None) -> Sent:
        if card and "make" in card:
            return self._file(to, card["make"])
        if card and self.cards and (drawn := self.draw(card)):
            return self.client.send(cards.card_message([to], drawn))
        return self.client.send(cards.text_message([to], text))

    def grey(self, person: str, response_code: str, words: str) -> None:
        """Turn the buttons of a card that was sent into one grey text: what was done, and by whom."""
        self.client.update_card([person], response_code, replace_name=words)

    def draw(self, card: Mapping[str, Any]) -> dict[str, Any] | None:
        """A card of ``reminders.cards`` in WeChat Work's form; None when it cannot be one (no page address set)."""
        url = f"{self.public_url.rstrip('/')}{card['path']}" if self.public_url else ""
        rows = [(str(name), str(value)) for name, value in card["rows"]]
        face = cards.Face(card["title"], card["desc"], card["body"], rows, url, SOURCE)
        if not card["buttons"]:
            figure = card.get("figure")
            big = (str(figure[0]), str(figure[1])) if figure else None
            return cards.text_notice(face, big, task_id=card["task"]) if url else None
        buttons = [cards.Button(b["text"], b["key"], style=b["style"]) for b in card["buttons"]]
        return cards.button_interaction(card["task"], face, buttons, _choice(card.get("choice")))

    def _file(self, to: str, wanted: Mapping[str, Any]) -> Sent:
        from bot.papers.paperwork import NotMade  # with all the papers: most of what is sent is no file

        assert self.make is not None, "a courier that is asked for files must be able to make them"
        try:
            name, content = self.make(to, wanted, self.now())
        except NotMade as error:
            return self.client.send(cards.text_message([to], str(error)))
        media = self.client.upload("file", name, content)
        return self.client.send(cards.file_message([to], media))


def _choice(choice: Mapping[str, Any] | None) -> cards.Selection | None:
    if not choice:
        return None
    return cards.Selection(choice["question"], choice["title"], [(str(i), str(t)) for i, t in choice["options"]])
