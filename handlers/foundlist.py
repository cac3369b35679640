"""失学儿童名单: the children found out of school who have no place yet, and how far each has come (FN-13)."""

from __future__ import annotations

import datetime as dt

from casework.access import ACTIONS
from casework.case import Duty
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.terms import say_day
from casework.waiting import awaited
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk
from handlers.listed import NUMBERED, Item, Listing, Part
from handlers.places import place_name

CLAUSES = {"FN-13": ("query",)}
RULE = "found_check"


def unplaced(desk: Desk) -> Listing:
    """Who was found and goes to no school: where, since when, and what is to be done until which day; the oldest first."""
    told = desk.work.cases.facts_between(desk.world.start, desk.today, (Kind.FOUND.value,))
    first = {f.pupil: f for f in reversed(told) if f.pupil}
    pupils = {
        id: p
        for id, p in desk.work.people.pupils(first).items()
        if p.class_id is None and p.name and not p.struck and desk.scope.covers(p)
    }
    facts = desk.work.cases.facts_of(pupils)
    owed = {d.pupil: d for d in desk.work.cases.owed_under((RULE,)) if d.pupil in pupils}
    if not pupils:
        return Listing(
            "没有还没就读学校的摸排发现儿童。", then="发现失学儿童请发，例如：摸排发现陈小花8岁没上学，住上坪村。"
        )
    rows = sorted(pupils.values(), key=lambda p: (first[p.id].on, p.name))
    items = [Item(_line(desk, p, first[p.id], facts.get(p.id, []), owed.get(p.id)), p.id) for p in rows]
    late = sum(d.overdue(desk.today) for d in owed.values())
    head = f"摸排发现、还没有就读学校的{len(items)}人" + (f"，逾期没有核查安置的{late}人：" if late else "：")
    return Listing(head, [Part(items, way=NUMBERED, counted="人")], "就读学校由县教育局安排。")


def _line(desk: Desk, pupil: Pupil, found: Fact, facts: list[Fact], duty: Duty | None) -> str:
    words = [f"{say_day(found.on, desk.today)}发现"]
    place = awaited(pupil, desk.work.cases.case(pupil.id), facts)
    if place is not None:
        words.append(f"已安排到{place_name(desk.world.directory, str(place.data['receiver']))}，等学校接收")
    if duty is not None:
        words.append(_until(duty, desk.today))
    elif place is None:
        words.append("已核查，还没有安排就读学校")
    where = place_name(desk.world.directory, pupil.village_id) or "村未登记"
    age = f"，{found.data['age']}岁" if found.data.get("age") else ""
    return f"{pupil.name}（{where}{age}）：{'，'.join(words)}"


def _until(duty: Duty, today: dt.date) -> str:
    day = say_day(duty.due, today)
    return f"已逾期，应在{day}前核查安置" if duty.overdue(today) else f"{day}前核查安置"


COMMANDS: tuple[Command, ...] = (
    command(
        "失学儿童名单",
        ACTIONS["list"].roles,
        lambda desk, _: unplaced(desk).said(),
        rf"{LOOK}{PLACE}(?:摸排)?(?:发现|登记)?(?:的)?(?:失学|未入学|没上学|没有上学)(?:的)?(?:孩子|儿童|适龄儿童|人员)(?:名单|清单|有哪些|有谁|都有谁|情况)[?？]?",
        rf"{LOOK}{PLACE}(?:摸排)?(?:发现|登记)(?:了)?(?:的)?(?:失学|没上学|没有上学|未入学)(?:的)?(?:有哪些|有谁|都有谁|名单)[?？]?",
        rf"{LOOK}{PLACE}摸排(?:发现)?(?:的)?(?:孩子|儿童|名单|清单)(?:名单|清单|有哪些|有谁|都有谁|情况)?[?？]?",
        asks=True,
    ),
)
