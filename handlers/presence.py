"""全勤: who of a class is there, and who is not there on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from casework.access import CLASSROOM
from casework.case import AWAY
from casework.facts import Kind
from casework.people import Pupil
from casework.rolls import reported
from casework.terms import say_day
from handlers import wording
from handlers.answer import Written
from handlers.asking import Asked
from handlers.desk import Desk, hand_for
from handlers.places import place_name, scope_of_unit
from handlers.understanding.actions import Action
from handlers.understanding.classes import fits, rooms_named
from handlers.understanding.text import normalise

AT_MOST = 120  # pupils of one class


def in_rooms(actions: Sequence[Action], text: str) -> list[Action]:
    """Each 全勤 with the classes that its message names: 八年级2班全勤 says nothing of another class."""
    if not any(action.action == "all_present" for action in actions):
        return list(actions)
    rooms = rooms_named(normalise(text).body)
    return [
        replace(a, slots={**a.slots, "rooms": rooms}) if rooms and a.action == "all_present" else a for a in actions
    ]


def _classes(desk: Desk, action: Action) -> list[str] | Written:
    """The classes that are said to be complete: those named, else all of the writer's own."""
    own, reach = [p.unit for p in desk.posts if p.role in CLASSROOM], sorted(desk.scope.classes)
    units = desk.world.directory.units
    found: list[str] = []
    for said in action.slots.get("rooms", ()):
        among = [[c for c in some if fits(said, units[c].name)] for some in (own, reach)]
        fitting = among[0] or among[1]
        if not fitting:
            return Written(
                "您名下没有这个班，没有记录。报全勤请写明自己负责的班级，例如：八年级1班全勤。", refused=True
            )
        if said[1] is not None and len(fitting) > 1:
            names = "、".join(place_name(desk.world.directory, c) for c in fitting[:4])
            return Written(
                f"有{len(fitting)}个{said[1]}班（{names}），没有记录。请写明年级，例如：八年级1班全勤。", refused=True
            )
        found += fitting
    classes = list(dict.fromkeys(found)) or own or reach
    return classes if found or len(classes) <= 6 else Written("请由班主任逐班报全勤，或写明班级。", refused=True)


def all_present(desk: Desk, action: Action, answers: Mapping[str, str]) -> Asked | Written:
    """全勤: one fact for each class named, or of the writer's; pupils still absent on record are asked about first."""
    classes = _classes(desk, action)
    if isinstance(classes, Written):
        return classes
    on = dt.date.fromisoformat(str(action.slots.get("date") or desk.today))
    if on > desk.today or not desk.days.may_be_taught(on):
        return Asked(f"{say_day(on, desk.today)}{'还没到' if on > desk.today else '不上课'}，没有记录。请问是哪一天？")
    hand = hand_for(desk, None)
    facts = [hand.fact(Kind.ALL_PRESENT, on, None, unit) for unit in classes]
    away = [p for p in absent_on(desk, classes, on) if p.id not in desk.later]  # of those the message itself tells
    answer = answers.get("present")
    names = "、".join(p.name for p in away)
    if away and answer is None and not desk.unattended:
        options = (
            {"label": f"{'都' if len(away) > 1 else ''}到校了，记返校", "answers": {"present": "yes"}},
            {"label": f"{'他们' if len(away) > 1 else away[0].name}没到，其余到齐", "answers": {"present": "no"}},
        )
        return Asked(f"记录里{names}缺勤，{say_day(on, desk.today)}也到校了吗？", options)
    if answer == "yes":
        facts += [hand_for(desk, p).fact(Kind.RETURN, on, p.id) for p in away]
    desk.work.cases.append(facts)
    where = "、".join(place_name(desk.world.directory, c) for c in classes)
    told = f"全班到齐，{names}已记返校" if answer == "yes" else f"除{names}外全班到齐" if away else "全班到齐"
    return Written(f"已记：{where}{say_day(on, desk.today)}{told}。{wording.UNDO_HINT}")


def others_present(desk: Desk) -> str:
    """其他人都到了: the class is complete but for those who are away on record today; where nobody is, it is asked."""
    classes = _classes(desk, Action("all_present"))
    if isinstance(classes, Written):
        return classes.text
    known = [case for c in classes for case in desk.work.cases.cases([p.id for p in pupils_of(desk, c)]).values()]
    if not absent_on(desk, classes, desk.today) and not any(case.state == "on_leave" for case in known):
        return "今天还没有人报缺勤或请假，没有记录。请先发没来的人，例如：张三 缺勤；全都到了请回“全勤”。"
    written = all_present(desk, Action("all_present"), {"present": "no"})
    return written.text


def absent_on(desk: Desk, classes: Sequence[str], on: dt.date) -> list[Pupil]:
    """The pupils of these classes who are not there on record: with an open absence, or reported for that very day.

    A day counts from noon on (contracts, section 4); who was reported at eight is away at nine all the same.
    """
    pupils = [p for c in classes for p in pupils_of(desk, c)]
    cases = desk.work.cases.cases([p.id for p in pupils])
    told = desk.work.cases.facts_of([p.id for p in pupils if cases[p.id].state == "in_school"])
    return [p for p in pupils if cases[p.id].state in AWAY or reported(told.get(p.id, []), on)]


def told_today(desk: Desk, place: str = "") -> list[Pupil]:
    """The pupils of the reader's reach, or of a place in it, who were reported absent today and do not count yet, as they
    were told.

    ``place``: the id of a unit or how its name begins.
    """
    facts = desk.work.cases.facts_between(desk.today, desk.today, [Kind.ABSENCE], scope=desk.scope)
    ids = dict.fromkeys(f.pupil for f in facts if f.pupil)
    found = desk.work.people.pupils(ids)
    cases, told = desk.work.cases.cases(list(found)), desk.work.cases.facts_of(list(found))
    units = desk.world.directory.units.values()
    inside = {u.id for u in units if place in ("", u.id) or u.name.startswith(place)}
    return [
        p
        for p in map(found.get, ids)
        if p is not None
        and not p.struck
        and cases[p.id].state not in AWAY
        and reported(told.get(p.id, []), desk.today)
        and inside & {*desk.world.directory.path(p.class_id), *desk.world.directory.path(p.village_id)}
    ]


def pupils_of(desk: Desk, group: str) -> list[Pupil]:
    """The pupils of a class by name; the class is one of the person's."""
    return desk.work.people.in_scope(scope_of_unit(desk.world.directory, group), limit=AT_MOST)[0]
