"""Builds everything once. The only reader of the clock.

What speaks and what serves is imported when it is first asked for: a command that only opens the store starts in half
the time.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.logs import configure
from bot.metrics import Metrics
from bot.settings import Settings
from bot.tokens import SharedTokens
from bot.wecom.client import Client
from handlers.understanding import names
from storage.store import Store, open_store

if TYPE_CHECKING:
    from bot.courier import Courier
    from bot.reception import Reception

Clock = Callable[[], dt.datetime]


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
