"""Faults of the machine under SQLite: power cut (26), disk full (27), and the clock (7, 31)."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
from flask.testing import FlaskClient

from bot.app import Bot
from bot.health import free_space
from bot.web import create_app
from reminders.jobs import sweep
from storage import tables
from storage.engine import Unavailable, build_engine
from storage.store import open_store
from tests.operation.running import running
from tests.reminders.stage import at, county
from tests.storage.county import NOW, settle
from tests.support.stores import KEY, fresh_store
from tests.support.talk import Stage
from tests.support.wecom import WeComClient

CUTS = 200
REPORTS = 30
WORDS = "张三今天没来"
REAL = dt.datetime(2026, 1, 1)


def report(store, number: int) -> None:
    """A message and its answer, as the callback keeps them."""
    with store.begin(NOW, together=True) as work:
        assert work.inbox.take_in(f"m{number}", "wang", f"第{number}条", REAL).new
        work.inbox.answer(f"m{number}", "已记")
        work.audit.note("wang", "report", f"m{number}", "chat")


@pytest.mark.slow
def test_fault_26_a_write_ahead_log_cut_anywhere_opens_and_keeps_what_was_acknowledged_before(tmp_path: Path) -> None:
    """Each report notes how long the log was when it was acknowledged; a cut behind that point must keep it."""
    live = tmp_path / "live.db"
    store = fresh_store(f"sqlite:///{live}")
    settle(store)
    store.engine.dispose()  # the last one to close puts the log into the file
    sa.event.listen(store.engine, "connect", lambda driver, _: driver.execute("PRAGMA wal_autocheckpoint=0"))
    log = Path(f"{live}-wal")
    lengths = []
    for number in range(REPORTS):
        report(store, number)
        lengths.append(log.stat().st_size)
    assert lengths[0] < lengths[-1], "nothing was checkpointed on the way"
    whole, whole_log = tmp_path / "whole.db", log.read_bytes()
    shutil.copyfile(live, whole)
    chance = random.Random(26)
    for cut in sorted(chance.randrange(len(whole_log) + 1) for _ in range(CUTS)):
        copy = tmp_path / "cut.db"
        shutil.copyfile(whole, copy)
        Path(f"{copy}-wal").write_bytes(whole_log[:cut])
        Path(f"{copy}-shm").unlink(missing_ok=True)
        with sqlite3.connect(copy) as opened:
            assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            kept = {row[0] for row in opened.execute("select key from inbox where reply is not null")}
            trail = opened.execute("select count(*) from audit where did = 'report'").fetchone()[0]
        opened.close()
        acknowledged = {f"m{n}" for n, length in enumerate(lengths) if length <= cut}
        assert acknowledged <= kept
        assert trail == len(kept), "a report stands with all of its rows or not at all"
    store.close()


def test_fault_26_no_other_setting_than_full_is_ever_used(tmp_path: Path) -> None:
    engine = build_engine(f"sqlite:///{tmp_path / 'x.db'}")
    reading = engine.execution_options(writes=False)
    with reading.connect() as one, reading.connect() as other:
        assert [c.exec_driver_sql("PRAGMA synchronous").scalar() for c in (one, other)] == [2, 2]


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def test_fault_27_a_full_disk_is_unavailable_keeps_nothing_half_and_mends_itself(tmp_path: Path) -> None:
    with _small_disk(tmp_path / "small", "3m") as place:
        store = fresh_store(f"sqlite:///{place / 'county.db'}")
        settle(store)
        room = shutil.disk_usage(place).free
        ballast = place / "ballast"
        ballast.write_bytes(b"x" * (room - 40_000))
        done = _until_full(store)
        ballast.unlink()
        for number in range(done, done + 3):
            report(store, number)
        with store.look(NOW) as work:
            kept = work.session.run(sa.select(tables.inbox).where(work.session.here(tables.inbox))).all()
            assert len(kept) == done + 3
            assert all(row.reply is not None for row in kept)
            assert work.session.connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        store.close()


@contextlib.contextmanager
def _small_disk(place: Path, size: str) -> Iterator[Path]:
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    mounted = subprocess.run(mount, check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def _answering(place: Path, words: str) -> tuple[Bot, FlaskClient, Callable[[], int]]:
    """A bot whose database lies there, its callback, and one who sends these words: the status of the answer."""
    bot = running(place, url=f"sqlite:///{place / 'county.db'}")
    web, number = create_app(bot).test_client(), itertools.count(1)
    sender = WeComClient("", "plantedtoken", "x" * 43, "ww0test0corp", 1000009)
    return bot, web, lambda: post(web, sender, words, next(number))


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def test_fault_27_wechat_work_gets_503_and_the_operator_an_alarm_until_there_is_room(tmp_path: Path) -> None:
    with _small_disk(tmp_path / "small", "8m") as place:
        bot, web, report = _answering(place, f"家访 张三 家长说{'很忙' * 200}")
        assert report() == 200
        ballast = place / "ballast"
        ballast.write_bytes(b"x" * (shutil.disk_usage(place).free - 60_000))
        with structlog.testing.capture_logs() as logged:
            answers = [report() for _ in range(40)]
        assert answers[-1] == 503
        assert set(answers) <= {200, 503}
        assert "not committed" in {line["event"] for line in logged if line["log_level"] == "error"}
        figures = web.get("/metrics").text
        assert f"kongchuo_callback_failed_total {answers.count(503)}.0" in figures
        assert free_space(bot) < 1 << 20, "the alert of the disk looks at the disk that is full"
        ballast.unlink()
        assert [report() for _ in range(3)] == [200] * 3
        with bot.store.look(bot.now()) as work:
            kept = work.session.run(sa.select(tables.inbox).where(work.session.here(tables.inbox))).all()
        assert len(kept) == answers.count(200) + 4
        assert all(row.reply is not None for row in kept)
        bot.store.close()


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
def test_fault_27_a_file_system_that_turns_read_only_is_503_until_it_is_mounted_to_write_again(tmp_path: Path) -> None:
    with _small_disk(tmp_path / "small", "8m") as place:
        bot, web, report = _answering(place, "给张三妈妈打电话没人接")

        def mounted(how: str) -> None:
            bot.store.close()  # Linux turns nothing read-only under an open file, as a failing disk does
            subprocess.run(["mount", "-o", f"remount,{how}", str(place)], check=True)

        assert report() == 200
        mounted("ro")
        with structlog.testing.capture_logs() as logged:
            assert [report() for _ in range(3)] == [503] * 3
        assert "not committed" in {line["event"] for line in logged if line["log_level"] == "error"}
        assert "kongchuo_callback_failed_total 3.0" in web.get("/metrics").text
        mounted("rw")
        assert report() == 200
        with bot.store.look(bot.now()) as work:
            kept = work.session.run(sa.select(tables.inbox).where(work.session.here(tables.inbox))).all()
        assert len(kept) == 2
        assert all(row.reply is not None for row in kept)
        bot.store.close()


def post(web: FlaskClient, sender: WeComClient, words: str, number: int, off: float = 0) -> int:
    """The status of the answer to a message that was signed ``off`` seconds from now."""
    stamp = str(int(dt.datetime.now().timestamp() + off))
    sealed = sender.encrypt(sender.text("wang", words, str(number)))
    query = {"msg_signature": sender.signature(stamp, "n", sealed), "timestamp": stamp, "nonce": "n"}
    body = f"<xml><ToUserName>x</ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    return web.post("/wecom/callback", query_string=query, data=body).status_code


def _until_full(store) -> int:
    for number in range(5000):
        try:
            report(store, number)
        except Unavailable:
            return number
    raise AssertionError("the disk never filled")


@pytest.mark.slow
def test_fault_27_a_file_that_may_not_grow_is_unavailable(tmp_path: Path) -> None:
    """The same without root: in a child whose files may not exceed a size."""
    url = f"sqlite:///{tmp_path / 'county.db'}"
    store = fresh_store(url)
    settle(store)
    name = store.county
    store.close()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            size = max(f.stat().st_size for f in tmp_path.iterdir()) + 150_000
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            code = 0 if _until_full(open_store(url, name, data_keys=[KEY])) > 0 else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    store = open_store(url, name, data_keys=[KEY])
    with store.look(NOW) as work:
        kept = work.session.run(sa.select(tables.inbox).where(work.session.here(tables.inbox))).all()
    assert kept
    assert all(row.reply is not None for row in kept)
    report(store, 9999)
    store.close()


def test_fault_31_a_clock_moved_back_and_a_start_at_the_very_second_say_nothing_twice() -> None:
    """The morning is swept, swept again at the same second, then an hour earlier and once more."""
    store = county(now="9-25 07:00")
    said = []
    for moment in ("9-25 07:40", "9-25 07:40", "9-25 06:40", "9-25 07:40", "9-25 08:00", "9-25 07:50", "9-25 08:00"):
        said += sweep(store, at(moment)).queued
    keys = [message.key for message in said]
    assert keys
    assert len(keys) == len(set(keys))
    assert sum("monthly_report" in message.rules for message in said if message.to == "li") == 1


@pytest.mark.parametrize("minutes", [-10, 10])
def test_fault_07_a_wrong_clock_is_counted_logged_and_seen_by_an_operator(minutes: int) -> None:
    """Rightly signed and ten minutes off: refused, for it may be a replay, but never in silence."""
    from bot.app import Bot
    from bot.metrics import Metrics
    from bot.settings import Settings

    stage = Stage("longchuan", dt.datetime(2025, 9, 10, 8, 5))
    sender = WeComClient("", "tokenfortests", "a" * 43, "wwtest", 7)
    settings = Settings(
        corp_id="wwtest", agent_id=7, token="tokenfortests", aes_key="a" * 43, secret="s", _env_file=None
    )
    bot = Bot(settings, stage.store, None, Metrics(), lambda: stage.now, lambda: REAL)
    app = create_app(bot)
    web = app.test_client()

    assert 'kongchuo_callback_refused_total{why="Stale"} 0.0' in web.get("/metrics").text, "an alert sees the first"
    with structlog.testing.capture_logs() as logged:
        assert [post(web, sender, WORDS, 1, minutes * 60) for _ in range(4)] == [403] * 4
    assert [line["why"] for line in logged if line["log_level"] == "warning"] == ["Stale"] * 4
    assert 'kongchuo_callback_refused_total{why="Stale"} 4.0' in web.get("/metrics").text
    assert web.get("/readyz").status_code == 200, "one message sent again and again is a replay, no clock"
    assert [post(web, sender, WORDS, 2, minutes * 60 + moment) for moment in (5, 10, 15)] == [403] * 3
    red = web.get("/readyz")
    assert (red.status_code, "clock" in red.text) == (503, True)
    assert post(web, sender, WORDS, 3) == 200
    assert web.get("/readyz").status_code == 200, "a message came through"
