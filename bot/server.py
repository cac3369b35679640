"""The production server: gunicorn with threads for callback and pages, and processes for scheduler and sender."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from types import FrameType
from typing import TYPE_CHECKING

from flask import Flask
from gunicorn.app.base import BaseApplication

from bot.settings import WECOM, load

if TYPE_CHECKING:
    from bot.app import Bot

REQUIRED = ("data_key", *WECOM)
THREADS = 8
GRACE = 25  # seconds in which requests in hand are finished after SIGTERM


class Web(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with our settings in place of a configuration file."""

    def __init__(self, bind: str, workers: int) -> None:
        self._given = {
            "bind": bind, "workers": workers, "threads": THREADS, "worker_class": "gthread", "timeout": 30,
            "graceful_timeout": GRACE, "keepalive": 5, "max_requests": 100_000, "max_requests_jitter": 10_000,
            "limit_request_line": 8190, "accesslog": None, "errorlog": "-", "loglevel": "warning", "preload_app": False,
        }  # fmt: skip
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._given.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        # Built after the fork: connections and threads must not be shared between processes.
        from bot.app import create_app
        from bot.setup import ready

        return create_app(ready(load(required=REQUIRED)))


def serve(bind: str, workers: int, with_jobs: bool) -> None:
    """Serve until SIGTERM; with jobs, one more process rings and sends."""
    from bot.setup import Refused, ready
    from storage.migrating import is_current

    if not is_current(ready(load(required=REQUIRED)).store.engine):
        raise Refused("数据库的表结构不是这个版本的。请先运行 kongchuo init")
    jobs = subprocess.Popen([sys.executable, "-m", "bot", "jobs"]) if with_jobs else None
    try:
        Web(bind, workers).run()
    finally:
        if jobs and jobs.poll() is None:
            jobs.terminate()
            jobs.wait(GRACE)


def run_jobs() -> None:
    """Ring the bell and send until SIGTERM; what is in hand is finished."""
    from bot.alerts import ask_for_holidays
    from bot.app import real_now
    from bot.files import fetch_wanted
    from bot.setup import ready
    from reminders.jobs import start_bell

    bot = ready(load(required=REQUIRED))
    stop = threading.Event()

    def finish(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGINT, finish)
    bell = start_bell(
        bot.store,
        bot.courier,
        bot.now,
        real_now,
        also=(lambda: fetch_wanted(bot), lambda: ask_for_holidays(bot.store, bot.now()), lambda: link_audit(bot)),
    )
    parent = os.getppid()
    while not stop.wait(5):
        if os.getppid() != parent:  # the server that started us is gone
            break
    bell.shutdown(wait=True)


def link_audit(bot: Bot) -> None:
    """Chain the trail's new rows."""
    with bot.store.begin(bot.now()) as work:
        work.audit.link()
