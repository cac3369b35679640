"""One way for every roster: read, check all rows, match with what is known, then write, unless a row is bad."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.rosters import calendar, pupils, staff, units
from bot.rosters.pieces import write_piece
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
    guarded: tuple[str, ...] = ()


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
    if what not in KINDS:
        raise RosterError(f"不能导入“{what}”，只能是 {'、'.join(KINDS)}。")
    return import_table(store, what, read_roster(path), now, dry_run, skip_bad, progress)


def import_table(
    store: Store, what: str, roster: Roster, now: dt.datetime, dry_run: bool = False, skip_bad: bool = False,
    progress: Progress | None = None, alone: bool = False,
) -> ImportResult:  # fmt: skip
    """The same of a table that has been read; ``alone``: nothing is written where it would propose posts over the county, which
    a person does one by one, by name."""
    kind = KINDS[what]
    unknown = unknown_columns(kind, roster)
    steps = max(1, roster.size) * 2
    tell = progress or (lambda done, of: None)
    plan = kind.plan(store, roster, now, lambda done: tell(min(done, roster.size), steps))
    plan.bad.sort(key=lambda bad: bad.number)
    if not dry_run and ((plan.bad and not skip_bad) or (plan.guarded and alone)):
        return ImportResult(bad=plan.bad, unknown_columns=unknown, notes=plan.notes, guarded=plan.guarded)
    if not dry_run:
        for count, piece in enumerate(plan.pieces, 1):
            write_piece(store, now, plan.write, piece)
            tell(roster.size + roster.size * count // len(plan.pieces), steps)
    tell(steps, steps)
    return ImportResult(
        plan.added, plan.changed, plan.unchanged, plan.bad, unknown, plan.notes, plan.edits, plan.guarded
    )
