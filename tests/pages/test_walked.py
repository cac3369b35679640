"""What was clumsy when the pages were walked as principal, subject teacher, administrator, township and county."""

from __future__ import annotations

import datetime as dt
import io

import pytest

from bot.server import warm
from casework.calendar import official
from casework.scope import Scope
from storage.engine import Unavailable
from tests.pages.county import Visitor, application, made_store, say

MORNING = dt.datetime(2025, 9, 18, 9, 0)


def _absent_and_found(store):
    say(store, "wang", "刘子轩今天没来", MORNING)
    say(store, "liu", "摸排发现陈小花8岁没上学，住上坪村", MORNING)
    say(store, "chen", "家访 张三 家长不同意返校", MORNING)
    say(store, "li", "提交本月月报", MORNING)
    say(store, "chen", "校长让我劝退何雨桐", MORNING)
    say(store, "luo", "打算劝退成绩差的学生", MORNING)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    app, running = application(made_store(_absent_and_found), tmp=str(tmp_path_factory.mktemp("files")))
    running.now.moment = MORNING
    return app


@pytest.fixture(scope="module")
def id_of(site):
    with site.extensions["kongchuo"].store.look(MORNING) as work:
        return {p.name: p.id for p in work.people.in_scope(Scope(everything=True), limit=1000)[0]}


def test_who_was_reported_this_morning_does_not_stand_as_present(site, id_of):
    page = Visitor(site, "wang").page(f"/m/pupil/{id_of['刘子轩']}")
    assert "今天已报缺勤，中午12点后计入" in page


def test_a_child_found_has_left_no_school(site, id_of):
    for who, path in (("huang", "/m/todo"), ("huang", f"/m/pupil/{id_of['陈小花']}"), ("zhou", "/m/lists/found")):
        page = Visitor(site, who).page(path)
        assert "陈小花" in page
        assert "已离校" not in page
        assert "（）" not in page
    assert "还没有就读学校" in Visitor(site, "huang").page(f"/m/pupil/{id_of['陈小花']}")


def test_a_visit_that_two_owe_says_whose_record_is_wanted(site, id_of):
    assert "任课教师已记，还等班主任记家访" in Visitor(site, "wang").page(f"/m/pupil/{id_of['张三']}")


def test_a_silent_class_is_a_tap_from_its_roll_call(site):
    assert 'href="/m/roll?class=c2"' in Visitor(site, "zhao").page("/m/lists/silent")
    assert "/m/roll?class" not in Visitor(site, "zhou").page("/m/lists/silent")


def test_a_list_named_in_a_list_is_a_tap_away(site):
    page = Visitor(site, "zhao").page("/m/lists/focus")
    assert 'href="/m/lists/ninth"' in page
    assert "发“九年级重点关注”" not in page


def test_a_head_without_duties_is_led_to_what_others_owe(site):
    page = Visitor(site, "zhao").page("/m/todo")
    assert "您现在没有待办" in page
    assert "which=all&amp;late=1" in page
    assert "late=1" not in Visitor(site, "chen").page("/m/todo")


def test_who_stands_above_the_schools_sees_what_a_month_lacks_and_chases(site):
    visitor = Visitor(site, "huang")
    page = visitor.page("/m/report")
    assert "还缺盖章扫描件：青石镇中学" in page
    assert "已催报1所：青石镇中心小学" in visitor.post("/m/report", "/m/work/chase").text
    assert "□盖章扫描件" in Visitor(site, "zhao").page("/m/report")
    assert "催交月报" not in Visitor(site, "zhao").page("/m/report")


@pytest.mark.parametrize(
    ("path", "asked"), [("calendar", "确定删除"), ("person/wang", "确定结束"), ("person/wang", "确定停用账号")]
)
def test_what_an_administrator_takes_away_is_asked_twice(site, path, asked):
    page = Visitor(site, "guan").page(f"/m/settings/{path}")
    before = page.partition(f">{asked}<")[0].rpartition("<details")[2]
    assert before.startswith(' class="sure"')
    assert "open" not in before.partition(">")[0]


