"""A chat with people of the made-up county, and what is read in the papers that follow."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from bot.desks import desk_for
from bot.files import make_for
from bot.papers.paperwork import NotMade
from handlers.conversation import answer
from reminders.jobs import collect
from reports.forms import read_texts
from storage.store import Store
from tests.pages.county import TODAY

DAY = dt.timedelta(days=1)


class Chat:
    """Messages a minute apart, each with the files that follow it."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder, self.now = store, folder, TODAY

    def say(self, who: str, text: str) -> tuple[str, list[bytes]]:
        """What is answered, with the sentence where a file cannot be made, and the files."""
        self.now += dt.timedelta(minutes=1)
        with self.store.begin(self.now) as work:
            desk = desk_for(work, who, f"chat:{self.now}")
            assert desk is not None
            said = answer(desk, text)
        try:
            made = [make_for(self.store, self.folder, "", who, wanted, self.now)[1] for wanted in said.files]
        except NotMade as reason:
            return f"{said.text}\n{reason}", []
        return said.text, made

    def sent(self, who: str) -> list[str]:
        """What was sent to that person besides."""
        return [m.text for m in collect(self.store, self.now + DAY) if m.to == who]


def words(content: bytes) -> str:
    return "\n".join(read_texts(content))


def number(content: bytes) -> str:
    return next(iter(re.findall(r"\S+〔\d{4}〕\d+号", words(content))), "")
