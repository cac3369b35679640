"""At which version the tables of a database are, asked by every process that starts: without alembic, which is slow to load."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from storage.engine import told_plainly

FOLDER = Path(__file__).parent / "migrations"


def known() -> list[str]:
    """The versions that this program can bring the tables to, the newest last: a migration's file begins with its number."""
    return sorted(file.name[:4] for file in (FOLDER / "versions").glob("[0-9]*.py"))


def is_current(engine: sa.Engine) -> bool:
    """Whether this program can work with the tables: they are of its own version, or of a later one.

    Migrations only add, so that the processes of the version before serve on until each is restarted. Raises
    ``Unavailable``.
    """
    with told_plainly(), engine.execution_options(writes=False).begin() as connection:
        there = revision(connection)
    return there == known()[-1] or is_later(there)


def revision(connection: sa.Connection) -> str | None:
    """The version as alembic keeps it; None where there are no tables yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def is_later(there: str | None) -> bool:
    """Whether a version that this program does not know yet was there."""
    return there is not None and there not in known()
