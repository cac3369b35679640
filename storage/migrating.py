"""Bringing a database's tables to the present version, and what the application's role may do there."""

from __future__ import annotations

import time

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from storage import revisions, tables
from storage.engine import Unavailable, told_plainly
from storage.revisions import is_later, revision

_LOCK = 0x6B6F6E67  # any number that no one else locks
TRIES, PAUSE = 60, 1.0
"""How often a migration is tried against tables in use, with seconds between."""
PATIENCE_OF_TABLES_MS = 500  # as long as others may stand in line behind a migration; far below their own patience
_MANY, _FEW = 1_000_000, 1_000
APPEND_ONLY = ("facts", "audit", "audit_chain")


def migrate(engine: sa.Engine) -> None:
    """Bring the tables to the present version, or leave them at a later one; several processes may try at once.

    Whoever serves meanwhile goes on: on PostgreSQL a table that somebody reads for long is not waited for with everybody
    else in line behind, but tried again. Raises ``Unavailable``.
    """
    for turn in range(TRIES, 0, -1):
        try:
            with told_plainly(), engine.begin() as connection:
                _upgrade(connection)
            return
        except Unavailable:
            if engine.dialect.name != "postgresql" or turn == 1:
                raise
            time.sleep(PAUSE)


def _upgrade(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL lock_timeout = '60s'"))
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        connection.execute(sa.text(f"SET LOCAL lock_timeout = '{PATIENCE_OF_TABLES_MS}ms'"))
    if is_later(revision(connection)):
        return
    command.upgrade(_config(connection), "head")
    if connection.dialect.name == "sqlite":
        _advise(connection)


def _advise(connection: sa.Connection) -> None:
    """Tell SQLite's planner that a county's tables are large, and that the county alone selects nothing.

    Every index begins with the county; without figures the planner takes that for selective and reads whole
    counties by whichever index comes first (sqlite.org/optoverview.html, "Manual Control Of Query Plans").
    """
    connection.exec_driver_sql("PRAGMA analysis_limit=1")  # for the table alone: its figures are ours
    connection.exec_driver_sql("ANALYZE")
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    for table in tables.metadata.tables:
        for _, index, unique, _, partial in connection.exec_driver_sql(f"PRAGMA index_list('{table}')").all():
            columns = connection.exec_driver_sql(f"PRAGMA index_info('{index}')").all()
            following = [max(1, 40 >> (2 * n)) for n in range(len(columns) - 1)]
            if unique and following:
                following[-1] = 1
            size = _FEW if partial else _MANY
            figures = " ".join(str(n) for n in (size, size, *following))
            row = {"table": table, "index": index, "figures": figures}
            connection.execute(sa.text("INSERT INTO sqlite_stat1 VALUES (:table, :index, :figures)"), row)
    connection.exec_driver_sql("ANALYZE sqlite_schema")


def differences(engine: sa.Engine) -> list[object]:
    """How the tables differ from ``storage.tables``: empty after ``migrate``."""
    with engine.begin() as connection:
        everywhere = connection.dialect.name == "sqlite"
        options = {"include_object": lambda thing, name, *rest: everywhere or name not in tables.SQLITE_ONLY}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), tables.metadata))


def grant(engine: sa.Engine, role: str) -> None:
    """PostgreSQL: let the application's role work with all tables, but neither change nor delete facts and trail."""
    with told_plainly(), engine.begin() as connection:
        quote = connection.dialect.identifier_preparer.quote
        who = quote(role)
        for table in tables.metadata.sorted_tables:
            rights = "SELECT, INSERT" if table.name in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
            connection.execute(sa.text(f"REVOKE ALL ON {quote(table.name)} FROM {who}"))
            connection.execute(sa.text(f"GRANT {rights} ON {quote(table.name)} TO {who}"))
        connection.execute(sa.text(f"GRANT SELECT ON alembic_version TO {who}"))


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(revisions.FOLDER))
    config.attributes["connection"] = connection
    return config
