"""What was missing when a morning was worked off by taps alone: digest, to-do, child's page, roll call (28 November 2026)."""

from __future__ import annotations

import datetime as dt
import html
import re

from bot.pages.acting import ANSWERED_BY
from casework.facts import Kind
from reminders.cards import BUTTONS
from reminders.sweep import sweep
from tests.pages.county import CSRF, ONCE, Visitor, application, made_store, say, wake

FRIDAY = dt.datetime(2025, 9, 19, 12, 30)


def _tokens(page):
    return {"csrf": CSRF.search(page)[1], "once": ONCE.findall(page)[-1]}


def _site(tmp_path, now=FRIDAY):
    store = made_store()
    app, running = application(store, tmp=str(tmp_path))
    running.now.moment = now
    return app, store


def test_what_the_digest_counts_as_to_be_known_is_named_on_the_page_behind_it(tmp_path):
    """On the fifth day township, school and village go to the family together; the village is told and owes nothing."""
    app, store = _site(tmp_path)
    say(store, "wang", "吴玉兰 缺勤 第4天", FRIDAY - dt.timedelta(days=1))
    wake(store, FRIDAY)
    village = Visitor(app, "liu")
    assert "您现在没有待办" in village.page("/m/todo")
    told = next(one for one in sweep(store, FRIDAY).queued if one.to == "liu")
    assert ["请您知悉", "1项"] in told.card["rows"]
    page = village.page(told.card["path"])
    part = page.partition("请您知悉（1名学生）")[2]
    assert "吴玉兰" in part
    assert "学校、乡镇、村联合上门劝返" in part
    assert "由乡镇干部办理" in part
    assert "请您知悉" not in Visitor(app, "huang").page("/m/todo"), "whose duty it is has it among their own"
    say(store, "wang", "吴玉兰今天回来上课了", FRIDAY)
    assert "您现在没有待办" in village.page("/m/todo")


def test_a_duty_that_a_card_ends_with_an_outcome_leads_to_the_form_that_asks_for_it(tmp_path):
    app, _ = _site(tmp_path)
    assert ANSWERED_BY.keys() == BUTTONS.keys()
    for rule, action in ANSWERED_BY.items():
        assert action in {act for act, _ in BUTTONS[rule]}, rule
    teacher = Visitor(app, "wang")
    page = teacher.page("/m/pupil/p1")
    owed = page.partition("<h2>接下来</h2>")[2].partition("</ul>")[0]
    assert 'href="/m/pupil/p1/contact" aria-label="记联系：联系家长，问清原因"' in owed
    assert 'href="/m/pupil/p1/visit" aria-label="记家访：班主任和任课教师一起家访"' in owed
    assert 'aria-label="填写《劝返情况记录表》：已完成"' in owed, "paperwork is done by a word"
    assert "家访：已完成" not in owed


def test_a_duty_ended_by_a_slip_of_the_thumb_is_taken_back_on_the_same_page(tmp_path):
    app, store = _site(tmp_path)
    teacher = Visitor(app, "wang")
    path = re.search(r'action="(/m/duty/[^"]+/done)"', teacher.page("/m/pupil/p1"))[1]
    page = teacher.post("/m/pupil/p1", path).text
    assert 'href="/m/pupil/p1">回到张三' in page
    assert 'action="/m/pupil/p1/undo"' in page
    back = teacher.client.post("/m/pupil/p1/undo", data=_tokens(page)).text
    assert "<h1>已撤销</h1>" in back
    assert "重新发" not in back, "nothing is sent on a page"
    with store.look(FRIDAY) as work:
        assert work.cases.duty(path.split("/")[3]).status == "open"


