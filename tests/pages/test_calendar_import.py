"""A calendar's file on the page: what it comes to is shown first, written by the button, the same as by the command."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
import xlsxwriter

from bot.pages import calendar_import, signed_back
from casework.people import COUNTY
from storage.people import Days
from tests.pages.county import CSRF, TODAY, Visitor

PAGE = "/m/settings/calendar/import"
SPRING = "类型,开始,结束,单位\n学期,2026-09-01,2027-01-20,\n停课,2026-04-03,2026-04-03,青石镇\n放假,2026-04-04,2026-04-06,\n补班,2026-04-11,2026-04-11,\n"


def shown(visitor, text, name="校历.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return visitor.post(PAGE, PAGE, file=(io.BytesIO(content), name))


def confirm(visitor, page):
    rows = re.search(r'name="rows" value="([^"]+)"', page)[1]
    return visitor.client.post(f"{PAGE}/write", data={"csrf": CSRF.search(page)[1], "once": "o", "rows": rows})


def days(store):
    with store.look(TODAY) as work:
        return set(work.people.days())


def test_what_a_file_comes_to_is_shown_before_it_is_written_and_written_once(admin, own_store):
    before = days(own_store)
    page = shown(admin, SPRING).text
    for words in (
        "要添加的（4项）",
        "学期：2026年9月1日（周二）至2027年1月20日（周三）（全县）",
        "停课：2026年4月3日（周五）（青石镇）",
    ):
        assert words in page
    assert days(own_store) == before, "nothing is written yet"
    assert "已写入4项，替换1项。" in confirm(admin, page).text
    new = days(own_store) - before
    township = next(d.unit for d in new if d.kind == "no_teach")
    assert new == {
        Days("term", dt.date(2026, 9, 1), dt.date(2027, 1, 20), COUNTY), Days("no_teach", dt.date(2026, 4, 3), dt.date(2026, 4, 3), township),
        Days("holiday", dt.date(2026, 4, 4), dt.date(2026, 4, 6), COUNTY), Days("make_up", dt.date(2026, 4, 11), dt.date(2026, 4, 11), COUNTY),
    }  # fmt: skip
    assert "没有改动" in confirm(admin, page).text
    assert "和现有校历一样，不用导入" in shown(admin, SPRING).text
    with own_store.look(TODAY) as work:
        assert [(t.did, t.person, t.detail) for t in work.audit.of("calendar")] == [
            ("import", "guan", {"added": 3, "changed": 1})
        ]


def test_a_term_that_is_corrected_says_which_one_it_replaces(admin, own_store):
    old = next(d for d in days(own_store) if d.kind == "term" and d.since <= TODAY.date() <= d.until)
    page = shown(admin, f"类型,开始,结束\n学期,{old.since + dt.timedelta(days=1)},{old.until}\n").text
    assert "被替换的学期（1个）" in page
    assert "已写入1项，替换1项" in confirm(admin, page).text
    assert old not in days(own_store)


def test_a_workbook_is_read_as_well(admin):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("类型", "日期"))
        sheet.write_row(1, 0, ("上课", "2026-02-28"))
    assert "上课：2026年2月28日（周六）（全县）" in shown(admin, file.getvalue(), "校历.xlsx").text


@pytest.mark.parametrize(("text", "name", "sentence"), [
    ("类型,日期\n学期,2026-03-02\n", "a.csv", "第2行“结束”"), ("类型,日期\n派对,2026-03-02\n", "a.csv", "不认识“派对”"),
    ("种类,日期\n停课,2026-03-02\n", "a.csv", "缺少列“类型”"), ("类型,日期\n停课,2026-03-02\n", "a.xlsm", "只收"),
    ("", "a.csv", "文件是空的"), ("类型,日期\n" + "停课,2026-03-02\n" * (calendar_import.MOST + 1), "a.csv", "最多"),
    ("not a workbook", "a.xlsx", "这不是 Excel 文件"),
])  # fmt: skip
def test_a_file_at_fault_is_refused_with_a_sentence_and_offers_no_button(admin, own_store, text, name, sentence):
    before, answer = days(own_store), shown(admin, text, name)
    assert (answer.status_code, sentence in answer.text, "写入校历" in answer.text) == (422, True, False)
    assert days(own_store) == before


def test_without_a_file_it_is_asked_for(admin):
    assert "请先选一个文件" in admin.post(PAGE, PAGE).text


def test_what_was_not_shown_to_this_person_or_too_long_ago_is_not_written(own_app, admin, own_store, monkeypatch):
    before, page = days(own_store), shown(admin, SPRING).text
    forged = confirm(admin, page.replace('name="rows" value="', 'name="rows" value="x'))
    assert (forged.status_code, "没有写入" in forged.text) == (422, True)
    monkeypatch.setattr(signed_back, "SHOWN_FOR", -1)
    assert confirm(admin, page).status_code == 422
    assert days(own_store) == before


@pytest.mark.parametrize("who", ["wang", "li", "zhou"])
def test_only_the_administrator_imports(own_app, own_store, who):
    visitor, before = Visitor(own_app, who), days(own_store)
    assert visitor.get(PAGE).status_code == 403
    assert visitor.post("/m/todo", PAGE, file=(io.BytesIO(SPRING.encode()), "a.csv")).status_code == 403
    assert visitor.post("/m/todo", f"{PAGE}/write", rows="x").status_code == 403
    assert days(own_store) == before
