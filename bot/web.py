"""What is served over HTTP, put together: the callback, the pages, health and metrics."""

from __future__ import annotations

import functools
import time
from collections.abc import Sequence

import structlog
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from bot import pages
from bot.app import Bot
from bot.health import health
from bot.webhook import EXTENSION, Door, Intake, NotCommitted, webhook
from bot.wecom.crypto import Envelope
from bot.wecom.messages import Inbound, Reply
from storage.engine import Unavailable

log = structlog.get_logger("web")


def create_app(bot: Bot, demo: bool = False) -> Flask:
    """The Flask application: callback, pages, health and metrics; in the demo one chooses a person to log in."""
    app = Flask("bot")
    if bot.settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=bot.settings.proxies, x_proto=bot.settings.proxies)  # type: ignore[method-assign]
    envelope = Envelope(bot.settings.token, bot.settings.aes_key, bot.settings.corp_id, time.time)
    intake = Intake(envelope, bot.settings.agent_id, functools.partial(answer, bot), bot.metrics.refused)
    app.extensions[EXTENSION] = intake
    app.register_blueprint(webhook(intake))
    app.wsgi_app = Door(app.wsgi_app, intake)  # type: ignore[method-assign]
    app.register_blueprint(health(bot))
    pages.register(app, bot, demo=demo)
    return app


def answer(bot: Bot, many: Sequence[Inbound]) -> list[Reply | Exception]:
    """The replies to messages that were let in, timed and noted; ``NotCommitted`` in place of one where nothing could be
    written."""
    begun = time.perf_counter()
    replies = bot.reception.answer_all(many)
    seconds = time.perf_counter() - begun
    return [_noted(bot, inbound, reply, seconds) for inbound, reply in zip(many, replies, strict=True)]


def _noted(bot: Bot, inbound: Inbound, reply: Reply | Exception, seconds: float) -> Reply | Exception:
    bot.metrics.answered(inbound.created, seconds, failed=isinstance(reply, Exception))
    with structlog.contextvars.bound_contextvars(message=inbound.key):
        if isinstance(reply, Unavailable):
            log.error("not committed", kind=inbound.kind)
            unkept = NotCommitted()
            unkept.__cause__ = reply
            return unkept
        if not isinstance(reply, Exception):
            log.info("answered", kind=inbound.kind, of=inbound.event, seconds=round(seconds, 4))
    return reply
