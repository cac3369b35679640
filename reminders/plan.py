"""Which duties each person must hear of at this minute.

Pure. A person is told of a duty at a step (ahead of its day, on the day, overdue, after a snooze) once;
what has been said is an argument. ``digest`` puts a person's items into messages, escalation is in
``overdue``, roll call in ``rollcall``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from casework.calendar import DAY
from casework.case import Duty
from reminders import circle, hours
from reminders.board import Board
from reminders.message import Note

LATE_DAYS = 3
"""An overdue duty is named on its first workdays, then on the first workday of each week."""
LEAD = 3
"""Workdays before the due date on which a unit's duty is announced."""
GATHER = dt.timedelta(minutes=30)
"""How long what became due after the morning is gathered for a person who was told of such a thing just before."""
ANY_DAY = frozenset({"monthly_report"})
"""Rules whose reminders go out on rest days too (contracts, section 4: its reminders go out on any day)."""
DUE, AHEAD, LATE, AWAKE = "due", "ahead", "late", "awake"


@dataclass(frozen=True, slots=True)
class Item:
    """That a person is to hear of a duty. ``kind`` is DUE, AHEAD, LATE or AWAKE; ``inform``: another one does it."""

    duty: Duty
    person: str
    kind: str
    step: str
    inform: bool = False

    @property
    def note(self) -> Note:
        return Note(self.duty.id, self.step, self.person)


def morning(board: Board) -> list[tuple[str, list[Item]]]:
    """All that is to be said today about open duties, by person: the digest's content."""
    return _by_person(board, [*due_items(board), *ahead_items(board), *late_items(board), *awake_items(board)])


def news(board: Board) -> list[tuple[str, list[Item]]]:
    """What became due today after the digest, for those who did not write it themselves."""
    return _by_person(board, [*due_items(board), *awake_items(board)])


def gathered(
    people: Iterable[tuple[str, list[Item]]], lately: Mapping[str, dt.datetime], board: Board
) -> tuple[list[tuple[str, list[Item]]], dt.datetime | None]:
    """News without what waits to be told together, and the moment at which that is told; None where nothing waits.

    A person who had news within ``GATHER`` hears of the next when that is over, so that children entered one a minute do not
    come one a minute (issue 4, point 5). All who are to hear of a duty hear of it at once. What somebody asked to be
    reminded of now, and what could not be told today any more, does not wait.
    """
    told = list(people)
    last = hours.evening(board.today)
    free = {person: at + GATHER for person, at in lately.items() if board.now < at + GATHER < last}
    waits = {item.duty.id: free[p] for p, mine in told if p in free for item in mine if item.kind == DUE}
    rest = [(p, [item for item in mine if item.kind != DUE or item.duty.id not in waits]) for p, mine in told]
    return [(p, mine) for p, mine in rest if mine], min(waits.values(), default=None)


def known(board: Board) -> list[Note]:
    """What need not be told because the person wrote the record that it follows from, and got the reply."""
    return [item.note for item in due_items(board) if _is_known(item, board)]


def due_step(due: dt.date) -> str:
    """The step of being told that something is due on that day."""
    return f"{DUE}:{due}"


def due_items(board: Board) -> Iterator[Item]:
    """Duties to be spoken of as due, to those who owe them and to those who are told beside them."""
    step_of, today = cache(due_step), board.today
    for duty in board.duties:
        due = duty.due
        if due < today or (due > today and board.speaking_day(due) != today):
            continue
        step = step_of(due)
        for person in duty.who:
            yield Item(duty, person, DUE, step)
        if duty.rule in circle.TOLD_ON_THE_DAY:
            for person in circle.told_beside(duty, board.pupil_of(duty), board.world, today):
                yield Item(duty, person, DUE, step, inform=True)


def ahead_items(board: Board) -> Iterator[Item]:
    """Duties whose day is still to come, on the days on which they are announced."""
    today = board.today
    for duty in board.duties:
        if duty.due > today and today in announced_on(duty, board):
            yield from (Item(duty, person, AHEAD, f"{AHEAD}:{board.today}") for person in duty.who)


def announced_on(duty: Duty, board: Board) -> tuple[dt.date, ...]:
    """The days before its due date on which a duty is mentioned."""
    rule = board.world.policy.rule(duty.rule, duty.due)
    if rule is not None and "remind" in rule.values:  # monthly_report: days of the month (LC-20)
        return tuple(duty.due.replace(day=day) for day in rule.several("remind") if day < duty.due.day)
    if rule is not None and "soft_days" in rule.values:  # leave_contact: reminded from day 7 (FN-18)
        early = duty.due - DAY * (rule.number("calendar_days") - rule.number("soft_days"))
        return (board.speaking_day(early),)
    if duty.unit is None:
        return ()
    day = duty.due
    for _ in range(LEAD):
        day = board.speaking_day(day - DAY)
    return (day,)


def late_items(board: Board) -> Iterator[Item]:
    """Overdue duties, to those who owe them."""
    if not board.is_workday:
        return
    sunday = board.today - DAY * (board.today.weekday() + 1)
    first_of_week = hours.workdays_since(sunday, board.today, board.days) == 1
    for duty in board.duties:
        if duty.overdue(board.today) and (first_of_week or board.late_by(duty.due) <= LATE_DAYS):
            yield from (Item(duty, person, LATE, f"{LATE}:{board.today}") for person in duty.who)


def awake_items(board: Board) -> Iterator[Item]:
    """Duties whose reminder was put off until a moment that has come."""
    for duty in board.duties if board.snoozed else ():
        if duty.due <= board.today:
            for person in duty.who:
                if until := board.woke(duty, person):
                    yield Item(duty, person, AWAKE, f"{AWAKE}:{until:%Y-%m-%dT%H:%M}")


def _by_person(board: Board, items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
    if board.now.time() < hours.DIGEST or not hours.in_hours(board.now):
        return []
    wanted: dict[str, list[Item]] = {}
    for item in items:
        if _is_to_be_said(item, board):
            wanted.setdefault(item.person, []).append(item)
    for mine in wanted.values():
        mine.sort(key=_order)
    # Each duty once a person: what is overdue and was put off is not named twice.
    return [(person, list({item.duty.id: item for item in wanted[person]}.values())) for person in sorted(wanted)]


def _order(item: Item) -> tuple[dt.date, str, tuple[str, str], str]:
    duty = item.duty
    return duty.due, duty.rule, duty.subject, duty.id


def _is_to_be_said(item: Item, board: Board) -> bool:
    duty = item.duty
    if board.said and board.was_said(duty, item.step, item.person):
        return False
    if (board.snoozed and board.is_snoozed(duty, item.person)) or (board.writers and _is_known(item, board)):
        return False
    return board.is_workday or duty.due == board.today or duty.rule in ANY_DAY


def _is_known(item: Item, board: Board) -> bool:
    wrote = (item.person, item.duty.pupil or "") in board.writers
    return wrote and item.kind == DUE and item.duty.id not in board.fresh
