"""Every page in a browser, on a phone and on a desk: no fault by axe, nothing cut off at any zoom, all of it by keyboard,
readable without JavaScript, light, and fit to be printed."""

from __future__ import annotations

import pytest

from bot.desks import desk_for
from casework.facts import Kind
from handlers import links
from handlers.conversation import answer
from handlers.departments import asked
from tests.pages.browsing import SIZES, chromium, faults, served, visitors
from tests.pages.county import TODAY, application, filled, names, say
from tests.support.stores import fresh_store

pytestmark = pytest.mark.browser

PAGES = {
    "wang": ("/m/todo", "/m/pending", "/m/pupil/p1", "/m/pupil/p1/visit", "/m/roll", "/m/lists", "/m/lists/mine", "/m/work/deputy", "/m/record/{record}/photo", "/m/record/{record}/amend"),
    "liu": ("/m/new/found", "/m/lists/unknown"),
    "li": (
        "/m/report", "/m/ledgers", "/m/ledgers?which=special", "/m/lists/plan", "/m/lists/letters", "/m/work/closure",
        "/m/pupil/p1/help", "/m/duty/{duty}", "/m/numbers",
    ),
    "sun": ("/m/arrivals", "/m/arrivals/p2/accept", "{link}", "{link}/{item}"),
    "zhou": ("/m/county", "/m/rates", "/m/rates/list?rate=enrolment&part=due", "/m/pending?which=all", "/m/compare", "/m/report", "/m/settings/waiting"),
    "guan": (
        "/m/settings", "/m/settings/people", "/m/settings/person/wang", "/m/settings/calendar", "/m/settings/policy",
        "/m/settings/unknown", "/m/settings/letters",
        "/m/settings/calendar/import", "/m/settings/import/pupils", "/m/settings/erase/p1",
    ),
}  # fmt: skip
OTHERWISE = {
    "home": "leads on to /m/todo", "login_back": "leads on", "login": "in test_browser", "static": "no page",
    "photo": "a picture", "paper_file": "a file", "ledger_file": "a file", "numbers_file": "a file", "roster_template": "a file",
}  # fmt: skip
CASES = [(who, path) for who, paths in PAGES.items() for path in paths]
WEIGHT = 100_000  # bytes
NARROW = (640, 320, 180)  # a desk, and a phone, at 200 % (WCAG 1.4.10 asks for 320); 180 is the phone of 360 doubled
TABBED = """() => [...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex="0"]')]
  .filter((e) => e.checkVisibility({contentVisibilityAuto: true}) && !e.disabled).length"""
TABS_SEEN = """() => { window.tabbed = [];
  addEventListener('keyup', () => { const e = document.activeElement, all = [...document.querySelectorAll('*')];
    const at = e.getBoundingClientRect(), bar = document.querySelector('nav.tabs'), over = bar && getComputedStyle(bar).position === 'fixed' && !bar.contains(e)
      ? Math.max(0, Math.min(at.bottom, innerHeight) - Math.max(at.top, bar.getBoundingClientRect().top)) : 0;
    const box = e.closest('.picked') || e, look = getComputedStyle(box.matches(':focus-within') && box !== e ? box : e);
    window.tabbed.push([e, e === document.body, look.outlineStyle !== 'none', over < at.height / 2 || !at.height, e.outerHTML.slice(0, 200)]); }, true); }"""
"""Where each press of the tab key led: kept in the page, so that it is asked once."""
TABBED_TO = """() => { const all = [...document.querySelectorAll('*')];  // a list may have grown meanwhile
  return window.tabbed.map(([e, ...rest]) => [all.indexOf(e), ...rest]); }"""
READ = """() => [...document.querySelectorAll('main h1,main h2,main h3,main p,main li,main td,main th,main label,main summary')]
  .filter((e) => !e.querySelector('.dated,.picked,[data-count]')).map((e) => e.textContent.replace(/\\s+/g, ''))"""
SHIFTED = """() => new Promise((told) => { let sum = 0;
  new PerformanceObserver((l) => { for (const e of l.getEntries()) sum += e.value; }).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => told(sum), 200); })"""
