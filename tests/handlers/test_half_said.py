"""As people type who have no time: half a sentence, an answer in their own words, a question in passing."""

from __future__ import annotations

import datetime as dt

import pytest

from casework.facts import Kind
from handlers import wording
from tests.handlers.chat import Chat

SINCE = dt.timedelta(hours=1)


def kept(chat: Chat, who: str) -> list[tuple[str, Kind, str]]:
    """What that person's messages of this hour recorded and was not taken back: whom, what, how it ended."""
    with chat.store.look(chat.now) as work:
        facts = work.cases.recent_by(who, chat.now - SINCE)
        names = {f.pupil: work.people.pupil(f.pupil).name for f in facts if f.pupil}
        gone = {f.data.get("target") or f.data.get("fact") for f in facts if f.kind is Kind.VOID}
    told = [f for f in facts if f.kind is not Kind.VOID and f.id not in gone]
    return [(names[f.pupil], f.kind, str(f.data.get("outcome", ""))) for f in told]


@pytest.mark.parametrize(("words", "kind", "outcome"), [
    ("打电话了没人接", Kind.CONTACT, "nobody"), ("门锁着 没人", Kind.VISIT, "nobody"), ("家长不同意", Kind.CONTACT, "refused"),
    ("他奶奶说去打工了", Kind.CONTACT, "away"),
])  # fmt: skip
def test_words_that_lack_a_name_ask_for_it_and_record_with_it(chat: Chat, words: str, kind: Kind, outcome: str) -> None:
    chat.say("wang", "李四没来")
    before = kept(chat, "wang")
    asked, _ = chat.say("wang", words)
    assert asked.startswith("请问说的是哪名学生？")
    assert "李四" in asked
    assert kept(chat, "wang") == before
    chat.say("wang", "1")
    assert kept(chat, "wang")[len(before) :] == [("李四", kind, outcome)]


@pytest.mark.parametrize(
    "words", ["帮我订两张去省城的票", "今天天气怎么样", "要不要去", "许多孩子不想读书，怎么办才好"]
)
def test_what_is_no_report_with_any_name_asks_for_none(chat: Chat, words: str) -> None:
    assert "哪名学生" not in chat.say("wang", words)[0]


def test_an_open_question_takes_an_answer_in_ones_own_words(chat: Chat) -> None:
    assert "结果是？" in chat.say("wang", "家访 李四")[0]
    assert chat.say("wang", "门锁着，没有人")[0].startswith("已记：李四")
    assert "李四怎么了？" in chat.say("wang", "李四怕是不念了")[0]
    assert chat.say("wang", "他奶奶说去打工了")[0].startswith("已记：李四")
    assert kept(chat, "wang") == [("李四", Kind.VISIT, "nobody"), ("李四", Kind.CONTACT, "away")]


def test_what_is_not_understood_of_one_pupil_is_asked_and_kept(chat: Chat) -> None:
    chat.say("wang", "李四没来")
    before = kept(chat, "wang")
    assert chat.say("wang", "李四迟到，已经到了")[0].startswith("李四怎么了？")
    assert kept(chat, "wang") == before
    chat.say("wang", "3")
    assert kept(chat, "wang")[len(before) :] == [("李四", Kind.RETURN, "")]
    with chat.store.look(chat.now) as work:
        assert any("李四迟到" in row.text for row in work.inbox.unknowns())


@pytest.mark.parametrize("words", ["那我下一步干嘛", "今天有没有要报的", "接下来该做啥"])
def test_whoever_asks_what_next_gets_what_is_to_be_done(chat: Chat, words: str) -> None:
    assert "待办" in chat.say("wang", words)[0].splitlines()[0]


def test_an_open_question_does_not_take_what_is_no_answer(chat: Chat) -> None:
    chat.say("wang", "家访 李四")
    before = kept(chat, "wang")
    assert chat.say("wang", "上次那个谁来着")[0].startswith("这句话没有记录。请先回答上一个问题")
    assert kept(chat, "wang") == before


def test_not_so_many_days_corrects_the_absence_of_the_pupil_named(chat: Chat) -> None:
    chat.say("wang", "李四 王五 今天没来")
    chat.say("wang", "陈晨没来")
    said, _ = chat.say("wang", "不对，李四是2天")
    assert said.startswith("已撤销：\n· 李四")
    assert "缺勤第2天" in said
    assert {name for name, _, _ in kept(chat, "wang")} >= {"李四", "王五"}


def test_a_home_is_told_to_those_responsible_and_to_nobody_else(chat: Chat) -> None:
    said, _ = chat.say("wang", "张三他爸电话给我一下")
    assert "电话：138" in said
    assert "给张三家长打电话" in said
    assert "现住址" in chat.say("wang", "张三家住哪")[0]
    with chat.store.look(chat.now) as work:
        assert any(t.detail.get("home") for t in work.audit.of("pupil:p1")), "a look at a home is in the trail"
    other, _ = chat.say("he", "张三家长电话多少")
    assert "138" not in other


