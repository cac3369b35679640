"""``kongchuo demo``: bot, jobs and the simulated WeChat Work in one process, and one address to open.

The county's clock can be turned: the same ``run_until`` as in a replay steps through every moment at
which something happens. Signatures, tokens and leases keep real time.
"""

from __future__ import annotations

import base64
import datetime as dt
import secrets
import tempfile
import threading
import webbrowser
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from bot.app import Bot, build, real_now
from bot.madeup import County, fill, make_county
from bot.media import fetch_wanted
from bot.menu import menu
from bot.past import remember
from bot.settings import Settings
from bot.simulator import Simulator, create_simulator
from bot.web import create_app
from casework.scope import Directory
from casework.terms import ROLES
from handlers.places import place_name
from reminders.jobs import run_until, sweep
from reminders.sender import Gate, send_due
from reminders.settling import settle_cards
from storage.counties import create_county
from storage.engine import build_engine
from storage.migrating import migrate

CORP, AGENT = "ww0demo0county", 1000002
NAME, PACK = "青石县（演示）", "longchuan"
TICK = 5.0  # seconds between two rings of the demo's bell
EXAMPLES = {
    "班主任": (
        "张三 缺勤 第3天",
        "张三今天没来",
        "今天全勤",
        "李四请病假3天",
        "家访 张三 家长同意下周一返校",
        "待办",
        "撤销",
    ),
    "任课教师": ("张三今天没来", "和班主任一起家访了张三，不愿返校", "待办"),
    "控辍专干": ("待劝返名单", "月报", "提交本月月报", "导出疑似辍学台账", "确认张三辍学，外出打工"),
    "校长": ("待劝返名单", "月报", "逾期"),
    "村干部": ("去张三家了，家里没人", "摸排发现陈小花8岁没上学，住上坪村", "待办"),
    "乡镇干部": ("待劝返名单", "逾期", "上坪村还有几个没劝返"),
    "县教育局": ("哪些学校没交月报", "待劝返名单", "这个月缺勤多少人"),
    "管理员": ("我是谁", "帮助"),
}


@dataclass(slots=True)
class TurnedClock:
    """The county's clock: real time moved by what the demo's buttons added."""

    start: dt.datetime
    begun: dt.datetime = field(default_factory=lambda: dt.datetime.now())
    added: dt.timedelta = dt.timedelta(0)

    def __call__(self) -> dt.datetime:
        return self.start + self.added + (dt.datetime.now() - self.begun)

    def turn_to(self, moment: dt.datetime) -> None:
        """From now on it is that moment; never back."""
        self.added += max(moment - self(), dt.timedelta(0))


@dataclass(frozen=True, slots=True)
class Demo:
    """The parts of a running demo; ``lock`` keeps the bell and the buttons out of each other's way."""

    bot: Bot
    simulator: Simulator
    clock: TurnedClock
    address: str
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ring(self) -> None:
        """One sweep and one sending, as the jobs do every minute."""
        with self.lock:
            self._show(self.clock())
            sweep(self.bot.store, self.clock())
            self._send(self.clock())

    def turn(self, to: str) -> dt.datetime:
        """Turn the clock forward to ``hour``, ``day``, ``school_day`` or ``25th``, and let everything on the way happen."""
        with self.lock:
            begun, target = self.clock(), self._target(to)
            run_until(self.bot.store, begun, target, deliver=self._deliver)
            self.clock.turn_to(target)
            self._show(target)
            self._send(target)
        return target

    def _deliver(self, moment: dt.datetime) -> None:
        self.clock.turn_to(moment)
        self._show(moment)
        self._send(moment)

    def _send(self, moment: dt.datetime) -> None:
        """What is due goes out, photos are fetched and cards whose work is done turn grey, as the jobs do every few seconds."""
        send_due(self.bot.store, self.bot.courier, real_now(), moment)
        settle_cards(self.bot.store, self.bot.courier, real_now(), moment, Gate())
        fetch_wanted(self.bot)

    def _show(self, moment: dt.datetime) -> None:
        """What comes now bears that moment on the phones."""
        self.simulator.state.now_shown = moment.isoformat(timespec="minutes")

    def _target(self, to: str) -> dt.datetime:
        now = self.clock()
        morning = dt.time(8, 15)  # the reminders of the day and the reports of what is overdue are out
        if to == "hour":
            return now + dt.timedelta(hours=1)
        if to == "school_day":
            with self.bot.store.look(now) as work:
                day = work.world.calendar.county.after(now.date())
            return dt.datetime.combine(day or now.date() + dt.timedelta(days=1), morning)
        if to == "25th":
            month = now if now.day < 25 or (now.day == 25 and now.time() < morning) else now + dt.timedelta(days=28)
            return dt.datetime.combine(month.date().replace(day=25), morning)
        return dt.datetime.combine(now.date() + dt.timedelta(days=1), morning)


