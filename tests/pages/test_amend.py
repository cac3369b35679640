"""改这一条: one's own record of the past week is said otherwise on the page where it stands; the old one is kept and counts no more."""

from __future__ import annotations

import datetime as dt
import html
import io
import re

import pytest

from casework.facts import Kind, voided_of
from casework.scope import Scope
from tests.pages.county import CSRF, ONCE, TODAY, Visitor, application, made_store, say

JPEG = b"\xff\xd8\xff\xe0" + b"a photo of the visit" * 40


@pytest.fixture
def store():
    made = made_store()
    yield made
    made.close()


@pytest.fixture
def site(store, tmp_path):
    return application(store, tmp=str(tmp_path / "files"))


@pytest.fixture
def wang(site):
    return Visitor(site[0], "wang")


def facts(store, pupil="p1"):
    with store.look(TODAY) as work:
        return work.cases.facts(pupil)


def standing(store, kind, pupil="p1"):
    told = facts(store, pupil)
    return [f for f in told if f.kind is kind and f.id not in voided_of(told)]


def address(store, kind, pupil="p1"):
    return f"/m/record/{standing(store, kind, pupil)[-1].id}/amend"


def waiting(store):
    with store.look(TODAY) as work:
        return work.outbox.depth().waiting


def given(page):
    """What stands in the fields of a form."""
    boxes = dict(re.findall(r'<input id="f-(\w+)"[^>]* value="([^"]*)"', page))
    areas = dict(re.findall(r'<textarea id="f-(\w+)"[^>]*>([^<]*)<', page))
    picked = {
        name: found[1]
        for name, options in re.findall(r'<select id="f-(\w+)"[^>]*>(.*?)</select>', page, re.S)
        if (found := re.search(r'value="([^"]+)" selected', options))
    }
    return boxes | areas | picked


def amend(visitor, path, **changed):
    page = visitor.page(path)
    return visitor.post(path, path, **(given(page) | changed))


def test_each_own_record_of_the_week_leads_to_its_form_and_nobody_elses_does(store, site, wang):
    page = wang.page("/m/pupil/p1")
    assert page.count(">改这一条<") == 2  # the absence and the call, not the village's visit
    assert address(store, Kind.VISIT) not in page
    assert Visitor(site[0], "liu").page("/m/pupil/p1").count(">改这一条<") == 1
    assert Visitor(site[0], "li").page("/m/pupil/p1").count(">改这一条<") == 0
    assert wang.get(address(store, Kind.VISIT)).status_code == 404


def test_a_call_is_filled_in_as_it_was_and_replaced(store, wang):
    path = address(store, Kind.CONTACT)
    was = standing(store, Kind.CONTACT)[0]
    page = wang.page(path)
    assert given(page) == {"channel": "phone", "outcome": "nobody", "return_on": "", "note": "", "date": "2025-09-15"}
    assert "原来记的是：9月15日（周一）电话联系：没联系上人" in page
    answer = amend(wang, path, outcome="agreed", return_on="2025-09-19").text
    assert "已改。原来记的是：9月15日（周一）电话联系：没联系上人，保留备查，不再计算。" in answer
    (now,) = standing(store, Kind.CONTACT)
    assert (now.on, now.data["outcome"], now.data["return_on"], now.data["channel"]) == (
        dt.date(2025, 9, 15), "agreed", "2025-09-19", "phone",
    )  # fmt: skip
    assert was.id in voided_of(facts(store))
    assert wang.get(path).status_code == 404, "what has been taken back is not corrected"


def test_what_is_as_it_was_is_not_recorded(store, wang):
    before = facts(store)
    for kind in (Kind.CONTACT, Kind.ABSENCE):
        assert "没有改动" in amend(wang, address(store, kind)).text
    assert facts(store) == before


@pytest.mark.parametrize(
    ("began", "on", "start"), [("2025-09-12", "2025-09-15", "2025-09-12"), ("2025-09-16", "2025-09-16", None)]
)
def test_an_absence_stays_that_of_its_day(store, wang, began, on, start):
    """Corrected on Thursday it does not become Thursday's: the days between were told by nobody."""
    assert given(wang.page(address(store, Kind.ABSENCE)))["from"] == "2025-09-15"
    amend(wang, address(store, Kind.ABSENCE), **{"from": began}, reason_code="illness")
    (now,) = standing(store, Kind.ABSENCE)
    assert (now.on.isoformat(), now.data.get("start"), now.data["reason_code"]) == (on, start, "illness")


def test_a_leave_keeps_what_is_not_changed(store, site, wang):
    with store.look(TODAY) as work:
        pupil = next(p.id for p in work.people.in_scope(Scope(everything=True), limit=1000)[0] if p.name == "王五")
    amend(wang, address(store, Kind.LEAVE, pupil), to="2025-09-18", reason="发烧")
    (now,) = standing(store, Kind.LEAVE, pupil)
    assert (now.on, now.data["kind"], now.data["to"], now.data["reason"]) == (
        dt.date(2025, 9, 17), "sick", "2025-09-18", "发烧",
    )  # fmt: skip


def test_a_question_costs_no_record(store, site, wang):
    say(store, "wang", "张三今天回来上课了", TODAY)
    path = address(store, Kind.RETURN)
    page = amend(wang, path, date="2025-09-14").text  # a Sunday
    assert "还要确认一下" in page
    assert [f.on for f in standing(store, Kind.RETURN)] == [TODAY.date()], "until it is answered the old one stands"
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)) | {"pick": "0"}
    answer = wang.client.post(path, data={key: html.unescape(value) for key, value in fields.items()}).text
    assert "已改。" in answer
    assert [f.on for f in standing(store, Kind.RETURN)] == [dt.date(2025, 9, 12)]


