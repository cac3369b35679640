"""PostgreSQL spoken to through libpq itself: statements prepared at their first use, many of them in one turn of the network.

psycopg's cursor costs some hundred microseconds of Python a statement, and waits for the answer to each; a report
runs seventeen. Here a statement is handed to libpq's pipeline and goes out with those before it when somebody asks
what came of one of them. Whatever goes past this on the same connection has to ``settle`` first: libpq refuses it
otherwise.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import re
import select
from collections import deque
from collections.abc import Callable, Sequence
from operator import is_
from typing import Any

import psycopg
from psycopg import errors, pq
from psycopg.adapt import Transformer
from psycopg.types.json import Jsonb

from storage.engine import as_json

_numbers = itertools.count(1)
_PLACE = re.compile(r"%\((\w+)\)s|%%|%s")
_ROWS, _DONE, _FAILED = pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK, pq.ExecStatus.FATAL_ERROR
_IDLE = pq.TransactionStatus.IDLE


class Words:
    """A statement in PostgreSQL's own words, and the name under which each connection prepares it."""

    __slots__ = ("name", "text")

    def __init__(self, text: str, order: Sequence[str] = ()) -> None:
        """``text`` has ``%s``, or ``%(name)s`` where the values come in this ``order``."""
        places = {name: at for at, name in enumerate(order, 1)}
        count = itertools.count(1)

        def place(found: re.Match[str]) -> str:
            if found[0] == "%%":
                return "%"
            return f"${places[found[1]] if found[1] else next(count)}"

        self.text = _PLACE.sub(place, text).encode()
        self.name = f"kongchuo_{next(_numbers)}".encode()


_BEGIN, _COMMIT = Words("BEGIN"), Words("COMMIT")


class Answer:
    """What a statement brings: asked for before it has come, it is waited for."""

    __slots__ = ("_rows", "_wire", "came", "count", "words")

    def __init__(self, wire: Wire, words: Words) -> None:
        self.words, self._wire = words, wire
        self.came = False
        self.count = -1
        self._rows: list[Any] = []

    @property
    def rowcount(self) -> int:
        if not self.came:
            self._wire.settle()
        return self.count

    def fetchall(self) -> list[Any]:
        if not self.came:
            self._wire.settle()
        return self._rows

    def take(self, result: pq.abc.PGresult, reading: Any) -> None:
        """This result is the answer."""
        self.came = True
        self.count = result.command_tuples or 0
        if result.status == _ROWS and result.ntuples:
            reading.set_pgresult(result)
            self._rows = reading.load_rows(0, result.ntuples, tuple)


