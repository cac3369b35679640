"""What chat does by short commands, done on pages: each place of ``tests.docs.places`` opens, and its form writes the same fact."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import replace

import openpyxl
import pytest

from casework.facts import Fact, Kind
from reports.forms import read_texts
from tests.docs.places import COMMANDS, OTHER_DOORS, PLACES
from tests.pages.county import CSRF, ROLES, TODAY, Visitor, application, made_store, say, wake


def _more(store):
    """Children of whom there is something to be done by each form, and what was said of them."""
    with store.begin(TODAY) as work:
        one = work.people.pupil("p1")
        work.people.put_pupil(replace(one, id="px", name="陈小花", class_id=None))
        work.people.put_pupil(replace(one, id="pt", name="次仁", home_taught=True))
        work.people.put_pupil(replace(one, id="pe", name="新同学", class_id="c6", village_id="v3"))
    say(store, "li", "寄出核查函 王五：惠城区教育局", TODAY)
    say(store, "li", "平台疑似名单里有王五", TODAY)
    say(store, "li", "王五 没有户口", TODAY)


@pytest.fixture
def store():
    return made_store(_more)


@pytest.fixture
def app(store, tmp_path):
    return application(store, tmp=str(tmp_path))[0]


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """The pages for those who only look."""
    return application(made_store(_more), tmp=str(tmp_path_factory.mktemp("files")))[0]


def newest(store, pupil):
    with store.look(TODAY) as work:
        return work.cases.facts(pupil)[-1]


@pytest.mark.parametrize(("path", "who"), sorted({*COMMANDS.values(), *OTHER_DOORS.values()}))
def test_the_page_of_a_command_opens(read, path, who):
    Visitor(read, who).page(path)


@pytest.mark.parametrize("action", PLACES)
def test_the_page_of_an_action_opens(read, action):
    who, path = PLACES[action]
    Visitor(read, who).page(path)


def test_no_page_named_here_is_a_dead_end(app):
    """Each is reached by a link: from the list of lists, or from a child's page."""
    seen = [
        Visitor(app, who).page(path)
        for who, path in (
            ("wang", "/m/lists"),
            ("li", "/m/lists"),
            ("zhou", "/m/pupil/px"),
            ("zhou", "/m/pupil/pt"),
            ("wu", "/m/pupil/pe"),
            ("li", "/m/pupil/p1"),
            ("li", "/m/pupil/p3"),
            ("huang", "/m/lists"),
            ("zhou", "/m/lists"),
        )
    ]
    linked = {href for page in seen for href in re.findall(r'href="(/m/[^"?]+)"', page)}
    asked = {path for path, _ in (*COMMANDS.values(), *OTHER_DOORS.values())} - {"/m/pupil/p1"}
    assert asked - linked == set()


@pytest.mark.parametrize(("who", "path", "fields", "kind", "data"), [
    ("wang", "p1/outing", {"note": "看看孩子"}, "work", {"what": "outing", "note": "看看孩子"}),
    ("wang", "p1/help", {"what": "talk", "note": "情绪稳定", "date": "2025-09-17"}, "work", {"what": "talk", "note": "情绪稳定"}),
    ("li", "p1/place", {"way": "regular", "note": "家长同意"}, "placed", {"way": "regular", "note": "家长同意"}),
    ("wang", "p1/plan", {"note": "入户，每月2次"}, "work", {"what": "plan", "note": "入户，每月2次"}),
    ("zhou", "px/place_at", {"school": "s1"}, "placed", {"way": "school", "receiver": "s1"}),
    ("li", "p1/letter", {"to": "惠城区教育局"}, "done", {"rule": "inquiry_letter", "note": "寄给惠城区教育局"}),
    ("li", "p3/letter_reply", {"words": "已在当地就读"}, "done", {"rule": "inquiry_letter", "note": "回复：已在当地就读", "proxy": True}),
    ("li", "p1/reply", {"department": "专家组", "words": "可以随班就读"}, "done", {"rule": "expert_opinion", "proxy": True}),
    ("zhou", "px/elsewhere", {"words": "惠州市第一小学，就读证明"}, "work", {"place": "惠州市第一小学", "proof": "就读证明"}),
    ("li", "p1/no_hukou", {}, "work", {"what": "no_hukou"}),
    ("li", "p3/hukou_notice", {}, "work", {"what": "hukou_notice"}),
    ("li", "p3/hukou_police", {}, "referred", {"department": "公安"}),
    ("li", "p3/explain", {"words": "已返校，附照片"}, "done", {"rule": "platform_reply", "note": "已返校，附照片"}),
    ("li", "p1/refer", {"department": "公安", "note": "没有户口"}, "referred", {"department": "公安", "note": "没有户口"}),
    ("wu", "pe/admission", {}, "work", {"what": "admission"}),
])  # fmt: skip
def test_a_form_of_a_short_command_writes_the_same_fact(app, store, who, path, fields, kind, data):
    said = Visitor(app, who).post(f"/m/pupil/{path}", f"/m/pupil/{path}", **fields)
    assert said.status_code == 200, said.text
    assert "已记录" in said.text
    fact = newest(store, path.split("/")[0])
    assert (fact.kind.value, fact.by) == (kind, who)
    assert {key: fact.data.get(key) for key in data} == data


