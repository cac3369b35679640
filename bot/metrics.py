"""What an operator asks, as Prometheus text: ages, depths and counts, never a name."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """The figures of one process; gauges about the database are read when asked for."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._latency = Histogram(
            "kongchuo_callback_seconds", "time to answer a message", buckets=BUCKETS, registry=self.registry
        )
        self._last = Gauge("kongchuo_callback_last_timestamp", "when the last message came", registry=self.registry)
        self._refused = Counter("kongchuo_callback_refused", "callbacks refused", ["why"], registry=self.registry)
        self._failed = Counter("kongchuo_callback_failed", "messages not committed", registry=self.registry)
        self._gauges: dict[str, Gauge] = {}

    @contextlib.contextmanager
    def callback(self) -> Iterator[None]:
        """Time one message."""
        begun = time.perf_counter()
        try:
            yield
        except Exception:
            self._failed.inc()
            raise
        finally:
            self._latency.observe(time.perf_counter() - begun)
            self._last.set_to_current_time()

    def refused(self, error: Exception) -> None:
        """Count one refused callback by its cause."""
        self._refused.labels(type(error).__name__).inc()

    def show(self, gauges: dict[str, tuple[str, float]]) -> bytes:
        """The text of /metrics, with these gauges (name → what it means, value) as of now."""
        for name, (means, value) in gauges.items():
            if name not in self._gauges:
                self._gauges[name] = Gauge(name, means, registry=self.registry)
            self._gauges[name].set(value)
        return generate_latest(self.registry)
