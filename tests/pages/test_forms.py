"""Every action of the chat as a form: the same facts, the same questions, once."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest

from bot.pages.forms import FORMS, NEWCOMERS
from bot.pages.todo import Matter
from casework.case import Duty
from casework.people import Pupil
from casework.terms import RULES
from handlers.registry import REGISTRY
from tests.pages.county import CSRF, ONCE, ROLES, SCRIPT, TODAY, Visitor, say


def newest(store, pupil="p1"):
    with store.look(TODAY) as work:
        facts = work.cases.facts(pupil)
        return facts[-1] if facts else None


def test_a_paper_of_the_unit_and_the_nation_of_a_class_are_written_by_page(own_app, own_store):
    office, teacher = Visitor(own_app, "li"), Visitor(own_app, "wang")
    page = "/m/work/unit_words"
    given = {"paper": "self_report", "words": "存在的问题：无\n下步措施：继续家访"}
    assert "已写入青石镇中学的《自查报告》“存在的问题”、“下步措施”一栏" in office.post(page, page, **given).text
    page = "/m/work/unit_final"
    assert "填齐了就定稿发给您" in office.post(page, page, paper="self_report", step="final").text
    assert "没有定稿，不用撤销" in office.post(page, page, paper="pledge", step="back").text
    assert teacher.get("/m/work/unit_words").status_code == 200  # minutes of one's own class meeting
    page = "/m/work/nation"
    assert "21人，汉族" in teacher.post(page, page, nation="汉族").text
    page = "/m/pupil/p1/ethnicity"
    assert "瑶族" in teacher.post(page, page, nation="瑶族").text
    with own_store.look(TODAY) as work:
        assert work.people.details("p1")["ethnicity"] == "瑶族"


def test_words_for_a_form_and_its_finishing_stand_on_the_childs_page(own_app, own_store):
    visitor = Visitor(own_app, "wang")
    filled = visitor.post(
        "/m/pupil/p1/form_words",
        "/m/pupil/p1/form_words",
        paper="persuasion_record",
        words="家长意见：不同意\n困难与诉求：路远",
    )
    assert "已写入张三的《劝返情况记录表》“家长意见”、“困难与诉求”一栏" in filled.text
    assert newest(own_store).data["slot"] == "difficulties"
    long = "困难与诉求：" + "孩子说路远，家长走不开。" * 60
    assert (
        "已写入"
        in visitor.post("/m/pupil/p1/form_words", "/m/pupil/p1/form_words", paper="persuasion_record", words=long).text
    )
    assert newest(own_store).data["note"] == long, "nothing is cut off"
    bare = visitor.post(
        "/m/pupil/p1/form_words", "/m/pupil/p1/form_words", paper="persuasion_record", words="家长没说什么"
    )
    assert "没有看到栏名，没有写入" in bare.text
    asked = visitor.post("/m/pupil/p1/final", "/m/pupil/p1/final", paper="persuasion_record", step="final")
    assert "填齐了就定稿发给您" in asked.text
    with own_store.look(TODAY) as work:
        wanted = [
            one.message.card["make"]
            for one in work.outbox.claim(TODAY, 100, 60)
            if (one.message.card or {}).get("make")
        ]
    assert [(w["what"], w["pupil"], bool(w["final"])) for w in wanted] == [("persuasion_record", "p1", True)]


def test_every_recording_action_about_a_child_has_a_form():
    with_form = {row.action for row in REGISTRY.values() if row.needs_pupil and row.kind in ("record", "talk")}
    assert set(FORMS) | set(NEWCOMERS) >= with_form


@pytest.mark.parametrize(("who", "action", "fields", "kind", "data"), [
    ("wang", "contact", {"channel": "wechat", "outcome": "agreed", "return_on": "2025-09-19", "note": "答应了", "date": "2025-09-18"},
     "contact", {"channel": "wechat", "outcome": "agreed", "return_on": "2025-09-19", "note": "答应了"}),
    ("liu", "visit", {"outcome": "other", "date": "2025-09-17"}, "visit", {"outcome": "other"}),
    ("liu", "visit", {"outcome": "refused", "date": "2025-09-17"}, "visit", {"outcome": "refused"}),
    ("wang", "return", {"date": "2025-09-18"}, "return", {}),
    ("wang", "leave", {"kind": "sick", "from": "2025-09-18", "to": "2025-09-20"}, "leave", {"kind": "sick", "to": "2025-09-20"}),
    ("wang", "notice", {"date": "2025-09-18"}, "notice", {}),
    ("wang", "teach", {"lessons": "2", "minutes": "60", "date": "2025-09-18"}, "teach", {"lessons": 2, "minutes": 60}),
    ("li", "mark", {"group": "poor"}, "mark", {"group": "poor"}),
    ("li", "assign", {"to": "陈老师"}, "assign", {"to": "chen", "name": "陈老师"}),
    ("liu", "dropout", {"reason_code": "work", "reason": "去了东莞"}, "proposed", {"reason_code": "work", "reason": "去了东莞"}),
])  # fmt: skip
def test_a_form_writes_the_same_fact_as_a_message(own_app, own_store, who, action, fields, kind, data):
    visitor = Visitor(own_app, who)
    response = visitor.post(f"/m/pupil/p1/{action}", f"/m/pupil/p1/{action}", **fields)
    assert response.status_code == 200, response.text
    fact = newest(own_store)
    assert (fact.kind.value, fact.by) == (kind, who)
    assert {key: fact.data.get(key) for key in data} == data
    assert "已记录" in response.text


def test_a_question_is_answered_on_the_next_page(own_app, own_store):
    visitor = Visitor(own_app, "li")
    response = visitor.post("/m/pupil/p1/dropout", "/m/pupil/p1/dropout", reason_code="work")
    assert "还要确认一下" in response.text
    assert newest(own_store).kind.value != "dropout"
    assert answer(visitor, response, "0").status_code == 200
    assert (newest(own_store).kind.value, newest(own_store).data["reason_code"]) == ("dropout", "work")


def answer(visitor, response, pick, **changed):
    """Press one of the choices of a question."""
    hidden = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.text.split('role="status"')[1])
    )
    action = re.search(r'role="status">.*?<form method="post" action="([^"]+)"', response.text, re.S)[1]
    return visitor.client.post(action, data={**hidden, "pick": pick, **changed})


def test_two_questions_one_after_the_other(own_app, own_store):
    visitor = Visitor(own_app, "li")
    first = visitor.post("/m/pupil/p1/dropout", "/m/pupil/p1/dropout")
    assert "原因" in first.text
    second = answer(visitor, first, "4")
    assert "确认把张三认定为辍学" in second.text
    answer(visitor, second, "0")
    assert (newest(own_store).kind.value, newest(own_store).data["reason_code"]) == ("dropout", "work")


@pytest.mark.clause("XY-25", "LC-40")
def test_a_form_that_pushes_a_pupil_out_records_nothing_and_alarms(own_app, own_store):
    before = newest(own_store)
    fields = {"from": "2025-09-18", "reason_code": "other", "reason": "成绩太差"}
    text = Visitor(own_app, "li").post("/m/pupil/p1/suspend", "/m/pupil/p1/suspend", **fields).text
    assert "任何人不得以任何理由劝迫学生离校" in text
    assert "没有记录" in text
    assert newest(own_store) == before
    with own_store.begin(TODAY) as work:
        heard = [c.message for c in work.outbox.claim(TODAY, 100, 60) if "请核实" in c.message.text]
    assert {m.to for m in heard} == {"zhao", "zhou"}


@pytest.mark.clause("XY-25")
def test_a_form_with_a_plain_reason_alarms_nobody(own_app, own_store):
    fields = {"from": "2025-09-18", "reason_code": "illness", "reason": "骨折"}
    Visitor(own_app, "li").post("/m/pupil/p1/suspend", "/m/pupil/p1/suspend", **fields)
    Visitor(own_app, "li").post(
        "/m/pupil/p1/visit", "/m/pupil/p1/visit", outcome="refused", note="家长说不得劝退", date="2025-09-18"
    )
    with own_store.begin(TODAY) as work:
        assert [c for c in work.outbox.claim(TODAY, 100, 60) if "请核实" in c.message.text] == []


def test_leaving_a_question_writes_nothing(own_app, own_store):
    visitor, before = Visitor(own_app, "li"), newest(own_store)
    response = visitor.post("/m/pupil/p1/dropout", "/m/pupil/p1/dropout", reason_code="work")
    assert answer(visitor, response, "1").headers["Location"] == "/m/pupil/p1"
    assert newest(own_store) == before


def test_an_answer_of_somebody_else_or_forged_is_none(own_app, own_store):
    visitor, other = Visitor(own_app, "li"), Visitor(own_app, "zhao")
    response = visitor.post("/m/pupil/p1/dropout", "/m/pupil/p1/dropout", reason_code="work")
    asked = re.search(r'name="asked" value="([^"]+)"', response.text)[1]
    for given in (asked, asked[:-2] + "xx", "nonsense"):
        text = other.post("/m/pupil/p1/dropout", "/m/pupil/p1/dropout", reason_code="work", asked=given, pick="0").text
        assert "还要确认一下" in text
    assert newest(own_store).kind.value != "dropout"


def test_a_question_of_a_page_does_not_hang_over_the_chat(own_app, own_store):
    Visitor(own_app, "li").post("/m/pupil/p1/dropout", "/m/pupil/p1/dropout", reason_code="work")
    with own_store.look(TODAY) as work:
        assert work.inbox.talk("li") is None


def test_a_form_sent_twice_is_taken_in_once(own_app, own_store):
    visitor = Visitor(own_app, "wang")
    text = visitor.page("/m/pupil/p1/contact")
    fields = {
        "csrf": CSRF.search(text)[1],
        "once": ONCE.findall(text)[-1],
        "channel": "phone",
        "outcome": "nobody",
        "date": "2025-09-18",
    }
    one, two = (visitor.client.post("/m/pupil/p1/contact", data=fields) for _ in range(2))
    assert ONCE.sub("", one.text) == ONCE.sub("", two.text)
    with own_store.look(TODAY) as work:
        assert sum(f.on == dt.date(2025, 9, 18) for f in work.cases.facts("p1")) == 1


@pytest.mark.parametrize(("action", "fields", "sentence"), [
    ("contact", {"channel": "phone", "date": "2025-09-18"}, "请填写“结果”。"),
    ("contact", {"channel": "pigeon", "outcome": "agreed", "date": "2025-09-18"}, "“方式”填得不对"),
    ("visit", {"outcome": "agreed", "date": "18.9."}, "“哪一天”填得不对"),
    ("teach", {"lessons": "-2", "date": "2025-09-18"}, "“课时”填得不对"),
    ("teach", {"lessons": "²", "date": "2025-09-18"}, "“课时”填得不对"),
])  # fmt: skip
def test_a_slip_is_said_at_its_field_and_nothing_is_written(own_app, own_store, action, fields, sentence):
    before = newest(own_store)
    response = Visitor(own_app, "wang").post(f"/m/pupil/p1/{action}", f"/m/pupil/p1/{action}", **fields)
    assert response.status_code == 422
    assert sentence in response.text
    assert 'aria-invalid="true"' in response.text
    assert newest(own_store) == before


def test_what_lies_ahead_is_not_recorded(own_app, own_store):
    before = newest(own_store)
    response = Visitor(own_app, "wang").post("/m/pupil/p1/return", "/m/pupil/p1/return", date="2025-09-30")
    assert "还没到" in response.text
    assert newest(own_store) == before


def test_nobody_writes_about_a_child_outside_the_scope(own_app, own_store):
    visitor = Visitor(own_app, "wang")
    for path in ("/m/pupil/p100/contact", "/m/pupil/p100/undo", "/m/pupil/p100/paper", "/m/pupil/none/contact"):
        response = visitor.post(
            "/m/pupil/p1/contact", path, channel="phone", outcome="agreed", date="2025-09-18", what="visit_form"
        )
        assert response.status_code == 404
    with own_store.look(TODAY) as work:
        assert work.cases.facts("p100") == []


def test_undo_takes_back_the_last_record_and_shows_it_struck_through(own_app, own_store):
    visitor = Visitor(own_app, "wang")
    visitor.post("/m/pupil/p1/contact", "/m/pupil/p1/contact", channel="phone", outcome="refused", date="2025-09-18")
    assert "撤销我最近一次记录" in visitor.page("/m/pupil/p1")
    assert "撤销我最近一次记录" not in Visitor(own_app, "li").page("/m/pupil/p1")
    visitor.post("/m/pupil/p1", "/m/pupil/p1/undo")
    page = visitor.page("/m/pupil/p1")
    assert "已撤销</span> <s>电话联系：不同意返校</s>" in page


def test_a_duty_is_done_by_its_button(own_app, own_store):
    with own_store.look(TODAY) as work:
        duty = next(d for d in work.cases.duties(pupil="p1") if d.rule == "suspected_review")
    visitor = Visitor(own_app, "li")
    assert visitor.get(f"/m/duty/{duty.id}").headers["Location"] == "/m/pupil/p1"
    visitor.post("/m/pupil/p1", f"/m/duty/{duty.id}/done")
    with own_store.look(TODAY) as work:
        assert work.cases.duty(duty.id).status == "done"


@pytest.mark.parametrize(("path", "fields", "title"), [
    ("snooze", {"days": "1"}, "结果"), ("contact", {"channel": "phone", "outcome": "agreed", "date": "2025-09-18"}, "已记录"),
    ("reply", {"department": "公安", "words": "人在深圳"}, "代录部门回复：张三"),
])  # fmt: skip
def test_the_heading_says_what_became_of_the_form(own_app, path, fields, title):
    """A reminder put off is not 没有记录; what was refused stands on the form, to be mended."""
    said = Visitor(own_app, "li").post(f"/m/pupil/p1/{path}", f"/m/pupil/p1/{path}", **fields).text
    assert re.search(r"<h1>(.*?)</h1>", said)[1] == title


def test_what_was_refused_comes_back_as_it_was_filled_in_and_is_sent_again(own_app, own_store):
    visitor, path = Visitor(own_app, "li"), "/m/work/closure"
    fields = {"unit": "s1", "from": "2025-09-23", "to": "2025-09-22", "reason": "台风"}
    refused = visitor.post(path, path, **fields).text
    assert "最后一天早于第一天" in refused.split('role="alert"')[1]
    for kept in ('value="s1" selected', 'value="2025-09-23"', 'value="台风"'):
        assert kept in refused
    tokens = {"csrf": CSRF.search(refused)[1], "once": ONCE.findall(refused)[-1]}
    assert "已记录" in visitor.client.post(path, data={**tokens, **fields, "to": "2025-09-24"}).text


def test_long_minutes_are_kept_whole_and_too_long_ones_come_back_whole(app, store):
    """64 kB of a form were the end of it once, and 500 characters of a field: the rest was cut off without a word."""
    visitor, path, line = Visitor(app, "li"), "/m/work/work", "会上通报了本月缺勤情况，逐人研究了劝返办法。\r\n"
    fields = {"what": "meeting", "kind": "leading_group", "date": "2025-09-18"}
    assert "已记录" in visitor.post(path, path, note=line * 80, **fields).text
    with store.look(TODAY) as work:
        kept = next(
            f for f in work.cases.recent_by("li", TODAY - dt.timedelta(days=1)) if f.data.get("what") == "meeting"
        )
    assert kept.data["note"] == (line * 80).strip().replace("\r\n", "\n")
    much = line * 1000
    assert len(much.encode()) > 64 * 1024
    refused = visitor.post(path, path, note=much, **fields)
    assert (refused.status_code, "最多2000个字" in refused.text) == (422, True)
    assert html.unescape(refused.text).replace("\n", "\r\n").count(line.strip()) == 1000


@pytest.mark.parametrize(("who", "name", "fields", "why"), [
    ("zhou", "department_link", {"department": "民政", "date": "2027-01-31"}, "链接最长有效180天"),
    ("li", "exam", {"registered": "75", "entered": "120"}, "报考人数不能多于建籍人数"),
    ("li", "work", {"what": "publicity", "note": "入户宣传", "date": "2025-10-18"}, "还没到"),
])  # fmt: skip
def test_every_refusal_is_said_over_the_form_that_it_is_about(own_app, who, name, fields, why):
    page = Visitor(own_app, who).post(f"/m/work/{name}", f"/m/work/{name}", **fields).text
    assert why in page.split('role="alert"')[1]
    for field, value in fields.items():
        kept = re.search(rf'id="f-{field}".*?</(?:select|textarea|div)>', page, re.S)[0]
        assert value in kept


@pytest.mark.parametrize(("path", "fields", "why"), [
    ("assign", {"to": "张无名"}, "没有找到“张无名”"),
    ("absence", {"from": "2025-12-01", "reason": "感冒"}, "12月1日（周一）还没到"),
])  # fmt: skip
def test_what_can_only_be_answered_by_writing_is_answered_on_the_form(own_app, path, fields, why):
    """In chat it is a question that waits for words; a page has no place for them but the form."""
    page = Visitor(own_app, "li").post(f"/m/pupil/p1/{path}", f"/m/pupil/p1/{path}", **fields).text
    assert why in page.split('role="alert"')[1]
    assert "请回" not in page
    for value in fields.values():
        assert f'value="{value}"' in page


def test_a_mark_is_taken_off_by_its_own_form_where_there_is_one(own_app, own_store):
    visitor, path = Visitor(own_app, "li"), "/m/pupil/p1/unmark"
    for group in newest_groups(own_store):
        visitor.post(path, path, group=group)
    assert visitor.get(path).status_code == 404
    visitor.post("/m/pupil/p1/mark", "/m/pupil/p1/mark", group="poor")
    assert "不用取消" in visitor.post(path, path, group="orphan").text
    assert "已记录" in visitor.post(path, path, group="poor").text
    assert (newest(own_store).data["group"], newest(own_store).data["off"]) == ("poor", True)


def newest_groups(own_store):
    with own_store.look(TODAY) as work:
        return work.people.pupil("p1").groups


def test_a_paper_is_asked_for_and_goes_to_the_chat(own_app, own_store):
    response = Visitor(own_app, "wang").post("/m/pupil/p1", "/m/pupil/p1/paper", what="visit_form")
    assert "家访记录表" in response.text
    with own_store.look(TODAY) as work:
        queued = work.outbox.sent_to("wang", dt.datetime(2025, 9, 1))
    assert [m.card["make"]["what"] for m in queued if m.card and "make" in m.card] == ["visit_form"]


def test_names_and_words_are_text_wherever_they_are_shown(own_store, own_app):
    with own_store.begin(TODAY) as work:
        work.people.put_pupil(Pupil("px", SCRIPT, "c1", "v1"))
    visitor = Visitor(own_app, "wang")
    visitor.post(
        "/m/pupil/px/contact",
        "/m/pupil/px/contact",
        channel="phone",
        outcome="refused",
        note="{{7*7}}<b>",
        date="2025-09-15",
    )
    visitor.post("/m/pupil/px/absence", "/m/pupil/px/absence", **{"from": "2025-09-15", "reason": SCRIPT})
    pages = [
        "/m/pupil/px",
        "/m/pending",
        "/m/roll",
        "/m/todo",
        "/m/ledgers?which=age",
        "/m/pending?searched=1",
        "/m/pupil/px/visit",
    ]
    visitor.post("/m/pending", "/m/pending", q=SCRIPT)
    for path in pages:
        text = visitor.page(path)
        assert SCRIPT not in text, path
        assert "49&lt;b&gt;" not in text
    assert "&lt;script&gt;" in visitor.page("/m/pupil/px")
    assert "{{7*7}}&lt;b&gt;" in visitor.page("/m/pupil/px")


def test_the_roll_call_records_the_absent_and_those_back(own_app, own_store):
    visitor = Visitor(own_app, "wang")
    page = visitor.page("/m/roll")
    assert re.findall(r'value="(p\d+)" checked', page) == ["p1"]
    visitor.post("/m/roll", "/m/roll", **{"class": "c1", "day": "2025-09-18", "absent": ["p2", "p100"]})
    with own_store.look(TODAY) as work:
        assert {id: work.cases.case(id).state for id in ("p1", "p2", "p100")} == {
            "p1": "observed",
            "p2": "absent",
            "p100": "in_school",
        }


def test_nobody_absent_is_reported_as_all_present(own_app, own_store):
    Visitor(own_app, "he").post("/m/roll", "/m/roll", **{"class": "c2", "day": "2025-09-18"})
    with own_store.look(TODAY) as work:
        assert [f.kind.value for f in work.cases.unit_facts("c2")] == ["all_present"]


def test_a_report_is_submitted_once_and_zero_is_refused_while_there_is_a_case(own_app, own_store):
    visitor = Visitor(own_app, "li")
    assert "不能报零报告" in visitor.page("/m/report")
    assert "没有提交" in visitor.post("/m/report", "/m/report", month="2025-09", what="zero").text
    assert "已提交" in visitor.post("/m/report", "/m/report", month="2025-09", what="monthly").text
    assert "已提交" in visitor.page("/m/report")
    assert 'name="what"' not in visitor.page("/m/report")
    assert "已报1所" in Visitor(own_app, "zhou").page("/m/report")


def test_what_does_not_fit_stands_over_the_draft_of_the_month(own_app, own_store):
    visitor, path = Visitor(own_app, "li"), "/m/pupil/p1/dropout"
    assert "请先核对" not in visitor.page("/m/report")
    answer(visitor, answer(visitor, visitor.post(path, path), "9"), "0")  # 其他, 是
    assert newest(own_store).kind.value == "dropout"
    assert "张三辍学，但没有填性别，请核对。" in visitor.page("/m/report").partition("请先核对")[2]


def test_too_many_forms_in_a_minute_are_held_back(own_app, own_store):
    visitor = Visitor(own_app, "wang")
    fields = {
        "channel": "phone",
        "outcome": "nobody",
        "date": "2025-09-18",
        "csrf": CSRF.search(visitor.page("/m/pupil/p1/contact"))[1],
    }
    codes = [visitor.client.post("/m/pupil/p1/contact", data={**fields, "once": str(n)}).status_code for n in range(64)]
    assert codes[0] == 200
    assert codes[-1] == 429


def test_a_child_not_on_the_register_is_entered(own_app, own_store):
    visitor = Visitor(own_app, "liu")
    response = visitor.post("/m/new/found", "/m/new/found", name="陈小花", age="8", place="上坪村")
    assert "已记" in response.text
    assert "陈小花" in visitor.search("陈小花", which="all")
    assert "陈小花" not in visitor.page("/m/pending?searched=0")


def test_a_child_from_elsewhere_gets_a_class(own_app, own_store):
    teacher = Visitor(own_app, "wang").post(
        "/m/new/transfer_in", "/m/new/transfer_in", name="赵小六", **{"from": "赣州", "date": "2025-09-18"}
    )
    assert "已记" in teacher.text
    office = Visitor(own_app, "li")
    asked = office.post(
        "/m/new/transfer_in", "/m/new/transfer_in", name="赵小七", **{"from": "赣州", "date": "2025-09-18"}
    )
    assert "转入哪个班" in asked.text
    assert "已记" in answer(office, asked, "1").text
    assert Visitor(own_app, "liu").get("/m/new/transfer_in").status_code == 404


def test_a_child_stands_once_among_what_is_to_be_done(own_app, own_store):
    with own_store.look(TODAY) as work:
        duties = work.cases.todo("wang")
    of_one = [d for d in duties if d.pupil == "p1"]
    assert len(of_one) > 1
    page = Visitor(own_app, "wang").page("/m/todo")
    assert page.count("<strong>张三") == 1
    cell = page[page.index("<strong>张三") :].split("</li>")[0]
    assert [RULES[d.rule] for d in sorted(of_one, key=lambda d: (d.due, d.rule))] == re.findall(
        r'<span class="line">([^<]+)', cell
    )


def test_items_are_counted_as_the_chat_counts_them_and_children_as_children(own_app, own_store):
    """The page's 共7项 are those of 您有7项待办; a heading counts children, and says so."""
    said = int(re.search(r"您有(\d+)项待办", say(own_store, "wang", "待办", TODAY))[1])
    page = Visitor(own_app, "wang").page("/m/todo")
    counted = dict(re.findall(r"(已逾期|今天|七天之内|以后)(\d+)项", page.partition("<h2>")[0]))
    assert sum(int(many) for title, many in counted.items() if title != "以后") == said
    with own_store.look(TODAY) as work:
        duties = work.cases.todo("wang")
    assert sum(map(int, counted.values())) == len(duties)
    headings = re.findall(r"<h2>[^（]+（(\d+)名学生）</h2>", page)
    assert sum(map(int, headings)) == len({d.pupil for d in duties})


