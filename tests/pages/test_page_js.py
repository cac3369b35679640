"""What the pages' own script is for, in a browser: nothing typed is lost, nothing is sent twice, and without it all works too."""

from __future__ import annotations

import re
import time

import pytest

from casework.facts import Kind
from tests.pages.browsing import chromium, served, visitors
from tests.pages.county import TODAY, application, filled, names
from tests.support.stores import fresh_store

pytestmark = pytest.mark.browser
VISIT = "/m/pupil/p1/visit"
TOLD = "孩子在家带弟弟，想去打工"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('script')}/pages.db"
    store = filled(fresh_store(url, pack="longchuan", opened=TODAY.replace(day=1), fold=names))
    yield store
    store.close()


@pytest.fixture(scope="module")
def address(store, tmp_path_factory):
    with served(application(store, tmp=str(tmp_path_factory.mktemp("files")))[0]) as url:
        yield url


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser, address):
    with visitors(browser, address) as open_as:
        yield open_as


def visits(store):
    with store.look(TODAY) as work:
        return [f for f in work.cases.facts("p1") if f.kind is Kind.VISIT and f.by == "wang"]


def filled_in(page, address, note=TOLD):
    page.goto(address + VISIT)
    page.select_option("#f-outcome", "refused")
    page.fill("#f-return_on", "2025-09-22")
    page.fill("#f-note", note)


def press(page):
    page.locator("main button[type=submit]").first.click()


def kept_in(page):
    return page.input_value("#f-outcome"), page.input_value("#f-return_on"), page.input_value("#f-note")


def test_too_long_a_text_is_told_before_it_is_sent_and_stays(visit, address, store):
    page, before = visit("wang"), len(visits(store))
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    filled_in(page, address, "很长" * 1001)
    press(page)
    said = page.locator("p.fault[role=alert]")
    assert "“情况说明”写了2002个字，最多2000个字，还没有保存" in said.text_content()
    assert page.evaluate("document.activeElement.id") == "f-note"
    assert len(page.input_value("#f-note")) == 2002
    assert sent == []
    page.fill("#f-note", "很长" * 1000)
    press(page)
    page.get_by_role("heading", name="已记录").wait_for()
    assert len(sent) == 1
    assert len(visits(store)) == before + 1


def test_without_the_script_two_taps_are_recorded_once(visit, address, store):
    page, before = visit("wang", java_script_enabled=False), len(visits(store))
    filled_in(page, address)
    form = {field: page.locator(f"main [name={field}]").get_attribute("value") for field in ("csrf", "once")} | {
        "outcome": "refused",
        "date": "2025-09-18",
    }
    press(page)
    assert "已记：张三" in page.content()
    page.context.request.post(address + VISIT, form=form)
    assert len(visits(store)) == before + 1


