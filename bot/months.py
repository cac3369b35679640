"""A school's month, counted from its facts: the draft of the monthly report, and the months already submitted."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from casework.duties import assess
from casework.facts import Fact, Kind, voided_of
from casework.people import Pupil
from handlers.places import scope_of_unit
from reports import monthly, snapshots
from reports.monthly import Change, Monthly, Move, RosterRow
from storage.frozen import Frozen
from storage.store import Work

DONE = {
    Kind.TRANSFER_IN: "transfer_in", Kind.TRANSFER_OUT: "transfer_out", Kind.ENROLLED: "enter", Kind.VISIT: "visit",
    Kind.CONTACT: "contact", Kind.NOTICE: "notice",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """A month as it would be submitted: its words, what contradicts itself, and whether it is a zero report."""

    text: str
    contradictions: tuple[str, ...]
    zero: bool
    hash: str
    figures: dict[str, dict[str, int]]


def bounds(month: str) -> tuple[dt.date, dt.date]:
    """First and last day of ``YYYY-MM``."""
    year, number = map(int, month.split("-"))
    return dt.date(year, number, 1), dt.date(year, number, calendar.monthrange(year, number)[1])


def count(work: Work, school: str, month: str) -> Monthly:
    """The figures of a school's month up to now, or to the month's end if that has passed."""
    first, last = bounds(month)
    scope = scope_of_unit(work.world.directory, school)
    pupils, total = work.people.in_scope(scope, limit=1_000_000)
    assert len(pupils) == total, "a school fits into one page"
    ids = [p.id for p in pupils]
    facts = work.cases.facts_of(ids)
    details = work.people.details_of([i for i in ids if facts.get(i)])
    until = min(work.now, dt.datetime.combine(last, dt.time(23, 59)))
    roster, moves, done = [], [], []
    for pupil in pupils:
        known = facts.get(pupil.id, [])
        states = list(_states(work, pupil, known, first, until))
        roster.append(_row(work, pupil, known, states[0][1], states[-1][1], details.get(pupil.id, {})))
        moves += [Move(pupil.id, on, before, after) for (_, before), (on, after) in itertools.pairwise(states)]
        done += list(_changes(known, first, last))
    unit = work.world.directory.units[school]
    return monthly.count(unit.name, month, roster, moves, done)


def _states(
    work: Work, pupil: Pupil, facts: list[Fact], first: dt.date, until: dt.datetime
) -> Iterator[tuple[dt.date, str]]:
    """The state at the month's start, then each other state with the day it came, as of what is known now."""
    if not facts:
        yield first, "home_taught" if pupil.home_taught else "in_school"
        return
    moment = dt.datetime.combine(first, dt.time())
    told = assess(pupil, facts, work.world, moment)
    before = told.case.state
    yield first, before
    while True:
        # Between two records and the moments at which a case changes by itself nothing can differ.
        ahead = [m for m in (told.wake, *(f.at for f in facts)) if m is not None and m > moment]
        if not ahead or min(ahead) > until:
            return
        day = min(ahead).date()
        moment = min(dt.datetime.combine(day, dt.time(23, 59)), until)
        told = assess(pupil, facts, work.world, moment)
        if told.case.state != before:
            before = told.case.state
            yield day, before


def _row(
    work: Work, pupil: Pupil, facts: list[Fact], start: str, end: str, details: dict[str, str]
) -> RosterRow:  # fmt: skip
    directory = work.world.directory
    room = directory.units.get(pupil.class_id or "")
    school = directory.at_level(pupil.class_id, "school")
    voided = voided_of(facts)
    standing = [f for f in facts if f.id not in voided]
    away = next((f for f in reversed(standing) if f.kind in (Kind.SUSPEND, Kind.DEFER, Kind.TRANSFER_OUT)), None)
    left_as = {Kind.SUSPEND: "suspended", Kind.DEFER: "deferred"}.get(away.kind, "") if away and end == "left" else ""
    reason = next((str(f.data["reason"]) for f in reversed(standing) if f.data.get("reason")), "")
    return RosterRow(
        pupil=pupil.id,
        name=pupil.name,
        school=directory.units[school].name if school else "",
        class_name=room.name if room else "",
        grade=room.grade if room else None,
        sex=details.get("sex", ""),
        groups=pupil.groups,
        registered_start=start != "left" or bool(left_as),
        registered=end != "left" or bool(left_as),
        state_start=start,
        state=end,
        left_as=left_as,
        whereabouts=reason,
        reason=reason,
    )


def _changes(facts: list[Fact], first: dt.date, last: dt.date) -> Iterator[Change]:
    voided = voided_of(facts)
    for fact in facts:
        if fact.kind in DONE and first <= fact.on <= last and fact.id not in voided and not fact.data.get("pending"):
            yield Change(fact.pupil or "", fact.on, DONE[fact.kind])
        if fact.kind is Kind.DONE and fact.data.get("rule") == "dropout_report" and first <= fact.on <= last:
            yield Change(fact.pupil or "", fact.on, "dropout_report")


class MonthBook:
    """What the chat and the pages ask about months (``handlers.reporting.Months``)."""

    def draft(self, work: Work, school: str, month: str) -> Draft:
        """The month as it would be submitted now."""
        report = count(work, school, month)
        frozen = snapshots.freeze(report)
        figures = {part: dict(values) for part, values in report.figures.items()}
        return Draft(snapshots.say_draft(report), report.contradictions, report.zero, frozen.hash, figures)

    def submit(self, work: Work, school: str, month: str, by: str) -> str:
        """Freeze the month: figures, names and hash; returns the hash."""
        kept = snapshots.freeze(count(work, school, month))
        figures = {part: dict(values) for part, values in kept.figures.items()}
        work.reports.freeze(Frozen(school, month, figures, [dict(row) for row in kept.names], kept.hash, by, work.now))
        return kept.hash

    def differences(self, work: Work, school: str, month: str) -> list[str]:
        """What later facts would change in a submitted month; it stays as it was submitted."""
        frozen = work.reports.frozen(school, month)
        if frozen is None:
            return []
        kept = snapshots.Snapshot(
            work.world.directory.units[school].name, month, frozen.figures, frozen.list, frozen.hash
        )
        return snapshots.differences(kept, count(work, school, month))

    def reopen(self, work: Work, school: str, month: str) -> None:
        """A submission was taken back (撤销)."""
        work.reports.reopen(school, month)
