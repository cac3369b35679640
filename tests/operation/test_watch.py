"""The watch over every test hears what it is there for: a leak in any of the places fails the test in which it happens."""

from __future__ import annotations

import logging

import pytest
import structlog

from bot.metrics import Metrics
from bot.pages import todo
from casework.people import Pupil
from storage.pupils import Entered
from tests.operation.running import NOW, running
from tests.support.leaks import WATCH

ANYONE = Pupil("p9", "慕容植入", "c1", None)
DETAILS = {"phone": "95012345678", "guardian": "尉迟监护", "address": "植入路九十九号"}


@pytest.fixture
def planted(tmp_path):
    bot = running(tmp_path)
    with bot.store.begin(NOW) as work:
        work.people.put_pupils([Entered(ANYONE, DETAILS)])
    assert WATCH.take() == []
    return bot


@pytest.mark.parametrize("word", [ANYONE.name, *DETAILS.values(), "13900001234", "44162220120101777X"])
def test_fault_39_a_line_of_the_log_is_heard_also_at_debug(planted, word):
    logging.getLogger("storage.cases").debug("writing", extra={"fields": {"why": f"于{word}"}})
    assert len(WATCH.take()) == 1
    structlog.get_logger("app").debug("answered", pupil=word)
    assert len(WATCH.take()) == 1
    assert WATCH.take() == []


def test_fault_39_a_label_of_a_metric_is_heard(planted):
    Metrics()._jobs.labels(f"fetch {ANYONE.name}")
    assert [line.partition(":")[0] for line in WATCH.take()] == ["metric"]


def test_fault_39_words_of_a_message_are_heard(planted):
    from bot.web import answer
    from bot.wecom.messages import Inbound

    answer(planted, [Inbound("text", "wang", agent=1000009, msg_id="1", content="张三今天没来，他爸爸说家里出了大事")])
    logging.getLogger("bot.app").info("heard 他爸爸说家里出了大事")
    assert any("家里出了大事" in line for line in WATCH.take())


def test_fault_39_addresses_links_and_pages_that_fail_are_heard(planted, monkeypatch):
    from bot.web import create_app

    app = create_app(planted, demo=True)
    web = app.test_client()
    web.get(f"/m/login?next=/m/{ANYONE.name}")
    assert {line.partition(":")[0] for line in WATCH.take()} >= {"address"}
    web.get("/m/login")
    with web.session_transaction(path="/m") as session:
        session["person"] = "wang"
    monkeypatch.setattr(todo, "render_template", lambda *a, **k: f'<a href="/m/pupil/{ANYONE.name}">x</a>')
    web.get("/m/todo")
    assert {line.partition(":")[0] for line in WATCH.take()} == {"link"}
    monkeypatch.setattr("bot.pages.door.error_page", lambda status: (f"没有{ANYONE.name}的页面", 404))
    web.get("/m/nowhere")
    assert {line.partition(":")[0] for line in WATCH.take()} == {"page"}


def test_fault_39_a_secret_in_the_log_is_heard_and_what_only_looks_like_a_number_is_not():
    logging.getLogger("bot.files").warning("GET /cgi-bin/x?access_token=abcdef")
    assert len(WATCH.take()) == 1
    structlog.get_logger("app").info("answered", message="msg:13800138000", seconds=0.0123, at=1764195845.123)
    assert WATCH.take() == []


def test_fault_39_a_process_of_its_own_is_heard(planted, tmp_path):
    log = tmp_path / "serve.log"
    log.touch()
    WATCH.follow(log)
    with log.open("a") as written:
        written.write(f'{{"event": "failed", "why": "{ANYONE.name}"}}\n')
    assert len(WATCH.take()) == 1
    assert WATCH.take() == []
