"""Load, kills and faults together: ``python -m bench.soak [--seconds 600] [--kills 100]``.

Callbacks come as WeChat Work sends them, each up to three times until it is answered 200; messages are queued beside
what the bot itself has to say; random processes are killed with SIGKILL, the database is locked or its sessions are
ended, and the simulated WeChat Work fails in every way it knows. Then everything is let finish and counted. Exit code 1
when anything acknowledged is lost or any effect doubled.
"""

from __future__ import annotations

import contextlib
import logging
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import click
import sqlalchemy as sa

from bench.answers import reports
from bench.county import Size, make_staff
from bench.ground import Ground, server
from bench.judging import Judgement, Told, judge
from bench.load import AES_KEY, AGENT, CORP, KEY, TOKEN, drive, request_of, text_message
from bench.players import SECRET, Begin, Place, alone, stop
from bench.running import HOST, family, first_answer, free_port
from bot.simulator import Simulator, create_simulator
from bot.simulator.envelope import ServerEnvelope
from handlers.understanding import names
from storage.engine import Unavailable
from storage.outbox import Outgoing
from storage.store import Store, open_store

SENDERS = 8
QUEUED_EACH = 0.2  # seconds between two messages that the soak queues itself
TRIES, BETWEEN_TRIES = 3, 2.0
DRAIN = 240.0  # seconds in which what is due must have gone out once everything runs again
FAULTS = ("expired_token", "busy", "concurrency", "http_502", "html", "truncated", "lost", "timeout")


@dataclass(slots=True)
class Soak:
    """What runs, what was acknowledged, what was done to it."""

    place: Place
    store: Store
    simulator: Simulator
    size: Size
    rate: float
    begin: Begin
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    processes: dict[str, Any] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    stop: threading.Event = field(default_factory=threading.Event)
    acknowledged: dict[str, Told] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)
    queued: list[Outgoing] = field(default_factory=list)
    did: Counter[str] = field(default_factory=Counter)

    def start(self, name: str) -> None:
        """``web``, or one of the ``jobs``."""
        self.processes[name] = self.begin([name.rstrip("12"), f"{HOST}:{self.port}"], self.place.environment())

    def kill_one(self) -> None:
        """SIGKILL to a random process: a web worker, their master, or one of the jobs."""
        name = self.chance.choice(("worker", "worker", "worker", "web", "jobs1", "jobs2"))
        target = self.processes["web" if name == "worker" else name].pid
        if name == "worker":
            target = self.chance.choice(family(target)[1:] or [target])
        with contextlib.suppress(ProcessLookupError):
            os.kill(target, signal.SIGKILL)
        self.did["kills"] += 1

    def tend(self, until: Callable[[], bool]) -> None:
        """Until then, start what ends, as systemd does: a master too that gave up because its port was still held."""
        while not until():
            time.sleep(0.3)
            for name, process in self.processes.items():
                if process.poll() is not None:
                    self.start(name)

    def trouble_database(self) -> None:
        """SQLite: somebody else holds it for two seconds. PostgreSQL: all its sessions are ended."""
        url = sa.make_url(self.place.database)
        if url.get_backend_name() == "sqlite":
            # Others stand in line for it, this one only tries again and again.
            with sqlite3.connect(url.database or "", isolation_level=None, timeout=60) as other:
                other.execute("BEGIN IMMEDIATE")
                time.sleep(2)
                other.execute("ROLLBACK")
            other.close()
        else:
            with sa.create_engine(server() or "").connect() as connection:
                ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
                connection.execute(sa.text(ending), {"name": url.database})
        self.did["database"] += 1

    def switch_fault(self) -> None:
        """The simulated WeChat Work fails for some calls, in one of its ways."""
        self.simulator.faults.switch(self.chance.choice(FAULTS), times=self.chance.randint(1, 5), seconds=6)
        self.did["faults"] += 1


def run(
    database: str,
    seconds: float,
    kills: int,
    rate: float = 30,
    scale: float = 0.25,
    least: int = 0,
    start: Begin = alone,
) -> tuple[Soak, Judgement]:
    """One soak on ``sqlite`` or ``postgresql``; returns what was done and what came of it.

    ``least``: it goes on until so many messages were acknowledged, for a slow machine answers few in a few seconds.
    """
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    size = _large_enough(scale, rate * seconds + least * TRIES)
    ground = Ground(scale)
    ground.size = size
    try:
        with ground.county(database) as url, tempfile.TemporaryDirectory(prefix="kongchuo-soak-") as folder:
            people = [{"userid": post.person, "name": post.person} for post in make_staff(size)]
            simulator = create_simulator(
                people, "http://127.0.0.1:9/", CORP, AGENT, SECRET, TOKEN, AES_KEY, per_minute=1000
            )
            place = Place(url, f"{simulator.start()}/cgi-bin/", folder)
            soak = Soak(place, open_store(url, data_keys=[KEY], fold=names), simulator, size, rate, start)
            try:
                _play(soak, seconds, kills, least)
                given = soak.acknowledged, soak.queued, len(soak.unanswered)
                return soak, judge(soak.store, simulator.state, place.now(), *given)
            finally:
                _end(soak)
    finally:
        ground.close()


def _large_enough(scale: float, messages: float) -> Size:
    """A county with a pupil for each report."""
    size = Size.of(scale)
    while size.pupils * 0.9 < messages:
        scale *= 1.3
        size = Size.of(scale)
    return size


