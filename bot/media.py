"""Photos and files that came with messages, fetched before WeChat Work drops them."""

from __future__ import annotations

import datetime as dt

import structlog

from bot.app import Bot
from bot.attachments import Unwelcome, examine
from bot.desks import desk_for
from bot.wecom.errors import Permanent, WecomError
from casework.terms import say_day
from handlers import filing
from storage.evidence import Folder, Piece
from storage.outbox import Outgoing

log = structlog.get_logger("media")
FETCHED = 20  # files in one run of the job
MEDIA_KEPT = dt.timedelta(days=3)
"""So long WeChat Work keeps what was sent in chat."""


def fetch_wanted(bot: Bot) -> int:
    """Fetch photos and files that came with messages; returns how many were kept. They expire in three days."""
    with bot.store.look(bot.now()) as work:
        wanted = work.evidence.wanted(FETCHED)
    folder, kept = Folder(bot.settings.files, bot.store.sealer), 0
    for piece in wanted:
        try:
            media = bot.client.download(piece.media or "")
        except Permanent:
            _lose(bot, piece)
            continue
        except WecomError as error:
            if (
                bot.now() - piece.at > MEDIA_KEPT
            ):  # whatever is wrong now, it is there no more, and others wait behind it
                _lose(bot, piece)
                continue
            log.info("evidence not fetched yet", piece=piece.id, code=error.code)
            break
        try:
            kind = examine(media.content, piece.kind)
        except Unwelcome as reason:
            _turn_away(bot, piece, str(reason))
            continue
        stored = folder.write(piece.id, media.content, kind)
        with bot.store.begin(bot.now()) as work:
            work.evidence.keep(piece.id, stored)
        kept += 1
    return kept


def _lose(bot: Bot, piece: Piece) -> None:
    """WeChat Work has it no more: whoever sent it hears so at once, with the record that lacks it and how to mend that."""
    log.warning("evidence lost", piece=piece.id)
    with bot.store.begin(bot.now()) as work:
        work.evidence.lost(piece.id)
        fact = work.cases.fact(piece.fact) if piece.fact else None
        desk = desk_for(work, piece.by, "file")
        word = "照片" if piece.kind == "image" else "文件"
        text = (
            f"您{say_day(piece.at.date(), work.now.date())}发来的{word}没有取到：企业微信只保存三天，现在已经没有了。"
        )
        if fact is None or desk is None:
            text += f"需要的话请再发一次{word}。"
        elif fact.pupil is None:
            text += f"{filing.label(desk, fact)}因此还缺这份{word}，请再发一次。"
        else:
            page = (
                f"：{bot.settings.public_url.rstrip('/')}/m/record/{fact.id}/photo" if bot.settings.public_url else ""
            )
            text += f"{filing.label(desk, fact)}因此还缺这份{word}，请在该生网页的这条记录下点“加照片”补上{page}。"
        work.outbox.queue(Outgoing(f"lost:{piece.id}", piece.by, text, work.now))


def _turn_away(bot: Bot, piece: Piece, reason: str) -> None:
    """A file that may not come in belongs to no record; whoever sent it is told why."""
    with bot.store.begin(bot.now()) as work:
        work.evidence.attach(piece.id)
        work.evidence.lost(piece.id)
        work.outbox.queue(Outgoing(f"unwelcome:{piece.id}", piece.by, reason, work.now))
        work.audit.note(piece.by, "refuse_file", f"piece:{piece.id}"[:80], "chat")
