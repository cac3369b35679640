"""Builds everything once. The only reader of the clock.

What speaks and what serves is imported when it is first asked for: a command that only opens the store starts in half
the time.
"""

from __future__ import annotations

import datetime as dt
import functools
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog

from bot.logs import configure
from bot.metrics import Metrics
from bot.settings import Settings
from bot.tokens import SharedTokens
from bot.wecom.client import Client
from handlers.understanding import names
from storage.engine import Unavailable
from storage.store import Store, open_store

if TYPE_CHECKING:
    from flask import Flask

    from bot.courier import Courier
    from bot.reception import Reception
    from bot.wecom.messages import Inbound, Reply

Clock = Callable[[], dt.datetime]
log = structlog.get_logger("app")


def real_now() -> dt.datetime:
    """Real time in UTC, without zone: for intake, leases, tokens and sessions."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def wall_clock(timezone: str) -> Clock:
    """The county's wall clock."""
    zone = ZoneInfo(timezone)
    return lambda: dt.datetime.now(zone).replace(tzinfo=None)


@dataclass(frozen=True)
class Bot:
    """The running program: what web, jobs and commands share."""

    settings: Settings
    store: Store
    client: Client
    metrics: Metrics
    now: Clock
    real: Clock = real_now

    @functools.cached_property
    def courier(self) -> Courier:
        """Carries what waits in the outbox to WeChat Work."""
        from bot.courier import Courier

        settings = self.settings
        return Courier(self.client, self.now, settings.public_url, settings.cards, self._make, self.metrics.sent)

    def _make(self, person: str, wanted: Mapping[str, Any], now: dt.datetime) -> tuple[str, bytes]:
        from bot.files import make_for

        return make_for(self.store, self.settings.files, self.settings.public_url, person, wanted, now)

    @functools.cached_property
    def reception(self) -> Reception:
        """Answers what comes from WeChat Work."""
        from bot.reception import Reception

        return Reception(self.store, self.now, self.real, public_url=self.settings.public_url)


def build(settings: Settings, now: Clock | None = None) -> Bot:
    """Everything from the settings; ``now`` is the county's clock (the demo turns it)."""
    configure(settings.log_level)
    clock = now or wall_clock(settings.timezone)
    store = open_store(settings.database_url, settings.county, data_keys=settings.data_keys, fold=names)
    tokens = SharedTokens(store, clock, real_now)
    metrics = Metrics()
    client = Client(
        settings.corp_id, settings.agent_id, settings.secret, settings.wecom_api, tokens, skew=metrics.skew
    )  # fmt: skip
    return Bot(settings, store, client, metrics, clock)


def create_app(bot: Bot, demo: bool = False) -> Flask:
    """The Flask application: callback, pages, health and metrics; in the demo one chooses a person to log in."""
    from flask import Flask
    from werkzeug.middleware.proxy_fix import ProxyFix

    from bot import pages
    from bot.health import health
    from bot.webhook import EXTENSION, Door, Intake, webhook
    from bot.wecom.crypto import Envelope

    app = Flask("bot")
    if bot.settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=bot.settings.proxies, x_proto=bot.settings.proxies)  # type: ignore[method-assign]
    envelope = Envelope(bot.settings.token, bot.settings.aes_key, bot.settings.corp_id, time.time)
    intake = Intake(envelope, bot.settings.agent_id, functools.partial(_answer, bot), bot.metrics.refused)
    app.extensions[EXTENSION] = intake
    app.register_blueprint(webhook(intake))
    app.wsgi_app = Door(app.wsgi_app, intake)  # type: ignore[method-assign]
    app.register_blueprint(health(bot))
    pages.register(app, bot, demo=demo)
    return app


def _answer(bot: Bot, inbound: Inbound) -> Reply:
    from bot.webhook import NotCommitted

    with bot.metrics.callback(inbound.created), structlog.contextvars.bound_contextvars(message=inbound.key):
        begun = time.perf_counter()
        try:
            reply = bot.reception.answer(inbound)
        except Unavailable as error:
            log.error("not committed", kind=inbound.kind)
            raise NotCommitted from error
        log.info("answered", kind=inbound.kind, of=inbound.event, seconds=round(time.perf_counter() - begun, 4))
        return reply
