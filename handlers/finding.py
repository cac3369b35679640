"""A child found out of school, held against all registers before anybody is entered: by ID number first, else by name with
birth, guardian or village (FN-13, FJ-9, XY-33).

Who may be the same is asked, never merged in silence. A likely child beyond the writer's reach is told to the county and to
that child's own school alone, so that a report learns nothing about others' children (faults 37).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from casework.facts import Kind
from casework.people import COUNTY, Pupil
from casework.scope import Scope
from casework.terms import STATES
from casework.timeline import standing
from handlers.answer import Written
from handlers.asking import Asked
from handlers.desk import Desk
from handlers.naming import NO_SCHOOL
from handlers.places import place_name
from handlers.telling import Notice, notify

CLAUSES = {"FN-13": ("compare",), "FJ-9": ("record",), "XY-33": ("compare",)}
EVERYWHERE = Scope(everything=True)
NEW = "new"
_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
NAMELESS = "（姓名不详）"
_TELLS = ("name", "age", "born", "id_number", "guardian", "place", "note")
_WHO = "还没有登记：请写孩子的姓名、年龄和住在哪里，例如：陈小花8岁没上学，住上坪村。姓名还不知道的，写住处和大概年龄。"
"""A child of whom nothing is said can be looked for by nobody."""


@dataclass(frozen=True, slots=True)
class Likely:
    """A child of the register who may be the one found, and what speaks for it."""

    pupil: Pupil
    why: str


def enter(desk: Desk, slots: Mapping[str, Any], answers: Mapping[str, str]) -> Pupil | Asked | Written:
    """The child that was found: one of the register whom the writer chose, or a new one; else which of them is asked, who
    it is at all, or that the child is followed up already."""
    if not any(slots.get(key) for key in _TELLS) and not desk.unattended:
        return Asked(_WHO, free="words")
    name = str(slots.get("name") or NAMELESS)
    chosen = answers.get(f"found:{name}")
    alike = [] if desk.unattended else list(likely(desk, slots))
    within = [one for one in alike if desk.scope.covers(one.pupil)]
    if chosen and chosen != NEW:
        known = next((one.pupil for one in within if one.pupil.id == chosen), None)
        if known is not None and any(d.rule == "found_check" for d in desk.work.cases.duties(pupil=known.id)):
            return Written(f"{name}已经登记为摸排发现，正在核查，没有重复登记。发“查 {name}”看进展。")
        if known is not None:
            _tell_school(desk, known)
            return known
    if within and chosen is None:
        return _which(desk, name, within)
    pupil = _new(desk, slots, name)
    _tell_those_above(desk, pupil, [one for one in alike if one not in within])
    return pupil


def likely(desk: Desk, slots: Mapping[str, Any]) -> Iterator[Likely]:
    """Children of all registers who may be the one described; those with the same ID number alone where there are any."""
    people = desk.work.people
    if number := _number(slots):
        same = people.pupils(people.with_equal("id_number", [number]).get(number, []))
        if known := [p for p in same.values() if p.name and not p.struck]:
            yield from (Likely(p, "身份证号一致") for p in known)
            return
    name = str(slots.get("name") or "")
    hits = people.names(EVERYWHERE).exact([name]).get(name, []) if name else []
    for pupil in people.pupils([hit.id for hit in hits]).values():
        fine = pupil.name == name and not pupil.struck and (pupil.class_id or _stands(desk, pupil))
        if fine and (why := _agrees(desk, slots, pupil)):
            yield Likely(pupil, why)


def _stands(desk: Desk, pupil: Pupil) -> bool:
    """Whether anything still stands about a child without a class: a report that was taken back leaves a bare row."""
    return any(f.kind in (Kind.FOUND, Kind.PLACED) for f in standing(desk.work.cases.facts(pupil.id)))


def _number(slots: Mapping[str, Any]) -> str:
    found = _ID.search(" ".join(str(slots.get(key) or "") for key in ("id_number", "note", "place")))
    return found[0].upper() if found else ""


def _agrees(desk: Desk, slots: Mapping[str, Any], pupil: Pupil) -> str:
    """What speaks for the same child; empty where what can be compared does not agree."""
    known = desk.work.people.details(pupil.id)
    compared = {
        "出生日期": _same(slots.get("born"), known.get("born")),
        "年龄": _same_age(desk.today, slots.get("age"), known.get("born")) if not slots.get("born") else None,
        "监护人": _same(slots.get("guardian"), known.get("guardian")),
        "村": _same(pupil.village_id, _village(desk, slots)),
    }
    if _number(slots) and known.get("id_number"):
        return ""  # two numbers that differ are two children
    told = {what: same for what, same in compared.items() if same is not None}
    agreed, differs = ([what for what, same in told.items() if same is as_said] for as_said in (True, False))
    if told and not agreed:
        return ""
    words = f"姓名、{'、'.join(agreed)}相符" if agreed else "同名，别的都没有登记"
    return words + (f"，{'、'.join(differs)}不同" if differs else "")


def _same(one: Any, other: Any) -> bool | None:
    return str(one).strip() == str(other).strip() if one and other else None


def _same_age(today: dt.date, age: Any, born: str | None) -> bool | None:
    """Whether an age told by heart, which may count the running year, is that of the birth date."""
    if not age or not born:
        return None
    day = dt.date.fromisoformat(born)
    years = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    return 0 <= int(age) - years <= 1


def _village(desk: Desk, slots: Mapping[str, Any]) -> str | None:
    """The village named, else the writer's own."""
    place = str(slots.get("place") or "")
    villages = [u for u in desk.world.directory.units.values() if u.kind == "village"]
    own = [p.unit for p in desk.posts if p.role == "village"]
    named = [v.id for v in villages if v.name in place and (desk.scope.everything or v.id in desk.scope.villages)]
    return next(iter(named or own), None)


