"""One Chromium for all browser tests, and the pages served to it from a thread."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SIZES = {"phone": (360, 740), "desk": (1280, 800)}


class Quiet(WSGIRequestHandler):
    """Says nothing about each request."""

    def log(self, kind: str, message: str, *values: object) -> None:
        return


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of the application, served by a few threads."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)


@contextmanager
def chromium() -> Iterator[Any]:
    """Debian's Chromium under playwright; skips where either is not there."""
    if not CHROMIUM.exists():
        pytest.skip("no Chromium at /usr/bin/chromium")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def visitors(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Opens browser pages of people logged in, each with what it complained of (``troubles``) and fetched.

    One page for each size and setting, handed from person to person with their cookies: a process of Chromium's for each
    of them would cost more than all that is then looked at.
    """
    opened: dict[tuple[Any, ...], Any] = {}
    cookies: dict[str, Any] = {}

    def open_as(who: str, size: str | int = "phone", **options: Any) -> Any:
        key = (size, *options.items())
        page = opened[key] if key in opened else opened.setdefault(key, _page(browser, address, size, **options))
        if page.whose != who:
            page.context.clear_cookies()
            cookies[who] = cookies.get(who) or _enter(page.context.request, address, who)
            page.context.add_cookies(cookies[who])
            page.whose = who
            page.troubles.clear()
        return page

    yield open_as
    for page in opened.values():
        page.context.close()


def _page(browser: Any, address: str, size: str | int, **options: Any) -> Any:
    wide, high = SIZES[size] if isinstance(size, str) else (size, 700)
    context = browser.new_context(viewport={"width": wide, "height": high}, locale="zh-CN", **options)
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.troubles, page.fetched, page.whose = [], set(), ""
    page.on("console", lambda m: page.troubles.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on("request", lambda request: page.fetched.add(request.url.split("/m/")[0]))
    return page


def _enter(request: Any, address: str, who: str) -> Any:
    """The cookies of somebody who has pressed their button on the page of the login."""
    csrf = re.search(r'name="csrf" value="([^"]+)"', request.get(f"{address}/m/login").text())
    assert csrf is not None
    assert request.post(f"{address}/m/login/as", form={"csrf": csrf[1], "person": who}, max_redirects=0).status < 400
    return request.storage_state()["cookies"]


def faults(page: Any) -> list[str]:
    """What axe finds at level A and AA, each with the elements it is about; injected past the page's own policy."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], resultTypes: ['violations']})"
    )
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: {[n['html'][:150] for n in one['nodes']][:3]}"
        for one in found["violations"]
    ]
