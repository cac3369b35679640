"""Who may open what: one table of roles and pages, and the same answer for what is not theirs as for what is not."""

from __future__ import annotations

import pytest

from bot.pages.shell import MENU
from tests.pages.county import ROLES, TODAY, say

ALL = frozenset(ROLES)
CLASSES = frozenset({"teacher", "subject_teacher", "school", "principal"})
LEADERS = frozenset({"school", "principal", "township", "county", "admin"})
COUNTY = frozenset({"county", "admin"})
ADMIN = frozenset({"admin"})
PAGES = {
    "/m/todo": ALL,
    "/m/pending": ALL,
    "/m/pending?which=all&late=1": ALL,
    "/m/ledgers": ALL,
    "/m/ledgers?which=age": ALL,
    "/m/ledgers?which=special": ALL,
    "/m/roll": CLASSES,
    "/m/report": LEADERS,
    "/m/county": LEADERS,
    "/m/rates": LEADERS,
    "/m/lists": ALL,
    "/m/numbers": ALL,
    "/m/lists/risks": ALL,
    "/m/work/deputy": ALL,
    "/m/arrivals": CLASSES - {"teacher", "subject_teacher"} | COUNTY,
    "/m/compare": COUNTY,
    "/m/settings": ADMIN,
    "/m/settings/people": ADMIN,
    "/m/settings/person/wang": ADMIN,
    "/m/settings/waiting": COUNTY,
    "/m/settings/calendar": ADMIN,
    "/m/settings/policy": ADMIN,
    "/m/settings/import/staff": ADMIN,
    "/m/settings/unknown": ADMIN,
    "/m/settings/letters": ADMIN,
}
# p1 张三: class c1 of school s1, village v1 of township t1. p100: another school and township.
PUPILS = {"p1": ALL, "p100": COUNTY, "nobody": frozenset()}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", PAGES)
def test_each_role_and_page(as_role, role, page):
    response = as_role(role).get(page)
    assert response.status_code == (200 if role in PAGES[page] else 403)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("pupil", PUPILS)
@pytest.mark.parametrize("part", ["", "/contact", "/dropout"])
def test_each_role_and_child(as_role, role, pupil, part):
    response = as_role(role).get(f"/m/pupil/{pupil}{part}")
    assert response.status_code == (200 if role in PUPILS[pupil] else 404)


def test_the_menu_offers_what_opens_and_nothing_else(as_role):
    for role in ROLES:
        visitor = as_role(role)
        text = visitor.page("/m/todo")
        for page, allowed in PAGES.items():
            if page.removeprefix("/m/") in MENU:
                assert (f'href="{page}"' in text.split('class="tabs"')[1]) == (role in allowed), (role, page)


@pytest.mark.parametrize(("outside", "nothing"), [
    ("/m/pupil/p100", "/m/pupil/none"), ("/m/pupil/p100/visit", "/m/pupil/none/visit"),
    ("/m/pending?place=s3", "/m/pending?place=none"), ("/m/ledgers?place=v3", "/m/ledgers?place=none"),
    ("/m/roll?class=c6", "/m/roll?class=none"), ("/m/photo/1", "/m/photo/2"),
])  # fmt: skip
def test_fault_37_what_is_not_theirs_and_what_is_not_are_answered_alike(as_role, outside, nothing):
    one, other = as_role("teacher").get(outside), as_role("teacher").get(nothing)
    assert one.status_code == other.status_code == 404
    assert _without_tokens(one.text) == _without_tokens(other.text)


def _without_tokens(text: str) -> str:
    from tests.pages.county import ONCE

    return ONCE.sub("", text)


def test_a_refusal_is_in_the_trail(as_role, store):
    as_role("teacher").get("/m/pupil/p77")
    with store.look(__import__("datetime").datetime(2025, 9, 18)) as work:
        assert [(t.did, t.person) for t in work.audit.of("pupil:p77")] == [("refused", "wang")]


def test_a_look_at_a_child_is_in_the_trail(as_role, store):
    visitor = as_role("village")
    visitor.page("/m/pupil/p1")
    with store.look(__import__("datetime").datetime(2025, 9, 18)) as work:
        assert ("look", "liu", f"page {visitor.address}") in [
            (t.did, t.person, t.place) for t in work.audit.of("pupil:p1")
        ]


def test_a_look_at_a_list_is_in_the_trail_without_the_words_searched_for(as_role, store):
    visitor = as_role("village")
    visitor.search("张三", which="all")
    say(store, "liu", "待劝返名单", TODAY)
    with store.look(TODAY) as work:
        assert ("look", "liu", f"page {visitor.address}") in [
            (t.did, t.person, t.place) for t in work.audit.of("list:all")
        ]
        assert "张三" not in str([t.detail for t in work.audit.of("list:all")])
        assert ("look", "liu", "chat") in [(t.did, t.person, t.place) for t in work.audit.of("list:pending")]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", ["/m/pending?which=all", "/m/ledgers?which=age", "/m/pending?which=all&searched=1"])
def test_no_list_names_a_child_of_another_unit(as_role, store, role, page):
    """The lists of a role hold exactly those whom its scope covers."""
    import datetime as dt
    import re

    from bot.desks import desk_for

    as_role(role).search("张三", which="all")
    shown = set(re.findall(r"/m/pupil/(p\d+)", as_role(role).page(page)))
    with store.look(dt.datetime(2025, 9, 18, 14)) as work:
        scope = desk_for(work, ROLES[role], "").scope
        assert all(scope.covers(p) for p in work.people.pupils(shown).values())
    assert shown


def test_not_logged_in_is_sent_to_login(app):
    for page in [*PAGES, "/m/pupil/p1", "/m/duty/x", "/m/photo/x"]:
        response = app.test_client().get(page)
        assert response.status_code == 303
        assert response.headers["Location"].startswith("/m/login?next=")
