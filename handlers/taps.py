"""A tap on a card: the same actions by the same door as a typed message.

A button's key is ``action|duty id`` or ``action|pupil:id``; the outcome chosen on the card comes with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from casework.case import Duty
from casework.people import Pupil
from handlers import schedule
from handlers.conversation import perform
from handlers.desk import Desk, Said
from handlers.line import Line
from handlers.understanding.actions import Action, Mention

GONE = "这项工作已经办完或不再需要，不用再点了。发“待办”看现在要做的事。"
NEEDS_OUTCOME = ("contact", "visit")
UNCHOSEN, WELL = "ask", "well"
DEEDS = {
    "contact": "已联系", "visit": "已家访", "return": "已返校", "absence": "已记缺勤", "leave": "已记请假", "notice": "已送达",
}  # fmt: skip
ASKED, NOTHING, NOT_NEEDED = "请看下面的问题", "没有记录，请看下面的说明", "已不需要办理"


def tap(desk: Desk, key: str, selected: Mapping[str, tuple[str, ...]], task: str) -> Said:
    """What happened by this tap, in words for the chat and for the card itself."""
    said = _act(desk, key, selected)
    act, _, subject = key.partition("|")
    return replace(said, on_card=_by_others(desk, subject) if said.text == GONE else _on_card(desk, act, said))


def _act(desk: Desk, key: str, selected: Mapping[str, tuple[str, ...]]) -> Said:
    act, _, subject = key.partition("|")
    duty, pupil = _subject(desk, subject)
    if duty is None and pupil is None:
        return Said(GONE)
    if duty and act != "snooze" and _is_over(desk, duty, act):
        return Said(GONE)
    action = _action(act, duty, pupil, selected)
    if act == "snooze":
        return schedule.snooze(desk, action)
    return perform(desk, [action], Line("", desk.now, meant=(action,)))


def _is_over(desk: Desk, duty: Duty, act: str) -> bool:
    """Whether this tap has nothing left to do. A card speaks of several duties and names the first: a call may have met
    that one while the visit beside it is still owed, and whoever taps 已家访 is to be heard."""
    if duty.status == "open":
        return False
    fact = desk.work.cases.fact(duty.by) if duty.by else None
    if fact is None or duty.pupil is None or act in (fact.kind.value, "done"):
        return True
    return not any(desk.writer.id in one.who for one in desk.work.cases.duties(pupil=duty.pupil))


def _on_card(desk: Desk, act: str, said: Said) -> str:
    """``王老师 9月10日已家访``, or that nothing is recorded yet."""
    if said.asks:
        return ASKED
    if act == "snooze":
        return said.on_card
    if not desk.work.cases.facts_of_source(desk.source):
        return NOTHING
    return f"{desk.writer.name} {desk.today.month}月{desk.today.day}日{DEEDS.get(act, '已办理')}"


def _by_others(desk: Desk, subject: str) -> str:
    """What was done already, and by whom: 李主任 11月30日已返校; that nothing is needed where nobody did anything."""
    duty, pupil = _subject(desk, subject)
    fact = desk.work.cases.fact(duty.by) if duty and duty.by else None
    if fact is None and duty and pupil:  # ended unmet: by what was recorded at that moment
        told = desk.work.cases.facts(pupil.id)
        fact = next((f for f in told if f.at == duty.closed and f.kind.value in ("return", "leave")), None)
    if fact is None:
        return NOT_NEEDED
    person = desk.work.people.person(fact.by)
    return (
        f"{person.name if person else fact.by} {fact.at.month}月{fact.at.day}日{DEEDS.get(fact.kind.value, '已办理')}"
    )


def _subject(desk: Desk, subject: str) -> tuple[Duty | None, Pupil | None]:
    """The duty and pupil behind a key, if the person may see them."""
    if subject.startswith("pupil:"):
        pupil = desk.work.people.pupil(subject.removeprefix("pupil:"))
        return None, pupil if pupil and desk.scope.covers(pupil) else None
    duty = desk.work.cases.duty(subject)
    if duty is None:
        return None, None
    if duty.pupil is None:
        return (duty, None) if desk.writer.id in duty.who else (None, None)
    pupil = desk.work.people.pupil(duty.pupil)
    return (duty, pupil) if pupil and desk.scope.covers(pupil) else (None, None)


def _action(act: str, duty: Duty | None, pupil: Pupil | None, selected: Mapping[str, tuple[str, ...]]) -> Action:
    students = (Mention(pupil.name, (pupil.id,)),) if pupil else ()
    slots: dict[str, Any] = {}
    if act in NEEDS_OUTCOME:
        chosen = next(iter(selected.get("outcome", ())), UNCHOSEN)
        outcome = {"outcome": "other", "note": "在校正常"} if chosen == WELL else {"outcome": chosen}
        slots |= {**outcome, "chosen": True} if chosen != UNCHOSEN else {}
        slots |= {"channel": "phone"} if act == "contact" else {}
    if act == "done" and duty:
        slots |= {"rule": duty.rule, "duty": duty.id, "unit": duty.unit}
    return Action(act, students, {k: v for k, v in slots.items() if v is not None})
