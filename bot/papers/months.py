"""A school's month, counted from its facts: the draft of the monthly report, and the months already submitted."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.papers.records import was_away, whereabouts
from bot.papers.stays import COMINGS, moved_away, stays
from casework.calendar import DAY, SchoolDays, midnight
from casework.duties import stand
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.timeline import first_day_claimed, moment_of, standing
from handlers.places import scope_of_unit
from reports import monthly
from reports.monthly import Change, Monthly, Move, RosterRow
from reports.wording import say_outcome
from storage.frozen import Frozen
from storage.store import Work

DONE = {
    Kind.TRANSFER_IN: "transfer_in", Kind.TRANSFER_OUT: "transfer_out", Kind.ENROLLED: "enter", Kind.VISIT: "visit",
    Kind.CONTACT: "contact", Kind.NOTICE: "notice",
}  # fmt: skip
DUTIES = {"dropout_report": "dropout_report"}
# What takes a pupil out of school, and as what the register keeps them (a transfer does not).
AWAY = {Kind.SUSPEND: "suspended", Kind.DEFER: "deferred", Kind.TRANSFER_OUT: ""}
LEDGERS = {"suspected": "suspected", "dropout": "dropouts"}
EFFORTS = {Kind.CONTACT: "联系", Kind.VISIT: "家访"}
STARTS = {"registered_start": "registered", "suspected_start": "suspected", "dropout_start": "dropouts"}


def bounds(month: str) -> tuple[dt.date, dt.date]:
    """First and last day of ``YYYY-MM``."""
    year, number = map(int, month.split("-"))
    return dt.date(year, number, 1), dt.date(year, number, calendar.monthrange(year, number)[1])


def count(work: Work, school: str, month: str) -> Monthly:
    """The figures of a school's month up to now, or to the month's end if that has passed."""
    first, last = bounds(month)
    gone = moved_away(work, [school])
    pupils, quiet, stirred = _apart(work, school, first)
    everyone = {p.id: p for p in pupils} | gone
    facts = work.cases.facts_of(stirred | gone.keys())
    details = work.people.details_of([id for id in everyone if facts.get(id)])
    until = min(work.now, dt.datetime.combine(last, dt.time(23, 59)))
    roster, moves, done = [], [], []
    for id, pupil, known in _of_school(work, school, everyone, facts):
        passed = list(states(work, pupil, known, first, until))
        ends = passed[0][1], passed[-1][1]
        row = _row(work, pupil, known, first, until.date(), ends, details.get(id, {}))
        roster.append(_followed(work, row, pupil, known, until) if row.state in monthly.LISTED else row)
        moves += [Move(pupil.id, on, before, after) for (_, before), (on, after) in itertools.pairwise(passed)]
        done += list(_changes(pupil.id, known, first, until.date()))
    unit = work.world.directory.units[school]
    report = monthly.count(unit.name, month, roster, moves, done, quiet)
    return replace(report, contradictions=(*report.contradictions, *_gap(work, school, month, report)))


def _apart(work: Work, school: str, first: dt.date) -> tuple[list[Pupil], Counter[int], set[str]]:
    """The pupils of a school who are looked at one by one, how many of each grade were in school all the time from that day
    on, and who may not have been.

    A school of a thousand has some thirty of whom anything was told; of the others nothing is said but how many they are.
    """
    units, scope = work.world.directory.units, scope_of_unit(work.world.directory, school)
    ungraded = [room for room in scope.classes if units[room].grade is None]  # whose names are told
    stirred = work.tallies.stirred(scope, first)
    shown = work.tallies.some(scope, stirred, ungraded)
    quiet = work.tallies.by_room(scope) - Counter(pupil.class_id for pupil in shown)
    grades = Counter[int]()
    for room, many in quiet.items():
        if (grade := units[room or ""].grade) is not None:
            grades[grade] += many
    return shown, grades, stirred


def _of_school(
    work: Work, school: str, pupils: Mapping[str, Pupil], facts: Mapping[str, list[Fact]]
) -> Iterator[tuple[str, Pupil, list[Fact]]]:
    """Each time of a pupil at the school with what was recorded in it: that alone is the school's to count.

    A time that is over counts as a pupil of its own, for the same child may have come back within the month.
    """
    for id, pupil in pupils.items():
        for n, stay in enumerate(stays(work, pupil, standing(facts.get(id, ())))):
            if stay.school == school:
                yield id, replace(stay.pupil, id=f"{id}/{n}") if stay.over else stay.pupil, list(stay.facts)


def states(
    work: Work, pupil: Pupil, facts: list[Fact], first: dt.date, until: dt.datetime
) -> Iterator[tuple[dt.date, str]]:
    """The state at the month's start, then each other state with the day it came, as of what is known now.

    A moment is judged by the facts about the time up to it, whenever they were recorded: a dropout confirmed on the
    20th makes nobody a dropout on the 10th.
    """
    if not facts:
        yield first, "home_taught" if pupil.home_taught else "in_school"
        return
    days = work.world.days_of(pupil.class_id)
    known = [(_from(fact, days), fact) for fact in facts]
    moment, before = midnight(first), ""
    while True:
        case, wake = stand(pupil, [f for begins, f in known if begins <= moment], work.world, moment)
        if case.state != before:
            before = case.state
            yield moment.date(), before
        # Between what facts are about and the moments at which a case changes by itself nothing can differ.
        ahead = [m for m in (wake, *(begins for begins, _ in known)) if m is not None and m > moment]
        if not ahead or min(ahead) > until:
            return
        moment = min(dt.datetime.combine(min(ahead).date(), dt.time(23, 59)), until)


def _from(fact: Fact, days: SchoolDays) -> dt.datetime:
    """The moment from which on a fact tells something: an absence from its first day on, as far as one was given."""
    claimed = first_day_claimed(fact, days) if fact.kind in (Kind.ABSENCE, Kind.NOT_RETURNED) else None
    return min(moment_of(fact), midnight(claimed)) if claimed else moment_of(fact)


def _row(
    work: Work, pupil: Pupil, facts: list[Fact], first: dt.date, last: dt.date, ends: tuple[str, str],
    details: dict[str, str],
) -> RosterRow:  # fmt: skip
    directory = work.world.directory
    room = directory.units.get(pupil.class_id or "")
    start, end = ends
    away = _left_as(facts, first - DAY, start), _left_as(facts, last, end)
    reason = next((str(f.data["reason"]) for f in reversed(facts) if f.data.get("reason")), "")
    return RosterRow(
        pupil=pupil.id,
        name=pupil.name,
        school=directory.name_at(pupil.class_id, "school"),
        class_name=directory.name_at(pupil.class_id, "class"),
        grade=room.grade if room else None,
        sex=details.get("sex", ""),
        groups=pupil.groups,
        registered_start=_here(facts, first - DAY) and (start != "left" or bool(away[0])),
        registered=_here(facts, last) and (end != "left" or bool(away[1])),
        state_start=start if _here(facts, first - DAY) else "",
        state=end if _here(facts, last) else "",
        left_as=away[1],
        whereabouts=whereabouts(facts),
        reason=reason,
    )


def on_register(work: Work, pupils: Sequence[Pupil]) -> list[Pupil]:
    """Those of some pupils who stand on a school's register today (在籍): in a class, and of who has left only the suspended and
    the deferred."""
    placed = [p for p in pupils if p.class_id]
    cases = work.cases.cases([p.id for p in placed])
    gone = [id for id, case in cases.items() if case.state == "left"]
    facts, today = work.cases.facts_of(gone), work.now.date()
    off = {id for id in gone if not _left_as(standing(facts.get(id, ())), today, "left")}
    return [p for p in placed if p.id not in off]


def _followed(work: Work, row: RosterRow, pupil: Pupil, facts: list[Fact], until: dt.datetime) -> RosterRow:
    """The line of who is on a ledger at the month's end, with the first day of the absence and what was done since."""
    days = work.world.days_of(pupil.class_id)
    since = stand(pupil, [f for f in facts if _from(f, days) <= until], work.world, until)[0].since
    done = [f for f in facts if f.kind in (Kind.CONTACT, Kind.VISIT) and (since or f.on) <= f.on <= until.date()]
    many = [f"{word}{n}次" for kind, word in EFFORTS.items() if (n := sum(f.kind is kind for f in done))]
    said = say_outcome(str(done[-1].data.get("outcome") or "")) if done else ""
    return replace(row, since=since, efforts="、".join(many) + (f"；最近一次：{said}" if said else ""))


