"""Engines with the settings that the promises rest on, and the one way in which a database is unavailable."""

from __future__ import annotations

import json
import select
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from storage.driver import tell_sqlite

PATIENCE_MS = 3500
"""How long a writer waits for another: WeChat Work gives five seconds, the answer must leave after four."""

NOT_OUR_TABLES = ("42P01", "42703")
"""PostgreSQL's undefined_table and undefined_column: ``init`` was not run yet, or not by this version. SQLite's are
OperationalErrors."""

PROGRAM = "kongchuo"
"""As what PostgreSQL lists our connections, so that ``restore`` sees whether anybody serves."""

OTHERS_HOLD = ("55P03", "40P01")
"""PostgreSQL's lock_not_available (at once, or after PATIENCE_MS) and deadlock_detected."""

STATEMENTS = 512
"""Kept prepared by each connection to SQLite: a day of a county has more of them than the 128 that Python keeps by itself."""


class Unavailable(Exception):
    """The database cannot take this now (locked, full, away): answer 503, try again later."""


class Busy(Unavailable):
    """PostgreSQL: somebody else is writing what this would write. All of it may be tried again in a moment."""


def build_engine(url: str) -> sa.Engine:
    """An engine for ``sqlite:///…`` (``sqlite://``: in memory, one thread) or ``postgresql[+psycopg]://…``."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    if address.get_backend_name() == "postgresql":
        return _postgresql(address.set(drivername="postgresql+psycopg"))
    raise ValueError(f"neither SQLite nor PostgreSQL: {address.get_backend_name()}")


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turns the many ways in which a database fails to serve into ``Unavailable``."""
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as error:
        cause = getattr(error, "orig", None)
        kind = Busy if getattr(cause, "sqlstate", "") in OTHERS_HOLD else Unavailable
        raise kind(str(cause or error)) from error
    except exc.ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") not in NOT_OUR_TABLES:
            raise
        raise Unavailable(str(error.orig)) from error


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_encode_words = lru_cache(maxsize=4096)(lambda words: _encode(list(words)))
_decode_words = lru_cache(maxsize=4096)(lambda text: tuple(json.loads(text)))


def as_json(value: Any) -> str:
    """JSON; short lists of words, such as who has a duty, come again and again."""
    if not value:
        return "{}" if type(value) is dict else _encode(value)
    if type(value) in (list, tuple) and set(map(type, value)) == {str}:
        return _encode_words(tuple(value))
    return _encode(value)


def _from_text(text: str | bytes) -> Any:
    """What JSON says, in text of SQLite or bytes of PostgreSQL."""
    if isinstance(text, bytes):
        text = text.decode()
    if text == "{}":
        return {}
    if text[:1] == "[" and len(text) < 200 and "[" not in text[1:] and "{" not in text:
        return list(_decode_words(text))
    return json.loads(text)


def _sqlite(address: sa.URL) -> sa.Engine:
    in_memory = address.database in (None, "", ":memory:")
    options: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {"pool_size": 16, "max_overflow": 16}
    arguments = {"check_same_thread": False, "timeout": PATIENCE_MS / 1000, "cached_statements": STATEMENTS}
    engine = sa.create_engine(
        address,
        json_serializer=as_json,
        json_deserializer=_from_text,
        connect_args=arguments,
        hide_parameters=True,  # the text of an error may reach a log
        **options,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    # Python's sqlite3 would begin transactions by itself, and only deferred ones, which fail when they turn to write.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # an acknowledged report survives a power cut (faults 26)
        f"busy_timeout={PATIENCE_MS}",
        "foreign_keys=ON",
        "cache_size=-32000",
        "temp_store=MEMORY",
        "wal_autocheckpoint=8000",  # pages: what is written again and again goes into the file once
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", True)
    tell_sqlite(connection, "BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(address: sa.URL) -> sa.Engine:
    # Every statement names its county, and county_id leads every index. A plan that was made and kept while a table was
    # small would read all of it when it has grown. Compiling a plan takes longer than any of ours runs; the server does it for
    # those that it believes dear: 20 to 50 ms of its time for a township's list.
    plans = "-c enable_seqscan=off -c jit=off"
    waits = f"-c lock_timeout={PATIENCE_MS} -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
    arguments = {
        "connect_timeout": 3,
        "tcp_user_timeout": PATIENCE_MS,
        "options": f"{waits} {plans}",
        "application_name": PROGRAM,
        # What runs often is prepared by ``wire``, once and for good; psycopg, which prepares by counting, would drop all
        # of a connection's statements at each rollback, and keep plans of what is asked for with ever other values.
        "prepare_threshold": None,
    }
    arguments |= dict(address.query.items())
    engine = sa.create_engine(
        address.set(query={}),
        json_serializer=as_json,
        json_deserializer=_from_text,
        connect_args=arguments,
        hide_parameters=True,
        pool_size=16,
        max_overflow=8,
        pool_use_lifo=True,  # few connections, whose server processes know the statements
        pool_timeout=PATIENCE_MS / 1000,
    )
    event.listen(engine, "checkout", _still_there)
    return engine


def _still_there(connection: Any, entry: ConnectionPoolEntry, proxy: Any) -> None:
    """An idle connection has nothing to say unless the server has ended it: seen without a turn of the network."""
    watched = select.poll()
    watched.register(connection.pgconn.socket, select.POLLIN)
    if watched.poll(0):
        raise exc.InvalidatePoolError
