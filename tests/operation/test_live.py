"""What an operator and a visitor meet at a running ``kongchuo serve`` and ``kongchuo jobs``, over HTTP alone: who gets in
and stays in, what may be sent up and how often, and what is told of it afterwards.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import time
from collections import Counter

import openpyxl
import pytest

from bot.attachments import LARGEST
from bot.madeup import make_county
from bot.pages.door import FORM_LIMIT
from bot.pages.pace import PARTS, PER_PERSON, STRANGERS
from bot.simulator import Simulator, create_simulator
from casework.people import Pupil
from storage.outbox import Outgoing
from storage.pupils import Entered
from tests.operation.live import Live, answered, jobs, register, until_true
from tests.operation.test_attachments import excel, with_part
from tests.support.server import AGENT, CORP, command, make_database, morning_zone, serving, settings_in

pytestmark = pytest.mark.slow


def told_by(simulator: Simulator) -> list[str]:
    with simulator.state.lock:
        return [line.text for line in simulator.state.lines.values() if line.pushed]


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    people = [{"userid": person.id, "name": person.id} for person in make_county(dt.date.today()).people]
    settings = settings_in(tmp_path_factory.mktemp("live"))
    simulator = create_simulator(
        people, "http://127.0.0.1:9/", CORP, AGENT, settings["KONGCHUO_SECRET"], settings["KONGCHUO_TOKEN"],
        settings["KONGCHUO_AES_KEY"], per_minute=1000,
    )  # fmt: skip
    settings |= {
        "KONGCHUO_WECOM_API": f"{simulator.start().rstrip('/')}/cgi-bin/", "KONGCHUO_PROXIES": "1",
        "KONGCHUO_TIMEZONE": morning_zone(), "KONGCHUO_CARDS": "false",
    }  # fmt: skip
    make_database(settings)
    with serving(settings, workers=2) as (_, client):
        yield Live(client.url.removesuffix("/wecom/callback"), settings, client, simulator)
    simulator.stop()


def test_login_comes_through_wechat_work_and_every_answer_is_guarded(live):
    wang = live.visitor("wang")
    page = wang.get("/m/todo")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "<script>" not in page.text
    assert re.search(r'\son\w+="', page.text) is None
    cookie = live.visitor().get("/m/login").headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/m"} <= set(cookie.split("; "))
    assert live.visitor().get("/m/todo").headers["Location"].startswith("/m/login")
    assert wang.get("/m/settings/people").status_code == 403
    assert re.search(r"\d", page.headers.get("Server", "")) is None


BOOK = excel()
UPLOADS = [
    ("macros.xlsm", BOOK, 422, "宏"),
    ("macros.xlsx", with_part(BOOK, "xl/vbaProject.bin"), 422, "宏"),
    ("program.xlsx", b"MZ" + b"x" * 2000, 422, "不是 Excel"),
    ("photo.xlsx", b"\xff\xd8\xff\xe0" + b"x" * 2000, 422, "不是 Excel"),
    ("bytes.csv", b"MZ\x00\x00" + b"x" * 2000, 422, "不是 CSV"),
    ("large.csv", b"x" * (LARGEST + 1), 422, "20兆"),
    ("huge.csv", b"x" * (25 * 1024 * 1024), 413, ""),
]


@pytest.mark.parametrize(("name", "content", "status", "said"), UPLOADS, ids=[name for name, *_ in UPLOADS])
def test_uploads_are_taken_by_their_bytes_and_size(live, name, content, status, said):
    zhou = live.visitor("zhou", "10.9.1.1")
    lists = {"household": (name, content), "register": ("good.csv", "姓名,身份证号\n甲,441622201201010011\n".encode())}
    answer = zhou.post("/m/compare", "/m/compare", files=lists)
    assert answer.status_code == status
    assert said in answer.text
    assert answer.headers["Content-Type"].startswith("text/html")


STARTS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1,1)", "\t=1+1", '=HYPERLINK("http://x","看")']


def test_words_that_a_sheet_would_compute_stay_words_in_what_is_downloaded(live):
    """Up as a department's CSV and down as differences; in the register and down as a ledger (faults 15)."""
    with register(live) as work:
        work.people.put_pupils([Entered(Pupil(f"evil{n}", name, "c2", "v1")) for n, name in enumerate(STARTS)])
    zhou = live.visitor("zhou", "10.9.1.4")
    lines = [f'"{name.replace(chr(34), chr(34) * 2)}",44162220120101{n:04d}' for n, name in enumerate(STARTS)]
    listed = {"household": ("a.csv", "\n".join(["姓名,身份证号", *lines]).encode()),
              "register": ("b.csv", "姓名,身份证号\n甲,441622201201010011\n".encode())}  # fmt: skip
    for answer in (zhou.post("/m/compare", "/m/compare", files=listed), zhou.get("/m/ledgers/file?what=age_ledger")):
        assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet"), re.findall(
            "<p[^>]*>([^<]*)", answer.text
        )
        cells = [
            c for sheet in openpyxl.load_workbook(io.BytesIO(answer.content)) for row in sheet for c in row if c.value
        ]
        assert not [c.value for c in cells if c.data_type == "f"]
        names = {"".join(name.split()) for name in STARTS}  # names are compared without blanks
        found = [c for c in cells if "".join(str(c.value).split()) in names]
        assert {"".join(c.value.split()) for c in found} == names
        assert {(c.data_type, c.number_format) for c in found} <= {("s", "@"), ("inlineStr", "@")}  # also when edited


