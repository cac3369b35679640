"""The county's book of months and rounds (``handlers.book.Book``): what chat and pages ask of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from bot.papers import rounds
from bot.papers.months import count
from casework.scope import Scope
from handlers.book import Changed, Draft
from reports import snapshots
from storage.frozen import Frozen
from storage.store import Work


def draft(work: Work, school: str, month: str) -> Draft:
    """The month as it would be submitted now."""
    report = count(work, school, month)
    frozen = snapshots.freeze(report)
    figures = {part: dict(values) for part, values in report.figures.items()}
    return Draft(snapshots.say_draft(report), report.contradictions, report.zero, frozen.hash, figures)


def submit(work: Work, school: str, month: str, by: str) -> str:
    """Freeze the month: figures, names and hash; returns the hash."""
    kept = snapshots.freeze(count(work, school, month))
    figures = {part: dict(values) for part, values in kept.figures.items()}
    work.reports.freeze(Frozen(school, month, figures, [dict(row) for row in kept.names], kept.hash, by, work.now))
    return kept.hash


def differences(work: Work, school: str, month: str) -> list[str]:
    """What later facts would change in a submitted month; it stays as it was submitted."""
    frozen = work.reports.frozen(school, month)
    if frozen is None:
        return []
    kept = snapshots.Snapshot(work.world.directory.units[school].name, month, frozen.figures, frozen.list, frozen.hash)
    return snapshots.differences(kept, count(work, school, month))


def reopen(work: Work, school: str, month: str) -> None:
    """A submission was taken back (撤销)."""
    work.reports.reopen(school, month)


def changes(work: Work, scope: Scope, first: dt.date, last: dt.date) -> Sequence[Changed]:
    """Who came onto a ledger and who went off it in a span, by day."""
    return rounds.changes(work, scope, first, last)


def reported(work: Work, month: str) -> Mapping[str, Mapping[str, int]]:
    """The total figures of each school's report of a month, by school, as it was submitted."""
    return {frozen.unit: frozen.figures["total"] for frozen in work.reports.of_month(month)}