def start(port: int = 0, folder: Path | None = None, now: dt.datetime | None = None, pack: str = PACK) -> Demo:
    """Start everything in threads and return its handles; ``port`` 0 takes a free one."""
    folder = folder or Path(tempfile.mkdtemp(prefix="kongchuo-demo-"))
    clock = TurnedClock(now or next_morning(dt.datetime.now()))
    county = make_county(clock().date())
    secret, token = secrets.token_urlsafe(24), secrets.token_hex(12)
    aes_key = base64.b64encode(secrets.token_bytes(32)).decode()[:43].replace("+", "x").replace("/", "y")
    url = f"sqlite:///{folder / 'demo.db'}"
    data_key = base64.b64encode(secrets.token_bytes(32)).decode()
    engine = build_engine(url)
    migrate(engine)
    create_county(engine, [base64.b64decode(data_key)], NAME, pack, clock())
    people = _people(county)
    web = make_server("127.0.0.1", 0, Flask("placeholder"), threaded=True)
    inside = f"http://127.0.0.1:{web.server_port}"
    simulator = create_simulator(
        people, f"{inside}/wecom/callback", CORP, AGENT, secret, token, aes_key, f"{inside}/_demo/clock",
        title=NAME, examples=EXAMPLES, per_minute=1000,
    )  # fmt: skip
    address = simulator.start(port=port)
    settings = Settings(
        database_url=url, corp_id=CORP, agent_id=AGENT, secret=secret, token=token, aes_key=aes_key,
        wecom_api=f"{address}/cgi-bin/", public_url=inside, data_key=data_key, files=folder / "files", log_level="WARNING",
    )  # fmt: skip
    bot = build(settings, now=clock)
    fill(bot.store, county, clock())
    remember(bot.store, county, clock())
    demo = Demo(bot, simulator, clock, address)
    app = create_app(bot, demo=True)
    add_clock(app, demo)
    web.app = app
    threading.Thread(target=web.serve_forever, name="bot", daemon=True).start()
    bot.client.create_menu(menu(settings.public_url))
    demo.ring()
    return demo


def _people(county: County) -> list[dict[str, Any]]:
    directory = Directory(county.units, county.posts)
    posts = {post.person: post for post in county.posts}
    return [
        {
            "userid": person.id,
            "name": person.name,
            "role": ROLES[posts[person.id].role],
            "unit": place_name(directory, posts[person.id].unit) or NAME,
            "group": _group(directory, posts[person.id].unit),
        }
        for person in county.people
    ]


def _group(directory: Directory, unit: str) -> str:
    """The school, village or township by which the list of phones is ordered."""
    school = directory.at_level(unit, "school")
    return place_name(directory, school or unit) or NAME


def next_morning(now: dt.datetime) -> dt.datetime:
    """8:00 of the first day from today on that is a school day in the made-up terms and whose year is known."""
    from casework.calendar import Calendar

    days = Calendar(make_county(now.date()).terms).county
    day = days.on_or_after(now.date()) or days.on_or_before(now.date()) or now.date()
    return dt.datetime.combine(day, dt.time(8, 0))


def add_clock(app: Flask, demo: Demo) -> None:
    """``/_demo/clock``: GET says the county's time, POST ``{"to": …}`` turns it."""

    @app.get("/_demo/clock")
    def clock() -> Response:
        return jsonify(now=demo.clock().isoformat(timespec="minutes"))

    @app.post("/_demo/clock")
    def turn() -> Response:
        to = str((request.get_json(silent=True) or {}).get("to", "day"))
        return jsonify(now=demo.turn(to).isoformat(timespec="minutes"))


def run(port: int, open_browser: bool = True) -> None:
    """Run until interrupted."""
    try:
        demo = start(port)
    except OSError as error:
        raise click.ClickException(
            f"端口 {port} 用不了（{error.strerror}）。请换一个：.venv/bin/kongchuo demo --port 8001"
        ) from error
    click.echo(f"演示已启动，请用浏览器打开：{demo.address}\n选一个人，像发微信一样打字；按 Ctrl+C 结束。")
    if open_browser:
        webbrowser.open(demo.address)
    try:
        while True:
            threading.Event().wait(TICK)
            demo.ring()
    except KeyboardInterrupt:
        demo.simulator.stop()
        click.echo("演示已结束。")
