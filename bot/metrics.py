"""What an operator asks, as Prometheus text: ages, depths and counts, never a name.

Under several processes (``kongchuo serve``) each writes its counts into a folder that all share, and any of them
answers for all; gauges about the database are read when asked for.
"""

from __future__ import annotations

import os
import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

from bot.wecom.crypto import Forged, Malformed, Stale, Unreadable

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
AGES = (0.5, 1, 2, 3, 5, 10, 15, 30, 60, 300)
SEVERAL = 3
SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Where processes share their counts; must be set before prometheus_client is imported (see ``server.serve``)."""


class Metrics:
    """The figures of one process, or of all that share a folder."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._stale: dict[int, float] = {}  # when signed → how far off, since a callback last came through
        self._latency = Histogram(
            "kongchuo_callback_seconds", "time to answer a message", buckets=BUCKETS, registry=self.registry
        )
        self._age = Histogram(
            "kongchuo_callback_age_seconds",
            "time from a message's making to its taking in: beyond a second, WeChat Work has tried again",
            buckets=AGES,
            registry=self.registry,
        )
        self._last = Gauge(
            "kongchuo_callback_last_timestamp",
            "when the last message came",
            registry=self.registry,
            multiprocess_mode="max",
        )
        self._refused = Counter("kongchuo_callback_refused", "callbacks refused", ["why"], registry=self.registry)
        for why in (Forged, Malformed, Stale, Unreadable):  # at 0 from the start: an alert sees the very first one
            self._refused.labels(why.__name__)
        self._failed = Counter("kongchuo_callback_failed", "messages not committed", registry=self.registry)
        self._sends = Counter(
            "kongchuo_sends", "sendings by WeChat Work's errcode; none: no answer", ["errcode"], registry=self.registry
        )
        self._skew = Gauge(
            "kongchuo_clock_skew_seconds",
            "WeChat Work's clock less ours, by its last answer",
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )
        self._jobs = Counter(
            "kongchuo_jobs_failed", "runs of the scheduler's jobs that failed", ["job"], registry=self.registry
        )
        self._pages = Counter("kongchuo_pages", "pages answered, by status", ["status"], registry=self.registry)

    def answered(self, created: int, seconds: float, failed: bool = False) -> None:
        """Count one message, made at ``created`` (seconds since the epoch, 0 if not known), that took so long to answer."""
        self._stale.clear()
        if created:
            self._age.observe(max(0.0, time.time() - seconds - created))
        if failed:
            self._failed.inc()
        self._latency.observe(seconds)
        self._last.set_to_current_time()

    def refused(self, error: Exception) -> None:
        """Count one refused callback by its cause."""
        self._refused.labels(type(error).__name__).inc()
        if isinstance(error, Stale):
            self._stale[round(time.time() + error.skew)] = error.skew

    def clock_off(self) -> float | None:
        """By how many seconds our clock seems wrong; None while callbacks come through.

        Rightly signed messages of several moments were refused as stale, and none was taken in since. One message alone
        may be a replay, sent however often.
        """
        return None if len(self._stale) < SEVERAL else sorted(self._stale.values())[len(self._stale) // 2]

    def sent(self, errcode: int | None) -> None:
        """Count one sending; 0 is success, None no answer."""
        self._sends.labels("none" if errcode is None else str(errcode)).inc()

    def skew(self, seconds: float) -> None:
        """Keep how far WeChat Work's clock is ahead of ours."""
        self._skew.set(seconds)

    def job_failed(self, job: str) -> None:
        """Count one failed run of a job."""
        self._jobs.labels(job).inc()

    def page(self, status: int) -> None:
        """Count one page by its HTTP status."""
        self._pages.labels(str(status)).inc()

    def show(self, gauges: dict[str, tuple[str, float]]) -> bytes:
        """The text of /metrics, with these gauges (name → what it means, value) as of now."""
        counts = self.registry
        if SHARED in os.environ:
            counts = CollectorRegistry()
            multiprocess.MultiProcessCollector(counts)  # type: ignore[no-untyped-call]  # ships no types for it
        return bytes(generate_latest(counts)) + _as_text(gauges)


def _as_text(gauges: dict[str, tuple[str, float]]) -> bytes:
    """Gauges as Prometheus text; they are the database's, not a process's, so they stay out of the shared folder."""
    lines = [
        f"# HELP {name} {means}\n# TYPE {name} gauge\n{name} {value!r}\n" for name, (means, value) in gauges.items()
    ]
    return "".join(lines).encode()
