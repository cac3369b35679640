"""Duties that one fact gives by itself, and those that come back with the calendar: follow-ups, tracing, 送教."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence

from casework.calendar import DAY, month_of
from casework.case import AT, Duty
from casework.facts import Fact, Kind
from casework.owing import Span, earliest, first_met, helper, is_visit, make
from casework.policy import Rule
from casework.story import Story
from casework.timeline import GONE

REMEMBERED = dt.timedelta(days=366)
"""What fell due longer ago is a matter for the year's review, no longer a duty."""
CLAUSES = {"XY-35": ("remind",)}
MOVES = (Kind.TRANSFER_OUT, Kind.TRANSFER_IN)
BACK = (Kind.RETURN, Kind.TRANSFER_IN, Kind.ENROLLED)


def followup_duties(story: Story) -> Iterator[Duty]:
    """How is the returned pupil, at each step after the return (LC-27, XY-36)."""
    for seen in story.observations:
        rule = story.policy.rule("return_followup", seen.fact.on)
        if rule is None:
            continue
        closing = seen.steps[-1][1]
        for ordinal, (day, met) in enumerate(seen.steps):
            lapsed = seen.ended if seen.ended is not None else (closing.at if closing else None)
            due = max(day, seen.fact.at.date())
            yield from make(story, rule, seen.fact, due, Span(seen.fact.at, lapsed), met, ordinal, helper(story))


def single_duties(story: Story) -> Iterator[Duty]:
    """Duties that follow from one fact, whatever the pupil's state; told again while they stand, they do not come twice."""
    standing: dict[Kind, tuple[Duty, ...]] = {}
    for fact in story.facts:
        give = SINGLE.get(fact.kind)
        if give is None or any(d.closed is None or d.closed >= fact.at for d in standing.get(fact.kind, ())):
            continue
        standing[fact.kind] = tuple(give(story, fact))
        yield from standing[fact.kind]


def _until(story: Story, fact: Fact, kinds: Sequence[Kind]) -> dt.datetime | None:
    later = (f.at for f in story.facts if f.kind in kinds and f.at > fact.at and not f.data.get("pending"))
    return next(later, None)


def _gone_after(story: Story, at: dt.datetime) -> dt.datetime | None:
    return next((t.took_effect for t in story.turns if t.kind == GONE and t.took_effect > at), None)


def _arrived_or_gone(story: Story, fact: Fact) -> dt.datetime | None:
    """When a pupil who was missing came, or left for another place: then nobody goes after the pupil any more."""
    return earliest(_until(story, fact, BACK), _gone_after(story, fact.at))


def _one(
    story: Story,
    fact: Fact,
    rule_id: str,
    day_of: Callable[[Rule], dt.date | None],
    lapsed: dt.datetime | None,
    answers: Iterable[Fact] = (),
    school: str | None = None,
) -> Iterator[Duty]:
    """A duty with one cause; ``school`` is the one that owes it where that is not the pupil's own."""
    rule = story.policy.rule(rule_id, fact.on)
    day = day_of(rule) if rule is not None else None
    if rule is not None and day is not None:
        span = Span(fact.at, lapsed)
        met = first_met(story, rule_id, fact, span, answers)
        owner, hint = None, dict[str, int | str]()
        if school is not None:
            when = (met.at if met else lapsed or story.now).date()
            owner, hint = (rule.owner, story.world.directory.in_charge(rule.owner, school, when)), {AT: school}
        yield from make(story, rule, fact, max(day, fact.at.date()), span, met, owner=owner, hint=hint)


def _calendar_days(fact: Fact) -> Callable[[Rule], dt.date]:
    return lambda rule: fact.on + rule.number("calendar_days") * DAY


def _risk(story: Story, fact: Fact) -> Iterator[Duty]:
    """A visit on signs of dropping out (XY-24); marking again while it is owed changes nothing."""
    if fact.data.get("group") != "at_risk" or fact.data.get("off"):
        return
    earlier = [f for f in _marks(story) if f.at < fact.at]
    if earlier and not earlier[-1].data.get("off") and not _visited(story, earlier[-1], fact.at):
        return
    unmarked = next((f.at for f in _marks(story) if f.data.get("off") and f.at > fact.at), None)
    ends = [m for m in (unmarked, _gone_after(story, fact.at)) if m is not None]
    visits = (f for f in story.contacts if is_visit(f) and f.on >= fact.on and f.at >= fact.at)
    nth = story.days.nth
    yield from _one(
        story,
        fact,
        "risk_visit",
        lambda r: nth(fact.on + DAY, r.number("school_days")),
        min(ends, default=None),
        visits,
    )


def _marks(story: Story) -> list[Fact]:
    return [f for f in story.facts if f.kind is Kind.MARK and f.data.get("group") == "at_risk"]


def _visited(story: Story, mark: Fact, until: dt.datetime) -> bool:
    said = (f for f in story.dones if f.data.get("rule") == "risk_visit")
    visits = (f for f in story.contacts if is_visit(f) and f.on >= mark.on)
    return any(mark.at <= f.at < until for f in (*said, *visits))


def _platform(story: Story, fact: Fact) -> Iterator[Duty]:
    """Explanation and evidence for a pupil whom the national platform flags (FN-31)."""
    add = story.days.add_workdays
    yield from _one(story, fact, "platform_reply", lambda r: add(fact.on, r.number("workdays")), None)


