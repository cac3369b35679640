"""休学到期: until when pupils are suspended or deferred, whose time is over, and of whom no last day is known (XY-4, TA-15).

休学到期名单. The end is told with the suspension (休学一年, 休学到2026年7月10日); when it has come the school asks for the
return (复学) or for a new application. Nothing falls due by rule: no clause names a day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from casework.access import EDUCATION
from casework.calendar import SchoolDays
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.terms import say_day
from casework.timeline import standing
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk
from handlers.listed import Item, Listing, Part
from handlers.naming import with_class
from handlers.understanding.actions import Action
from handlers.understanding.endings import end_of

CLAUSES = {"XY-4": ("check",), "TA-15": ("check",)}
KINDS = (Kind.SUSPEND, Kind.DEFER)
SOON = dt.timedelta(days=10)  # 罗源县 has families apply again ten days before the end (forms.md F10)


def with_end(actions: Sequence[Action], text: str, today: dt.date, days: SchoolDays) -> list[Action]:
    """The actions, a lone suspension or deferment with the last day that its words name; ``days`` have the terms."""
    leaving = [a for a in actions if a.action in ("suspend", "defer")]
    if len(leaving) != 1 or leaving[0].slots.get("to"):
        return list(actions)
    begins = leaving[0].slots.get("date") or leaving[0].slots.get("from")
    terms = [(term.start, term.end) for term in days.terms]
    end = end_of(text, dt.date.fromisoformat(str(begins)) if begins else today, terms)
    if end is None:
        return list(actions)
    told = replace(leaving[0], slots={**leaving[0].slots, "to": end.isoformat()})
    return [told if action is leaving[0] else action for action in actions]


def comings_and_goings(told: Sequence[Fact]) -> list[Fact]:
    """What begins and what ends a suspension or deferment, in order, those that wait for their papers among them."""
    return [f for f in standing(told) if f.kind in (*KINDS, Kind.RETURN, Kind.TRANSFER_OUT, Kind.TRANSFER_IN)]


def in_force(told: Sequence[Fact]) -> Fact | None:
    """The suspension or deferment under which a pupil is away, None for one who is not."""
    last = next((f for f in reversed(comings_and_goings(told)) if not f.data.get("pending")), None)
    return last if last is not None and last.kind in KINDS else None


def until(fact: Fact) -> dt.date | None:
    """Its last day, where one was told."""
    return dt.date.fromisoformat(str(fact.data["until"])[:10]) if fact.data.get("until") else None


def away(desk: Desk) -> Iterator[tuple[Pupil, Fact]]:
    """Who within reach is suspended or deferred, with the record of it."""
    ever = desk.work.cases.facts_between(dt.date.min, dt.date.max, [k.value for k in KINDS], scope=desk.scope)
    if not ever:
        return
    pupils = desk.work.people.pupils({f.pupil for f in ever if f.pupil})
    cases = desk.work.cases.cases(pupils)
    left = {id: p for id, p in pupils.items() if desk.scope.covers(p) and not p.struck and cases[id].state == "left"}
    for id, told in desk.work.cases.facts_of(left).items():
        if fact := in_force(told):
            yield left[id], fact


def ending(desk: Desk) -> Listing:
    """Those whose time is over or nearly over, then the others, then those without a last day."""
    rows = sorted(away(desk), key=lambda row: (until(row[1]) or dt.date.max, row[0].name))
    if not rows:
        return Listing("没有休学、缓学的学生。")
    over = [row for row in rows if (end := until(row[1])) and end - desk.today <= SOON]
    later = [row for row in rows if (end := until(row[1])) and end - desk.today > SOON]
    unknown = [row for row in rows if until(row[1]) is None]
    parts = [
        Part([_item(desk, *row) for row in over], "到期或10天内到期，请联系家长复学或重新申请：", counted="人"),
        Part([_item(desk, *row) for row in later], "还没到期：", counted="人"),
        Part([_item(desk, *row) for row in unknown], "没有写到哪天，请补报：", counted="人"),
    ]
    then = "复学了请发：某某复学了。要补到期日，请再报一次，例如：某某休学到2026年7月10日。"
    head = f"休学、缓学{len(rows)}人，到期或将到期{len(over)}人，没有到期日{len(unknown)}人。"
    return Listing(head, [part for part in parts if part.items], then)


def _item(desk: Desk, pupil: Pupil, fact: Fact) -> Item:
    word, end = "休学" if fact.kind is Kind.SUSPEND else "缓学", until(fact)
    late = f"，已到期{(desk.today - end).days}天" if end and end < desk.today else ""
    to = f"，到{say_day(end, desk.today)}{late}" if end else ""
    return Item(f"{with_class(desk, pupil)} {say_day(fact.on, desk.today)}起{word}{to}", pupil.id)


def open_here(desk: Desk) -> list[str]:
    """What stands under the things to do of those who answer for a school."""
    if not {"teacher", "school", "principal"} & desk.reader.roles or desk.scope.everything:
        return []
    over = [pupil for pupil, fact in away(desk) if (end := until(fact)) and end < desk.today]
    return [f"休学、缓学到期还没复学{len(over)}人，发“休学到期名单”查看。"] if over else []


COMMANDS: tuple[Command, ...] = (
    command(
        "休学到期名单",
        EDUCATION,
        lambda desk, _: ending(desk).said(),
        rf"{LOOK}{PLACE}(?:哪些)?(?:学生)?(?:休学|缓学)(?:[、和及]?(?:休学|缓学))?(?:的)?(?:学生)?(?:到期|期满|快到期|名单)(?:的)?(?:学生)?(?:名单|有哪些|情况)?[?？]?",
        asks=True,
    ),
)
