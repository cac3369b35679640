"""When to be asked again: snoozing the reminders about a pupil."""

from __future__ import annotations

import datetime as dt

from casework.terms import say_day
from handlers.desk import Desk, Said
from handlers.understanding.actions import Action

MORNING = dt.time(7, 40)
LONGEST = dt.timedelta(days=14)
WHOSE = "请写明推迟哪名学生的提醒，例如：张三的提醒明天再说。不写学生不能推迟；事情办完并记录了，提醒就停。"


def snooze(desk: Desk, action: Action) -> Said:
    """Hold back one's own reminders about these pupils until a moment, at most two weeks.

    The duty stays due and overdue as it is, and what goes to others goes to them: only the reminder waits.
    """
    if not action.students:
        return Said(WHOSE)
    until = min(_until(desk, action), desk.now + LONGEST)
    if until <= desk.now:  # 今天不要提醒我: the next is tomorrow's
        until = dt.datetime.combine(desk.today + dt.timedelta(days=1), MORNING)
    for mention in action.students:
        desk.work.outbox.snooze(desk.writer.id, mention.candidates[0], until)
    names = "、".join(m.name for m in action.students)
    when = f"{say_day(until.date(), desk.today)} {until:%H:%M}"
    return Said(f"好的，{names}的提醒推迟到{when}。期限不变，逾期仍会报告上级。")


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
    return dt.datetime.combine(desk.today + dt.timedelta(days=int(slots.get("days", 1))), MORNING)
