"""Which duties each person must hear of at this minute, and in what form: one digest, single cards.

Pure. A person is told of a duty at a step (ahead of it, on the day, overdue, after a snooze) once; what
has been said is an argument. Escalation is in ``overdue``, roll call in ``rollcall``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from casework.calendar import DAY
from casework.case import Duty
from casework.terms import RULES, WEEKDAYS, say_clause, say_day
from reminders import cards, circle, hours, wording
from reminders.board import Board
from reminders.message import Message, Note, digest_of, fit, key

MOST_CARDS = 5
"""More pupils than these on one day, and the digest alone is sent: a handful of cards can be tapped, a heap cannot."""
LATE_DAYS = 3
"""An overdue duty is named on its first workdays, then on the first workday of each week."""
LEAD = 3
"""Workdays before the due date on which a unit's duty is announced."""
SOFT = {"leave_contact": 7}
"""Calendar days before the due date at which a duty is first mentioned (FN-18: every one to two weeks)."""
ANY_DAY = frozenset({"monthly_report"})
MONTHLY_REMINDERS = (20, 23, 24)
"""Days of the month on which the monthly report is asked for, rest days too (LC-20; contracts, section 4)."""
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


def digests(board: Board) -> list[Message]:
    """The morning's messages: all that is to be said today about open duties, one digest a person."""
    return _compose(board, [*due_items(board), *ahead_items(board), *late_items(board), *awake_items(board)])


def news(board: Board) -> list[Message]:
    """What became due today after the digest, told at once to those who did not write it themselves."""
    return _compose(board, [*due_items(board), *awake_items(board)])


def due_items(board: Board) -> Iterator[Item]:
    """Duties to be spoken of as due, to those who owe them and to those who are told beside them."""
    for duty in board.duties:
        if board.today not in (duty.due, hours.speaking_day(duty.due, board.days)) or duty.due < board.today:
            continue
        step = f"{DUE}:{duty.due}"
        yield from (Item(duty, person, DUE, step) for person in circle.doers(duty, board.world, board.today))
        told = circle.told_beside(duty, board.world, board.today)
        yield from (Item(duty, person, DUE, step, inform=True) for person in told)


def ahead_items(board: Board) -> Iterator[Item]:
    """Duties whose day is still to come, on the days on which they are announced."""
    for duty in board.duties:
        if duty.due > board.today and board.today in announced_on(duty, board):
            step = f"{AHEAD}:{board.today}"
            yield from (Item(duty, person, AHEAD, step) for person in circle.doers(duty, board.world, board.today))


def announced_on(duty: Duty, board: Board) -> tuple[dt.date, ...]:
    """The days before its due date on which a duty is mentioned."""
    if duty.rule == "monthly_report":
        return tuple(duty.due.replace(day=day) for day in MONTHLY_REMINDERS if day < duty.due.day)
    if duty.rule in SOFT:
        return (hours.speaking_day(duty.due - DAY * SOFT[duty.rule], board.days),)
    if duty.unit is None:
        return ()
    day = duty.due
    for _ in range(LEAD):
        day = hours.speaking_day(day - DAY, board.days)
    return (day,)


def late_items(board: Board) -> Iterator[Item]:
    """Overdue duties, to those who owe them."""
    if not hours.is_workday(board.today, board.days):
        return
    first_of_week = hours.workdays_since(board.today - DAY * (board.today.weekday() + 1), board.today, board.days) == 1
    for duty in board.duties:
        if not duty.overdue(board.today):
            continue
        if first_of_week or hours.workdays_since(duty.due, board.today, board.days) <= LATE_DAYS:
            step = f"{LATE}:{board.today}"
            yield from (Item(duty, person, LATE, step) for person in circle.doers(duty, board.world, board.today))


