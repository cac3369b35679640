"""What is done in a browser: tapped, typed, sent and scrolled. How every page looks is in ``test_every_page``."""

from __future__ import annotations

import re

import pytest

from tests.pages.browsing import chromium, faults, served, visitors
from tests.pages.county import TODAY, application, filled, names, say
from tests.support.stores import fresh_store

pytestmark = pytest.mark.browser
LOADED = """(picture) => picture.complete ? picture.naturalWidth > 0 :
  new Promise((told) => { picture.onload = () => told(true); picture.onerror = () => told(false); })"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('browser')}/pages.db"
    store = filled(fresh_store(url, pack="longchuan", opened=TODAY.replace(day=1), fold=names))
    yield store
    store.close()


@pytest.fixture(scope="module")
def address(store, tmp_path_factory):
    app, _ = application(store, tmp=str(tmp_path_factory.mktemp("files")))
    with served(app) as url:
        yield url


@pytest.fixture(scope="module")
def browser():
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def visit(browser, address):
    with visitors(browser, address) as open_as:
        yield open_as


def test_the_login_page_and_a_refusal_have_no_fault(visit, address):
    page = visit("wang")
    for path in ("/m/login", "/m/pupil/none"):
        page.goto(address + path)
        assert faults(page) == []
    page.troubles.clear()


def test_a_button_of_the_login_page_lets_in(visit, address):
    page = visit("chen")
    page.context.clear_cookies()
    page.goto(f"{address}/m/login")
    page.click("button[value=chen]")
    assert page.url == f"{address}/m/todo"


def test_axe_would_find_a_fault(visit, address):
    page = visit("wang")
    page.goto(f"{address}/m/todo")
    page.evaluate("document.querySelector('main').innerHTML = '<input>'")
    assert any("label" in fault for fault in faults(page))


def test_a_roll_call_by_thumb(visit, address, store):
    page = visit("tang")
    page.goto(f"{address}/m/roll")
    button = page.get_by_role("button", name=re.compile("确认点名"))
    assert "全部到校" in button.text_content()
    page.locator("label.name").nth(2).click()
    page.locator("label.name").nth(5).click()
    assert "缺勤2人" in button.text_content()
    button.click()
    assert "已记录" in page.get_by_role("heading", level=1).text_content()
    with store.look(TODAY) as work:
        _rows, total = work.cases.listing(_all(), place="c4", states=("absent",))
    assert total == 2


def _all():
    from casework.scope import Scope

    return Scope(True)


def test_a_dropout_asks_back_and_is_recorded_from_the_keyboard(visit, address, store):
    page = visit("sun")
    page.goto(f"{address}/m/pupil/p60/dropout")
    page.select_option("#f-reason_code", "work")
    page.locator("main button[type=submit]").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="还要确认一下").wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="是").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="已记录").wait_for()
    with store.look(TODAY) as work:
        assert work.cases.case("p60").state == "dropout"


def test_going_back_past_what_was_recorded_never_asks_to_send_it_again(visit, address, store):
    """Chromium shows an error in place of an answered form (ERR_CACHE_MISS), and WeChat's browser is one."""
    page = visit("sun")
    page.goto(f"{address}/m/pupil/p61")
    page.goto(f"{address}/m/pupil/p61/dropout")
    page.select_option("#f-reason_code", "work")
    page.locator("main button[type=submit]").click()
    page.get_by_role("heading", name="还要确认一下").wait_for()
    page.get_by_role("button", name="先不登记").click()
    page.goto(f"{address}/m/pupil/p61/contact")
    page.locator("main button[type=submit]").click()
    page.locator("p.fault[role=alert]").wait_for()
    page.select_option("#f-outcome", "agreed")
    page.locator("main button[type=submit]").click()
    page.get_by_role("link", name="我的待办").click()
    with store.look(TODAY) as work:
        recorded = len(work.cases.facts("p61"))
    for heading in ("p61", "记联系", "记联系", "p61", "p61", "认定辍学", "p61"):
        page.go_back()
        title = page.get_by_role("heading", level=1).text_content()
        assert title.startswith(heading) or (heading == "p61" and "：" not in title), (heading, title)
    with store.look(TODAY) as work:
        assert len(work.cases.facts("p61")) == recorded


def test_without_network_a_form_stays_as_it_is_filled_in(visit, address):
    page = visit("sun")
    page.goto(f"{address}/m/pupil/p61/visit")
    page.select_option("#f-outcome", "refused")
    page.fill("#f-note", "孩子在家带弟弟")
    page.context.set_offline(True)
    page.locator("main button[type=submit]").click()
    assert "现在没有网络" in page.locator("p.fault[role=alert]").text_content()
    assert page.input_value("#f-note") == "孩子在家带弟弟"
    page.context.set_offline(False)
    page.locator("main button[type=submit]").click()
    page.get_by_role("heading", name="已记录").wait_for()


def test_a_list_grows_while_one_scrolls(visit, address):
    page = visit("zhou")
    page.goto(f"{address}/m/pending?which=all")
    page.mouse.wheel(0, 20_000)
    page.locator("#rows > li").nth(40).wait_for()
    assert page.troubles == []


