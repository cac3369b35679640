"""The processes of a soak or of a test of several hosts: production's web server and jobs, on a clock that starts on a
school day's morning. ``python -m bench.players web|jobs BIND``; all else comes from the environment.
"""

from __future__ import annotations

import base64
import datetime as dt
import faulthandler
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask

from bench.load import AES_KEY, AGENT, CORP, KEY, MORNING, TOKEN
from bot.app import Bot, build, real_now
from bot.server import Web, link_audit
from bot.settings import Settings
from bot.web import create_app
from reminders.jobs import start_bell

SECRET = "soak"
BEGUN = "SOAK_BEGUN"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the processes find things: database, WeChat Work, and the real second at which the clock read MORNING."""

    database: str
    api: str
    files: str
    begun: float = field(default_factory=time.time)

    def environment(self) -> dict[str, str]:
        """For a process that is started."""
        return {
            "PATH": os.environ["PATH"], "PYTHONPATH": os.getcwd(), BEGUN: repr(self.begun),
            "SOAK_DATABASE": self.database, "SOAK_API": self.api, "SOAK_FILES": self.files,
        }  # fmt: skip

    def now(self) -> dt.datetime:
        """The county's clock: all processes agree on it."""
        return MORNING + dt.timedelta(seconds=time.time() - self.begun)

    def told_by(self, pid: int) -> Path:
        """Where a process that gets SIGUSR1 writes down where each of its threads stands."""
        return Path(self.files) / f"stands-{pid}.txt"

    @classmethod
    def given(cls) -> Place:
        """As the environment says."""
        return cls(
            os.environ["SOAK_DATABASE"], os.environ["SOAK_API"], os.environ["SOAK_FILES"], float(os.environ[BEGUN])
        )

    def bot(self) -> Bot:
        """The running program on these places."""
        settings = Settings(
            database_url=self.database, wecom_api=self.api, files=self.files, corp_id=CORP, agent_id=AGENT, secret=SECRET,
            token=TOKEN, aes_key=AES_KEY, data_key=base64.b64encode(KEY).decode(), log_level="CRITICAL",
        )  # fmt: skip
        return build(settings, now=self.now)


class SoakWeb(Web):
    """``kongchuo serve``'s gunicorn on the soak's clock."""

    def load(self) -> Flask:
        return create_app(Place.given().bot())


def ring_and_send() -> None:
    """``kongchuo jobs`` on the soak's clock, until SIGTERM."""
    place = Place.given()
    bot = place.bot()
    over = threading.Event()
    told = place.told_by(os.getpid()).open("w", encoding="utf-8")
    faulthandler.register(signal.SIGUSR1, file=told)

    def finish(number: int, frame: FrameType | None) -> None:
        over.set()

    signal.signal(signal.SIGTERM, finish)
    also = (lambda: link_audit(bot),)
    bell = start_bell(bot.store, bot.courier, bot.now, real_now, also=also, over=over.is_set)
    while not over.wait(5):  # as production does: a signal that another thread took wakes nobody who waits for ever
        pass
    bell.shutdown(wait=True)


def alone(words: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """A process of ``bench.players``, started as one that is installed; what it writes nobody reads."""
    command = [sys.executable, "-m", "bench.players", *words]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


Begin = Callable[[list[str], dict[str, str]], Any]
"""Starts a process of ``bench.players`` with words and environment: a ``subprocess.Popen`` or what is used like one."""


def stop(process: subprocess.Popen[bytes], place: Place, patience: float) -> None:
    """SIGTERM, and the seconds it may take to finish what is in hand; ``AssertionError`` says where one stands that does not."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired as error:
        process.send_signal(signal.SIGUSR1)
        time.sleep(1)
        stands = place.told_by(process.pid)
        words = stands.read_text("utf-8") if stands.exists() else "it never began"
        raise AssertionError(f"a process did not stop in {patience} s: {words}") from error


if __name__ == "__main__":
    if sys.argv[1] == "web":
        SoakWeb(sys.argv[2], 2).run()
    else:
        ring_and_send()
