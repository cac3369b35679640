"""A whole bot on the made-up county in a file, with its clock standing still."""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path

from bot.app import Bot, build
from bot.madeup import fill, make_county
from bot.settings import Settings
from storage.counties import create_county
from storage.engine import build_engine
from tests.support import databases
from tests.support.stores import bring_tables, watch_county

KEY = b"a key for tests, of 32 bytes...."
NOW = dt.datetime(2025, 9, 8, 9, 30)
"""A Monday in term."""


def running(folder: Path, now: dt.datetime = NOW, url: str | None = None, **more: object) -> Bot:
    """The bot, built as in production."""
    mine = url is None and databases.ON_POSTGRESQL
    url = databases.own() if mine else url or f"sqlite:///{folder / 'county.db'}"
    engine = build_engine(url)
    bring_tables(engine)
    create_county(engine, [KEY], "青石县", "national", now)
    engine.dispose()
    given = {
        "corp_id": "ww0test0corp", "agent_id": 1000009, "secret": "planted-secret", "token": "plantedtoken",
        "aes_key": "x" * 43, "wecom_api": "http://127.0.0.1:9/cgi-bin/", "public_url": "https://county.invalid",
        "files": folder / "files", "log_level": "DEBUG",
    }  # fmt: skip
    settings = Settings(_env_file=None, database_url=url, data_key=base64.b64encode(KEY).decode(), **{**given, **more})
    bot = build(settings, now=lambda: now)
    watch_county(bot.store.engine)
    if mine:
        databases.until_forgotten(bot.store.engine)
    fill(bot.store, make_county(now.date()), now)
    return bot