def test_a_follow_up_says_that_the_child_is_in_school_and_well(tmp_path):
    app, store = _site(tmp_path)
    say(store, "wang", "张三今天回来上课了", FRIDAY)
    teacher, path = Visitor(app, "wang"), "/m/pupil/p1/contact"
    assert '<option value="well">在校正常</option>' in teacher.page(path)
    assert ">同意返校<" not in teacher.page(path).partition("<form")[2].partition("f-return_on")[0]
    said = teacher.post(path, path, channel="phone", outcome="well", date="2025-09-19", note="作业都交了").text
    assert "在校正常，作业都交了" in said
    with store.look(FRIDAY) as work:
        fact = next(f for f in reversed(work.cases.facts("p1")) if f.kind is Kind.CONTACT)
    assert (fact.data["outcome"], fact.data["note"]) == ("other", "在校正常，作业都交了")
    assert "well" not in teacher.page("/m/pupil/p2/contact")


def test_a_roll_call_that_is_mended_says_only_what_is_new(tmp_path):
    app, store = _site(tmp_path)
    teacher = Visitor(app, "wang")

    def call(*absent):
        page = teacher.post("/m/roll", "/m/roll", **{"class": "c1", "day": "2025-09-19", "absent": list(absent)}).text
        with store.look(FRIDAY) as work:
            told = [f.pupil for f in work.cases.facts_between(FRIDAY.date(), FRIDAY.date()) if f.kind is Kind.ABSENCE]
        return page, sorted(told)

    assert call("p1", "p2", "p3")[1] == ["p1", "p2", "p3"]
    page, told = call("p1", "p2")
    assert told == ["p1", "p2", "p3"]
    assert "王五" in page
    assert "张三" not in page.partition("<main")[2], "nothing new was said of 张三"
    page, told = call("p1", "p2")
    assert "没有变化" in page
    assert told == ["p1", "p2", "p3"]
    assert call("p1", "p2", "p3")[1] == ["p1", "p2", "p3", "p3"], "who was called present meanwhile is absent anew"
    say(store, "wang", "撤销", FRIDAY)
    assert call("p1", "p2", "p3")[1] == ["p1", "p2", "p3", "p3", "p3"], "what was taken back is said again"
    said = call("p1", "p4")[0].partition('class="words"')[2].partition("</p>")[0]
    assert all(name in said for name in ("李四", "王五", "王子涵"))
    assert "\n\n\n" not in said, "no hole where the chat says how to take back"


def test_what_the_digest_says_in_words_can_be_read_behind_its_card(tmp_path):
    """Letters without a reply, other departments, the next days: the card has their numbers, the page has no list of them."""
    morning = dt.datetime(2025, 9, 19, 7, 45)
    app, store = _site(tmp_path, morning)
    say(store, "li", "寄出核查函 王五：惠城区教育局", dt.datetime(2025, 9, 18, 10, 0))
    wake(store, morning)
    sent = [one for one in sweep(store, morning).queued if one.to == "li" and one.card.get("figure")]
    assert sent
    page = html.unescape(Visitor(app, "li").page("/m/todo")).partition("今天发到企业微信的提醒全文")[2]
    assert all(one.text in page for one in sent)
    assert "提醒全文" not in Visitor(app, "he").page("/m/todo")


def test_a_child_without_a_school_is_placed_first_and_not_said_to_be_back(tmp_path):
    app, store = _site(tmp_path)
    say(store, "huang", "上报失学儿童：小梅，9岁，女，住上坪村，没上过学", FRIDAY)
    address = re.search(r'href="(/m/pupil/[^"]+)"', Visitor(app, "huang").page("/m/todo"))[1]
    for who, first in (
        ("huang", ["contact", "visit", "elsewhere"]),
        ("zhou", ["contact", "visit", "place_at", "elsewhere"]),
    ):
        page = Visitor(app, who).page(address).partition("<h2>记一笔</h2>")[2]
        usual, _, others = page.partition("<summary>其他记录</summary>")
        assert re.findall(rf'href="{address}/(\w+)"', usual) == first
        for action in ("absence", "leave", "return"):
            assert f"{address}/{action}" not in page
        assert f"{address}/mark" in others
    known = Visitor(app, "wang").page("/m/pupil/p1").partition("<h2>记一笔</h2>")[2]
    assert "/m/pupil/p1/return" in known
