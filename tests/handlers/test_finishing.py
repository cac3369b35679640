"""定稿: a form is finished when nothing is blank, and from then on number and content stay as they are."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest

from bot.desks import desk_for
from bot.papers.paperwork import Wanted, make
from casework.facts import Kind
from handlers import evidence
from reports.wording import KINDS
from storage.store import Store
from tests.handlers.chat import DAY, Chat, number, words


def complete(chat: Chat, who: str, paper: str) -> bytes:
    """The form filled column by column as the bot asks for it, until it is finished."""
    for _ in range(30):
        said, made = chat.say(who, f"定稿 张三 {paper}")
        if made:
            return made[0]
        asked = "、".join(re.findall(r"(?:栏|还没有)：([^。]+)。", said)).split("、")
        assert asked, said
        filled, _ = chat.say(
            who,
            f"张三 {paper} "
            + "；".join(f"{column}：{'汉族' if column == '民族' else '已核对无误'}" for column in asked),
        )
        assert filled.startswith("已写入"), filled
    raise AssertionError("never finished")


@pytest.mark.clause("XY-6", "TA-19")
def test_a_finished_form_keeps_its_number_and_every_byte(chat: Chat) -> None:
    _, (draft,) = chat.say("li", "打印 张三 辍学报告书")
    assert "草　稿" in words(draft)
    chat.now += DAY  # the draft of yesterday keeps its number when it is finished today
    said, made = chat.say("li", "定稿 张三 辍学报告书")
    assert made == []
    assert "张三的《辍学报告书》还不能定稿。\n要补填" in said
    assert "、提请事项" in said
    assert "名册和记录里还没有：" in said
    final = complete(chat, "li", "辍学报告书")
    assert "草　稿" not in words(final)
    assert "＿＿＿＿＿" not in words(final).replace("校长：＿＿＿＿＿＿", "")
    assert number(final) == number(draft) != ""
    chat.say("wang", "家访 张三 家长同意明天返校")
    chat.now += 3 * DAY
    assert chat.say("li", "打印 张三 辍学报告书")[1] == [final]
    assert chat.say("wang", "打印 张三 辍学报告书")[1] == [final]
    assert "已经定稿，没有写入" in chat.say("li", "张三 辍学报告书 提请事项：再写")[0]
    assert "已经定稿，不用再定" in chat.say("li", "张三的辍学报告书定稿")[0]
    told = [text for text in chat.sent("li") if "已定稿" in text]
    assert len(told) == 1
    assert f"（{number(final)}）已定稿，内容和编号不再变" in told[0]


def test_a_finished_form_is_taken_back_and_finished_again_under_the_same_number(chat: Chat) -> None:
    first = complete(chat, "li", "辍学报告书")
    assert chat.say("li", "撤销 张三")[0].startswith("已撤销：\n· 张三")
    chat.say("li", "张三 辍学报告书 提请事项：请协调民政部门")
    (draft,) = chat.say("li", "打印 张三 辍学报告书")[1]
    assert "草　稿" in words(draft)
    (again,) = chat.say("li", "定稿 张三 辍学报告书")[1]
    assert number(again) == number(first)
    assert "请协调民政部门" in words(again)


def test_a_second_letter_is_begun_anew_on_another_day(chat: Chat) -> None:
    first = complete(chat, "li", "劝学通知书")
    assert "今天不能另起" in chat.say("li", "另起 张三 劝学通知书")[0]
    chat.now += DAY
    (second,) = chat.say("li", "另起一份 张三 劝学通知书")[1]
    assert "草　稿" in words(second)
    assert number(second) != number(first)
    chat.say("li", "撤销 张三")
    assert chat.say("li", "打印 张三 劝学通知书")[1] == [first], "begun anew by mistake"
    chat.say("li", "另起 张三 劝学通知书")
    chat.now += DAY
    finished = complete(chat, "li", "劝学通知书")
    assert number(finished) == number(second)
    assert chat.say("li", "打印 张三 劝学通知书")[1] == [finished]
    with zipfile.ZipFile(io.BytesIO(chat.say("li", "张三 劝返材料")[1][0])) as archive:
        held = [archive.read(name) for name in archive.namelist() if "劝学通知书" in name and "定稿" in name]
    assert {first, finished} <= set(held), "the first letter is no longer in force, and is kept"


def test_the_log_of_a_child_says_in_words_what_was_done(chat: Chat) -> None:
    chat.say("wang", "记辅导 张三 每周三补数学")
    chat.say("wang", "张三由李主任包联")
    (log,) = chat.say("li", "打印 张三 劝返过程记录")[1]
    page = openpyxl.load_workbook(io.BytesIO(log)).active
    said = {row[3].value for row in page.iter_rows(4) if isinstance(row[0].value, int)}
    assert {"缺勤", "学习辅导"} <= said
    assert [word for word in said if str(word).isascii()] == []
    assert {kind.value for kind in Kind} - KINDS.keys() <= {"report", "closure", "teaching", "void"}


def test_a_single_word_fills_a_column(chat: Chat) -> None:
    assert chat.say("li", "张三 辍学报告书 提请事项：无")[0].startswith("已写入")


def test_a_finished_file_changed_on_disk_is_never_handed_out(chat: Chat) -> None:
    final = complete(chat, "li", "辍学报告书")
    (file,) = chat.folder.rglob("*.sealed")
    whole = file.read_bytes()
    for changed in (whole[:-1] + bytes([whole[-1] ^ 1]), final, b"", whole[:20]):
        file.write_bytes(changed)
        said, made = chat.say("li", "打印 张三 辍学报告书")
        assert made == []
        assert "的定稿文件不在了，或者被改动过，不能发出。请联系管理员从备份恢复" in said
    file.unlink()
    assert "不能发出" in chat.say("li", "打印 张三 辍学报告书")[0]
    file.write_bytes(whole)
    assert chat.say("li", "打印 张三 辍学报告书")[1] == [final]


def test_a_running_record_begins_anew_with_the_next_visit(chat: Chat) -> None:
    first = complete(chat, "wang", "劝返表")
    assert chat.say("wang", "打印 张三 劝返情况记录表")[1] == [first]
    chat.say("wang", "家访 张三 家长同意明天返校")
    (draft,) = chat.say("wang", "打印 张三 劝返情况记录表")[1]
    assert "草　稿" in words(draft)


@pytest.mark.clause("LC-18", "TA-19")
def test_the_signed_scan_of_a_finished_record_is_missing_until_it_is_here(chat: Chat, store: Store) -> None:
    complete(chat, "wang", "劝返表")
    assert "张三（青石镇中学八年级3班） 今天9月18日（周四）的《劝返情况记录表》" in chat.say("li", "表格缺签字")[0]
    assert "请先发签好字的照片" in chat.say("wang", "签字表")[0]  # the finished file itself is no scan

    def missing() -> tuple[str, ...]:
        with store.look(chat.now) as work:
            return make(work, desk_for(work, "wang", ""), Wanted("persuasion_record", "p1")).missing

    scan = "签字盖章的扫描件（监护人、两名劝返人员、校长）"
    assert scan in missing()
    with store.begin(chat.now) as work:
        said = evidence.receive(desk_for(work, "wang", "photo"), "m1", "image").text
    assert said == "照片已归到张三9月18日的劝返情况记录表。如果拍的是签好字的劝返情况记录表，请回“签字表”。"
    assert chat.say("wang", "签字表")[0] == "已记：张三9月18日的劝返情况记录表有签好字的劝返情况记录表。"
    assert scan not in missing()
    assert chat.say("li", "劝返表缺签字")[0] == "本学年定稿的表格、填好的劝返情况记录表都有签字扫描件。"


@pytest.mark.clause("LC-33", "TA-16")
def test_a_form_holds_what_was_typed_of_this_child_alone(chat: Chat) -> None:
    typed = "家访 张三 家长说孩子不想读了，不同意返校，跟舅舅去东莞打工"
    chat.say("wang", typed)
    chat.say("wang", "张三、李四家里都去了，家长都不在家")
    (form,) = chat.say("wang", "打印 张三 劝返情况记录表")[1]
    assert typed.removeprefix("家访 张三 ") in words(form)
    assert "李四" not in words(form)


@pytest.mark.clause("XY-6")
def test_a_report_cites_the_notice_that_was_served_not_a_draft_made_since(chat: Chat) -> None:
    (served,) = chat.say("li", "打印 张三 劝学通知书")[1]
    chat.say("li", "给张三家长送达劝学通知书")
    chat.now += DAY
    (later,) = chat.say("li", "打印 张三 劝学通知书")[1]
    (report,) = chat.say("li", "打印 张三 辍学报告书")[1]
    assert number(served) in words(report)
    assert number(later) not in words(report)


def test_who_may_see_less_gets_no_finished_file(chat: Chat) -> None:
    complete(chat, "wang", "劝返表")
    said, made = chat.say("chen", "打印 张三 劝返情况记录表")
    assert made == []
    assert "里面有您看不到的内容" in said
