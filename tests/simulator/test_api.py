"""The simulated server is as strict as the real one: tokens, limits, formats (README 2 and 3)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.simulator import Simulator
from tests.wecom.conftest import AGENT, CORP, SECRET

Call = Callable[..., dict[str, Any]]


@pytest.fixture
def call(simulator: Simulator) -> Call:
    """Calls the API with a good token; returns the JSON."""
    web = simulator.app.test_client()
    token = web.get("/cgi-bin/gettoken", query_string={"corpid": CORP, "corpsecret": SECRET}).json["access_token"]

    def post(path: str, body: object, token: str = token) -> dict[str, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        return web.post(f"/cgi-bin/{path}", query_string={"access_token": token, "agentid": AGENT}, data=raw).json

    return post


TOKENS = [
    ({}, 41002),
    ({"corpid": CORP}, 41004),
    ({"corpid": "x", "corpsecret": SECRET}, 40013),
    ({"corpid": CORP, "corpsecret": "x"}, 40001),
    ({"corpid": CORP, "corpsecret": SECRET}, 0),
]


@pytest.mark.parametrize(("query", "code"), TOKENS)
def test_tokens(simulator: Simulator, query: dict, code: int) -> None:
    answer = simulator.app.test_client().get("/cgi-bin/gettoken", query_string=query).json
    assert answer["errcode"] == code
    assert ("access_token" in answer) is (code == 0)


def text(**changes: Any) -> dict[str, Any]:
    return {"touser": "wang", "agentid": AGENT, "msgtype": "text", "text": {"content": "你好"}, **changes}


def test_tokens_end(simulator: Simulator, call: Call) -> None:
    assert call("message/send", text(), token="")["errcode"] == 41001
    assert call("message/send", text(), token="x")["errcode"] == 40014
    now = simulator.state.clock()
    simulator.state.clock = lambda: now + 7201
    assert call("message/send", text())["errcode"] == 42001


def card(**changes: Any) -> dict[str, Any]:
    body = {
        "card_type": "button_interaction", "task_id": "t", "main_title": {"title": "张三"},
        "button_list": [{"text": "好", "key": "yes"}], **changes,
    }  # fmt: skip
    return text(
        msgtype="template_card", template_card={name: value for name, value in body.items() if value is not None}
    )


def notice(**changes: Any) -> dict[str, Any]:
    action = {"type": 1, "url": "https://a.b"}
    return card(**{"card_type": "text_notice", "button_list": None, "task_id": None, "card_action": action, **changes})


def selection(**changes: Any) -> dict[str, Any]:
    return card(button_selection={"question_key": "q", "option_list": [{"id": "a", "text": "甲"}], **changes})


SENDS: list[tuple[object, int]] = [
    (text(), 0),
    (text(touser="WANG|nobody"), 0),
    (text(touser="@all"), 0),
    (text(touser="nobody"), 81013),
    (text(touser=""), 81012),
    (text(touser="|".join(f"u{n}" for n in range(1001))), 40032),
    (text(agentid=1), 40056),
    (text(msgtype="fax"), 40008),
    (text(text={"content": " "}), 44004),
    (text(text={}), 44004),
    (text(text="你好"), 40058),
    (text(enable_duplicate_check=1, duplicate_check_interval=14401), 40058),
    (b'{"touser":"wang", ', 40058),
    (b"[]", 40058),
    (json.dumps(text()).encode(), 40033),
    (text(msgtype="markdown", markdown={"content": "控" * 683}), 45002),
    (text(msgtype="textcard", textcard={"title": "t"}), 40063),
    (text(msgtype="textcard", textcard={"description": "d", "url": "u"}), 41016),
    (text(msgtype="image", image={"media_id": "x"}), 40007),
    (card(), 0),
    (card(card_type="poster"), 42031),
    (card(task_id=None), 42014),
    (card(task_id="a b"), 42014),
    (card(main_title={}), 41016),
    (card(button_list=[]), 42038),
    (card(button_list=[{"text": "好", "key": str(n)} for n in range(7)]), 42038),
    (card(button_list=[{"text": "", "key": "a"}]), 42038),
    (card(button_list=[{"text": "好"}]), 42039),
    (card(button_list=[{"text": "好", "key": "a" * 1025}]), 42039),
    (card(button_list=[{"text": "好", "key": "a"}] * 2), 42039),
    (card(button_list=[{"text": "好", "type": 1}]), 42028),
    (card(horizontal_content_list=[{"keyname": "班"}] * 7), 42035),
    (card(horizontal_content_list=[{"value": "班"}]), 42027),
    (card(horizontal_content_list=[{"keyname": "班", "type": 1}]), 42028),
    (card(horizontal_content_list=[{"keyname": "班", "type": 2}]), 42029),
    (card(horizontal_content_list=[{"keyname": "班", "type": 3, "userid": "nobody"}]), 42050),
    (card(horizontal_content_list=[{"keyname": "班", "type": 3, "userid": "wang"}]), 0),
    (card(jump_list=[{"title": "看"}] * 4), 42042),
    (card(jump_list=[{"type": 1, "url": "https://a.b"}]), 42033),
    (card(jump_list=[{"title": "看", "type": 1}]), 42028),
    (card(jump_list=[{"title": "看", "type": 2}]), 42030),
    (card(action_menu={"action_list": [{"text": "a", "key": "a"}] * 2}), 42051),
    (card(button_list="x"), 40058),
    (selection(), 0),
    (selection(question_key=""), 42043),
    (selection(option_list=[]), 42037),
    (selection(option_list=[{"id": "a", "text": "甲"}] * 2), 42040),
    (selection(option_list=[{"id": "a"}]), 42041),
    (selection(selected_id="z"), 42040),
    (notice(), 0),
    (notice(card_action=None), 42045),
    (notice(card_action={"type": 0}), 42045),
    (notice(card_action={"type": 1}), 42028),
    (notice(card_action={"type": 2}), 42030),
    (notice(main_title=None), 41016),
    (notice(main_title=None, sub_title_text="张三"), 0),
    (notice(card_type="news_notice"), 42044),
    (notice(card_type="news_notice", card_image={"url": "https://a.b"}), 0),
    (card(card_type="vote_interaction"), 42043),
    (
        card(
            card_type="vote_interaction", submit_button={"text": "交", "key": "k"},
            checkbox={"question_key": "q", "option_list": [{"id": "a", "text": "甲"}]},
        ),
        0,
    ),
    (card(card_type="multiple_interaction"), 42047),
]  # fmt: skip


@pytest.mark.parametrize(("body", "code"), SENDS, ids=[f"{n}-{code}" for n, (_, code) in enumerate(SENDS)])
def test_sending(call: Call, body: object, code: int) -> None:
    assert call("message/send", body)["errcode"] == code


def test_a_long_text_is_cut_as_the_real_server_does(simulator: Simulator, call: Call) -> None:
    call("message/send", text(text={"content": "控" * 700}))
    assert simulator.pushed("wang")[0].text == "控" * 682


def test_thirty_a_minute_and_the_rest_is_dropped_without_a_word(simulator: Simulator, call: Call) -> None:
    now = [1_000_000.0]
    simulator.state.clock = lambda: now[0]
    simulator.state.tokens = dict.fromkeys(simulator.state.tokens, 2e9)
    for n in range(40):
        assert call("message/send", text(text={"content": str(n)}))["errcode"] == 0
    assert len(simulator.pushed("wang")) == 30
    assert simulator.state.dropped["wang"] == 10
    call("message/send", text(touser="Li"))
    assert len(simulator.pushed("Li")) == 1
    now[0] += 61
    call("message/send", text())
    assert len(simulator.pushed("wang")) == 31


def test_duplicates_within_the_interval(simulator: Simulator, call: Call) -> None:
    now = [1_000_000.0]
    simulator.state.clock = lambda: now[0]
    simulator.state.tokens = dict.fromkeys(simulator.state.tokens, 2e9)
    checked = text(enable_duplicate_check=1, duplicate_check_interval=600)
    for _ in range(3):
        assert call("message/send", checked)["errcode"] == 0
    assert len(simulator.pushed("wang")) == 1
    now[0] += 601
    call("message/send", checked)
    call("message/send", text())
    call("message/send", text())
    assert len(simulator.pushed("wang")) == 4


def test_a_task_id_is_used_once(call: Call) -> None:
    assert call("message/send", card())["errcode"] == 0
    assert call("message/send", card(main_title={"title": "李四"}))["errcode"] == 42014


def test_response_codes(simulator: Simulator, call: Call) -> None:
    code = call("message/send", card())["response_code"]
    change = {"agentid": AGENT, "userids": ["wang"], "response_code": code, "button": {"replace_name": "已办"}}
    assert call("message/update_template_card", {**change, "agentid": 1})["errcode"] == 42015
    assert call("message/update_template_card", {**change, "userids": []})["errcode"] == 40063
    assert call("message/update_template_card", {**change, "button": {}})["errcode"] == 42020
    assert call("message/update_template_card", change)["errcode"] == 0
    assert call("message/update_template_card", change)["errcode"] == 40058
    assert simulator.pushed("wang")[0].card["replace_text"] == "已办"
    late = call("message/send", card(task_id="t2"))["response_code"]
    now = simulator.state.clock()
    simulator.state.clock = lambda: now + 73 * 3600
    simulator.state.tokens = dict.fromkeys(simulator.state.tokens, now + 1e9)
    assert call("message/update_template_card", {**change, "response_code": late})["errcode"] == 40058


MENUS = [
    ({"button": [{"type": "click", "name": "帮助", "key": "help"}]}, 0),
    ({"button": []}, 40016),
    ({"button": [{"type": "click", "name": "控辍保学提醒", "key": "k"}]}, 40018),
    ({"button": [{"type": "click", "name": "a", "key": "k" * 129}]}, 40019),
    ({"button": [{"type": "view", "name": "a", "url": "/m/"}]}, 40020),
    ({"button": [{"type": "dance", "name": "a", "key": "k"}]}, 40017),
    ({"button": [{"name": "a", "sub_button": [{"type": "click", "name": "b", "key": "k"}] * 6}]}, 40023),
    ({"button": [{"name": "a", "sub_button": [{"name": "b", "sub_button": []}]}]}, 40022),
]


@pytest.mark.parametrize(("menu", "code"), MENUS)
def test_menus(call: Call, menu: dict, code: int) -> None:
    assert call("menu/create", menu)["errcode"] == code


def test_over_long_words_of_a_card_are_noted(simulator: Simulator, call: Call) -> None:
    call("message/send", card(main_title={"title": "控" * 37}))
    assert simulator.state.warnings == ["main_title.title: 37 > 36"]
