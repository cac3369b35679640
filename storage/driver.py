"""The driver spoken to past SQLAlchemy's layers: its errors are told as SQLAlchemy tells them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc


def tell_sqlite(connection: sa.Connection, word: str) -> None:
    """SAVEPOINT and the like, past layers that take nine times as long. Raises as SQLAlchemy does."""
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(word)
    except Exception as error:
        raise told(connection, word, error) from error


@contextmanager
def telling(connection: sa.Connection, text: str = "") -> Iterator[None]:
    """The driver's errors become SQLAlchemy's; ``text``: the statement they are about."""
    try:
        yield
    except Exception as error:
        raise told(connection, text, error) from error


def told(connection: sa.Connection, text: str, error: Exception) -> BaseException:
    """The driver's error as SQLAlchemy tells it; a lost connection is dropped from the pool."""
    dialect = connection.dialect
    known = dialect.loaded_dbapi.Error
    if not isinstance(error, known):
        return error
    lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    instead = exc.DBAPIError.instance(
        text, None, error, known, hide_parameters=True, connection_invalidated=lost, dialect=dialect
    )
    if lost:
        connection.invalidate(error)
    return instead
