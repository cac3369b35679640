"""The demo as a newcomer meets it: started by its command, its page used in a real browser."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import io
import re
import shutil
from collections.abc import Iterator
from urllib.request import urlopen

import pytest

from bot import demo as demos
from bot.menu import SAYS, menu
from casework.scope import Scope
from reminders import cards

JPEG = b"\xff\xd8\xff\xe0" + b"x" * 50
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[demos.Demo]:
    started = demos.start(folder=tmp_path_factory.mktemp("demo"), now=dt.datetime(2025, 9, 10, 8, 0))
    yield started
    started.simulator.stop()


def test_a_message_goes_all_the_way_and_what_follows_comes_back(demo: demos.Demo) -> None:
    said = demo.simulator.say("wang", "李四 缺勤 第3天")
    assert said.startswith("已记：李四（青石镇中学八年级3班）")
    assert "李四" in demo.simulator.say("huang", "待劝返名单")
    before = len(demo.simulator.pushed("wang"))
    demo.turn("school_day")
    assert len(demo.simulator.pushed("wang")) > before
    # README: the next school day the head of the school hears what is overdue
    assert any(line.text.startswith("逾期报告") and "李四" in line.text for line in demo.simulator.pushed("zhao"))


def test_a_tapped_card_is_recorded_and_greyed(demo: demos.Demo) -> None:
    demo.simulator.say("he", "彭不存在 缺勤")
    demo.simulator.say("tang", "发“帮助”")
    demo.simulator.say("wang", "王五 缺勤")
    demo.turn("school_day")
    lines = [line for line in demo.simulator.pushed("wang") if line.live and line.card]
    assert lines, "a duty due today comes as a card"
    key = next(b["key"] for line in lines for b in line.card["button_list"] if b["key"].startswith("contact|"))
    day = demo.clock().date()
    grey = demo.simulator.press("wang", key, {"outcome": ["nobody"]})
    assert grey == f"王老师 {day.month}月{day.day}日已联系"
    demo.ring()
    assert "电话联系：没联系上人" in demo.simulator.say("wang", "查 李四") + demo.simulator.say("wang", "查 王五")


def test_a_choice_left_untouched_claims_nothing(demo: demos.Demo) -> None:
    """The client sends the option shown first, also when nobody chose it (path/90372)."""
    demo.simulator.say("wang", "张三 缺勤")
    demo.turn("school_day")
    cards = [line for line in demo.simulator.pushed("wang") if line.live and "button_selection" in (line.card or {})]
    card = cards[-1].card
    first = card["button_selection"]["option_list"][0]
    assert first["text"] == "请选择"
    key = next(b["key"] for b in card["button_list"] if b["key"].startswith(("contact|", "visit|")))
    assert demo.simulator.press("wang", key, {"outcome": [first["id"]]}) == "请看下面的问题"
    demo.ring()
    assert "结果是？" in demo.simulator.pushed("wang")[-1].text
    demo.simulator.say("wang", "取消")


def test_each_message_bears_the_moment_at_which_it_came(demo: demos.Demo) -> None:
    demo.turn("school_day")
    target = demo.clock()
    demo.turn("school_day")
    assert demo.simulator.pushed("wang")[-1].at > target.isoformat(timespec="minutes")
    days = [line.at for line in demo.simulator.pushed("wang")]
    assert days == sorted(days)


def test_the_menu_stands_under_the_chat_answers_and_opens_pages(demo: demos.Demo) -> None:
    names = [button["name"] for button in demo.simulator.state.menu]
    assert names == ["报情况", "名单", "月报"]
    items = [item for button in demo.simulator.state.menu for item in button["sub_button"]]
    pages = [item["url"] for item in items if item["type"] == "view"]
    assert len(pages) == 7
    for page in pages:
        with urlopen(page) as answer:  # not logged in: the login page, which leads on to it
            assert "/m/login" in answer.url, page
    for item in items:
        if item["type"] == "click":
            assert demo.simulator.click_menu("zhou", item["key"]), item


def test_without_pages_the_menu_asks_in_the_chat() -> None:
    """Every key of the menu is one that the chat knows."""
    items = [item for button in menu("")["button"] for item in button["sub_button"]]
    assert {item["type"] for item in items} == {"click"}
    assert {item["key"] for item in items} == set(SAYS)


def test_the_demo_opens_on_a_county_at_work(demo: demos.Demo) -> None:
    with demo.bot.store.look(demo.clock()) as work:
        states = {case.state for case in work.cases.cases([f"p{n}" for n in range(1, 122)]).values()}
    assert states >= {"in_school", "suspected", "home_taught"}


def test_the_digest_shows_its_number_first(demo: demos.Demo) -> None:
    demo.turn("school_day")
    cards = [line.card for person in ("luo", "xie", "wu") for line in demo.simulator.pushed(person) if line.card]
    digests = [card for card in cards if card["card_type"] == "text_notice"]
    assert digests
    assert all(int(card["emphasis_content"]["title"]) > 0 for card in digests)


def test_with_cards_switched_off_a_reminder_is_text(demo: demos.Demo) -> None:
    """KONGCHUO_CARDS=false, for a corporation whose clients are too old for cards; a refused card: test_sender."""
    card = cards.duty_card("text", "张三：家访", [("期限", "今天")], "", ["absence_visit"], "d1")
    for shown, words in ((True, "张三：家访"), (False, "请今天家访张三")):
        dataclasses.replace(demo.bot.courier, cards=shown).send("wang", "请今天家访张三", card)
        line = demo.simulator.pushed("wang")[-1]
        assert (bool(line.card), line.text) == (shown, words)


def test_a_file_comes_into_the_chat(demo: demos.Demo) -> None:
    assert "稍后作为文件发给您" in demo.simulator.say("wang", "打印 李四 家访表")
    demo.ring()
    assert any(line.kind == "file" for line in demo.simulator.pushed("wang"))


def test_a_photo_sent_in_the_chat_is_on_the_childs_page_at_the_next_ring(demo: demos.Demo) -> None:
    assert "家访" in demo.simulator.say("tang", "家访 郭冬梅 家长同意返校")
    png = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    sent = {"user": "tang", "file": (io.BytesIO(png), "家访.png")}
    assert demo.simulator.app.test_client().post("/_sim/file", data=sent, headers={"X-Sim": "1"}).status_code == 200
    demo.ring()
    with demo.bot.store.look(demo.clock()) as work:
        pupil = work.people.names(Scope(True)).exact(["郭冬梅"])["郭冬梅"][0].id
        assert [piece.state for piece in work.evidence.of_pupil(pupil)] == ["kept"]


def test_faults_switched_on_lose_nothing(demo: demos.Demo) -> None:
    demo.simulator.faults.switch("busy", times=2)
    demo.simulator.faults.switch("expired_token", times=1)
    before = len(demo.simulator.pushed("li"))
    demo.turn("day")
    for _ in range(20):
        demo.ring()
        if len(demo.simulator.pushed("li")) > before:
            break
    assert len(demo.simulator.pushed("li")) > before


def test_a_card_turns_grey_when_its_work_is_done_by_other_ways(tmp_path) -> None:
    """Typed instead of tapped, and made needless by a colleague: the cards on 王老师's phone say so."""
    demo = demos.start(folder=tmp_path, now=dt.datetime(2025, 9, 10, 8, 0))
    cards = {}
    for child in ("张三", "刘子轩"):
        assert "已记" in demo.simulator.say("wang", f"{child}今天没来")
    demo.turn("school_day")
    for line in demo.simulator.pushed("wang"):
        if line.live and "button_list" in (line.card or {}):
            cards[line.card["main_title"]["title"].split("：")[0]] = line.card["task_id"]
    demo.simulator.say("chen", "和班主任一起家访了张三，不愿返校")
    demo.simulator.say("wang", "和陈老师一起家访了张三，不愿返校")
    demo.simulator.say("li", "刘子轩今天回来上课了")
    demo.ring()
    now = {line.card["task_id"]: line for line in demo.simulator.pushed("wang") if "task_id" in (line.card or {})}
    day = demo.clock().date()
    assert now[cards["张三"]].card["replace_text"] == f"王老师 {day.month}月{day.day}日已家访"
    assert now[cards["刘子轩"]].card["replace_text"] == f"李主任 {day.month}月{day.day}日已返校"
    assert not any(now[id].live for id in (cards["张三"], cards["刘子轩"]))
    demo.simulator.stop()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_in_a_browser(demo: demos.Demo, width: int) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": width, "height": 800})
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.goto(demo.address)
        page.get_by_text("唐老师").first.click()
        box = page.get_by_role("textbox").last
        box.fill("我是谁")
        page.get_by_role("button", name="发送").click()
        page.get_by_text("您是唐老师").first.wait_for(timeout=5000)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        browser.close()
    assert faults == []


