"""入学率、巩固率 on their page: every figure leads to the children behind it, and shows as many of them as it says."""

from __future__ import annotations

import re

import pytest

from tests.pages.county import TODAY, application, made_store, say
from tests.pages.county import Visitor as Opened

FIGURE = re.compile(r'href="(/m/rates/list\?[^"]*)">(\d+)</a>')


@pytest.fixture
def county(tmp_path):
    store = made_store()
    for who, text in (
        ("li", "李四辍学了，外出打工"), ("li", "是"), ("li", "王五转到青石镇中心小学，手续齐了"), ("wang", "张三是留守儿童"),
    ):  # fmt: skip
        say(store, who, text, TODAY)
    yield application(store, tmp=str(tmp_path))[0]
    store.close()


@pytest.mark.clause("XY-1")
@pytest.mark.parametrize("person", ["zhou", "li", "huang"])
def test_behind_every_figure_stand_as_many_children_as_it_says(county, person):
    visitor = Opened(county, person)
    units = re.findall(r'href="(/m/rates\?unit=[^"]+)"', visitor.get("/m/rates").text)
    assert units or person == "li"
    figures = [link for unit in ["/m/rates", *units[:4]] for link in FIGURE.findall(visitor.get(unit).text)]
    assert figures
    for address, count in figures:
        page = visitor.get(address.replace("&amp;", "&"))
        assert page.status_code == 200
        assert f"名单（{count}人）" in page.text
        assert len(re.findall(r'<span class="grow">', page.text)) == min(int(count), 50)


def test_who_is_not_counted_is_named_with_the_reason(county):
    visitor = Opened(county, "li")
    assert "李四" in visitor.get("/m/rates/list?rate=enrolment&part=missing").text
    assert "王五" not in visitor.get("/m/rates/list?rate=enrolment&part=missing").text
    assert "张三" in visitor.get("/m/rates/list?rate=left_behind&part=counted").text


def test_a_unit_out_of_reach_and_a_figure_that_is_none_are_not_found(county):
    visitor = Opened(county, "li")
    for address in (
        "/m/rates?unit=s2",
        "/m/rates/list?unit=s2&rate=enrolment&part=due",
        "/m/rates/list?rate=enrolment&part=x",
    ):
        assert visitor.get(address).status_code == 404
    assert Opened(county, "huang").get("/m/rates/list?rate=disabled&part=due").status_code == 404


@pytest.mark.clause("FJ-3")
def test_a_child_who_learns_elsewhere_with_proof_is_counted(tmp_path):
    store = made_store()
    say(store, "liu", "摸排发现陈小花8岁没上学，住上坪村", TODAY)
    zhou = Opened(application(store, tmp=str(tmp_path))[0], "zhou")
    missing, counted = (f"/m/rates/list?unit=t1&rate=enrolment&part={part}" for part in ("missing", "counted"))
    assert re.search(r"陈小花.*?未入学", zhou.get(missing).text, re.S)
    say(store, "huang", "在外就学 陈小花：惠州市第一小学，有就读证明", TODAY)
    later = Opened(application(store, tmp=str(tmp_path / "later"))[0], "zhou")  # its figures are not kept from before
    assert "陈小花" not in later.get(missing).text
    assert re.search(r"陈小花.*?外地就读", later.get(counted).text + later.get(f"{counted}&page=2").text, re.S)
    store.close()
