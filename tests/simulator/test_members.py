"""What members do reaches the bot as the real server would bring it, and its answers are read as strictly."""

from __future__ import annotations

import pytest

from bot.simulator import Simulator
from bot.simulator.callbacks import NO_ANSWER
from bot.webhook import NotCommitted
from bot.wecom import cards
from bot.wecom.client import Client
from bot.wecom.messages import Inbound, Reply
from tests.wecom.conftest import Echo

FACE = cards.Face("张三 缺勤第3天", "今天17:00前家访", url="https://a.b/c")
OUTCOME = cards.Selection("outcome", "家访结果", [("agreed", "同意返校"), ("refused", "不同意")])
BUTTONS = [cards.Button("已家访", "visit"), cards.Button("稍后", "later")]


def card(task_id: str = "t1") -> dict:
    return cards.card_message(["wang"], cards.button_interaction(task_id, FACE, BUTTONS, OUTCOME))


def test_a_talk(simulator: Simulator, echo: Echo) -> None:
    assert simulator.callbacks.check_address()
    assert simulator.say("wang", "张三今天没来") == "收到：张三今天没来"
    assert [line.side for line in simulator.state.of("wang")] == ["me", "bot"]
    assert (echo.heard[0].user, echo.heard[0].msg_id != "") == ("wang", True)


def test_everything_a_phone_sends(simulator: Simulator, echo: Echo) -> None:
    simulator.send_media("wang", "image", b"\xff\xd8\xff")
    simulator.send_media("wang", "voice", b"#!AMR")
    simulator.send_location("wang", "上坪村")
    simulator.click_menu("wang", "todo")
    simulator.enter("wang")
    kinds = [(inbound.kind, inbound.event, inbound.event_key or inbound.content) for inbound in echo.heard]
    assert kinds == [
        ("image", "", ""), ("voice", "", ""), ("location", "", "上坪村"), ("event", "click", "todo"),
        ("event", "enter_agent", ""),
    ]  # fmt: skip
    assert echo.heard[0].media_id in simulator.state.media


def test_a_tap(simulator: Simulator, echo: Echo, client: Client) -> None:
    echo.answer = lambda inbound: Reply(replace_name="已家访·王老师")
    client.send(card())
    assert simulator.press("wang", "visit", {"outcome": ["refused"]}) == "已家访·王老师"
    tap = echo.heard[0]
    assert (tap.event, tap.event_key, tap.task_id) == ("template_card_event", "visit", "t1")
    assert tap.selected == (("outcome", ("refused",)),)
    with pytest.raises(LookupError):
        simulator.press("wang", "visit")


def test_the_code_of_a_tap_changes_that_card(simulator: Simulator, echo: Echo, client: Client) -> None:
    echo.answer = lambda inbound: Reply()
    client.send(card())
    simulator.press("wang", "later")
    assert simulator.pushed("wang")[0].live is False  # tapped, and waiting for the bot
    client.update_card(["wang"], echo.heard[0].response_code, card=cards.button_interaction("t1", FACE, BUTTONS))
    assert simulator.pushed("wang")[0].live is True


def test_a_tap_may_bring_another_card(simulator: Simulator, echo: Echo, client: Client) -> None:
    done = cards.button_interaction("t1", cards.Face("张三"), BUTTONS, replace_text="已返校")
    echo.answer = lambda inbound: Reply(card=done)
    client.send(card())
    assert simulator.press("wang", "visit") == "已返校"


def test_three_tries_with_the_same_message(simulator: Simulator, echo: Echo) -> None:
    def busy(inbound: Inbound) -> Reply:
        raise NotCommitted("locked")

    echo.answer = busy
    assert simulator.say("wang", "张三今天没来") == NO_ANSWER
    assert len(echo.heard) == 3
    assert len({inbound.key for inbound in echo.heard}) == 1


def test_a_card_can_be_tapped_again_when_nobody_answered(simulator: Simulator, echo: Echo, client: Client) -> None:
    client.send(card())
    simulator.callbacks.url = "http://127.0.0.1:9/"
    assert simulator.press("wang", "visit") == NO_ANSWER
    simulator.callbacks.url = echo.url
    echo.answer = lambda inbound: Reply(replace_name="已办")
    assert simulator.press("wang", "visit") == "已办"


@pytest.mark.parametrize(("fault", "deliveries"), [("deliver_twice", 2), ("answer_lost", 2)])
def test_delivered_more_than_once(simulator: Simulator, echo: Echo, fault: str, deliveries: int) -> None:
    simulator.faults.switch(fault, 1)
    assert simulator.say("wang", "张三今天没来") == "收到：张三今天没来"
    assert len(echo.heard) == deliveries
    assert len({inbound.key for inbound in echo.heard}) == 1
    assert len(simulator.state.of("wang")) == 2


BAD_ANSWERS = {
    "a card for a text": Reply(replace_name="已办"),
}


@pytest.mark.parametrize("reply", BAD_ANSWERS.values(), ids=BAD_ANSWERS.keys())
def test_answers_the_real_server_would_drop(simulator: Simulator, echo: Echo, reply: Reply) -> None:
    echo.answer = lambda inbound: reply
    assert "格式不对" in simulator.say("wang", "你好")


def test_words_that_would_break_xml(simulator: Simulator) -> None:
    for words in ("a]]>b", "<b>", "&amp;", "😀", "{{7*7}}"):
        assert simulator.say("wang", words) == f"收到：{words}"