def _trace(story: Story, fact: Fact) -> Iterator[Duty]:
    """A pupil who did not register: the county tells the township, the township goes there (FJ-20, FJ-21, TA-7)."""
    found = _arrived_or_gone(story, fact)
    nth = story.days.nth
    told = tuple(_one(story, fact, "trace_tell", lambda r: nth(fact.on + DAY, r.number("school_days")), found))

    def day_of(rule: Rule) -> dt.date | None:
        if "days_after_tell" not in rule.values or not told:
            return nth(fact.at.date() + DAY, int(str(rule.values.get("school_days", 1))))
        tell = told[0]
        said = tell.closed.date() if tell.status == "done" and tell.closed else tell.due
        return min(tell.due, said) + rule.number("days_after_tell") * DAY

    visits = (f for f in story.contacts if is_visit(f) and f.on >= fact.on)
    yield from told
    yield from _one(story, fact, "trace", day_of, found, visits)


def _found(story: Story, fact: Fact) -> Iterator[Duty]:
    """A child found out of school: check, place, enrol (FJ-2, FN-13, XY-33)."""
    places = (f for f in story.facts if f.kind in BACK)
    yield from _one(story, fact, "found_check", _calendar_days(fact), None, places)


def _handover(story: Story, fact: Fact) -> Iterator[Duty]:
    """The former primary school goes after a pupil who did not arrive at the junior school (XY-40)."""
    school = _former_primary(story, fact)
    yield from _one(story, fact, "handover", _calendar_days(fact), _arrived_or_gone(story, fact), school=school)


def _former_primary(story: Story, fact: Fact) -> str | None:
    """The primary school from which a pupil was moved who stands in a junior class already; None where none is on record."""
    directory = story.world.directory
    own = directory.at_level(story.pupil.class_id, "school")
    for moved in reversed([f for f in story.facts if f.kind in MOVES and f.at <= fact.at]):
        left = str(moved.unit or moved.data.get("left") or moved.data.get("class") or "")
        school = directory.at_level(left, "school")
        if school is not None and school != own and directory.units[school].stage != "junior":
            return school
    return None


SINGLE: dict[Kind, Callable[[Story, Fact], Iterator[Duty]]] = {
    Kind.MARK: _risk,
    Kind.PLATFORM_FLAG: _platform,
    Kind.NOT_REGISTERED: _trace,
    Kind.FOUND: _found,
    Kind.NOT_HANDED_OVER: _handover,
}


def lessons_in(fact: Fact, minutes_each: int) -> int:
    """Lessons that a 送教 record counts for: shorter ones do not count in full (FN-28)."""
    lessons, minutes = fact.data.get("lessons"), fact.data.get("minutes")
    if minutes is None:
        return int(lessons or 0)
    full = int(minutes) // minutes_each
    return full if lessons is None else min(int(lessons), full)


def teaching_duties(story: Story) -> Iterator[Duty]:
    """送教 still owed in each month with school days and in each term, for a home-taught pupil (FN-27, FN-28)."""
    today = story.now.date()
    oldest = max(story.world.start, story.pupil.entered or dt.date.min, today - REMEMBERED)
    gone = story.current.took_effect if story.current.kind == GONE else None
    taught = [f for f in story.facts if f.kind is Kind.TEACH]
    for term in story.days.terms:
        if month_of(term.start)[0] <= today and term.last is not None and term.last >= oldest:
            yield from _term(story, term.start, term.last, taught, gone)
    first = month_of(oldest)[0]
    while first <= today:
        last = story.days.last_school_day(*month_of(first))
        if last is not None and last >= oldest:
            yield from _month(story, first, last, taught, gone)
        first = month_of(first)[1] + DAY


def _month(
    story: Story, first: dt.date, last: dt.date, taught: Sequence[Fact], gone: dt.datetime | None
) -> Iterator[Duty]:
    rule = story.policy.rule("teach_month", last)
    if rule is None:
        return
    full = [
        f
        for f in taught
        if (f.on.year, f.on.month) == (first.year, first.month)
        and lessons_in(f, rule.number("minutes")) >= rule.number("lessons")
    ]
    wanted = rule.number("sessions")
    met = full[wanted - 1] if len(full) >= wanted else None
    yield from _taught(story, rule, first, last, met, gone, {"sessions": len(full), "owed": max(0, wanted - len(full))})


def _term(
    story: Story, first: dt.date, last: dt.date, taught: Sequence[Fact], gone: dt.datetime | None
) -> Iterator[Duty]:
    rule = story.policy.rule("teach_term", last)
    if rule is None:
        return
    total, met, wanted = 0, None, rule.number("lessons")
    for fact in taught:
        if first <= fact.on <= last:
            total += lessons_in(fact, rule.number("minutes"))
            met = met or (fact if total >= wanted else None)
    yield from _taught(story, rule, first, last, met, gone, {"lessons": total, "owed": max(0, wanted - total)})


def _taught(
    story: Story,
    rule: Rule,
    first: dt.date,
    last: dt.date,
    met: Fact | None,
    gone: dt.datetime | None,
    hint: dict[str, int | str],
) -> Iterator[Duty]:
    born = dt.datetime.combine(max(first, min(last, story.world.start)), dt.time())
    span = Span(born, gone)
    done = first_met(story, rule.id, None, span, (met,) if met else (), first.toordinal())
    yield from make(story, rule, None, last, span, done, first.toordinal(), hint=hint)


def next_teaching(story: Story) -> dt.datetime:
    """When the next month begins, and with it the next 送教 duty."""
    return dt.datetime.combine(month_of(story.now.date())[1] + DAY, dt.time())
