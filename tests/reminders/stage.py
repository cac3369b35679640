"""A small county for the tests of reminders: one township, one school, two classes, a person in every role."""

from __future__ import annotations

import datetime as dt

from casework.calendar import Calendar
from casework.case import Case, Duty
from casework.facts import Fact, Kind
from casework.people import Person, Post, Pupil, Unit
from casework.policy import Policy
from casework.scope import Directory, World
from reminders.board import Board
from reminders.message import Note
from storage.people import Days
from storage.store import Store
from tests.support.stores import fresh_store

UNITS = (
    Unit("z", "township", "老隆镇"),
    Unit("v", "village", "上坪村", "z"),
    Unit("s", "school", "第一中学", "z", "junior"),
    Unit("c", "class", "八年级3班", "s"),
    Unit("c2", "class", "八年级4班", "s"),
)
PEOPLE = {
    "wang": ("王老师", "teacher", "c"),
    "sun": ("孙老师", "teacher", "c2"),
    "km": ("陈老师", "subject_teacher", "c"),
    "li": ("李主任", "school", "s"),
    "xz": ("赵校长", "principal", "s"),
    "cun": ("刘支书", "village", "v"),
    "zhen": ("黄干事", "township", "z"),
    "xian": ("周股长", "county", ""),
}
PUPILS = tuple(
    Pupil(f"p{n}", name, "c", "v") for n, name in enumerate(("张三", "李四", "王五", "赵六", "孙七", "周八", "吴九"))
)
TERMS = ((dt.date(2025, 9, 1), dt.date(2026, 1, 30)), (dt.date(2026, 3, 2), dt.date(2026, 7, 10)))


def day(text: str) -> dt.date:
    """``9-10`` as that day of the school year 2025/26."""
    month, number = (int(part) for part in text.split("-"))
    return dt.date(2025 if month >= 8 else 2026, month, number)


def at(text: str) -> dt.datetime:
    """``9-10 07:40`` as that moment."""
    date, time = text.split()
    return dt.datetime.combine(day(date), dt.time.fromisoformat(time))


def world(pack: str = "national", without: tuple[str, ...] = (), extra: tuple[Post, ...] = ()) -> World:
    """The county's world, with some posts left vacant and some added."""
    posts = [Post(person, role, unit) for person, (_, role, unit) in PEOPLE.items() if person not in without]
    return World(Directory(UNITS, [*posts, *extra]), Calendar(TERMS), Policy.load(pack))


def duty(rule: str, due: str, who: tuple[str, ...] = ("wang",), pupil: str | None = "p0", **more: object) -> Duty:
    """An open duty; about a unit when ``unit`` is given."""
    owner = str(more.pop("owner", PEOPLE[who[0]][1] if who else "teacher"))
    if "unit" in more:
        pupil = None
    return Duty(f"{rule}:{pupil or more['unit']}:{due}", rule, "N", owner, day(due), pupil, who=who, **more)  # type: ignore[arg-type]


def board(now: str, *duties: Duty, pack: str = "national", said: tuple[Note, ...] = (), **more: object) -> Board:
    """What planning looks at, at that moment."""
    known = {p.id: p for p in PUPILS}
    cases = {p: Case(p, "absent", day=1, since=at(now).date()) for p in known}
    values = {
        "world": world(pack),
        "pupils": known,
        "cases": cases,
        "name_of": lambda person: PEOPLE.get(person, (person,))[0],
        "said": {note: at(now) - dt.timedelta(days=1) for note in said},
        **more,
    }
    return Board(at(now), duties=duties, **values)  # type: ignore[arg-type]


def county(
    pack: str = "national", now: str = "9-8 07:00", url: str = "sqlite://", without: tuple[str, ...] = ()
) -> Store:
    """The same county in a store."""
    store = fresh_store(url, pack=pack, opened=at(now))
    with store.begin(at(now)) as work:
        work.people.put_units(UNITS)
        for person, (name, role, unit) in PEOPLE.items():
            work.people.put_person(Person(person, name))
            if person not in without:
                work.people.put_post(Post(person, role, unit))
        work.people.put_days([Days("term", start, end) for start, end in TERMS])
        for pupil in PUPILS:
            work.people.put_pupil(pupil)
    return store


def record(store: Store, when: str, kind: Kind, /, by: str = "wang", pupil: str | None = "p0", **data: object) -> None:
    """Append one fact, as a handler does."""
    moment = at(when)
    role = PEOPLE[by][1]
    unit = data.pop("unit", None)
    fact_id = f"{kind}:{pupil}:{unit}:{when}:{data.get('rule', '')}"
    with store.begin(moment) as work:
        work.cases.append([Fact(fact_id, kind, moment.date(), moment, by, role, pupil, unit, data)])  # type: ignore[arg-type]
