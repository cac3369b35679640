"""Papers of a unit itself: own words, 定稿, 另起, 撤销定稿, by what each of them is about."""

from __future__ import annotations

import re

import pytest

from bot.desks import desk_for
from handlers import evidence
from storage.store import Store
from tests.handlers.chat import DAY, Chat, number, words


def complete(chat: Chat, who: str, paper: str, month: str = "") -> bytes:
    """The paper filled column by column as the bot asks for it, until it is finished."""
    for _ in range(9):
        said, made = chat.say(who, f"定稿 {month}{paper}")
        if made:
            return made[0]
        asked = "、".join(re.findall(r"(?:栏|还没有)：([^。]+)。", said)).split("、")
        filled, _ = chat.say(who, f"{month}{paper} " + "；".join(f"{column}：已核对" for column in asked))
        assert filled.startswith("已写入"), filled
    raise AssertionError("never finished")


MEETING = "记班主任会议：9月15日通报出勤，应到20人，实到18人"


@pytest.mark.clause("LC-5")
def test_minutes_are_of_the_last_meeting_with_the_words_of_who_held_it(chat: Chat) -> None:
    assert (
        "还没有会议记录。请先记会议"
        in chat.say("li", "会议记录 地点：二楼会议室")[0] + chat.say("li", "定稿 会议记录")[0]
    )
    chat.say("li", MEETING)
    said, _ = chat.say("li", "会议记录 会议地点：二楼会议室；决议：各班每天点名，实到人数：99")
    assert said.startswith("已写入青石镇中学的《会议记录》“会议地点”、“决议”、“实到人数”一栏")
    said, _ = chat.say("li", "定稿 会议记录")
    assert "《会议记录》还不能定稿。\n要补填" in said
    final = complete(chat, "li", "会议记录")
    assert "二楼会议室" in words(final)
    assert "草　稿" not in words(final)
    assert re.search("18$", words(final), re.MULTILINE), "what the record knows stands"
    assert "99" not in words(final)
    assert number(final) == "青石镇中学会议〔2025〕1号"
    assert chat.say("li", "打印会议记录")[1] == [final]
    assert "已经定稿，没有写入。要改请先发：撤销定稿 会议记录" in chat.say("li", "会议记录 决议：改了")[0]
    chat.say("li", "记班子会：9月17日研究控辍保学，12人")
    (next_one,) = chat.say("li", "打印会议记录")[1]
    assert "二楼会议室" not in words(next_one), "another meeting, another paper"
    assert number(next_one) == "青石镇中学会议〔2025〕2号"


@pytest.mark.clause("TA-32")
def test_a_finished_self_report_is_kept_taken_back_and_begun_anew(chat: Chat, store: Store) -> None:
    chat.say("zhou", "自查报告 存在的问题：两名学生还没有劝返")
    first = complete(chat, "zhou", "自查报告")
    assert "两名学生还没有劝返" in words(first)
    assert "已核对" in words(first)
    chat.now += 30 * DAY
    assert chat.say("zhou", "打印自查报告")[1] == [first]
    assert "没有定稿" not in chat.say("zhou", "撤销定稿 自查报告")[0]
    chat.say("zhou", "自查报告 存在的问题：一名学生还没有劝返")
    again = complete(chat, "zhou", "自查报告")
    assert number(again) == number(first) != ""
    assert "一名学生还没有劝返" in words(again)
    said, (draft,) = chat.say("zhou", "另起 自查报告")
    assert "原来定稿的一份仍然保存" in said
    assert "草　稿" in words(draft)
    assert number(draft) != number(again)
    chat.say("zhou", "撤销")
    assert chat.say("zhou", "打印自查报告")[1] == [again], "begun anew by mistake"


def test_a_month_s_circular_is_one_paper_and_the_next_month_s_another(chat: Chat) -> None:
    chat.say("zhou", "9月部门通报单 参加部门：公安局、民政局")
    final = complete(chat, "zhou", "部门通报单", "9月")
    assert "公安局、民政局" in words(final)
    chat.now += 30 * DAY
    assert chat.say("zhou", "打印9月部门通报单")[1] == [final]
    (october,) = chat.say("zhou", "打印部门通报单")[1]
    assert "公安局、民政局" not in words(october)


def test_every_paper_of_a_school_can_be_finished(chat: Chat) -> None:
    for paper in ("目标责任书", "一校一案", "致家长的一封信", "辍学学生花名册（报送）"):
        final = complete(chat, "li", paper)
        assert "草　稿" not in words(final)
        assert chat.say("li", f"打印{paper}")[1] == [final]


def test_columns_go_by_the_words_beside_them_on_the_paper(chat: Chat) -> None:
    chat.say("li", MEETING)
    said, _ = chat.say("li", "会议记录 责任人和期限：各班主任，9月30日；缺席人员和原因：两人请假；时间：改不了")
    assert said.startswith("已写入青石镇中学的《会议记录》“责任人和期限”、“缺席人员和原因”、“时间”一栏")
    text = words(chat.say("li", "打印会议记录")[1][0])
    assert "两人请假" in text
    assert "改不了" not in text


@pytest.mark.clause("LC-25")
def test_the_roll_of_dropouts_names_those_on_their_ledger(chat: Chat) -> None:
    (none,) = chat.say("li", "导出报送花名册")[1]
    assert "张三" not in words(none), "suspected is no dropout"
    assert "无" in words(none).splitlines()
    chat.say("li", "确认张三辍学，外出打工")
    chat.say("li", "是")
    assert "张三" in words(chat.say("li", "导出报送花名册")[1][0])


def test_who_leads_no_unit_writes_no_paper_of_it(chat: Chat) -> None:
    for text in ("自查报告 存在的问题：无", "定稿 自查报告", "另起 自查报告", "撤销定稿 自查报告"):
        assert "《自查报告》不由您的单位出具" in chat.say("wang", text)[0]
    assert "里没有“天气”这一栏" in chat.say("zhou", "补填 自查报告 天气：晴")[0]


def test_a_meeting_told_in_the_words_of_its_paper_is_no_column(chat: Chat) -> None:
    assert "已写入" not in chat.say("li", "会议记录 9月15日班子会：研究控辍保学")[0]


@pytest.mark.clause("LC-3", "TA-19")
def test_the_signed_scan_of_a_unit_s_paper_is_missing_until_it_is_here(chat: Chat, store: Store) -> None:
    complete(chat, "li", "目标责任书")
    assert "青石镇中学 今天9月18日（周四）的《目标责任书》" in chat.say("li", "表格缺签字")[0]
    assert "目标责任书" not in chat.say("wang", "表格缺签字")[0]
    with store.begin(chat.now) as work:
        said = evidence.receive(desk_for(work, "li", "photo"), "m1", "image").text
    assert said == "照片已归到青石镇中学9月18日的目标责任书。如果拍的是签好字的目标责任书，请回“签字表”。"
    assert chat.say("li", "签字表")[0] == "已记：青石镇中学9月18日的目标责任书有签好字的目标责任书。"
    assert "都有签字扫描件" in chat.say("li", "表格缺签字")[0]
