"""The simulated WeChat Work put together: the API, the chat page, and hands for tests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask import Flask

from bot.simulator import api, page
from bot.simulator.callbacks import Callbacks
from bot.simulator.envelope import ServerEnvelope
from bot.simulator.faults import Faults
from bot.simulator.hands import Simulator
from bot.simulator.state import PER_MINUTE, State, members_of


def create_simulator(
    people: Iterable[Mapping[str, Any]],
    callback_url: str,
    corp: str,
    agent: int,
    secret: str,
    token: str,
    aes_key: str,
    clock_url: str = "",
    title: str = "企业微信模拟器",
    examples: Mapping[str, Sequence[str]] | None = None,
    clock: Callable[[], float] = time.time,
    per_minute: int = PER_MINUTE,
) -> Simulator:
    """A WeChat Work server with these people, for one app.

    ``people``: userid and name, and perhaps role (Chinese), unit (path), examples (sentences), unlicensed.
    ``examples``: sentences by role. ``clock_url``: the bot's clock, GET gives and POST ``{"to": …}`` turns it.
    ``clock``: real seconds, for tokens and limits. ``per_minute``: messages of the app to one member.
    """
    app = Flask("bot.simulator", template_folder="templates", static_folder="static")
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024 * 1024
    state, faults = State(members_of(people), clock, per_minute), Faults()
    identity = api.App(corp, agent, secret)
    callbacks = Callbacks(callback_url, identity, ServerEnvelope(token, aes_key, corp), state, faults)
    simulator = Simulator(app, state, faults, callbacks)
    app.register_blueprint(api.blueprint(api.Api(identity, state, faults)))
    app.register_blueprint(page.blueprint(simulator, page.Look(title, clock_url, examples or {})))
    return simulator
