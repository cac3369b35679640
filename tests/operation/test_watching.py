"""What an operator is told: each metric, alert, setting and doctor's line exists, has its heading, and moves when it should."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.commands.doctor import BAD, GOOD, LIMITS, WARN, judge, wecom
from bot.health import days_ahead, gauges
from bot.settings import Settings
from bot.wecom.errors import Retry, WecomError, error_for
from casework.calendar import Calendar, Official
from casework.facts import Fact, Kind
from storage.outbox import Outgoing
from tests.operation.running import NOW, running

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
HEADINGS = set(re.findall(r"^#{2,3} (\S+)$", MANUAL, re.M))
ALERTS = yaml.safe_load((ROOT / "deploy/alerts.yml").read_text(encoding="utf-8"))
ONE_OF_EACH = re.compile(r"kongchuo_[a-z_]+")


def shown(bot) -> dict[str, float]:
    """Every sample of /metrics, labels left out."""
    text = bot.metrics.show(gauges(bot)).decode()
    lines = [re.split(r"[{ ]", line)[0] + " " + line.rsplit(" ", 1)[1] for line in text.splitlines() if line[0] != "#"]
    samples = [line.split(" ") for line in lines]
    return {name: float(value) for name, value in samples if not name.endswith("_created")}


@pytest.fixture
def bot(tmp_path):
    return running(tmp_path)


def count_everything(bot) -> None:
    """Each counter with labels has a sample only once it has counted."""
    bot.metrics.refused(ValueError())
    bot.metrics.sent(0)
    bot.metrics.job_failed("sweep")
    bot.metrics.page(200)


def test_every_metric_has_its_heading_and_every_heading_its_metric(bot):
    count_everything(bot)
    names = {re.sub(r"_(bucket|sum|count)$", "", name) for name in shown(bot)}
    assert names == {heading for heading in HEADINGS if heading.startswith("kongchuo_")}


def test_what_the_issue_asks_for_is_there(bot):
    count_everything(bot)
    assert {
        "kongchuo_callback_age_seconds_bucket", "kongchuo_callback_seconds_bucket", "kongchuo_outbox_waiting",
        "kongchuo_outbox_oldest_seconds", "kongchuo_sends_total", "kongchuo_sweep_lag_seconds", "kongchuo_duties_overdue",
        "kongchuo_reports_due", "kongchuo_clock_skew_seconds", "kongchuo_calendar_days_left",
    } <= set(shown(bot))  # fmt: skip


def test_every_alert_names_a_metric_that_exists_and_a_heading(bot):
    count_everything(bot)
    known = set(shown(bot)) | {"up"}
    rules = [rule for group in ALERTS["groups"] for rule in group["rules"]]
    assert len(rules) == len({rule["alert"] for rule in rules}) > 15
    for rule in rules:
        named = set(ONE_OF_EACH.findall(rule["expr"])) or {"up"}
        assert named <= known, rule["alert"]
        assert rule["alert"] in HEADINGS
        assert rule["labels"]["severity"] in ("critical", "warning", "info")
        page, _, heading = rule["annotations"]["see"].partition("#")
        assert (ROOT / page).is_file()
        assert heading in HEADINGS


@pytest.mark.skipif(shutil.which("promtool") is None, reason="no promtool (Debian: prometheus)")
def test_prometheus_takes_the_alerts():
    done = subprocess.run(
        ["promtool", "check", "rules", str(ROOT / "deploy/alerts.yml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_every_alarming_metric_has_an_alert():
    named = set(ONE_OF_EACH.findall(" ".join(r["expr"] for g in ALERTS["groups"] for r in g["rules"])))
    metrics = {heading for heading in HEADINGS if heading.startswith("kongchuo_")}
    unwatched = {m for m in metrics if not any(name.startswith(m) for name in named)}
    assert unwatched == {"kongchuo_reports_due"}  # owed is no fault; overdue is


def test_every_setting_is_explained_twice():
    names = {f"KONGCHUO_{name.upper()}" for name in Settings.model_fields}
    listed = set(re.findall(r"^## (KONGCHUO_\w+)$", (ROOT / "docs/settings.md").read_text(encoding="utf-8"), re.M))
    assert names == listed == {heading for heading in HEADINGS if heading.startswith("KONGCHUO_")}


def test_the_doctor_looks_at_every_gauge_of_the_records(bot):
    assert set(LIMITS) == set(gauges(bot)) - {"kongchuo_database_up"}


@pytest.mark.parametrize(
    ("metric", "value", "level", "words"),
    [
        ("kongchuo_outbox_dead", 0, GOOD, "0条"),
        ("kongchuo_outbox_dead", 1, WARN, "1条。请运行 kongchuo letters"),
        ("kongchuo_outbox_oldest_seconds", 900, WARN, "已等15分钟"),
        ("kongchuo_sweep_lag_seconds", 7200, BAD, "落后120分钟"),
        ("kongchuo_disk_free_bytes", 100 * (1 << 30), GOOD, "剩余100 GB"),
        ("kongchuo_disk_free_bytes", 1 << 29, BAD, "请清理或扩容"),
        ("kongchuo_calendar_days_left", 0, BAD, "kongchuo import calendar"),
        ("kongchuo_calendar_days_left", 30, WARN, "已排到30天后"),
        ("kongchuo_reports_due", 40, GOOD, "40份"),
        ("kongchuo_files_oldest_seconds", 3 * 86400, BAD, "三天后企业微信会删除"),
    ],
)
def test_the_doctor_judges(metric, value, level, words):
    finding = judge(LIMITS[metric], value)
    assert finding.level == level
    assert words in finding.words


@pytest.mark.parametrize(
    ("today", "left"),
    [
        ((2025, 9, 1), (dt.date(2025, 12, 31) - dt.date(2025, 9, 1)).days),  # the term ends in a year not announced yet
        ((2025, 12, 31), 0),
        ((2026, 2, 1), 0),
    ],
)
def test_an_autumn_term_counts_to_the_end_of_the_year_that_is_announced(today, left):
    only_2025 = Official(frozenset({2025}), frozenset(), frozenset())
    calendar = Calendar([(dt.date(2025, 9, 1), dt.date(2026, 1, 20))], known=only_2025)
    assert days_ahead(calendar, dt.date(*today)) == left


def test_figures_follow_the_records(bot):
    before = shown(bot)
    with bot.store.begin(NOW) as work:
        work.outbox.queue(Outgoing("k", "wang", "text", NOW - dt.timedelta(minutes=7)))
        work.evidence.expect("media", "wang", "image")
        piece = work.evidence.expect("media2", "wang", "image", pupil="p1")
        work.evidence.lost(piece)
        work.audit.note("wang", "look", "pupil:p1", "chat")
        work.cases.append([Fact("f", Kind.ABSENCE, dt.date(2025, 9, 8), NOW, "wang", "teacher", "p1", data={})])
    after = shown(bot)
    changed = {name for name in after if after[name] != before[name]}
    assert (after["kongchuo_outbox_waiting"], after["kongchuo_outbox_oldest_seconds"]) == (1, 420)
    assert after["kongchuo_files_lost"] == 1
    assert changed >= {"kongchuo_outbox_waiting", "kongchuo_outbox_oldest_seconds", "kongchuo_files_lost"}
    later = NOW + dt.timedelta(days=3)
    with bot.store.look(later) as work:
        vitals = work.vitals()
    assert vitals.files_wanted == NOW
    assert abs(vitals.unchained - NOW) < dt.timedelta(seconds=1)
    assert vitals.duties_overdue >= 1


def test_monthly_reports_are_due_and_then_overdue(tmp_path):
    bot = running(tmp_path)
    from reminders.sweep import sweep

    def figures(moment):
        sweep(bot.store, moment)
        with bot.store.look(moment) as work:
            return work.vitals()

    assert figures(dt.datetime(2025, 9, 10, 8)).reports_due == 0
    near = figures(dt.datetime(2025, 9, 22, 8))
    assert (near.reports_due > 0, near.reports_overdue) == (True, 0)
    assert figures(dt.datetime(2025, 9, 27, 8)).reports_overdue == near.reports_due


@pytest.mark.parametrize(
    ("outcome", "label"), [(None, "0"), (error_for(45009), "45009"), (Retry("连不上企业微信"), "none")]
)
def test_sendings_are_counted_by_errcode(bot, outcome, label, monkeypatch):
    def send(*arguments):
        if outcome is not None:
            raise outcome

    monkeypatch.setattr("bot.wecom.client.Client.send", send)
    with contextlib.suppress(WecomError):
        bot.courier.send("wang", "text", None)
    assert f'kongchuo_sends_total{{errcode="{label}"}} 1.0' in bot.metrics.show({}).decode()


def test_a_failing_job_is_counted_and_rung_again(tmp_path):
    import threading

    from apscheduler.triggers.interval import IntervalTrigger

    from reminders.jobs import start_bell

    bot = running(tmp_path)
    failed, rung = [], threading.Semaphore(0)

    def bad() -> None:
        rung.release()
        raise ValueError("张三")

    bell = start_bell(bot.store, bot.courier, bot.now, bot.now, also=(bad,), failed=failed.append)
    try:
        bell.reschedule_job("also-0", trigger=IntervalTrigger(seconds=0.05))
        assert rung.acquire(timeout=5)
        assert rung.acquire(timeout=5)
    finally:
        bell.shutdown(wait=True)
    assert set(failed) == {"also-0"}


def test_the_doctor_says_what_to_reach_where_wecom_is_not_reached():
    found = wecom(Settings(corp_id="ww1", agent_id=1, secret="s", wecom_api="http://127.0.0.1:9/"))
    assert found.words == "连不上企业微信。请确认这台服务器能访问 http://127.0.0.1:9/"
