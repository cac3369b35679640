"""撤销: what somebody wrote is taken back by a later fact, and those who had heard of it are told."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from casework.facts import Fact, Kind, voided_of
from casework.terms import say_day
from handlers import correcting, nations, placing, recording, wording
from handlers.answer import Written
from handlers.asking import Asked
from handlers.desk import Desk, hand_for
from handlers.naming import pupils_in
from handlers.places import place_name
from handlers.telling import mark_answered, notify
from handlers.understanding.actions import Action, Mention

WEEK = dt.timedelta(days=7)
_NOT_FOUND = "在您负责的范围里没有找到“{}”，没有撤销任何记录。请核对姓名再发一次；要撤销最近发的一条，请回“撤销”。"


def undo(desk: Desk, action: Action, answers: Mapping[str, str]) -> Asked | Written:
    """撤销: the writer's last message of the past week that still stands; with pupils, the last about them.

    With a kind of record named (月报撤回) it is the last of that kind, and where there is none, nothing is taken back.
    """
    named = str(action.slots.get("record", ""))
    if stranger := action.slots.get("of_nobody"):
        return Written(_NOT_FOUND.format(stranger), refused=True)
    if action.students:
        ids = {id for mention in action.students for id in mention.candidates}
        return Written(about(desk, "、".join(dict.fromkeys(m.name for m in action.students)), ids, named))
    last = _of_kind(last_written(desk), named) or newest(_of_kind(standing(desk), named))
    if named and not last:
        return Written(f"最近一周没有您的{named}记录可以撤销，没有撤销任何记录。要撤销最近发的一条，请回“撤销”。")
    return Written(undone(desk, last) + wording.SEND_AGAIN if last else wording.NOTHING_TO_UNDO)


def about(desk: Desk, name: str, ids: Collection[str], record: str = "") -> str:
    """Take back the writer's newest message that says something about one of these pupils, as far as it does.

    ``record``: the kind of record as the writer named it; empty is any.
    """
    facts = of_kind_about(desk, ids, record)
    if not facts:
        return f"最近一周没有您关于{name}的{record}记录可以撤销。发“查 {name}”看全部记录。"
    return undone(desk, facts) + wording.SEND_AGAIN


def of_kind_about(desk: Desk, ids: Collection[str], record: str = "") -> list[Fact]:
    """The writer's newest message of the past week about these pupils, as far as it is of that kind."""
    return newest(_of_kind([f for f in standing(desk) if f.pupil in ids], record))


def newest(facts: Sequence[Fact]) -> list[Fact]:
    """Of these the ones that came with the newest message."""
    last = max(facts, key=lambda f: (f.at, f.id), default=None)
    return [f for f in facts if last and f.source == last.source]


RECORDS = {
    "月报|零报告": (Kind.REPORT,),
    "家访|走访|入户": (Kind.VISIT,),
    "送教": (Kind.TEACH,),
    "请假|病假|事假|假条": (Kind.LEAVE,),
    "缺勤|旷课": (Kind.ABSENCE,),
    "返校": (Kind.RETURN,),
    "全勤|到齐|点名": (Kind.ALL_PRESENT,),
    "会议|谈心|培训|宣传|督查|领导小组|包校|联系人|资助|辅导": (Kind.WORK,),
    "劝学通知书": (Kind.NOTICE,),
    "停课": (Kind.CLOSURE,),
    "补课|大小周": (Kind.TEACHING,),
    "标注": (Kind.MARK,),
}
"""The records by the words with which a 撤销 names them. A word that is denied (不是家访) names what it should have been."""


def _of_kind(facts: Sequence[Fact], named: str) -> list[Fact]:
    """Those of the kind that was named; all where none was."""
    kinds = next((kinds for words, kinds in RECORDS.items() if named in words.split("|")), None)
    return [f for f in facts if kinds is None or f.kind in kinds]


_MIXED_UP = re.compile(r"[报说记登写]的[^，,。]{2,16}?(?:是|应为)")


