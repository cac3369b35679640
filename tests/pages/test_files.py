"""Files up and down: what is taken, what is refused, and that nobody gets another's."""

from __future__ import annotations

import datetime as dt
import functools
import io
import os
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from bot.attachments import LARGEST
from bot.courier import Courier
from bot.files import make_for
from bot.reception import queue_files
from bot.wecom.client import Sent
from bot.wecom.errors import error_for
from reminders.sender import send_due
from storage.evidence import Folder
from tests.pages.county import CSRF, TODAY, Visitor, application, made_store

REAL = dt.datetime(2025, 9, 18, 6, 0)
ONE = "110101201201011237"
LIST = "姓名,身份证号\n张三,{}\n李四,11010120130101123X\n"


def workbook(rows, **extra):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    with zipfile.ZipFile(kept, "a") as packed:
        for name, content in extra.items():
            packed.writestr(name, content)
    return kept.getvalue()


GOOD = workbook([("姓名", "身份证号"), ("张三", ONE)])


def send(app, who="zhou", **files):
    visitor = Visitor(app, who)
    token = CSRF.search(visitor.page("/m/compare"))[1]
    data = {key: (io.BytesIO(content), name) for key, (name, content) in files.items()}
    return visitor.client.post("/m/compare", data={"csrf": token, **data}, content_type="multipart/form-data")


@pytest.mark.clause("LC-36", "LC-39")
def test_two_lists_give_a_workbook_of_differences(app):
    csv = "姓名,身份证号\n王五,110101201301011232\n".encode("gb18030")
    response = send(app, household=("户籍.xlsx", GOOD), register=("学籍.csv", csv))
    assert response.status_code == 200, response.text
    assert "filename*=UTF-8''" in response.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(response.data))
    assert any("张三" in str(cell.value) for sheet in book for row in sheet for cell in row)


def test_an_old_workbook_is_taken_and_one_with_macros_is_not(app):
    old = Path("tests/reports/poor.xls").read_bytes()
    assert (
        send(app, poor=("脱贫户.xls", old), register=("学籍.xlsx", GOOD), attending=("在校.xlsx", GOOD)).status_code
        == 200
    )
    with_macros = old + "_VBA_PROJECT".encode("utf-16-le")
    response = send(app, poor=("脱贫户.xls", with_macros), register=("学籍.xlsx", GOOD))
    assert response.status_code == 422
    assert "有宏" in response.text


@pytest.mark.parametrize(("name", "content", "sentence"), [
    ("户籍.xlsm", GOOD, "只收 .xlsx、.xls 和 .csv"),
    ("户籍.exe", b"MZ", "只收 .xlsx、.xls 和 .csv"),
    ("户籍.xls", b"<html>", "不是 Excel 文件"),
    ("户籍.xlsx", workbook([("姓名",)], **{"xl/vbaProject.bin": b"x"}), "有宏"),
    ("户籍.xlsx", b"not a zip", "不是 Excel 文件"),
    ("户籍.xlsx", b"", "是空的"),
    ("户籍.csv", b"a\x00b", "不是 CSV"),
    ("户籍.xlsx", workbook([("一", "二")]), "没有找到表头"),
])  # fmt: skip
def test_what_is_no_list_is_refused_with_a_sentence(app, name, content, sentence):
    response = send(app, household=(name, content), register=("学籍.xlsx", GOOD))
    assert response.status_code == 422
    assert sentence in response.text


def test_a_workbook_that_grows_beyond_measure_is_refused(app):
    packed = io.BytesIO(GOOD)
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as bomb, bomb.open("xl/worksheets/sheet9.xml", "w") as part:
        for _ in range(410):
            part.write(b"0" * (1 << 20))
    response = send(app, household=("户籍.xlsx", packed.getvalue()), register=("学籍.xlsx", GOOD))
    assert response.status_code == 422
    assert "展开后太大" in response.text


def test_one_list_is_not_enough(app):
    assert "至少选两份" in send(app, household=("户籍.xlsx", GOOD)).text


def test_a_form_beyond_its_size_is_refused(app):
    visitor = Visitor(app, "wang")
    token = CSRF.search(visitor.page("/m/pupil/p1/contact"))[1]
    response = visitor.client.post("/m/pupil/p1/contact", data={"csrf": token, "note": "啊" * 60_000})
    assert response.status_code == 413


def test_only_the_county_compares(app):
    visitor = Visitor(app, "li")
    token = CSRF.search(visitor.page("/m/todo"))[1]
    assert visitor.client.post("/m/compare", data={"csrf": token}).status_code == 403


@pytest.mark.parametrize(("who", "path"), [
    ("li", "/m/ledgers/file?what=suspected_ledger"), ("liu", "/m/ledgers/file?what=suspected_ledger"),
    ("zhou", "/m/ledgers/file?what=monthly"), ("wang", "/m/pupil/p1/paper/visit_form"),
])  # fmt: skip
def test_a_file_comes_as_a_download_and_is_in_the_trail(app, store, who, path):
    response = Visitor(app, who).get(path)
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment"), response.text
    assert response.data[:2] == b"PK"
    with store.look(TODAY) as work:
        assert any(t.did == "export" for t in work.audit.by(who))


def test_a_ledger_holds_nobody_of_another_unit(app, store):
    text = _all_text(Visitor(app, "li").get("/m/ledgers/file?what=age_ledger").data)
    with store.look(TODAY) as work:
        mine, other = (work.people.in_scope(_scope(work, who), limit=500)[0] for who in ("li", "wu"))
    assert {p.name for p in mine} <= text
    assert not {p.name for p in other} - {p.name for p in mine} & text


