"""The real server under gunicorn, spoken to over HTTP by an independent encrypting client."""

from __future__ import annotations

import base64
import concurrent.futures
import contextlib
import datetime as dt
import io
import os
import signal
import socket
import time
import urllib.parse
import urllib.request
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.madeup import make_county
from bot.simulator import create_simulator
from handlers.understanding import names
from storage.outbox import Outgoing
from storage.store import open_store
from tests.support.server import AGENT, CORP, command, make_database, morning_zone, serving, settings_in
from tests.support.starting import start
from tests.support.stores import throw_away_database

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def running(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(throw_away_database()) if request.param == "postgresql" else None
        settings = settings_in(folder, url)
        make_database(settings)
        process, client = stack.enter_context(serving(settings))
        yield settings, process, client


def test_fault_06_a_report_is_answered_and_stored_once(running) -> None:
    settings, _, client = running
    first = client.send("wang", "给张三妈妈打电话没人接", "777001")
    again = [client.send("wang", "给张三妈妈打电话没人接", "777001") for _ in range(2)]
    assert first[0] == 200
    assert first[1].startswith("已记：张三")
    assert again == [first, first]
    assert _count(settings, "select count(*) from facts where kind = 'contact'") == 1


def test_fault_22_the_same_message_on_many_threads_at_once_is_stored_once(running) -> None:
    settings, _, client = running
    before = _count(settings, "select count(*) from facts where kind = 'visit'")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.send("wang", "家访 李四 家长不同意", "777002"), range(8)))
    assert {status for status, _ in answers} == {200}
    assert _count(settings, "select count(*) from facts where kind = 'visit'") == before + 1


def test_fault_17_a_stranger_learns_nothing(running) -> None:
    _, _, client = running
    status, reply = client.send("nobody", "查 张三")
    assert (status, "没有登记" in reply) == (200, True)
    inside, outside = client.send("tang", "查 张三")[1], client.send("tang", "查 张不存")[1]
    assert inside.replace("张三", "") == outside.replace("张不存", "")


