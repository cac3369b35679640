"""The words and wrong citations that can never leave (law.md 6, forms.md rule 3)."""

from __future__ import annotations

import pytest

from reports import law
from reports.forbidden import WITHHELD, Forbidden, check, find_faults, withhold

PLANTED = [
    "由乡镇人民政府给予批评教育。责令限期改正。",
    "根据《义务教育法》第五条第二条，请送孩子返校。",
    "您不送孩子上学，违法了。",
    "适龄儿童、少年需要专人护理，不能到学校就读的，由县级人民政府教育行政部门统筹安排",
    "并向所在地设区的市级网信部门报送合规审计情况",
    "根据《未成年人保护法》第十三条，父母应当使孩子上学。",
    "未保法第13条规定父母必须送学",
    "《中华人民共和国未成年人保护法》第九条规定，县级以上人民政府民政部门负责",
    "按照《网络安全法》第二十一条保存日志",
    "不送学的，缴纳罚款一百元",
    "不送学的罚一百元",
    "可视具体情况处以罚款",
    "旷课一个月注销学籍",
    "旷课一个月的，注销其学籍",
    "将勒令退学",
    "将开除学籍",
    "将 开　除 该生",
    "学校可以劝退",
    "将给予行政处罚",
    "情节严重的处以拘留",
    "将取消低保",
    "停发您家的各项补助",
    "由学校对家长予以训诫",
    "根据《义务教育法》第十五条，家长应当送学",
    "根据《义务教育法》第二十条处理",
    "根据《中华人民共和国义务教育法》第五条第六款",
    "《中华人民共和国义务教育法》第五条第二款规定：“父母必须让孩子上学，否则后果自负。”",
]
STRICTER = [
    "责令您于三日内送孩子返校", "您的行为是违法行为", "我们将向法院起诉", "留置即视为送达", "申请强制执行", "撤销监护人资格",
    law.quote("义务教育法", 58), "依据《义务教育法》第六十条", "《未成年人保护法》第一百零八条",
]  # fmt: skip
HARMLESS = [
    *(article.text for article in law.articles().values()),
    "《中华人民共和国义务教育法》第五条第二款规定：“适龄儿童、少年的父母或者其他法定监护人应当依法保证其按时入学接受并完成义务教育。”",
    "公开除外的事项", "处理意见", "第五条、第十一条", "取消了外出打工的打算", "请依法处理", "停课期间", "开学第一天",
    "《乡村振兴促进法》第三条",
]  # fmt: skip


@pytest.mark.parametrize("text", PLANTED)
def test_wrong_texts_in_circulation_are_refused(text: str) -> None:
    with pytest.raises(Forbidden, match="请改写后再出具"):
        check(["平常的一段话", text])


@pytest.mark.parametrize("text", STRICTER)
def test_a_school_letter_is_held_to_more(text: str) -> None:
    assert find_faults(text, school_letter=True)
    assert not find_faults(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_the_law_itself_and_plain_words_pass(text: str) -> None:
    assert find_faults(text) == []


@pytest.mark.parametrize("text", PLANTED)
def test_recorded_words_are_withheld_visibly(text: str) -> None:
    assert withhold(f"家长说：{text}") == WITHHELD


def test_plain_recorded_words_stay() -> None:
    assert withhold("家长同意周一返校") == "家长同意周一返校"
