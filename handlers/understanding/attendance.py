"""Absence, leave and return: who was away on which days, and since when."""

from __future__ import annotations

import datetime as dt
import re

from handlers.understanding.absences import FOR_SO_LONG, absences, said_of
from handlers.understanding.causes import own_text
from handlers.understanding.clauses import Clause, Line
from handlers.understanding.dates import COMING, NEAREST, PAST, Day
from handlers.understanding.drafts import Draft, Setting, put_day, tokens_in
from handlers.understanding.events import TALKS, Event, governed_by
from handlers.understanding.leaves import MADE_GOOD, leave_of
from handlers.understanding.senses import events_of

_BACK_ALREADY = re.compile(r"了|已")  # of a leave: 25号回来 is its end, not a return
_OVERDUE = re.compile(r"(?:还|仍|至今|一直|人也?|也|到现在|到今天|现在都?)(?:没|未|不)")


def attendance(events: list[Event], clauses: list[Clause], line: Line, setting: Setting) -> list[Draft]:
    """Leaves, absences and returns of one part; a question where the pupil is there and not there on one day."""
    leaves = [e for e in events if e.kind == "leave"]
    missed = [e for e in events if e.kind == "absence"]
    returns = [e for e in events if e.kind == "return"]
    talked = next((e.start for e in events if e.kind in TALKS), None)
    drafts: list[Draft] = []
    if leaves and any(_BACK_ON_ANOTHER_DAY.search(c.text) for c in clauses):
        return [Draft("clarify", slots={"about": "date"})]
    if leaves:
        returns = [e for e in returns if _BACK_ALREADY.search(e.clause.text) or _back_today(e, leaves, line)]
        if not _other_day(leaves, missed, line):
            leaves = [
                e for e in leaves if not any(_OVERDUE.search(m.clause.text) and m.start > e.start for m in missed)
            ]
    if leaves:
        drafts.append(leave_of(leaves, clauses, line, setting))
        if MADE_GOOD.search(own_text(clauses, line)):
            missed = []  # 昨天没请假没来,今天补了假条: it is excused
        if missed and not _other_day(leaves, missed, line):
            missed = [e for e in missed if _AFTERWARDS.match(e.clause.text)]
    if missed:
        amiss = [event for event in missed if on_no_possible_day(event, line, setting)]
        missed = [event for event in missed if event not in amiss]
        if not missed or any(not line.text.startswith("不", event.start) for event in amiss):
            return [Draft("clarify", slots={"about": "meaning"})]  # 没来,明天也不来: only what was is told
        drafts += absences(missed, clauses, line, setting, leaves)
    returns = [e for e in returns if not _lies_ahead(e, line, setting)]
    if talked is not None:
        returns = [e for e in returns if dated_return(e, line, setting)]
    if returns and not missed and FOR_SO_LONG.match(line.text, returns[-1].end):
        return [*drafts, Draft("clarify", slots={"about": "date"})]
    if returns:
        dated = [e for e in returns if tokens_in(line, e.clause, "D")]
        back = return_of((dated or returns)[-1], clauses, line, setting)
        if _same_day(drafts, back, missed, returns, setting):
            return [Draft("clarify", slots={"about": "meaning"})]
        drafts.append(back)
    return drafts


_BACK_ON_ANOTHER_DAY = re.compile(
    r"返校(?:的)?(?:时间|日期)[^,D]{0,3}(?:改|调|延|推|变)"
)  # how long the leave was, is not said
_AFTERWARDS = re.compile(r"(?:后来|接着|之后|然后|过后|假后|后面)[^,]{0,4}(?:没|旷|缺|不)")  # 先请假两天,后来又没来三天


def _back_today(event: Event, leaves: list[Event], line: Line) -> bool:
    """病假到昨天,今天返校, or 昨天请假今天返校 in one clause: told after the leave, with a day of its own that has come."""
    days = [t.value for at, t in tokens_in(line, event.clause, "D") if at < event.start]
    return all(e.clause != event.clause or e.end < event.start for e in leaves) and any(
        d.words[:1] == "今" for d in days[-1:]
    )


def _lies_ahead(event: Event, line: Line, setting: Setting) -> bool:
    """家长已签承诺书,10月8日返校, told in September: as a past day it would be last year's, so it is promised."""
    text = event.clause.text[: event.start - event.clause.start]
    days = [t.value for at, t in tokens_in(line, event.clause, "D") if at < event.start]
    if not days or "了" in event.clause.text or not re.fullmatch(r"[DNU、于在]*", text):
        return False
    past, coming = days[-1].on(setting.today, PAST), days[-1].on(setting.today, COMING)
    return bool(past and coming and past < setting.today - LONG_AGO and not YEAR_SAID.match(days[-1].words))


