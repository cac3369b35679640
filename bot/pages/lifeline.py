"""A child's time as one band, and the pace of 送教 against what the clause asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise

from bot.pages import pictures
from bot.pages.pictures import Picture, Series, Span
from casework.calendar import SchoolDays
from casework.case import Case
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.timeline import ABSENT, GONE, ON_LEAVE, PRESENT, standing, unfold
from casework.watching import lessons_in
from handlers import teaching
from handlers.desk import Desk

WORDS = {PRESENT: "在校", ABSENT: "缺勤", ON_LEAVE: "请假", GONE: "离校"}
MARKS: Mapping[Kind, str] = {
    Kind.CONTACT: "联系", Kind.VISIT: "家访", Kind.NOTICE: "通知书", Kind.DROPOUT: "认定辍学", Kind.PROPOSED: "提请认定",
}  # fmt: skip
BEFORE = dt.timedelta(days=7)
MINUTES = 30  # of a lesson (FN-28)


def of_pupil(desk: Desk, pupil: Pupil, case: Case, facts: Sequence[Fact]) -> Picture | None:
    """The band of one child since shortly before the first absence or leave; None when there never was one."""
    days = desk.world.days_of(pupil.class_id)
    turns = [t for t in unfold(standing(facts), days) if t.moment <= desk.now]
    if len(turns) < 2:
        return None
    starts = [t.since or t.begins or t.moment.date() for t in turns[1:]]
    spans = [Span(starts[0] - BEFORE, starts[0] - dt.timedelta(days=1), PRESENT, WORDS[PRESENT])]
    for turn, (since, following) in zip(turns[1:], pairwise([*starts, desk.today + dt.timedelta(days=1)]), strict=True):
        until = max(since, following - dt.timedelta(days=1))
        spans.append(Span(since, until, turn.kind, WORDS[turn.kind]))
    marks = [
        (f.on, MARKS[f.kind]) for f in sorted(facts, key=lambda f: f.on) if f.kind in MARKS and f.on >= spans[0].since
    ]
    says = f"从{starts[0].month}月{starts[0].day}日起，" + "，".join(_long(span, days) for span in spans[1:])
    return pictures.band(f"{pupil.name}的经过", says, spans, marks)


def _long(span: Span, days: SchoolDays) -> str:
    """How long a stretch was: an absence in school days, as its case counts them."""
    if span.kind == ABSENT:
        return f"{span.word}{days.count(span.since, span.until)}个上学日"
    return f"{span.word}{(span.until - span.since).days + 1}天"


def pace_of(desk: Desk, pupil: Pupil, facts: Sequence[Fact]) -> Picture | None:
    """Lessons given to a home-taught child this term, week by week, against an even pace to what is owed, and where it leads."""
    term = desk.world.days_of(pupil.class_id).term(desk.today)
    now = teaching.pace_of(desk, pupil, facts) if pupil.home_taught else None
    if term is None or now is None:
        return None
    weeks = weeks_of(term.start, term.end)
    lessons = [f for f in standing(facts) if f.kind is Kind.TEACH]
    given = [sum(lessons_in(f, MINUTES) for f in lessons if a <= f.on <= b) for a, b in weeks]
    known = sum(1 for a, _ in weeks if a <= desk.today)
    totals = pictures.cumulated(given)[:known]
    even = tuple(round(now.owed * (n + 1) / len(weeks), 1) for n in range(len(weeks)))
    says = "。".join(teaching.say_pace(desk, now))
    series = (Series("已送课时", (*totals, *(None,) * (len(weeks) - known))), Series("平均进度", even, "aim"))
    return pictures.lines("送教进度", says, [f"第{n + 1}周" for n in range(len(weeks))], series, "")


def weeks_of(start: dt.date, end: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The calendar weeks (Monday to Sunday) that a stretch touches."""
    monday = start - dt.timedelta(days=start.weekday())
    return [
        (day, day + dt.timedelta(days=6))
        for n in range((end - monday).days // 7 + 1)
        for day in (monday + dt.timedelta(weeks=n),)
    ]
