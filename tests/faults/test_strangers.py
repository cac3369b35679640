"""What strangers and phones send (11, 19, 20, 38), to the real server and its real processes."""

from __future__ import annotations

import base64
import datetime as dt
import http.client
import os
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
import sqlalchemy as sa

from handlers.understanding import names
from storage.store import open_store
from tests.support.server import make_database, serving, settings_in
from tests.wecom.test_webhook import HOSTILE

pytestmark = pytest.mark.slow
GROWTH = 20_000  # kB
FLOOD, LINES, HEARD = 10.0, 4, 50  # seconds; connections of the flood; messages of others meanwhile


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    settings = settings_in(tmp_path_factory.mktemp("strangers"))
    make_database(settings)
    with serving(settings) as (process, client):
        yield settings, process, client


def kept(settings) -> int:
    """How many messages stand in the database."""
    engine = sa.create_engine(settings["KONGCHUO_DATABASE_URL"])
    with engine.connect() as connection:
        count = connection.execute(sa.text("select count(*) from inbox")).scalar_one()
    engine.dispose()
    return count


def posted(client, plain: str) -> tuple[int, str]:
    query, body = client.post(plain)
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{client.url}?{query}", body)) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def said(client, kind: str, inside: str, id: str = "") -> str:
    """A message of any kind in the form of path/90239 and path/90240."""
    return (
        f"<xml><ToUserName>{client.corp}</ToUserName><FromUserName>wang</FromUserName><CreateTime>{int(time.time())}"
        f"</CreateTime><MsgType>{kind}</MsgType>{inside}{f'<MsgId>{id}</MsgId>' if id else ''}"
        f"<AgentID>{client.agent}</AgentID></xml>"
    )


def memory(pid: int) -> int:
    """The most that a process has held, in kB."""
    return int(re.findall(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[0])


def test_fault_11_no_process_grows_by_twenty_megabytes_over_hostile_bodies(served) -> None:
    _, process, client = served
    workers = [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    for _ in range(8):  # until each has met a message
        assert client.send("wang", "待办")[0] == 200
    before = {pid: memory(pid) for pid in workers}
    stamp, nonce = str(int(time.time())), os.urandom(5).hex()
    query = {"msg_signature": client.signature(stamp, nonce, "QUJD"), "timestamp": stamp, "nonce": nonce}
    for body in [*HOSTILE.values()] * 4:
        request = urllib.request.Request(f"{client.url}?{urllib.parse.urlencode(query)}", body)
        begun = time.monotonic()
        with pytest.raises((urllib.error.HTTPError, urllib.error.URLError)) as refused:
            urllib.request.urlopen(request, timeout=10)
        assert getattr(refused.value, "code", 413) in (403, 413)  # or it hung up on the ten megabytes
        assert time.monotonic() - begun < 1
    assert {pid for pid in workers if memory(pid) - before[pid] >= GROWTH} == set()
    assert client.send("wang", "待办")[0] == 200


def test_fault_14_words_are_kept_as_they_came_and_recorded_as_they_are_meant(served) -> None:
    settings, _, client = served
    words = "给张\u200b三妈妈打\u202e电话，没人接，约好３天后再打"
    status, reply = client.send("wang", words, "1401")
    assert (status, reply.startswith("已记：张三")) == (200, True)
    assert "３" not in reply
    keys = [base64.b64decode(settings["KONGCHUO_DATA_KEY"])]
    store = open_store(settings["KONGCHUO_DATABASE_URL"], data_keys=keys, fold=names)
    with store.look(dt.datetime.now()) as work:
        assert [row.text for row in work.inbox.recent("wang", dt.datetime.min) if row.key == "msg:1401"] == [words]
        assert [str(fact.kind) for fact in work.cases.facts_of_source("msg:1401")] == ["contact"]
    store.close()


OTHERS = {
    "image": "<PicUrl>http://x/y</PicUrl><MediaId>m1</MediaId>",
    "voice": "<MediaId>m2</MediaId><Format>amr</Format>",
    "video": "<MediaId>m3</MediaId><ThumbMediaId>t</ThumbMediaId>",
    "location": "<Location_X>24.1</Location_X><Location_Y>115.2</Location_Y><Scale>20</Scale><Label>老隆镇</Label>",
    "link": "<Title>t</Title><Description>d</Description><PicUrl>p</PicUrl>",
    "hologram": "<Light>1</Light>",
}


@pytest.mark.parametrize("kind", OTHERS)
def test_fault_19_what_is_no_text_is_answered_200_with_a_short_hint(served, kind: str) -> None:
    _, _, client = served
    status, answer = posted(client, said(client, kind, OTHERS[kind], client.message_id()))
    assert status == 200
    assert 4 < len(client.read(answer)) < 120


def test_fault_19_an_event_nobody_knows_is_answered_200_with_nothing(served) -> None:
    _, _, client = served
    assert posted(client, said(client, "event", "<Event>teleport</Event><EventKey>x</EventKey>")) == (200, "")


def test_fault_20_an_event_counts_once_and_two_taps_of_one_second_count_twice(served) -> None:
    settings, _, client = served
    before = kept(settings)
    taps = [
        said(client, "event", f"<Event>template_card_event</Event><EventKey>done</EventKey><TaskId>{task}</TaskId>")
        for task in ("t1", "t2")
    ]
    answers = [posted(client, plain) for plain in (*taps, *taps)]
    assert [status for status, _ in answers] == [200] * 4
    assert kept(settings) == before + 2


def test_fault_38_a_flood_of_forgeries_on_the_real_server_leaves_others_answered_within_a_second(served) -> None:
    settings, _, client = served
    address = urllib.parse.urlsplit(client.url)
    query, body = client.post(client.text("wang", "张三今天没来", "3801"))
    forged = f"{address.path}?{query.replace('msg_signature=', 'msg_signature=00')}"
    before, over, statuses = kept(settings), threading.Event(), []

    def pour() -> None:
        line = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
        until = time.monotonic() + FLOOD
        while not over.is_set() and time.monotonic() < until:
            line.request("POST", forged, body)
            answer = line.getresponse()
            statuses.append((answer.status, answer.read()))
        line.close()

    flood = [threading.Thread(target=pour) for _ in range(LINES)]
    for thread in flood:
        thread.start()
    taken = []
    for n in range(HEARD):
        begun = time.monotonic()
        assert client.send(f"stranger{n}", "待办")[0] == 200
        taken.append(time.monotonic() - begun)
    during = len(statuses)
    over.set()
    for thread in flood:
        thread.join(20)
    assert sorted(taken)[-2] < 1, "all but one in fifty"
    assert set(statuses) == {(403, b"")}
    assert during > 10 * HEARD, "it was a flood"
    assert kept(settings) == before + HEARD
