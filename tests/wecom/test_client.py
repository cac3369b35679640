"""The client against the strict server, with each of its faults (faults D 33 to 36; wechatpy's defects 1 to 6)."""

from __future__ import annotations

import contextlib
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from bot.simulator import Simulator
from bot.wecom import cards
from bot.wecom.client import DUPLICATE_CHECK, Client
from bot.wecom.errors import TABLE, Config, Permanent, Retry, TokenInvalid, WecomError, error_for
from bot.wecom.tokens import MemoryTokens, Token, key_of
from tests.wecom.conftest import AGENT, CORP, SECRET

HELLO = cards.text_message(["wang"], "张三今天没来")
FACE = cards.Face("张三 缺勤第3天", "今天17:00前家访", rows=[("班级", "八年级3班")], url="https://a.b/c")
CARD = cards.button_interaction("t1", FACE, [cards.Button("已联系", "contact"), cards.Button("稍后", "later")])


def test_a_message_arrives(client: Client, simulator: Simulator) -> None:
    sent = client.send(HELLO)
    assert sent.msgid
    assert [line.text for line in simulator.pushed("wang")] == ["张三今天没来"]
    client.send(cards.text_message(["wang"], "又一句"))
    assert simulator.state.calls["gettoken"] == 1


def test_some_receivers_wrong_is_no_error(client: Client, simulator: Simulator) -> None:
    sent = client.send(cards.text_message(["wang", "LI", "nobody", "free"], "你好"))
    assert (sent.invalid, sent.unlicensed) == (("nobody",), ("free",))
    assert len(simulator.pushed("wang")) == len(simulator.pushed("Li")) == 1
    assert simulator.pushed("free") == []


def test_all_receivers_wrong(client: Client) -> None:
    with pytest.raises(Permanent) as caught:
        client.send(cards.text_message(["nobody"], "你好"))
    assert (caught.value.code, caught.value.receiver) == (81013, True)


def test_an_answer_lost_is_not_a_message_doubled(client: Client, simulator: Simulator) -> None:
    simulator.faults.switch("lost", 1)
    with pytest.raises(Retry):
        client.send(HELLO)
    client.send(HELLO)
    assert len(simulator.pushed("wang")) == 1


def test_the_bytes_of_a_message_are_always_the_same(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies: list[bytes] = []
    post = client._wechat.post
    monkeypatch.setattr(client._wechat, "post", lambda *a, **k: (bodies.append(k["data"]), post(*a, **k))[1])
    client.send(HELLO)
    client.send(dict(reversed(HELLO.items())))
    assert bodies[0] == bodies[1]
    assert "张三".encode() in bodies[0]
    assert json.loads(bodies[0])["duplicate_check_interval"] == DUPLICATE_CHECK == 14400


def test_fault_33_a_dead_token_is_replaced_once(client: Client, simulator: Simulator) -> None:
    client.send(HELLO)
    simulator.faults.switch("expired_token", 1)
    client.send(cards.text_message(["wang"], "第二句"))
    assert simulator.state.calls["gettoken"] == 2
    assert len(simulator.pushed("wang")) == 2


def test_an_unknown_token_is_replaced_once(client: Client, simulator: Simulator) -> None:
    client.send(HELLO)
    simulator.state.tokens.clear()
    client.send(cards.text_message(["wang"], "第二句"))
    assert simulator.state.calls["gettoken"] == 2


def test_fault_33_one_refresh_for_sixteen_threads(client: Client, simulator: Simulator) -> None:
    """wechatpy fetches sixteen tokens for sixteen cold threads (4)."""
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: client.send(cards.text_message(["wang"], f"第{n}句")), range(16)))
    assert simulator.state.calls["gettoken"] == 1
    simulator.state.kill_tokens()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: client.send(cards.text_message(["Li"], f"第{n}句")), range(16)))
    assert simulator.state.calls["gettoken"] == 2
    assert len(simulator.pushed("Li")) == 16


def test_tokens_that_die_at_once_make_no_loop(client: Client, simulator: Simulator) -> None:
    """wechatpy recurses until Python stops it (1)."""
    simulator.faults.switch("expired_token")
    for n in range(5):
        with pytest.raises(TokenInvalid) as caught:
            client.send(cards.text_message(["wang"], f"第{n}句"))
        assert caught.value.whole_queue
        assert caught.value.after >= 60
    assert simulator.state.calls["gettoken"] == 2
    assert simulator.state.calls["message/send"] <= 6


def test_fault_33_a_revoked_secret_is_asked_once_a_minute(address: str, simulator: Simulator) -> None:
    now = [time.time()]
    client = Client(CORP, AGENT, SECRET, f"{address}/cgi-bin/", clock=lambda: now[0])
    simulator.faults.switch("revoked_secret")
    for _ in range(5):
        with pytest.raises(Config) as caught:
            client.send(HELLO)
        assert (caught.value.code, caught.value.settings) == (40001, True)
    assert simulator.state.calls["gettoken"] == 1
    simulator.faults.clear()
    now[0] += 61
    client.send(HELLO)


