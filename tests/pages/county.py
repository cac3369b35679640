"""The made-up county for tests of pages: one store, the application on it, and people who open its pages."""

from __future__ import annotations

import base64
import datetime as dt
import functools
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from bot import pages
from bot.courier import Courier
from bot.desks import desk_for
from bot.madeup import make_county
from bot.metrics import Metrics
from bot.settings import Settings
from handlers.conversation import answer
from handlers.understanding import names
from storage.engine import build_engine
from storage.people import Days
from storage.pupils import Entered
from storage.store import Store, open_store
from tests.support import databases
from tests.support.stores import KEY, copied, fresh_store, serialized, watch_county

MONDAY = dt.datetime(2025, 9, 15, 9, 0)
TODAY = dt.datetime(2025, 9, 18, 14, 0)
ROLES = {
    "teacher": "wang", "subject_teacher": "chen", "school": "li", "principal": "zhao", "village": "liu",
    "township": "huang", "county": "zhou", "admin": "guan",
}  # fmt: skip
SCRIPT = "<script>alert(1)</script>"


@dataclass
class Clock:
    """The county's clock, set by the tests."""

    moment: dt.datetime = TODAY

    def __call__(self) -> dt.datetime:
        return self.moment


@dataclass
class Logins:
    """Stands for WeChat Work at login: which code is whose; a code works once."""

    codes: dict[str, str] = field(default_factory=dict)

    def user_of(self, code: str) -> str | None:
        return self.codes.pop(code, None)


@dataclass
class Running:
    """What the pages need of the running program."""

    settings: Settings
    store: Store
    client: Logins
    courier: Courier
    now: Clock
    metrics: Metrics = field(default_factory=Metrics)
    real: Any = lambda: dt.datetime.now(dt.UTC).replace(tzinfo=None)


def made_store(more: Callable[[Store], object] | None = None) -> Store:
    """A store in memory of the made-up county in which some days have passed, and ``more`` happened: a copy of one made once."""
    if databases.ON_POSTGRESQL:
        engine = databases.until_forgotten(build_engine(databases.own(_filling(more))))
        watch_county(engine)
    else:
        engine = copied(_made_once(more))
    return open_store(engine, data_keys=[KEY], fold=names)


@functools.cache
def _filling(more: Callable[[Store], object] | None) -> Callable[[str], None]:
    def fill(url: str) -> None:
        store = filled(fresh_store(url, pack="longchuan", opened=dt.datetime(2025, 9, 1), fold=names))
        if more is not None:
            more(store)
        store.close()

    return fill


@functools.cache
def _made_once(more: Callable[[Store], object] | None) -> bytes:
    if more is None:
        store = filled(fresh_store("sqlite://", pack="longchuan", opened=dt.datetime(2025, 9, 1), fold=names))
    else:
        store = made_store()
        more(store)
    return serialized(store.engine)


def filled(store: Store) -> Store:
    """The made-up county put into an empty store, and what was said there on some days."""
    county = make_county(MONDAY.date())
    with store.begin(MONDAY) as work:
        work.people.put_units(county.units)
        work.people.put_people(county.people)
        work.people.put_posts(county.posts)
        work.people.put_days([Days("term", start, end) for start, end in county.terms])
        details = {"guardian": "张大山", "relation": "父亲", "phone": "13800000000", "id_number": "441622201201010011"}
        work.people.put_pupils([Entered(p, details if p.id == "p1" else None) for p in county.pupils])
    for at, who, text in SAID:
        say(store, who, text, dt.datetime.fromisoformat(at))
    wake(store, TODAY)
    return store


SAID = (
    ("2025-09-15T08:10", "wang", "张三今天没来"),
    ("2025-09-15T10:10", "wang", "给张三爸爸打电话没人接"),
    ("2025-09-16T08:10", "wang", "李四今天没来"),
    ("2025-09-16T17:30", "liu", "去张三家了，家里没人"),
    ("2025-09-17T08:10", "wang", "李四今天回来上课了"),
    ("2025-09-17T08:15", "wang", "王五请病假5天"),
)


def say(store: Store, who: str, text: str, at: dt.datetime) -> str:
    """A message in chat, and what is answered."""
    with store.begin(at) as work:
        desk = desk_for(work, who, f"chat:{who}:{at.isoformat()}")
        assert desk is not None
        return answer(desk, text).text


def wake(store: Store, now: dt.datetime) -> None:
    """What the sweep does about moments that have come."""
    with store.begin(now) as work:
        pupils, units = work.cases.waking(10_000)
        work.cases.refresh(pupils, units)


def application(store: Store, demo: bool = True, tmp: str = "files", **settings: Any) -> tuple[Flask, Running]:
    """The Flask application with the pages alone."""
    given = {
        "data_key": base64.b64encode(KEY).decode(), "corp_id": "wwtest", "agent_id": 1000002, "files": tmp,
        "public_url": "", "_env_file": None,
    } | settings  # fmt: skip
    client = Logins()
    running = Running(Settings(**given), store, client, Courier(client, Clock()), Clock())
    app = Flask("bot")
    app.jinja_env.bytecode_cache = _COMPILED
    pages.register(app, running, demo=demo)
    return app, running


class _Compiled(BytecodeCache):
    """What one application has compiled of a template, the next one of this process need not."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def _built_once(rule: Rule, append_unknown: bool = True, build: Any = Rule._compile_builder) -> Any:
    """What puts an address together, as code: nine tenths of an application's making, the same in each of them."""
    key = (rule.rule, rule.subdomain, rule.host, tuple(sorted((rule.defaults or {}).items())), append_unknown)
    if key not in _BUILDERS:
        _BUILDERS[key] = build(rule, append_unknown)
    return _BUILDERS[key]


_BUILDERS: dict[tuple[Any, ...], Any] = {}
Rule._compile_builder = _built_once  # type: ignore[method-assign]

PHONES = itertools.count(1)
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
ONCE = re.compile(r'name="once" value="([^"]+)"')


class Visitor:
    """Somebody at a browser: opens pages, fills forms in as they stand there."""

    def __init__(self, app: Flask, person: str | None = None) -> None:
        self.client: FlaskClient = app.test_client()
        # Everybody has a phone of their own: one address for all would be held back as one that asks too often.
        number = next(PHONES)
        self.address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self.client.environ_base["REMOTE_ADDR"] = self.address
        if person:
            self.enter(person)

    def enter(self, person: str) -> TestResponse:
        return self.post("/m/login", "/m/login/as", person=person)

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.client.get(path, **kwargs)

    def page(self, path: str) -> str:
        response = self.client.get(path)
        assert response.status_code == 200, (path, response.status_code, response.text[:500])
        return response.text

    def post(self, form_on: str, path: str, **fields: Any) -> TestResponse:
        """Send a form that stands on one page to its address, with that page's tokens."""
        text = self.client.get(form_on).text
        tokens = {"csrf": CSRF.search(text)[1], "once": ONCE.findall(text)[-1]}  # type: ignore[index]
        return self.client.post(path, data={**tokens, **fields})

    def search(self, words: str, on: str = "/m/pending", to: str = "/m/pending", **filters: str) -> str:
        """The list that a search leads to; the words stand in no address."""
        response = self.post(on, to, q=words, **filters)
        assert words not in unquote(response.headers["Location"])
        return self.page(response.headers["Location"])