def test_a_post_is_answered_alike_however_it_comes(running) -> None:
    """Whole to the porter, in pieces or chunked to gunicorn, two at once one after the other: all on one connection."""
    _, _, client = running
    address = urllib.parse.urlsplit(client.url)
    query, body = client.post(client.text("nobody", "查 张三", "777010"))
    forged = query.replace("msg_signature=", "msg_signature=00")
    start = f"POST {address.path}?{query} HTTP/1.1\r\nHost: x\r\n"
    whole = f"{start}Content-Length: {len(body)}\r\n\r\n".encode() + body
    chunked = f"{start}Transfer-Encoding: chunked\r\n\r\n{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
    wrong = whole.replace(query.encode(), forged.encode())
    ways = ([whole], [wrong + wrong], [whole[:40], whole[40:400], whole[400:]], [wrong], [chunked],
            [b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"], [whole + whole])  # fmt: skip
    heard = []
    with socket.create_connection((address.hostname, address.port), timeout=10) as line, line.makefile("rb") as file:
        for many, pieces in zip((1, 2, 1, 1, 1, 1, 2), ways, strict=True):
            for piece in pieces:
                line.sendall(piece)
                time.sleep(0.05)
            heard += [_answer(file) for _ in range(many)]
    assert [status for status, _ in heard] == [200, 403, 403, 200, 403, 200, 200, 200, 200]
    assert len({client.read(heard[at][1]) for at in (0, 3, 5, 7, 8)}) == 1
    assert {heard[at][1] for at in (1, 2, 4)} == {""}, "a stranger learns nothing"


def test_connections_are_shared_out_among_the_processes(running) -> None:
    _, process, client = running
    address = urllib.parse.urlsplit(client.url)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()

    def sockets() -> list[int]:
        return [sum(map(_is_socket, Path(f"/proc/{child}/fd").iterdir())) for child in children]

    def shared_out() -> list[int]:
        before = sockets()
        with contextlib.ExitStack() as stack:
            lines = [stack.enter_context(socket.create_connection((address.hostname, address.port))) for _ in range(8)]
            for line in lines:
                line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            assert all(line.recv(100) for line in lines)
            return [after - was for was, after in zip(before, sockets(), strict=True)]

    until = time.monotonic() + 20  # one of them may still be starting
    while min(got := shared_out()) < 3 and time.monotonic() < until:
        pass
    assert min(got) >= 3, f"of 8 connections the processes have {got}"


def _is_socket(link: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):  # closed since it was listed
        return os.readlink(link).startswith("socket:")
    return False


def _answer(heard: io.BufferedReader) -> tuple[int, str]:
    status, length = int(heard.readline().split()[1]), 0
    while (line := heard.readline()) not in (b"\r\n", b""):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return status, heard.read(length).decode()


def test_health_metrics_and_rebuild(running) -> None:
    settings, _, client = running
    base = client.url.removesuffix("/wecom/callback")
    assert urllib.request.urlopen(f"{base}/healthz").read() == b"ok"
    metrics = urllib.request.urlopen(f"{base}/metrics").read().decode()
    assert "kongchuo_outbox_waiting" in metrics
    assert "张三" not in metrics
    done = command(settings, "rebuild", "--check")
    assert (done.returncode, done.stdout.strip()) == (0, "差异：0处。")


def test_backup_while_serving_and_restore(running, tmp_path: Path) -> None:
    settings, _, client = running
    client.send("wang", "家访 王五 家里没人")
    copy = tmp_path / "copy"
    assert command(settings, "backup", str(copy)).returncode == 0
    with contextlib.ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'restored.db'}"
        if settings["KONGCHUO_DATABASE_URL"].startswith("postgresql"):
            url = stack.enter_context(throw_away_database(migrated=False))
        other = {**settings, "KONGCHUO_DATABASE_URL": url}
        done = command(other, "restore", str(copy))
        assert done.returncode == 0, done.stderr
        assert _count(other, "select count(*) from facts") == _count(settings, "select count(*) from facts")
        assert command(other, "rebuild", "--check").returncode == 0
        assert command(other, "audit", "verify").returncode == 0
        refused = command(other, "restore", str(copy))
        assert (refused.returncode, "--force" in refused.stderr) == (2, True)
        assert command(other, "restore", str(copy), "--force").returncode == 0


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def fresh(request, tmp_path: Path):
    """The settings of a database of its own, with the made-up county in it."""
    with throw_away_database() if request.param == "postgresql" else contextlib.nullcontext() as url:
        settings = settings_in(tmp_path, url)
        make_database(settings)
        yield settings


def test_fault_32_sigterm_finishes_what_is_in_hand(fresh) -> None:
    with serving(fresh, workers=1) as (process, client):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            sending = [pool.submit(client.send, "wang", "给张三家长打电话没人接", str(880000 + n)) for n in range(12)]
            sending[0].result()
            process.send_signal(signal.SIGTERM)
            answers = []
            for one in sending:
                try:
                    answers.append(one.result())
                except OSError:  # refused after the door was closed: WeChat Work sends it again
                    answers.append((0, ""))
        assert process.wait(30) == 0
    acknowledged = sum(status == 200 for status, _ in answers)
    assert acknowledged > 0
    assert _count(fresh, "select count(*) from inbox") >= acknowledged
    assert _count(fresh, "select count(*) from facts where kind = 'contact'") >= acknowledged


def test_fault_32_sigterm_leaves_no_letter_claimed_and_none_sent_unmarked(fresh) -> None:
    """``kongchuo jobs`` is stopped while it sends: it finishes the round in hand, the next process sends the rest."""
    staff = [person.id for person in make_county(dt.date.today()).people]
    people = [{"userid": id, "name": id} for id in staff]
    simulator = create_simulator(
        people, "http://127.0.0.1:9/", CORP, AGENT, fresh["KONGCHUO_SECRET"], fresh["KONGCHUO_TOKEN"],
        fresh["KONGCHUO_AES_KEY"], per_minute=10_000,
    )  # fmt: skip
    zone = morning_zone()
    fresh |= {
        "KONGCHUO_WECOM_API": f"{simulator.start().rstrip('/')}/cgi-bin/", "KONGCHUO_CARDS": "false",
        "KONGCHUO_TIMEZONE": zone,
    }  # fmt: skip
    store = open_store(
        fresh["KONGCHUO_DATABASE_URL"], data_keys=[base64.b64decode(fresh["KONGCHUO_DATA_KEY"])], fold=names
    )
    now = dt.datetime.now(ZoneInfo(zone)).replace(tzinfo=None)
    with store.begin(now) as work:
        work.outbox.queue_all(
            Outgoing(f"stop:{n}", staff[n % len(staff)], f"提醒第{n}号", now - dt.timedelta(minutes=5))
            for n in range(20 * len(staff))
        )
    store.close()
    sent = "select count(*) from outbox where state = 'sent' and key like 'stop:%'"
    process = start(["jobs"], fresh)
    try:
        until = time.monotonic() + 60
        while _count(fresh, sent) < 5:
            assert time.monotonic() < until, "nothing was sent"
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        with simulator.state.lock:
            arrived = sum(line.pushed and line.text.startswith("提醒第") for line in simulator.state.lines.values())
        assert arrived == _count(fresh, sent), "what WeChat Work took is marked as sent"
        soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)
        held = f"select count(*) from outbox where state = 'waiting' and key like 'stop:%' and free_at > '{soon:%Y-%m-%d %H:%M:%S}'"
        assert _count(fresh, held) == 0, "nothing waits for a lease to end"
    finally:
        process.kill()
        process.wait(10)
        simulator.stop()


def _count(settings: dict[str, str], query: str) -> int:
    engine = sa.create_engine(settings["KONGCHUO_DATABASE_URL"])
    with engine.connect() as connection:
        found = connection.execute(sa.text(query)).scalar_one()
    engine.dispose()
    return int(found)


@pytest.mark.parametrize("hour", range(24))
def test_it_is_ten_in_the_morning_somewhere_at_every_hour(hour: int) -> None:
    """Two files of tests failed for an hour of each day, at 23:00 UTC: no zone is thirteen hours west."""
    now = dt.datetime(2026, 11, 27, hour, 8, tzinfo=dt.UTC)
    assert now.astimezone(ZoneInfo(morning_zone(now))).hour == 10
