"""The callback on a real socket, against an independent client (faults A 1 to 14, 19, 20; C 21)."""

from __future__ import annotations

import http.client
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

import pytest
import requests

from bot.simulator.envelope import ServerEnvelope
from bot.webhook import NotCommitted
from bot.wecom.crypto import Forged, Malformed, Stale, Unreadable
from bot.wecom.messages import Inbound, Reply, parse
from tests.wecom.conftest import AES_KEY, AGENT, CORP, TOKEN, Echo
from tests.wecom.test_crypto import BODIES, BROKEN, QUERIES
from tests.wecom.test_messages import BROKEN as BROKEN_MESSAGES
from tests.wecom.test_messages import message

TEXT = message("text", Content="张三今天没来", MsgId="77", AgentID=str(AGENT))


def body_of(encrypt: str) -> bytes:
    return f"<xml><ToUserName>{CORP}</ToUserName><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>".encode()


def post(echo: Echo, sealed: ServerEnvelope, plaintext: str, **query: str) -> requests.Response:
    packed = sealed.pack(plaintext, AGENT)
    return requests.post(echo.url, params={**packed.query, **query}, data=packed.body, timeout=10)


def test_a_message_is_answered(echo: Echo, sealed: ServerEnvelope) -> None:
    answer = post(echo, sealed, TEXT)
    assert answer.status_code == 200
    reply = parse(sealed.open_answer(answer.content))
    assert (reply.content, reply.user, reply.corp) == ("收到：张三今天没来", "corp", "wang")
    assert echo.heard[0].content == "张三今天没来"
    assert echo.refused == []


def test_nothing_to_say_is_200_without_body(echo: Echo, sealed: ServerEnvelope) -> None:
    echo.answer = lambda inbound: Reply()
    answer = post(echo, sealed, TEXT)
    assert (answer.status_code, answer.content) == (200, b"")


def test_fault_12_url_check_is_bare_and_fast(echo: Echo, sealed: ServerEnvelope) -> None:
    encrypt = sealed.encrypt(b"1616140317555161061")
    begun = time.monotonic()
    answer = requests.get(echo.url, params={**sealed.sign(encrypt), "echostr": encrypt}, timeout=5)
    assert (answer.status_code, answer.content) == (200, b"1616140317555161061")
    assert time.monotonic() - begun < 1
    wrong = requests.get(echo.url, params={**sealed.sign("QUJD"), "echostr": encrypt}, timeout=5)
    assert (wrong.status_code, wrong.content) == (403, b"")
    while "/" not in encrypt:  # by chance; without one nothing below would be changed
        encrypt = sealed.encrypt(b"1616140317555161061")
    raw_plus = urlencode(sealed.sign(encrypt)) + "&echostr=" + encrypt.replace("/", "+")
    assert requests.get(f"{echo.url}?{raw_plus}", timeout=5).status_code == 403
    assert echo.heard == []


def refused(echo: Echo, answer: requests.Response, status: tuple[int, ...], error: type[Exception]) -> None:
    """Refused without a word, without a trace behind the callback, and told to whoever watches."""
    assert answer.status_code in status
    assert answer.content == b""
    assert echo.heard == []
    assert isinstance(echo.refused[-1], error)


def test_fault_01_one_hex_digit_changed(echo: Echo, sealed: ServerEnvelope) -> None:
    packed = sealed.pack(TEXT, AGENT)
    right = packed.query["msg_signature"]
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    answer = requests.post(echo.url, params={**packed.query, "msg_signature": wrong}, data=packed.body, timeout=5)
    refused(echo, answer, (403,), Forged)


def test_fault_02_malformed_queries(echo: Echo, sealed: ServerEnvelope) -> None:
    packed = sealed.pack(TEXT, AGENT)
    for name, pairs in QUERIES.items():
        answer = requests.post(echo.url, params=pairs, data=packed.body, timeout=5)
        assert answer.status_code in (403, 414), name
        assert echo.heard == []
    assert all(isinstance(error, Malformed) for error in echo.refused)


