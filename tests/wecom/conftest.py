"""A bot that repeats what it hears, on a real socket, and the simulated server around it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from flask import Flask
from werkzeug.serving import make_server

from bot.simulator import Simulator, create_simulator
from bot.simulator.envelope import ServerEnvelope
from bot.webhook import Door, Intake, webhook
from bot.wecom.client import Client
from bot.wecom.crypto import Envelope, Refused
from bot.wecom.messages import Inbound, Reply

CORP, AGENT, SECRET, TOKEN = "wx5823bf96d3bd56c7", 218, "secret-of-the-app", "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
PEOPLE = [
    {"userid": "wang", "name": "王老师", "role": "班主任", "unit": "老隆镇/第一中学/八年级3班"},
    {"userid": "Li", "name": "李主任", "role": "控辍专干", "unit": "老隆镇/第一中学"},
    {"userid": "free", "name": "未授权", "unlicensed": True},
]


@dataclass
class Echo:
    """The bot behind the callback: what it heard, what was refused, and how it answers."""

    heard: list[Inbound] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    answer: Callable[[Inbound], Reply] = lambda inbound: Reply(f"收到：{inbound.content}")
    url: str = ""

    def __call__(self, many: Sequence[Inbound]) -> list[Reply | Exception]:
        self.heard += many
        return [self._reply(inbound) for inbound in many]

    def _reply(self, inbound: Inbound) -> Reply | Exception:
        try:
            return self.answer(inbound)
        except Exception as error:
            return error


@pytest.fixture
def echo() -> Iterator[Echo]:
    bot = Echo()
    app = Flask("echo")
    envelope = Envelope(TOKEN, AES_KEY, CORP, time.time)
    intake = Intake(envelope, AGENT, bot, bot.refused.append, patience=0.6)
    app.register_blueprint(webhook(intake))
    app.wsgi_app = Door(app.wsgi_app, intake)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    bot.url = f"http://127.0.0.1:{server.server_port}/wecom/callback"
    yield bot
    server.shutdown()
    server.server_close()


@pytest.fixture
def sealed() -> ServerEnvelope:
    """The independent other side of the encryption."""
    return ServerEnvelope(TOKEN, AES_KEY, CORP)


@pytest.fixture
def simulator(echo: Echo) -> Simulator:
    return create_simulator(PEOPLE, echo.url, CORP, AGENT, SECRET, TOKEN, AES_KEY, clock_url="http://127.0.0.1:9/clock")


@pytest.fixture
def address(simulator: Simulator) -> Iterator[str]:
    yield simulator.start()
    simulator.stop()


@pytest.fixture
def client(address: str) -> Client:
    return Client(CORP, AGENT, SECRET, f"{address}/cgi-bin/", timeout=(1, 0.5))
