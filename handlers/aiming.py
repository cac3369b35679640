"""What the words of a message tell of its actions beyond their slots: whom a 撤销 is about, which class is complete, until when."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from casework.facts import Fact, Kind
from casework.timeline import standing
from handlers import presence, resting, undo_aims
from handlers.desk import Desk
from handlers.line import Line
from handlers.understanding.actions import Action

_LONGER = re.compile(r"续|延(?:长|期|假)|[再多接][着]?请|再休")


def aimed(desk: Desk, actions: Sequence[Action], line: Line) -> list[Action]:
    """The actions of a message, each with what its words say besides."""
    aimed_ = presence.in_rooms(undo_aims.aimed(desk, actions, line.text), line.text)
    longer = [each for action in aimed_ for each in _prolonged(desk, _whole_session(action, line.text), line.text)]
    return resting.with_end(longer, line.text, line.at.date(), desk.days)


_EACH = re.compile(r"(?:[每一1](?:节课?|堂课?|课时|次课)|各)\s*(\d{1,3})\s*分钟?")


def _whole_session(action: Action, text: str) -> Action:
    """2课时，每课时30分钟 (一节30分钟, 各30分钟): sixty minutes in all; a record of lessons holds those of the whole session."""
    each = _EACH.search(text) if action.action == "teach" and action.slots.get("lessons") else None
    if each is None or str(action.slots.get("minutes")) != each[1]:
        return action
    return replace(action, slots={**action.slots, "minutes": int(each[1]) * int(action.slots["lessons"])})


def _prolonged(desk: Desk, action: Action, text: str) -> Iterator[Action]:
    """续假2天: two days more than the leave that runs, of the same kind, for each pupil until so long after their own."""
    given = action.action == "leave" and "days" in action.slots and not {"from", "to", "date"} & set(action.slots)
    if not given or not _LONGER.search(text):
        yield action
        return
    for mention in action.students:
        runs = _running(desk, mention.candidates[0]) if len(mention.candidates) == 1 else None
        if runs is None:
            yield replace(action, students=(mention,))
            continue
        kept = {key: value for key, value in action.slots.items() if key != "days"}
        to = dt.date.fromisoformat(str(runs.data["to"])) + dt.timedelta(days=int(action.slots["days"]))
        yield replace(action, students=(mention,), slots={"kind": runs.data["kind"], **kept, "to": to.isoformat()})


def _running(desk: Desk, pupil: str) -> Fact | None:
    """The record of the leave on which a pupil is now."""
    case = desk.work.cases.case(pupil)
    leaves = [f for f in standing(desk.work.cases.facts(pupil)) if f.kind is Kind.LEAVE]
    of_now = (f for f in reversed(leaves) if case.leave_to and f.data["to"] == case.leave_to.isoformat())
    return next(of_now, None) if case.state == "on_leave" else None
