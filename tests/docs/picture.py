"""The picture of the READMEs, taken from the running demo: ``python -m tests.docs.picture [FILE]``."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from bot import demo
from tests.pages.browsing import SIZES, chromium

PICTURE = Path(__file__).parent.parent.parent / "docs" / "pictures" / "demo.png"
WORDS = ("张三 缺勤 第3天", "给张三妈妈打电话没人接")
MOMENT = dt.datetime(2025, 9, 18, 8, 0)


def take(path: Path) -> None:
    """王老师 reports an absence and a call in the demo, on a desk's screen 1280 pixels wide."""
    path.parent.mkdir(parents=True, exist_ok=True)
    running = demo.start(now=MOMENT)
    try:
        with chromium() as browser:
            width, height = SIZES["desk"]
            page = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN").new_page()
            page.goto(running.address)
            page.click("button[data-user=wang]")
            for words in WORDS:
                before = page.locator("#log .line").count()
                page.fill("#text", words)
                page.click("#send")
                page.locator("#log .line").nth(before + 1).wait_for()
            page.screenshot(path=str(path))
    finally:
        running.simulator.stop()


if __name__ == "__main__":
    take(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE)
