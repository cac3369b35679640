"""A child's data taken out for good, and again after a restore of a backup that still holds it."""

from __future__ import annotations

import functools
import json

import click

from bot.app import Bot
from bot.commands.ground import COMMAND, Refused, counties, noted, ready
from bot.erasing import ERASED, erase_in, remember_erased, remove_files
from bot.settings import Settings
from storage.erasing import messages_naming


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
    with bot.store.look(bot.now()) as work:
        pupil = work.people.pupil(pupil_id)
        named = messages_naming(work.session, pupil.name) if pupil and pupil.name else None
    with bot.store.begin(bot.now()) as work:
        paths = erase_in(work, pupil_id, reason, COMMAND, functools.partial(noted, work), named)
    remove_files(bot, paths)
    return len(paths)


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
