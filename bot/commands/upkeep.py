"""Commands of whoever looks after the records: keys, the trail, letters that did not arrive. Each is in the trail itself."""

from __future__ import annotations

import re

import click

from bot.commands.ground import Refused, noted, ready
from casework.terms import RULES
from storage.audit import Head


def rotate_keys() -> None:
    """Wrap every data key by the newest master key; then the old ones may leave KONGCHUO_DATA_KEY."""
    from storage.rotating import rotate

    bot = ready()
    count = rotate(bot.store, bot.now())
    with bot.store.begin(bot.now()) as work:
        noted(work, "rotate_keys", keys=count)
    click.echo(f"已用最新的钥匙重新封存{count}把数据钥匙，旧钥匙可以从 KONGCHUO_DATA_KEY 里去掉了。")
    click.echo("旧钥匙请继续存在保险柜里：这次之前的备份要用它才能恢复，等这些备份都过期删除了再销毁。")


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
                rules = "；".join(RULES.get(rule, rule) for rule in dead.message.rules)
                click.echo(f"{dead.id}\t给 {dead.message.to}\t试了{dead.attempts}次\t{dead.error}\t{rules}")
            count = work.outbox.count_dead()
        again_by = "原因改好后重发：kongchuo letters --again 编号（或 all）"
        click.echo(f"共{count}条。{again_by}" if count else "没有发不出的消息。")
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
