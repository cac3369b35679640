"""Pages under ``/m/``: made for the phone inside WeChat Work, good on a desk, readable without JavaScript."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from bot.app import Bot
from bot.pages import (
    amend,
    arrivals,
    calendar_import,
    compare,
    county,
    department,
    door,
    erasure,
    ledgers,
    lists,
    login,
    monthly,
    newcomers,
    numbers,
    pending,
    photos,
    pupil,
    rates,
    roll,
    roster_import,
    rules,
    settings,
    shell,
    signed,
    todo,
    waiting,
    works,
)

PARTS = (todo, pending, pupil, newcomers, roll, monthly, county,
    ledgers, compare, settings, calendar_import, roster_import, erasure, rules, waiting, lists, works, arrivals, rates, department, signed,
    numbers, photos, amend)  # fmt: skip


def register(app: Flask, bot: Bot, demo: bool = False) -> None:
    """Add the pages to the application; ``demo`` lets one choose a person instead of logging in."""
    door.install(app, bot, https=bot.settings.public_url.startswith("https://"))
    routes = shell.blueprint(Path(__file__).parent)
    login.add(routes, demo=demo)
    for part in PARTS:
        part.add(routes)
    app.register_blueprint(routes)
