"""On which database the suite runs: SQLite, or with ``KONGCHUO_TEST_DATABASE=postgresql`` a PostgreSQL server.

Most tests then share one database of their process, each in a county of its own; those that look at a whole database, or
fill one once and copy it, get a database of their own from a template. Tests that are about SQLite itself stay on it.
"""

from __future__ import annotations

import atexit
import functools
import gc
import os
import uuid
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from storage.engine import build_engine
from storage.migrating import migrate

ON_POSTGRESQL = os.environ.get("KONGCHUO_TEST_DATABASE") == "postgresql"
LOCAL = "postgresql+psycopg://postgres@127.0.0.1/postgres"
AT_ONCE = 15  # databases that may wait for their tests to be forgotten, each with a connection or two
_alive: set[str] = set()
_forgotten: list[str] = []


def server() -> str:
    """The server: that of TEST_POSTGRES_URL, or a local one that lets us in."""
    return os.environ.get("TEST_POSTGRES_URL") or LOCAL


@contextmanager
def outside_transactions(url: str) -> Iterator[sa.Connection]:
    """A connection on which databases can be made and dropped."""
    engine = build_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    engine.dispose()


@functools.cache
def shared() -> sa.Engine:
    """The database of this process, with our tables, for tests that keep to a county of their own."""
    return build_engine(_copy(template()))


def own(fill: Callable[[str], None] | None = None) -> str:
    """The address of a new database with our tables, or a copy of what ``fill`` once put in.

    It is dropped once no engine that was given to ``until_forgotten`` uses it, or at the end of the process.
    """
    if len(_alive) > AT_ONCE:
        gc.collect()
    while _forgotten:
        _drop(_forgotten.pop())
    return _copy(template(fill))


def until_forgotten(engine: sa.Engine) -> sa.Engine:
    """The engine, whose database may go when the engine is gone."""
    weakref.finalize(engine, _forgotten.append, str(engine.url.database))
    return engine


@functools.cache
def template(fill: Callable[[str], None] | None = None) -> str:
    """The name of a database of this process that is only copied: our tables, and what ``fill`` puts in."""
    if fill is not None:
        url = _copy(template())
        fill(url)
        return str(sa.make_url(url).database)
    name = _new_name()
    with outside_transactions(server()) as connection:
        connection.execute(
            sa.text(f"CREATE DATABASE \"{name}\" TEMPLATE template0 LC_COLLATE 'C'")
        )  # docs/operations.md
    engine = build_engine(_address(name))
    migrate(engine)
    engine.dispose()
    return name


def _copy(template: str) -> str:
    name = _new_name()
    with outside_transactions(server()) as connection:
        create(connection, name, template)
    return _address(name)


def create(connection: sa.Connection, name: str, template: str) -> None:
    """A copy of a database, whose commits do not wait for the disk: the server itself is never killed here."""
    connection.execute(sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    connection.execute(sa.text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))


def _new_name() -> str:
    if not _alive:
        atexit.register(_drop_all)
    name = f"kongchuo_test_{uuid.uuid4().hex[:12]}"
    _alive.add(name)
    return name


def _address(name: str) -> str:
    return sa.make_url(server()).set(database=name).render_as_string(hide_password=False)


def _drop(name: str) -> None:
    _alive.discard(name)
    with outside_transactions(server()) as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


def _drop_all() -> None:
    for name in list(_alive):
        _drop(name)
