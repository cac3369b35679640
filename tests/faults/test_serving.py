"""Faults of lines, processes and databases (5, 21, 23, 24, 28), tried on the real server and its real processes."""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa

from bench import soak
from tests.support.server import free_port, make_database, serving, settings_in
from tests.support.starting import Started, start
from tests.support.stores import throw_away_database
from tests.support.wecom import WeComClient

pytestmark = pytest.mark.slow
WORDS = "给张三妈妈打电话没人接"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    settings = settings_in(tmp_path_factory.mktemp("faults"))
    make_database(settings)
    with serving(settings) as (_, client):
        yield settings, client


def stored(settings: dict[str, str], key: str) -> tuple[int, int]:
    """How many messages and how many facts stand under a MsgId."""
    engine = sa.create_engine(settings["KONGCHUO_DATABASE_URL"])
    with engine.connect() as connection:
        counts = tuple(
            int(connection.execute(sa.text(f"select count(*) from {table} where {column} = :key"), {"key": key}).scalar_one())
            for table, column in (("inbox", '"key"'), ("facts", "source"))
        )  # fmt: skip
    engine.dispose()
    return counts  # type: ignore[return-value]


def request_of(client: WeComClient, user: str, words: str, number: str) -> tuple[str, bytes]:
    sealed = client.encrypt(client.text(user, words, number))
    stamp, nonce = str(int(time.time())), os.urandom(5).hex()
    query = urllib.parse.urlencode(
        {"msg_signature": client.signature(stamp, nonce, sealed), "timestamp": stamp, "nonce": nonce}
    )
    body = f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()
    return f"{client.url}?{query}", body


def test_fault_05_the_very_same_bytes_again_are_stored_once(served) -> None:
    settings, client = served
    url, body = request_of(client, "wang", WORDS, "5001")
    answers = []
    for _ in range(3):
        with urllib.request.urlopen(urllib.request.Request(url, body)) as answer:
            answers.append((answer.status, client.read(answer.read().decode())))
    assert answers[0][1].startswith("已记")
    assert answers == [answers[0]] * 3
    assert stored(settings, "msg:5001") == (1, 1)


def test_fault_23_an_answer_lost_after_the_commit_is_given_again(served) -> None:
    """The client sends, resets the line unread, and comes again as WeChat Work does."""
    settings, client = served
    url, body = request_of(client, "wang", WORDS, "5023")
    parts = urllib.parse.urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port)) as line:
        head = f"POST {parts.path}?{parts.query} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        line.sendall(head.encode() + body)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # closing resets
    deadline = time.monotonic() + 10
    while stored(settings, "msg:5023")[0] == 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    status, reply = client.send("wang", WORDS, "5023")
    assert (status, reply[:2]) == (200, "已记")
    assert stored(settings, "msg:5023") == (1, 1)


def test_fault_21_a_database_held_for_six_seconds_never_answers_200_unkept(served) -> None:
    """Three tries, five seconds apart at most; what was not committed within four seconds is 503."""
    settings, client = served
    path = sa.make_url(settings["KONGCHUO_DATABASE_URL"]).database
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    release = threading.Timer(6, lambda: None)
    release.start()
    tries = []
    for _ in range(3):
        begun = time.monotonic()
        tries.append((client.send("wang", WORDS, "5021")[0], time.monotonic() - begun))
        if not release.is_alive() or len(tries) == 2:
            release.join()
            with contextlib.suppress(sqlite3.OperationalError):
                holder.execute("ROLLBACK")
    holder.close()
    assert tries[0][0] == 503
    assert max(seconds for _, seconds in tries) < 5
    assert tries[-1][0] == 200
    assert stored(settings, "msg:5021") == (1, 1)


def players(words: list[str], environment: dict[str, str]) -> Started:
    """A process of the soak; what it writes nobody reads."""
    with open(os.devnull, "wb") as nowhere:
        return start(words, environment, "bench.players", nowhere.fileno(), nowhere.fileno())


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_fault_24_25_random_kills_under_load_lose_nothing_and_double_nothing(database: str) -> None:
    """A short soak; ``make soak`` is the long one with a hundred kills on each database."""
    if database == "postgresql" and soak.server() is None:
        pytest.skip("no PostgreSQL: neither TEST_POSTGRES_URL nor a local server")
    done, judgement = soak.run(database, seconds=6, kills=4, rate=20, scale=0.02, least=21, start=players)
    assert done.did["kills"] == 4
    assert judgement.faults == []
    assert (judgement.lost, judgement.doubled) == (0, 0)
    assert judgement.stored == judgement.acknowledged > 20  # 51 and 95 on two quiet cores
    assert judgement.sent == judgement.due > 10


@dataclass
class Cut:
    """A line to PostgreSQL that can be cut and mended: what is under way breaks, what comes is refused."""

    target: tuple[str, int]
    port: int = field(default_factory=free_port)
    pairs: list[socket.socket] = field(default_factory=list)
    door: socket.socket | None = None

    def mend(self) -> None:
        self.door = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, args=(self.door,), daemon=True).start()

    def cut(self) -> None:
        assert self.door is not None
        self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        for one in self.pairs:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self.pairs.clear()

    def _serve(self, door: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = door.accept()
                far = socket.create_connection(self.target)
                self.pairs += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_pour, args=(one, other), daemon=True).start()


def _pour(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := one.recv(65536):
            other.sendall(piece)
    for each in (one, other):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def cuttable() -> Iterator[tuple[str, Cut]]:
    with throw_away_database() as url:
        address = sa.make_url(url)
        if not address.host or address.host.startswith("/"):
            pytest.skip("the server is reached by a socket file, which this proxy cannot stand before")
        line = Cut((address.host, address.port or 5432))
        line.mend()
        yield address.set(host="127.0.0.1", port=line.port).render_as_string(hide_password=False), line
        line.cut()


@pytest.mark.postgres
def test_fault_28_a_database_away_for_a_while_is_503_at_once_and_comes_back_without_a_restart(tmp_path) -> None:
    """Five seconds away, longer than any patience; KONGCHUO_LONG_OUTAGE=60 makes it the whole minute."""
    away = float(os.environ.get("KONGCHUO_LONG_OUTAGE", "5"))
    with cuttable() as (url, line):
        settings = settings_in(tmp_path, url)
        make_database(settings)
        with serving(settings) as (_, client):
            acknowledged = [n for n in range(3) if client.send("wang", WORDS, f"2800{n}")[0] == 200]
            line.cut()
            until = time.monotonic() + away
            number = 10
            while time.monotonic() < until:
                begun = time.monotonic()
                status, _ = client.send("wang", WORDS, f"2800{number}")
                assert status == 503
                assert time.monotonic() - begun < 2
                number += 1
                time.sleep(0.2)
            line.mend()
            time.sleep(0.5)
            back = [client.send("wang", WORDS, f"2900{n}")[0] for n in range(5)]
            assert back == [200] * 5
        assert len(acknowledged) == 3
        assert [stored(settings, f"msg:2800{n}") for n in acknowledged] == [(1, 1)] * 3
