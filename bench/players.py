"""The processes of a soak or of a test of several hosts: production's web server and jobs, on a clock that starts on a
school day's morning. ``python -m bench.players web|jobs BIND``; all else comes from the environment.
"""

from __future__ import annotations

import base64
import datetime as dt
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from types import FrameType

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
    bot = Place.given().bot()
    stop = threading.Event()

    def finish(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, finish)
    bell = start_bell(bot.store, bot.courier, bot.now, real_now, also=(lambda: link_audit(bot),))
    stop.wait()
    bell.shutdown(wait=True)


if __name__ == "__main__":
    if sys.argv[1] == "web":
        SoakWeb(sys.argv[2], 2).run()
    else:
        ring_and_send()