@pytest.mark.parametrize("why", ["the job was away for three days and WeChat Work has it no more", "busy until then"])
def test_a_photo_that_is_gone_is_asked_for_again_and_proves_nothing(demo: demos.Demo, why: str) -> None:
    """WeChat Work keeps media for three days (its page on temporary media)."""
    state = demo.simulator.state
    assert "家访" in demo.simulator.say("tang", "家访 郭冬梅 家长同意返校")
    assert "已归到郭冬梅" in demo.simulator.send_media("tang", "image", JPEG)
    before, lacking = (
        len(demo.simulator.pushed("tang")),
        demo.simulator.say("tang", "家访缺照片").count("缺签字表、照片"),
    )
    if "busy" in why:
        demo.simulator.faults.switch("busy", path="media/get")
        demo.ring()
        assert not any("没有取到" in line.text for line in demo.simulator.pushed("tang")[before:]), "it is tried again"
        with demo.bot.store.look(demo.clock()) as work:
            assert [piece.state for piece in work.evidence.wanted()] == ["wanted"]
    else:
        state.media.popitem()
    for _ in range(4):
        demo.turn("day")
    demo.simulator.faults.clear()
    told = [line.text for line in demo.simulator.pushed("tang")[before:] if "没有取到" in line.text]
    assert len(told) == 1, "said once"
    assert re.search(
        r"您.*发来的照片没有取到：企业微信只保存三天，现在已经没有了。郭冬梅\d+月\d+日的家访因此还缺这份照片", told[0]
    )
    page = re.search(r"(/m/record/\S+/photo)", told[0])
    assert page is not None, "where to send it, however old the visit"
    after = demo.simulator.say("tang", "家访缺照片")
    assert after.count("缺签字表、照片") == lacking + 1, "what is gone is no photo of that visit"


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_pages_are_those_of_whose_phone_is_held_and_what_came_meanwhile_is_seen(demo: demos.Demo) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 360, "height": 740})
        page, other = context.new_page(), context.new_page()
        page.goto(demo.address)
        todo = demo.bot.settings.public_url + "/m/todo"
        for user, name in (("wang", "王老师"), ("liu", "刘支书")):
            page.click(".tabs button[data-view=people]")
            page.click(f"button[data-user={user}]")
            other.goto(todo)
            assert other.locator(".who span").inner_text() == name
        other.click("button:has-text('退出')")
        other.click("button[value=zhou]")  # one may still choose anybody
        other.goto(todo)
        assert other.locator(".who span").inner_text() == "周股长"
        for line in range(6):
            demo.simulator.say("liu", f"帮助 {line}")
        page.locator("#log .line").nth(11).wait_for()
        page.click(".tabs button[data-view=tools]")
        demo.simulator.say("liu", "我是谁")
        page.locator("#log .line").nth(13).wait_for(state="attached")
        page.click(".tabs button[data-view=phone]")
        assert (
            page.evaluate(
                "(() => { const log = document.getElementById('log'); return log.scrollHeight - log.scrollTop - log.clientHeight; })()"
            )
            < 5
        )
        browser.close()