LONG_AGO = dt.timedelta(days=180)
YEAR_SAID = re.compile(r"20\d\d|[去今前]年|[二两]")


def on_no_possible_day(event: Event, line: Line, setting: Setting) -> bool:
    """明天没来, 2月30日没来, or 9月30日没来 told on 10 September: each day named before it lies ahead, does not exist, or
    would be last year's although no year was said (faults 18)."""
    days = [t.value for at, t in tokens_in(line, event.clause, "D") if at < event.end]
    return bool(days) and all(_impossible(day, setting.today) for day in days)


def _impossible(day: Day, today: dt.date) -> bool:
    on = day.on(today, PAST)
    return on is None or on > today or (on < today - LONG_AGO and not YEAR_SAID.match(day.words))


def dated_return(event: Event, line: Line, setting: Setting) -> bool:
    """9月17日返校, after a visit told before it: a return of its own, on a day that is past."""
    text = event.clause.text[: event.start - event.clause.start]
    days = [t.value.on(setting.today, NEAREST) for _, t in tokens_in(line, event.clause, "D") if t.value.lean <= 0]
    plain = re.fullmatch(r"[NDU、于在自]*(?:已经?|就|又|终于)?(?:经)?", text) is not None
    return plain and any(d is not None and d < setting.today for d in days)


def _same_day(drafts: list[Draft], back: Draft, missed: list[Event], returns: list[Event], setting: Setting) -> bool:
    """来了又没来: there and not there on one day."""
    if not missed:
        return False
    today = setting.today.isoformat()
    gone = next((d for d in drafts if d.action == "absence"), None)
    if gone is None:
        return False  # 上周没来三天,上周五来了: the three days are asked about already
    if any(
        re.search(r"又(?:就)?(?:跑|溜|走|不来|没来)", m.clause.text)
        and m.clause == returns[-1].clause
        and m.start > returns[-1].start
        for m in missed
    ) and not {"date", "from"} & set(gone.slots):
        return True
    return (
        gone.slots.get("date", gone.slots.get("from", today)) == back.slots.get("date", today)
        and not gone.slots.get("days")
        and (missed[-1].start > returns[-1].start or missed[0].clause == returns[0].clause)
    )


def _other_day(leaves: list[Event], missed: list[Event], line: Line) -> bool:
    """Leave and absence are two things only where each has a day of its own."""
    both = leaves + missed
    on_leave = {
        at for e in leaves for at, _ in tokens_in(line, e.clause, "DR") if _governs(at, e, both, line) == "leave"
    }
    away = {at for e in missed for at, _ in tokens_in(line, e.clause, "D") if _governs(at, e, both, line) == "absence"}
    return bool(away - on_leave) and bool(on_leave)


def _governs(at: int, event: Event, events: list[Event], line: Line) -> str:
    return said_of(at, sorted((e for e in events if e.clause == event.clause), key=lambda e: e.start), line)


def return_of(event: Event, clauses: list[Clause], line: Line, setting: Setting) -> Draft:
    """A return on the day that stands before it, else on the only day named."""
    draft = Draft("return")
    draft.spans["action"] = (event.start, event.end)
    others = [e for e in events_of(event.clause, line) if e.kind in ("absence", "return", "leave")]
    days = [
        (at, t)
        for at, t in tokens_in(line, event.clause, "D")
        if t.value.lean <= 0
        and governed_by(at, others or [event]) == "return"
        and not _OF_WHOM.match(line.text, at + 1)
    ]
    before = [d for d in days if d[0] < event.start] or days
    if not before and event.clause.text[:1] in "TU":  # 昨天上午没来,下午来了
        before = [d for c in clauses if c.start < event.clause.start for d in tokens_in(line, c, "D")][-1:]
    if not before:
        before = [d for c in clauses if _only_day(c) for d in tokens_in(line, c, "D")]
    if before:
        put_day(draft, "date", before[-1][0], before[-1][1].value, setting.today, PAST)
    elif setting.day:
        draft.put("date", line.tokens[setting.day[0]].value.on(setting.today, PAST).isoformat(), *setting.day)
    return draft


_OF_WHOM = re.compile(r"[^,。NDR]{1,5}的N")  # 昨天请假的张三来了: of what was yesterday


def _only_day(clause: Clause) -> bool:
    return re.fullmatch(r"[DNUW、]*", clause.text) is not None
