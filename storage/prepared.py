"""Statements compiled once and then run at the driver's speed: what one message needs, a few dozen times a message.

Building a statement anew and handing it through all layers costs some hundred microseconds, the driver a few; a
message runs two dozen of them while it holds the only write lock of SQLite. Everything else is written and run as
SQLAlchemy does it.
"""

from __future__ import annotations

import re
import sys
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.dialects import postgresql

Process = Callable[[Any], Any]
_A_LIST = re.compile(r"IN \(__\[POSTCOMPILE_(\w+)\]\)")
ONE_VALUE = 16
"""A longer list is one value on PostgreSQL, so that its text is always the same and parsed once; for a shorter one the
server makes a better plan, and keeps it, when it sees how many there are."""
SINGLE = 8
"""Lists up to this length have a form of their own; longer ones are filled up to a power of two with their last item."""


@dataclass(frozen=True, slots=True)
class Form:
    """A statement in one database's own words: its text, where each value goes, and how a row is read."""

    text: str
    named: bool
    binds: tuple[tuple[str, str, int | None, Process | None], ...]
    constants: Mapping[str, Any]
    row: Callable[..., Any] | None
    readers: tuple[tuple[int, Process], ...]

    def values(self, given: Mapping[str, Any]) -> Any:
        """The driver's parameters: a dict where they are named, else a tuple."""
        bound, given = [], {**self.constants, **given} if self.constants else given
        for _, key, place, process in self.binds:
            value = given[key] if place is None else given[key][place]
            bound.append(value if process is None else process(value))
        return dict(zip(self.names, bound, strict=True)) if self.named else tuple(bound)

    def values_of(self, many: Sequence[Mapping[str, Any]]) -> list[Any]:
        """The same for many: made a value at a time for all of them, which takes half the time."""
        if self.constants or any(place is not None for *_, place, _ in self.binds):
            return [self.values(given) for given in many]
        columns = [
            [given[key] for given in many] if process is None else [process(given[key]) for given in many]
            for _, key, _, process in self.binds
        ]
        lines = zip(*columns, strict=True)
        return [dict(zip(self.names, line, strict=True)) for line in lines] if self.named else list(lines)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, *_ in self.binds)

    def read(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        """The rows, their columns by name."""
        assert self.row is not None, "a statement that gives rows"
        made = self.row
        if not self.readers:
            return [made(*row) for row in rows]
        found = []
        for row in rows:
            cells = list(row)
            for at, process in self.readers:
                cells[at] = process(cells[at])
            found.append(made(*cells))
        return found


class Prepared:
    """A statement with its values as ``bindparam``s, lists as expanding ones; what is written in stays. Safe for threads."""

    def __init__(self, statement: sa.Executable) -> None:
        self._statement: Any = statement
        self._forms: dict[tuple[Any, ...], Form] = {}

    def form(self, connection: sa.Connection, given: Mapping[str, Any]) -> tuple[Form, Mapping[str, Any]]:
        """The form for these values, and the values with their lists filled up to its length."""
        longest = ONE_VALUE if connection.dialect.name == "postgresql" else sys.maxsize
        lists = {name: filled(value) for name, value in given.items() if type(value) is list and len(value) <= longest}
        key = (connection.dialect.name, *((name, len(value)) for name, value in lists.items()))
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _compiled(self._statement, connection.dialect, given, lists)
        return form, {**given, **lists} if lists else given

    def run(self, connection: sa.Connection, given: Mapping[str, Any]) -> Any:
        """Run it; returns the driver's cursor. Raises as SQLAlchemy does."""
        form, values = self.form(connection, given)
        return _run(connection, form.text, form.values(values))

    def rows(self, connection: sa.Connection, given: Mapping[str, Any]) -> list[Any]:
        """The rows that it gives, their columns by name."""
        form, values = self.form(connection, given)
        return form.read(_run(connection, form.text, form.values(values)).fetchall())

    def run_many(self, connection: sa.Connection, many: Sequence[Mapping[str, Any]]) -> int:
        """Run it for each; returns how many rows it changed in all."""
        form, _ = self.form(connection, many[0])
        if len(many) == 1:
            count: int = _run(connection, form.text, form.values(many[0])).rowcount
            return count
        return _run_many(connection, form.text, form.values_of(many))


def run_text(connection: sa.Connection, text: str, values: tuple[Any, ...]) -> int:
    """Run a statement in the database's own words; returns how many rows it changed."""
    count: int = _run(connection, text, values).rowcount
    return count


@dataclass(frozen=True, slots=True)
class Came:
    """What one of several statements brought: its rows, or how many it changed."""

    rows: list[Any]
    count: int


def run_in_one_go(connection: sa.Connection, several: Sequence[tuple[Prepared, Mapping[str, Any]]]) -> list[Came]:
    """Run these in order, on PostgreSQL in one turn of the network."""
    ready = [statement.form(connection, values) for statement, values in several]
    with in_one_go(connection):
        cursors = [_run(connection, form.text, form.values(values)) for form, values in ready]
    return [
        Came([], cursor.rowcount) if form.row is None else Came(form.read(cursor.fetchall()), -1)
        for (form, _), cursor in zip(ready, cursors, strict=True)
    ]


@contextmanager
def in_one_go(connection: sa.Connection) -> Iterator[None]:
    """On PostgreSQL the statements within do not wait for one another; what they bring, and their errors, come at the end."""
    if connection.dialect.name != "postgresql" or connection.engine.dispatch.before_cursor_execute:
        yield
        return
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told(connection, "", error) from error


def going(connection: sa.Connection) -> bool:
    """Whether we are within ``in_one_go``, where nothing can be copied in bulk."""
    driver: Any = connection.connection.driver_connection
    return connection.dialect.name == "postgresql" and bool(driver.pgconn.pipeline_status)


def given(name: str, many: bool = False, kind: Any = None) -> sa.BindParameter[Any]:
    """A value of a prepared statement, by name; ``many``: a list, for ``IN``; ``kind``: its type where no column tells it."""
    return sa.bindparam(name, type_=kind, expanding=many)


def one_of(column: sa.ColumnElement[str], name: str) -> sa.ColumnElement[bool]:
    """PostgreSQL: the column is one of a list, given as one value and looked up one by one, whatever the planner believes."""
    wanted = sa.func.unnest(given(name, kind=postgresql.ARRAY(sa.String)))
    return column.in_(sa.select(wanted.column_valued("wanted")))


def of_county(*tables: sa.FromClause) -> sa.ColumnElement[bool]:
    """The condition that every statement carries: rows of one county."""
    return sa.and_(*(table.c.county_id == given("county") for table in tables))


def filled(values: list[Any]) -> list[Any]:
    """The list, a longer one filled up with its last item, so that there are few forms; an empty one never matches."""
    if not values:
        return [None]
    size = len(values)
    if size <= SINGLE:
        return values
    return values + values[-1:] * ((1 << (size - 1).bit_length()) - size)


def _compiled(statement: Any, dialect: sa.Dialect, given: Mapping[str, Any], lists: Mapping[str, list[Any]]) -> Form:
    compiled: Any = statement.compile(dialect=dialect)
    if dialect.name == "postgresql":
        compiled.string = _A_LIST.sub(
            lambda found: found[0] if found[1] in lists else f"= ANY (%({found[1]})s::VARCHAR[])", compiled.string
        )
        compiled.post_compile_params = frozenset(one for one in compiled.post_compile_params if one.key in lists)
    state = compiled.construct_expanded_state({**given, **lists})
    places = {
        expanded: (name, at) for name, many in state.parameter_expansion.items() for at, expanded in enumerate(many)
    }
    order = state.positiontup if compiled.positional else list(state.parameters)
    constants = {name: value for name, value in state.parameters.items() if places.get(name, (name,))[0] not in given}
    binds = []
    for name in order:
        key, at = places.get(name, (name, None))
        process = compiled._bind_processors.get(name) or compiled._bind_processors.get(key)
        binds.append((name, key, at, process))
    row, readers = _reading(compiled, dialect)
    return Form(state.statement, not compiled.positional, tuple(binds), constants, row, readers)


def _reading(compiled: Any, dialect: sa.Dialect) -> tuple[Callable[..., Any] | None, tuple[tuple[int, Process], ...]]:
    columns = compiled._result_columns
    if not columns:
        return None, ()
    readers = []
    for at, column in enumerate(columns):
        process = column.type._cached_result_processor(dialect, None)
        if process is not None:
            readers.append((at, process))
    return namedtuple("Row", [column.keyname for column in columns], rename=True), tuple(readers)


def _run(connection: sa.Connection, text: str, values: Any) -> Any:
    if connection.engine.dispatch.before_cursor_execute:  # somebody watches every statement: a test, a profile
        return _Watched(connection.exec_driver_sql(text, values))
    driver: Any = connection.connection.driver_connection
    try:
        return driver.execute(text, values)
    except Exception as error:
        raise _told(connection, text, error) from error


def _run_many(connection: sa.Connection, text: str, many: list[Any]) -> int:
    if connection.engine.dispatch.before_cursor_execute:
        return connection.exec_driver_sql(text, many).rowcount
    driver: Any = connection.connection.driver_connection
    try:
        cursor = driver.cursor()
        cursor.executemany(text, many)
    except Exception as error:
        raise _told(connection, text, error) from error
    count: int = cursor.rowcount
    return count


class _Watched:
    """SQLAlchemy's result with the two things that are asked of a driver's cursor."""

    def __init__(self, result: sa.CursorResult[Any]) -> None:
        self._result = result
        self.rowcount = result.rowcount

    def fetchall(self) -> list[Any]:
        return list(self._result.fetchall()) if self._result.returns_rows else []


def _told(connection: sa.Connection, text: str, error: Exception) -> BaseException:
    """The driver's error as SQLAlchemy tells it; a lost connection is dropped from the pool."""
    dialect = connection.dialect
    known = dialect.loaded_dbapi.Error
    if not isinstance(error, known):
        return error
    lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    told = exc.DBAPIError.instance(
        text, None, error, known, hide_parameters=True, connection_invalidated=lost, dialect=dialect
    )
    if lost:
        connection.invalidate(error)
    return told
