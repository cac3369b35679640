"""民族: said once of a child or a class, on forms and ledgers since, taken back like anything else."""

from __future__ import annotations

import io

import openpyxl
import pytest

from handlers.nations import NATIONS
from storage.store import Store
from tests.handlers.chat import Chat, words
from tests.pages.county import TODAY


def known(store: Store) -> dict[str, str]:
    """The nation of each pupil of whom it is known, by name."""
    with store.look(TODAY) as work:
        pupils = {p.id: p.name for p in work.people.pupils([f"p{n}" for n in range(1, 60)]).values()}
        details = work.people.details_of(pupils)
    return {pupils[id]: one["ethnicity"] for id, one in details.items() if "ethnicity" in one}


def test_there_are_fifty_six() -> None:
    assert len(set(NATIONS)) == 56


@pytest.mark.clause("FN-4")
def test_said_once_it_stands_on_every_form_and_ledger(chat: Chat, store: Store) -> None:
    for said in ("张三 民族：汉族", "张三是汉族", "张三的民族是汉"):
        assert chat.say("wang", said)[0].startswith("已记：张三，汉族。"), said
    for paper in ("家访表", "劝返表", "辍学情况登记表", "休学审批表"):
        assert "汉族" in words(chat.say("li", f"打印 张三 {paper}")[1][0]), paper
    (ledger,) = chat.say("li", "导出适龄儿童台账")[1]
    page = openpyxl.load_workbook(io.BytesIO(ledger)).active
    heads = [cell.value for cell in page[3]]
    rows = [[cell.value for cell in row] for row in page.iter_rows(4)]
    assert [row[heads.index("民族")] for row in rows if row[heads.index("姓名")] == "张三"] == ["汉族"]


def test_words_into_a_form_are_of_every_form(chat: Chat, store: Store) -> None:
    chat.say("wang", "家访 张三 家长同意明天返校")
    said, _ = chat.say("wang", "张三 家访表 民族：瑶族；家庭情况：跟奶奶住")
    assert "“民族”、“家庭情况”一栏" in said
    assert known(store) == {"张三": "瑶族"}
    assert "瑶族" in words(chat.say("li", "打印 张三 辍学报告书")[1][0])
    assert "不是规范的民族名称，没有记录" in chat.say("wang", "张三 家访表 民族：火星人")[0]


def test_a_whole_class_in_one_breath_and_who_differs(chat: Chat, store: Store) -> None:
    chat.say("wang", "民族：张三汉族、李四瑶族")
    said, _ = chat.say("wang", "全班都是汉族")
    assert "原来登记过的2人不改" in said
    everyone = known(store)
    assert everyone["李四"] == "瑶族"
    assert sorted(set(everyone.values())) == ["汉族", "瑶族"]
    assert "都登记过了" in chat.say("wang", "全班都是汉族")[0]
    chat.say("wang", "撤销")
    assert known(store) == {"张三": "汉族", "李四": "瑶族"}
    chat.say("wang", "李四 民族：壮族")
    chat.say("wang", "撤销 李四")
    assert known(store)["李四"] == "瑶族"
    assert "全班的民族由班主任登记" in chat.say("li", "全班都是汉族")[0]


def test_one_wrong_name_keeps_all_back(chat: Chat, store: Store) -> None:
    assert chat.say("wang", "民族：张三汉族、无此人瑶族")[0].startswith("没有记录。")
    assert chat.say("wang", "民族：张三汉族、李四火星族")[0].startswith("没有记录。")
    assert known(store) == {}