def _play(soak: Soak, seconds: float, kills: int, least: int) -> None:
    for name in ("web", "jobs1", "jobs2"):
        soak.start(name)
    first_answer((HOST, soak.port), soak.processes["web"])
    told = reports(soak.size, int(soak.rate * seconds) + least * TRIES)
    threads = [threading.Thread(target=_tell, args=(soak, told[n::SENDERS], n)) for n in range(SENDERS)]
    threads.append(threading.Thread(target=_queue, args=(soak,)))
    for thread in threads:
        thread.start()
    _harm(soak, seconds, kills)
    patience = time.monotonic() + DRAIN
    soak.tend(lambda: len(soak.acknowledged) >= least or time.monotonic() > patience)
    soak.stop.set()
    for thread in threads:
        thread.join()
    soak.simulator.faults.clear()
    _drain(soak)


def _harm(soak: Soak, seconds: float, kills: int) -> None:
    """Kills evenly over the time, faults of WeChat Work and of the database between them."""
    begun, each = time.monotonic(), seconds / (kills + 1)
    for n in range(1, kills + 1):
        soak.tend(lambda n=n: time.monotonic() >= begun + n * each)  # type: ignore[misc]
        soak.kill_one()
        if n % 2:
            soak.switch_fault()
        if n % 8 == 4:
            soak.trouble_database()
    soak.tend(lambda: time.monotonic() >= begun + seconds)


def _tell(soak: Soak, told: list[tuple[str, str]], lane: int) -> None:
    """Send one lane of the messages at its share of the rate, each again until it is answered 200, three times at most."""
    envelope = ServerEnvelope(TOKEN, AES_KEY, CORP)
    begun = time.monotonic()
    for n, (user, words) in enumerate(told):
        time.sleep(max(0.0, begun + n * SENDERS / soak.rate - time.monotonic()))
        if soak.stop.is_set():
            return
        number = str((lane + 1) * 10**9 + n)
        for _ in range(TRIES):
            post = envelope.pack(text_message(user, words, number), AGENT)
            if _acknowledged(soak, request_of(post.query, post.body)):
                soak.acknowledged[f"msg:{number}"] = Told(user, words)
                break
            time.sleep(BETWEEN_TRIES)
        else:
            soak.unanswered.append(f"msg:{number}")


def _acknowledged(soak: Soak, request: bytes) -> bool:
    try:
        load = drive((HOST, soak.port), [request], connections=1, patience=5)
    except OSError:
        return False
    return load.statuses[200] == 1


def _queue(soak: Soak) -> None:
    """Queue messages of our own, so that senders are at work all the time; what was committed is due."""
    staff = [post.person for post in make_staff(soak.size)]
    n = 0
    while not soak.stop.wait(QUEUED_EACH):
        n += 1
        now = soak.place.now()
        message = Outgoing(f"soak:{n}", staff[n * 7 % len(staff)], f"提醒第{n}号：请及时联系家长。", now)
        try:
            with soak.store.begin(now) as work:
                work.outbox.queue(message)
            soak.queued.append(message)
        except Unavailable:
            soak.did["not queued"] += 1


def _drain(soak: Soak) -> None:
    """Let everything due go out. What a killed sender held is free again only when its lease has ended, so it ends now."""
    for name in ("jobs1", "jobs2"):
        stop(soak.processes[name], soak.place, DRAIN)
    _patient(lambda: _end_leases(soak))
    for name in ("jobs1", "jobs2"):
        soak.start(name)
    until = time.monotonic() + DRAIN
    soak.tend(lambda: time.monotonic() > until or _all_out(soak))


def _all_out(soak: Soak) -> bool:
    with contextlib.suppress(Unavailable), soak.store.look(soak.place.now()) as work:
        return work.outbox.depth().waiting == 0
    return False


def _end_leases(soak: Soak) -> None:
    from storage.columns import LONG_AGO
    from storage.tables import outbox

    with soak.store.begin(soak.place.now()) as work:
        waiting = sa.update(outbox).where(work.session.here(outbox), outbox.c.state == "waiting")
        work.session.run(waiting.values(free_at=LONG_AGO))


def _patient(act: Callable[[], None]) -> None:
    for _ in range(5):
        with contextlib.suppress(Unavailable):
            return act()
        time.sleep(1)
    raise Unavailable("the database did not come back")


def _end(soak: Soak) -> None:
    for process in soak.processes.values():
        process.send_signal(signal.SIGTERM)
    for process in soak.processes.values():
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
    soak.simulator.stop()
    soak.store.close()


@click.command()
@click.option("--seconds", default=600.0, show_default=True, help="how long, for all databases together")
@click.option("--kills", default=100, show_default=True, help="how many processes are killed, on each database")
@click.option("--rate", default=30.0, show_default=True, help="reports a second")
@click.option("--database", type=click.Choice(["sqlite", "postgresql", "both"]), default="both", show_default=True)
def main(seconds: float, kills: int, rate: float, database: str) -> None:
    """Load, kills and faults together; exit code 1 if anything was lost or doubled."""
    chosen = [d for d in ("sqlite", "postgresql") if database in (d, "both") and (d == "sqlite" or server())]
    bad = False
    for one in chosen:
        soak, judgement = run(one, seconds / len(chosen), kills, rate)
        harm = ", ".join(f"{count} {what}" for what, count in sorted(soak.did.items()))
        click.echo(f"{one}: {harm}; {len(soak.unanswered)} messages never answered 200 in {TRIES} tries")
        for fault in judgement.faults:
            click.echo(f"  {fault}")
        click.echo(f"{one}: {judgement.summary}")
        bad = bad or not judgement.sound
    sys.exit(bad)


if __name__ == "__main__":
    main()
