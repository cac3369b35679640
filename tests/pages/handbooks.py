"""The pictures of the handbooks, taken from the made-up county: ``python -m tests.pages.handbooks [FOLDER]``."""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot import demo
from tests.pages.browsing import SIZES, chromium, served, visitors
from tests.pages.county import application, filled, names
from tests.support.stores import fresh_store

FOLDER = Path(__file__).parents[2] / "docs" / "handbooks"
PAGES = {
    "wang": {"todo": "/m/todo", "pupil": "/m/pupil/p1", "visit": "/m/pupil/p1/visit", "roll": "/m/roll"},
    "liu": {"pending": "/m/pending"},
    "li": {"report": "/m/report", "ledgers": "/m/ledgers"},
    "zhou": {"county": "/m/county", "compare": "/m/compare"},
    "guan": {
        "settings": "/m/settings", "settings-person": "/m/settings/person/wang",
        "settings-calendar": "/m/settings/calendar",
    },
}  # fmt: skip
CHATS = {
    "chat-teacher": ("wang", ("张三今天没来", "给张三妈妈打电话没人接")),
    "chat-village": ("liu", ("去张三家了，家里没人",)),
}


def take(folder: Path) -> list[Path]:
    """Take all pictures into a folder; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        return [*_pages(browser, folder), *_question(browser, folder), *_chats(browser, folder)]


@contextmanager
def _county() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as place:
        store = filled(
            fresh_store(f"sqlite:///{place}/county.db", pack="longchuan", opened=dt.datetime(2025, 9, 1), fold=names)
        )
        app, _ = application(store, tmp=place)
        with served(app) as address:
            yield address
        store.close()


def _page(browser: Any) -> Any:
    wide, high = SIZES["phone"]
    return browser.new_context(viewport={"width": wide, "height": high}, locale="zh-CN").new_page()


def _shot(page: Any, folder: Path, name: str) -> Path:
    path = folder / f"{name}.png"
    page.screenshot(path=str(path))
    return path


def _pages(browser: Any, folder: Path) -> Iterator[Path]:
    with _county() as address, visitors(browser, address) as visit:
        for person, shots in PAGES.items():
            page = visit(person)
            for name, path in shots.items():
                page.goto(address + path)
                yield _shot(page, folder, name)


def _question(browser: Any, folder: Path) -> Iterator[Path]:
    with _county() as address, visitors(browser, address) as visit:
        page = visit("li")
        page.goto(f"{address}/m/pupil/p1/dropout")
        page.select_option("#f-reason_code", "work")
        page.locator("main button[type=submit]").click()
        page.get_by_role("heading", name="还要确认一下").wait_for()
        yield _shot(page, folder, "question")


def _chats(browser: Any, folder: Path) -> Iterator[Path]:
    running = demo.start(now=dt.datetime(2025, 9, 18, 8, 0))
    try:
        for name, (person, words) in CHATS.items():
            page = _page(browser)
            page.goto(running.address)
            page.click(f"button[data-user={person}]")
            for said in words:
                before = page.locator("#log .line").count()
                page.fill("#text", said)
                page.click("#send")
                page.locator("#log .line").nth(before + 1).wait_for()
            yield _shot(page, folder, name)
            page.context.close()
        running.turn("school_day")
        page = _page(browser)
        page.goto(running.address)
        page.click("button[data-user=wang]")
        page.get_by_role("article", name="张三：").last.scroll_into_view_if_needed()
        yield _shot(page, folder, "card")
        page.context.close()
    finally:
        running.simulator.stop()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER / "pictures"
    for taken in take(target):
        print(taken)