@pytest.mark.parametrize(("path", "again"), [
    ("/m/pupil/p2/contact", "/m/pupil/p2"), ("/m/settings/person/wang/post", "/m/settings/person/wang"),
    ("/m/work/work", "/m/lists"),
])  # fmt: skip
def test_the_answer_to_a_form_names_the_page_that_going_back_opens(site, path, again):
    who = "guan" if "settings" in path else "wang"
    fields = {
        "channel": "phone",
        "outcome": "agreed",
        "date": "2025-09-18",
        "what": "publicity",
        "note": "入户宣传",
        "role": "none",
    }
    page = Visitor(site, who).post("/m/pupil/p2/contact" if who == "wang" else again, path, **fields).text
    assert f'data-again="{again}"' in page


def test_rules_are_said_with_days_of_the_year_and_from_when_they_count(site):
    page = Visitor(site, "guan").page("/m/settings/policy")
    for said in ("每年8月31日", "开学第1个上学日", "请假结束后第1个上学日", "每季度最后一个工作日"):
        assert said in page
    assert "08-31" not in page


def test_every_empty_list_says_that_today_counts_from_noon(site):
    assert "中午12点后自动列入" in Visitor(site, "feng").page("/m/pending")


def test_a_server_has_read_the_county_before_its_first_page(tmp_path, monkeypatch):
    app, running = application(made_store(), tmp=str(tmp_path))
    warm(app, running)
    monkeypatch.setattr("storage.store.read_world", lambda *given: pytest.fail("read by whoever came first"))
    assert Visitor(app, "wang").get("/m/todo").status_code == 200
    running.store.engine.dispose()
    monkeypatch.setattr(running.store, "look", lambda now: (_ for _ in ()).throw(Unavailable("away")))
    warm(app, running)  # and serves all the same


def test_lists_that_are_not_compared_give_no_empty_workbook(site):
    visitor = Visitor(site, "zhou")
    lists = {key: (io.BytesIO("姓名,身份证号\n张三,\n".encode()), f"{key}.csv") for key in ("household", "attending")}
    said = visitor.post("/m/compare", "/m/compare", **lists)
    assert (said.status_code, "户籍名单、在校名单之间没有要比的" in said.text) == (422, True)


def test_who_was_logged_out_meanwhile_comes_back_to_the_form(site):
    visitor, path = Visitor(site, "wang"), "/m/pupil/p2/contact"
    visitor.client.delete_cookie("kongchuo", path="/m")
    said = visitor.client.post(path, data={"csrf": "old", "outcome": "agreed"})
    assert (said.status_code, "登录过期了" in said.text) == (400, True)
    assert f'href="/m/login?next={path}"' in said.text.replace("%2F", "/")
    stale = Visitor(site, "wang").client.post(path, data={"csrf": "old", "outcome": "agreed"})
    assert "这张表单过期了" in stale.text
    assert f'href="{path}"' in stale.text


def test_a_pace_that_cannot_be_told_says_which_year_is_missing(tmp_path):
    app, running = application(made_store(), tmp=str(tmp_path))
    last = max(official().years)
    running.now.moment = dt.datetime(last, 11, 25, 9, 0)
    assert f"{last + 1}年的放假安排还没有录入" in Visitor(app, "xie").page("/m/lists/teaching")


def test_who_was_told_of_words_that_push_out_finds_them_on_a_list(site, id_of):
    page = Visitor(site, "zhao").page("/m/lists/alarms")
    assert "陈老师（青石镇中学八年级3班）发来：何雨桐" in page
    assert f'href="/m/pupil/{id_of["何雨桐"]}"' in page
    assert "罗老师" not in page
    county = Visitor(site, "zhou").page("/m/lists/alarms")
    assert "罗老师（青石镇中心小学六年级1班）发来：没有写明是哪名学生" in county
    for other in ("li", "chen", "huang", "wang"):
        assert Visitor(site, other).get("/m/lists/alarms").status_code == 404


def test_the_roll_call_says_whether_it_was_made(tmp_path):
    store = made_store()
    app, running = application(store, tmp=str(tmp_path))
    running.now.moment = MORNING
    visitor = Visitor(app, "tang")
    assert "还没有点名" in visitor.page("/m/roll")
    say(store, "tang", "今天全勤", MORNING)
    assert "已经点名" in visitor.page("/m/roll")
    assert "还没有点名" in visitor.page("/m/roll?day=2025-09-17")
    say(store, "tang", "撤销", MORNING)
    assert "还没有点名" in visitor.page("/m/roll")