@pytest.mark.parametrize(
    "words",
    [
        "张三书面报告交了",
        "张三的书面报告已经报乡镇和县局了",
        "已经交了张三的书面报告",
        "张三书面报告已交镇里",
        "张三书面报告今天送到镇里和县局了",
    ],
)
def test_paperwork_is_told_as_done_by_its_name(chat: Chat, words: str) -> None:
    assert "书面报告乡镇和县教育局" in chat.say("li", "全部待办")[0]
    assert chat.say("li", words)[0].startswith("已记：张三 书面报告乡镇和县教育局，已完成")


def test_paperwork_without_a_name_is_chosen_and_anothers_is_not_ended(chat: Chat) -> None:
    assert "请回“完成 序号”" in chat.say("li", "书面报告交了")[0]
    assert "由控辍专干办，没有记录" in chat.say("wang", "张三书面报告交了")[0]


def test_a_unit_is_asked_after_by_its_name(chat: Chat) -> None:
    assert "青石镇中学八年级3班共" in chat.say("li", "八三班怎么样")[0]
    assert "发“各班情况”" in chat.say("li", "学校情况")[0]
    assert "青石镇共" in chat.say("zhou", "青石镇怎么样")[0]
    assert "青石镇共" not in chat.say("wang", "青石镇怎么样")[0], "not in her reach"
    assert "没看懂" in chat.say("zhou", "今天天气怎么样")[0]


def test_what_is_not_understood_is_answered_with_what_is_like_it(chat: Chat) -> None:
    assert "导出疑似辍学台账" in chat.say("zhou", "把青石镇的台账发给我")[0]


def test_a_report_taken_back_is_named_in_words(chat: Chat) -> None:
    assert "已提交" in chat.say("li", "提交本月月报")[0]
    said, _ = chat.say("li", "撤回月报")
    assert "提交2025年9月月报" in said
    assert "report" not in said


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.CLOSURE, Kind.TEACHING, Kind.LEAVE)])
def test_no_record_is_told_by_its_code(kind: Kind) -> None:
    assert kind in wording._FACT_WORDS


def test_what_is_asked_from_above_is_answered(chat: Chat) -> None:
    assert "3所学校" in chat.say("zhou", "哪个学校问题最大")[0]
    assert "个班" in chat.say("li", "给我各班的出勤")[0]
    assert "控辍保学月报" in chat.say("li", "月报什么时候交")[0]
    assert "逾期名单" in chat.say("huang", "哪些村没去家访")[0]


def test_who_has_been_away_for_long_is_counted_in_school_days(chat: Chat) -> None:
    """张三 has been away for four school days."""
    assert "张三" in chat.say("wang", "哪些孩子超过3天没来")[0]
    assert "张三" in chat.say("wang", "缺勤4天以上的学生")[0]
    assert "张三" not in chat.say("wang", "缺勤超过4天的学生")[0]
    assert "张三" not in chat.say("wang", "一周没来的有哪些")[0]
    assert "张三" not in chat.say("he", "缺勤4天以上的学生")[0], "another class"


@pytest.fixture
def back(chat: Chat) -> Chat:
    """张三, who was suspected, came back a week ago: the first follow-up is due."""
    chat.say("wang", "张三回来了")
    chat.now += dt.timedelta(days=6, hours=20)
    return chat


@pytest.mark.parametrize("words", [
    "张三表现挺好", "张三返校后表现正常", "张三作业也交了，挺稳定的", "张三还在", "张三最近学习挺认真", "回访张三，一切正常", "张三没再缺课",
])  # fmt: skip
def test_that_a_child_who_is_back_fares_well_is_the_follow_up(back: Chat, words: str) -> None:
    assert "张三 今天9月25日（周四）前 返校后跟踪回访" in back.say("wang", "待办")[0]
    said, _ = back.say("wang", words)
    assert said.startswith("已记：张三"), said
    assert [(name, kind) for name, kind, _ in kept(back, "wang")] == [("张三", Kind.CONTACT)]


@pytest.mark.parametrize("words", ["张三表现不好", "张三这两天上课睡觉", "张三表现挺好吗", "张三以前表现挺好"])
def test_that_it_does_not_fare_well_is_no_follow_up(back: Chat, words: str) -> None:
    assert "已记" not in back.say("wang", words)[0]


def test_of_a_child_who_never_was_away_it_records_nothing(chat: Chat) -> None:
    assert "已记" not in chat.say("wang", "王五表现挺好")[0]