class Wire:
    """One connection. In libpq's pipeline while something is owed, and only then; one thread's at a time."""

    def __init__(self, driver: psycopg.Connection[Any]) -> None:
        self.holding = 0
        """Above nought, who writes does not wait."""
        self.gathered: dict[Any, tuple[Callable[[list[Any]], object], list[Any]]] = {}
        """Rows to be inserted, and how: by table and columns, until anything else is sent (``sending.gather``)."""
        self._driver, self._libpq = driver, driver.pgconn
        self._reading: Any = Transformer(driver)
        self._prepared: set[bytes] = set()
        self._owed: deque[Answer | bytes] = deque()  # an answer, or the name of what is being prepared
        self._heard = select.poll()
        self._heard.register(self._libpq.socket, select.POLLIN)

    def send(self, words: Words, values: Sequence[Any]) -> Answer:
        """Hand a statement on, within the transaction or at the beginning of one; the answer comes later."""
        parameters = as_parameters(values)
        if not self._owed:
            fresh = self._libpq.transaction_status == _IDLE and not self._driver.autocommit
            self._libpq.enter_pipeline_mode()
            if fresh:
                self._send(_BEGIN, (), ())
        return self._send(words, *parameters)

    def _send(self, words: Words, values: Sequence[bytes | None], formats: Sequence[int]) -> Answer:
        if words.name not in self._prepared:
            self._libpq.send_prepare(words.name, words.text)
            self._prepared.add(words.name)
            self._owed.append(words.name)
        answer = Answer(self, words)
        self._libpq.send_query_prepared(words.name, values, formats)
        self._owed.append(answer)
        return answer

    def commit(self) -> None:
        """Commit, with all that is owed, in one turn. Raises the first error among it, and then nothing is committed."""
        if not self._owed:
            if self._libpq.transaction_status == _IDLE:
                return
            self._libpq.enter_pipeline_mode()
        self._send(_COMMIT, (), ())
        self.settle()

    def settle(self) -> None:
        """Wait for all that is owed. Raises the first error among it; what came after that one was not run."""
        if not self._owed:
            return
        error: errors.Error | None = None
        try:
            self._libpq.pipeline_sync()
            self._flush()
            while self._owed:
                error = self._take(self._owed.popleft()) or error
            self._next()  # the end of the pipeline
            self._libpq.exit_pipeline_mode()
        except BaseException:  # it broke, or somebody would wait no longer: what is still to come belongs to nobody
            self._owed.clear()
            self._libpq.finish()
            raise
        if error is not None:
            raise error

    def forget(self) -> None:
        """Nobody asks any more what came of what was sent: it will be rolled back."""
        with contextlib.suppress(psycopg.Error):
            self.settle()

    def _take(self, owed: Answer | bytes) -> errors.Error | None:
        error = None
        while (result := self._next()) is not None:
            if result.status in (_ROWS, _DONE):
                if not isinstance(owed, bytes):
                    owed.take(result, self._reading)
            else:
                if isinstance(owed, bytes):
                    self._prepared.discard(owed)
                if result.status == _FAILED:
                    error = errors.error_from_result(result)
                    if isinstance(error, errors.InvalidSqlStatementName):  # somebody has dropped them
                        self._prepared.clear()
        return error

    def _next(self) -> pq.abc.PGresult | None:
        libpq = self._libpq
        while libpq.is_busy():
            self._heard.poll()
            libpq.consume_input()
        return libpq.get_result()

    def _flush(self) -> None:
        while self._libpq.flush():
            both = select.poll()
            both.register(self._libpq.socket, select.POLLIN | select.POLLOUT)
            if both.poll()[0][1] & ~select.POLLOUT:
                self._libpq.consume_input()


def as_parameters(values: Sequence[Any]) -> tuple[list[bytes | None], list[int]]:
    """Values as libpq takes them: bytes as they are, all else as text. Raises ``DataError`` for a NUL in it."""
    ready: list[bytes | None] = [None] * len(values)
    formats = [0] * len(values)
    for at, value in enumerate(values):
        if value is None:
            continue
        kind = type(value)
        if kind is bytes or kind is psycopg.Binary:
            ready[at] = value if kind is bytes else value.obj
            formats[at] = 1
            continue
        text = value if kind is str else _FORMS[kind](value)
        if "\0" in text:
            raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
        ready[at] = text.encode()
    return ready, formats


def _array(many: list[Any]) -> str:
    if many and all(map(is_, many, itertools.repeat(many[0]))):  # whom it is about, or the moment of a sweep
        return "{" + ",".join([_item(many[0])] * len(many)) + "}"
    kinds = set(map(type, many))
    if kinds == {str}:
        together = "\0".join(many)
        if together.count("\0") < len(many):  # else one has a NUL of its own, and will be refused
            return '{"' + _escaped(together).replace("\0", '","') + '"}'
    if len(kinds) == 1 and kinds <= _BARE:
        return "{" + ",".join(map(_FORMS[type(many[0])], many)) + "}"
    return "{" + ",".join(map(_item, many)) + "}"


def _item(value: Any) -> str:
    if value is None:
        return "NULL"
    kind = type(value)
    if kind is psycopg.Binary:
        value, kind = value.obj, bytes
    text = _FORMS[kind](value)
    return text if kind in _BARE else f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    """As it stands between quotes in an array."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


_FORMS: dict[type, Callable[[Any], str]] = {
    str: lambda value: value,
    int: str,
    float: repr,
    bool: lambda value: "t" if value else "f",
    dt.date: dt.date.isoformat,
    dt.datetime: lambda value: value.isoformat(" "),
    bytes: lambda value: "\\x" + value.hex(),
    Jsonb: lambda value: as_json(value.obj),
    list: _array,
}
_BARE = frozenset({int, float, bool, dt.date})
"""Kinds whose text needs no quotes within an array."""