IN_PRINT = """() => { const seen = (e) => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().width > 0;
  const count = (what) => [...document.querySelectorAll(what)].filter(seen).length, all = document.querySelectorAll('svg.picture');
  return {screen_only: ['nav.tabs', '.button', 'form', 'header'].map(count), printed: count('.printed'),
    pictures: all.length - count('svg.picture'),
    bare: [...document.querySelectorAll('main h2')].filter((h) => h.checkVisibility() &&
      !(h.nextElementSibling && h.nextElementSibling.checkVisibility())).map((h) => h.textContent)}; }"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('browser')}/pages.db"
    store = filled(fresh_store(url, pack="longchuan", opened=TODAY.replace(day=1), fold=names))
    for who, text in (
        ("li", "寄出核查函 王五：惠城区教育局"), ("li", "李四转到青石镇中心小学，手续齐了"), ("wang", "天上的云真白"),
        ("li", "转介 李四 给民政：请核实救助"),
    ):  # fmt: skip
        say(store, who, text, TODAY)
    yield store
    store.close()


@pytest.fixture(scope="module")
def site(store, tmp_path_factory):
    return application(store, tmp=str(tmp_path_factory.mktemp("files")))[0]


@pytest.fixture(scope="module")
def address(site):
    with served(site) as url:
        yield url


@pytest.fixture(scope="module")
def visit(address):
    with chromium() as browser, visitors(browser, address) as open_as:
        yield open_as


@pytest.fixture(scope="module")
def known(store):
    """What only the store knows of the addresses: a matter of a school, a department's link and what waits by it."""
    with store.begin(TODAY) as work:
        desk = desk_for(work, "zhou", "chat:link")
        link = answer(desk, "给民政局链接").link
        item = asked(desk, links.EVERYWHERE, "民政")[0].id
        duty = next(d.id for d in work.cases.todo("li") if d.pupil is None and d.rule != "monthly_report")
        record = next(f.id for f in work.cases.facts("p1") if f.by == "wang" and f.kind is Kind.CONTACT)
    return {"duty": duty, "link": link, "item": item, "record": record}


def test_every_address_that_shows_a_page_is_in_the_table(site):
    router = site.url_map.bind("localhost")
    shown = {
        router.match(path.format(duty="x", link="/m/d/x", item="y", record="z").partition("?")[0])[0].removeprefix(
            "pages."
        )
        for _, path in CASES
    }
    rules = {
        r.endpoint.removeprefix("pages.")
        for r in site.url_map.iter_rules()
        if "GET" in r.methods and r.rule.startswith("/m/")
    }
    assert rules == shown | set(OTHERWISE)


@pytest.mark.parametrize(("who", "path"), CASES)
def test_on_phone_and_desk_there_is_no_fault_and_nothing_is_cut_off(visit, address, known, who, path):
    """And without JavaScript the same can be read."""
    page, without = visit(who), visit(who, java_script_enabled=False)
    shown = page.goto(address + path.format(**known))
    assert shown.status == 200
    assert len(shown.body()) < WEIGHT
    without.goto(address + path.format(**known))
    plain = without.locator("main").text_content().replace(" ", "").replace("\n", "")
    assert len(plain) > 3
    assert [text for text in page.evaluate(READ) if text not in plain] == []
    assert page.evaluate(SHIFTED) < 0.01, "something jumped"
    page.evaluate(
        "document.querySelectorAll('details').forEach((d) => { d.open = d.querySelectorAll('tr').length < 50; })"
    )
    for wide, high in SIZES.values():
        page.set_viewport_size({"width": wide, "height": high})
        assert page.evaluate("document.documentElement.scrollWidth") <= wide
        assert faults(page) == []
    for wide in NARROW:
        page.set_viewport_size({"width": wide, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= max(wide, 320), wide
    page.set_viewport_size({"width": SIZES["phone"][0], "height": SIZES["phone"][1]})
    assert page.troubles == []
    assert page.fetched == {address}


def test_a_jump_would_be_seen(visit, address):
    page = visit("wang")
    page.goto(f"{address}/m/todo")
    page.wait_for_timeout(100)
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('afterbegin', '<p class=card>a<br>b<br>c<br>d</p>')"
    )
    assert page.evaluate(SHIFTED) > 0.01


@pytest.mark.parametrize(("who", "path"), CASES)
def test_all_of_it_is_reached_by_the_keyboard_and_fit_to_be_printed(visit, address, known, who, path):
    page = visit(who, "phone")  # where a bar lies over the foot of the page
    page.goto(address + path.format(**known))
    _is_reached_by_the_keyboard_in_its_order_and_seen(page)
    _has_in_print_no_buttons_no_menu_and_no_bare_headings(page)


def _is_reached_by_the_keyboard_in_its_order_and_seen(page):
    count = min(page.evaluate(TABBED), 60)
    page.evaluate(TABS_SEEN)
    for _ in range(count):
        page.keyboard.press("Tab")
    tabbed = page.evaluate(TABBED_TO)
    assert len(tabbed) == count
    places = []
    for place, lost, seen, free, element in tabbed:
        assert not lost
        assert seen, element
        assert free, f"under the bar at the foot: {element}"
        gone = place < 0  # 更多: once reached, it makes room for what it loads
        if not gone and (not places or place != places[-1]):  # a day has three parts that are tabbed through
            places.append(place)
    assert places == sorted(set(places))


def _has_in_print_no_buttons_no_menu_and_no_bare_headings(page):
    page.emulate_media(media="print")
    shown = page.evaluate(IN_PRINT)
    page.emulate_media(media="screen")
    assert shown == {"screen_only": [0, 0, 0, 0], "printed": 1, "pictures": 0, "bare": []}