def test_a_token_is_renewed_before_it_ends(address: str, simulator: Simulator) -> None:
    now = [1_000_000.0]
    simulator.state.clock = lambda: now[0]
    client = Client(CORP, AGENT, SECRET, f"{address}/cgi-bin/", clock=lambda: now[0])
    client.send(HELLO)
    now[0] += 7200 - 100
    client.send(cards.text_message(["wang"], "第二句"))
    assert simulator.state.calls["gettoken"] == 2


FAULTS: list[tuple[str, type[WecomError], bool]] = [
    ("busy", Retry, False),
    ("rate", Retry, True),
    ("concurrency", Retry, True),
    ("ip", Config, True),
    ("http_502", Retry, False),
    ("html", Retry, False),
    ("truncated", Retry, False),
]


@pytest.mark.parametrize(("fault", "error", "whole_queue"), FAULTS)
@pytest.mark.parametrize("path", ["message/send", "gettoken"])
def test_fault_35_each_fault_of_the_line_is_one_thing_to_do(
    client: Client, simulator: Simulator, fault: str, error: type, whole_queue: bool, path: str
) -> None:
    simulator.faults.switch(fault, 1, path=path)
    with pytest.raises(error) as caught:
        client.send(HELLO)
    assert caught.value.whole_queue is whole_queue
    assert caught.value.after > 0
    assert "access_token" not in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.slow
def test_a_server_that_does_not_answer(client: Client, simulator: Simulator) -> None:
    """wechatpy waits for ever for a token and for media (2)."""
    calls: list[tuple[str, Callable[[], object]]] = [
        ("gettoken", lambda: client.send(HELLO)),
        ("message/send", lambda: client.send(HELLO)),
        ("media/get", lambda: client.download("x")),
    ]
    for path, call in calls:
        simulator.faults.switch("timeout", 1, path=path, seconds=1.2)
        begun = time.monotonic()
        with pytest.raises(Retry):
            call()
        assert time.monotonic() - begun < 1.1, path


@pytest.mark.parametrize("code", sorted(TABLE))
def test_every_code_of_the_table_is_one_thing_to_do(code: int) -> None:
    error = error_for(code)
    assert (error.code, error.means) == (code, TABLE[code].means)
    assert (error.after > 0) is not isinstance(error, Permanent)


CODES = [
    (-1, Retry), (6000, Retry), (45009, Retry), (45033, Retry), (40014, TokenInvalid), (42001, TokenInvalid),
    (60020, Config), (301002, Config), (50003, Config), (81013, Permanent), (60111, Permanent), (60011, Permanent),
    (45002, Permanent), (44004, Permanent), (42045, Permanent), (42016, Permanent), (99999, Permanent),
]  # fmt: skip


@pytest.mark.parametrize(("code", "kind"), CODES)
def test_codes(client: Client, simulator: Simulator, code: int, kind: type) -> None:
    simulator.faults.switch("errcode", errcode=code, path="message/send")
    with pytest.raises(kind) as caught:
        client.send(HELLO)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("api", "kind"),
    [("http://127.0.0.1:9/cgi-bin/", Retry), ("nonsense", Config), ("https://127.0.0.1:9/cgi-bin/", Retry)],
)
def test_unreachable(api: str, kind: type) -> None:
    with pytest.raises(kind) as caught:
        Client(CORP, AGENT, SECRET, api, timeout=(0.5, 0.5)).send(HELLO)
    assert SECRET not in str(caught.value)


def test_a_server_that_speaks_no_tls(address: str) -> None:
    with pytest.raises(Retry, match="加密"):
        Client(CORP, AGENT, SECRET, address.replace("http:", "https:") + "/cgi-bin/", timeout=(1, 1)).send(HELLO)


def test_a_wrong_path_is_a_wrong_setting(address: str) -> None:
    with pytest.raises(Config):
        Client(CORP, AGENT, SECRET, f"{address}/cgi/").send(HELLO)


def test_another_app_and_another_corporation(address: str) -> None:
    with pytest.raises(Config):
        Client(CORP, 999, SECRET, f"{address}/cgi-bin/").send(HELLO)
    with pytest.raises(Config):
        Client("wx0", AGENT, SECRET, f"{address}/cgi-bin/").send(HELLO)


def test_fault_39_no_secret_in_any_log(client: Client, simulator: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    """urllib3 writes whole addresses into its debug log."""
    with caplog.at_level(logging.DEBUG):
        client.send(HELLO)
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name != "werkzeug")
    assert "message/send" in ours
    assert SECRET not in ours
    assert next(iter(simulator.state.tokens)) not in ours


def test_tokens_of_two_apps_do_not_mix() -> None:
    """wechatpy keys them by ten letters of the secret, and their ends by the corporation alone (3)."""
    keys = {key_of("c", 1, "secret-of-the-1"), key_of("c", 2, "secret-of-the-1"), key_of("c", 1, "secret-of-the-2")}
    assert len(keys) == 3
    assert not any("secret" in key for key in keys)