def test_a_network_that_fails_after_the_tap_gives_back_what_was_filled_in(visit, address, store):
    page, before = visit("wang"), len(visits(store))
    filled_in(page, address)
    page.route("**/visit", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    press(page)
    page.wait_for_url("chrome-error://**")
    page.unroute("**/visit")
    page.goto(address + VISIT)
    assert "刚才填的没有保存，已经放回来了" in page.locator("p.fault[role=alert]").text_content()
    assert kept_in(page) == ("refused", "2025-09-22", TOLD)
    assert page.locator(".day").first.text_content() == "9月22日（周一）"
    press(page)
    page.get_by_role("heading", name="已记录").wait_for()
    assert len(visits(store)) == before + 1
    page.goto(address + VISIT)
    assert kept_in(page) == ("", "", ""), "what was saved is not put back"


def test_who_was_logged_out_in_the_middle_of_a_form_finds_it_filled_in(visit, address, store):
    page, before = visit("wang"), len(visits(store))
    filled_in(page, address)
    page.context.clear_cookies()
    press(page)
    page.get_by_role("heading", name="登录过期了").wait_for()
    assert "刚才填的内容还在" in page.text_content(".msg")
    page.get_by_role("link", name="重新登录").click()
    page.locator("button[value=wang]").click()
    page.get_by_role("heading", name="记家访：张三").wait_for()
    assert kept_in(page) == ("refused", "2025-09-22", TOLD)
    press(page)
    page.get_by_role("heading", name="已记录").wait_for()
    assert len(visits(store)) == before + 1


def test_another_person_at_the_same_device_sees_nothing_of_it(visit, address):
    page = visit("wang")
    filled_in(page, address)
    page.context.clear_cookies()
    press(page)
    page.get_by_role("link", name="重新登录").click()
    page.locator("button[value=li]").click()
    page.get_by_role("heading", name="记家访：张三").wait_for()
    assert kept_in(page) == ("", "", "")
    assert page.evaluate("sessionStorage.length") == 0


def test_whoever_logs_out_leaves_nothing_behind(visit, address):
    page = visit("wang")
    filled_in(page, address)
    page.route("**/visit", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    press(page)
    page.wait_for_url("chrome-error://**")
    page.unroute("**/visit")
    page.goto(f"{address}/m/login")
    assert page.evaluate("sessionStorage.length") == 1
    page.goto(f"{address}/m/todo")
    page.get_by_role("button", name="退出").click()
    page.get_by_role("heading", name="选一个人登录").wait_for()
    assert page.evaluate("sessionStorage.length") == 0


def test_a_roll_call_is_put_back_for_its_own_day_alone(visit, address):
    page = visit("wang")
    page.goto(f"{address}/m/roll")
    page.locator("label.name").nth(0).click()
    ticked = page.locator("input[name=absent]:checked").evaluate_all("all => all.map((one) => one.value)")
    page.route("**/roll?*", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    press_roll = page.locator(".confirm button")
    press_roll.click()
    page.wait_for_url("chrome-error://**")
    page.unroute("**/roll?*")
    page.goto(f"{address}/m/roll")
    assert page.locator("input[name=absent]:checked").evaluate_all("all => all.map((one) => one.value)") == ticked
    assert f"缺勤{len(ticked)}人" in page.locator(".confirm button").text_content()


def test_a_roll_call_of_another_class_and_day_is_found_again_after_the_login(visit, address):
    """The first class of a school's officer is 八年级3班; what was ticked is another's, of another day."""
    page = visit("li")
    page.goto(f"{address}/m/roll?class=c2&day=2025-09-17")
    assert "九年级1班" in page.locator("h1").text_content()
    page.locator("label.name").nth(1).click()
    ticked = page.locator("input[name=absent]:checked").evaluate_all("all => all.map((one) => one.value)")
    assert ticked
    page.context.clear_cookies()
    page.locator(".confirm button").click()
    page.get_by_role("heading", name="登录过期了").wait_for()
    page.get_by_role("link", name="重新登录").click()
    page.locator("button[value=li]").click()
    page.get_by_role("heading", name="九年级1班").wait_for()
    assert page.locator("#day").input_value() == "2025-09-17"
    assert page.locator("input[name=absent]:checked").evaluate_all("all => all.map((one) => one.value)") == ticked
    assert "刚才填的没有保存，已经放回来了" in page.locator("p.fault[role=alert]").text_content()


def test_a_button_that_says_that_it_is_busy_comes_back_when_something_else_is_chosen(visit, address, tmp_path):
    page = visit("guan")
    page.goto(f"{address}/m/settings/import/pupils")
    for name in ("学生", "改好的学生"):
        (tmp_path / f"{name}.csv").write_text("姓名\n张三\n", encoding="utf-8")
    page.set_input_files("input[type=file]", str(tmp_path / "学生.csv"))
    page.evaluate(
        "document.querySelector('main form[enctype]').addEventListener('submit', (event) => event.preventDefault())"
    )
    button = page.get_by_role("button", name="看看会改什么")
    button.click()
    busy = page.locator("main button[data-busy]").last
    assert busy.text_content() == "正在核对，请稍等……"
    page.set_input_files("input[type=file]", str(tmp_path / "改好的学生.csv"))
    assert busy.text_content() == "看看会改什么"


def test_back_from_a_child_a_list_is_as_long_as_it_was_and_stands_where_it_stood(visit, address):
    page = visit("zhou")
    page.goto(f"{address}/m/pending?which=all")
    for wanted in (30, 50, 70):
        page.mouse.wheel(0, 20_000)
        page.locator("#rows > li").nth(wanted).wait_for()
    child = page.locator("#rows a.cell").nth(55)
    child.scroll_into_view_if_needed()
    at, name = page.evaluate("scrollY"), child.locator("strong").text_content()
    child.click()
    page.get_by_role("heading", level=1, name=name).wait_for()
    page.go_back()
    page.locator("#rows > li").nth(60).wait_for()
    page.wait_for_function(f"Math.abs(scrollY - {at}) < 5")
    assert re.search(r"[?&]to=\d", page.url)
    assert page.locator("#rows a.cell").nth(55).locator("strong").text_content() == name
    assert page.troubles == []


def test_by_a_slow_network_a_form_is_sent_once_however_often_it_is_tapped(visit, address, store):
    page, before = visit("wang"), len(visits(store))
    filled_in(page, address)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 2000, "downloadThroughput": 6000, "uploadThroughput": 3000},
    )
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    begun = time.monotonic()
    page.evaluate("""() => { const button = document.querySelector('main button[type=submit]');
      for (const after of [0, 300, 900]) setTimeout(() => button.click(), after); }""")
    page.get_by_role("heading", name="已记录").wait_for(timeout=30_000)
    assert time.monotonic() - begun > 1.5, "it was not slow"
    assert len(sent) == 1
    assert len(visits(store)) == before + 1
    line.detach()


def test_on_paper_a_list_that_is_cut_off_says_so(visit, address):
    page = visit("zhou", java_script_enabled=False)
    page.goto(f"{address}/m/pending?which=all")
    told = page.locator("li.more .on-paper")
    assert not told.is_visible()
    page.emulate_media(media="print")
    assert told.is_visible()
    assert not page.locator("li.more .button").is_visible()
    page.emulate_media(media="screen")