def test_a_record_that_is_no_child_is_taken_off_by_who_may_and_says_so(app, store):
    """An open case is the county's to take off; the page of what was taken off says it, and who did it takes it back."""
    path = "/m/pupil/p1/strike"
    assert Visitor(app, "wang").get(path).status_code == 404
    assert "没有改动" in Visitor(app, "li").post(path, path, why="重复录入").text
    county = Visitor(app, "zhou")
    assert "已记录" in county.post(path, path, why="重复录入").text
    with store.look(TODAY) as work:
        assert work.people.pupil("p1").struck
    assert "已移出名册" in county.page("/m/pupil/p1")
    assert county.get(path).status_code == 404
    assert "已撤销" in county.post("/m/pupil/p1", "/m/pupil/p1/undo").text
    with store.look(TODAY) as work:
        assert not work.people.pupil("p1").struck


def test_who_teaches_at_home_is_fixed_by_the_county_alone(app, store):
    with store.look(TODAY) as work:
        school = next(u.name for u in work.world.directory.units.values() if u.id == "s1")
    Visitor(app, "zhou").post("/m/pupil/pt/taught_by", "/m/pupil/pt/taught_by", who=f"{school}王老师")
    assert newest(store, "pt").data["taught_by"] == "s1"
    assert Visitor(app, "li").get("/m/pupil/pt/taught_by").status_code == 404


def test_only_those_who_may_are_offered_the_order_to_a_parent(app):
    assert 'value="order"' not in Visitor(app, "li").page("/m/pupil/p1/help")
    assert 'value="order"' in Visitor(app, "huang").page("/m/pupil/p1/help")


def test_a_transfer_is_received_into_a_class_on_the_page(app, store):
    """The sending school tells, the receiving one sees it on its page and says the class; until then nothing has moved."""
    with store.look(TODAY) as work:
        directory = work.world.directory
        head = next(p.person for p in work.people.posts() if p.role in ("school", "principal") and p.unit == "s2")
        name, room = (
            directory.units["s2"].name,
            next(u for u in directory.below("s2") if directory.units[u].kind == "class"),
        )
        before = work.people.pupil("p1").class_id
    say(store, "li", f"张三转到{name}，手续齐了", TODAY)
    visitor, other = Visitor(app, head), Visitor(app, "wang")
    page = visitor.page("/m/arrivals")
    assert "张三" in page
    for step in ("accept", "refuse"):
        assert f'href="/m/arrivals/p1/{step}"' in page
        assert Visitor(app, "li").get(f"/m/arrivals/p1/{step}").status_code == 404
    assert other.get("/m/arrivals").status_code == 403
    path = "/m/arrivals/p1/accept"
    assert visitor.post(path, path).status_code == 422
    assert visitor.post(path, path, room=before).status_code == 422
    with store.look(TODAY) as work:
        assert work.people.pupil("p1").class_id == before
    assert "已记录" in visitor.post(path, path, room=room).text
    with store.look(TODAY) as work:
        assert work.people.pupil("p1").class_id == room
    assert visitor.get(path).status_code == 404


def test_a_school_that_does_not_receive_says_why(app, store):
    with store.look(TODAY) as work:
        head = next(p.person for p in work.people.posts() if p.role in ("school", "principal") and p.unit == "s2")
        name = work.world.directory.units["s2"].name
    say(store, "li", f"张三转到{name}，手续齐了", TODAY)
    path = "/m/arrivals/p1/refuse"
    assert Visitor(app, head).post(path, path).status_code == 422
    late = Visitor(app, head)
    token = {"csrf": CSRF.search(late.page(path))[1], "reason": "没有到校"}
    assert "已记录" in Visitor(app, head).post(path, path, reason="没有到校").text
    assert "可能已经有人答复" in late.client.post(path, data=token).text, "the second of two hears what happened"
    assert (newest(store, "p1").kind.value, newest(store, "p1").data["reason"]) == ("transfer_refused", "没有到校")