class Shared(MemoryTokens):
    """A store that two processes share; counts who refreshes at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = 0
        self.most = 0
        self._gate = threading.Lock()

    @contextlib.contextmanager
    def refreshing(self, key: str) -> Iterator[None]:
        with self._gate:
            self.inside += 1
            self.most = max(self.most, self.inside)
            yield
            self.inside -= 1


class Lapsed(MemoryTokens):
    """A store whose lease has run out: it keeps nobody from refreshing."""

    @contextlib.contextmanager
    def refreshing(self, key: str) -> Iterator[None]:
        yield


def test_threads_of_one_process_need_no_lease(address: str, simulator: Simulator) -> None:
    client = Client(CORP, AGENT, SECRET, f"{address}/cgi-bin/", Lapsed())
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: client.send(cards.text_message(["wang"], str(n))), range(16)))
    assert simulator.state.calls["gettoken"] == 1


def test_fault_33_two_processes_share_one_token(address: str, simulator: Simulator) -> None:
    store = Shared()
    clients = [Client(CORP, AGENT, SECRET, f"{address}/cgi-bin/", store) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda c: c.send(cards.text_message(["wang"], str(id(c)))), clients))
    assert simulator.state.calls["gettoken"] == 1
    assert store.most == 1
    assert len(simulator.pushed("wang")) == 4


def test_a_token_does_not_show_itself() -> None:
    assert "abc" not in repr(Token("abc", 1.0))


def test_cards_are_replaced_once(client: Client, simulator: Simulator) -> None:
    sent = client.send(cards.card_message(["wang", "Li"], CARD))
    client.update_card(["wang", "Li"], sent.response_code, replace_name="已联系·王老师")
    for user in ("wang", "Li"):
        line = simulator.pushed(user)[0]
        assert (line.card["replace_text"], line.live) == ("已联系·王老师", False)
    with pytest.raises(Permanent):
        client.update_card(["wang"], sent.response_code, replace_name="再来一次")


def test_a_whole_card_is_replaced(client: Client, simulator: Simulator) -> None:
    sent = client.send(cards.card_message(["wang"], CARD))
    client.update_card(["wang"], sent.response_code, card=cards.text_notice(cards.Face("已办", url="https://a.b/c")))
    assert simulator.pushed("wang")[0].card["main_title"]["title"] == "已办"


def test_media_go_up_and_down(client: Client, simulator: Simulator) -> None:
    client.callback_ips()
    simulator.faults.switch("expired_token", 1)  # wechatpy sends an exhausted file the second time (5)
    content = "名单\n张三".encode()
    media = client.upload("file", "名单.txt", content)
    assert simulator.state.media[media] == ("file", "名单.txt", content)
    assert client.download(media).content == content
    client.send(cards.file_message(["wang"], media))
    assert "名单.txt" in simulator.pushed("wang")[0].text


def test_a_large_file_comes_in_pieces(client: Client, simulator: Simulator) -> None:
    content = bytes(range(256)) * 4 * 1024 * 44  # 44 MB
    client = Client(CORP, AGENT, SECRET, client._wechat.API_BASE_URL)
    assert client.download(simulator.state.keep("video", "v.mp4", content)).content == content


def test_a_file_that_is_json_is_a_file(client: Client, simulator: Simulator) -> None:
    content = b'{"errcode": 40007, "errmsg": "a member sent this"}'
    assert client.download(simulator.state.keep("file", "a.json", content)).content == content


@pytest.mark.parametrize("fault", ["html", "truncated", "http_502"])
def test_a_download_that_is_no_file(client: Client, simulator: Simulator, fault: str) -> None:
    media = simulator.state.keep("image", "a.jpg", b"\xff\xd8\xff" + bytes(100))
    simulator.faults.switch(fault, 1, path="media/get")
    with pytest.raises(Retry):
        client.download(media)
    assert client.download(media).kind == "image/jpeg"


def test_media_that_are_wrong(client: Client) -> None:
    with pytest.raises(Permanent) as caught:
        client.download("unknown")
    assert caught.value.code == 40007
    for content in (b"", b"12345", bytes((20 << 20) + 1)):
        with pytest.raises(Permanent):
            client.upload("file", "a", content)


def test_login_codes_work_once(client: Client, simulator: Simulator) -> None:
    code = simulator.login_code("wang")
    assert client.user_of(code) == "wang"
    with pytest.raises(Permanent) as caught:
        client.user_of(code)
    assert caught.value.code == 42022


def test_recall_and_menu(client: Client, simulator: Simulator) -> None:
    client.recall(client.send(HELLO).msgid)
    assert simulator.pushed("wang")[0].kind == "recalled"
    client.create_menu(cards.menu([("上报", [("缺勤", "absence"), ("网页", "https://a.b/m/")]), ("帮助", "help")]))
    assert [button["name"] for button in simulator.state.menu] == ["上报", "帮助"]


def test_requests_go_nowhere_without_timeout(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    timeouts: list[object] = []
    send = requests.Session.send
    monkeypatch.setattr(requests.Session, "send", lambda *a, **k: (timeouts.append(k["timeout"]), send(*a, **k))[1])
    client.send(HELLO)
    with contextlib.suppress(Permanent):
        client.download("x")
    assert timeouts == [(1, 0.5)] * 3