def _scope(work, who):
    from bot.desks import desk_for

    return desk_for(work, who, "").scope


def _all_text(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {str(cell.value) for sheet in book for row in sheet for cell in row if cell.value}


@pytest.mark.parametrize("path", [
    "/m/pupil/p100/paper/visit_form", "/m/pupil/p1/paper/nothing", "/m/ledgers/file?what=nothing", "/m/ledgers/file?what=visit_form",
])  # fmt: skip
def test_no_file_of_what_is_not_theirs(app, path):
    assert Visitor(app, "wang").get(path).status_code == 404


@pytest.fixture
def with_photo(tmp_path):
    """A county with a photo at a visit to p1, and one of nobody's."""
    store = made_store()
    app, running = application(store, tmp=str(tmp_path))
    folder = Folder(running.settings.files, store.sealer)
    with store.begin(TODAY) as work:
        visit = next(f for f in work.cases.facts("p1") if f.kind.value == "visit")
        ids = [work.evidence.expect("m", "liu", kind) for kind in ("image", "file", "image")]
        for id, type in zip(ids, ("image/jpeg", "text/html", "image/jpeg"), strict=True):
            work.evidence.keep(id, folder.write(id, b"<script>\xff\xd8", type))
        for id in ids[:2]:
            work.evidence.attach(id, pupil="p1", fact=visit.id)
    return app, ids


def test_a_photo_is_shown_to_those_who_may_see_the_child(with_photo):
    app, (photo, file, loose) = with_photo
    teacher, elsewhere = Visitor(app, "wang"), Visitor(app, "feng")
    assert f"/m/photo/{photo}" in teacher.page("/m/pupil/p1")
    shown = teacher.get(f"/m/photo/{photo}")
    assert (shown.data, shown.content_type, shown.headers["Content-Disposition"]) == (
        b"<script>\xff\xd8",
        "image/jpeg",
        "inline",
    )
    # What is no picture is never shown as a page of ours.
    other = teacher.get(f"/m/photo/{file}")
    assert (other.content_type, other.headers["Content-Disposition"]) == ("application/octet-stream", "attachment")
    assert teacher.get(f"/m/photo/{loose}").status_code == 404
    assert elsewhere.get(f"/m/photo/{photo}").status_code == 404


def test_a_photo_is_said_to_be_the_signed_paper_by_those_who_may_see_the_child(with_photo):
    app, (photo, _, loose) = with_photo
    teacher = Visitor(app, "wang")
    assert "这是签字表" in teacher.page("/m/pupil/p1")
    assert Visitor(app, "feng").post("/m/todo", f"/m/photo/{photo}/signed").status_code == 404
    assert teacher.post("/m/pupil/p1", f"/m/photo/{loose}/signed").status_code == 404
    assert "有签好字的家访记录表" in teacher.post("/m/pupil/p1", f"/m/photo/{photo}/signed").text
    assert '<span class="tag">签字表</span>' in teacher.page("/m/pupil/p1")


class Busy:
    """WeChat Work that is busy at the first sending and takes the next; a file beyond its size is never sent up."""

    def __init__(self):
        self.tried = []

    def send(self, message):
        self.tried.append(message["text"]["content"])
        if len(self.tried) == 1:
            raise error_for(-1)
        return Sent("m1", "")


@pytest.mark.clause("FN-10")
def test_an_archive_beyond_20_mb_comes_by_a_link_once_also_after_a_failed_sending(tmp_path):
    store = made_store()
    app, running = application(store, tmp=str(tmp_path), public_url="https://x.cn")
    running.store = store
    folder, films = Folder(tmp_path, store.sealer), [b"%PDF-1.4 " + os.urandom(LARGEST * 5 // 9) for _ in range(2)]
    with store.begin(TODAY) as work:
        visit = next(f for f in work.cases.facts("p1") if f.kind == "visit")
        for number, content in enumerate(films):
            id = work.evidence.expect(f"m{number}", "wang", "file", "p1", visit.id)
            work.evidence.keep(id, folder.write(id, content, "application/pdf"))
        queue_files(work, "li", "asked", ({"what": "materials", "pupil": "p1"},))
    client = Busy()
    courier = Courier(client, running.now, make=functools.partial(make_for, store, tmp_path, "https://x.cn"))
    busy = send_due(store, courier, REAL, TODAY, workers=1)
    taken = send_due(store, courier, REAL + dt.timedelta(seconds=30), TODAY, workers=1)
    again = send_due(store, courier, REAL + dt.timedelta(hours=1), TODAY, workers=1)
    assert (busy.sent, busy.later, taken.sent, again.sent) == (0, 1, 1, 0)
    assert len(client.tried) == 2
    assert client.tried[0] == client.tried[1]
    link = re.search(r"超过20MB，发不进聊天。请点这里下载（需登录）：https://x\.cn(/\S+)", client.tried[1])
    answer = Visitor(app, "li").get(link[1])
    packed = zipfile.ZipFile(io.BytesIO(answer.data))
    assert {packed.read(n) for n in packed.namelist() if n.endswith(".pdf")} == set(films)
    assert Visitor(app, "chen").get(link[1]).data[:2] != b"PK"  # one who may not have it gets a sentence
    store.close()
