"""A school year of one county, replayed: how many messages a class teacher is sent in a week (issue 4, "Shown by")."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import Counter

import pytest

from bot.replay import play
from casework.calendar import Calendar

FIRST, LAST = dt.date(2025, 9, 1), dt.date(2026, 7, 10)
TERMS = [(FIRST, dt.date(2026, 1, 30)), (dt.date(2026, 3, 2), LAST)]
CLASSES, PUPILS = 1, 40
SHARE_OF_ABSENT = 0.002  # pupils absent anew on a school day: about one in each class every twelve days
MOST_IN_A_WEEK = 25  # unasked messages, on average: five on a school day is what a teacher still reads


def _stage():
    units = [
        {"id": "z", "kind": "township", "name": "城关镇"},
        {"id": "v", "kind": "village", "name": "东坡村", "in": "z"},
        {"id": "s", "kind": "school", "name": "城关中学", "stage": "junior", "in": "z"},
    ]
    units += [{"id": f"c{n}", "kind": "class", "name": f"八年级{n}班", "in": "s"} for n in range(1, CLASSES + 1)]
    posts = [("li", "school", "s"), ("xz", "principal", "s"), ("cun", "village", "v"), ("zhen", "township", "z")]
    posts += [("xian", "county", ""), *((f"t{n}", "teacher", f"c{n}") for n in range(1, CLASSES + 1))]
    people = [{"id": who, "name": f"员{who}", "role": role, "unit": unit} for who, role, unit in posts]
    names = {(n, m): f"学生{n}号{m}" for n in range(1, CLASSES + 1) for m in range(PUPILS)}
    pupils = [{"name": name, "class": f"c{n}", "village": "v"} for (n, _), name in names.items()]
    return names, {
        "county": "某县", "pack": "longchuan", "now": f"{FIRST}T07:00", "terms": [[str(a), str(b)] for a, b in TERMS],
        "units": units, "people": people, "pupils": pupils,
    }  # fmt: skip


def _year(names):
    """Every school day each teacher tells who is absent and who is back, and does what is asked two times in three."""
    chance, away = random.Random(2025), {}
    for day in Calendar(TERMS).county.between(FIRST, LAST):
        for (n, _), name in names.items():
            if name in away and day >= away[name]:
                del away[name]
                yield _said(day, "07:40", n, "return", name)
            elif name in away and chance.random() < 2 / 3:
                yield _said(day, "17:00", n, "visit", name, outcome="refused")
            elif name not in away and chance.random() < SHARE_OF_ABSENT:
                away[name] = day + dt.timedelta(days=chance.choice([1, 1, 1, 2, 3, 7, 14]))
                yield _said(day, "08:00", n, "absence", name)
        for n in range(1, CLASSES + 1):
            yield {"at": f"{day}T08:30", "from": f"t{n}", "action": {"action": "all_present"}}


def _said(day, hour, n, action, name, **slots):
    return {"at": f"{day}T{hour}", "from": f"t{n}", "action": {"action": action, "students": [name], **slots}}


@pytest.mark.slow
def test_messages_of_a_teacher_in_a_week(record_property):
    names, stage = _stage()
    rows = [stage, *sorted(_year(names), key=lambda event: event["at"]), {"at": f"{LAST}T23:59"}]
    weeks = Counter()
    for line in map(json.loads, play([json.dumps(row, ensure_ascii=False) for row in rows])):
        if line["type"] == "message" and line["to"].startswith("t"):
            weeks[line["to"], dt.date.fromisoformat(line["at"][:10]).isocalendar()[:2]] += 1
    taught = {day.isocalendar()[:2] for day in Calendar(TERMS).county.between(FIRST, LAST)}
    mean = sum(weeks.values()) / (CLASSES * len(taught))
    print(f"\n班主任每周收到 {mean:.1f} 条（{len(taught)}周，最多的一周 {max(weeks.values())} 条）")
    record_property("messages per teacher per week", round(mean, 1))
    assert 0 < mean <= MOST_IN_A_WEEK
