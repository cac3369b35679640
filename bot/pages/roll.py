"""点名: a class on a day; tap who is not there, confirm once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from urllib.parse import quote

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.pages import acting
from bot.pages.door import Outside, note, reads, storage_of, writes
from casework.access import CLASSROOM
from casework.facts import Kind
from casework.people import Pupil, Unit
from casework.rolls import answered, reported
from casework.terms import say_day
from casework.timeline import standing
from handlers.desk import Desk
from handlers.places import place_name, scope_of_unit
from handlers.presence import absent_on, pupils_of
from handlers.understanding.actions import Action, Mention

BACK = 30  # days that one may look back


def add(routes: Blueprint) -> None:
    """``/m/roll``."""
    routes.add_url_rule("/roll", "roll", show)
    routes.add_url_rule("/roll", "call", call, methods=["POST"])


@reads("roll")
def show(desk: Desk) -> ResponseReturnValue:
    """The class's names, those absent on record ticked already."""
    mine = classes_of(desk)
    group = _class(mine, request.args.get("class", ""))
    day = _day(desk, request.args.get("day", ""))
    if group is None:
        return render_template("m/roll.html", classes=mine, group=None, day=day, pupils=[], taught=True)
    note("look", f"unit:{group.id}")
    everyone = pupils_of(desk, group.id)
    cases = desk.work.cases.cases([p.id for p in everyone])
    pupils = [p for p in everyone if cases[p.id].state != "left"]  # suspended or transferred: nobody waits for them
    away = {p.id: cases[p.id] for p in absent_on(desk, [group.id], day)}
    leave = {id: case for id, case in cases.items() if case.state in ("on_leave", "left", "home_taught")}
    taught = desk.world.days_of(group.id).may_be_taught(day)
    of_pupils = desk.work.cases.facts_between(day, day, scope=scope_of_unit(desk.world.directory, group.id))
    told = [*of_pupils, *(f for f in desk.work.cases.unit_facts(group.id, since=day) if f.on == day)]
    return render_template(
        "m/roll.html", classes=mine, group=group, day=day, pupils=pupils, away=away, leave=leave, taught=taught,
        called=group.id in answered(told, {p.id: p for p in pupils}), twins={name for name, many in Counter(p.name for p in pupils).items() if many > 1},
    )  # fmt: skip


@writes("roll")
def call(desk: Desk) -> ResponseReturnValue:
    """Record who was absent and who is back; nobody absent is reported as 全勤."""
    mine = classes_of(desk)
    group = _class(mine, request.form.get("class", ""))
    if group is None:
        raise Outside(f"unit:{request.form.get('class', '')}")
    if acting.stopped():
        return redirect(f"{url_for('pages.roll')}?class={quote(group.id)}", 303)
    day = _day(desk, request.form.get("day", ""))
    pupils = {p.id: p for p in pupils_of(desk, group.id)}
    ticked = [pupils[id] for id in dict.fromkeys(request.form.getlist("absent")) if id in pupils]
    back = [p for p in absent_on(desk, [group.id], day) if p not in ticked]
    known = _told_already(desk, ticked, day)
    actions = _actions(desk, group, day, ticked, back, known)
    words = f"点名 {place_name(desk.world.directory, group.id)} {day.isoformat()} 缺勤{len(ticked)}人 返校{len(back)}人"
    links = [("回到点名", f"{url_for('pages.roll')}?class={quote(group.id)}"), ("我的待办", url_for("pages.todo"))]
    if not actions and ticked:
        names = "、".join(p.name for p in ticked)
        return acting.nothing(f"{say_day(day, desk.today)}{names}的缺勤您已经记过，没有变化。", links)
    if not actions:
        return acting.nothing(f"{say_day(day, desk.today)}没有缺勤，也没有要记返校的学生；全勤请由班主任报。", links)
    return acting.act(desk, actions, words, links, {"present": "yes"})


def _told_already(desk: Desk, ticked: list[Pupil], day: dt.date) -> set[str]:
    """Whose absence of that very day this person has recorded: a roll call that is mended says only what is new."""
    facts = storage_of(desk).cases.facts_of([p.id for p in ticked])
    own = {
        id
        for id, told in facts.items()
        if any(f.kind is Kind.ABSENCE and f.on == day and f.by == desk.writer.id for f in standing(told))
    }
    return {id for id in own if reported(facts[id], day)}


def _actions(
    desk: Desk, group: Unit, day: dt.date, ticked: list[Pupil], back: list[Pupil], known: set[str]
) -> list[Action]:
    own = [p.unit for p in desk.posts if p.role in CLASSROOM]
    on = {"date": day.isoformat()}
    actions = [Action("return", _mentions(back), on)] if back else []
    if ticked:
        new = [p for p in ticked if p.id not in known]
        return [*actions, Action("absence", _mentions(new), on)] if new else actions
    return [*actions, Action("all_present", (), on)] if own == [group.id] else actions


def _mentions(pupils: list[Pupil]) -> tuple[Mention, ...]:
    return tuple(Mention(p.name, (p.id,)) for p in pupils)


def classes_of(desk: Desk) -> list[Unit]:
    """The classes that this person may call: their own, or all of their school."""
    units = desk.world.directory.units
    filled = desk.work.tallies.by_class(desk.scope)
    found = [units[c] for c in desk.scope.classes if c in units and units[c].meets and c in filled]
    own = {p.unit for p in desk.posts if p.role in CLASSROOM}
    return sorted(found, key=lambda u: (u.id not in own, u.grade or 0, u.name, u.id))


def _class(mine: list[Unit], wanted: str) -> Unit | None:
    if not wanted:
        return mine[0] if mine else None
    found = next((u for u in mine if u.id == wanted), None)
    if found is None:
        raise Outside(f"unit:{wanted}")
    return found


def _day(desk: Desk, wanted: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(wanted)
    except ValueError:
        return desk.today
    return day if desk.today - dt.timedelta(days=BACK) <= day <= desk.today else desk.today
