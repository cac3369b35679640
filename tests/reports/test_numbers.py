"""Numbered papers: counted by unit, kind and year; the same paper keeps its number; what is not made takes none."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest

from bot.files import make_for
from bot.papers.paperwork import NotMade
from reports.forms import read_texts
from storage.store import Store
from tests.pages.county import TODAY, made_store, say, wake


@pytest.fixture
def store() -> Iterator[Store]:
    store = made_store()
    say(store, "wang", "家访 张三 家长说不想读了，不同意返校", TODAY)
    wake(store, TODAY)
    yield store
    store.close()


def number(store: Store, tmp_path, who: str, what: str, pupil: str, now: dt.datetime = TODAY) -> str:
    _, content = make_for(store, tmp_path, "", who, {"what": what, "pupil": pupil}, now)
    return next(iter(re.findall(r"\S+〔\d{4}〕\d+号", "\n".join(read_texts(content)))), "")


def test_papers_are_counted_by_unit_kind_and_year(store, tmp_path):
    with store.look(TODAY) as work:
        units = work.world.directory
        school = units.units[units.at_level(work.people.pupil("p1").class_id, "school")].name
    day, year = dt.timedelta(days=1), dt.timedelta(days=366)
    assert number(store, tmp_path, "li", "notice_form", "p1") == f"{school}劝学〔2025〕1号"
    assert number(store, tmp_path, "li", "notice_form", "p2") == f"{school}劝学〔2025〕2号"
    assert number(store, tmp_path, "li", "visit_form", "p1") == f"{school}家访〔2025〕1号"
    assert number(store, tmp_path, "li", "notice_form", "p1", TODAY + day) == f"{school}劝学〔2025〕3号"
    assert number(store, tmp_path, "li", "notice_form", "p1", TODAY + year) == f"{school}劝学〔2026〕1号"


def test_the_same_paper_asked_for_again_keeps_its_number(store, tmp_path):
    first = number(store, tmp_path, "li", "notice_form", "p1")
    number(store, tmp_path, "li", "notice_form", "p2")
    assert first == number(store, tmp_path, "li", "notice_form", "p1", TODAY + dt.timedelta(hours=2)) != ""
    with store.look(TODAY) as work:
        kept = [t for t in work.audit.of("pupil:p1") if t.did == "number"]
        assert [(t.person, t.detail["number"]) for t in kept] == [("li", 1)]


def test_a_paper_that_is_not_made_takes_no_number(store, tmp_path):
    with pytest.raises(NotMade):
        number(store, tmp_path, "li", "order", "p1")  # only the township or the bureau orders
    with store.look(TODAY) as work:
        assert [t for t in work.audit.of("pupil:p1") if t.did == "number"] == []
