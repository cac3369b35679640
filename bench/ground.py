"""The databases that are measured on: a county built once for a run, and copied for each row that changes it."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from bench.county import Size, build_county, file_url
from storage.engine import Unavailable, build_engine, told_plainly

LOCAL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"


class Ground:
    """Temporary databases; all of them are gone when it is closed."""

    def __init__(self, scale: float) -> None:
        self.size = Size.of(scale)
        self._stack = ExitStack()
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="kongchuo-bench-")))
        self._built: Path | None = None
        self._template: str | None = None

    def close(self) -> None:
        self._stack.close()

    @property
    def databases(self) -> list[str]:
        """Which kinds can be measured here."""
        return ["sqlite", *(["postgresql"] if server() else [])]

    @contextmanager
    def county(self, database: str) -> Iterator[str]:
        """The address of a copy of the county, gone afterwards."""
        if database == "postgresql":
            with self._postgresql(self._postgresql_county()) as url:
                yield url
            return
        path = self.folder / f"{uuid.uuid4().hex}.db"
        shutil.copyfile(self._sqlite_county(), path)
        yield file_url(path)
        _remove(path)

    @contextmanager
    def empty(self, database: str) -> Iterator[str]:
        """The address of an empty database, gone afterwards."""
        if database == "postgresql":
            with self._postgresql() as url:
                yield url
            return
        path = self.folder / f"{uuid.uuid4().hex}.db"
        yield file_url(path)
        _remove(path)

    def _sqlite_county(self) -> Path:
        if self._built is None:
            path = self.folder / "county.db"
            build_county(file_url(path), self.size).close()
            self._built = path
        return self._built

    def _postgresql_county(self) -> str:
        if self._template is None:
            url = self._stack.enter_context(self._postgresql())
            build_county(url, self.size).close()
            self._template = str(sa.make_url(url).database)
        return self._template

    @contextmanager
    def _postgresql(self, template: str = "") -> Iterator[str]:
        """A copy of a database, or a new one that compares by bytes, as docs/operations.md says."""
        address = server()
        assert address is not None
        name = f"kongchuo_bench_{uuid.uuid4().hex[:10]}"
        made_of = f'"{template}"' if template else "template0 LC_COLLATE 'C'"
        _say(address, f'CREATE DATABASE "{name}" TEMPLATE {made_of}')
        try:
            yield sa.make_url(address).set(database=name).render_as_string(hide_password=False)
        finally:
            _say(address, f'DROP DATABASE "{name}" WITH (FORCE)')


@cache
def server() -> str | None:
    """The PostgreSQL server to measure on: TEST_POSTGRES_URL, or a local one that lets us in; None if there is neither."""
    url = os.environ.get("TEST_POSTGRES_URL") or LOCAL
    try:
        _say(url, "SELECT 1")
    except Unavailable:
        return None
    return url


def _say(url: str, statement: str) -> None:
    engine = build_engine(url)
    with told_plainly(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(statement))
    engine.dispose()


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-turn"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
