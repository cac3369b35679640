"""What was missing when a morning was worked off by taps alone: digest, to-do, child's page, roll call (28 November 2026)."""

from __future__ import annotations

import datetime as dt
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
