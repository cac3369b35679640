"""When to be asked again: snoozing the reminders about a pupil.

A bare 稍后 on the last day of what is owed stays on that day: it means an hour later, not that the day may pass. Whoever
names a later day gets it, and hears that the day passes.
"""

from __future__ import annotations

import datetime as dt
import re

from casework.access import ACTIONS
from casework.terms import say_day
from handlers.answer import not_recorded
from handlers.command import Command, command
from handlers.desk import Desk, Said
from handlers.understanding.actions import Action, Mention

MORNING = dt.time(7, 40)
LONGEST = dt.timedelta(days=14)
SAME_DAY, AT_LATEST, TOO_LATE = dt.timedelta(hours=3), dt.time(20, 0), dt.time(19, 30)
"""How much later on the last day, until when, and from when on there is no later on it."""
WHOSE = "请写明推迟哪名学生的提醒，例如：张三的提醒明天再说。不写学生不能推迟；事情办完并记录了，提醒就停。"


def snooze(desk: Desk, action: Action) -> Said:
    """Hold back one's own reminders about these pupils until a moment, at most two weeks.

    The duty stays due and overdue as it is, and what goes to others goes to them: only the reminder waits.
    """
    if not action.students:
        return not_recorded(WHOSE)
    wanted = _until(desk, action)
    until, capped = (_next_morning(desk, LONGEST.days), True) if wanted > desk.now + LONGEST else (wanted, False)
    if until <= desk.now:  # 今天不要提醒我: the next is tomorrow's
        until = _next_morning(desk)
    until = _on_a_workday(desk, until)
    for mention in action.students:
        desk.work.outbox.snooze(desk.writer.id, mention.candidates[0], until)
    names = "、".join(m.name for m in action.students)
    when = (
        f"{say_day(until.date(), desk.today)}{until.hour}:{until:%M}{f'（最多推迟{LONGEST.days}天）' if capped else ''}"
    )
    last = _last_day(desk, action)
    return Said(
        f"好的，{names}的提醒推迟到{when}。{_of_the_day(last, until, desk.today)}", on_card=_in_short(until, desk.today)
    )


def _in_short(until: dt.datetime, today: dt.date) -> str:
    """For the place of the buttons of a card."""
    day = "今天" if until.date() == today else f"{until.month}月{until.day}日"
    return f"{day}{until.hour}:{until:%M}再提醒"


def _of_the_day(last: dt.date | None, until: dt.datetime, today: dt.date) -> str:
    """What becomes of the day on which the first of it falls due."""
    if last is None or last < today or until.date() < last:
        return "期限不变，逾期仍会报告上级。"
    day = say_day(last, today)
    if until.date() == last:
        return f"期限是{day}，当天办完就不逾期。"
    return f"期限是{day}，到那时已逾期，逾期会报告上级；请尽量在期限前办。"


def _last_day(desk: Desk, action: Action) -> dt.date | None:
    """The first day, from today on, on which something of one's own about these pupils falls due; an overdue one before it."""
    ids = {mention.candidates[0] for mention in action.students}
    own = [d.due for id in ids for d in desk.work.cases.duties(pupil=id) if desk.writer.id in d.who]
    ahead = [due for due in own if due >= desk.today]
    return min(ahead or own, default=None)


def _on_a_workday(desk: Desk, moment: dt.datetime) -> dt.datetime:
    """That hour of the first workday from that day on: on a rest day nobody is reminded."""
    day = desk.days.add_workdays(moment.date() - dt.timedelta(days=1), 1)
    return dt.datetime.combine(day, moment.time()) if day else moment


def _next_morning(desk: Desk, days: int = 1) -> dt.datetime:
    return dt.datetime.combine(desk.today + dt.timedelta(days=days), MORNING)


EARLIEST, LATEST = dt.time(7, 30), dt.time(20, 29)
"""The hours within which a reminder can come (``reminders.hours``)."""


def _at_the_hour(desk: Desk, day: object, clock: object) -> dt.datetime:
    """The hour said, of the day said or else the next such hour; without an hour that morning."""
    hour = min(max(dt.time.fromisoformat(str(clock)), EARLIEST), LATEST) if clock else MORNING
    moment = dt.datetime.combine(dt.date.fromisoformat(str(day)) if day else desk.today, hour)
    return moment if day or moment > desk.now else moment + dt.timedelta(days=1)


def _until(desk: Desk, action: Action) -> dt.datetime:
    slots = action.slots
    if slots.get("hours"):
        return desk.now + dt.timedelta(hours=float(slots["hours"]))
    if slots.get("until") or slots.get("clock"):
        return _at_the_hour(desk, slots.get("until"), slots.get("clock"))
    days = slots.get("days")
    today_still = days == 0 or (days is None and _last_day(desk, action) == desk.today)
    if not today_still or desk.now.time() >= TOO_LATE:
        return _next_morning(desk, int(days or 1))
    return min(desk.now + SAME_DAY, dt.datetime.combine(desk.today, AT_LATEST))


def _later(desk: Desk, found: re.Match[str]) -> Said:
    """稍后 alone, as on a card: of the one pupil about whom the writer has something to do today, else it is asked whose."""
    due = {duty.pupil for duty in desk.work.cases.todo(desk.writer.id) if duty.pupil and duty.due <= desk.today}
    pupil = desk.work.people.pupil(due.pop()) if len(due) == 1 else None
    students = (Mention(pupil.name, (pupil.id,)),) if pupil else ()
    return snooze(desk, Action("snooze", students))


COMMANDS: tuple[Command, ...] = (
    command(
        "稍后",
        ACTIONS["snooze"].roles,
        _later,
        r"(?:好的?|知道了|收到)?[，,。\s]*(?:稍后|晚点|迟点|等会儿?|等一会儿?|待会儿?|过会儿?|一会儿)(?:再说|再)?(?:提醒|办|处理|弄|报)?我?(?:吧|哈|啊)?[。.！!]?",
    ),
)