def _which(desk: Desk, name: str, within: list[Likely]) -> Asked:
    key = f"found:{name}"
    options: list[Mapping[str, Any]] = [
        {"label": f"就是{_said(desk, one)}", "answers": {key: one.pupil.id}} for one in within[:6]
    ]
    options += [{"label": "不是，登记为新发现的孩子", "answers": {key: NEW}}, {"label": "先不登记", "stop": True}]
    return Asked(f"名册里已有可能是同一个孩子的{name}，请核对：", tuple(options))


def _said(desk: Desk, one: Likely) -> str:
    where = place_name(desk.world.directory, one.pupil.class_id)
    state = STATES[desk.work.cases.case(one.pupil.id).state] if where else f"摸排登记过，{NO_SCHOOL}"
    return f"{where}{one.pupil.name}（{one.why}，{state}）"


def _new(desk: Desk, slots: Mapping[str, Any], name: str) -> Pupil:
    """A child on the register under the village, in no class yet."""
    details = {key: str(slots[key]) for key in ("born", "guardian") if slots.get(key)}
    if number := _number(slots):
        details["id_number"] = number
    pupil = Pupil(desk.new_id(), name, None, _village(desk, slots))
    desk.work.people.put_pupil(pupil, details or None)
    return pupil


def _tell_school(desk: Desk, pupil: Pupil) -> None:
    """A child of a school was found out of it: the school hears at once that name and child are apart (XY-17)."""
    text = f"{desk.writer.name}摸排发现{place_name(desk.world.directory, pupil.class_id)}{pupil.name}没有上学，请今天核实是否到校；没到校请报缺勤。"
    for role in ("teacher", "school") if pupil.class_id else ():
        notify(desk, role, pupil, text, f"found:{role}")


def _tell_those_above(desk: Desk, pupil: Pupil, beyond: list[Likely]) -> None:
    """Likely children whom the writer may not see: the county looks, and each one's own school."""
    for one in beyond:
        where = place_name(desk.world.directory, one.pupil.class_id) or "摸排登记"
        village = place_name(desk.world.directory, pupil.village_id)
        text = (
            f"{desk.writer.name}摸排登记了失学儿童{pupil.name}{f'（{village}）' if village else ''}，与{where}的{one.pupil.name}{one.why}，可能是同一个孩子。请核实；"
            f"是同一个孩子的，请把摸排登记的一条移出名册（重复录入），再按实际情况跟进。"
        )
        people = {
            *desk.world.directory.in_charge("county", COUNTY, desk.today),
            *(desk.world.who("school", one.pupil, desk.today) if one.pupil.class_id else ()),
        }
        for person in sorted(people - {desk.writer.id}):
            key = f"alike:{pupil.id}:{one.pupil.id}:{person}"[:150]
            desk.work.outbox.queue(Notice(key, person, text, desk.now))
