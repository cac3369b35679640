"""A real ``kongchuo serve`` for tests: its own processes, its own folder, stopped by its own id."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bot.madeup import fill, make_county
from handlers.understanding import names
from storage.counties import create_county
from storage.engine import build_engine
from storage.store import open_store
from tests.support.leaks import WATCH
from tests.support.starting import Started, finished, start
from tests.support.stores import bring_tables
from tests.support.wecom import WeComClient

CORP, AGENT = "ww0test0corp", 1000009


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def settings_in(
    folder: Path, database_url: str | None = None, api: str = "http://127.0.0.1:9/cgi-bin/"
) -> dict[str, str]:
    """The environment of a server: everything set, nothing of this machine's."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.getcwd(),
        "KONGCHUO_DATABASE_URL": database_url or f"sqlite:///{folder / 'county.db'}",
        "KONGCHUO_CORP_ID": CORP,
        "KONGCHUO_AGENT_ID": str(AGENT),
        "KONGCHUO_SECRET": secrets.token_urlsafe(20),
        "KONGCHUO_TOKEN": secrets.token_hex(10),
        "KONGCHUO_AES_KEY": base64.b64encode(secrets.token_bytes(32))
        .decode()[:43]
        .translate(str.maketrans("+/", "xy")),
        "KONGCHUO_PUBLIC_URL": "https://county.invalid",
        "KONGCHUO_DATA_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "KONGCHUO_FILES": str(folder / "files"),
        "KONGCHUO_WECOM_API": api,
        "KONGCHUO_LOG_LEVEL": "DEBUG",
    }


def command(settings: dict[str, str], *arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run ``kongchuo`` with these settings."""
    return finished(list(arguments), settings, timeout)


def make_database(settings: dict[str, str]) -> None:
    """What ``kongchuo init`` makes, and the made-up county put in."""
    now = dt.datetime.now()
    keys = [base64.b64decode(settings["KONGCHUO_DATA_KEY"])]
    engine = build_engine(settings["KONGCHUO_DATABASE_URL"])
    bring_tables(engine)
    create_county(engine, keys, "青石县", "national", now)
    store = open_store(engine, data_keys=keys, fold=names)
    fill(store, make_county(now.date()), now)
    store.close()


@contextlib.contextmanager
def serving(settings: dict[str, str], workers: int = 2) -> Iterator[tuple[Started, WeComClient]]:
    """A running server and a client that speaks as WeChat Work."""
    port = free_port()
    run = ["serve", "--bind", f"127.0.0.1:{port}", "--workers", str(workers)]
    log = Path(settings["KONGCHUO_FILES"]).with_name(f"serve-{port}.log")
    with log.open("wb") as written:
        process = start(run, settings, stderr=written.fileno())
    WATCH.follow(log)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", process, log)
        url = f"http://127.0.0.1:{port}/wecom/callback"
        yield process, WeComClient(url, settings["KONGCHUO_TOKEN"], settings["KONGCHUO_AES_KEY"], CORP, AGENT)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def wait_for(url: str, process: Started | subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    """Until the address answers 200."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AssertionError(f"the server ended: {log.read_text()}")
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError),
            urllib.request.urlopen(url, timeout=2) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


def morning_zone(now: dt.datetime | None = None) -> str:
    """A time zone in which it is ten in the morning, for nothing unasked leaves at night; ``now`` in UTC.

    The zones of the database go from Etc/GMT-14 to Etc/GMT+12, east of Greenwich being minus.
    """
    ahead = 10 - (now or dt.datetime.now(dt.UTC)).hour
    return f"Etc/GMT{-(ahead if ahead >= -12 else ahead + 24):+d}"
