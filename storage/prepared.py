"""Statements compiled once and then run at the driver's speed: what one message needs, a few dozen times a message.

Building a statement anew and handing it through all layers costs some hundred microseconds, the driver a few; a
message runs two dozen of them while it holds the only write lock of SQLite. Everything else is written and run as
SQLAlchemy does it.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import is_
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from storage.driver import telling
from storage.sending import fetched, in_one_go, run, run_many

if TYPE_CHECKING:
    from storage.wire import Words

Process = Callable[[Any], Any]
_A_LIST = re.compile(r"IN \(__\[POSTCOMPILE_(\w+)\]\)")
ONE_VALUE = 16
"""A longer list is one value on PostgreSQL, so that its text is always the same and parsed once; for a shorter one the
server makes a better plan, and keeps it, when it sees how many there are."""
SINGLE = 8
"""Lists up to this length have a form of their own; longer ones are filled up to a power of two with their last item."""


def processed(values: list[Any], process: Process | None) -> list[Any]:
    """A column in the database's own form: once where all rows have the very same value, as the moment of a sweep."""
    if process is None:
        return values
    if all(map(is_, values, itertools.repeat(values[0]))):
        return [process(values[0])] * len(values)
    return [process(value) for value in values]


@dataclass(frozen=True, slots=True)
class Form:
    """A statement in one database's own words: its text, where each value goes, and how a row is read.

    ``words``: the text as it is prepared on PostgreSQL; ``parts``: the same as ``binds``, each list at once; ``readers``: place
    of a column, what reads it, and whether equal values may be the same object.
    """

    text: str
    words: Words | None
    binds: tuple[tuple[str, str, int | None, Process | None], ...]
    constants: Mapping[str, Any]
    row: type[tuple[Any, ...]] | None
    readers: tuple[tuple[int, Process, bool], ...]
    parts: tuple[tuple[str, bool, Process | None], ...]

    def values(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """The driver's parameters."""
        bound: list[Any] = []
        given = {**self.constants, **given} if self.constants else given
        for key, many, process in self.parts:
            value = given[key]
            if many:
                bound += value if process is None else map(process, value)
            else:
                bound.append(value if process is None else process(value))
        return tuple(bound)

    def values_of(self, many: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
        """The same for many: made a value at a time for all of them, which takes half the time."""
        if len(many) == 1 or self.constants or any(place is not None for *_, place, _ in self.binds):
            return [self.values(given) for given in many]
        return self.lines({key: [given[key] for given in many] for _, key, _, _ in self.binds})

    def lines(self, columns: Mapping[str, list[Any]]) -> list[tuple[Any, ...]]:
        """The parameters for each line of these columns."""
        made = [processed(columns[key], process) for _, key, _, process in self.binds]
        return list(zip(*made, strict=True))

    def read(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        """The rows, their columns by name: a column at a time, which takes half the time of a row at a time."""
        assert self.row is not None, "a statement that gives rows"
        if not rows:
            return []
        if self.readers:
            rows = list(zip(*self.columns(rows), strict=True))
        return [tuple.__new__(self.row, row) for row in rows]

    def columns(self, rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
        """The columns of some rows, as they are read."""
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        for at, process, alike in self.readers:
            if alike and len(rows) > SINGLE:  # a day, a yes or no, mostly nothing: each value is read once
                read = {value: process(value) for value in set(columns[at])}
                columns[at] = list(map(read.__getitem__, columns[at]))
            else:
                columns[at] = list(map(process, columns[at]))
        return columns


class Prepared:
    """A statement with its values as ``bindparam``s, lists as expanding ones; what is written in stays. Safe for threads."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        binds = (part for part in sa.sql.visitors.iterate(statement) if isinstance(part, sa.BindParameter))
        self._lists = sorted({str(bind.key) for bind in binds if bind.expanding})
        self._forms: dict[tuple[Any, ...], Form] = {}

    def form(self, connection: sa.Connection, given: Mapping[str, Any]) -> tuple[Form, Mapping[str, Any]]:
        """The form for these values, and the values with their lists filled up to its length."""
        lists: dict[str, list[Any]] = {}
        key: tuple[Any, ...] = (database := connection.dialect.name,)
        if self._lists:
            longest = ONE_VALUE if database == "postgresql" else sys.maxsize
            lists = {name: filled(given[name]) for name in self._lists if len(given[name]) <= longest}
            key += tuple((name, len(value)) for name, value in lists.items())
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _compiled(self._statement, connection.dialect, given, lists)
        return form, {**given, **lists} if lists else given

    def run(self, connection: sa.Connection, given: Mapping[str, Any]) -> None:
        """Run it; nobody asks how many rows it changed. Raises as SQLAlchemy does."""
        form, values = self.form(connection, given)
        run(connection, form, form.values(values))

    def count(self, connection: sa.Connection, given: Mapping[str, Any]) -> int:
        """Run it; returns how many rows it changed. Raises as SQLAlchemy does."""
        form, values = self.form(connection, given)
        answer = run(connection, form, form.values(values))
        with telling(connection, form.text):
            return int(answer.rowcount)

    def rows(self, connection: sa.Connection, given: Mapping[str, Any]) -> list[Any]:
        """The rows that it gives, their columns by name."""
        form, values = self.form(connection, given)
        return form.read(fetched(connection, form, run(connection, form, form.values(values))))

    def columns(self, connection: sa.Connection, given: Mapping[str, Any]) -> list[Sequence[Any]]:
        """The same a column at a time, for whoever makes something of thousands of rows; empty where there are none."""
        form, values = self.form(connection, given)
        rows = fetched(connection, form, run(connection, form, form.values(values)))
        return form.columns(rows) if rows else []

    def run_many(self, connection: sa.Connection, many: Sequence[Mapping[str, Any]]) -> int:
        """Run it for each; returns how many rows it changed in all, -1 where that is not waited for."""
        form, _ = self.form(connection, many[0])
        return run_many(connection, form, form.values_of(many))

    def run_columns(self, connection: sa.Connection, columns: Mapping[str, list[Any]]) -> int:
        """The same for each line of these columns."""
        form, _ = self.form(connection, {key: column[0] for key, column in columns.items()})
        return run_many(connection, form, form.lines(columns))


@dataclass(frozen=True, slots=True)
class Bulk:
    """A statement of PostgreSQL over arrays, its values in the order of its ``%s``."""

    text: str
    words: Words

    def run(self, connection: sa.Connection, values: tuple[Any, ...]) -> int:
        """Run it; returns how many rows it changed, -1 where that is not waited for."""
        return run_many(connection, self, [values])


@dataclass(frozen=True, slots=True)
class Came:
    """What one of several statements brought: its rows, or how many it changed."""

    rows: list[Any]
    count: int


def run_in_one_go(connection: sa.Connection, several: Sequence[tuple[Prepared, Mapping[str, Any]]]) -> list[Came]:
    """Run these in order, on PostgreSQL in one turn of the network."""
    ready = [statement.form(connection, values) for statement, values in several]
    with in_one_go(connection):
        answers = [run(connection, form, form.values(values)) for form, values in ready]
    return [
        Came([], answer.rowcount) if form.row is None else Came(form.read(fetched(connection, form, answer)), -1)
        for (form, _), answer in zip(ready, answers, strict=True)
    ]


def given(name: str, many: bool = False, kind: Any = None) -> sa.BindParameter[Any]:
    """A value of a prepared statement, by name; ``many``: a list, for ``IN``; ``kind``: its type where no column tells it."""
    return sa.bindparam(name, type_=kind, expanding=many)


def one_of(column: sa.ColumnElement[str], name: str) -> sa.ColumnElement[bool]:
    """PostgreSQL: the column is one of a list, given as one value and looked up one by one, whatever the planner believes."""
    return column.in_(sa.select(each_of(name)))


def each_of(name: str) -> sa.ColumnElement[str]:
    """PostgreSQL: the items of a list that is given as one value, as rows."""
    return sa.func.unnest(given(name, kind=postgresql.ARRAY(sa.String))).column_valued("wanted")


def one_by_one(query: sa.Select[Any], column: str, name: str) -> sa.Select[Any]:
    """PostgreSQL: the rows of a query in which the column of that name is one of a few, each looked up by index.

    While a table is small the planner believes that all of the county are read as fast, and would keep that plan.
    """
    wanted = sa.func.unnest(given(name, kind=postgresql.ARRAY(sa.String))).table_valued("id").render_derived()
    # What has an OFFSET is planned by itself, with one value in hand.
    mine = query.where(query.selected_columns[column] == wanted.c.id).offset(sa.literal_column("0"))
    found = mine.lateral("found")
    return sa.select(found).select_from(wanted.join(found, sa.true()))


def of_county(*tables: sa.FromClause) -> sa.ColumnElement[bool]:
    """The condition that every statement carries: rows of one county."""
    return sa.and_(*(table.c.county_id == given("county") for table in tables))


def unindexed(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """SQLite: the column in a condition for which no index is used (sqlite.org/optoverview.html, "Disqualifying Terms")."""
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type)


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
    words = _words(state.statement, order, dialect)
    return Form(state.statement, words, tuple(binds), constants, row, readers, _parts(binds, lists))


def _parts(
    binds: Sequence[tuple[str, str, int | None, Process | None]], lists: Mapping[str, list[Any]]
) -> tuple[tuple[str, bool, Process | None], ...]:
    """The values in their order, the items of a list, which stand one after the other, together."""
    parts, at = [], 0
    while at < len(binds):
        _, key, place, process = binds[at]
        length = 1 if place is None else len(lists[key])
        assert [bind[2] for bind in binds[at : at + length]] == ([None] if place is None else list(range(length)))
        parts.append((key, place is not None, process))
        at += length
    return tuple(parts)


def _words(text: str, order: Sequence[str], dialect: sa.Dialect) -> Words | None:
    if dialect.name != "postgresql":
        return None
    from storage.wire import Words  # and with it the driver, which SQLite does without

    return Words(text, order)


def _reading(
    compiled: Any, dialect: sa.Dialect
) -> tuple[type[tuple[Any, ...]] | None, tuple[tuple[int, Process, bool], ...]]:
    columns = compiled._result_columns
    if not columns:
        return None, ()
    readers = []
    for at, column in enumerate(columns):
        process = column.type._cached_result_processor(dialect, None)
        if process is not None:
            readers.append((at, process, not isinstance(column.type, sa.JSON | sa.ARRAY)))
    return namedtuple("Row", [column.keyname for column in columns], rename=True), tuple(readers)
