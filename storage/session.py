"""What every room of the store needs to work: one transaction, one county, one moment."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from storage.columns import in_utc
from storage.held import Foreseen, Held
from storage.prepared import Bulk, Came, Prepared, processed, run_in_one_go
from storage.sealing import Sealer
from storage.sending import gather, going, in_one_go, settle

T = TypeVar("T")
IN_ONE_STATEMENT = 500
"""How many keys go into one ``IN``: well under the parameter limits of both databases."""

IN_BULK_FROM = 100
"""From how many rows on COPY, or the driver's own way, is worth its extra turns."""


@dataclass(slots=True)
class Cause:
    """The id of the message that is being answered: its letters and the log carry it."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """An open transaction of one county. ``now`` is the county's wall-clock time, naive; ``brought_on_by`` a message.

    ``held``: pupils that this transaction has locked, with all that is known of them, by id; whoever changes more of
    them than facts and duties lets go of them here, so that they are read again. ``graduates``: the classes of those who have
    finished school, where the register has been read already as this transaction sees it; else None.
    """

    connection: sa.Connection
    county: str
    sealer: Sealer
    now: dt.datetime
    brought_on_by: Cause = field(default_factory=Cause)
    held: dict[str, Held] = field(default_factory=dict)
    foreseen: Foreseen = field(default_factory=Foreseen)
    graduates: Callable[[], Sequence[str] | None] = field(default=lambda: None, compare=False)

    @property
    def cause(self) -> str:
        return self.brought_on_by.key

    @property
    def is_postgresql(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    def run(self, statement: sa.Executable, rows: Any = None) -> sa.CursorResult[Any]:
        settle(self.connection)
        return self.connection.execute(statement, rows)

    def rows(self, statement: Prepared, **values: Any) -> list[Any]:
        """The rows of a prepared statement; its ``county`` is this one."""
        return statement.rows(self.connection, {"county": self.county, **values})

    def columns(self, statement: Prepared, **values: Any) -> list[Sequence[Any]]:
        """The same a column at a time; an empty list where there are no rows."""
        return statement.columns(self.connection, {"county": self.county, **values})

    def do(self, statement: Prepared, **values: Any) -> int:
        """Run a prepared statement; returns how many rows it changed."""
        return statement.count(self.connection, {"county": self.county, **values})

    def send(self, statement: Prepared, **values: Any) -> None:
        """Run a prepared statement of which nobody asks how many rows it changed."""
        statement.run(self.connection, {"county": self.county, **values})

    def several(self, *statements: tuple[Prepared, dict[str, Any]]) -> list[Came]:
        """What these prepared statements bring, run in order and sent together."""
        return run_in_one_go(
            self.connection, [(statement, {"county": self.county, **values}) for statement, values in statements]
        )

    def in_one_go(self, wait: bool = True) -> AbstractContextManager[None]:
        """What is written within is sent together; errors come when it is left, or without ``wait`` still later."""
        return in_one_go(self.connection, wait)

    def here(self, table: sa.FromClause) -> sa.ColumnElement[bool]:
        """The condition that every statement carries: this county's rows."""
        return table.c.county_id == self.county

    def add_new(self, table: sa.Table, row: dict[str, Any]) -> bool:
        """Insert unless the key is there; the key decides, nothing is looked up first."""
        statement = inserting(table, tuple(row), "nothing", (), self.is_postgresql)
        return statement.count(self.connection, {"county_id": self.county, **row}) == 1

    def add_all_new(self, table: sa.Table, rows: Iterable[dict[str, Any]]) -> int:
        """Insert those whose keys are not there; returns how many, not ``in_one_go``. All rows have the same columns."""
        return sum(self._insert(table, batch, "nothing") for batch in chunks(rows, 1000))

    def put(self, table: sa.Table, rows: Sequence[dict[str, Any]], key: Sequence[str]) -> None:
        """Insert, or replace what stands under the same key. All rows must have the same columns."""
        if not rows:
            return
        last = {tuple(row[name] for name in key): row for row in rows}
        for batch in chunks(last.values(), 1000):
            self._insert(table, batch, "replace", tuple(key))

    def settle(self, *grown: sa.Table) -> None:
        """PostgreSQL: have it plan anew for tables into which many rows have come, of which it knows nothing yet.

        Until then it takes any index that begins with the county, and a key that is checked for each pupil of a roster
        reads all units. Only their owner may count the rows (others get a warning); autovacuum does within a minute.
        """
        if self.is_postgresql:
            names = ", ".join(f'"{table.name}"' for table in grown)
            settle(self.connection)
            self.connection.exec_driver_sql(f"ANALYZE (SKIP_LOCKED) {names}")
            self.connection.exec_driver_sql("DISCARD PLANS")

    def add_many(self, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert many new rows, past the layers that cost most. All rows must have the same columns."""
        if not rows:
            return
        if self.is_postgresql and going(self.connection):
            gather(self.connection, (table, tuple(rows[0])), lambda many: self._insert_all(table, many), rows)
            return
        if len(rows) <= IN_BULK_FROM or not self.is_postgresql:
            self._insert_all(table, rows)
            return
        names = tuple(rows[0])
        columns = ", ".join(f'"{name}"' for name in ("county_id", *names))
        lines = zip(itertools.repeat(self.county), *self._columns(table, names, rows), strict=False)
        self._copy(f'COPY "{table.name}" ({columns}) FROM STDIN', lines)

    def _insert_all(self, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
        for batch in chunks(rows, 1000):
            self._insert(table, batch)

    def _insert(
        self, table: sa.Table, rows: Sequence[dict[str, Any]], on_conflict: str = "", key: tuple[str, ...] = ()
    ) -> int:
        names = tuple(rows[0])
        if self.is_postgresql and len(rows) > 1:
            bulk = inserting_arrays(table, names, on_conflict, key, self.connection.dialect)
            return bulk.run(self.connection, (self.county, *self._columns(table, names, rows)))
        statement = inserting(table, names, on_conflict, key, self.is_postgresql)
        return statement.run_many(self.connection, [{"county_id": self.county, **row} for row in rows])

    def _columns(self, table: sa.Table, names: Iterable[str], rows: Sequence[dict[str, Any]]) -> list[list[Any]]:
        """These columns in the database's own form, each for all rows: half the time of a row at a time."""
        dialect = self.connection.dialect
        return [processed([row[name] for row in rows], _processing(table, name, dialect)) for name in names]

    def _copy(self, statement: str, lines: Iterable[tuple[Any, ...]]) -> None:
        settle(self.connection)
        driver = self.connection.connection.driver_connection
        assert driver is not None
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for line in lines:
                copy.write_row(line)


@cache
def inserting(
    table: sa.Table, columns: tuple[str, ...], on_conflict: str, key: tuple[str, ...], postgresql: bool
) -> Prepared:
    """The insert of these columns; on a conflict it fails, does ``nothing``, or will ``replace`` all but the key."""
    insert: Any = (insert_postgresql if postgresql else insert_sqlite)(table)
    insert = insert.values({name: sa.bindparam(name) for name in ("county_id", *columns)})
    changed = {name: insert.excluded[name] for name in columns if name not in key}
    if on_conflict == "replace" and changed:
        insert = insert.on_conflict_do_update(index_elements=["county_id", *key], set_=changed)
    elif on_conflict:
        insert = insert.on_conflict_do_nothing(index_elements=["county_id", *key] if key else None)
    return Prepared(insert)


@cache
def inserting_arrays(
    table: sa.Table, names: tuple[str, ...], on_conflict: str, key: tuple[str, ...], dialect: sa.Dialect
) -> Bulk:
    """The same for many rows in one statement of PostgreSQL: the county, then each column as an array."""
    from storage.wire import Words  # and with it the driver, which SQLite does without

    # Kinds without their lengths: a cast cuts off what is longer, while the column refuses it.
    kinds = (table.c[name].type.compile(dialect).partition("(")[0] for name in names)
    arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
    columns = ", ".join(f'"{name}"' for name in ("county_id", *names))
    insert = f'INSERT INTO "{table.name}" ({columns}) SELECT %s::VARCHAR, * FROM unnest({arrays})'
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in key)
    if on_conflict == "replace" and changed:
        insert += f" ON CONFLICT ({', '.join(('county_id', *key))}) DO UPDATE SET {changed}"
    elif on_conflict:
        insert += " ON CONFLICT DO NOTHING"
    return Bulk(insert, Words(insert))


@cache
def _processing(table: sa.Table, name: str, dialect: sa.Dialect) -> Callable[[Any], Any] | None:
    return table.c[name].type.dialect_impl(dialect).bind_processor(dialect)


def chunks(items: Iterable[T], size: int = IN_ONE_STATEMENT) -> Iterator[list[T]]:
    """The items in lists of at most ``size``, in order."""
    if isinstance(items, list) and len(items) <= size:
        if items:
            yield items
        return
    rest = iter(items)
    while batch := list(itertools.islice(rest, size)):
        yield batch


def new_id(now: dt.datetime) -> str:
    """An id that no other row has; ids sort by the milliseconds of ``now``."""
    return earliest_id(now) + os.urandom(6).hex()


def earliest_id(now: dt.datetime) -> str:
    """What all ids made at or after ``now`` are not less than."""
    since_epoch = in_utc(now) - dt.datetime(1970, 1, 1)
    return f"{int(since_epoch.total_seconds() * 1000):012x}"


def derived_id(*parts: str) -> str:
    """An id that the same parts always give."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
