"""``/healthz`` (the process lives), ``/readyz`` (database and schema), ``/metrics`` (Prometheus text)."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from flask import Blueprint, Response

from bot.app import Bot
from casework.calendar import Calendar
from storage.engine import Unavailable
from storage.revisions import is_current


def health(bot: Bot) -> Blueprint:
    """The three addresses that machines ask."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return _text("ok")

    @blueprint.get("/readyz")
    def readyz() -> Response:
        try:
            current = is_current(bot.store.engine)
        except Unavailable:
            return _text("database unavailable", 503)
        if not current:
            return _text("schema is not of this version: run kongchuo init", 503)
        if (off := bot.metrics.clock_off()) is not None:
            return _text(f"clock is off by {-off:+.0f} s: all callbacks are refused as stale", 503)
        return _text("ok")

    @blueprint.get("/metrics")
    def metrics() -> Response:
        try:
            figures = gauges(bot)
        except Unavailable:
            figures = {"kongchuo_database_up": ("whether the database answers", 0.0)}
        return Response(bot.metrics.show(figures), content_type="text/plain; version=0.0.4; charset=utf-8")

    return blueprint


def gauges(bot: Bot) -> dict[str, tuple[str, float]]:
    """What the database says now: name → (what it means, value). Ages and lags in seconds."""
    now = bot.now()
    with bot.store.look(now) as work:
        waiting, oldest = work.outbox.depth()
        dead = work.outbox.count_dead()
        wake = work.cases.next_wake()
        days = days_ahead(work.world.calendar, now.date())
        vitals = work.vitals()

    def age(since: dt.datetime | None) -> float:
        return max(0.0, (now - since).total_seconds()) if since else 0.0

    return {
        "kongchuo_database_up": ("whether the database answers", 1.0),
        "kongchuo_outbox_waiting": ("messages whose hour has come and that are not sent", float(waiting)),
        "kongchuo_outbox_oldest_seconds": ("how long the oldest of them has waited", age(oldest)),
        "kongchuo_outbox_dead": ("messages given up", float(dead)),
        "kongchuo_sweep_lag_seconds": (
            "how far the sweep is behind the earliest moment at which a case changes",
            age(wake),
        ),
        "kongchuo_duties_overdue": ("open duties past their day", float(vitals.duties_overdue)),
        "kongchuo_reports_due": ("monthly reports owed within seven days", float(vitals.reports_due)),
        "kongchuo_reports_overdue": ("monthly reports past their day", float(vitals.reports_overdue)),
        "kongchuo_calendar_days_left": ("days ahead for which official holidays and terms are known", float(days)),
        "kongchuo_files_oldest_seconds": (
            "how long the oldest photo or file waits to be fetched; WeChat Work drops it after three days",
            age(vitals.files_wanted),
        ),
        "kongchuo_files_lost": ("photos and files of a child that could not be fetched", float(vitals.files_lost)),
        "kongchuo_audit_unchained_seconds": (
            "how long the oldest row of the trail waits for its link",
            age(vitals.unchained),
        ),
        "kongchuo_disk_free_bytes": ("free space where files and, on SQLite, the records lie", free_space(bot)),
    }


def free_space(bot: Bot) -> float:
    """Free bytes for files, or for the records where they lie in a file and have less."""
    file = bot.store.engine.url.database if bot.store.engine.dialect.name == "sqlite" else None
    return float(min(free_bytes(path) for path in (bot.settings.files, *([Path(file).parent] if file else []))))


def free_bytes(folder: Path) -> int:
    """Free space where the folder is or will be made."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def days_ahead(calendar: Calendar, today: dt.date) -> int:
    """For how many days from today on official holidays and a term are known.

    An autumn term reaches into a year whose notice comes in November: the days of this year count until then.
    """
    last = max((term.end for term in calendar.county.terms), default=today)
    while last > today and not calendar.county.covers(last.year):
        last = dt.date(last.year - 1, 12, 31)
    return max(0, (last - today).days)


def _text(words: str, status: int = 200) -> Response:
    return Response(words, status, content_type="text/plain; charset=utf-8")
