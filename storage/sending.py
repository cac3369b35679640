"""How a statement reaches the database: past SQLAlchemy's layers, on PostgreSQL together with others, errors told as SQLAlchemy does."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

from storage.driver import telling, told

if TYPE_CHECKING:
    from storage.wire import Wire, Words


class Spoken(Protocol):
    """A statement in one database's own words; ``words``: as it is prepared on PostgreSQL, None elsewhere."""

    @property
    def text(self) -> str: ...
    @property
    def words(self) -> Words | None: ...


def wire_of(connection: sa.Connection) -> Wire | None:
    """Our way of speaking over this connection; None on SQLite."""
    if connection.dialect.name != "postgresql":
        return None
    kept: Any = connection.info
    wire: Wire | None = kept.get("wire")
    if wire is None:
        from storage.wire import Wire  # and with it the driver, which SQLite does without

        driver: Any = connection.connection.driver_connection
        wire = kept["wire"] = Wire(driver)
    return wire


@contextmanager
def in_one_go(connection: sa.Connection, wait: bool = True) -> Iterator[None]:
    """On PostgreSQL the statements within do not wait for one another; what they bring, and their errors, come at the end.

    Without ``wait`` that is the next statement for which somebody waits, or the commit.
    """
    wire = wire_of(connection)
    if wire is None:
        yield
        return
    wire.holding += 1
    try:
        yield
    finally:
        wire.holding -= 1
    if wait and not wire.holding:
        settle(connection)


def gather(
    connection: sa.Connection, alike: Hashable, write: Callable[[list[Any]], object], rows: Sequence[Any]
) -> None:
    """PostgreSQL: rows for which nobody waits, kept until something else is sent, so that what several messages add to a
    table goes there in one statement. Tables are written in the order in which they were first added to."""
    wire = wire_of(connection)
    assert wire is not None
    wire.gathered.setdefault(alike, (write, []))[1].extend(rows)


def _write_gathered(wire: Wire) -> None:
    waiting, wire.gathered = wire.gathered, {}
    wire.holding += 1
    try:
        for write, rows in waiting.values():
            write(rows)
    finally:
        wire.holding -= 1


def settle(connection: sa.Connection) -> None:
    """Wait for what was sent: before anything goes to the driver past ``Prepared``. Raises as SQLAlchemy does."""
    wire = wire_of(connection)
    if wire is not None:
        if wire.gathered:
            _write_gathered(wire)
        with telling(connection):
            wire.settle()


def commit(connection: sa.Connection) -> None:
    """Commit, on PostgreSQL in one turn with what was sent and not waited for. Raises as SQLAlchemy does."""
    wire = wire_of(connection)
    if wire is not None:
        if wire.gathered:
            _write_gathered(wire)
        with telling(connection):
            wire.commit()


def forget(connection: sa.Connection) -> None:
    """What was sent is not asked for any more: it is about to be rolled back."""
    wire = None if connection.closed or connection.invalidated else wire_of(connection)
    if wire is not None:
        wire.gathered = {}
        wire.forget()


def going(connection: sa.Connection) -> bool:
    """Whether we are within ``in_one_go``, where nothing can be copied in bulk."""
    wire = wire_of(connection)
    return wire is not None and wire.holding > 0


def run(connection: sa.Connection, form: Spoken, values: tuple[Any, ...]) -> Any:
    """Run it; returns what has its ``rowcount`` and ``fetchall``, which on PostgreSQL wait for it. Raises as SQLAlchemy does."""
    wire = wire_of(connection) if form.words is not None else None
    if wire is not None and wire.gathered:
        _write_gathered(wire)
    _tell_watchers(connection, form.text, values)
    try:
        if wire is None or form.words is None:
            driver: Any = connection.connection.driver_connection
            return driver.execute(form.text, values)
        answer = wire.send(form.words, values)
        if not wire.holding:
            wire.settle()
        return answer
    except Exception as error:
        raise told(connection, form.text, error) from error


def run_many(connection: sa.Connection, form: Spoken, many: Sequence[tuple[Any, ...]]) -> int:
    """Run it for each; returns how many rows it changed in all, -1 where that is not waited for."""
    if form.words is None and len(many) > 1:
        return _run_many(connection, form.text, many)
    if len(many) > 1:
        with in_one_go(connection):
            answers = [run(connection, form, values) for values in many]
    else:
        answers = [run(connection, form, many[0])]
    return -1 if going(connection) else sum(answer.rowcount for answer in answers)


def _run_many(connection: sa.Connection, text: str, many: Sequence[tuple[Any, ...]]) -> int:
    _tell_watchers(connection, text, many)
    with telling(connection, text):
        driver: Any = connection.connection.driver_connection
        count: int = driver.cursor().executemany(text, many).rowcount
    return count


def let_think(connection: sa.Connection) -> None:
    """On PostgreSQL: a transaction in which nothing is asked for ten minutes is still somebody's."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '10min'")


def fetched(connection: sa.Connection, form: Spoken, answer: Any) -> list[Any]:
    """All rows of what was run, which may have to be waited for. Raises as SQLAlchemy does."""
    try:
        rows: list[Any] = answer.fetchall()
    except Exception as error:
        raise told(connection, form.text, error) from error
    return rows


def _tell_watchers(connection: sa.Connection, text: str, values: Any) -> None:
    for watcher in connection.engine.dispatch.before_cursor_execute:
        watcher(connection, None, text, values, None, False)
