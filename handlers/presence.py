"""全勤: who of a class is there, and who is not there on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from casework.access import CLASSROOM
from casework.case import AWAY
from casework.facts import Fact, Kind, voided_of
from casework.people import Pupil
from casework.terms import say_day
from handlers import wording
from handlers.asking import Asked
from handlers.desk import Desk, hand_for
from handlers.places import place_name, scope_of_unit
from handlers.telling import Written
from handlers.understanding.actions import Action

AT_MOST = 120  # pupils of one class
_SETTLES = (Kind.ABSENCE, Kind.RETURN, Kind.LEAVE)


def all_present(desk: Desk, action: Action, answers: Mapping[str, str]) -> Asked | Written:
    """全勤: one fact for each of the writer's classes; pupils still absent on record are asked about first."""
    classes = [p.unit for p in desk.posts if p.role in CLASSROOM] or sorted(desk.scope.classes)
    if len(classes) > 6:
        return Written("请由班主任逐班报全勤，或写明班级。", refused=True)
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
            {"label": "都到校了，记返校", "answers": {"present": "yes"}},
            {"label": f"{'他们' if len(away) > 1 else away[0].name}没到，其余到齐", "answers": {"present": "no"}},
        )
        return Asked(f"记录里{names}缺勤，{say_day(on, desk.today)}也到校了吗？", options)
    if answer == "yes":
        facts += [hand_for(desk, p).fact(Kind.RETURN, on, p.id) for p in away]
    desk.work.cases.append(facts)
    where = "、".join(place_name(desk.world.directory, c) for c in classes)
    told = f"全班到齐，{names}已记返校" if answer == "yes" else f"除{names}外全班到齐" if away else "全班到齐"
    return Written(f"已记：{where}{say_day(on, desk.today)}{told}。{wording.UNDO_HINT}")


def absent_on(desk: Desk, classes: Sequence[str], on: dt.date) -> list[Pupil]:
    """The pupils of these classes who are not there on record: with an open absence, or reported for that very day.

    A day counts from noon on (contracts, section 4); who was reported at eight is away at nine all the same.
    """
    pupils = [p for c in classes for p in pupils_of(desk, c)]
    cases = desk.work.cases.cases([p.id for p in pupils])
    told = desk.work.cases.facts_of([p.id for p in pupils if cases[p.id].state == "in_school"])
    return [p for p in pupils if cases[p.id].state in AWAY or reported(told.get(p.id, []), on)]


def pupils_of(desk: Desk, group: str) -> list[Pupil]:
    """The pupils of a class by name; the class is one of the person's."""
    return desk.work.people.in_scope(scope_of_unit(desk.world.directory, group), limit=AT_MOST)[0]


def reported(facts: Sequence[Fact], on: dt.date) -> bool:
    """Whether the last word that stands about that day is an absence."""
    voided = voided_of(facts)
    said = [f for f in facts if f.on == on and f.kind in _SETTLES and f.id not in voided]
    return bool(said) and max(said, key=lambda f: (f.at, f.id)).kind is Kind.ABSENCE