@pytest.mark.parametrize(("who", "name", "fields", "unit", "data"), [
    ("li", "work", {"what": "meeting", "note": "班子会研究控辍保学", "people": "15", "date": "2025-09-17"}, "s1", {"what": "meeting", "people": 15}),
    ("li", "exam", {"registered": "1200", "entered": "750"}, "s1", {"what": "exam", "registered": 1200, "entered": 750}),
    ("li", "closure", {"unit": "s1", "from": "2025-09-22", "to": "2025-09-23", "reason": "台风"}, "s1", {"to": "2025-09-23", "reason": "台风"}),
])  # fmt: skip
def test_a_form_about_a_unit_writes_the_same_fact(app, store, who, name, fields, unit, data):
    said = Visitor(app, who).post(f"/m/work/{name}", f"/m/work/{name}", **fields)
    assert "已记录" in said.text
    with store.look(TODAY) as work:
        fact = work.cases.unit_facts(unit)[-1]
    assert {key: fact.data.get(key) for key in data} == data
    assert "/m/undo" in said.text
    Visitor(app, who).post(f"/m/work/{name}", "/m/undo")
    with store.look(TODAY) as work:
        assert work.cases.unit_facts(unit)[-1].kind.value == "void"


def test_days_taught_besides_and_weeks_about_are_forms(app, store):
    visitor = Visitor(app, "li")
    day = {"unit": "s1", "from": "2025-09-20", "to": "2025-09-20"}
    assert "已记录" in visitor.post("/m/work/teaching", "/m/work/teaching", **day).text
    with store.look(TODAY) as work:
        assert work.world.days_of("c1").is_school_day(dt.date(2025, 9, 20))
    assert "不是周末" in visitor.post("/m/work/rhythm", "/m/work/rhythm", unit="s1", date="2025-09-24").text
    assert "已记录" in visitor.post("/m/work/rhythm", "/m/work/rhythm", unit="s1", date="2025-09-27").text
    with store.look(TODAY) as work:
        days = work.world.days_of("c1")
        assert [days.is_school_day(dt.date(2025, 9, 27) + dt.timedelta(days=n)) for n in (0, 7)] == [True, False]
    assert "已记录" in visitor.post("/m/work/rhythm_end", "/m/work/rhythm_end", unit="s1").text
    said = Visitor(app, "zhou").post("/m/work/rhythm", "/m/work/rhythm", unit="county", date="2025-09-27").text
    assert "没有记录" in said


def test_a_whole_county_is_closed_by_its_administration_alone(app, store):
    fields = {"from": "2025-09-22", "to": "2025-09-22"}
    assert "已记录" in Visitor(app, "zhou").post("/m/work/closure", "/m/work/closure", unit="county", **fields).text
    assert Visitor(app, "li").post("/m/work/closure", "/m/work/closure", unit="county", **fields).status_code == 422
    assert Visitor(app, "li").post("/m/work/closure", "/m/work/closure", unit="s2", **fields).status_code == 422
    assert Visitor(app, "wang").get("/m/work/closure").status_code == 404


def test_work_is_handed_over_and_taken_back(app, store):
    visitor = Visitor(app, "wang")
    said = visitor.post("/m/work/deputy", "/m/work/deputy", to="陈老师", date="2025-09-19")
    assert "转给陈老师" in said.text
    with store.look(TODAY) as work:
        assert [p.person for p in work.people.posts() if p.deputy_for == "wang"] == ["chen"]
    assert "欢迎回来" in visitor.post("/m/work/back", "/m/work/back").text
    with store.look(TODAY) as work:
        assert [p.person for p in work.people.posts() if p.deputy_for == "wang"] == []


def test_undo_on_a_childs_page_takes_back_what_was_said_of_that_child(app, store):
    """Not the last record of all: a teacher who has since written about another child keeps that."""
    visitor = Visitor(app, "wang")
    for child in ("p1", "p2"):
        path = f"/m/pupil/{child}/contact"
        visitor.post(path, path, channel="phone", outcome="refused", date="2025-09-18")
    assert "已撤销" in visitor.post("/m/pupil/p1", "/m/pupil/p1/undo").text
    assert newest(store, "p1").kind.value == "void"
    assert newest(store, "p2").kind.value == "contact"


