"""A school year of one county, replayed: how many messages a class teacher is sent in a week (issue 4, "Shown by").

``KONGCHUO_TEST_ALL=1 pytest -s tests/test_school_year.py`` plays a county of 24 classes for the year; otherwise one class of each
manner for the autumn term.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import statistics
from collections import Counter

import pytest

from bot.commands.replay import play
from casework.calendar import Calendar

WHOLE = bool(os.environ.get("KONGCHUO_TEST_ALL"))
FIRST, AUTUMN, LAST_DAY = dt.date(2025, 9, 1), dt.date(2026, 1, 30), dt.date(2026, 7, 10)
LAST = LAST_DAY if WHOLE else AUTUMN
TERMS = [(FIRST, AUTUMN), (dt.date(2026, 3, 2), LAST_DAY)]
MANNERS = {"careful": (1.0, 0.9), "forgetful": (0.75, 0.5), "silent": (0.0, 0.0)}
"""By manner of a teacher: on how many days the class is called, and how many of the asked visits are made."""
EACH = 8 if WHOLE else 1
PUPILS = 40
SHARE_OF_ABSENT = 0.002  # pupils absent anew on a school day: about one in each class every twelve days
MOST_IN_A_WEEK = {"careful": 6, "forgetful": 10, "silent": 15}
"""Unasked messages in a week of school, on average: three on a school day is what is still read."""


def _classes() -> dict[str, str]:
    """The classes with the manner of their teacher."""
    return {f"c{n}": manner for n, manner in enumerate(manner for _ in range(EACH) for manner in MANNERS)}


def _stage():
    """Schools of six classes, each in a township with a village of its own."""
    rooms = list(_classes())
    schools = range((len(rooms) + 5) // 6)
    units = [{"id": f"z{n}", "kind": "township", "name": f"第{n}镇"} for n in schools]
    units += [{"id": f"v{n}", "kind": "village", "name": f"第{n}村", "in": f"z{n}"} for n in schools]
    units += [
        {"id": f"s{n}", "kind": "school", "name": f"第{n}中学", "stage": "junior", "in": f"z{n}"} for n in schools
    ]
    units += [{"id": c, "kind": "class", "name": f"八年级{n}班", "in": f"s{n // 6}"} for n, c in enumerate(rooms)]
    posts = [("xian", "county", ""), *((f"t{c}", "teacher", c) for c in rooms)]
    for n in schools:
        posts += [(f"li{n}", "school", f"s{n}"), (f"xz{n}", "principal", f"s{n}")]
        posts += [(f"cun{n}", "village", f"v{n}"), (f"zhen{n}", "township", f"z{n}")]
    names = {(c, m): f"学生{c[1:]}号{m}" for c in rooms for m in range(PUPILS)}
    village = {c: f"v{n // 6}" for n, c in enumerate(rooms)}
    return names, {
        "county": "某县", "pack": "longchuan", "now": f"{FIRST}T07:00", "terms": [[str(a), str(b)] for a, b in TERMS], "units": units,
        "people": [{"id": who, "name": f"员{who}", "role": role, "unit": unit} for who, role, unit in posts],
        "pupils": [{"name": name, "class": c, "village": village[c]} for (c, _), name in names.items()],
    }  # fmt: skip


def _year(names):
    """Who is absent and who is back is told every school day; calls and visits as the teacher's manner is.

    The silent one tells no absence either: the school does, later in the day.
    """
    chance, away, manners = random.Random(2025), {}, _classes()
    for day in Calendar(TERMS).county.between(FIRST, LAST):
        for (room, _), name in names.items():
            calls, visits = MANNERS[manners[room]]
            teller, hour = (f"t{room}", "08:00") if calls else (f"li{int(room[1:]) // 6}", "11:00")
            if name in away and day >= away[name]:
                del away[name]
                yield _said(day, "07:40", teller, "return", name)
            elif name in away and chance.random() < visits:
                yield _said(day, "17:00", teller, "visit", name, outcome="refused")
            elif name not in away and chance.random() < SHARE_OF_ABSENT:
                away[name] = day + dt.timedelta(days=chance.choice([1, 1, 1, 2, 3, 7, 14]))
                yield _said(day, hour, teller, "absence", name)
        for room, manner in manners.items():
            if chance.random() < MANNERS[manner][0]:
                yield {"at": f"{day}T08:30", "from": f"t{room}", "action": {"action": "all_present"}}


def _said(day, hour, who, action, name, **slots):
    return {"at": f"{day}T{hour}", "from": who, "action": {"action": action, "students": [name], **slots}}


@pytest.mark.slow
def test_messages_of_a_teacher_in_a_week(record_property):
    names, stage = _stage()
    rows = [stage, *sorted(_year(names), key=lambda event: event["at"]), {"at": f"{LAST}T23:59"}]
    got = Counter()
    for line in map(json.loads, play([json.dumps(row, ensure_ascii=False) for row in rows])):
        if line["type"] == "message" and line["to"].startswith("t"):
            got[line["to"][1:], dt.date.fromisoformat(line["at"][:10]).isocalendar()[:2]] += 1
    taught = {day.isocalendar()[:2] for day in Calendar(TERMS).county.between(FIRST, LAST)}
    for manner, most in MOST_IN_A_WEEK.items():
        weeks = sorted(got[room, week] for room, m in _classes().items() if m == manner for week in taught)
        mean, p95 = statistics.mean(weeks), weeks[int(0.95 * (len(weeks) - 1))]
        print(
            f"\n班主任每周收到（{manner}，{EACH}个班，{len(taught)}周）：平均 {mean:.1f} 条，95% 的周不超过 {p95} 条，最多 {weeks[-1]} 条"
        )
        record_property(f"messages per {manner} teacher per week", round(mean, 1))
        assert 0 < mean <= most
