"""A year whose official holidays are not known is asked for in time."""

from __future__ import annotations

import datetime as dt

from bot.alerts import ask_for_holidays
from reminders.jobs import collect
from tests.support.talk import Stage


def test_the_coming_year_is_asked_for_once_a_week() -> None:
    now = dt.datetime(2026, 11, 24, 9, 0)
    stage = Stage("national", now)
    assert ask_for_holidays(stage.store, now) == 2
    assert ask_for_holidays(stage.store, now + dt.timedelta(hours=2)) == 0
    told = {m.to: m.text for m in collect(stage.store, now) if m.key.startswith("holidays:")}
    assert set(told) == {"guan", "zhou"}
    assert told["guan"].startswith("2027年的法定节假日安排还没有录入")
    assert ask_for_holidays(stage.store, now + dt.timedelta(days=7)) == 2


def test_it_is_asked_for_still_when_the_year_has_come() -> None:
    now = dt.datetime(2027, 1, 5, 9, 0)
    assert ask_for_holidays(Stage("national", now).store, now) == 2


def test_nobody_is_asked_for_what_is_known_nor_at_night() -> None:
    now = dt.datetime(2025, 3, 12, 9, 0)
    stage = Stage("national", now)
    assert ask_for_holidays(stage.store, now) == 0
    assert ask_for_holidays(stage.store, dt.datetime(2026, 11, 24, 23, 0)) == 0
