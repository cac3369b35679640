"""Commands of whoever looks after the records: keys, the trail, letters that did not arrive. Each is in the trail itself."""

from __future__ import annotations

import getpass
import re
from dataclasses import replace
from typing import Any

import click

from bot import backups
from bot.setup import Refused, ready
from reports import snapshots
from storage.audit import Head
from storage.erasing import erase
from storage.evidence import Folder
from storage.store import Work

COMMAND = "command"
"""Who the trail names for a command; the place names the account of the operating system."""


def noted(work: Work, did: str, subject: str = "", **detail: Any) -> None:
    """Put a command into the trail."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):  # no such user in a container
        account = "?"
    work.audit.note(COMMAND, did, subject, f"command:{account}"[:80], detail)


def erase_pupil(pupil_id: str, reason: str, sure: bool) -> None:
    """Erase a child from every table, from the frozen reports and the folder of files; the trail keeps that it was done."""
    bot = ready()
    with bot.store.look(bot.now()) as work:
        pupil = work.people.pupil(pupil_id)
    if pupil is None or not pupil.name:
        raise Refused("没有这个学生编号，或者已经删除。编号见学生页面的地址。")
    if not sure:
        click.confirm(f"将永久删除学生 {pupil_id} 的姓名、证件、电话、住址、文字和照片，不能恢复。确认吗？", abort=True)
    backups.remember_erased(bot, pupil_id, reason)
    count = erase_now(bot, pupil_id, reason)
    click.echo(f"已删除，照片和文件{count}件。备份里还有：恢复备份时会再删一次，旧备份请按 docs/privacy.md 到期作废。")


def erase_now(bot: Any, pupil_id: str, reason: str) -> int:
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


def rotate_keys() -> None:
    """Wrap every data key by the newest master key; then the old ones may leave KONGCHUO_DATA_KEY."""
    from storage.rotating import rotate

    bot = ready()
    count = rotate(bot.store, bot.now())
    with bot.store.begin(bot.now()) as work:
        noted(work, "rotate_keys", keys=count)
    click.echo(f"已用最新的钥匙重新封存{count}把数据钥匙，旧钥匙可以从 KONGCHUO_DATA_KEY 里去掉了。")


def verify_audit(kept: str | None) -> int:
    """Recompute the trail's chain; exit 1 if a row was altered, removed or moved, or the end cut off behind ``kept``."""
    until = _head_of(kept) if kept else None
    bot = ready()
    with bot.store.begin(bot.now()) as work:
        while work.audit.link():
            pass
    with bot.store.look(bot.now()) as work:
        broken, head = work.audit.verify(until), work.audit.head()
    if broken is not None:
        click.echo(f"审计记录在 {broken} 处被改动，请立即保全数据库并报告。")
        return 1
    link = f"链头 {head.number}:{head.hash}，请抄到别处保存。" if head else "还没有记录。"
    click.echo(f"审计记录完整。{link}")
    return 0


def _head_of(kept: str) -> Head:
    found = re.fullmatch(r"(\d+):([0-9a-f]{64})", kept)
    if not found:
        raise Refused("--head 要写成 编号:哈希，照上次 kongchuo audit verify 打印的抄。")
    return Head(int(found[1]), found[2])


def letters(again: tuple[str, ...]) -> None:
    """Say what could not be delivered, or put it back into the queue. The words of a letter are not shown."""
    bot = ready()
    if not again:
        with bot.store.look(bot.now()) as work:
            for dead in work.outbox.dead_letters():
                rules = "、".join(dead.message.rules)
                click.echo(f"{dead.id}\t给 {dead.message.to}\t试了{dead.attempts}次\t{dead.error}\t{rules}")
            click.echo(f"共{work.outbox.count_dead()}条。重发：kongchuo letters --again 编号（或 all）")
        return
    with bot.store.begin(bot.now()) as work:
        wanted = [dead.id for dead in work.outbox.dead_letters(10_000)] if "all" in again else list(again)
        missing = [id for id in wanted if not work.outbox.resend(id)]
        for id in wanted:
            if id not in missing:
                noted(work, "send_again", f"letter:{id}")
    if missing:
        raise Refused(f"没有这些编号，或者已经发出：{'、'.join(missing)}")
    click.echo(f"{len(wanted)}条已放回队列。")
