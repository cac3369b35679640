"""Stores for tests: SQLite in memory or in a file, and a PostgreSQL of the session where there is one.

On every engine made here a hook refuses a statement that touches a county's table without naming the county.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from storage.assessing import Rules
from storage.engine import build_engine
from storage.migrating import migrate
from storage.pupils import NameFold
from storage.store import CASEWORK, Store, create_county, open_store
from storage.tables import metadata

KEY = b"a key for tests, of 32 bytes....".ljust(32, b".")[:32]
OPENED = dt.datetime(2025, 8, 1)
_migrated: bytes | None = None
_number = itertools.count(1)
_TABLE = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?(' + "|".join(sorted(metadata.tables)) + r')"?\b', re.I)


class CountyForgotten(AssertionError):
    """A statement that would reach over into other counties."""


def watch_county(engine: sa.Engine) -> None:
    """Refuse any statement that reads or writes a county's table without as many mentions of its county."""

    def check(connection, cursor, statement, parameters, context, many):
        tables = _TABLE.findall(statement)
        listing_counties = set(tables) == {"counties"} and "county_id" in statement
        if tables and not listing_counties and len(re.findall(r"county_id", statement)) < len(tables):
            raise CountyForgotten(statement)
        inserts = statement.lstrip().upper().startswith("INSERT")
        narrowed = re.search(
            r"county_id\"?[,)]" if inserts else r"county_id\"?\s*=", statement.split(" ON CONFLICT")[0]
        )
        if tables and not listing_counties and not narrowed:
            raise CountyForgotten(statement)

    event.listen(engine, "before_cursor_execute", check)


def fresh_store(
    url: str | sa.Engine = "sqlite://",
    county: str | None = None,
    pack: str = "national",
    opened: dt.datetime = OPENED,
    fold: NameFold | None = None,
    rules: Rules = CASEWORK,
    keys: tuple[bytes, ...] = (KEY,),
) -> Store:
    """A store of a new county: in a new database in memory, or beside other counties in the one named."""
    engine = build_engine(url) if isinstance(url, str) else url
    if isinstance(url, str):
        watch_county(engine)
        if url == "sqlite://":
            _with_tables(engine)
        else:
            migrate(engine)
    name = county or f"第{next(_number)}县-{uuid.uuid4().hex[:6]}"
    return open_store(engine, create_county(engine, keys, name, pack, opened), data_keys=keys, fold=fold, rules=rules)


def _with_tables(engine: sa.Engine) -> None:
    """The tables in an empty database in memory: migrated once, then copied."""
    global _migrated
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        connection.rollback()
        if _migrated is not None:
            driver.deserialize(_migrated)
            return
    migrate(engine)
    _migrated = driver.serialize()


def server_url() -> str | None:
    """The PostgreSQL server named by TEST_POSTGRES_URL, or a local one that lets us in; None if there is neither."""
    url = os.environ.get("TEST_POSTGRES_URL") or "postgresql+psycopg://postgres@127.0.0.1/postgres"
    engine = build_engine(url)
    try:
        with engine.connect():
            return url
    except sa.exc.OperationalError:
        return None
    finally:
        engine.dispose()


@contextmanager
def throw_away_database(migrated: bool = True) -> Iterator[str]:
    """The URL of a new PostgreSQL database with our tables, dropped afterwards; skips the test without a server."""
    server = server_url()
    if server is None:
        pytest.skip("no PostgreSQL: neither TEST_POSTGRES_URL nor a local server")
    name = f"kongchuo_test_{uuid.uuid4().hex[:12]}"
    with _outside_transactions(server) as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    url = sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    if migrated:
        engine = build_engine(url)
        migrate(engine)
        engine.dispose()
    try:
        yield url
    finally:
        with _outside_transactions(server) as connection:
            connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))


@contextmanager
def _outside_transactions(url: str) -> Iterator[sa.Connection]:
    engine = build_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    engine.dispose()
