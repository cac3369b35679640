"""Every alert of ``deploy/alerts.yml`` is rung by what it is for, and by nothing less, as Prometheus itself evaluates it."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

FILE = Path(__file__).parents[2] / "deploy/alerts.yml"
RULES = {rule["alert"]: rule for group in yaml.safe_load(FILE.read_text("utf-8"))["groups"] for rule in group["rules"]}


@dataclass(frozen=True)
class Rung:
    """A series a minute apart that rings the alert at a time, and one that does not; labels that the alarm then bears."""

    alert: str
    at: str
    series: str
    rings: str
    quiet: str
    labels: dict[str, str] = field(default_factory=dict)


TABLE = [
    Rung("KongchuoDown", "5m", 'up{job="kongchuo"}', "0x5", "0 0 1x3", {"job": "kongchuo"}),
    Rung("KongchuoDatabaseAway", "5m", "kongchuo_database_up", "1 1 0x5", "1 1 0 1x5"),
    Rung("KongchuoMessagesNotCommitted", "6m", "kongchuo_callback_failed_total", "0x3 1x5", "7x8"),
    Rung("KongchuoNoCallbacks", "98h", "kongchuo_callback_last_timestamp", "60x5900", "60x5800 340000x100"),
    Rung("KongchuoCallbacksRefused", "8m", 'kongchuo_callback_refused_total{why="Stale"}', "0x3 1x5", "3x8", {"why": "Stale"}),
    Rung("KongchuoForgeries", "8m", 'kongchuo_callback_refused_total{why="Forged"}', "0+30x9", "0+5x9", {"why": "Forged"}),
    Rung("KongchuoOutboxStuck", "12m", "kongchuo_outbox_oldest_seconds", "700+60x12", "700x3 10x9"),
    Rung("KongchuoOutboxDeep", "40m", "kongchuo_outbox_waiting", "6000x41", "6000x20 10x20"),
    Rung("KongchuoDeadLetters", "65m", "kongchuo_outbox_dead", "1x70", "1x30 0x40"),
    Rung("KongchuoSendErrors", "20m", 'kongchuo_sends_total{errcode="45009"}', "1+3x20", "1+1x20", {"errcode": "45009"}),
    Rung("KongchuoSweepBehind", "12m", "kongchuo_sweep_lag_seconds", "400x12", "400 0x11"),
    Rung("KongchuoJobFails", "12m", 'kongchuo_jobs_failed_total{job="sweep"}', "0+1x12", "0x6 1x6", {"job": "sweep"}),
    Rung("KongchuoDutiesOverdue", "25h", "kongchuo_duties_overdue", "200x1510", "90x1510"),
    Rung("KongchuoReportsOverdue", "25h", "kongchuo_reports_overdue", "1x1510", "0x1510"),
    Rung("KongchuoClockSkew", "8m", "kongchuo_clock_skew_seconds", "-90x9", "30x9"),
    Rung("KongchuoCalendarEnds", "1m", "kongchuo_calendar_days_left", "29x2", "30x2"),
    Rung("KongchuoFilesWait", "1m", "kongchuo_files_oldest_seconds", "30000x2", "3600x2"),
    Rung("KongchuoFilesLost", "2h", "kongchuo_files_lost", "0x30 1x100", "4x130"),
    Rung("KongchuoAuditNotChained", "1m", "kongchuo_audit_unchained_seconds", "1000x2", "300x2"),
    Rung("KongchuoDiskFull", "1m", "kongchuo_disk_free_bytes", "4e9x2", "6e9x2"),
    Rung("KongchuoPagesFail", "9m", 'kongchuo_pages_total{status="500"}', "0+1x10", "0x5 1x5", {"status": "500"}),
]  # fmt: skip
SLOW = {"KongchuoCallbackSlow": "kongchuo_callback_seconds", "KongchuoCallbackLate": "kongchuo_callback_age_seconds"}
"""Histograms: a bucket that holds what is quick, and all."""


def group(alert: str, at: str, series: dict[str, str], labels: dict[str, str] | None) -> dict:
    """One test of promtool; ``labels`` None: nothing rings."""
    rule = RULES[alert]
    told = {name: re.sub(r"\{\{ \$labels\.(\w+) \}\}", lambda m: (labels or {})[m[1]], text)
            for name, text in rule["annotations"].items()} if labels is not None else {}  # fmt: skip
    rung = [] if labels is None else [{"exp_labels": rule["labels"] | labels, "exp_annotations": told}]
    return {
        "name": f"{alert} {'quiet' if labels is None else 'rings'}",
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "alert_rule_test": [{"eval_time": at, "alertname": alert, "exp_alerts": rung}],
    }


def groups() -> list[dict]:
    made = []
    for one in TABLE:
        made.append(group(one.alert, one.at, {one.series: one.rings}, one.labels))
        made.append(group(one.alert, one.at, {one.series: one.quiet}, None))
    for alert, name in SLOW.items():
        limit = 1 if alert == "KongchuoCallbackSlow" else 10
        for quick, labels in ((8, {}), (10, None)):  # of ten a minute
            buckets = {f'{name}_bucket{{le="{limit}"}}': f"0+{quick}x30", f'{name}_bucket{{le="+Inf"}}': "0+10x30",
                       f'{name}_bucket{{le="{limit * 5}"}}': "0+10x30"}  # fmt: skip
            made.append(group(alert, "25m", buckets, labels))
    return made


def test_each_alert_is_tried_both_ways():
    assert {one.alert for one in TABLE} | set(SLOW) == set(RULES)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="no promtool (Debian: prometheus)")
def test_alerts_ring_as_prometheus_evaluates_them(tmp_path):
    tests: dict[str, list[dict]] = {"1m": [], "30m": []}  # those over hours and days need no look each minute
    for one in groups():
        tests["1m" if one["alert_rule_test"][0]["eval_time"].endswith("m") else "30m"].append(one)
    for every, some in tests.items():
        (tmp_path / f"{every}.yml").write_text(
            yaml.safe_dump({"rule_files": [str(FILE)], "evaluation_interval": every, "tests": some})
        )
    files = [str(tmp_path / f"{every}.yml") for every in tests]
    done = subprocess.run(["promtool", "test", "rules", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
