"""更正: what a correction or an undo changes of what others had been told, they are told too (decision 25)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from casework.case import Duty
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.rungs import DONE
from casework.terms import RULES, say_day
from handlers.desk import Desk
from handlers.places import place_name
from handlers.telling import Notice, heard_of

PUPIL = "{pupil}"
"""Stands for the pupil's name and class in what is said to have been done."""
LAST_REMINDER = dt.time(20)
"""From then on a reminder of today's might not leave today any more (7:30 to 20:30)."""
Duties = Mapping[str, Duty]
Before = Mapping[str, tuple[Pupil, Duties]]


@dataclass(slots=True)
class Changed:
    """What is otherwise now than one person had been told, as lines of the correction; ``duties`` are their ids."""

    gone: list[str] = field(default_factory=list)
    void: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    duties: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        heads = (("不用再办", self.gone), ("不再有效", self.void), ("期限改为", self.moved), ("仍要办", self.again))
        return [line for head, words in heads if words for line in (f"{head}：", *(f"· {each}" for each in words))]


def stood(desk: Desk, pupils: Iterable[str | None]) -> Before:
    """These pupils and their duties as they stand, by id: kept before they change, to be compared by ``tell``."""
    known = desk.work.people.pupils([id for id in pupils if id])
    return {id: (p, {d.id: d for d in desk.work.cases.duties(id, status=None)}) for id, p in known.items()}


def corrects(desk: Desk, facts: Iterable[Fact]) -> list[Fact]:
    """Those of these facts that say otherwise of days of which something may have been told: another first day of an
    absence, and a leave that was not known when it began."""
    return [fact for fact in facts if fact.pupil and (_is_of_start(fact) or _is_late_leave(fact))]


def _is_of_start(fact: Fact) -> bool:
    return fact.kind is Kind.ABSENCE and "start" in fact.data


def _is_late_leave(fact: Fact) -> bool:
    return fact.kind is Kind.LEAVE and fact.on < fact.at.date()


def tell(
    desk: Desk, before: Before, why: Mapping[str, str], sources: Collection[str] = (), relapsed: bool = False
) -> str:
    """Tell those who had heard of what is otherwise now; ``why`` says by pupil what was done, ``sources`` are the messages
    whose notices no longer hold. That follow-ups end where a pupil ``relapsed`` is no correction: they were owed until then.
    Returns the line for the writer's reply, empty where nobody had heard."""
    people: dict[str, None] = {}
    for pupil in desk.work.people.pupils(before).values():
        was, duties = before[pupil.id]
        stood_then = {id: d for id, d in duties.items() if not (relapsed and d.rule == "return_followup")}
        people |= dict.fromkeys(_tell_of(desk, pupil, was, stood_then, why.get(pupil.id, ""), sources))
    names = "、".join(_name(desk, person) for person in people)
    return f"已向{names}发了更正。" if names else ""


def _tell_of(desk: Desk, pupil: Pupil, was: Pupil, before: Duties, why: str, sources: Collection[str]) -> list[str]:
    changed = _changed(desk, before, {d.id: d for d in desk.work.cases.duties(pupil.id, status=None)})
    heard = heard_of(desk, was, sources)
    told = {desk.writer.id, *heard_of(desk, pupil, (desk.source,))}  # what this message told already
    people = [p for p in sorted({*changed, *heard} - told) if p in heard or _sees(desk, p, pupil)]
    where = place_name(desk.world.directory, pupil.class_id)
    named = f"{pupil.name}（{where}）" if where else pupil.name
    for person in people:
        others = "、".join(_name(desk, other) for other in people if other != person)
        then = f"请按新的情况处理，发“查 {pupil.name}”看现在的情况。"
        then = then if _sees(desk, person, pupil) else f"{pupil.name}现在不归您跟进，不用再办。"
        mine = changed.get(person, Changed())
        lines = [f"更正：{desk.writer.name}{why.replace(PUPIL, named)}。", *(mine.lines() or [then])]
        text = "\n".join([*lines, *([f"同时告知：{others}。"] if others else [])])
        key = f"corrected:{desk.new_id()}:{person}"[:150]
        desk.work.outbox.queue(Notice(key, person, text, desk.now, duties=tuple(mine.duties)))
    return people


def _changed(desk: Desk, before: Duties, after: Duties) -> dict[str, Changed]:
    """By person: what is otherwise than that person had been told."""
    found: dict[str, Changed] = {}
    every = {**before, **after}
    said = sorted(
        desk.work.outbox.said_about([id for id in every if before.get(id) != after.get(id)]),
        key=lambda told: (every[told.duty].due, every[told.duty].rule, told.at, told.step),
    )
    named = {(told.duty, told.person, told.step.rpartition(":")[2]) for told in said}
    for told in said:
        was, now, mine = before.get(told.duty), after.get(told.duty), found.get(told.person, Changed())
        moved = was is not None and now is not None and was.status == now.status
        fresh = now is not None and moved and (told.duty, told.person, str(now.due)) not in named
        if fresh and now is not None and _is_reminded(desk, told.person, now):
            continue
        if told.duty not in mine.duties and _note(mine, told.step, was, now):
            mine.duties.append(told.duty)
            found[told.person] = mine
    return found


def _is_reminded(desk: Desk, person: str, duty: Duty) -> bool:
    """Whether what moved to today is reminded of in a moment: who owes it and has not recorded anything of the pupil."""
    wrote = (f.by == person and f.at.date() == desk.today for f in desk.work.cases.facts(duty.pupil or ""))
    owed = duty.status == "open" and duty.due == desk.today and person in duty.who
    return owed and desk.now.time() < LAST_REMINDER and not any(wrote)


def _note(mine: Changed, step: str, was: Duty | None, now: Duty | None) -> bool:
    """Write down how one duty changed for somebody told at that step; False where what was told is still so. Days are
    named without 今天, for what is written at night is read in the morning. One that a lapse had left out is owed again."""
    before = was.status if was is not None else "lapsed"
    if now is not None and now.status == "open":
        if was is not None and before == "open" and now.due == was.due:
            return False
        into = mine.moved if before == "open" else mine.again
        into.append(f"{say_day(now.due)}前 {RULES[now.rule]}")
    elif was is None or (now is not None and now.status == "done"):
        return False
    elif before == "open":
        mine.gone.append(RULES[was.rule])
    elif before == "done" and step == DONE:
        mine.void.append(RULES[was.rule])
    else:
        return False
    return True


def _sees(desk: Desk, person: str, pupil: Pupil) -> bool:
    return desk.world.directory.scope_of(person, desk.today).covers(pupil)


def _name(desk: Desk, person: str) -> str:
    known = desk.work.people.person(person)
    return known.name if known else person
