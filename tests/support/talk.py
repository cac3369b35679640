"""Plays a talk: who says what, what they hear, what is pushed to others. ``tests/talks/*.md`` are written in it.

    # title
    pack: longchuan                   (optional; national without)
    hear: 王老师 李主任                 (optional: only what is pushed to these is listed)
    clauses: LC-14 LC-20              (optional: the mechanisms of the documents that the talk shows)
    ## 2025-09-10 08:05               (time passes until then; what is pushed meanwhile is listed first)
    → 李主任                           (a push; its text follows, quoted)
    > 张三……
    王老师: 张三 缺勤 第3天              (somebody types; the reply follows, quoted)
    > 已记：张三……
    王老师 点 visit|… 结果 agreed        (somebody taps a button of a card)
    职务 何老师 teacher c1 2025-09-15 —   (the administrator puts a post on the page: person, role, unit, first and last day)

``……`` in an expected line stands for any text. Run ``python -m tests.support.talk FILE`` to write down
what is heard now, to be read before it is committed.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from bot.desks import desk_for
from bot.madeup import fill, make_county
from bot.reception import speak
from casework.people import Post
from handlers import taps
from handlers.understanding import names
from reminders.jobs import collect, run_until, sweep
from storage.counties import create_county
from storage.rebuilding import rebuild
from storage.store import Store, open_store
from tests.support import databases
from tests.support.stores import KEY, copied, empty_database, serialized

ANY = "……"


@dataclass(slots=True)
class Event:
    """One thing of a talk: ``time``, ``say``, ``tap``, ``post`` or ``push``, and the quoted lines that must follow."""

    kind: str
    who: str = ""
    words: str = ""
    heard: list[str] = field(default_factory=list)
    line: int = 0


@dataclass(slots=True)
class Talk:
    title: str
    pack: str = "national"
    hear: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    events: list[Event] = field(default_factory=list)


def read(text: str) -> Talk:
    """Parse a talk; raises ``ValueError`` with the line."""
    talk = Talk("")
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("# "):
            talk.title = line[2:]
        elif line.startswith("pack:"):
            talk.pack = line[5:].strip()
        elif line.startswith("hear:"):
            talk.hear = tuple(line[5:].split())
        elif line.startswith("clauses:"):
            talk.clauses = tuple(line[8:].split())
        elif line.startswith("## "):
            talk.events.append(Event("time", words=line[3:].strip(), line=number))
        elif line.startswith(">"):
            talk.events[-1].heard.append(line[1:].removeprefix(" "))
        elif line.startswith("→ "):
            talk.events.append(Event("push", who=line[2:].strip(), line=number))
        elif found := re.match(r"^(\S+) 点 (\S+)(?: 结果 (\S+))?$", line):
            talk.events.append(Event("tap", found[1], f"{found[2]} {found[3] or ''}".strip(), line=number))
        elif line.startswith("职务 "):
            talk.events.append(Event("post", words=line[3:].strip(), line=number))
        elif found := re.match(r"^(\S+?)[:：] ?(.*)$", line):
            talk.events.append(Event("say", found[1], found[2], line=number))
        elif line.strip() and not line.startswith("<!--"):
            raise ValueError(f"line {number} is no part of a talk: {line}")
    return talk


def _set(pack: str, now: dt.datetime, engine: sa.Engine) -> Store:
    county_id = create_county(engine, [KEY], "青石县", pack, now, county=secrets.token_hex(8))
    store = open_store(engine, county_id, data_keys=[KEY], fold=names)
    fill(store, make_county(now.date()), now)
    return store


@functools.lru_cache(maxsize=64)
def _set_once(pack: str, now: dt.datetime) -> bytes:
    """Many talks begin alike: the county of each is a copy of one that was filled once."""
    store = _set(pack, now, empty_database())
    return serialized(store.engine)


class Stage:
    """The made-up county on a store in memory, at the time of the talk."""

    def __init__(self, pack: str, now: dt.datetime, engine: sa.Engine | None = None) -> None:
        county = make_county(now.date())
        if engine is None and not databases.ON_POSTGRESQL:
            self.store: Store = open_store(copied(_set_once(pack, now)), data_keys=[KEY], fold=names)
        else:
            self.store = _set(pack, now, engine or empty_database())
        self.ids = {person.name: person.id for person in county.people}
        self.names = {person.id: person.name for person in county.people}
        self.now = now
        self._count = 0

    def pass_until(self, moment: dt.datetime) -> list[tuple[str, str]]:
        """Let time pass; what is pushed on the way, as (name, text)."""
        return [(who, text) for _, who, text in self.pass_moments(moment)]

    def pass_moments(self, moment: dt.datetime) -> list[tuple[dt.datetime, str, str]]:
        """Let time pass; what is pushed on the way, as (moment, name, text)."""
        pushed: list[tuple[dt.datetime, str, str]] = []

        def deliver(at: dt.datetime) -> None:
            pushed.extend((at, who, text) for who, text in self._pushed(at))

        run_until(self.store, self.now, moment, deliver=deliver)
        self.now = moment
        return pushed

    def say(self, who: str, text: str, kind: str = "text", media: str = "") -> str:
        """What the bot answers to a message."""
        with self.store.begin(self.now) as work:
            desk = desk_for(work, self.ids[who], self._source())
            assert desk is not None
            said = speak(desk, kind, text, media)
        self.now += dt.timedelta(seconds=20)
        return said.text

    def tap(self, who: str, key: str, outcome: str = "") -> str:
        """What the bot answers to a tapped button."""
        with self.store.begin(self.now) as work:
            desk = desk_for(work, self.ids[who], self._source())
            assert desk is not None
            said = taps.tap(desk, key, {"outcome": (outcome,)} if outcome else {}, "task")
        self.now += dt.timedelta(seconds=20)
        return said.text

    def post(self, words: str) -> None:
        """A post put, or its last day changed, as the page of settings does it."""
        who, role, unit, *days = words.split()
        since, until = (None if day == "—" else dt.date.fromisoformat(day) for day in days)
        with self.store.begin(self.now) as work:
            work.people.put_post(Post(self.ids[who], role, unit, since, until))
        self.now += dt.timedelta(seconds=20)

    def pushed_now(self) -> list[tuple[str, str]]:
        sweep(self.store, self.now)
        return self._pushed(self.now)

    def _pushed(self, at: dt.datetime) -> list[tuple[str, str]]:
        """What is sent at one moment has no order of its own; here it gets one, so that talks can be compared."""
        return sorted((self.names[m.to], m.text or str(m.card)) for m in collect(self.store, at))

    def _source(self) -> str:
        self._count += 1
        return f"msg:{self._count}"


def play(talk: Talk, engine: sa.Engine | None = None) -> Iterator[tuple[Event, list[str]]]:
    """Each event with the lines that were really heard; pushes that the talk does not list come as events too.

    The last event, ``end``, is heard empty when a rebuild finds all as it stands.
    """
    stage: Stage | None = None
    waiting: list[tuple[str, str]] = []
    for event in talk.events:
        if event.kind == "push":
            if waiting and waiting[0][0] == event.who:
                yield event, waiting.pop(0)[1].splitlines()
            else:
                yield event, []
            continue
        yield from ((Event("push", who), text.splitlines()) for who, text in waiting)
        if event.kind == "time":
            moment = dt.datetime.fromisoformat(event.words)
            if stage is None:
                stage = Stage(talk.pack, moment, engine)
                stage.pass_until(moment)
            else:
                waiting = _heard(talk, stage.pass_until(moment))
            yield event, []
            continue
        assert stage is not None, "a talk begins with a time"
        if event.kind == "post":
            stage.post(event.words)
            yield event, []
            waiting = _heard(talk, stage.pushed_now())
            continue
        heard = stage.say(event.who, event.words) if event.kind == "say" else stage.tap(event.who, *event.words.split())
        yield event, heard.splitlines()
        waiting = _heard(talk, stage.pushed_now())
    yield from ((Event("push", who), text.splitlines()) for who, text in waiting)
    if stage is not None:
        yield Event("end"), [str(found) for found in rebuild(stage.store, stage.now, check=True)]


def _heard(talk: Talk, pushed: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [one for one in pushed if not talk.hear or one[0] in talk.hear]


def matches(expected: str, heard: str) -> bool:
    """Whether a line is as expected, with ``……`` for any text."""
    pattern = ".*".join(re.escape(part) for part in expected.split(ANY))
    return re.fullmatch(pattern, heard) is not None


def write_down(path: Path) -> str:
    """The talk with what is heard now in place of what was expected."""
    talk = read(path.read_text(encoding="utf-8"))
    lines = [f"# {talk.title}", *([f"pack: {talk.pack}"] if talk.pack != "national" else [])]
    lines += [f"hear: {' '.join(talk.hear)}"] if talk.hear else []
    lines += [f"clauses: {' '.join(talk.clauses)}"] if talk.clauses else []
    for event, heard in play(talk):
        if event.kind == "time":
            lines += ["", f"## {event.words}"]
        elif event.kind == "push":
            lines += [f"→ {event.who}"] if heard else []
        elif event.kind == "post":
            lines.append(f"职务 {event.words}")
        elif event.kind == "end":
            assert not heard, heard
        elif event.kind == "tap":
            key, _, outcome = event.words.partition(" ")
            lines.append(f"{event.who} 点 {key}" + (f" 结果 {outcome}" if outcome else ""))
        else:
            lines.append(f"{event.who}: {event.words}")
        lines += [f"> {line}".rstrip() for line in heard]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        Path(name).write_text(write_down(Path(name)), encoding="utf-8")