def test_who_is_not_logged_in_sends_nothing_large(live):
    stranger = live.visitor(address="10.9.1.2")
    large = {"household": ("a.csv", b"x" * 2 * FORM_LIMIT)}
    answer = stranger._ask("POST", "/m/compare", files=large)
    assert answer.status_code == 413
    small = live.visitor(address="10.9.1.3")._ask("POST", "/m/compare", data={"kind": "x"})
    assert small.status_code == 400  # without a token


def test_one_person_and_one_address_have_their_pace(live):
    """Who goes beyond it is turned away by both workers, others are not; a minute may begin in between, so up to twice as
    many are tried, and each worker may let in a tenth more."""
    he, luo = live.visitor("he", "10.9.2.1"), live.visitor("luo", "10.9.2.1")
    he.line.headers["Connection"] = "close"  # so that either worker may take the next
    let_in = Counter[int]()
    for _ in range(2 * PER_PERSON + 2):
        minute = int(time.time() // 60)
        if he.get("/m/todo").status_code == 429:
            break
        let_in[minute] += 1
    else:
        raise AssertionError("never turned away")
    assert let_in.total() >= PER_PERSON - 1
    assert max(let_in.values()) <= PER_PERSON + 2 * PER_PERSON // PARTS
    assert luo.get("/m/todo").status_code == 200
    strangers = live.visitor(address="10.9.2.9")
    turned = next((n for n in range(2 * STRANGERS + 2) if strangers.get("/m/login").status_code == 429), None)
    assert turned is not None
    assert turned >= STRANGERS - 1
    assert live.visitor(address="10.9.2.10").get("/m/login").status_code == 303
    assert luo.get("/m/todo").status_code == 200  # a person who is known is no stranger, wherever they come from
    assert live.metric('kongchuo_pages_total{status="429"}') >= 2


def test_a_member_who_leaves_the_directory_is_out_with_the_next_request(live):
    feng = live.visitor("feng", "10.9.3.1")
    assert feng.get("/m/todo").status_code == 200
    assert "查" in answered(live.client.send, "feng", "帮助")
    gone = {"Event": "change_contact", "ChangeType": "delete_user", "UserID": "feng"}
    assert answered(live.client.event, "sys", gone) == ""
    assert feng.get("/m/todo").headers["Location"].startswith("/m/login")
    assert "没有登记" in answered(live.client.send, "feng", "查 张三")


def test_a_post_over_the_county_needs_two(live):
    guan, zhou = live.visitor("guan", "10.9.4.1"), live.visitor("zhou", "10.9.4.2")
    person, xie = "/m/settings/person/xie", live.visitor("xie", "10.9.4.3")
    assert guan.post(person, f"{person}/post", role="admin").status_code in (200, 303)
    assert xie.get("/m/settings/people").status_code == 403
    waiting = "/m/settings/waiting"
    path = re.search(r'action="(/m/settings/waiting/[^"]+)"', guan.get(waiting).text)[1]
    assert guan.post(waiting, path, answer="yes").status_code == 422
    assert xie.get("/m/settings/people").status_code == 403
    assert "已确认" in zhou.post(waiting, path, answer="yes").text
    assert xie.get("/m/settings/people").status_code == 200


def test_a_letter_that_cannot_be_delivered_is_seen_and_sent_again(live):
    """A receiver whom WeChat Work does not know: given up at once, counted, shown; known again, it goes out."""
    with register(live) as work:
        work.outbox.queue(Outgoing("live:dead", "tang", "请看家访表", work.now - dt.timedelta(minutes=5)))
    member = live.simulator.state.members.pop("tang")
    with jobs(live.settings):
        until_true(lambda: live.metric("kongchuo_outbox_dead") > 0, "a dead letter is counted")
        listed = command(live.settings, "letters").stdout
        assert re.search(r"给 tang\t.*81013", listed), listed
        assert "请看家访表" not in listed
        guan = live.visitor("guan", "10.9.5.1")
        page = guan.get("/m/settings/letters").text
        assert "请看家访表" in page
        live.simulator.state.members["tang"] = member
        [again] = re.findall(r'请看家访表.*?action="(/m/settings/letters/[^"]+)"', page)
        assert guan.post("/m/settings/letters", again).status_code == 303
        until_true(lambda: "请看家访表" in told_by(live.simulator), "it goes out")
    assert "请看家访表" not in live.visitor("guan", "10.9.5.1").get("/m/settings/letters").text


def test_the_doctor_names_what_is_wrong_and_nothing_else(live):
    done = command(live.settings, "doctor")
    lines = done.stdout.splitlines()
    assert len(lines) > 10
    assert [line for line in lines if "失败" in line] == [], done.stdout
    broken = command({**live.settings, "KONGCHUO_SECRET": "another"}, "doctor")
    assert broken.returncode == 1
    assert len([line for line in broken.stdout.splitlines() if "失败" in line]) == 1, broken.stdout