def test_a_list_that_grows_after_the_session_ended_leads_to_the_login(visit, address):
    """The login must not be put into the list as if it were children."""
    page = visit("hu")
    page.goto(f"{address}/m/pending?which=all")
    page.context.clear_cookies()
    page.mouse.wheel(0, 20_000)
    page.get_by_role("heading", name="选一个人登录").wait_for()
    assert page.locator("#rows").count() == 0


def test_without_javascript_everything_can_be_read_and_sent(visit, address):
    office = visit("li", java_script_enabled=False)
    office.goto(f"{address}/m/pending?which=all")
    first = office.locator("#rows strong").first.text_content()
    office.get_by_role("link", name=re.compile("再看")).click()
    assert "page=2" in office.url
    assert office.locator("#rows strong").first.text_content() != first
    teacher = visit("he", java_script_enabled=False)
    teacher.goto(f"{address}/m/roll")
    teacher.get_by_role("button", name=re.compile("确认点名")).click()
    assert "全班到齐" in teacher.content()


def test_a_date_is_said_with_its_weekday_and_a_file_by_its_name(visit, address, tmp_path):
    page = visit("wang")
    page.goto(f"{address}/m/pupil/p1/visit")
    page.fill("input[type=date] >> nth=0", "2025-09-19")
    assert page.locator(".day").first.text_content() == "9月19日（周五）"
    assert faults(page) == []
    office = visit("zhou")
    office.goto(f"{address}/m/compare")
    (tmp_path / "户籍.csv").write_text("姓名\n张三\n", encoding="utf-8")
    office.set_input_files("input[type=file] >> nth=0", str(tmp_path / "户籍.csv"))
    assert office.locator(".picked").first.text_content() == "选择文件户籍.csv"
    assert office.locator(".picked").nth(1).text_content() == "选择文件还没有选"


def test_another_button_of_a_form_works_at_once_the_same_one_not_twice(visit, address, tmp_path):
    """The result is downloaded and the page stays: the minutes must not wait for the guard against a second tap."""
    office = visit("zhou")
    office.goto(f"{address}/m/compare")
    for key in ("household", "register"):
        (tmp_path / f"{key}.csv").write_text("姓名,身份证号\n张三,\n", encoding="utf-8")
        office.set_input_files(f"input[name={key}]", str(tmp_path / f"{key}.csv"))
    with office.expect_download() as first:
        office.get_by_role("button", name="开始比对").click()
    with office.expect_download() as second:
        office.get_by_role("button", name="做比对纪要").click()
    assert first.value.suggested_filename.endswith(".xlsx")
    assert second.value.suggested_filename.endswith(".docx")


def test_the_day_of_absence_is_the_same_in_chat_and_on_every_page(visit, address, store):
    said = say(store, "wang", "查 张三", TODAY)
    day = re.search(r"缺勤第(\d+)天", said)
    assert day, said
    page = visit("wang")
    for path in ("/m/pending", "/m/pupil/p1", "/m/roll"):
        page.goto(address + path)
        told = set(
            re.findall(
                r"第(\d+)天",
                page.locator("main :text('张三')")
                .first.locator("xpath=ancestor-or-self::*[self::li or self::label or self::main][1]")
                .text_content(),
            )
        )
        assert day[1] in told, (path, told)


def test_the_first_tab_leads_past_the_menu(visit, address):
    page = visit("wang")
    page.goto(f"{address}/m/todo")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_first_page_is_light(browser, address):
    context = browser.new_context()
    page, sizes = context.new_page(), []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto(f"{address}/m/login")
    page.wait_for_load_state("networkidle")
    context.close()
    assert len(sizes) >= 3
    assert sum(sizes) < 100_000


def test_a_photo_is_put_to_a_visit_by_thumb_and_seen(visit, address, tmp_path):
    picture = tmp_path / "家访.png"
    page = visit("wang")
    page.goto(f"{address}/m/pupil/p2")
    page.screenshot(path=str(picture))  # any photo will do
    page.goto(f"{address}/m/pupil/p2/visit")
    page.select_option("#f-outcome", "agreed")
    page.click("button[type=submit]:has-text('家访')")
    page.click("a:has-text('加照片')")
    page.set_input_files("#f-photo", str(picture))
    page.click("button:has-text('加照片')")
    assert "照片已归到李四9月18日的家访" in page.text_content("main")
    page.click("a:has-text('回到李四')")
    picture = page.locator("img.photo").first
    picture.scroll_into_view_if_needed()
    assert picture.evaluate(LOADED)
    assert faults(page) == []
    assert page.troubles == []


def test_no_name_peeps_out_between_the_button_of_a_roll_call_and_the_menu(visit, address):
    page = visit("wang")
    page.goto(f"{address}/m/roll")
    under = page.evaluate(
        """() => { const button = document.querySelector('.confirm button').getBoundingClientRect(), menu = document.querySelector('.tabs').getBoundingClientRect();
        const found = []; for (let y = button.bottom + 1; y < menu.top; y++) found.push(document.elementFromPoint(90, y).className);
        return found; }"""
    )
    assert under
    assert set(under) <= {"confirm", "tabs"}
