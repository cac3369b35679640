"""Every kind of card in Chromium, on a phone and on a desk, through the simulated WeChat Work: drawn without a fault, tapped, and
grey with what was done and by whom, also when somebody else did it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest

from bot import demo as demos
from reminders.cards import BUTTONS, PAPERWORK
from tests.pages.browsing import SIZES, chromium, faults

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BEFORE = (("wang", "李四 缺勤 第4天"), ("wang", "李四今天回来上课了"))
DAY_BEFORE = (
    ("wang", "张三今天没来"), ("wang", "刘子轩今天没来"), ("wang", "王五请病假1天"), ("wang", "给何雨桐标注有辍学倾向"),
    ("he", "陈浩然今天没来"),
)  # fmt: skip
ROLL_CALL, DIGEST = ("已到校", "仍缺勤", "请假"), ()
KINDS = {tuple(words for _, words in buttons) for buttons in (*BUTTONS.values(), PAPERWORK)} | {ROLL_CALL, DIGEST}
TAPPED = {
    "phone": (  # whose phone, which card, the outcome chosen on it, the button, and what the card says then
        ("wang", "张三：", "refused", "已家访", "王老师 9月17日已家访"),
        ("wang", "李四：", "well", "已联系", "王老师 9月17日已联系"),
        ("wang", "王五：", "", "已返校", "王老师 9月17日已返校"),
        ("wang", "刘子轩：", "", "稍后", r"今天1\d:\d\d再提醒"),
        ("wang", "刘子轩今天到校了吗", "", "仍缺勤", "王老师 9月17日已记缺勤"),
    ),
    "desk": (
        ("sun", "邓建华：送达", "", "已送达", "孙主任 9月17日已送达"),
        ("luo", "邓建华：再次联系", "nobody", "已联系", "罗老师 9月17日已联系"),
        ("wu", "黄子轩：登记", "", "已完成", "吴主任 9月17日已办理"),
        ("xie", "黄子轩今天到校了吗", "", "请假", "谢老师 9月17日已记请假"),
    ),
}
CUT_OFF = """() => [...document.querySelectorAll('#log .card')].flatMap((card) => [card, ...card.querySelectorAll('button, select, dd, h2')])
  .filter((e) => e.scrollWidth > e.clientWidth + 1 || (e.matches('button, select') && e.getBoundingClientRect().height < 40))
  .map((e) => e.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[demos.Demo]:
    """A week of the made-up county; on its last morning, after the roll call, every kind of card lies on somebody's phone."""
    started = demos.start(folder=tmp_path_factory.mktemp("cards"), now=dt.datetime(2025, 9, 10, 8, 0))
    for who, text in BEFORE:
        started.simulator.say(who, text)
    for _ in range(4):
        started.turn("school_day")
    for who, text in DAY_BEFORE:
        assert started.simulator.say(who, text).startswith("已"), text
    for to in ("school_day", "hour", "hour"):
        started.turn(to)
    yield started
    started.simulator.stop()


@pytest.fixture(scope="module")
def browser():
    with chromium() as one:
        yield one


@pytest.fixture
def take_up(demo, browser, request):
    """Takes up somebody's phone in the chat page, at the size asked for."""
    wide, high = SIZES[request.param]
    page = browser.new_page(viewport={"width": wide, "height": high})
    page.set_default_timeout(10_000)
    page.goto(demo.address)

    def of(who: str):
        if not page.locator(f".person[data-user={who}]").is_visible():
            page.locator(".tabs [data-view=people]").click()
        page.locator(f".person[data-user={who}]").click()
        page.locator("#log .card").first.wait_for()
        return page

    yield of
    page.close()


def holders(demo) -> dict[str, set[tuple[str, ...]]]:
    """Who has been sent cards, and of which kinds: by the words of their buttons."""
    sent = {one.userid: demo.simulator.pushed(one.userid) for one in demo.simulator.state.members.values()}
    kinds = {
        who: {tuple(b["text"] for b in line.card.get("button_list", ())) for line in lines if line.card}
        for who, lines in sent.items()
    }
    return {who: found for who, found in kinds.items() if found}


@pytest.mark.parametrize("take_up", SIZES, indirect=True)
def test_every_kind_of_card_is_drawn_whole_and_without_a_fault(demo, take_up):
    left = set(KINDS)
    for who, kinds in holders(demo).items():
        if not kinds & left:
            continue
        left -= kinds
        page = take_up(who)
        assert faults(page) == []
        assert page.evaluate(CUT_OFF) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert left == set(), "no such card was sent"


@pytest.mark.parametrize(("take_up", "taps"), TAPPED.items(), indirect=["take_up"])
def test_a_tap_turns_the_card_grey_and_says_what_was_done(take_up, taps):
    for who, title, outcome, button, grey in taps:
        card = take_up(who).get_by_role("article", name=title).last
        if outcome:
            card.locator("select").select_option(outcome)
        card.get_by_role("button", name=button).click()
        card.locator(".done").wait_for()
        assert re.fullmatch(grey, card.locator(".done").text_content())
        assert card.locator("button").count() == 0


@pytest.mark.parametrize("take_up", ["phone"], indirect=True)
def test_an_outcome_that_was_not_chosen_is_asked_in_one_question(demo, take_up):
    page = take_up("wang")
    card = page.get_by_role("article", name="何雨桐：").last
    card.get_by_role("button", name="已家访").click()
    card.locator(".done", has_text="请看下面的问题").wait_for()
    demo.ring()
    page.locator(".bubble", has_text="结果是？").last.wait_for()
    page.get_by_label("要发的话").fill("2")
    page.get_by_role("button", name="发送").click()
    page.locator(".bubble", has_text="已记：何雨桐").last.wait_for()


@pytest.mark.parametrize("take_up", ["desk"], indirect=True)
def test_a_card_turns_grey_when_somebody_else_did_it(demo, take_up):
    page = take_up("he")
    card = page.get_by_role("article", name="陈浩然：").last
    card.get_by_role("button", name="已返校").wait_for()
    demo.simulator.say("li", "陈浩然今天回来上课了")
    demo.ring()
    card.locator(".done").wait_for()
    assert card.locator(".done").text_content() == "李主任 9月17日已返校"


@pytest.mark.parametrize("take_up", ["desk"], indirect=True)
def test_a_phone_taken_up_again_while_news_are_fetched_shows_the_whole_talk(take_up):
    """What was asked before tells only what was new then; drawn into the emptied log, it would stand there for all."""
    page, held = take_up("wang"), []
    many = page.locator("#log .line").count()
    page.route("**/_sim/feed?*", lambda route: route.continue_() if held else held.append(route))
    while not held:
        page.evaluate("0")  # lets the page go on until it asks
    page.locator(".person[data-user=wang]").click()
    held[0].continue_()
    page.locator("#log .line").nth(many - 1).wait_for()


@pytest.mark.parametrize("take_up", ["phone"], indirect=True)
def test_the_page_behind_a_card_is_a_tap_away(take_up):
    """It opens as whose phone is held: nobody is asked again who they are."""
    page = take_up("wang")
    link = page.get_by_role("article", name="张三：").last.get_by_role("link", name=re.compile("打开页面"))
    page.goto(link.get_attribute("href"))
    assert page.get_by_role("heading", level=1).text_content() == "张三"
