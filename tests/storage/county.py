"""A small made-up county in a store: two townships, two schools, three classes, a dozen pupils."""

from __future__ import annotations

import datetime as dt
import itertools

from casework.facts import Fact, Kind
from casework.people import COUNTY, Person, Post, Pupil, Unit
from casework.scope import Scope
from storage.people import Days
from storage.store import Store

NOW = dt.datetime(2025, 9, 10, 8, 5)
UNITS = [
    Unit("z1", "township", "老隆镇"),
    Unit("z2", "township", "佗城镇"),
    Unit("v1", "village", "上坪村", "z1"),
    Unit("v2", "village", "下坪村", "z2"),
    Unit("s1", "school", "第一中学", "z1", "junior"),
    Unit("s2", "school", "佗城中学", "z2", "junior"),
    Unit("c1", "class", "八年级3班", "s1", grade=8),
    Unit("c2", "class", "八年级4班", "s1", grade=8),
    Unit("c3", "class", "七年级1班", "s2", grade=7),
]
STAFF = [
    ("wang", "王老师", "teacher", "c1"),
    ("he", "何老师", "teacher", "c2"),
    ("luo", "罗老师", "teacher", "c3"),
    ("li", "李主任", "school", "s1"),
    ("sun", "孙主任", "school", "s2"),
    ("cun", "刘支书", "village", "v1"),
    ("zhen", "黄干事", "township", "z1"),
    ("xian", "周股长", "county", COUNTY),
]
PUPILS = [
    Pupil("p1", "张三", "c1", "v1", frozenset({"left_behind"})),
    Pupil("p2", "李四", "c1", "v2"),
    Pupil("p3", "王五", "c2", "v1", local=False),
    Pupil("p4", "赵六", "c3", "v2", frozenset({"poor", "disabled"})),
    Pupil("p5", "张三", "c3", "v1"),
    Pupil("p6", "钱七", "c3", None, home_taught=True),
]
DETAILS = {
    "sex": "男",
    "born": "2011-03-07",
    "id_number": "441622201103070017",
    "student_number": "G441622201103070017",
    "address": "老隆镇上坪村8号",
    "guardian": "张大山",
    "relation": "父亲",
    "phone": "13800000001",
}


def settle(store: Store) -> None:
    """Put the county into the store, its terms included, and judge what the register alone leads to."""
    with store.begin(NOW) as work:
        work.people.put_units(UNITS)
        work.people.put_people([Person(userid, name) for userid, name, _, _ in STAFF])
        work.people.put_posts([Post(userid, role, unit) for userid, _, role, unit in STAFF])
        work.people.put_days([Days("term", dt.date(2025, 9, 1), dt.date(2026, 1, 30))])
        for pupil in PUPILS:
            work.people.put_pupil(pupil, DETAILS if pupil.id == "p1" else None)
        sweep(work)


def sweep(work) -> list:
    """Judge all whose moment has come."""
    pupils, units = work.cases.waking(1000)
    return work.cases.refresh(pupils, units)


_count = itertools.count(1)
TODAY = NOW.date()


def fact(kind: Kind, pupil: str | None = "p1", on: dt.date = TODAY, at: dt.datetime = NOW, **data) -> Fact:
    """A fact by the class teacher; ``unit`` and ``source`` may be given among the data."""
    unit, source = data.pop("unit", None), data.pop("source", "")
    return Fact(f"f{next(_count):04}", kind, on, at, "wang", "teacher", pupil, unit, data, source)


def scope_of(store: Store, person: str) -> Scope:
    with store.look(NOW) as work:
        return work.world.directory.scope_of(person, NOW.date())
