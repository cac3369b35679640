"""Column types: what a row holds of time, lists and documents, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

AHEAD = dt.timedelta(hours=8)
"""China's one clock: UTC+8, without summer time since 1992."""

LONG_AGO = dt.datetime(1971, 1, 1)

Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def in_utc(moment: dt.datetime) -> dt.datetime:
    """A county wall-clock time (naive) or any aware time as naive UTC, the form in which rows keep instants."""
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment - AHEAD


def on_the_wall(moment: dt.datetime) -> dt.datetime:
    """A naive UTC instant as the county's wall-clock time, naive."""
    return moment + AHEAD


class Instant(sa.types.TypeDecorator[dt.datetime]):
    """An instant: UTC in the row, the county's naive wall-clock time outside of it."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        return None if value is None else in_utc(value)

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        return None if value is None else on_the_wall(value)


class RealTime(sa.types.TypeDecorator[dt.datetime]):
    """Real time, which no demo turns: naive UTC in the row and outside of it; aware times are converted."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        return in_utc(value) if value is not None and value.tzinfo else value


class Tags(sa.types.TypeDecorator[frozenset[str]]):
    """A small set of words as ``|a|b|``, so that one word is found by ``LIKE '%|a|%'``."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str:
        return f"|{'|'.join(sorted(value))}|" if value else ""

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> frozenset[str]:
        return frozenset(value.strip("|").split("|")) if value else frozenset()
