"""Writes what was meant: facts through the one door, the words of the reply, and what others must be told at once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from casework.case import Case
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.rolls import reported
from casework.terms import GROUPS, say_day
from casework.timeline import standing
from handlers import arrivals, correcting, exempt, finding, naming, presence, recording, replies, undoing, wording
from handlers.answer import Written
from handlers.asking import Asked, ask
from handlers.assigning import assign
from handlers.desk import Desk, hand_for
from handlers.hand import Question, Recorded, Result
from handlers.matter import Matter
from handlers.places import place_name
from handlers.telling import closes, mark_answered, notify
from handlers.understanding.actions import GUESSED, Action

CLAUSES = {"LC-37": ("remind",)}
SEVERAL = 3
"""More pupils than these in one message, and the reply names them together instead of one by one."""


@dataclass(slots=True)
class Outcome:
    """What has been written so far for one action."""

    facts: list[Fact] = field(default_factory=list)
    remarks: dict[str, str] = field(default_factory=dict)
    pupils: list[Pupil] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


def write(desk: Desk, action: Action, answers: Mapping[str, str], written: Iterable[str]) -> Asked | Written:
    """Record one action for all its pupils; the first that needs an answer is asked about, the others are recorded."""
    if action.action == "done" and not desk.unattended and (wanting := replies.needed(str(action.slots.get("rule")))):
        return Written(wanting, refused=True)
    special = _SPECIAL.get(action.action)
    if special:
        return special(desk, action, answers)
    done, asked = Outcome(), None
    if action.action == "found" and _key(action, None) in written:
        return Written("")
    pupils = _pupils(desk, action, answers)
    if isinstance(pupils, Asked | Written):
        return pupils
    for pupil in pupils:
        key = _key(action, pupil)
        if key in written:
            continue
        result = _record(desk, action.action, action.slots, pupil, answers)
        if isinstance(result, Question):
            asked = asked or ask(result, pupil, desk.today)
            continue
        done.facts += result.facts
        done.remarks[pupil.id if pupil else ""] = result.remark
        done.pupils += [pupil] if pupil else []
        done.keys.append(key)
    return _finish(desk, action, done, asked)


def _key(action: Action, pupil: Pupil | None) -> str:
    """By what a record of one message is known again: a child just found has no id that would be known."""
    whom = action.slots.get("name") if action.action == "found" else pupil.id if pupil else ""
    return f"{action.action}:{whom}:{action.slots.get('date', '')}"


def _finish(desk: Desk, action: Action, done: Outcome, asked: Asked | None) -> Asked | Written:
    if not done.keys:
        return asked or Written("")
    amends = correcting.corrects(desk, done.facts)
    states = {p.id: desk.work.cases.case(p.id).state for p in done.pupils}
    before = correcting.stood(desk, [f.pupil for f in amends])
    changes = desk.work.cases.append(done.facts) if done.facts else ()
    mark_answered(desk, changes)
    _tell(desk, done)
    done.remarks |= {p.id: "closed" for p in done.pupils if closes(desk, p, states[p.id])}
    text = _words(desk, action, done)
    if amends and (heard := correcting.tell(desk, before, _amended(desk, amends), relapsed=True)):
        text += f"\n{heard}"
    return Written(text, tuple(done.keys), asked=asked)


def _amended(desk: Desk, facts: Iterable[Fact]) -> dict[str, str]:
    """By pupil: what is told otherwise than before, for those who had heard of it."""
    return {
        f.pupil: f"更正了{correcting.PUPIL}的记录（{say_day(f.on)}{wording.say_fact(f, None)}）"
        for f in facts
        if f.pupil
    }


def _record(
    desk: Desk, action: str, slots: Mapping[str, Any], pupil: Pupil | None, answers: Mapping[str, str]
) -> Result:
    case = desk.work.cases.case(pupil.id) if pupil else Case("")
    facts = desk.work.cases.facts(pupil.id) if pupil else []
    if action == "transfer_out" and pupil and slots.get("to"):
        school = arrivals.receiver_of(desk.world.directory, str(slots["to"]), pupil)
        slots = {**slots, "receiver": school.id} if school else slots
    matter = Matter(hand_for(desk, pupil), slots, pupil, case, facts, answers)
    if pupil and exempt.lacks_opinion(desk, action, slots, case, facts):
        matter = replace(matter, answers={**answers, matter.key("papers"): recording.NO})
        result = recording.record(action, matter)
        return replace(result, remark="opinion") if isinstance(result, Recorded) else result
    return recording.record(action, matter)


def _pupils(desk: Desk, action: Action, answers: Mapping[str, str]) -> Sequence[Pupil | None] | Asked | Written:
    """The pupils of an action, in the order in which they were named; new ones are entered first."""
    if action.action == "found":
        child = finding.enter(desk, action.slots, answers)
        return [child] if isinstance(child, Pupil) else child
    if action.action == "transfer_in":
        return _enter_new(desk, action, answers)
    return _known(desk, action) or ([None] if action.action == "done" else [])


def _known(desk: Desk, action: Action) -> list[Pupil]:
    """The pupils named, all of them on the register, in the order in which they were named."""
    known = desk.work.cases.hold(m.candidates[0] for m in action.students)
    return [known[m.candidates[0]] for m in action.students if m.candidates[0] in known]


def _facts_of(desk: Desk, action: str, slots: Mapping[str, Any], pupil: Pupil) -> Sequence[Fact]:
    """The facts of an action that never asks anything."""
    result = _record(desk, action, slots, pupil, {})
    assert isinstance(result, Recorded)
    return result.facts


def _enter_new(desk: Desk, action: Action, answers: Mapping[str, str]) -> Sequence[Pupil] | Asked:
    classes = sorted(desk.scope.classes)
    own = next((p.unit for p in desk.posts if p.role == "teacher"), None) or answers.get("class")
    pupils: list[Pupil] = []
    for mention in action.students:
        known = desk.work.people.pupil(mention.candidates[0]) if mention.candidates else None
        if known is None and own is None:
            options = [
                {"label": place_name(desk.world.directory, c), "answers": {"class": c}} for c in classes[:20]
            ]  # fmt: skip
            return Asked(f"{mention.name}转入哪个班？", tuple(options))
        pupil = known or Pupil(desk.new_id(), mention.name, own, None)
        if known is None:
            desk.work.people.put_pupil(pupil)
        pupils.append(pupil)
    return pupils


# -- words of the reply ------------------------------------------------------------------------


def _words(desk: Desk, action: Action, done: Outcome) -> str:
    names = {p.id: p for p in done.pupils}
    shown = {f.pupil: f for f in done.facts if f.kind is not Kind.RETURN or f.data.get("how") != "brought"}
    fuzzy = [m for m in action.students if m.fuzzy]
    if len(done.pupils) > SEVERAL:
        first = next(iter(shown.values()))
        people = "、".join(p.name for p in done.pupils)
        lines = [
            f"已记{len(done.pupils)}人：{people}，{say_day(first.on, desk.today)}{wording.say_fact(first, desk.today)}。"
        ]
        lines.append("发“待办”查看接下来要做的事。")
    else:
        lines = [line for p in names.values() for line in _about(desk, p, shown.get(p.id), done.remarks.get(p.id, ""))]
        if not names:
            lines += [f"已记：{wording.say_fact(f, desk.today)}。" for f in done.facts]
    if fuzzy:
        lines.append(f"“{'、'.join(m.name for m in fuzzy)}”是按读音或名字认的，如果不对请回“撤销”再发全名。")
    elif done.facts and GUESSED in action.slots:
        lines.append("这句话是按大意记的，请看一眼；不对请回“撤销”，再换个说法发来。")
    elif done.facts:
        lines.append(wording.UNDO_HINT)
    return "\n".join(filter(None, lines))


def _about(desk: Desk, pupil: Pupil, fact: Fact | None, remark: str) -> list[str]:
    """What was recorded for one pupil, how the case stands now, and what is due next."""
    if fact is None:
        return [_REMARKS.get(remark, "").format(name=pupil.name)]
    where = place_name(desk.world.directory, pupil.class_id)
    more = pupil.id in desk.later
    case = desk.work.cases.case(pupil.id)
    head = f"已记：{pupil.name}{f'（{where}）' if where else ''}，{say_day(fact.on, desk.today)}{wording.say_fact(fact, desk.today)}。"
    lines = [head]
    waiting = fact.kind is Kind.ABSENCE and fact.on == desk.today and case.state in ("in_school", "observed")
    if waiting and remark != "days_missing":
        lines.append("今天是缺勤第1天，中午12点后计入。")
    elif not waiting and not more and _tells(desk, fact, case):
        lines.append(f"现在：{naming.standing(desk, pupil, case)}。")
    if remark in _REMARKS:
        lines.append(_REMARKS[remark].format(name=pupil.name))
    if fact.kind is Kind.DROPOUT:
        lines += _after_confirming(desk, pupil)
    duties = [] if more else desk.work.cases.duties(pupil=pupil.id)
    if duties:
        told = desk.work.cases.facts(pupil.id) if fact.kind is Kind.VISIT else ()
        lines += ["接下来：", *wording.say_next(duties, desk.today, desk.writer.id, facts=told)]
    return lines


def _tells(desk: Desk, fact: Fact, case: Case) -> bool:
    """Whether how the case stands is news; not 已返校 of one who is reported away this morning, before the noon that counts it."""
    if fact.kind is Kind.FOUND or (case.state == "in_school" and case.ledger == "age"):
        return False
    return case.state != "observed" or not reported(desk.work.cases.facts(case.pupil), desk.today)


def _after_confirming(desk: Desk, pupil: Pupil) -> list[str]:
    """The other register that must say the same (LC-37), and the evidence where the record holds none (XY-14)."""
    lines = ["请学籍管理员在学籍系统里标注，台账和学籍要一致。"]
    if not any(f.kind in (Kind.VISIT, Kind.CONTACT) for f in standing(desk.work.cases.facts(pupil.id))):
        lines.append("还没有联系、家访的记录作佐证，请补记，并把签字和照片发来。")
    return lines


_REMARKS = {
    "no_school_day": "那天不上课，没有记录{name}缺勤。",
    "days_missing": "今年的放假安排还没有录入，缺勤第几天和各项期限暂时算不出来；录入后自动补算，不用再报。",
    "one_day": "没说请几天，先按1天登记；更长请再发：{name}请假到几月几日。",
    "not_absent": "{name}原来没有缺勤记录，已记下到校。",
    "came_later": "{name}当天报的缺勤不再计入。",
    "resumed": "{name}已回校，照常点名。",
    "closed": wording.STRUCK_OUT,
    "ask_teacher": "是否到校由班主任确认，已请班主任核实。",
    "proposed": "辍学要由学校或县教育局认定，已报学校核定；核定前仍按疑似辍学跟进。",
    "receiver": "接收学校确认到校之前，仍在原校台账，照常考勤和提醒。已请接收学校确认。",
    "opinion": exempt.REMARK,
    "steps": "申请、批准、备案三步没齐之前不算离校，仍按缺勤计算和提醒。办了一步报一步，例如：休学手续 {name}：3月10日申请，3月12日乡镇批准。",
    "pending": "手续没齐之前不算离校，仍按缺勤计算和提醒。手续办好后，请学校再发一次并选“手续齐了”。",
}


# -- what others hear at once ------------------------------------------------------------------


def _tell(desk: Desk, done: Outcome) -> None:
    for pupil in done.pupils:
        remark = done.remarks.get(pupil.id)
        if remark == "ask_teacher":
            text = f"{desk.writer.name}报告{pupil.name}已返校。请核实：到校了回“{pupil.name} 返校”，没到回“{pupil.name} 缺勤”。"
            notify(desk, "teacher", pupil, text, "back")
        elif any(f.kind is Kind.NOT_REGISTERED and f.pupil == pupil.id for f in done.facts):
            text = f"{desk.writer.name}登记{pupil.name}没有按通知书报到。请学校和乡镇、村一起追踪：上门后请发“家访 {pupil.name} 情况”，到校了请发“{pupil.name} 返校”。"
            notify(desk, "school", pupil, text, "unregistered")
        elif remark == "proposed":
            text = f"{desk.writer.name}提请认定{pupil.name}辍学。请核实后回“确认{pupil.name}辍学，原因”，不属实请回“查 {pupil.name}”后联系{desk.writer.name}。"
            notify(desk, "school", pupil, text, "proposed")
        elif remark == "confirmed":
            text = f"{pupil.name}已由{desk.writer.name}认定为辍学。发“查 {pupil.name}”看要做的事。"
            notify(desk, "teacher", pupil, text, "confirmed")
        elif remark == "receiver":
            arrivals.announce(desk, pupil, next(f for f in done.facts if f.pupil == pupil.id))
            text = f"{desk.writer.name}登记{pupil.name}转出，已请接收学校确认；确认之前仍在你校台账。"
            notify(desk, "school", pupil, text, "leaving")
        elif remark in ("pending", "opinion", "steps"):
            then = "办了一步报一步，发“休学手续名单”查看" if remark == "steps" else "齐了请再发一次并选“手续齐了”"
            text = f"{desk.writer.name}登记{pupil.name}离校手续，材料未齐。请核对材料，{then}。"
            notify(desk, "school", pupil, text, "papers")


# -- actions with a way of their own -----------------------------------------------------------


def _mark_group(desk: Desk, action: Action, answers: Mapping[str, str]) -> Asked | Written:
    """Marks stand as facts, and in the register where lists and ledgers look for them."""
    group = str(action.slots["group"])
    facts: list[Fact] = []
    for pupil in _known(desk, action):
        groups = pupil.groups - {group} if action.slots.get("off") else pupil.groups | {group}
        desk.work.people.put_pupil(replace(pupil, groups=groups))
        facts += _facts_of(desk, "mark", action.slots, pupil)
    desk.work.cases.append(facts)
    names = "、".join(m.name for m in action.students)
    return Written(
        f"已{'取消' if action.slots.get('off') else ''}标注：{names}，{GROUPS[group]}。{wording.UNDO_HINT}", ()
    )


def _assign(desk: Desk, action: Action, answers: Mapping[str, str]) -> Asked | Written:
    return assign(desk, action, answers, _known(desk, action), functools.partial(_facts_of, desk))


_SPECIAL: Mapping[str, Callable[[Desk, Action, Mapping[str, str]], Asked | Written]] = {
    "all_present": presence.all_present,
    "undo": undoing.undo,
    "mark": _mark_group,
    "assign": _assign,
}
