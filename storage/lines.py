"""Rows written from lines: each a tuple in the order of the columns' names, so that nothing is named a row at a time.

What a message writes of duties comes so, ten at a time; whatever else is written names its columns (``Session.add_many``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import Any

import sqlalchemy as sa

from storage.engine import as_json
from storage.prepared import processed
from storage.sending import gather, going
from storage.session import IN_BULK_FROM, Session, chunks, inserting, inserting_arrays

Line = tuple[Any, ...]


def add_lines(session: Session, table: sa.Table, names: tuple[str, ...], lines: Sequence[Line]) -> None:
    """Insert new rows."""
    if not lines:
        return
    if session.is_postgresql and going(session.connection):
        later = partial(_insert, session, table, names, on_conflict="", key=())
        gather(session.connection, (table, names, "lines"), later, lines)
    elif session.is_postgresql and len(lines) > IN_BULK_FROM:
        session.add_many(table, [dict(zip(names, line, strict=True)) for line in lines])  # which copies them
    else:
        _insert(session, table, names, lines, "", ())


def add_lines_new(session: Session, table: sa.Table, names: tuple[str, ...], lines: Sequence[Line]) -> int:
    """Insert those whose keys are not there; returns how many, not ``in_one_go``."""
    return _insert(session, table, names, lines, "nothing", ())


def put_lines(
    session: Session, table: sa.Table, names: tuple[str, ...], lines: Sequence[Line], key: tuple[str, ...]
) -> None:
    """Insert, or replace what stands under the same key."""
    if lines:
        at = [names.index(name) for name in key]
        last = {tuple(line[place] for place in at): line for line in lines}
        _insert(session, table, names, last.values(), "replace", key)


def _insert(
    session: Session,
    table: sa.Table,
    names: tuple[str, ...],
    lines: Iterable[Line],
    on_conflict: str,
    key: tuple[str, ...],
) -> int:
    done = 0
    for batch in chunks(lines, 1000):
        if session.is_postgresql and len(batch) > 1:
            dialect = session.connection.dialect
            columns = map(processed, map(list, zip(*batch, strict=True)), _processes(table, names, dialect))
            bulk = inserting_arrays(table, names, on_conflict, key, dialect)
            done += bulk.run(session.connection, (session.county, *columns))
            continue
        statement = inserting(table, names, on_conflict, key, session.is_postgresql)
        columns_of = dict(zip(names, map(list, zip(*batch, strict=True)), strict=True))
        done += statement.run_columns(session.connection, {"county_id": [session.county] * len(batch), **columns_of})
    return done


@cache
def _processes(table: sa.Table, names: tuple[str, ...], dialect: sa.Dialect) -> tuple[Callable[[Any], Any] | None, ...]:
    """What makes the database's own form of each column's values; PostgreSQL takes JSON as text, as it takes all else."""
    return tuple(
        as_json if isinstance(column.type, sa.JSON) and not column.nullable
        else column.type.dialect_impl(dialect).bind_processor(dialect)
        for column in map(table.c.__getitem__, names)
    )  # fmt: skip
