"""A child's data taken out of every table and the folder of files, by command or on a page.

Who is erased is written down beside the photos as well, by id alone (``erased.jsonl``): the database that would know of it
is the very thing that a restore replaces.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from reports import snapshots
from storage.erasing import Named, erase
from storage.evidence import Folder
from storage.store import Work

if TYPE_CHECKING:
    from bot.app import Bot

ERASED = "erased.jsonl"


def erase_in(
    work: Work, pupil_id: str, reason: str, by: str, note: Callable[..., None], named: Named | None
) -> list[str]:
    """Erase a child in every table; returns the files to be removed once this is committed.

    ``note``: puts what was done, about what and with which detail into the trail; ``named``: the messages found beforehand
    (``storage.erasing.messages_naming``).
    """
    _blank_frozen(work, pupil_id, note)
    paths = erase(work, pupil_id, by, named)
    note("erase_reason", f"pupil:{pupil_id}", reason=reason[:80])
    return paths


def remove_files(bot: Bot, paths: Iterable[str]) -> None:
    """Take the photos and files of an erased child off the disk."""
    folder = Folder(bot.settings.files, bot.store.sealer)
    for path in paths:
        folder.remove(path)


def _blank_frozen(work: Work, pupil_id: str, note: Callable[..., None]) -> None:
    """Take a child out of the names behind submitted reports; both hashes are noted."""
    for report in work.reports.every():
        if all(row["pupil"] != pupil_id for row in report.list):
            continue
        unit = work.world.directory.units[report.unit].name
        kept = snapshots.Snapshot(unit, report.month, report.figures, report.list, report.hash)
        fresh = snapshots.without(kept, pupil_id)
        note("blank_report", f"unit:{report.unit}", month=report.month, before=report.hash, after=fresh.hash)
        work.reports.replace(replace(report, list=fresh.names, hash=fresh.hash))


def remember_erased(bot: Bot, pupil_id: str, reason: str) -> None:
    """Write down beside the photos that a child is erased: the id and on which decision, nothing that names anybody."""
    path = bot.settings.files / ERASED
    path.parent.mkdir(parents=True, exist_ok=True)
    line = {"county": bot.store.county, "pupil": pupil_id, "reason": reason[:80], "at": bot.now().isoformat()}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