def awake_items(board: Board) -> Iterator[Item]:
    """Duties whose reminder was put off until a moment that has come."""
    for duty in board.duties:
        if duty.due > board.today:
            continue
        for person in circle.doers(duty, board.world, board.today):
            if until := board.woke(duty, person):
                yield Item(duty, person, AWAKE, f"{AWAKE}:{until:%Y-%m-%dT%H:%M}")


def _compose(board: Board, items: Iterable[Item]) -> list[Message]:
    """One digest a person of what has not been said, with cards for what a tap can end today."""
    if board.now.time() < hours.DIGEST or not hours.in_hours(board.now):
        return []
    wanted = sorted((i for i in items if _to_be_said(i, board)), key=lambda i: (i.person, i.duty.due, i.duty.rule, i.duty.id))
    return [m for person, mine in groupby(wanted, key=lambda i: i.person) for m in _for_one(person, _once(mine), board)]


def _to_be_said(item: Item, board: Board) -> bool:
    if board.was_said(item.duty, item.step, item.person) or board.is_snoozed(item.duty, item.person):
        return False
    wrote = (item.person, item.duty.pupil or "") in board.writers and item.duty.id not in board.fresh
    if wrote and item.kind == DUE:
        return False
    rest = not hours.is_workday(board.today, board.days)
    return not rest or item.duty.due == board.today or item.duty.rule in ANY_DAY


def _once(items: Iterable[Item]) -> list[Item]:
    """Each duty once a person: what is overdue or put off is not named twice."""
    return list({item.duty.id: item for item in items}.values())


def _for_one(person: str, items: Sequence[Item], board: Board) -> list[Message]:
    by_pupil: dict[str, list[Item]] = {}
    for item in items:
        if item.kind in (DUE, AWAKE) and not item.inform and item.duty.pupil and cards.can_be_tapped(item.duty.rule):
            by_pupil.setdefault(item.duty.pupil, []).append(item)
    if len(by_pupil) > MOST_CARDS:
        by_pupil = {}
    tapped = {item.duty.id for group in by_pupil.values() for item in group}
    listed = [item for item in items if item.duty.id not in tapped]
    out = [_digest(person, listed, len(by_pupil), board)] if listed or len(by_pupil) > 1 else []
    return out + [_card(person, group, board) for group in by_pupil.values()]


def _digest(person: str, items: Sequence[Item], carded: int, board: Board) -> Message:
    sections = [(title, [_line(i, board) for i in items if wanted(i)]) for title, wanted in SECTIONS.items()]
    shown = [(title, lines) for title, lines in sections if lines]
    message_key = key("digest", board.today, person, digest_of([str(carded), *(f"{i.duty.id} {i.step}" for i in items)]))
    body = wording.say_digest(board.today, shown)
    if carded:
        body.insert(1, f"今天有{carded}名学生的工作到期，卡片随后发来，请在卡片上点结果。")
    counts = [(title[:5], f"{len(lines)}项") for title, lines in shown]
    if carded:
        counts.insert(0, ("今天到期", f"{carded}名学生，见后面的卡片"))
    return Message(
        key=message_key,
        to=person,
        text=fit([*body, *outlook(person, items, board)], _ending(items, board)),
        card=cards.digest_card(message_key, f"{say_day(board.today)}的工作提醒", counts),
        # A second earlier, so that the digest is claimed before its cards.
        not_before=board.now - dt.timedelta(seconds=1),
        expires=hours.evening(board.today),
        rules=tuple(sorted({i.duty.rule for i in items})),
        duties=tuple(i.duty.id for i in items),
        notes=tuple(i.note for i in items),
    )


SECTIONS = {
    "今天到期": lambda i: i.kind in (DUE, AWAKE) and not i.inform,
    "已经逾期": lambda i: i.kind == LATE,
    "快要到期": lambda i: i.kind == AHEAD,
    "请您知悉": lambda i: i.inform,
}


def _line(item: Item, board: Board) -> str:
    return wording.say_item(subject(item.duty, board), board.case_of(item.duty), item.duty, board.today, item.inform)