def test_follow_ups_of_a_child_are_one_line_with_how_often_they_come_again():
    days = [TODAY.date() + dt.timedelta(days=n) for n in (-1, 0, 7, 30)]
    due = [Duty(str(n), "return_followup", "LC-27", "teacher", day, "p1", who=("wang",)) for n, day in enumerate(days)]
    lines = Matter("张三", "", tuple(due)).lines(TODAY.date())
    assert [(duty.id, len(again)) for duty, again in lines] == [("0", 0), ("1", 2)]


@pytest.mark.parametrize(
    ("role", "has", "lacks"), [("teacher", "劝返材料", "公安核实函"), ("village", "家访记录表", "劝返材料")]
)
def test_only_papers_that_one_may_have_are_offered(own_app, own_store, role, has, lacks):
    page = Visitor(own_app, ROLES[role]).page("/m/pupil/p1")
    assert has in page
    assert f">{lacks}<" not in page


def test_every_paper_offered_is_made(own_app, own_store):
    """What the page offers to somebody is not refused for want of a right."""
    for role in ROLES:
        visitor = Visitor(own_app, ROLES[role])
        for path in sorted(set(re.findall(r'"(/m/pupil/p\d+/paper/\w+)"', visitor.page("/m/pupil/p1")))):
            said = visitor.get(path)
            words = said.text if "html" in said.content_type else ""
            assert not re.search("不能出具|不能制作|只有.*可以导出", words), (role, path, words[-600:])
