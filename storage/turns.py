"""One writer after another on SQLite, in order, and one commit for all who wait: a disk flushes no oftener than it must.

SQLite lets one writer in at a time and has the others sleep and try again, which serves some at once and some after
seconds. Here the threads of a process queue, and the processes queue at a lock file beside the database. Short
transactions that may share a commit do: each has a savepoint of its own, the last of those waiting commits, and only
then does any of them learn that it is done. Python lets one thread run at a time, so who thinks while another of its
process holds the pen makes all wait who stand in line for it: thinking is done ``aside``, between the writing.
PostgreSQL needs none of this; it groups its commits by itself.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

from storage.driver import tell_sqlite
from storage.engine import PATIENCE_MS, Unavailable
from storage.sending import commit, forget

TOGETHER = 16
"""How many short transactions share a commit at most, so that none waits long for the others."""


@dataclass(slots=True)
class Batch:
    """An open transaction that several share; ``error`` when it could not be committed."""

    connection: sa.Connection
    opened: AbstractContextManager[Any]
    members: int = 0
    done: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None


class AllAtOnce:
    """PostgreSQL, or a database in memory: every transaction by itself."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(writes=False)

    @contextmanager
    def alone(self) -> Iterator[sa.Connection]:
        """A transaction of one's own; what was sent last goes out with its commit."""
        with self._engine.begin() as connection:
            try:
                yield connection
                commit(connection)
            except BaseException:
                forget(connection)
                raise

    together = alone
    one_by_one = False

    def beside(self) -> AbstractContextManager[sa.Connection]:
        """A transaction that only reads, while others write."""
        return self._reader.begin()

    aside = beside

    def close(self) -> None:
        """Nothing is kept."""


class Kept:
    """One connection, of which one thread at a time makes transactions: taking one from the pool and giving it back costs as
    much as all that a report reads, and finds nothing in its cache where another wrote last.
    """

    def __init__(self, engine: sa.Engine, writes: bool) -> None:
        self._engine, self._writes = engine, writes
        self._connection: sa.Connection | None = None

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """A transaction: committed on leaving, rolled back on an exception, after which another connection is taken."""
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(writes=self._writes)
        try:
            with self._connection.begin():
                yield self._connection
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Turns:
    """The queue of the writers of one SQLite file. Safe for threads; made anew in each process."""

    one_by_one = True

    def __init__(self, engine: sa.Engine) -> None:
        self._reader = engine.execution_options(writes=False)
        self._pen, self._eye = Kept(engine, writes=True), Kept(engine, writes=False)
        self._path = f"{engine.url.database}-turn"
        self._changed = threading.Condition()
        self._busy = False
        self._waiting = 0
        self._waiting_alone = 0
        self._batch: Batch | None = None
        self._mind, self._next_to_think = threading.Lock(), threading.Lock()

    def beside(self) -> AbstractContextManager[sa.Connection]:
        """A transaction that only reads, while others write."""
        return self._reader.begin()

    @contextmanager
    def aside(self) -> Iterator[sa.Connection]:
        """A transaction that only reads, to think while nobody of this process writes: one at a time, and one who writes
        waits for one at most."""
        with self._next_to_think, self._mind, self._eye.begin() as connection:
            yield connection

    @contextmanager
    def alone(self) -> Iterator[sa.Connection]:
        """A transaction of one's own, when those before are through. Raises ``Unavailable``."""
        self._enter(alone=True)
        try:
            with self._opened() as connection:
                yield connection
        finally:
            self._next()

    @contextmanager
    def together(self) -> Iterator[sa.Connection]:
        """A short transaction that may share its commit; left when that has happened. Raises ``Unavailable``."""
        self._enter(alone=False)
        try:
            batch = self._joined()
        except BaseException as error:
            self._give_up(error)
            raise
        try:
            with self._mind:
                yield batch.connection
        except BaseException as error:
            _undo(batch, error)
            self._leave(batch)
            raise
        else:
            _keep(batch)
            self._leave(batch)
        batch.done.wait()
        if batch.error is not None:
            raise Unavailable(str(batch.error)) from batch.error

    def _enter(self, alone: bool) -> None:
        with self._changed:
            self._waiting += 1
            self._waiting_alone += alone
            free = self._changed.wait_for(lambda: not self._busy and not (alone and self._batch), PATIENCE_MS / 1000)
            self._waiting -= 1
            self._waiting_alone -= alone
            if not free:
                raise Unavailable("too many writers before this one")
            self._busy = True

    def _next(self) -> None:
        with self._changed:
            self._busy = False
            self._changed.notify()

    def _give_up(self, error: BaseException) -> None:
        """One that could not join: those who are in the batch already must not wait for it to commit."""
        if (batch := self._batch) is None:
            self._next()
            return
        batch.error = batch.error or error
        self._leave(batch)

    def _joined(self) -> Batch:
        """The open batch, or a new one, with a savepoint for this member."""
        batch = self._batch
        if batch is None:
            opened = self._opened()
            batch = self._batch = Batch(opened.__enter__(), opened)
        batch.members += 1
        tell_sqlite(batch.connection, "SAVEPOINT member")
        return batch

    @contextmanager
    def _opened(self) -> Iterator[sa.Connection]:
        with self._first_in_line(), self._pen.begin() as connection:
            yield connection

    def close(self) -> None:
        """Give back the connections that were kept."""
        self._pen.close()
        self._eye.close()

    def _leave(self, batch: Batch) -> None:
        """Let the next one in, or commit: when nobody waits, somebody waits to be alone, or enough have shared."""
        with self._changed:
            joining = self._waiting - self._waiting_alone
            if joining and not self._waiting_alone and batch.members < TOGETHER and batch.error is None:
                self._busy = False
                self._changed.notify()
                return
        self._batch = None
        try:
            batch.opened.__exit__(type(batch.error) if batch.error else None, batch.error, None)
        except BaseException as error:
            batch.error = batch.error or error
        finally:
            batch.done.set()
            self._next()

    @contextmanager
    def _first_in_line(self) -> Iterator[None]:
        """Held by one process at a time, in the order in which they came."""
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable(str(error)) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)


def turns_of(engine: sa.Engine) -> Turns | AllAtOnce:
    """How writers take turns on this database."""
    in_file = engine.dialect.name == "sqlite" and engine.url.database not in (None, "", ":memory:")
    return Turns(engine) if in_file else AllAtOnce(engine)


def _keep(batch: Batch) -> None:
    try:
        tell_sqlite(batch.connection, "RELEASE member")
    except exc.DBAPIError as error:
        batch.error = error


def _undo(batch: Batch, error: BaseException) -> None:
    """Take back what one member did; where the database has dropped the whole transaction, all fail."""
    try:
        tell_sqlite(batch.connection, "ROLLBACK TO member")
        tell_sqlite(batch.connection, "RELEASE member")
    except exc.DBAPIError:
        batch.error = error
