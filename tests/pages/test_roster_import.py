"""Rosters on the page: what a file comes to is shown first, written by the button from the very same file, as by the command."""

from __future__ import annotations

import hashlib
import io
import re

import pytest

from bot.pages import roster_import, signed_back
from tests.pages.county import CSRF, TODAY, Visitor, application, made_store

PAGE = "/m/settings/import/"
PUPILS = "姓名,学校班级,监护人,监护人电话\n赵新生,青石镇/青石镇中学/八年级3班,赵父,13900000001\n何雨桐,青石镇/青石镇中学/八年级3班,何母,13900000002\n"
STAFF = "姓名,企业微信账号,角色,单位\n新老师,xinlaoshi,任课教师,青石镇/青石镇中学/八年级3班\n"


@pytest.fixture
def store():
    return made_store()


@pytest.fixture
def app(store):
    return application(store)[0]


@pytest.fixture
def admin(app):
    return Visitor(app, "guan")


def file(text):
    return io.BytesIO(text if isinstance(text, bytes) else text.encode()), "名册.csv"


def shown(visitor, what, text):
    return visitor.post(PAGE + what, PAGE + what, file=file(text))


def confirm(visitor, what, page, text):
    signed = re.search(r'name="shown" value="([^"]+)"', page)[1]
    fields = {"csrf": CSRF.search(page)[1], "once": "o", "shown": signed, "file": file(text)}
    return visitor.client.post(f"{PAGE}{what}/write", data=fields)


def state(store):
    with store.look(TODAY) as work:
        return sorted(work.people.all_names()), sorted(p.id for p in work.people.everyone()), len(work.people.units())


def trail(store):
    with store.look(TODAY) as work:
        return [(t.did, t.person, t.detail) for t in work.audit.of("pupils")]


def test_what_a_register_comes_to_is_shown_before_it_is_written_and_written_once(admin, store):
    before = state(store)
    page = shown(admin, "pupils", PUPILS).text
    assert "监护人电话1人" in page
    assert re.search(r"新增.*?1行.*?修改.*?1行", page, re.S)
    assert "新增：赵新生。" in page
    assert "改动：何雨桐（监护人、监护人电话）。" in page
    assert state(store) == before, "nothing is written yet"
    assert "已写入：新增1，修改1，未变0。" in confirm(admin, "pupils", page, PUPILS).text
    assert {name for _, name, _ in state(store)[0]} - {name for _, name, _ in before[0]} == {"赵新生"}
    assert "未变2。" in confirm(admin, "pupils", page, PUPILS).text
    assert "和现有名册一样，不用导入" in shown(admin, "pupils", PUPILS).text
    begun = {"rows": 2, "file": hashlib.sha256(PUPILS.encode()).hexdigest()[:16]}
    assert trail(store) == [
        ("import", "guan", begun),
        ("import", "guan", {"added": 1, "changed": 1}),
        ("import", "guan", begun),
    ]


def test_a_file_that_was_broken_off_between_its_pieces_has_its_signature(admin, store, monkeypatch):
    def broken_off(*_, **__):
        raise KeyboardInterrupt

    page = shown(admin, "pupils", PUPILS).text
    monkeypatch.setattr(roster_import, "import_table", broken_off)
    with pytest.raises(KeyboardInterrupt):
        confirm(admin, "pupils", page, PUPILS)
    assert [(did, person, detail["rows"]) for did, person, detail in trail(store)] == [("import", "guan", 2)]


def test_staff_and_units_are_taken_in_alike(app, admin, store):
    assert "新增1" in confirm(admin, "staff", shown(admin, "staff", STAFF).text, STAFF).text
    assert Visitor(app, "xinlaoshi").get("/m/todo").status_code == 200
    units = "路径,类型\n青石镇/青石镇中学/八年级9班,班级\n"
    assert "新增1" in confirm(admin, "units", shown(admin, "units", units).text, units).text


def test_a_post_over_the_county_is_not_given_by_a_file(admin, store):
    """Two persons give it, one by one: a file of one person's would be a way round."""
    before = state(store)
    text = STAFF + "新局长,xinjuzhang,县教育局,全县\n"
    answer = shown(admin, "staff", text)
    assert (answer.status_code, "新局长的全县职务不能用文件添加" in answer.text) == (422, True)
    assert 'name="shown"' not in answer.text
    assert state(store) == before


@pytest.mark.parametrize(("what", "text", "sentence"), [
    ("pupils", "姓名,学校班级\n赵新生,没有这个班\n", "第2行“学校班级”"), ("pupils", "名字,班\n赵新生,x\n", "缺少列"),
    ("staff", "", "文件是空的"), ("pupils", b"\x00\x01" * 50, "这不是 CSV 文件"),
    ("pupils", "姓名,学校班级\n" + "赵,x\n" * (roster_import.MOST + 1), "有3001行"),
])  # fmt: skip
def test_a_file_at_fault_is_refused_with_a_sentence_and_offers_no_button(admin, store, what, text, sentence):
    before, answer = state(store), shown(admin, what, text)
    assert (answer.status_code, sentence in answer.text, 'name="shown"' in answer.text) == (422, True, False)
    assert state(store) == before


def test_only_the_file_that_was_shown_to_this_person_lately_is_written(app, admin, store, monkeypatch):
    before, page = state(store), shown(admin, "pupils", PUPILS).text
    other = confirm(admin, "pupils", page, PUPILS.replace("赵新生", "赵别人"))
    assert (other.status_code, "不是刚才看过的那个文件" in other.text) == (422, True)
    assert "先选一个文件" in admin.post(PAGE + "pupils", PAGE + "pupils/write").text
    monkeypatch.setattr(signed_back, "SHOWN_FOR", -1)
    assert confirm(admin, "pupils", page, PUPILS).status_code == 422
    assert state(store) == before


@pytest.mark.parametrize("who", ["wang", "li", "zhou"])
def test_only_the_administrator_imports(app, store, who):
    visitor, before = Visitor(app, who), state(store)
    assert visitor.get(f"{PAGE}pupils").status_code == 403
    assert visitor.post("/m/todo", f"{PAGE}pupils", file=file(PUPILS)).status_code == 403
    assert visitor.post("/m/todo", f"{PAGE}pupils/write", file=file(PUPILS)).status_code == 403
    assert state(store) == before


def test_there_is_no_other_kind(admin):
    assert admin.get(f"{PAGE}calendar").status_code == 404
    assert admin.post(f"{PAGE}pupils", f"{PAGE}calendar", file=file(PUPILS)).status_code == 404