def _left_as(facts: list[Fact], day: dt.date, state: str) -> str:
    """Whether a pupil who is away that day has approved papers and so stays registered: suspended or deferred."""
    gone = [f for f in facts if f.kind in AWAY and f.on <= day and not f.data.get("pending")]
    return AWAY[gone[-1].kind] if gone and state == "left" else ""


def _here(facts: list[Fact], day: dt.date) -> bool:
    """Whether a pupil had come to the school by that day: who was entered by a transfer was elsewhere before."""
    kinds = (*COMINGS, Kind.TRANSFER_OUT, Kind.FOUND)
    steps = [f for f in facts if f.kind in kinds and not f.data.get("pending")]
    came_later = bool(steps) and steps[0].kind is not Kind.TRANSFER_OUT
    return not came_later or any(f.kind in COMINGS and f.on <= day for f in steps)


def _changes(pupil: str, facts: list[Fact], first: dt.date, last: dt.date) -> Iterator[Change]:
    for place, fact in enumerate(facts):
        kind = DONE.get(fact.kind)
        if fact.kind is Kind.DONE:
            kind = DUTIES.get(str(fact.data.get("rule")))
        if fact.kind is Kind.RETURN and was_away(facts[:place]):
            kind = "resume"
        if fact.data.get("graduated"):
            kind = "leave_register"  # 其他减少: who has finished school goes to no other one
        if kind and first <= fact.on <= last and not fact.data.get("pending"):
            yield Change(pupil, fact.on, kind)


