"""改这一条: one's own record about a child is taken back and written as a form says it now, as 改 … does in chat."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from casework.facts import Fact, Kind, voided_of
from casework.people import Pupil
from casework.terms import say_day
from handlers import filing, undoing, wording
from handlers.desk import Desk, Said
from handlers.forms import fill_in, is_refused
from handlers.line import Line
from handlers.understanding.actions import Action, Mention

ACTIONS: Mapping[Kind, str] = {**undoing.ONCE_MORE, Kind.TEACH: "teach"}
"""The records that a form writes alone, with their actions."""


def correctable(desk: Desk, fact: Fact) -> bool:
    """Whether the writer may say it otherwise: their own of the past week, not taken back. The return that a visit brought
    about is corrected with the visit."""
    own = fact.by == desk.writer.id and fact.pupil is not None and fact.at >= desk.now - undoing.WEEK
    return own and fact.kind in ACTIONS and "how" not in fact.data and desk.reader.may(ACTIONS[fact.kind])


def filled(fact: Fact) -> dict[str, Any]:
    """The record as the fields of its form, an absence with its first day."""
    slots = undoing.slots_of(fact)
    return {"from": slots["date"], **slots} if fact.kind is Kind.ABSENCE else slots


def said_as(fact: Fact, pupil: Pupil, values: Mapping[str, Any], fields: Collection[str]) -> Action:
    """The action that writes the record with these values in its ``fields``; what the form does not ask stays as it was.

    An absence stays that of its day: one of Monday that is corrected on Thursday does not become Thursday's. Where it is
    said to have begun only later, it is that of its first day.
    """
    kept = {key: value for key, value in filled(fact).items() if key not in fields}
    slots = {**kept, **values}
    if fact.kind is Kind.ABSENCE:
        slots["date"] = max(str(slots["date"]), str(slots["from"]))
        if slots["from"] == slots["date"]:
            del slots["from"]
    if "outcome" in slots:
        slots["chosen"] = True  # from a list, so that 其他情况 is an answer
    return Action(ACTIONS[fact.kind], (Mention(pupil.name, (pupil.id,)),), slots)


def replaced(desk: Desk, pupil: Pupil, fact: Fact, action: Action, line: Line) -> Said:
    """Take the record back and write the other; its photos go with it.

    Whoever calls it gives up the whole transaction where ``is_half`` says so: what is only asked must not cost the record.
    """
    was = said_as(fact, pupil, filled(fact), ())
    if is_refused(desk, [action], [was]):
        return fill_in(desk, [action], line, [was])
    heard = undoing.taken_back(desk, [fact, *_brought(desk, fact)])
    said = fill_in(desk, [action], line, [was])
    if is_half(desk):
        return said
    filing.move(desk, [fact])
    first = f"已改。原来记的是：{say_day(fact.on, desk.today)}{wording.say_fact(fact, desk.today)}，保留备查，不再计算。{heard}"
    return replace(said, text=f"{first}\n{said.text}")


def is_half(desk: Desk) -> bool:
    """Whether this message has taken something back and written nothing in its place."""
    made = desk.work.cases.facts_of_source(desk.source)
    return bool(made) and all(fact.kind is Kind.VOID for fact in made)


def _brought(desk: Desk, fact: Fact) -> list[Fact]:
    """The return that came with a visit of that outcome."""
    facts = desk.work.cases.facts(str(fact.pupil))
    gone = voided_of(facts)
    return [f for f in facts if f.source == fact.source and f.data.get("how") == "brought" and f.on == fact.on and f.id not in gone]  # fmt: skip
