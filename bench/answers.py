"""Rows over HTTP: a full report beside echo and insert4, the tail of a county's worst minute, forgeries, the start."""

from __future__ import annotations

import random
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import event

from bench import apps
from bench.county import Size, make_pupils
from bench.ground import Ground
from bench.load import AGENT, CORP, MORNING, Load, callbacks, drive, request_of
from bench.measure import Measure, against, at_most
from bench.running import Running, application
from bench.said import ABSENT

ROUNDS, REQUESTS, WARM = 3, 1500, 200
RATE, SECONDS = 130, 60


def reports(size: Size, count: int, skip: int = 0) -> list[tuple[str, str]]:
    """First reports of an absence, (userid, words), in one of many ways: each teacher of pupils of the own class."""
    chance = random.Random(skip)
    return [(teacher, chance.choice(ABSENT).format(name)) for teacher, name in own_pupils(size, count, skip)]


def own_pupils(size: Size, count: int, skip: int = 0) -> list[tuple[str, str]]:
    """Teachers (userid) and a pupil each of the own class, whose name is theirs alone in it."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    pupils = make_pupils(size)
    for pupil in pupils:
        names[pupil.class_id][pupil.name] += 1
    alone = [pupil for pupil in pupils if names[pupil.class_id][pupil.name] == 1 and not pupil.home_taught]
    chosen = alone[skip : skip + count]
    assert len(chosen) == count, f"only {len(alone)} pupils to report"
    return [(f"ban{pupil.class_id[1:]}", pupil.name) for pupil in chosen]


def report(ground: Ground) -> list[Measure]:
    """A full report beside echo and four naive rows, taken in turns so that noise meets all of them."""
    measures: list[Measure] = []
    for database in ground.databases:
        with ground.county(database) as county, ground.empty(database) as naive:
            _make_naive(naive)
            measures += _in_turns(ground.size, database, {"echo": "", "insert4": naive, "report": county})
            measures.append(_stored(county, database))
    return measures


def _in_turns(size: Size, database: str, urls: dict[str, str]) -> list[Measure]:
    rates: dict[str, list[float]] = defaultdict(list)
    costs: dict[str, list[float]] = defaultdict(list)
    given = 0
    for _ in range(ROUNDS):
        for kind, url in urls.items():
            requests = callbacks(reports(size, WARM + REQUESTS, given if kind == "report" else 0))
            given += len(requests) if kind == "report" else 0
            with application(kind, url) as running:
                _answered(drive(running.address, requests[:WARM]), WARM)
                before = running.cpu()
                load = drive(running.address, requests[WARM:])
                costs[kind].append((running.cpu() - before) / REQUESTS * 1e6)
            _answered(load, REQUESTS)
            rates[kind].append(load.rate)
    middle = {kind: statistics.median(many) for kind, many in rates.items()}
    cost = {kind: statistics.median(many) for kind, many in costs.items()}
    row = f"report, {database}"
    return [
        Measure(row, "echo", middle["echo"], "/s"),
        Measure(row, "four naive rows", middle["insert4"], "/s", beside="echo", baseline=middle["echo"]),
        against(row, "a full report", middle["report"], "/s", "insert4", middle["insert4"], 0.7),
        Measure(row, "its processor time", cost["report"], "µs", beside="insert4", baseline=cost["insert4"]),
    ]


def _answered(load: Load, count: int) -> None:
    assert load.statuses[200] == count, f"not all answered 200: {load.statuses}, {load.lost} without answer"


def _stored(url: str, database: str) -> Measure:
    """How many of the reports that were answered stand in the table as facts: all of them."""
    expected = ROUNDS * (WARM + REQUESTS)
    found = count(url, "select count(*) from facts where kind = 'absence'")
    return Measure(f"report, {database}", "reports stored", found, "", f"= {expected}", found == expected)


def _make_naive(url: str) -> None:
    engine = apps.naive_engine(url)
    apps.metadata.create_all(engine)
    engine.dispose()


def count(url: str, query: str) -> int:
    """One number from a database."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = int(connection.execute(sa.text(query)).scalar_one())
    engine.dispose()
    return found


