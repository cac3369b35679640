"""Roll call: a class that said nothing is asked once, an absent pupil by one tap, and the school learns who is silent.

Pure (issue 4, point 6; TA-8, LC-13, XY-17: attendance is known every day).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from casework.case import Case
from casework.people import Pupil
from reminders import cards, hours, wording
from reminders.message import Message, fit, key

CLAUSES = {"TA-8": ("record", "remind"), "XY-17": ("check",)}

MOST_TAPS = 5
LONGEST = 10
"""School days after which a pupil's absence is no longer asked about every morning: the case has its own rhythm."""
ASKED_STATES = ("absent", "suspected")
Absent = tuple[Pupil, Case]


@dataclass(frozen=True, slots=True)
class ClassDay:
    """A class on a school day: its teachers, the school's officers, whether anybody reported, who was absent."""

    id: str
    name: str
    school: str
    teachers: tuple[str, ...]
    officers: tuple[str, ...]
    reported: bool
    absent: tuple[Absent, ...] = ()


def ask(classes: Iterable[ClassDay], now: dt.datetime) -> list[Message]:
    """At 9:30: each silent class once, and each pupil absent yesterday of whom nobody spoke today, by one tap."""
    out: list[Message] = []
    for room in classes:
        asked = [(p, c) for p, c in room.absent if c.state in ASKED_STATES and 0 < c.day <= LONGEST]
        for teacher in room.teachers:
            if not room.reported:
                out.append(
                    _message(
                        key("roll", now.date(), room.id, teacher), teacher, wording.ask_roll(room.name, now.date()), now
                    )
                )
            out += [_tap(teacher, room, pupil, case, now) for pupil, case in asked[:MOST_TAPS]]
    return out


def _tap(teacher: str, room: ClassDay, pupil: Pupil, case: Case, now: dt.datetime) -> Message:
    message_key = key("still", now.date(), pupil.id, teacher)
    card = cards.roll_card(message_key, f"{pupil.name}今天到校了吗？", pupil.id)
    return _message(message_key, teacher, wording.ask_absent(pupil.name, room.name, case.day), now, card)


def silent(classes: Iterable[ClassDay], now: dt.datetime) -> list[Message]:
    """At 10:30: to each school's officers, in one message, the classes that have not answered."""
    by_school: dict[str, list[ClassDay]] = {}
    for room in classes:
        by_school.setdefault(room.school, []).append(room)
    out = []
    for school, rooms in by_school.items():
        missing = [room.name for room in rooms if not room.reported]
        if missing:
            text = fit(wording.say_unanswered(now.date(), missing, len(rooms)), ["请督促班主任在今天中午12点前点名。"])
            out += [_message(key("silent", now.date(), school, p), p, text, now) for p in rooms[0].officers]
    return out


def _message(message_key: str, to: str, text: str, now: dt.datetime, card: cards.Card | None = None) -> Message:
    return Message(key=message_key, to=to, text=text, card=card, not_before=now, expires=hours.evening(now.date()))
