"""Which duties each person hears of, and when: tables in plain dates."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.case import Case
from casework.terms import RULES
from reminders import hours
from reminders.digest import MOST_CARDS, compose
from reminders.message import Note
from reminders.plan import morning, news
from tests.reminders.stage import PUPILS, board, day, duty


def told(now, *duties, **more):
    """Who hears of which rules in the morning's messages."""
    messages = compose(morning(b := board(now, *duties, **more)), b)
    return sorted({(m.to, rule) for m in messages for rule in m.rules})


@pytest.mark.parametrize(
    ("now", "due", "hears"),
    [
        ("9-10 07:39", "9-10", False),  # before the hour
        ("9-10 07:40", "9-10", True),
        ("9-10 20:29", "9-10", True),  # after an outage, still that day
        ("9-10 20:30", "9-10", False),
        ("9-10 07:40", "9-11", False),  # not yet
        ("9-11 07:40", "9-10", True),  # overdue
        ("9-15 07:40", "9-10", True),  # three workdays overdue
        ("9-16 07:40", "9-10", False),  # then once a week:
        ("9-22 07:40", "9-10", True),  # on Monday
        ("9-12 07:40", "9-13", True),  # due on Saturday: the workday before
        ("9-13 07:40", "9-12", False),  # nothing about what is overdue on a rest day
        ("9-30 07:40", "10-5", True),  # due in the holiday: the workday before it
        ("10-9 07:40", "10-5", True),  # the first workday after
        ("10-11 07:40", "10-11", True),  # a make-up Saturday is a workday
    ],
)
def test_a_duty_of_a_pupil_is_told_on_its_day(now, due, hears):
    assert told(now, duty("absence_contact", due)) == ([("wang", "absence_contact")] if hears else [])


@pytest.mark.parametrize(
    ("now", "hears"),
    [
        ("10-19 07:40", False),
        ("10-20 07:40", True),
        ("10-21 07:40", False),
        ("10-23 07:40", True),
        ("10-24 07:40", True),
        ("10-25 07:40", False),  # Saturday, overdue since the 24th
        ("10-27 07:40", True),  # overdue
    ],
)
@pytest.mark.clause("LC-20")
def test_fault_31_monthly_report_is_asked_for_on_its_days(now, hears):
    report = duty("monthly_report", "10-24", ("li",), unit="s")
    assert told(now, report, pack="longchuan") == ([("li", "monthly_report")] if hears else [])


def test_monthly_report_reminders_go_out_on_any_day():
    report = duty("monthly_report", "9-25", ("li",), unit="s")
    saturday = board("9-20 07:40", report)
    assert not hours.is_workday(day("9-20"), saturday.days)
    assert told("9-20 07:40", report) == [("li", "monthly_report")]


@pytest.mark.parametrize(("now", "hears"), [("9-16 07:40", False), ("9-17 07:40", True), ("9-24 07:40", True)])
@pytest.mark.clause("FN-18")
def test_leave_contact_is_mentioned_from_day_seven(now, hears):
    assert told(now, duty("leave_contact", "9-24"), pack="fengnan") == ([("wang", "leave_contact")] if hears else [])


def test_a_units_duty_is_announced_three_workdays_before():
    review = duty("quarterly_review", "9-30", ("xian",), unit="")
    days = [n for n in range(22, 31) if told(f"9-{n} 07:40", review)]
    assert days == [26, 30]  # Friday; the make-up Sunday 28 September counts


@pytest.mark.parametrize(
    ("rule", "who", "beside"),
    [
        ("absence_plan", ("li",), ["xz"]),
        ("joint_persuasion", ("zhen",), ["cun"]),
        ("suspected_review", ("li",), ["wang"]),
        ("absence_visit", ("wang",), []),
    ],
)
def test_who_is_told_beside_the_owner(rule, who, beside):
    hears = {person for person, _ in told("9-10 07:40", duty(rule, "9-10", who))}
    assert hears == {*who, *beside}


def test_one_digest_counts_and_cards_follow_for_what_is_due_today():
    duties = [
        duty("absence_contact", "9-10"),
        duty("absence_visit", "9-10"),
        duty("absence_contact", "9-10", pupil="p1"),
        duty("absence_contact", "9-9", pupil="p2"),
    ]
    b = board("9-10 07:40", *duties)
    digest, *cards = compose(morning(b), b)
    assert "2名学生" in digest.text
    assert "王五" in digest.text
    assert "张三" not in digest.text
    assert [m.duties for m in cards] == [(duties[0].id, duties[1].id), (duties[2].id,)]
    assert [button["text"] for button in cards[0].card["buttons"]] == ["已联系", "已家访", "已返校", "稍后"]
    assert digest.not_before < cards[0].not_before
    assert digest.card["figure"] == ["4", "项要办"]