def of_another(desk: Desk, text: str) -> tuple[Asked, tuple[Action, ...]] | None:
    """昨天报的李四缺勤是张三: the question whether that is so, and what is then done.

    None where the writer has no record of the one that can be written of the other in the same words.
    """
    if not _MIXED_UP.search(text):
        return None  # most messages: no name is looked up for it
    named = pupils_in(desk, text)
    names = "|".join(map(re.escape, sorted(set(named.values()), key=len, reverse=True)))
    found = re.search(rf"[报说记登写]的(?P<wrong>{names})[^，,。]{{0,6}}?(?:是|应为)(?P<right>{names})(?!的)", text)
    if not found or len(named) != 2 or found["wrong"] == found["right"]:
        return None
    wrong, right = (
        next(Mention(name, (id,)) for id, name in named.items() if name == found[who]) for who in found.groupdict()
    )
    facts = newest([f for f in standing(desk) if f.pupil in wrong.candidates])
    again = [once_more(fact, right) for fact in facts]
    if not facts or None in again:
        return None
    meant = [Action("undo", (wrong,)), *filter(None, again)]
    said = "；".join(f"{say_day(f.on, desk.today)}{wording.say_fact(f, desk.today)}" for f in facts)
    options = ({"label": "是", "answers": {}, "yes": True}, {"label": "否", "stop": True})
    return Asked(
        f"您记的{wrong.name}（{said}）其实是{right.name}吗？回“是”就撤销{wrong.name}这一条，改记{right.name}。", options
    ), tuple(meant)


ONCE_MORE = {
    Kind.ABSENCE: "absence",
    Kind.LEAVE: "leave",
    Kind.RETURN: "return",
    Kind.VISIT: "visit",
    Kind.CONTACT: "contact",
    Kind.NOTICE: "notice",
}
"""The records that can be written of another pupil in the same words, with their actions."""


def once_more(fact: Fact, whom: Mention) -> Action | None:
    """The action that writes such a fact of another pupil; None where the record is of this pupil alone."""
    return Action(ONCE_MORE[fact.kind], (whom,), slots_of(fact)) if fact.kind in ONCE_MORE else None


def slots_of(fact: Fact) -> dict[str, Any]:
    """The slots of the action that writes such a fact."""
    kept = {key: value for key, value in fact.data.items() if key not in ("start", "how", "words")}
    if fact.kind is Kind.LEAVE:
        return {**kept, "from": fact.on.isoformat()}
    return {**kept, "date": fact.on.isoformat()} | ({"from": fact.data["start"]} if "start" in fact.data else {})


def undone(desk: Desk, last: Sequence[Fact]) -> str:
    """Take these facts back, tell those who had heard of them, and say what was taken back."""
    heard = taken_back(desk, last)
    pupils = desk.work.people.pupils([f.pupil for f in last if f.pupil])
    lines = [
        f"· {pupils[f.pupil].name if f.pupil in pupils else place_name(desk.world.directory, f.unit) or '全县'} {say_day(f.on, desk.today)}{wording.say_fact(f, desk.today)}"
        for f in last
    ]
    return "已撤销：\n" + "\n".join(lines) + f"\n原记录保留备查，不再计算。{heard}"


def taken_back(desk: Desk, last: Sequence[Fact]) -> str:
    """Take these facts back and tell those who had heard of them; who was told, for the writer's reply."""
    before = correcting.stood(desk, [f.pupil for f in last])
    for fact in last:
        _move_back(desk, fact)
        _place_back(desk, fact, {f.id for f in last})
    changes = desk.work.cases.append(list(recording.undo(hand_for(desk, None), last).facts))
    mark_answered(desk, changes)
    for fact in last:
        _unmark(desk, fact)
        nations.put_back(desk, fact)
        if fact.kind is Kind.REPORT and fact.unit:
            desk.book.reopen(desk.work, fact.unit, str(fact.data["month"]))
    return correcting.tell(desk, before, _why(desk, last), {f.source for f in last})


