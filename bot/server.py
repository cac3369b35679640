"""The production server: gunicorn with threads for callback and pages, and processes for scheduler and sender."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from types import FrameType
from typing import TYPE_CHECKING

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from bot.balance import clear_place, give_place
from bot.logs import JsonLines
from bot.porter import Porter
from bot.settings import WECOM, load

if TYPE_CHECKING:
    from bot.app import Bot

REQUIRED = ("data_key", *WECOM)
THREADS = 8
SHARED = "PROMETHEUS_MULTIPROC_DIR"  # bot.metrics imports prometheus_client, which looks for it once
log = structlog.get_logger("server")
NIGHT = range(1, 5)  # hours in which there is nothing else to do
GRACE = 25  # seconds in which requests in hand are finished after SIGTERM


class Lines(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's own log in our form: no addresses with queries, no words of exceptions."""

    def setup(self, cfg: object) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())


def forget_worker(server: Arbiter, worker: Worker) -> None:
    """A worker that has ended no longer says how things are now; what it counted stays."""
    from prometheus_client import multiprocess

    clear_place(worker)
    if SHARED not in os.environ:  # an exception here would end the master
        return
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # ships no types for it


class Web(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with our settings in place of a configuration file."""

    def __init__(self, bind: str, workers: int) -> None:
        self._given = {
            "bind": bind, "workers": workers, "threads": THREADS, "worker_class": Porter, "timeout": 30,
            "graceful_timeout": GRACE, "keepalive": 5, "max_requests": 100_000, "max_requests_jitter": 10_000,
            "limit_request_line": 8190, "accesslog": None, "errorlog": "-", "loglevel": "warning", "preload_app": False,
            "logger_class": Lines, "child_exit": forget_worker, "pre_fork": give_place,
        }  # fmt: skip
        # Before the fork: read once, and all workers share the memory.
        from bot import pages, reception  # noqa: F401

        super().__init__()

    def load_config(self) -> None:
        for key, value in self._given.items():
            self.cfg.set(key, value)

    def load(self) -> Flask:
        # Built after the fork: connections and threads must not be shared between processes.
        from bot.commands.ground import ready
        from bot.web import create_app

        bot = ready(load(required=REQUIRED))
        app = create_app(bot)
        warm(app, bot)
        return app


def warm(app: Flask, bot: Bot) -> threading.Thread:
    """Read what every message and page needs before the first one comes: the county's units, posts, days and rules; the
    pages' templates and the catalogue of papers aside, for a message waits for none. While the database is away the first one reads it, as before.
    Returns the thread in which those are made ready."""
    from storage.engine import Unavailable

    try:
        with bot.store.look(bot.now()) as work:
            assert work.world
    except Unavailable:
        log.warning("not warmed", why="database away")
    compiling = threading.Thread(target=_compile_pages, args=(app,), daemon=True)
    compiling.start()
    return compiling


def _compile_pages(app: Flask) -> None:
    from reports.catalogue import catalogue

    catalogue()
    for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith("m/")):
        app.jinja_env.get_template(name)


def serve(bind: str, workers: int, with_jobs: bool) -> None:
    """Serve until SIGTERM; with jobs, one more process rings and sends."""
    # Before prometheus_client is imported, which looks once: all processes to come share their counts there.
    shared = tempfile.mkdtemp(prefix="kongchuo-metrics-")
    os.environ[SHARED] = shared
    from bot.commands.ground import Refused, ready
    from storage.revisions import is_current

    if not is_current(ready(load(required=REQUIRED)).store.engine):
        raise Refused("数据库的表结构不是这个版本的。请先运行 kongchuo init")
    jobs = subprocess.Popen([sys.executable, "-m", "bot", "jobs"]) if with_jobs else None
    try:
        Web(bind, workers).run()
    finally:
        if jobs and jobs.poll() is None:
            jobs.terminate()
            jobs.wait(GRACE)
        shutil.rmtree(shared, ignore_errors=True)


def run_jobs(metrics: str | None = None) -> None:
    """Ring the bell and send until SIGTERM; what is in hand is finished. ``metrics``: HOST:PORT that answers for it."""
    from bot.ahead import make_ahead
    from bot.alerts import ask_for_holidays
    from bot.app import real_now
    from bot.commands.ground import ready
    from bot.media import fetch_wanted
    from reminders.jobs import start_bell

    bot = ready(load(required=REQUIRED))
    if metrics:
        answer_metrics(metrics, bot)
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
        also=(
            lambda: fetch_wanted(bot),
            lambda: ask_for_holidays(bot.store, bot.now()),
            lambda: link_audit(bot),
            lambda: forget_words(bot),
            lambda: make_ahead(bot),
        ),
        failed=bot.metrics.job_failed,
        over=stop.is_set,
    )
    parent = os.getppid()
    while not stop.wait(5):
        if os.getppid() != parent:  # the server that started us is gone
            stop.set()
    bell.shutdown(wait=True)


def link_audit(bot: Bot) -> None:
    """Chain the trail's new rows; its head goes to the log, which the database cannot change afterwards."""
    with bot.store.begin(bot.now()) as work:
        many = work.audit.link()
        head = work.audit.head() if many else None
    if head is not None:
        log.info("audit chained", rows=many, number=head.number, head=head.hash)


def forget_words(bot: Bot) -> int:
    """Blank the words of messages that were kept long enough; a few thousand rows at each ring of the night."""
    now = bot.now()
    if now.hour not in NIGHT:
        return 0
    with bot.store.begin(now) as work:
        count = work.forget_words(now - dt.timedelta(days=bot.settings.keep_words_days))
        work.paces.forget(int(time.time() // 60) - 60)
    if count:
        log.info("words forgotten", rows=count)
    return count


def answer_metrics(address: str, bot: Bot) -> None:
    """/metrics of a process that serves nothing else, in a thread of its own."""
    from werkzeug.serving import make_server

    from bot.health import health

    host, _, port = address.rpartition(":")
    app = Flask("metrics")
    app.register_blueprint(health(bot))
    web = make_server(host or "127.0.0.1", int(port), app, threaded=True)
    threading.Thread(target=web.serve_forever, name="metrics", daemon=True).start()
