"""待劝返 narrowed: by village, school, class, group, what is overdue and a name; each list holds those and no others."""

from __future__ import annotations

import re

import pytest

from casework.case import AWAY
from casework.scope import Scope
from tests.pages.county import TODAY, Visitor, application, made_store, say

EVERYBODY = Scope(True)


@pytest.fixture(scope="module")
def store():
    return made_store(absent_everywhere)


@pytest.fixture(scope="module")
def app(store):
    return application(store)[0]


def absent_everywhere(store):
    """A child of each class is absent, and one was marked."""
    with store.look(TODAY) as work:
        teachers = {p.unit: p.person for p in work.people.posts() if p.role == "teacher"}
        rows = [row for row in work.cases.listing(EVERYBODY, limit=1000)[0] if row.case.state == "in_school"]
    names = [row.pupil.name for row in rows]
    for unit, teacher in sorted(teachers.items()):
        child = next(r.pupil for r in rows if r.pupil.class_id == unit and names.count(r.pupil.name) == 1)
        say(store, teacher, f"{child.name} 缺勤 第2天", TODAY)
    say(store, "li", "标注张三贫困", TODAY)


def away(store):
    with store.look(TODAY) as work:
        rows, _ = work.cases.listing(EVERYBODY, states=AWAY, limit=1000)
        return [(row, work.world.directory) for row in rows]


def overdue(row):
    return row.next_duty is not None and row.next_duty.overdue(TODAY.date())


@pytest.mark.parametrize(("asked", "belongs"), [
    ("", lambda row, directory: True),
    ("place=v1", lambda row, directory: row.pupil.village_id == "v1"),
    ("place=s3", lambda row, directory: directory.at_level(row.pupil.class_id, "school") == "s3"),
    ("group=poor", lambda row, directory: "poor" in row.pupil.groups),
    ("late=1", lambda row, directory: overdue(row)),
    ("place=s1&late=1", lambda row, directory: overdue(row) and directory.at_level(row.pupil.class_id, "school") == "s1"),
])  # fmt: skip
def test_each_filter_leaves_those_it_names(app, store, asked, belongs):
    wanted = sorted(row.pupil.id for row, directory in away(store) if belongs(row, directory))
    assert wanted, "a list of nobody shows nothing"
    page = Visitor(app, "zhou").page(f"/m/pending?{asked}")
    assert sorted(re.findall(r'href="/m/pupil/(p\d+)"', page)) == wanted
    assert f"（{len(wanted)}人）" in page


def test_a_name_is_searched_by_form_and_does_not_stand_in_the_address(app, store):
    visitor = Visitor(app, "zhou")
    shown = visitor.post("/m/pending", "/m/pending", q="张三", which="pending")
    assert shown.headers["Location"] == "/m/pending?which=pending&searched=1"
    assert re.findall(r'href="/m/pupil/(p\d+)"', visitor.page(shown.headers["Location"])) == ["p1"]


def test_who_is_on_another_list_is_found_by_a_tap(app):
    visitor = Visitor(app, "zhou")
    page = visitor.search("何雨桐", which="dropout", late="1")
    assert "这份名单里没有“何雨桐”" in page
    href = re.search(r'href="(/m/pending\?which=all&amp;searched=1)">看这(\d+)人', page)
    found = visitor.page(href[1].replace("&amp;", "&"))
    assert f"（{href[2]}人）" in found
    assert "<strong>何雨桐</strong>" in found


def test_of_another_persons_child_a_search_says_nothing(app, store):
    other = next(
        row.pupil for row, directory in away(store) if directory.at_level(row.pupil.class_id, "school") == "s3"
    )
    page = Visitor(app, "wang").search(other.name)
    assert f"您负责的学生里没有姓名像“{other.name}”的" in page
    assert "看这" not in page


def test_a_list_that_had_grown_is_shown_as_long_as_it_was(app):
    visitor = Visitor(app, "zhou")
    once = [re.findall(r'href="/m/pupil/(p\d+)"', visitor.page(f"/m/pending?which=all&page={n}")) for n in (1, 2, 3)]
    page = visitor.page("/m/pending?which=all&to=3")
    assert re.findall(r'href="/m/pupil/(p\d+)"', page) == once[0] + once[1] + once[2]
    assert "page=4" in page
    assert len(re.findall(r'href="/m/pupil/(p\d+)"', visitor.page("/m/pending?which=all&page=2&to=1"))) == 20
    assert "后面没有了" not in visitor.page("/m/pending?which=all&to=99999")


def test_a_printed_list_says_how_many_are_not_on_the_paper(app):
    visitor = Visitor(app, "zhou")
    many = int(re.search(r"全部学生（(\d+)人）", visitor.page("/m/pending?which=all"))[1])
    for asked, shown in (("", 20), ("&page=2", 40), ("&to=3", 60), ("&page=2&part=rows", 40)):
        page = visitor.page(f"/m/pending?which=all{asked}")
        assert f'<span class="on-paper">后面还有{many - shown}人没有打印' in page
    assert "没有打印" not in visitor.page("/m/pending?which=dropout")
