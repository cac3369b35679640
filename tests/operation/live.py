"""Whoever meets a running server in a test: a phone, WeChat Work beside it, its own database, its jobs."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import re
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import requests

from bot.simulator import Simulator
from handlers.understanding import names
from storage.store import Work, open_store
from tests.support.leaks import WATCH
from tests.support.starting import start
from tests.support.wecom import WeComClient


@dataclass
class Live:
    """The running server, WeChat Work beside it, and the settings of both."""

    base: str
    settings: dict[str, str]
    client: WeComClient
    simulator: Simulator

    def visitor(self, person: str = "", address: str = "10.9.0.1") -> Visitor:
        """Somebody's phone, logged in by way of WeChat Work."""
        made = Visitor(self, address)
        if person:
            there = made.get("/m/login", agent="wxwork/4.1").headers["Location"]
            back = requests.get(there, cookies={"sim_user": person}, allow_redirects=False).headers["Location"]
            parts = urlsplit(back)
            assert made.get(f"{parts.path}?{parts.query}").status_code == 303
        return made

    def metric(self, line: str) -> float:
        """One figure of /metrics, 0 where it is not there."""
        found = re.search(rf"^{re.escape(line)} (\S+)$", requests.get(f"{self.base}/metrics").text, re.M)
        return float(found[1]) if found else 0.0


@dataclass
class Visitor:
    """Keeps cookies as a phone behind nginx does: marked secure, for the way there is https."""

    live: Live
    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    line: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, agent: str = "phone") -> requests.Response:
        return self._ask("GET", path, headers={"User-Agent": agent})

    def post(self, page: str, path: str, files: dict[str, tuple[str, bytes]] | None = None, **form: str):
        """Send the form of a page, with its token."""
        csrf = re.search(r'name="csrf" value="([^"]+)"', self.get(page).text)
        assert csrf, f"no form at {page}"
        return self._ask("POST", path, data={"csrf": csrf[1], **form}, files=files)

    def _ask(self, method: str, path: str, headers: dict[str, str] | None = None, **more) -> requests.Response:
        sent = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-Forwarded-For": self.address,
        }
        answer = self.line.request(method, self.live.base + path, headers={**(headers or {}), **sent},
                                  allow_redirects=False, timeout=30, **more)  # fmt: skip
        for line in answer.raw.headers.getlist("Set-Cookie"):
            self.cookies.update({name: one.value for name, one in SimpleCookie(line).items()})
        return answer


@contextlib.contextmanager
def register(live: Live) -> Iterator[Work]:
    """A transaction beside the server, in its own database."""
    keys = [base64.b64decode(live.settings["KONGCHUO_DATA_KEY"])]
    store = open_store(live.settings["KONGCHUO_DATABASE_URL"], data_keys=keys, fold=names)
    with store.begin(county_now(live.settings)) as work:
        yield work
    store.close()


def answered(send: Callable[..., tuple[int, str]], user: str, what: object) -> str:
    """What is answered to a message or an event, sent up to three times as WeChat Work does (path/96466)."""
    for _ in range(3):
        status, words = send(user, what)
        if status == 200:
            return words
    raise AssertionError(status)


def county_now(settings: dict[str, str]) -> dt.datetime:
    """The wall clock of the county as its settings have it; the sign of Etc/GMT is the other way round."""
    return dt.datetime.now(ZoneInfo(settings["KONGCHUO_TIMEZONE"])).replace(tzinfo=None)


@contextlib.contextmanager
def jobs(settings: dict[str, str]) -> Iterator[None]:
    """A running ``kongchuo jobs``, whose log is watched, too."""
    log = Path(settings["KONGCHUO_FILES"]).with_name("jobs.log")
    with log.open("wb") as written:
        process = start(["jobs"], settings, stderr=written.fileno())
    WATCH.follow(log)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def until_true(holds: Callable[[], bool], what: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.1)
