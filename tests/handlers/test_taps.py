"""A tap on a card goes through the same door as a typed message, also when it has to ask back."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.desks import desk_for
from casework.terms import OUTCOMES
from handlers import taps, wording
from reminders.cards import ASK as UNCHOSEN_ON_CARD
from reminders.cards import WELL, duty_card
from tests.support.talk import Stage

MONDAY = dt.datetime(2025, 11, 3, 8, 0)


@pytest.fixture
def stage() -> Stage:
    stage = Stage("national", MONDAY)
    stage.say("王老师", "张三缺勤")
    return stage


def duty_of(stage: Stage, rule: str) -> str:
    with stage.store.look(stage.now) as work:
        return next(d.id for d in work.cases.duties(pupil="p1") if d.rule == rule)


def test_a_tap_with_its_outcome_is_recorded(stage: Stage) -> None:
    key = f"contact|{duty_of(stage, 'absence_contact')}"
    assert "电话联系：不同意返校" in stage.tap("王老师", key, "refused")
    assert stage.tap("王老师", key, "refused") == taps.GONE


@pytest.mark.parametrize("act", ["contact", "visit"])
@pytest.mark.parametrize("outcome", [code for code in OUTCOMES if code != "returned"])
def test_each_outcome_of_a_card_is_recorded_as_it_was_chosen(stage: Stage, act: str, outcome: str) -> None:
    said = stage.tap("王老师", f"{act}|{duty_of(stage, f'absence_{act}')}", outcome)
    assert OUTCOMES[outcome] in said
    with stage.store.look(stage.now) as work:
        fact = [f for f in work.cases.facts("p1") if f.kind.value == act][-1]
    assert (fact.data["outcome"], fact.by) == (outcome, "wang")


def test_a_visit_is_heard_though_a_call_has_met_what_the_card_named_first(stage: Stage) -> None:
    """The card asks for the call and the visit; another colleague's call must not swallow the visit tapped on it."""
    key = f"visit|{duty_of(stage, 'absence_contact')}"
    stage.say("李主任", "给张三爸爸打电话，不同意返校")
    assert "家访：" in stage.tap("王老师", key, "refused")
    assert stage.tap("王老师", key.replace("visit", "contact"), "refused") == taps.GONE


def test_a_tap_without_outcome_asks_and_the_answer_completes_it(stage: Stage) -> None:
    key = f"visit|{duty_of(stage, 'absence_visit')}"
    assert "结果是？" in stage.tap("王老师", key)
    assert "家访：没联系上人" in stage.say("王老师", "3")


def test_the_option_shown_first_is_no_outcome(stage: Stage) -> None:
    assert "结果是？" in stage.tap("王老师", f"visit|{duty_of(stage, 'absence_visit')}", taps.UNCHOSEN)
    assert UNCHOSEN_ON_CARD == taps.UNCHOSEN


def test_how_a_child_who_is_back_is_doing_is_one_choice_of_the_follow_ups_card(stage: Stage) -> None:
    options = duty_card("k", "", (), "", ["return_followup"], "d")["choice"]["options"]
    assert options[:2] == [[taps.UNCHOSEN, "请选择"], [WELL, "在校正常"]]
    assert not {"agreed", "returned"} & {code for code, _ in options}
    assert [WELL, "在校正常"] not in duty_card("k", "", (), "", ["persist"], "d")["choice"]["options"]
    stage.pass_until(MONDAY + dt.timedelta(days=3))
    stage.say("王老师", "张三返校")
    stage.pass_until(MONDAY + dt.timedelta(days=10))
    assert "电话联系：在校正常" in stage.tap("王老师", f"contact|{duty_of(stage, 'return_followup')}", WELL)
    with stage.store.look(stage.now) as work:
        steps = work.cases.duties(pupil="p1", status=None)
    assert [d.status for d in steps if d.rule == "return_followup"] == ["done", "open", "open", "open"]


def test_returned_absent_and_leave_by_one_tap(stage: Stage) -> None:
    assert "返校" in stage.tap("王老师", "return|pupil:p1")
    assert "缺勤" in stage.tap("王老师", "absence|pupil:p2")
    assert "请假" in stage.tap("王老师", "leave|pupil:p2")


