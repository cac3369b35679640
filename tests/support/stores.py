"""Stores for tests: SQLite in memory or in a file, and a PostgreSQL of the session where there is one.

On every engine made here a hook refuses a statement that touches a county's table without naming the county.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from storage.assessing import Rules
from storage.counties import create_county
from storage.engine import build_engine
from storage.migrating import migrate
from storage.pupils import NameFold
from storage.store import CASEWORK, Store, open_store
from storage.tables import metadata
from tests.support import databases

KEY = b"a key for tests, of 32 bytes....".ljust(32, b".")[:32]
OPENED = dt.datetime(2025, 8, 1)
_number = itertools.count(1)
_STATEMENTS: dict[Any, Any] = {}
_TABLE = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+"?(' + "|".join(sorted(metadata.tables)) + r')"?\b', re.I)


class CountyForgotten(AssertionError):
    """A statement that would reach over into other counties."""


def watch_county(engine: sa.Engine) -> None:
    """Refuse any statement that reads or writes a county's table without as many mentions of its county."""

    def check(connection, cursor, statement, parameters, context, many):
        if not _names_its_county(statement):
            raise CountyForgotten(statement)

    event.listen(engine, "before_cursor_execute", check)


@functools.lru_cache(maxsize=10_000)
def _names_its_county(statement: str) -> bool:
    tables = _TABLE.findall(statement)
    if not tables or (set(tables) == {"counties"} and "county_id" in statement):  # the list of counties
        return True
    inserts = statement.lstrip().upper().startswith("INSERT")
    narrowed = re.search(r"county_id\"?[,)]" if inserts else r"county_id\"?\s*=", statement.split(" ON CONFLICT")[0])
    return len(re.findall(r"county_id", statement)) >= len(tables) and narrowed is not None


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
    engine = url if isinstance(url, sa.Engine) else empty_database() if url == "sqlite://" else build_engine(url)
    if isinstance(url, str) and url != "sqlite://":
        watch_county(engine)
        bring_tables(engine)
    id = f"第{next(_number)}县-{uuid.uuid4().hex[:6]}"
    create_county(engine, keys, county or id, pack, opened, county=id)
    return open_store(engine, id, data_keys=keys, fold=fold, rules=rules)


def empty_database() -> sa.Engine:
    """An engine with our tables and the hook: in memory, or the PostgreSQL database of this process."""
    if databases.ON_POSTGRESQL:
        return _shared()
    engine = in_memory()
    watch_county(engine)
    bring_tables(engine)
    return engine


def in_memory() -> sa.Engine:
    """An engine of a database of its own, for which a statement is put into words only where no other has needed it."""
    engine = build_engine("sqlite://")
    engine.dialect = engine.pool._dialect = _speaking()
    engine.update_execution_options(compiled_cache=_STATEMENTS)
    return engine


@functools.cache
def _speaking() -> sa.Dialect:
    engine = build_engine("sqlite://")
    with engine.connect():  # what this SQLite can do is asked of it now
        return engine.dialect


@functools.cache
def _shared() -> sa.Engine:
    engine = databases.shared()
    watch_county(engine)
    return engine


def bring_tables(engine: sa.Engine) -> None:
    """What ``migrate`` leaves; a new database of SQLite gets a copy of what it once left in this process."""
    if engine.dialect.name != "sqlite" or (engine.url.database and Path(engine.url.database).exists()):
        migrate(engine)
    elif engine.url.database:
        Path(engine.url.database).write_bytes(_migrated())
    else:
        _deserialize(engine, _migrated())


@functools.cache
def _migrated() -> bytes:
    engine = build_engine("sqlite://")
    migrate(engine)
    return serialized(engine)


def serialized(engine: sa.Engine) -> bytes:
    """The whole of a database in memory, of which ``copied`` makes as many as are wanted."""
    with engine.connect() as connection:
        return connection.connection.driver_connection.serialize()


def copied(database: bytes) -> sa.Engine:
    """A database of its own in memory that holds what ``serialized`` took, with the hook."""
    engine = in_memory()
    _deserialize(engine, database)
    watch_county(engine)
    return engine


def _deserialize(engine: sa.Engine, database: bytes) -> None:
    with engine.connect() as connection:
        connection.rollback()
        connection.connection.driver_connection.deserialize(database)


def server_url() -> str | None:
    """The PostgreSQL server named by TEST_POSTGRES_URL, or a local one that lets us in; None if there is neither."""
    url = databases.server()
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
    template = databases.template() if migrated else "template1"
    name = f"kongchuo_test_{uuid.uuid4().hex[:12]}"
    with databases.outside_transactions(server) as connection:
        databases.create(connection, name, template)
    url = sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    try:
        yield url
    finally:
        with databases.outside_transactions(server) as connection:
            connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