def test_the_words_of_such_a_form_are_watched_too(app, store):
    path = "/m/pupil/p1/help"
    said = Visitor(app, "wang").post(path, path, what="talk", note="老师劝退了他", date="2025-09-18").text
    assert "任何人不得以任何理由劝迫学生离校" in said
    with store.begin(TODAY) as work:
        assert {c.message.to for c in work.outbox.claim(TODAY, 100, 60) if "请核实" in c.message.text} == {
            "zhao",
            "zhou",
        }


def test_a_list_links_to_the_children_within_reach(app, store):
    wake(store, TODAY)
    page = Visitor(app, "li").page("/m/lists/letters")
    assert "等回复的《核查函》1件" in page
    assert 'href="/m/pupil/p3"' in page
    with store.look(TODAY) as work:
        assert ("look", "li") in [(t.did, t.person) for t in work.audit.of("list:letters")]


@pytest.mark.parametrize("path", ["/m/lists/risks", "/m/work/deputy", "/m/arrivals"])
def test_the_menu_says_where_one_is(app, path):
    assert 'href="/m/lists" aria-current="page"' in Visitor(app, "li").page(path)


def test_a_long_story_shows_its_newest_thirty_first(app, store):
    with store.begin(TODAY) as work:
        told = [
            Fact(f"old{n}", Kind.TEACH, dt.date(2025, 9, 1), TODAY, "wang", "teacher", "pt", data={"lessons": n})
            for n in range(1, 36)
        ]
        work.cases.append(told)
    page = Visitor(app, "wang").page("/m/pupil/pt")
    assert "更早的5条" in page
    assert page.count("<time datetime") == 35


def test_what_one_may_not_have_is_no_list(read):
    assert Visitor(read, "wang").get("/m/lists/doubts").status_code == 404
    assert Visitor(read, "liu").get("/m/lists/placements").status_code == 404
    assert Visitor(read, "liu").get("/m/lists/none").status_code == 404
    for role in ROLES.values():
        visitor = Visitor(read, role)
        for href in re.findall(r'href="(/m/(?:lists|work)/\w+)"', visitor.page("/m/lists")):
            visitor.page(href)


def test_numbers_given_to_papers_are_listed_to_whom_they_concern(app, store):
    assert "还没有编号的文书" in Visitor(app, "li").page("/m/numbers")
    Visitor(app, "li").get("/m/pupil/p1/paper/notice_form")
    page = Visitor(app, "li").page("/m/numbers")
    assert "劝学〔2025〕1号" in page
    assert "张三" in page
    assert "劝学〔2025〕1号" not in Visitor(app, "huang").page("/m/numbers")
    assert "劝学〔2025〕1号" not in Visitor(app, "li").page("/m/numbers?kind=home_visit")
    assert "劝学〔2025〕1号" in Visitor(app, "zhou").page("/m/numbers?kind=persuasion_notice&unit=s1")
    assert Visitor(app, "li").get("/m/numbers?unit=s2").status_code == 404
    book = openpyxl.load_workbook(io.BytesIO(Visitor(app, "li").get("/m/numbers/file").data)).active
    assert "青石镇中学劝学〔2025〕1号" in {cell.value for cell in book["B"]}
    receipt = Visitor(app, "li").get("/m/pupil/p1/paper/service_receipt").data
    assert "送回证编号：青石镇中学劝学送回〔2025〕1号" in read_texts(receipt)


def test_the_page_of_lists_leads_to_each_kind(app):
    visitor = Visitor(app, "wang")
    page = visitor.page("/m/lists")
    leaps = re.findall(r'href="#(g\d+)">([^<]+)<', page)
    assert [(id, title) for id, title in leaps if f'<h2 id="{id}">{title}</h2>' in page] == leaps != []


def test_what_is_overdue_is_found_behind_its_number_also_about_a_child_on_leave(store):
    """李四's leave has ended; he is none of 待劝返 yet, and counted all the same."""
    app, running = application(store)
    running.now.moment = dt.datetime(2025, 9, 24, 10)
    with store.look(TODAY) as work:
        name = work.people.pupil("p3").name
    visitor = Visitor(app, "zhou")
    way = next(re.finditer(r'href="([^"]*late=1[^"]*)"', visitor.page("/m/county")))[1].replace("&amp;", "&")
    assert name in visitor.page(way)
    assert name not in visitor.page("/m/pending?which=pending&late=1")