def standing(desk: Desk) -> list[Fact]:
    """The writer's facts of the past week that are not voided."""
    recent = desk.work.cases.recent_by(desk.writer.id, desk.now - WEEK)
    voided = voided_of(recent)
    return [f for f in recent if f.kind is not Kind.VOID and f.id not in voided]


def last_written(desk: Desk) -> list[Fact]:
    """The facts of the writer's last message that are not voided yet."""
    facts = standing(desk)
    if not facts:
        return []
    last = max(facts, key=lambda f: (f.at, f.id))
    return sorted((f for f in facts if f.source == last.source and f.source), key=lambda f: f.id) or [last]


def just_undone(desk: Desk) -> list[Fact]:
    """What the writer took back today with the last message of theirs that recorded something; empty where that was no 撤销."""
    recent = desk.work.cases.recent_by(desk.writer.id, desk.now - WEEK)
    last = [f for f in newest(recent) if f.at.date() == desk.today]
    void = {id for fact in last if fact.kind is Kind.VOID for id in fact.data["facts"]}
    return [f for f in recent if f.id in void] if all(fact.kind is Kind.VOID for fact in last) else []


def _why(desk: Desk, last: Sequence[Fact]) -> dict[str, str]:
    """By pupil: what was taken back, for those who had heard of it."""
    said: dict[str, list[str]] = {}
    for fact in last:
        if fact.pupil:
            said.setdefault(fact.pupil, []).append(f"{say_day(fact.on)}{wording.say_fact(fact, None)}")
    return {pupil: f"撤销了{correcting.PUPIL}的记录（{'；'.join(words)}）" for pupil, words in said.items()}


def _move_back(desk: Desk, fact: Fact) -> None:
    """A pupil struck off is on the register again; one whom a school received by mistake in the former class, or in none."""
    struck = desk.work.people.pupil(fact.pupil) if fact.kind is Kind.STRUCK and fact.pupil else None
    if struck:
        desk.work.people.put_pupil(replace(struck, struck=False))
    entered = desk.work.people.pupil(fact.pupil) if fact.kind is Kind.ENROLLED and fact.pupil else None
    if entered and entered.class_id == fact.data.get("class"):
        out = replace(entered, class_id=None)
        desk.work.people.put_pupil(out)
        text = f"更正：{desk.writer.name}撤销了{out.name}的入学，{out.name}还没有就读学校，请继续跟进。"
        for role in ("township", "county"):
            notify(desk, role, out, text, "out_again")
    pupil = desk.work.people.pupil(fact.pupil) if fact.kind is Kind.TRANSFER_IN and fact.pupil else None
    if pupil and fact.data.get("left") and pupil.class_id == fact.data.get("class"):
        back = replace(pupil, class_id=str(fact.data["left"]))
        desk.work.people.put_pupil(back)
        text = f"更正：{desk.writer.name}撤销了{pupil.name}的转入，{pupil.name}回到{place_name(desk.world.directory, back.class_id)}名单，请继续跟进。"
        for role in ("school", "teacher"):
            notify(desk, role, back, text, "moved_back")


def _place_back(desk: Desk, fact: Fact, taken: Set[str]) -> None:
    """Before a placement is taken back: whether the pupil is taught at home is as without it, so that the case is told so."""
    pupil = desk.work.people.pupil(fact.pupil) if fact.kind is Kind.PLACED and fact.pupil else None
    if pupil:
        facts = desk.work.cases.facts(pupil.id)
        first = min((f for f in facts if f.kind is Kind.PLACED), key=lambda f: f.at)
        left = placing.placement_of([f for f in facts if f.id not in taken])
        taught = placing.at_home(left) if left else bool(first.data.get("was"))
        desk.work.people.put_pupil(replace(pupil, home_taught=taught))


def _unmark(desk: Desk, fact: Fact) -> None:
    pupil = desk.work.people.pupil(fact.pupil) if fact.kind is Kind.MARK and fact.pupil else None
    if pupil:
        group = {str(fact.data["group"])}
        groups = pupil.groups | group if fact.data.get("off") else pupil.groups - group
        desk.work.people.put_pupil(replace(pupil, groups=groups))
