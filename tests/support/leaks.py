"""Nothing personal in what an operator can read: watched in every test, at DEBUG (faults 39).

Heard are the lines of the log as they are written (of servers in their own processes, too), the labels of metrics,
addresses asked for, linked to or led to, pages that refuse or fail, and calls to WeChat Work. Planted is whatever this
process has put into a register of pupils, and what was said in the test at hand; numbers are known by their shape.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import flask
import prometheus_client.metrics
import requests
import structlog

from bot import logs
from casework.people import Pupil
from storage import pupils
from storage.inbox import Inbox

OURS = ("/m/", "/wecom/", "/healthz", "/readyz", "/metrics")
REFUSED = frozenset({400, 401, 403, 404, 405, 413, 429, 500, 502, 503})
NUMBERS = re.compile(
    r"(?<![0-9A-Za-z:.])(?:(?:86)?1[3-9]\d{9}|[GL]?[1-6]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[0-9Xx])(?![0-9A-Za-z])"
)
"""Telephone and ID numbers; a message's id (``msg:13800000001``) and a moment (``1764195845.1``) are none."""
SECRETS = re.compile(r"(?:access_token|corpsecret|secret|EncodingAESKey)=[^&\s\"]+", re.I)
HAN = re.compile(r"[\u3400-\u9fff·]{2,}")
LONGEST, SAID = 8, 6  # characters of a name, and of the piece of a message that gives it away
_LINK = re.compile(r'\b(?:href|src|action)="([^"]*)"')


@dataclass
class Watch:
    """What must not be heard, and what was heard in the test at hand, each with where."""

    names: set[str] = field(default_factory=set)
    details: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    heard: dict[str, list[str]] = field(default_factory=dict)
    followed: dict[Path, int] = field(default_factory=dict)

    def plant(self, pupil: Pupil, details: Mapping[str, str] | None = None) -> None:
        """A pupil of the register; of details those that are words of one child, not of half a village."""
        self.names.add(pupil.name)
        kept = ("id_number", "student_number", "phone", "guardian", "address")
        self.details.update(value for name, value in (details or {}).items() if name in kept and len(value) > 1)

    def hear(self, where: str, text: str) -> None:
        """Keep what an operator could read."""
        self.heard.setdefault(where, []).append(text)

    def follow(self, file: Path) -> None:
        """Hear what a process writes into this file from now on."""
        self.followed[file] = 0

    def take(self) -> list[str]:
        """What of the planted was heard since the last time, each with where; all is forgotten then."""
        for file in list(self.followed):
            self._read_on(file)
        heard, said = self.heard, "\n".join(self.said)
        self.heard, self.said = {}, []
        return [
            f"{where}: {found!r} in {text.strip()[:300]!r}"
            for where, texts in heard.items()
            for text in dict.fromkeys(texts)
            for found in self._found(text, said, secrets=where != "call")
        ]

    def _read_on(self, file: Path) -> None:
        if not file.exists():
            del self.followed[file]
            return
        with file.open("rb") as stream:
            stream.seek(self.followed[file])
            for line in stream.read().decode(errors="replace").splitlines():
                self.hear("log", line)
            self.followed[file] = stream.tell()

    def _found(self, text: str, said: str, secrets: bool) -> Iterator[str]:
        yield from NUMBERS.findall(text)
        if secrets:
            yield from SECRETS.findall(text)
        for run in HAN.findall(text):
            yield from (piece for piece in _pieces(run) if piece in self.names or piece in self.details)
            if len(run) >= SAID and run in said:
                yield run
        yield from (word for word in _words(text) if word in self.names or word in self.details)


def _pieces(run: str) -> Iterator[str]:
    """Every part of a row of Chinese characters that may be a name."""
    return (run[a:b] for a in range(len(run)) for b in range(a + 2, min(a + LONGEST, len(run)) + 1))


def _words(text: str) -> Iterable[str]:
    """Words in Latin letters and numbers, for names and numbers of other shapes."""
    return re.findall(r"[0-9A-Za-z'-]{5,}", text)


WATCH = Watch()


def install() -> None:
    """From now on hear everything in this process, with the log at DEBUG as an operator may set it."""
    _after(logs.JsonLines, "format", lambda line, *_: WATCH.hear("log", line))
    _after(structlog.processors.JSONRenderer, "__call__", lambda line, *_: WATCH.hear("log", str(line)))
    _after(
        prometheus_client.metrics.MetricWrapperBase, "labels", lambda _, self, *a, **k: WATCH.hear("metric", f"{a}{k}")
    )
    _after(
        requests.adapters.HTTPAdapter,
        "send",
        lambda _, self, asked, *a, **k: WATCH.hear("call", unquote_plus(asked.url)),
    )
    _after(flask.Flask, "process_response", lambda response, *_: _page(response))
    _after(pupils, "write", lambda _, session, fold, entered: [WATCH.plant(e.pupil, e.details) for e in entered])
    _after(Inbox, "take_in_all", lambda _, self, many, *given: WATCH.said.extend(one.words for one in many))
    logs.configure("DEBUG")


def _after(owner: Any, name: str, then: Callable[..., object]) -> None:
    """Have ``then`` see the result and the arguments of every call of this function."""
    original = getattr(owner, name)

    def both(*given: Any, **named: Any) -> Any:
        result = original(*given, **named)
        then(result, *given, **named)
        return result

    setattr(owner, name, both)


def _page(response: flask.Response) -> None:
    """The address of one of our pages, where it leads, and its words where it refuses or fails."""
    request = flask.request
    if not request.path.startswith(OURS):
        return
    WATCH.hear("address", unquote_plus(request.full_path))
    if "Location" in response.headers:
        WATCH.hear("address", unquote_plus(response.headers["Location"]))
    if response.is_streamed or response.direct_passthrough or not response.mimetype.startswith("text/"):
        return
    body = response.get_data(as_text=True)
    for link in _LINK.findall(body):
        if not link.startswith("tel:"):  # a number to call, asked of no server
            WATCH.hear("link", unquote_plus(html.unescape(link)))
    if response.status_code in REFUSED:
        WATCH.hear("page", body)
