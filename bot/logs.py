"""Structured logs: one JSON line for each event, with a message's id through all of it and no personal data.

Our own rooms say ids, codes and numbers. What a library says may hold an address or a row: its lines come from WARNING
on, queries of addresses are cut off, and an exception is told by its kind and place, never by its words (faults 39).
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import sys
from types import TracebackType
from typing import Any, TextIO

import structlog

OURS = ("bot", "handlers", "casework", "storage", "reminders", "reports")
FRAMES = 6  # of a trace, the innermost
_QUERY = re.compile(r"\?[^\s'\"]+")


def configure(level: str = "INFO") -> None:
    """Log events as JSON lines on standard error: ours from this level on, those of libraries from WARNING on."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if isinstance(handler, _Stderr)]:
        root.removeHandler(old)
    handler = _Stderr()
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    for room in OURS:
        logging.getLogger(room).setLevel(number)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # its request lines hold addresses
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *names: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


class _Stderr(logging.StreamHandler[TextIO]):
    """Standard error as it is at the moment of writing."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # the handler's own is fixed when it is made
        return sys.stderr


class JsonLines(logging.Formatter):
    """A record of the standard library's logging as one line; ``extra={"fields": {…}}`` becomes fields of it."""

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.partition(".")[0] in OURS
        words = record.getMessage() if ours else _QUERY.sub("?…", record.getMessage())
        line: dict[str, Any] = {**structlog.contextvars.get_contextvars(), "event": words, "logger": record.name}
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0] is not None:
            line |= {"why": record.exc_info[0].__name__, "where": trace_of(record.exc_info[2])}
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat()
        return json.dumps(line | {"level": record.levelname.lower(), "timestamp": at}, ensure_ascii=False, default=str)


def trace_of(trace: TracebackType | None) -> list[str]:
    """File and line of the innermost frames, without the words of the exception, which may name a child."""
    places: list[str] = []
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places[-FRAMES:]
