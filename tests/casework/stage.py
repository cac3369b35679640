"""A county on a page, for tests: the stage of a timeline as a ``World``, and days and facts in few words."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping
from typing import Any

from casework.calendar import Calendar
from casework.facts import Fact, Kind
from casework.people import Post, Pupil, Unit
from casework.policy import Policy
from casework.scope import Directory, World

TERMS = [(dt.date(2025, 9, 1), dt.date(2026, 1, 30)), (dt.date(2026, 3, 2), dt.date(2026, 7, 10))]
UNITS = [
    Unit("z", "township", "老隆镇"),
    Unit("v", "village", "上坪村", "z"),
    Unit("s", "school", "第一中学", "z", "junior"),
    Unit("c", "class", "八年级3班", "s", grade=8),
]
POSTS = [
    Post("wang", "teacher", "c"),
    Post("li", "school", "s"),
    Post("xz", "principal", "s"),
    Post("km", "subject_teacher", "c"),
    Post("cun", "village", "v"),
    Post("zhen", "township", "z"),
    Post("xian", "county", ""),
]
ROLES = {p.person: p.role for p in POSTS}
PUPIL = Pupil("p", "张三", "c", "v")


def day(text: str) -> dt.date:
    """``9-10`` is of the school year 2025/26; a full ISO date is itself."""
    if text.count("-") == 2:
        return dt.date.fromisoformat(text)
    month, of_month = map(int, text.split("-"))
    return dt.date(2025 if month >= 8 else 2026, month, of_month)


def at(text: str) -> dt.datetime:
    """``9-10 8:05``; midnight where no time is given."""
    date, _, clock = text.partition(" ")
    hour, _, minute = clock.partition(":")
    return dt.datetime.combine(day(date), dt.time(int(hour or 0), int(minute or 0)))


def world(
    pack: str = "national",
    *,
    start: str = "8-1",
    overrides: Any = None,
    posts: list[Post] | None = None,
    tree: list[Unit] | None = None,
    home_taught: frozenset[str] = frozenset(),
    **days: Any,
) -> World:
    calendar = Calendar(days.pop("terms", TERMS), **days)
    policy = Policy.load(pack, overrides)
    return World(Directory(tree or UNITS, POSTS if posts is None else posts), calendar, policy, day(start), home_taught)


_numbers = itertools.count(1)


def fact(kind: str, when: str, by: str = "wang", on: str | None = None, **data: Any) -> Fact:
    """A fact recorded ``when``, about that day or ``on``."""
    moment = at(when)
    dates = ("start", "to") if kind in ("absence", "leave") else ()
    data = {k: day(v).isoformat() if k in dates else v for k, v in data.items()}
    about = day(on) if on else moment.date()
    return Fact(f"f{next(_numbers):04}", Kind(kind), about, moment, by, ROLES[by], PUPIL.id, None, data)


def world_of(raw: Mapping[str, Any]) -> World:
    """The world of a timeline's first line."""
    dates = {k: [dt.date.fromisoformat(d) for d in raw.get(k, ())] for k in ("teach_on", "no_teach_on")}
    terms = [(dt.date.fromisoformat(a), dt.date.fromisoformat(b)) for a, b in raw["terms"]]
    units = [Unit(u["id"], u["kind"], u["name"], u.get("in", ""), u.get("stage")) for u in raw["units"]]
    posts = [Post(p["id"], p["role"], p["unit"]) for p in raw["people"]]
    directory = Directory(units, posts)
    schools = {directory.at_level(p["class"], "school") for p in raw["pupils"] if p.get("home_taught")}
    start = dt.datetime.fromisoformat(raw["now"]).date()
    return World(
        directory, Calendar(terms, **dates), Policy.load(raw["pack"]), start, frozenset(s for s in schools if s)
    )


def pupils_of(raw: Mapping[str, Any]) -> list[Pupil]:
    return [
        Pupil(
            f"p{n}",
            p["name"],
            p.get("class"),
            p.get("village"),
            frozenset(p.get("groups", ())),
            bool(p.get("home_taught")),
            bool(p.get("local", True)),
        )
        for n, p in enumerate(raw["pupils"], 1)
    ]
