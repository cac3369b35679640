"""What follows from a list is a tap on its page: a form about each child, a form, another list, a paper; never words to type."""

from __future__ import annotations

import html
import re

import pytest

from bot.pages.lists import LISTS
from bot.pages.onward import ONWARD
from tests.pages.county import ROLES, TODAY, Visitor, application, made_store, say

TYPED = re.compile(r"请发|请回|发“|回“|发到聊天|发到这里|例如：(?:张三|记|抽查)")
SAID = (
    ("li", "寄出核查函 王五：惠城区教育局"), ("li", "转介 李四 给民政：请核实救助"), ("li", "李四转到青石镇中心小学，手续齐了"),
    ("wang", "何雨桐有辍学倾向"), ("wang", "刘子轩学习困难"), ("wang", "何雨桐是留守儿童"), ("wang", "何雨桐由陈老师包联"),
    ("liu", "摸排发现陈小花8岁没上学，住上坪村"), ("liu", "陈小花 没有户口"), ("li", "平台疑似名单里有张三"),
    ("chen", "家访 张三 家长不同意返校"), ("li", "记宣传：家长会上发放一封信"), ("wang", "记谈心 张三 情绪稳定"),
    ("zhou", "给民政链接，到月底"), ("chen", "校长让我劝退何雨桐"), ("li", "刘子轩骨折，9月18日起休学"),
)  # fmt: skip


def _at_work(store):
    for who, text in SAID:
        say(store, who, text, TODAY)


@pytest.fixture(scope="module", params=["empty", "at work"])
def site(request, tmp_path_factory):
    store = made_store(_at_work) if request.param == "at work" else made_store()
    return application(store, tmp=str(tmp_path_factory.mktemp("files")))[0]


@pytest.fixture(scope="module")
def at_work(tmp_path_factory):
    return application(made_store(_at_work), tmp=str(tmp_path_factory.mktemp("files")))[0]


def mine(visitor):
    return re.findall(r'href="(/m/lists/\w+)"', visitor.page("/m/lists"))


def links(page):
    main = page.partition("<main")[2]
    return {html.unescape(href) for href in re.findall(r'href="(/m/[^"]+)"', main)}


def test_every_list_says_what_follows_from_it():
    assert ONWARD.keys() == LISTS.keys()
    assert not [name for name, one in ONWARD.items() if TYPED.search(one.tip)]
    assert {name for row in ONWARD.values() for name in row.lists} <= LISTS.keys()


@pytest.mark.parametrize("role", ROLES)
def test_no_list_tells_to_type_and_every_tap_opens(site, role):
    visitor, opened = Visitor(site, ROLES[role]), set[str]()
    for path in mine(visitor):
        page = visitor.page(path)
        assert not TYPED.search(page.partition("<main")[2]), path
        opened |= {href for href in links(page) if "/m/ledgers/file" not in href and not href.startswith("/m/lists")}
    for href in sorted(opened):
        visitor.page(href)
    assert opened


def test_a_form_stands_beside_each_child_filled_in_as_far_as_the_list_tells(at_work):
    teacher, office, county = (Visitor(at_work, who) for who in ("wang", "li", "zhou"))
    page = teacher.page("/m/lists/struggling")
    form = next(href for href in links(page) if href.endswith("/help?what=tutoring"))
    assert 'aria-label="记谈心、帮扶：' in page
    assert '<option value="tutoring" selected>' in teacher.page(form)
    assert any(href.endswith("/letter_reply") for href in links(office.page("/m/lists/letters")))
    assert any(href.endswith("/place_at") for href in links(county.page("/m/lists/found")))
    assert not any(href.endswith("/place_at") for href in links(Visitor(at_work, "liu").page("/m/lists/found")))


def test_an_empty_list_says_how_a_child_comes_onto_it(at_work):
    page = Visitor(at_work, "tang").page("/m/lists/mine")
    assert "要指定包联人，请先找到学生，在学生页面点“指定包联人”。" in page
    assert "/m/pending?which=all" in links(page)
    found = Visitor(at_work, "tang").page("/m/lists/found")
    assert "/m/new/found" in links(found)


def test_a_school_in_a_list_leads_to_its_pupils(at_work):
    township = Visitor(at_work, "huang")
    for name in ("schools", "silent"):
        page = township.page(f"/m/lists/{name}")
        ways = [href for href in links(page) if "place=s" in href]
        assert ways, name
        assert "王五" in township.page("/m/pending?which=all&place=s1")
    assert "/m/pending?which=all&place=s1" in links(township.page("/m/lists/schools"))


def test_a_paper_of_the_list_comes_to_the_chat_or_the_desk(at_work):
    visitor = Visitor(at_work, "li")
    page = visitor.page("/m/lists/helper")
    assert "包联安排表发到企业微信" in page
    assert "正在生成《包联安排表》" in visitor.post("/m/lists/helper", "/m/ledgers/send", what="helpers").text
    assert visitor.get("/m/ledgers/file?what=helpers").status_code == 200
