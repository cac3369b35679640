"""One way for every roster: read, check all rows, match with what is known, then write, unless a row is bad."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.rosters import calendar, pupils, staff, units
from bot.rosters.plan import BadRow, Kind
from bot.rosters.reading import Roster, RosterError, read_roster
from storage.store import Store

KINDS = {"units": units.KIND, "staff": staff.KIND, "pupils": pupils.KIND, "calendar": calendar.KIND}
Progress = Callable[[int, int], None]
"""Told how many steps are done, of how many: each row is checked, then written."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many rows bring something new, change something, or nothing; zeros where nothing was written for bad rows."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: list[BadRow] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    edits: Mapping[str, int] = field(default_factory=dict)


def unknown_columns(kind: Kind, roster: Roster) -> list[str]:
    """The columns that are not read. Raises ``RosterError`` where one is missing that is needed."""
    missing = [column for column in kind.required if column not in roster.columns]
    if missing:
        raise RosterError(f"缺少列“{'、'.join(missing)}”。这张表需要：{'、'.join(kind.required)}。")
    return [column for column in roster.columns if column not in (*kind.required, *kind.optional)]


def import_roster(
    store: Store,
    what: str,
    path: Path,
    now: dt.datetime,
    dry_run: bool = False,
    skip_bad: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Bring a roster (``units``, ``staff``, ``pupils`` or ``calendar``) into the store; done twice, it changes nothing.

    With a bad row nothing is written, unless ``skip_bad``. Raises ``RosterError`` for a file at fault as a whole.
    """
    kind = KINDS.get(what)
    if kind is None:
        raise RosterError(f"不能导入“{what}”，只能是 {'、'.join(KINDS)}。")
    roster = read_roster(path)
    unknown = unknown_columns(kind, roster)
    steps = max(1, roster.size) * 2
    tell = progress or (lambda done, of: None)
    plan = kind.plan(store, roster, now, lambda done: tell(min(done, roster.size), steps))
    plan.bad.sort(key=lambda bad: bad.number)
    if plan.bad and not skip_bad and not dry_run:
        return ImportResult(bad=plan.bad, unknown_columns=unknown, notes=plan.notes)
    if not dry_run:
        for count, piece in enumerate(plan.pieces, 1):
            with store.begin(now) as work:
                plan.write(work, piece)
            tell(roster.size + roster.size * count // len(plan.pieces), steps)
    tell(steps, steps)
    return ImportResult(plan.added, plan.changed, plan.unchanged, plan.bad, unknown, plan.notes, plan.edits)