def test_what_lies_ahead_costs_no_record(store, wang):
    before = facts(store)
    answer = amend(wang, address(store, Kind.CONTACT), date="2025-09-30").text
    assert "还没到" in answer
    assert 'value="2025-09-30"' in answer, "what was filled in stands there still"
    assert facts(store) == before


def test_sent_twice_it_is_done_once(store, wang):
    path = address(store, Kind.CONTACT)
    page = wang.page(path)
    data = given(page) | {"outcome": "refused", "csrf": CSRF.search(page)[1], "once": ONCE.findall(page)[-1]}
    first, again = wang.client.post(path, data=data), wang.client.post(path, data=data)
    assert (first.status_code, again.status_code) == (200, 200)
    assert "已改。" in again.text
    assert len(standing(store, Kind.CONTACT)) == 1


def test_the_return_that_a_visit_brought_goes_with_it(store, wang):
    say(store, "wang", "家访张三，人已经劝回来了，在教室上课", TODAY)
    assert standing(store, Kind.RETURN)
    page = wang.page("/m/pupil/p1")
    assert address(store, Kind.RETURN) not in page, "it is corrected with the visit"
    amend(wang, address(store, Kind.VISIT), outcome="refused")
    assert standing(store, Kind.RETURN) == []
    assert standing(store, Kind.VISIT)[-1].data["outcome"] == "refused"


def test_in_school_and_well_is_shown_as_it_was_picked(store, wang):
    say(store, "wang", "张三今天回来上课了", TODAY)
    path = "/m/pupil/p1/contact"
    wang.post(path, path, channel="phone", outcome="well", note="作业交了", date="2025-09-18")
    shown = given(wang.page(address(store, Kind.CONTACT)))
    assert (shown["outcome"], shown["note"]) == ("well", "作业交了")
    assert "没有改动" in amend(wang, address(store, Kind.CONTACT)).text
    amend(wang, address(store, Kind.CONTACT), note="作业没交")
    assert standing(store, Kind.CONTACT)[-1].data["note"] == "在校正常，作业没交"


def test_photos_go_with_the_record(store, site, tmp_path, wang):
    say(store, "wang", "去张三家了，家长同意明天返校", TODAY)
    photo = address(store, Kind.VISIT).replace("/amend", "/photo")
    page = wang.page(photo)
    data = {"csrf": CSRF.search(page)[1], "once": ONCE.findall(page)[-1], "photo": (io.BytesIO(JPEG), "照片.jpg")}
    wang.client.post(photo, data=data, content_type="multipart/form-data")
    amend(wang, address(store, Kind.VISIT), outcome="hardship")
    with store.look(TODAY) as work:
        (piece,) = work.evidence.of_pupil("p1")
    assert piece.fact == standing(store, Kind.VISIT)[-1].id


def test_words_that_push_a_child_out_alarm_and_change_nothing(store, wang):
    before = facts(store)
    assert waiting(store) == 0
    answer = amend(wang, address(store, Kind.CONTACT), note="成绩太差，劝他退学").text
    assert "不得强行让学生休学" in answer
    assert facts(store) == before
    assert waiting(store) == 2, "the head and the county"


def test_after_a_week_it_is_no_longer_said_otherwise(store, site, wang):
    path = address(store, Kind.CONTACT)
    site[1].now.moment = TODAY + dt.timedelta(days=8)
    assert wang.get(path).status_code == 404
    assert ">改这一条<" not in wang.page("/m/pupil/p1")


def test_what_one_said_last_is_taken_back_whoever_spoke_after(store, site, wang):
    """On the page of 张三 the village has spoken last; the teacher's last is named, and it alone is taken back."""
    page = wang.page("/m/pupil/p1")
    assert "您最近一次记的：9月15日（周一）电话联系：没联系上人" in page
    last = re.search(r'name="last" value="([^"]+)"', page)[1]
    assert "<h1>已撤销</h1>" in wang.post("/m/pupil/p1", "/m/pupil/p1/undo", last=last).text
    again = wang.post("/m/pupil/p1", "/m/pupil/p1/undo", last=last).text
    assert "这一条已经撤销过" in again
    assert standing(store, Kind.ABSENCE), "a page that was left open takes back nothing that it did not show"
    assert standing(store, Kind.VISIT)
    page = wang.page("/m/pupil/p1")
    shown = re.search(r'name="last" value="([^"]+)"', page)[1]
    say(store, "wang", "家访张三，没人在家", TODAY)
    assert "没有撤销" in wang.post("/m/pupil/p1", "/m/pupil/p1/undo", last=shown).text
    assert len(standing(store, Kind.VISIT)) == 2, "nor what was recorded meanwhile"


@pytest.mark.parametrize(
    ("words", "kind", "changed", "was", "now"),
    [
        ("给张三送教2课时60分钟", Kind.TEACH, {"minutes": "90"}, {"lessons": "2", "minutes": "60"}, {"lessons": 2, "minutes": 90}),
        ("已给张三家长送达劝学通知书", Kind.NOTICE, {"date": "2025-09-17"}, {"date": "2025-09-18"}, {}),
    ],
)  # fmt: skip
def test_lessons_and_notices_as_well(store, site, words, kind, changed, was, now):
    say(store, "li", words, TODAY)
    li = Visitor(site[0], "li")
    before = standing(store, kind)[0]
    assert was.items() <= given(li.page(address(store, kind))).items()
    assert "已改。" in amend(li, address(store, kind), **changed).text
    (fact,) = standing(store, kind)
    assert (fact.id != before.id, now.items() <= fact.data.items()) == (True, True)
    assert fact.on.isoformat() == changed.get("date", "2025-09-18")
    kept = {key: value for key, value in before.data.items() if key not in now and key != "words"}
    assert kept.items() <= fact.data.items(), "what the form does not ask stays"