@pytest.mark.parametrize(
    ("age", "passes"), [(0, True), (290, True), (-290, True), (310, False), (-310, False), (86400, False)]
)
def test_fault_04_a_replay_is_stale_and_a_retry_is_not(
    echo: Echo, sealed: ServerEnvelope, age: int, passes: bool
) -> None:
    encrypt = sealed.encrypt(TEXT.encode())
    query = sealed.sign(encrypt, int(time.time()) - age)
    answer = requests.post(echo.url, params=query, data=body_of(encrypt), timeout=5)
    if passes:
        assert answer.status_code == 200
        assert len(echo.heard) == 1
    else:
        refused(echo, answer, (403,), Stale)
        assert abs(echo.refused[-1].skew + age) < 5  # type: ignore[attr-defined]  # a wrong clock can be told from it


def test_fault_08_09_another_company_and_another_app(echo: Echo, sealed: ServerEnvelope) -> None:
    other = ServerEnvelope(TOKEN, AES_KEY, "wx0000000000000000")
    refused(echo, post(echo, other, TEXT), (403,), Unreadable)
    stranger = TEXT.replace(f"<AgentID>{AGENT}<", "<AgentID>999<")
    refused(echo, post(echo, sealed, stranger), (403,), Unreadable)


def test_fault_10_whatever_is_broken_inside_is_answered_alike(echo: Echo, sealed: ServerEnvelope) -> None:
    broken = [*BROKEN.values()] + [sealed.encrypt(xml.encode()) for xml in BROKEN_MESSAGES.values()]
    answers = {
        (answer.status_code, answer.content, answer.headers["Content-Type"])
        for encrypt in broken
        for answer in [requests.post(echo.url, params=sealed.sign(encrypt), data=body_of(encrypt), timeout=5)]
    }
    assert answers == {(403, b"", "text/plain; charset=utf-8")}
    assert echo.heard == []


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "&%c;&%c;&%c;">' % (98 + n, 97 + n, 97 + n, 97 + n) for n in range(20)
)
HOSTILE = {
    **BODIES,
    "XML bomb": LAUGHS + b"]><xml><Encrypt>&u;</Encrypt></xml>",
    "external entity": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Encrypt>&a;</Encrypt></xml>',
    "10,000 deep": b"<a>" * 10_000 + b"</a>" * 10_000,
    "10 MB": b"<xml><Encrypt>" + b"A" * (10 << 20) + b"</Encrypt></xml>",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_fault_11_hostile_bodies_are_refused_within_a_second(echo: Echo, sealed: ServerEnvelope, body: bytes) -> None:
    begun = time.monotonic()
    answer = requests.post(echo.url, params=sealed.sign("QUJD"), data=body, timeout=10)
    assert time.monotonic() - begun < 1
    assert answer.status_code in (403, 413)
    assert answer.content == b""
    assert echo.heard == []


def test_fault_11_an_endless_body_ends(echo: Echo, sealed: ServerEnvelope) -> None:
    address = urlsplit(echo.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=5)
    connection.putrequest("POST", f"{address.path}?{urlencode(sealed.sign('QUJD'))}")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    begun = time.monotonic()
    for _ in range(100):  # and no last chunk: the answer comes before the end
        connection.send(b"1000\r\n" + b"A" * 4096 + b"\r\n")
    assert connection.getresponse().status in (403, 413)
    assert time.monotonic() - begun < 1
    assert echo.heard == []


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
def test_fault_13_wrong_methods(echo: Echo, method: str) -> None:
    answer = requests.request(method, echo.url, timeout=5)
    assert (answer.status_code, answer.content) == (405, b"")
    assert answer.headers["Allow"] == "GET, POST"


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_the_content_type_does_not_matter(echo: Echo, sealed: ServerEnvelope, kind: str) -> None:
    packed = sealed.pack(TEXT, AGENT)
    answer = requests.post(echo.url, params=packed.query, data=packed.body, headers={"Content-Type": kind}, timeout=5)
    assert answer.status_code == 200
    assert len(echo.heard) == 1


def test_fault_13_http_1_0(echo: Echo, sealed: ServerEnvelope) -> None:
    packed = sealed.pack(TEXT, AGENT)
    address = urlsplit(echo.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=5)
    connection._http_vsn, connection._http_vsn_str = 10, "HTTP/1.0"  # type: ignore[attr-defined]
    connection.request("POST", f"{address.path}?{urlencode(packed.query)}", packed.body)
    assert connection.getresponse().status == 200


CONTENTS = [
    "",
    "   ",
    "😀👨‍👩‍👧",
    "控" * 670,
    "3年级2班 ３年级２班",
    "\u202e倒\u200b零",
    "]]>",
    "<script>",
    "{{7*7}}",
    "'); drop table pupils",
]


@pytest.mark.parametrize("content", CONTENTS)
def test_fault_14_any_words_come_through_and_back(echo: Echo, sealed: ServerEnvelope, content: str) -> None:
    shielded = content.replace("]]>", "]]]]><![CDATA[>")
    answer = post(echo, sealed, message("text", Content=f"<![CDATA[{shielded}]]>", MsgId="1"))
    assert answer.status_code == 200
    assert echo.heard[0].content == content
    assert parse(sealed.open_answer(answer.content)).content == f"收到：{content}"


@pytest.mark.parametrize("kind", ["voice", "image", "location", "link", "video", "file", "hologram"])
def test_fault_19_any_kind_reaches_the_bot(echo: Echo, sealed: ServerEnvelope, kind: str) -> None:
    assert post(echo, sealed, message(kind, MsgId="1")).status_code == 200
    assert echo.heard[0].kind == kind


def test_fault_20_events_are_told_apart(echo: Echo, sealed: ServerEnvelope) -> None:
    enter = message("event", Event="enter_agent", EventKey="")
    taps = [message("event", Event="template_card_event", EventKey="done", TaskId=task) for task in ("t1", "t2")]
    for plaintext in (enter, enter, *taps):
        assert post(echo, sealed, plaintext).status_code == 200
    keys = [inbound.key for inbound in echo.heard]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_a_retry_has_the_same_key(echo: Echo, sealed: ServerEnvelope) -> None:
    post(echo, sealed, TEXT)
    post(echo, sealed, TEXT)
    assert echo.heard[0].key == echo.heard[1].key == "msg:77"


def _raise(error: Exception) -> Reply:
    raise error


@pytest.mark.parametrize("error", [NotCommitted("locked"), RuntimeError("张三的电话"), KeyError("x")])
def test_what_was_not_kept_is_503(
    echo: Echo, sealed: ServerEnvelope, error: Exception, capsys: pytest.CaptureFixture
) -> None:
    echo.answer = lambda inbound: _raise(error)
    answer = post(echo, sealed, TEXT)
    assert (answer.status_code, answer.content) == (503, b"")
    logged = capsys.readouterr()
    assert "张三" not in logged.out + logged.err


def test_fault_21_too_late_is_503_and_the_work_goes_on(echo: Echo, sealed: ServerEnvelope) -> None:
    finished = threading.Event()

    def slow(inbound: Inbound) -> Reply:
        time.sleep(1)
        finished.set()
        return Reply("好的")

    echo.answer = slow
    begun = time.monotonic()
    assert post(echo, sealed, TEXT).status_code == 503
    assert time.monotonic() - begun < 0.95
    assert finished.wait(2)


def test_fault_38_unsigned_floods_do_not_slow_the_signed(echo: Echo, sealed: ServerEnvelope) -> None:
    junk = body_of("QUJD")
    query = {**sealed.sign("QUJE")}
    with ThreadPoolExecutor(4) as pool:
        flood = [pool.submit(requests.post, echo.url, params=query, data=junk, timeout=5) for _ in range(100)]
        begun = time.monotonic()
        assert post(echo, sealed, TEXT).status_code == 200
        assert time.monotonic() - begun < 1
        assert {answer.result().status_code for answer in flood} == {403}
    assert len(echo.heard) == 1
