"""The driver spoken to past SQLAlchemy's layers: its errors are told as SQLAlchemy tells them."""

from __future__ import annotations

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


class telling:
    """Within it the driver's errors become SQLAlchemy's; ``text``: the statement they are about. (A generator would take three
    times as long.)
    """

    __slots__ = ("_connection", "_text")

    def __init__(self, connection: sa.Connection, text: str = "") -> None:
        self._connection, self._text = connection, text

    def __enter__(self) -> None:
        """Nothing has to be done before."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and (instead := told(self._connection, self._text, error)) is not error:
            raise instead from error


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
