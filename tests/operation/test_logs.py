"""One id through the whole log, and no word of a child in it, nor a secret."""

from __future__ import annotations

import json
import logging

import pytest

from bot.logs import configure
from bot.wecom.client import Sent
from bot.wecom.messages import Inbound
from reminders.sender import send_due
from tests.operation.running import NOW, running


@pytest.fixture
def bot(tmp_path):
    return running(tmp_path)


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def say(bot, text: str, number: str, user: str = "wang"):
    from bot.web import answer

    return answer(bot, [Inbound("text", user, agent=1000009, msg_id=number, content=text)])[0]


def test_a_messages_id_runs_from_the_callback_to_the_letter(bot, capfd, monkeypatch):
    monkeypatch.setattr("bot.wecom.client.Client.send", lambda self, message: Sent("wx-1"))
    monkeypatch.setattr("bot.wecom.client.Client.upload", lambda self, kind, name, content: "media")
    assert "已记" in say(bot, "张三 缺勤", "777123").text
    assert "发给您" in say(bot, "打印 张三 家访表", "777124").text
    send_due(bot.store, bot.courier, bot.real(), NOW)
    logged = lines(capfd.readouterr().err)
    of = {
        number: [line["event"] for line in logged if line.get("message") == f"msg:{number}"]
        for number in ("777123", "777124")
    }
    assert of["777123"][:2] == ["writing", "answered"]
    assert of["777124"] == ["answered", "sent"]
    with bot.store.look(NOW) as work:
        [writing] = [line for line in logged if line["event"] == "writing"]
        assert work.cases.fact(writing["facts"][0]).source == "msg:777123"


def test_an_exception_is_told_by_kind_and_place_not_by_its_words(capfd):
    configure("DEBUG")
    try:
        raise KeyError("张三 13800138000")
    except KeyError:
        logging.getLogger("apscheduler.executors").exception("Job failed at https://x/y?access_token=planted&q=张三")
    [line] = lines(capfd.readouterr().err)
    assert line["why"] == "KeyError"
    assert line["where"][0].startswith(__file__)
    assert line["event"] == "Job failed at https://x/y?…"
    assert "张三" not in json.dumps(line, ensure_ascii=False)


def test_a_database_error_does_not_say_what_was_to_be_written(bot):
    import sqlalchemy as sa

    from storage.tables import people

    row = {"county_id": bot.store.county, "id": "wang", "name": "张三丰", "name_key": "张三丰"}
    with bot.store.begin(NOW) as work, pytest.raises(sa.exc.IntegrityError) as error:
        work.session.run(sa.insert(people), row)
    assert "张三丰" not in str(error.value)


def test_settings_do_not_show_their_secrets(bot):
    shown = repr(bot) + repr(bot.settings) + str(bot.settings)
    for secret in ("planted-secret", "plantedtoken", "x" * 43, bot.settings.data_key):
        assert secret not in shown
