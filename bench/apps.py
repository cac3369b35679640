"""The applications that are measured against each other, each under gunicorn as ``kongchuo serve`` runs it.

``python -m bench.apps KIND BIND URL``: ``echo`` answers without a database, ``insert4`` writes four naive rows in one
commit, ``report`` is this program whole. The first two are written with wechatpy alone, as a newcomer would.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, Response, request
from sqlalchemy import event
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.work import parse_message
from wechatpy.work.crypto import WeChatCrypto
from wechatpy.work.replies import TextReply

from bench.load import AES_KEY, AGENT, CORP, KEY, MORNING, TOKEN
from bot.memory import look_seldom
from bot.server import Web

WORKERS = 2
Keep = Callable[[object, str], None]


def echo() -> Flask:
    """The smallest application: verify, decrypt, parse, answer with an encrypted reply."""
    return _naive(lambda message, answer: None)


def _naive(keep: Keep) -> Flask:
    app = Flask("naive")
    crypto = WeChatCrypto(TOKEN, AES_KEY, CORP)

    @app.post("/wecom/callback")
    def callback() -> Response:
        query = request.args
        try:
            plain = crypto.decrypt_message(
                request.get_data(), query["msg_signature"], query["timestamp"], query["nonce"]
            )
        except InvalidSignatureException:
            return Response(status=403)
        message = parse_message(plain)
        answer = f"收到：{message.content}"
        keep(message, answer)
        reply = TextReply(content=answer, message=message).render()
        return Response(crypto.encrypt_message(reply, query["nonce"], query["timestamp"]), content_type="text/xml")

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    return app


metadata = sa.MetaData()
messages = sa.Table(
    "b_messages", metadata,
    sa.Column("key", sa.String(64), primary_key=True), sa.Column("person", sa.String(64)),
    sa.Column("text", sa.Text), sa.Column("reply", sa.Text), sa.Column("at", sa.DateTime),
)  # fmt: skip
cases = sa.Table(
    "b_cases", metadata,
    sa.Column("id", sa.String(64), primary_key=True), sa.Column("pupil", sa.String(64), index=True),
    sa.Column("state", sa.String(16)), sa.Column("day", sa.Integer), sa.Column("since", sa.Date),
)  # fmt: skip
audit = sa.Table(
    "b_audit", metadata,
    sa.Column("id", sa.String(64), primary_key=True), sa.Column("at", sa.DateTime), sa.Column("person", sa.String(64)),
    sa.Column("did", sa.String(40)), sa.Column("detail", sa.JSON),
)  # fmt: skip
outbox = sa.Table(
    "b_outbox", metadata,
    sa.Column("id", sa.String(64), primary_key=True), sa.Column("person", sa.String(64), index=True),
    sa.Column("content", sa.Text), sa.Column("state", sa.String(8)), sa.Column("not_before", sa.DateTime),
)  # fmt: skip


def naive_engine(url: str) -> sa.Engine:
    """SQLite in WAL with synchronous FULL, as in this program; PostgreSQL as SQLAlchemy opens it."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_size=16)
    engine = sa.create_engine(url, connect_args={"timeout": 10}, pool_size=16)

    @event.listens_for(engine, "connect")
    def prepare(connection: object, entry: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def insert4(url: str) -> Flask:
    """Echo, and four rows in one commit: message, case, audit, outbox."""
    engine = naive_engine(url)

    def keep(message: object, answer: str) -> None:
        now, one = dt.datetime.now(), uuid.uuid4().hex
        with engine.begin() as connection:
            connection.execute(
                sa.insert(messages),
                {"key": str(message.id), "person": message.source, "text": message.content, "reply": answer, "at": now},  # type: ignore[attr-defined]
            )
            connection.execute(
                sa.insert(cases), {"id": one, "pupil": one[:8], "state": "absent", "day": 1, "since": now.date()}
            )
            connection.execute(
                sa.insert(audit),
                {"id": one, "at": now, "person": message.source, "did": "report", "detail": {"text": message.content}},  # type: ignore[attr-defined]
            )
            connection.execute(
                sa.insert(outbox),
                {
                    "id": one,
                    "person": message.source,
                    "content": json.dumps({"text": answer}),
                    "state": "waiting",
                    "not_before": now,
                },  # type: ignore[attr-defined]
            )

    return _naive(keep)


def report(url: str) -> Flask:
    """This program whole, its clock on a school day's morning."""
    from bot.app import build
    from bot.settings import Settings
    from bot.web import create_app

    settings = Settings(
        database_url=url, corp_id=CORP, agent_id=AGENT, secret="bench", token=TOKEN, aes_key=AES_KEY,
        data_key=base64.b64encode(KEY).decode(), files=Path(tempfile.gettempdir()) / "bench-files", log_level="WARNING",
    )  # fmt: skip
    begun = time.monotonic()
    return create_app(build(settings, now=lambda: MORNING + dt.timedelta(seconds=time.monotonic() - begun)))


class Measured(Web):
    """``kongchuo serve``'s gunicorn, with another application in it."""

    def __init__(self, bind: str, kind: str, url: str) -> None:
        self._kind, self._url = kind, url
        super().__init__(bind, WORKERS)

    def load(self) -> Flask:
        if self._kind == "echo":
            return echo()
        return insert4(self._url) if self._kind == "insert4" else report(self._url)


if __name__ == "__main__":
    os.environ.pop("KONGCHUO_DATABASE_URL", None)
    kind, bind, url = sys.argv[1:4]
    if kind == "report":  # as kongchuo does; the newcomer's programs do not
        look_seldom()
    Measured(bind, kind, url).run()

__all__ = ["echo", "insert4", "metadata", "naive_engine", "report"]
