"""Several hosts over one PostgreSQL: each process in a network namespace of its own, one of them cut off while it sends."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from bench.county import Size, build_county, make_staff
from bench.load import AES_KEY, AGENT, CORP, KEY, TOKEN
from bench.players import SECRET, Place
from bot.simulator import Simulator, create_simulator
from handlers.understanding import names
from storage.outbox import Outgoing
from storage.store import Store, open_store
from tests.faults.test_serving import Cut
from tests.support.stores import throw_away_database

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("ip"), reason="network namespaces need root and iproute2"),
]
MESSAGES = 600
HOSTS = (1, 2, 3)


@dataclass
class Host:
    """A network namespace joined to us by a pair of interfaces; ``here`` is our address on it."""

    name: str
    near: str
    here: str

    def start(self, environment: dict[str, str]) -> subprocess.Popen[bytes]:
        command = ["ip", "netns", "exec", self.name, sys.executable, "-m", "bench.players", "jobs", "-"]
        return subprocess.Popen(command, env=environment)

    def cut(self) -> None:
        """The cable is pulled."""
        ip("link", "set", self.near, "down")


def ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no network namespaces here: ip {' '.join(words)}: {done.stderr.strip()}")


@contextlib.contextmanager
def hosts() -> Iterator[list[Host]]:
    made: list[Host] = []
    mark = os.getpid() % 10_000
    try:
        for n in HOSTS:
            host = Host(f"kc{mark}n{n}", f"kc{mark}v{n}", f"10.213.{n}.1")
            ip("netns", "add", host.name)
            made.append(host)
            ip("link", "add", host.near, "type", "veth", "peer", "name", "eth0", "netns", host.name)
            ip("addr", "add", f"{host.here}/24", "dev", host.near)
            ip("link", "set", host.near, "up")
            ip("-n", host.name, "addr", "add", f"10.213.{n}.2/24", "dev", "eth0")
            ip("-n", host.name, "link", "set", "eth0", "up")
            ip("-n", host.name, "link", "set", "lo", "up")
        yield made
    finally:
        for host in made:
            subprocess.run(["ip", "netns", "del", host.name], check=False, capture_output=True)


class Doors:
    """Lets the hosts reach the database and the simulated WeChat Work of this one, on their own network's address."""

    def __init__(self) -> None:
        self.lines: list[tuple[Host, Cut]] = []

    def open(self, host: Host, target: tuple[str, int]) -> int:
        import socket
        import threading

        line = Cut(target)
        line.door = socket.create_server((host.here, line.port))
        threading.Thread(target=line._serve, args=(line.door,), daemon=True).start()
        self.lines.append((host, line))
        return line.port

    def forget(self, host: Host) -> None:
        """What PostgreSQL does after a minute: a transaction that the host had open when it was cut off is rolled back."""
        for one, line in list(self.lines):
            if one == host:
                line.cut()
                self.lines.remove((one, line))
        time.sleep(0.5)

    def close(self) -> None:
        for _, line in self.lines:
            line.cut()


def test_fault_29_hosts_share_the_work_and_one_cut_off_doubles_nothing() -> None:
    with throw_away_database(migrated=False) as url, hosts() as many:
        address = sa.make_url(url)
        if not address.host or address.host.startswith("/"):
            pytest.skip("the server is reached by a socket file only")
        size = Size.of(0.01)
        build_county(url, size).close()
        people = [{"userid": post.person, "name": post.person} for post in make_staff(size)]
        simulator = create_simulator(
            people, "http://127.0.0.1:9/", CORP, AGENT, SECRET, TOKEN, AES_KEY, per_minute=10_000
        )
        api = simulator.start()
        store = open_store(url, data_keys=[KEY], fold=names)
        place, doors = Place(url, api, "/tmp"), Doors()
        processes = []
        try:
            for host in many:
                database = address.set(
                    host=host.here, port=doors.open(host, (address.host, address.port or 5432))
                ).render_as_string(hide_password=False)
                port = doors.open(host, ("127.0.0.1", int(api.rsplit(":", 1)[1])))
                there = Place(database, f"http://{host.here}:{port}/cgi-bin/", "/tmp", place.begun)
                processes.append(host.start(there.environment()))
            _queue(store, place, size)
            _until(lambda: _sent(store, place) > 20, 60)
            many[0].cut()
            _queue(store, place, size, start=MESSAGES)
            time.sleep(8)
            doors.forget(many[0])
            _free_leases(store, place)  # what the host cut off still held is taken over when its lease has ended
            _until(lambda: _sent(store, place) >= 2 * MESSAGES, 90)
            _judge(store, place, simulator)
        finally:
            for process in processes:
                process.kill()
                process.wait(20)
            doors.close()
            simulator.stop()
            store.close()


def _queue(store: Store, place: Place, size: Size, start: int = 0) -> None:
    staff = [post.person for post in make_staff(size)]
    with store.begin(place.now()) as work:
        work.outbox.queue_all(
            Outgoing(f"host:{n}", staff[n % len(staff)], f"提醒第{n}号", place.now())
            for n in range(start, start + MESSAGES)
        )


def _sent(store: Store, place: Place) -> int:
    from storage.tables import outbox

    with store.look(place.now()) as work:
        mine = sa.select(sa.func.count()).where(
            work.session.here(outbox), outbox.c.state == "sent", outbox.c.key.like("host:%")
        )
        return int(work.session.run(mine).scalar_one())


def _free_leases(store: Store, place: Place) -> None:
    from storage.columns import LONG_AGO
    from storage.tables import outbox

    with store.begin(place.now()) as work:
        held = sa.select(outbox.c.id).where(
            work.session.here(outbox), outbox.c.state == "waiting", outbox.c.attempts > 0
        )
        theirs = list(
            work.session.run(held.with_for_update(skip_locked=True)).scalars()
        )  # not what is just being marked
        free = sa.update(outbox).where(work.session.here(outbox), outbox.c.id.in_(theirs))
        work.session.run(free.values(free_at=LONG_AGO))


def _until(holds, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.3)


def _judge(store: Store, place: Place, simulator: Simulator) -> None:
    with simulator.state.lock:
        received = Counter(
            line.text for line in simulator.state.lines.values() if line.pushed and line.text.startswith("提醒第")
        )
    assert [text for text, count in received.items() if count > 1] == []
    assert len(received) == 2 * MESSAGES