LATER = (  # of a card whose call is due that day: when it was tapped, when it comes again, what is said of the day
    (dt.time(8, 0), "今天11:00", "当天办完就不逾期"),
    (dt.time(18, 20), "今天20:00", "当天办完就不逾期"),
    (dt.time(19, 40), "明天7:40", "到那时已逾期"),
)


@pytest.mark.parametrize(("tapped", "again", "of_the_day"), LATER)
def test_later_holds_back_only_the_reminder_and_stays_on_the_last_day(stage: Stage, tapped, again, of_the_day) -> None:
    duty = duty_of(stage, "absence_contact")
    stage.now = dt.datetime.combine(MONDAY.date(), tapped)
    said = stage.tap("王老师", f"snooze|{duty}")
    assert again in said.replace("11月3日（周一）", "").replace("11月4日（周二）", "")
    assert of_the_day in said
    assert duty_of(stage, "absence_contact") == duty


def test_later_of_what_is_overdue_or_due_another_day_is_the_next_morning(stage: Stage) -> None:
    duty = duty_of(stage, "absence_contact")
    stage.now = MONDAY + dt.timedelta(days=3)
    assert "）7:40" in stage.tap("王老师", f"snooze|{duty}")


def test_who_names_a_later_day_gets_it_and_hears_that_the_last_day_passes(stage: Stage) -> None:
    said = stage.say("王老师", "张三的提醒明天再说")
    assert "）7:40" in said
    assert "到那时已逾期" in said


@pytest.mark.parametrize("who", ["唐老师", "吴主任", "胡干事"])
def test_nobody_taps_outside_their_scope(stage: Stage, who: str) -> None:
    duty = duty_of(stage, "absence_contact")
    assert stage.tap(who, f"contact|{duty}", "agreed") == taps.GONE
    assert stage.tap(who, "return|pupil:p1") == taps.GONE
    assert stage.tap(who, "return|pupil:nobody") == taps.GONE


def test_an_open_question_never_traps(stage: Stage) -> None:
    stage.tap("王老师", f"visit|{duty_of(stage, 'absence_visit')}")
    assert "待办" in stage.say("王老师", "待办")
    assert stage.say("王老师", "取消") == wording.NOTHING_OPEN


@pytest.mark.parametrize("words", ["稍后", "稍後", "好的，晚点再办", "等会儿"])
def test_later_typed_alone_is_of_the_one_pupil_due_today_and_of_several_is_asked(stage: Stage, words: str) -> None:
    """Where cards are not shown the reminder is a text, and the word of its button is typed."""
    assert "张三的提醒推迟到今天" in stage.say("王老师", words)
    stage.say("王老师", "李四缺勤")
    assert "请写明推迟哪名学生" in stage.say("王老师", words)


def test_short_commands_are_read_in_traditional_characters_too(stage: Stage) -> None:
    assert stage.say("王老师", "風險名單") == stage.say("王老师", "风险名单")


@pytest.mark.parametrize(("words", "says"), [
    ("家访 张三 家长不同意返校", "李主任 11月3日已家访"), ("张三今天回来上课了", "李主任 11月3日已返校"),
])  # fmt: skip
def test_a_card_tapped_too_late_says_who_did_it(stage: Stage, words: str, says: str) -> None:
    key = f"visit|{duty_of(stage, 'absence_visit')}"
    stage.say("李主任", words)
    with stage.store.begin(stage.now) as work:
        said = taps.tap(desk_for(work, "wang", "tap:late"), key, {}, "")
    assert (said.text, said.on_card) == (taps.GONE, says)


@pytest.mark.parametrize("words", ["张三的提醒明天再说", "张三的提醒周日再说"])
def test_a_reminder_put_off_to_a_rest_day_is_said_to_come_when_it_does(stage: Stage, words: str) -> None:
    stage.now = dt.datetime(2025, 11, 7, 9, 0)  # a Friday
    assert "推迟到11月10日（周一）7:40" in stage.say("王老师", words)
