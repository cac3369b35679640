"""A child's data taken out for good, and again after a restore of a backup that still holds it.

Who is erased is written down beside the photos as well, by id alone (``erased.jsonl``): the database that would know of it
is the very thing that a restore replaces.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace

import click

from bot.app import Bot
from bot.commands.ground import COMMAND, Refused, counties, noted, ready
from bot.settings import Settings
from reports import snapshots
from storage.erasing import erase
from storage.evidence import Folder
from storage.store import Work

ERASED = "erased.jsonl"


def erase_pupil(pupil_id: str, reason: str, sure: bool) -> None:
    """Erase a child from every table, from the frozen reports and the folder of files; the trail keeps that it was done."""
    bot = ready()
    with bot.store.look(bot.now()) as work:
        pupil = work.people.pupil(pupil_id)
    if pupil is None or not pupil.name:
        raise Refused("没有这个学生编号，或者已经删除。编号见学生页面的地址。")
    if not sure:
        click.confirm(f"将永久删除学生 {pupil_id} 的姓名、证件、电话、住址、文字和照片，不能恢复。确认吗？", abort=True)
    remember_erased(bot, pupil_id, reason)
    count = erase_now(bot, pupil_id, reason)
    click.echo(f"已删除，照片和文件{count}件。备份里还有：恢复备份时会再删一次，旧备份请按 docs/privacy.md 到期作废。")


def erase_now(bot: Bot, pupil_id: str, reason: str) -> int:
    """Erase a child for good; returns how many photos and files were removed."""
    with bot.store.begin(bot.now()) as work:
        blank_frozen(work, pupil_id)
        paths = erase(work, pupil_id, COMMAND)
        noted(work, "erase_reason", f"pupil:{pupil_id}", reason=reason[:80])
    folder = Folder(bot.settings.files, bot.store.sealer)
    for path in paths:
        folder.remove(path)
    return len(paths)


def blank_frozen(work: Work, pupil_id: str) -> None:
    """Take a child out of the names behind submitted reports; both hashes are noted."""
    for report in work.reports.every():
        if all(row["pupil"] != pupil_id for row in report.list):
            continue
        unit = work.world.directory.units[report.unit].name
        kept = snapshots.Snapshot(unit, report.month, report.figures, report.list, report.hash)
        fresh = snapshots.without(kept, pupil_id)
        noted(work, "blank_report", f"unit:{report.unit}", month=report.month, before=report.hash, after=fresh.hash)
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


def erase_again(settings: Settings) -> int:
    """Erase whom a restored database still names though they were erased; returns how many."""
    path, count = settings.files / ERASED, 0
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    erased = [json.loads(line) for line in lines]
    for county in sorted({line["county"] for line in erased} & set(counties(settings))):
        bot = ready(settings.model_copy(update={"county": county}))
        for line in erased:
            with bot.store.look(bot.now()) as work:
                pupil = work.people.pupil(line["pupil"]) if line["county"] == county else None
            if pupil is not None and pupil.name:
                erase_now(bot, pupil.id, line["reason"])
                count += 1
        bot.store.close()
    return count
