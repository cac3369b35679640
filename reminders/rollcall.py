"""Roll call: a class that said nothing is asked once, an absent pupil by one tap, and the school learns who is silent.

Pure (issue 4, point 6; TA-8, LC-13, XY-17: attendance is known every day).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

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
NameOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ClassDay:
    """A class on a school day: its teachers, the school's officers, whether anybody reported, who was absent.

    ``aware``: by pupil, who was told of something that is owed about them; ``away``: who is missing the first or second day, in
    words.
    """

    id: str
    name: str
    school: str
    teachers: tuple[str, ...]
    officers: tuple[str, ...]
    reported: bool
    absent: tuple[Absent, ...] = ()
    aware: Mapping[str, Sequence[str]] = field(default_factory=dict)
    away: tuple[str, ...] = ()


def asked_about(room: ClassDay) -> list[Absent]:
    """The pupils absent yesterday about whom the class's teachers are asked by one tap."""
    return [(p, c) for p, c in room.absent if c.state in ASKED_STATES and 0 < c.day <= LONGEST][:MOST_TAPS]


def ask(classes: Sequence[ClassDay], now: dt.datetime, name_of: NameOf = str) -> list[Message]:
    """At 9:30: each silent class once, and each pupil absent yesterday of whom nobody spoke today, by one tap."""
    out: list[Message] = []
    for room in classes:
        for teacher in room.teachers:
            beside = [name_of(p) for p in room.teachers if p != teacher]
            if not room.reported:
                text = wording.ask_roll(
                    room.name, now.date(), hours.ROLL_REPORT, list(map(name_of, room.officers)), beside
                )
                out.append(_message(key("roll", now.date(), room.id, teacher), teacher, text, now))
            out += [_tap(teacher, room, pupil, case, now, name_of) for pupil, case in asked_about(room)]
    return [*out, *_instead([room for room in classes if not room.teachers], now, name_of)]


def _instead(rooms: Iterable[ClassDay], now: dt.datetime, name_of: NameOf) -> list[Message]:
    """Where nobody is the class teacher the school's officers are asked: in one message for all silent classes of the school,
    and about as many absent pupils as a teacher would be."""
    by_school: dict[str, list[ClassDay]] = {}
    for room in rooms:
        by_school.setdefault(room.school, []).append(room)
    out: list[Message] = []
    for school, mine in by_school.items():
        officers, silent_ones = mine[0].officers, [room.name for room in mine if not room.reported]
        away = [(room, pupil, case) for room in mine for pupil, case in asked_about(room)][:MOST_TAPS]
        for officer in officers:
            if silent_ones:
                beside = [name_of(p) for p in officers if p != officer]
                text = wording.ask_roll_instead(silent_ones, now.date(), beside)
                out.append(_message(key("roll", now.date(), school, officer), officer, text, now))
            out += [_tap(officer, room, pupil, case, now, name_of) for room, pupil, case in away]
    return out


def _tap(teacher: str, room: ClassDay, pupil: Pupil, case: Case, now: dt.datetime, name_of: NameOf) -> Message:
    message_key = key("still", now.date(), pupil.id, teacher)
    card = cards.roll_card(message_key, f"{pupil.name}今天到校了吗？", pupil.id)
    aware = dict.fromkeys(p for p in (*room.teachers, *room.aware.get(pupil.id, ())) if p != teacher)
    text = wording.ask_absent(pupil.name, room.name, case.day, list(map(name_of, aware)))
    return _message(message_key, teacher, text, now, card)


def silent(classes: Iterable[ClassDay], now: dt.datetime, name_of: NameOf = str) -> list[Message]:
    """At 10:30: to each school's officers, in one message, the classes that have not answered and who is missing since today or
    yesterday; nothing where nobody is and the silent ones are all without a teacher, for of those the officers were asked."""
    by_school: dict[str, list[ClassDay]] = {}
    for room in classes:
        by_school.setdefault(room.school, []).append(room)
    out = []
    for school, rooms in by_school.items():
        missing = [(room.name, list(map(name_of, room.teachers))) for room in rooms if not room.reported]
        unasked = any(teachers for _, teachers in missing)
        away = [f"· {room.name}：{words}" for room in rooms for words in room.away]
        for officer in rooms[0].officers if unasked or away else ():
            beside = [name_of(p) for p in rooms[0].officers if p != officer]
            lines = wording.say_unanswered(now.date(), missing if unasked else [], len(rooms))
            tail = wording.urge_roll(beside) if unasked else []
            text = fit([*lines, *wording.say_away(away)], tail, ask="哪些班没点名")
            out.append(_message(key("silent", now.date(), school, officer), officer, text, now))
    return out


def _message(message_key: str, to: str, text: str, now: dt.datetime, card: cards.Card | None = None) -> Message:
    return Message(key=message_key, to=to, text=text, card=card, not_before=now, expires=hours.evening(now.date()))
