"""Time passes: the bell of a running program, and the stepping clock of demo and replay. Both ring the same sweep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from reminders.ports import Courier, Outgoing, Store
from reminders.sender import BATCH, Gate, send_due
from reminders.settling import settle_cards
from reminders.sweep import Swept, sweep

__all__ = ["Step", "collect", "run_until", "start_bell", "sweep"]

SEND_EVERY = 3
"""Seconds between two looks into the outbox."""
SETTLE_EVERY = 20
"""Seconds between two looks for cards whose work is done."""
Clock = Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True)
class Step:
    """One moment that the clock passed through: the sweep of it, and what ``deliver`` returned."""

    swept: Swept
    delivered: Any = None


def run_until(
    store: Store, since: dt.datetime, until: dt.datetime, deliver: Callable[[dt.datetime], Any] | None = None
) -> list[Step]:
    """Let time pass from ``since`` to ``until``, both included, stopping only where something can happen.

    ``since`` is swept too: what was just recorded may have to be told at once. ``deliver`` is called at
    each stop, after the sweep: the sender in a demo, ``collect`` in a replay.
    """
    steps: list[Step] = []
    now = since
    while now <= until:
        swept = sweep(store, now)
        if now == since:  # what this midnight made overdue was told when the clock came here
            swept = replace(swept, overdue=())
        steps.append(Step(swept, deliver(now) if deliver else None))
        now = swept.wake
    return steps


def collect(store: Store, now: dt.datetime) -> list[Outgoing]:
    """Take what would be sent at this moment and mark it as sent: the way out of a replay."""
    with store.begin(now) as work:
        claimed = work.outbox.claim(now, BATCH, 60)
        work.outbox.sent_all([(one.id, "", None) for one in claimed], now)
    return [one.message for one in claimed]


def start_bell(
    store: Store,
    courier: Courier,
    now: Clock,
    real_now: Clock,
    also: Iterable[Callable[[], Any]] = (),
    failed: Callable[[str], None] = lambda job: None,
    over: Callable[[], bool] = lambda: False,
) -> BackgroundScheduler:
    """Ring until ``shutdown(wait=True)``, which lets what is in hand finish.

    A sweep a minute, a look into the outbox every few seconds, and what else there is to do, each
    minute. The scheduler keeps no jobs of its own beyond these: what is due stands in the database, so
    a late or missed ring loses nothing. ``failed`` is told the name of a job whose run failed; it is rung again.
    ``over``: whether to begin no more sending, asked before each message.
    """
    gate = Gate(over=over)
    bell = BackgroundScheduler(timezone=dt.UTC)
    bell.add_listener(lambda event: failed(event.job_id), EVENT_JOB_ERROR)
    once = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    bell.add_job(lambda: sweep(store, now()), CronTrigger(second=5), id="sweep", **once)

    def send() -> None:
        send_due(store, courier, real_now(), now(), gate)

    def settle() -> None:
        settle_cards(store, courier, real_now(), now(), gate)

    bell.add_job(send, IntervalTrigger(seconds=SEND_EVERY), id="send", **once)
    bell.add_job(settle, IntervalTrigger(seconds=SETTLE_EVERY), id="settle", **once)
    for n, job in enumerate(also):
        bell.add_job(job, CronTrigger(second=35), id=f"also-{n}", **once)
    bell.start()
    return bell