def _gap(work: Work, school: str, month: str, report: Monthly) -> list[str]:
    """Where this month's beginning is not what the school reported as the end of the month before."""
    before = work.reports.frozen(school, f"{bounds(month)[0] - DAY:%Y-%m}")
    if before is None:
        return []
    ends, starts = before.figures["total"], report.figures["total"]
    off = _struck_since(work, before, min(work.now.date(), bounds(month)[1]))
    listed = Counter(row["state"] for row in before.list if row["pupil"] in off)
    lost = {"registered": len(off), **{LEDGERS[state]: listed[word] for state, word in monthly.LISTED.items()}}
    said = [f"上月报送后移出名册{len(off)}人：{'、'.join(off.values())}，期初相应减少。"] if off else []
    return said + [
        f"{monthly.FIGURES[start]}{starts[start]}人，上月报送的{monthly.FIGURES[end]}却是{ends.get(end, 0)}人，请核对上月报送后的变动。"
        for start, end in STARTS.items()
        if starts[start] + lost[end] != ends.get(end, 0)
    ]


def _struck_since(work: Work, before: Frozen, last: dt.date) -> dict[str, str]:
    """Names of the school's records that were struck off after a month was submitted: nothing counts them any more."""
    struck = {f.pupil for f in work.cases.facts_between(before.at.date(), last, [Kind.STRUCK]) if f.at > before.at}
    found = work.people.pupils(id for id in struck if id is not None)
    school_of = work.world.directory.at_level
    return {id: p.name for id, p in found.items() if p.struck and school_of(p.class_id, "school") == before.unit}


def as_submitted(work: Work, frozen: Frozen) -> Monthly:
    """A month as it was submitted: what was learnt later is not in it."""
    name = work.world.directory.units[frozen.unit].name
    return Monthly(name, frozen.month, frozen.figures, {}, tuple(frozen.list), ())


def closed_by_silence(work: Work, month: str) -> bool:
    """Whether the county's rule closes a month of which nothing was heard as 0, and the month is over (XY-42)."""
    last = bounds(month)[1]
    rule = work.world.policy.rule("monthly_report", last)
    return rule is not None and bool(rule.values.get("silent")) and work.now.date() > last


def of_school(work: Work, school: str, month: str) -> Monthly:
    """A school's month: as submitted, else as it would be submitted now."""
    frozen = work.reports.frozen(school, month)
    return as_submitted(work, frozen) if frozen else count(work, school, month)