def subject(duty: Duty, board: Board) -> str:
    """Whom a duty is about: ``张三（八年级3班）`` or the unit's name."""
    pupil = board.pupil_of(duty)
    directory = board.world.directory
    if pupil is None:
        unit = directory.unit(duty.unit or "")
        return unit.name if unit else ""
    unit = directory.unit(pupil.class_id) if pupil.class_id else None
    return f"{pupil.name}（{unit.name}）" if unit else pupil.name


def outlook(person: str, items: Sequence[Item], board: Board) -> list[str]:
    """What else is due for this person within three days, in one line a day."""
    named = {item.duty.id for item in items}
    coming = [
        d for d in board.duties
        if board.today < d.due <= board.today + DAY * 3 and d.id not in named and person in d.who
    ]  # fmt: skip
    coming.sort(key=lambda d: (d.due, d.rule))
    lines = []
    for due, group in groupby(coming, key=lambda d: d.due):
        duties = list(group)
        words = "、".join(dict.fromkeys(RULES[d.rule] for d in duties))
        lines.append(f"接下来 {due.month}月{due.day}日（周{WEEKDAYS[due.weekday()]}）有{len(duties)}项：{words}")
    return lines


def _ending(items: Sequence[Item], board: Board) -> list[str]:
    """What ends the reminders of a digest, and what happens otherwise."""
    mine = [i.duty for i in items if not i.inform]
    if not mine:
        return []
    pupil = board.pupil_of(mine[0])
    lines = [f"怎么结束：{wording.say_ending(mine[0], pupil.name if pupil else '')}，提醒就停。"]
    otherwise = _otherwise(mine[0], board)
    return [*lines, f"{otherwise}。"] if otherwise else lines


def _otherwise(duty: Duty, board: Board) -> str:
    up = circle.next_up(duty, board.world, board.today)
    return wording.say_otherwise(up.at, up.role) if up else circle.silence(duty)


def _card(person: str, items: Sequence[Item], board: Board) -> Message:
    duties = [item.duty for item in items]
    first = duties[0]
    pupil = board.pupil_of(first)
    name = pupil.name if pupil else ""
    standing = wording.say_standing(board.case_of(first), first)
    otherwise = _otherwise(first, board)
    others = circle.others(first, person, board.world, board.today)
    message_key = key("card", board.today, person, digest_of(f"{i.duty.id} {i.step}" for i in items))
    text = [
        f"{subject(first, board)}{f'，{standing}' if standing else ''}",
        *(wording.say_item(name, None, d, board.today) for d in duties),
        f"怎么结束：{wording.say_ending(first, name)}，提醒就停。",
        *([f"{otherwise}。"] if otherwise else []),
        *([f"同时知道的有：{'、'.join(board.name(p) for p in others)}。"] if others else []),
    ]
    return Message(
        key=message_key,
        to=person,
        text=fit(text),
        card=cards.duty_card(
            message_key,
            title=f"{name}：{'；'.join(dict.fromkeys(RULES[d.rule] for d in duties))}",
            why=_rows(standing, duties, otherwise, [board.name(p) for p in others], board),
            body=subject(first, board),
            rules=[d.rule for d in duties],
            subject=first.id,
        ),
        not_before=board.now,
        expires=hours.evening(board.today),
        rules=tuple(sorted({d.rule for d in duties})),
        duties=tuple(d.id for d in duties),
        notes=tuple(item.note for item in items),
    )


def _rows(standing: str, duties: Sequence[Duty], otherwise: str, others: Sequence[str], board: Board) -> list[tuple[str, str]]:
    rows: Mapping[str, str] = {
        "情况": standing,
        "期限": say_day(duties[0].due, board.today),
        "依据": "、".join(dict.fromkeys(say_clause(d.clause).strip("〔〕").removeprefix("依据 ") for d in duties)),
        "否则": otherwise.removeprefix("届时没有记录，"),
        "还有谁知道"[:5]: "、".join(others),
    }
    return [(name, value) for name, value in rows.items() if value]