def test_a_single_card_needs_no_digest():
    b = board("9-10 07:40", duty("absence_contact", "9-10"))
    (card,) = compose(morning(b), b)
    assert card.card["buttons"]


def test_work_that_a_title_has_no_room_for_stands_whole_in_the_body():
    """A title ends after 36 characters: the third piece of work would be owed and not be seen."""
    rules = ("absence_contact", "absence_visit", "absence_joint_visit", "persist", "persuasion_record")
    b = board("9-10 07:40", *(duty(rule, "9-10") for rule in rules), pack="longchuan")
    (message,) = compose(morning(b), b)
    assert len(message.card["title"]) <= 36
    assert "共5项" in message.card["title"]
    assert all(RULES[rule] in message.card["body"] for rule in rules)


def test_a_heap_comes_as_digest_alone():
    duties = [duty("absence_contact", "9-10", pupil=p.id) for p in PUPILS[: MOST_CARDS + 1]]
    b = board("9-10 07:40", *duties)
    (digest,) = compose(morning(b), b)
    assert all(p.name in digest.text for p in PUPILS[: MOST_CARDS + 1])


def test_the_writer_got_the_reply_and_the_others_are_told_at_once():
    plan = duty("absence_plan", "9-10", ("li",))
    contact = duty("absence_contact", "9-10")
    b = board("9-10 10:00", plan, contact, writers=frozenset({("wang", "p0")}))
    assert {person for person, _ in news(b)} == {"li", "xz"}


def test_what_arose_by_itself_is_told_to_the_writer_too():
    review = duty("suspected_review", "9-10", ("li",))
    b = board("9-10 12:00", review, writers=frozenset({("wang", "p0")}), fresh=frozenset({review.id}))
    assert {person for person, _ in news(b)} == {"li", "wang"}


def test_what_was_said_is_not_said_again():
    contact = duty("absence_contact", "9-10")
    assert told("9-10 07:40", contact, said=(Note(contact.id, "due:2025-09-10", "wang"),)) == []


@pytest.mark.parametrize(("until", "hears"), [("9-11 07:40", []), ("9-10 09:00", ["wang"])])
def test_a_snoozed_duty_waits_and_comes_back(until, hears):
    contact = duty("absence_contact", "9-10")
    moment = dt.datetime.combine(day(until.split()[0]), dt.time.fromisoformat(until.split()[1]))
    b = board(
        "9-10 09:00", contact, said=(Note(contact.id, "due:2025-09-10", "wang"),), snoozed={("wang", "p0"): moment}
    )
    assert [person for person, _ in news(b)] == hears


def test_a_reminder_says_why_what_ends_it_and_what_happens_otherwise():
    visit = duty("absence_visit", "9-10")
    case = Case("p0", "suspected", day=3, since=day("9-8"), unverified=2)
    b = board("9-10 07:40", visit, cases={"p0": case})
    (card,) = compose(morning(b), b)
    for words in ("缺勤第3天", "2天无人报告", "国家通行做法", "家访 张三", "9月11日（周四）8:10", "控辍专干"):
        assert words in card.text


def test_silence_closes_xiuyans_month_and_the_reminder_says_so():
    report = duty("monthly_report", "11-25", ("li",), unit="s")
    b = board("11-25 07:40", report, pack="xiuyan")
    (message,) = compose(morning(b), b)
    assert "未报视为0" in message.text


@given(
    now=st.datetimes(dt.datetime(2025, 9, 1), dt.datetime(2026, 7, 10)),
    dues=st.lists(
        st.tuples(
            st.sampled_from(
                ["absence_contact", "absence_plan", "monthly_report", "quarterly_review", "leave_contact", "persist"]
            ),
            st.dates(dt.date(2025, 9, 1), dt.date(2026, 7, 10)),
            st.sampled_from([p.id for p in PUPILS]),
        ),
        max_size=12,
    ),
)
def test_nothing_outside_hours_or_on_rest_days_unless_it_is_that_days(now, dues):
    duties = []
    for rule, due, pupil in dues:
        unit = {"monthly_report": "s", "quarterly_review": ""}.get(rule)
        more = {"unit": unit} if unit is not None else {}
        duties.append(duty(rule, f"{due.month}-{due.day}", ("li",), pupil, **more))
    duties = list({d.id: d for d in duties}.values())
    b = board("9-1 00:00", *duties)
    b = type(b)(now, b.world, tuple(duties), b.pupils, b.cases, b.name_of)
    messages = compose(morning(b), b)
    by_id = {d.id: d for d in duties}
    for message in messages:
        assert dt.time(7, 30) <= message.not_before.time() < dt.time(20, 30)
        assert len(message.text.encode()) <= 2048
        if not hours.is_workday(now.date(), b.days):
            assert all(by_id[i].due == now.date() or by_id[i].rule == "monthly_report" for i in message.duties)
    notes = [note for message in messages for note in message.notes]
    assert len(notes) == len(set(notes))
