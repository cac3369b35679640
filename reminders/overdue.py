"""What goes up: overdue duties one step a workday, vacant posts to the administrator, reports made to those who must know.

Pure; who stands above whom is in ``casework.rungs``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from casework import rungs
from casework.case import Duty
from casework.rungs import DONE, UP
from casework.terms import ROLES, say_day
from reminders import alike, circle, hours, wording
from reminders.board import Board
from reminders.message import Message, Note, digest_of, fit, key
from reminders.plan import GATHER

CLAUSES = {"XY-8": ("escalate", "record"), "FN-2": ("escalate",)}


@dataclass(frozen=True, slots=True)
class Rise:
    """That an overdue duty goes to a person above; ``known`` were told before, ``beside`` hear of it at the same time."""

    duty: Duty
    person: str
    step: str
    known: tuple[str, ...]
    beside: tuple[str, ...]


def escalations(board: Board) -> list[Message]:
    """At 8:10 of a workday: each overdue duty one step higher than the workday before."""
    if board.now.time() < hours.ESCALATION or not hours.in_hours(board.now) or not board.is_workday:
        return []
    rises = [
        rise
        for duty in board.duties
        if duty.overdue(board.today)
        for rise in _rise(duty, board.told_up.get(duty.id, {}), board)
    ]
    rises.sort(key=lambda r: (r.person, r.duty.subject, r.duty.due, r.duty.rule, r.duty.id))
    return [_report(person, list(mine), board) for person, mine in groupby(rises, key=lambda r: r.person)]


def _rise(duty: Duty, told: Mapping[str, Mapping[str, dt.datetime]], board: Board) -> Iterable[Rise]:
    late_by = board.late_by(duty.due)
    if any(at.date() == board.today for people in told.values() for at in people.values()) or len(told) >= late_by:
        return []
    known = (*duty.who, *(person for people in told.values() for person in people))
    coming = rungs.left(duty, board.pupil_of(duty), board.world, board.today, told)[:1]
    return [
        Rise(
            duty, person, rungs.step_up(rung.role, duty, board.was_said(duty, f"{UP}:{rung.role}", person)), known,
            tuple(p for p in rung.people if p != person),
        )
        for rung in coming
        for person in rung.people
    ]  # fmt: skip


def _report(person: str, rises: Sequence[Rise], board: Board) -> Message:
    lines = [f"逾期报告（{say_day(board.today)}）：以下{len(rises)}项到期没有记录，请您督促。"]
    lines += alike.lines((_row(list(mine), board) for _, mine in groupby(rises, key=lambda r: r.duty.subject)), board)
    first = rises[0].duty
    told = {**board.told_up.get(first.id, {}), ":".join(rises[0].step.split(":")[:2]): (person,)}
    up = rungs.left(first, board.pupil_of(first), board.world, board.today, told)
    tail = ["记录一到，这些提醒就停。"]
    if up:
        tomorrow = dt.datetime.combine(hours.next_workday(board.today, board.days), hours.ESCALATION)
        tail.append(f"仍然没有记录的，{wording.say_when(tomorrow)}再告知{ROLES[up[0].role]}。")
    return Message(
        key=key("overdue", board.today, person, digest_of(f"{r.duty.id} {r.step}" for r in rises)),
        to=person,
        text=fit(lines, tail, ask="逾期名单"),
        not_before=board.now,
        expires=hours.evening(board.today),
        rules=tuple(sorted({r.duty.rule for r in rises})),
        duties=tuple(r.duty.id for r in rises),
        notes=tuple(Note(r.duty.id, r.step, person) for r in rises),
    )


def _row(mine: Sequence[Rise], board: Board) -> alike.Row:
    """A pupil or unit with all that is overdue there."""
    beside = [board.name_of(p) for p in dict.fromkeys(p for rise in mine for p in rise.beside)]
    return alike.Row(mine[0].duty, [_late(rise, board) for rise in mine], beside)


def _late(rise: Rise, board: Board) -> wording.Step:
    owners = "、".join(board.name_of(p) for p in rise.duty.who)
    return wording.say_late(rise.duty, owners, [board.name_of(p) for p in rise.known])


def fulfilled(
    board: Board, done: Iterable[Duty], by: Mapping[str, str], lately: Mapping[str, dt.datetime]
) -> tuple[list[Message], dt.datetime | None]:
    """Reports that were made, to those who are to know of them, in one message each, and when what waits is told.

    ``by`` is who made each; ``lately`` since when a person was told of such a thing: the next then waits (``GATHER``).
    """
    if not hours.in_hours(board.now):
        return [], None
    mine: dict[str, list[tuple[Duty, list[str]]]] = {}
    for duty in done:
        if not board.is_workday and not (duty.closed and duty.closed.date() == board.today == duty.due):
            continue
        told = circle.told_when_done(duty, board.pupil_of(duty), board.world, board.today)
        people = [p for p in told if p != by.get(duty.id)]
        for person in people:
            if not board.was_said(duty, DONE, person):
                mine.setdefault(person, []).append((duty, [p for p in people if p != person]))
    last = hours.evening(board.today)
    waits = {p: lately[p] + GATHER for p in mine if p in lately and board.now < lately[p] + GATHER < last}
    messages = [_knowledge(person, news, by, board) for person, news in mine.items() if person not in waits]
    return messages, min(waits.values(), default=None)


def _knowledge(person: str, news: Sequence[tuple[Duty, list[str]]], by: Mapping[str, str], board: Board) -> Message:
    lines = []
    for duty, others in news:
        maker = by.get(duty.id, "")
        told = [board.name_of(p) for p in others]
        lines.append(wording.say_fulfilled(board.subject(duty), duty, board.name_of(maker) if maker else "", told))
    first = board.pupil_of(news[0][0])
    ids = [duty.id for duty, _ in news]
    return Message(
        key=key("done", ids[0], person) if len(ids) == 1 else key("done", board.today, person, digest_of(ids)),
        to=person,
        text=fit(*wording.say_known(lines, first.name if first else ""), ask="待劝返名单"),
        not_before=board.now,
        rules=tuple(sorted({duty.rule for duty, _ in news})),
        duties=tuple(ids),
        notes=tuple(Note(id, DONE, person) for id in ids),
    )