def tail(ground: Ground) -> list[Measure]:
    """A county's worst minute: open loop, so that a slow server cannot hide behind waiting clients."""
    total = RATE * SECONDS
    with ground.county("sqlite") as url, application("report", url) as running:
        _answered(drive(running.address, callbacks(reports(ground.size, WARM))), WARM)
        load = drive(running.address, callbacks(reports(ground.size, total, WARM)), connections=64, rate=RATE)
        row = f"tail, {RATE}/s for {SECONDS} s"
        missing = total + WARM - count(url, "select count(*) from facts where kind = 'absence'")
        return [
            Measure(row, "median", load.at(0.5) * 1000, "ms"),
            at_most(row, "p99", load.at(0.99) * 1000, "ms", 250),
            at_most(row, "longest", max(load.latencies, default=0.0), "s", 5),
            Measure(row, "lost or not answered 200", missing, "", "= 0", missing == 0 and load.statuses[200] == total),
        ]


def forged(ground: Ground) -> list[Measure]:
    """What a request without a right signature costs beside echo, and what it asks of the database: nothing.

    Taken in turns, the least of each: what else the machine does only adds to a processor's time.
    """
    size, many = ground.size, REQUESTS * 2
    right = callbacks(reports(size, 1)) * many

    wrong = [_spoilt(request) for request in right]
    bare = [request_of({}, b"<xml><ToUserName>x</ToUserName><Encrypt>x</Encrypt></xml>")] * many
    with ground.county("sqlite") as url:
        with application("echo", "") as naive, application("report", url) as running:
            tried = {"echo": (naive, right), "forged signature": (running, wrong), "no signature": (running, bare)}
            taken = [{what: _cost(*one) for what, one in tried.items()} for _ in range(ROUNDS)]
        cost = {what: min(each[what] for each in taken) for what in tried}
        statements = _statements(url, [wrong[0], bare[0]])
    echo = cost.pop("echo")
    measures = [
        Measure("forged", what, one, "µs", "< 1/3 of echo", one < echo / 3, "echo", echo) for what, one in cost.items()
    ]
    return [*measures, Measure("forged", "database statements", statements, "", "= 0", statements == 0)]


def _spoilt(request: bytes) -> bytes:
    """The same request with one digit of its signature changed."""
    at = request.index(b"msg_signature=") + len(b"msg_signature=")
    return request[:at] + (b"0" if request[at : at + 1] != b"0" else b"1") + request[at + 1 :]


def _cost(running: Running, requests: Sequence[bytes]) -> float:
    """Processor time of one request in microseconds."""
    drive(running.address, requests[:WARM])
    before = running.cpu()
    load = drive(running.address, requests[WARM:])
    assert not load.lost, "a refusal is an answer too"
    assert load.statuses.keys() <= {200, 403}, f"refused otherwise: {load.statuses}"
    return (running.cpu() - before) / (len(requests) - WARM) * 1e6


def _statements(url: str, requests: Sequence[bytes]) -> int:
    """How many statements these requests bring to the database."""
    said: list[str] = []

    def listen(connection: sa.Connection, cursor: object, statement: str, *rest: object) -> None:
        said.append(statement)

    app = apps.report(url)
    event.listen(sa.Engine, "before_cursor_execute", listen)
    try:
        for request in requests:
            head, _, body = request.partition(b"\r\n\r\n")
            answer = app.test_client().post(head.split()[1].decode(), data=body)
            assert answer.status_code == 403
    finally:
        event.remove(sa.Engine, "before_cursor_execute", listen)
    return len(said)


def start(ground: Ground) -> list[Measure]:
    """From the command to the first answer, over a whole county."""
    with ground.county("sqlite") as url:
        taken = []
        for _ in range(1 + ROUNDS):  # the first makes the byte code
            with application("report", url) as running:
                taken.append(running.started)
    return [at_most("start", "to the first answer", statistics.median(taken[1:]), "s", 2)]


__all__ = ["AGENT", "CORP", "MORNING", "forged", "own_pupils", "report", "reports", "start", "tail"]
