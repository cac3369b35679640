"""The chat page without a browser: what it shows, what its data say, and that nothing foreign gets in."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

import bot.simulator.page as page
from bot.simulator import Simulator, create_simulator
from bot.simulator.faults import KINDS
from bot.wecom import cards
from bot.wecom.client import Client
from tests.wecom.conftest import AES_KEY, AGENT, CORP, PEOPLE, SECRET, TOKEN, Echo

SIM = {"X-Sim": "1"}
STATIC = Path(page.__file__).parent / "static"


def test_the_page_shows_everybody(simulator: Simulator) -> None:
    answer = simulator.app.test_client().get("/")
    html = answer.text
    for words in ("王老师", "班主任", "老隆镇/第一中学", "后1小时", "到25日", "帮助", "系统繁忙（-1）"):
        assert words in html
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_page_keeps_its_own_policy(simulator: Simulator) -> None:
    """No inline scripts, handlers or styles, nothing from elsewhere; under 100 kB in all."""
    web = simulator.app.test_client()
    html = web.get("/").text
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|https?://", html)
    links = re.findall(r'(?:src|href)="([^"]+)"', html)
    sizes = [len(web.get(link).data) for link in links]
    assert all(web.get(link).status_code == 200 for link in links)
    assert sum(sizes) + len(html.encode()) < 100_000
    for script in STATIC.glob("*.js"):
        assert not re.search(r"innerHTML|insertAdjacentHTML|eval\(|https?://[a-z]", script.read_text())


def test_other_sites_cannot_act(simulator: Simulator, echo: Echo) -> None:
    web = simulator.app.test_client()
    assert web.post("/_sim/say", json={"user": "wang", "text": "你好"}).status_code == 403
    assert echo.heard == []


def test_typing_and_the_feed(simulator: Simulator) -> None:
    web = simulator.app.test_client()
    assert web.post("/_sim/say", json={"user": "wang", "text": "你好"}, headers=SIM).status_code == 200
    feed = web.get("/_sim/feed?user=wang&after=0").json
    assert [(line["side"], line["text"]) for line in feed["lines"]] == [("me", "你好"), ("bot", "收到：你好")]
    assert web.get(f"/_sim/feed?user=wang&after={feed['version']}").json["lines"] == []
    assert web.post("/_sim/say", json={"user": "nobody", "text": "你好"}, headers=SIM).status_code == 404


def test_unread_until_looked_at(simulator: Simulator, client: Client) -> None:
    web = simulator.app.test_client()
    client.send(cards.text_message(["wang", "Li"], "请家访张三"))
    assert web.get("/_sim/feed?user=").json["unread"] == {"wang": 1, "Li": 1}
    assert web.get("/_sim/feed?user=wang&look").json["unread"] == {"Li": 1}


def test_tapping_through_the_page(simulator: Simulator, echo: Echo, client: Client) -> None:
    web = simulator.app.test_client()
    client.send(
        cards.card_message(["wang"], cards.button_interaction("t", cards.Face("张三"), [cards.Button("好", "k")]))
    )
    line = web.get("/_sim/feed?user=wang").json["lines"][0]
    tap = {"user": "wang", "line": line["id"], "key": "k", "selected": {"q": ["a"]}}
    assert line["live"] is True
    assert web.post("/_sim/press", json={**tap, "user": "Li"}, headers=SIM).json == {"ok": False}
    assert web.post("/_sim/press", json=tap, headers=SIM).json == {"ok": True}
    assert echo.heard[0].selected == (("q", ("a",)),)
    assert web.post("/_sim/press", json=tap, headers=SIM).json == {"ok": False}


def test_photos_are_shown_and_other_files_are_downloads(simulator: Simulator) -> None:
    web = simulator.app.test_client()
    for name, content in (("家访.png", b"\x89PNG...."), ("x.html", b"<script>alert(1)</script>")):
        form = {"user": "wang", "file": (BytesIO(content), name)}
        assert web.post("/_sim/file", data=form, headers=SIM).status_code == 200
    kept = {entry[1]: media_id for media_id, entry in simulator.state.media.items()}
    assert web.get(f"/_sim/media/{kept['家访.png']}").content_type == "image/png"
    other = web.get(f"/_sim/media/{kept['x.html']}")
    assert other.headers["Content-Disposition"].startswith("attachment")
    assert other.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", KINDS)
def test_every_fault_has_a_switch(simulator: Simulator, name: str) -> None:
    web = simulator.app.test_client()
    assert web.post("/_sim/faults", json={"name": name, "times": 2, "errcode": 81013}, headers=SIM).json == {name: 2}
    assert web.get("/_sim/faults").json[name]["on"] is True
    assert web.post("/_sim/faults", json={"name": name, "times": None}, headers=SIM).json == {name: None}
    assert web.post("/_sim/faults", json={"name": name, "times": 0}, headers=SIM).json == {}


def test_a_wrong_switch(simulator: Simulator) -> None:
    web = simulator.app.test_client()
    for body in ({"name": "earthquake"}, {"name": "busy", "times": "often"}, {}):
        assert web.post("/_sim/faults", json=body, headers=SIM).status_code == 400


@pytest.fixture
def clock_url() -> Iterator[str]:
    """A bot's clock that goes to the 11th whatever it is told."""
    app, now = Flask("clock"), ["2025-09-10T08:05"]

    @app.route("/_demo/clock", methods=["GET", "POST"])
    def clock() -> Response:
        if request.method == "POST":
            now[0] = {"school_day": "2025-09-11T08:05"}[request.json["to"]]
        return jsonify(now=now[0])

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/_demo/clock"
    server.shutdown()
    server.server_close()


def test_turning_the_clock(clock_url: str) -> None:
    simulator = create_simulator(
        PEOPLE, "http://127.0.0.1:9/", CORP, AGENT, SECRET, TOKEN, AES_KEY, clock_url=clock_url
    )
    web = simulator.app.test_client()
    assert web.get("/_sim/clock").json["now"] == "2025-09-10T08:05"
    assert web.post("/_sim/clock", json={"to": "school_day"}, headers=SIM).json["now"] == "2025-09-11T08:05"
    simulator.state.add("wang", "bot", "text", "早")
    feed = web.get("/_sim/feed?user=wang").json
    assert (feed["now"], feed["lines"][0]["at"]) == ("2025-09-11T08:05", "2025-09-11T08:05")


def test_a_clock_that_does_not_answer(simulator: Simulator) -> None:
    web = simulator.app.test_client()
    assert web.post("/_sim/clock", json={"to": "yesterday"}, headers=SIM).status_code == 400
    assert web.post("/_sim/clock", json={"to": "hour"}, headers=SIM).json["ok"] is False  # nobody answers there


def test_login_page(simulator: Simulator, client: Client) -> None:
    web = simulator.app.test_client()
    query = {"redirect_uri": "https://bot.example/m/login", "state": "s1", "response_type": "code"}
    assert web.get("/connect/oauth2/authorize", query_string=query).status_code == 403
    web.set_cookie("sim_user", "wang")
    answer = web.get("/connect/oauth2/authorize", query_string=query)
    code = re.fullmatch(r"https://bot\.example/m/login\?code=([\w-]+)&state=s1", answer.headers["Location"])
    assert code is not None
    assert client.user_of(code[1]) == "wang"
    bad = {**query, "redirect_uri": "javascript:alert(1)"}
    assert web.get("/connect/oauth2/authorize", query_string=bad).status_code == 403
