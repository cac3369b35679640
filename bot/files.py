"""Papers made for the chat: numbered, kept where they are final, and a link to the page where they are too large."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import structlog

from bot.attachments import LARGEST
from bot.desks import desk_for
from bot.papers import batches, finishing
from bot.papers.numbering import is_numbered, make_numbered
from bot.papers.paperwork import NotMade, Wanted
from handlers.desk import Desk
from reports.inputs import Paper
from storage.evidence import Folder
from storage.session import new_id
from storage.store import Store, Work

if TYPE_CHECKING:
    pass

log = structlog.get_logger("files")


def make_for(
    store: Store, files: Path, public_url: str, user: str, wanted: Mapping[str, Any], now: dt.datetime
) -> tuple[str, bytes]:
    """Name and bytes of what a member of staff asked for. Raises ``NotMade`` with a sentence for them."""
    asked = Wanted(**{k: v for k, v in wanted.items() if v is not None})
    if batches.is_batch(asked):
        with store.begin(now) as work:
            batches.number(work, _desk(work, user), asked)
    with store.begin(now) if is_numbered(asked) else store.look(now) as work:
        paper = make_numbered(work, _desk(work, user), asked, files)
    if asked.final:
        _keep(store, files, user, asked, paper, now)
    if len(paper.content) > LARGEST:
        link = f"{public_url.rstrip('/')}{page_of(asked)}"
        raise NotMade(f"《{paper.name}》超过20MB，发不进聊天。请点这里下载（需登录）：{link}")
    return paper.name, paper.content


def _keep(store: Store, files: Path, user: str, asked: Wanted, paper: Paper, now: dt.datetime) -> None:
    """Seal a form that was finished just now, before the transaction that notes it; one finished before is kept already."""
    with store.look(now) as work:
        if finishing.kept(work, _desk(work, user), asked, files):
            return
    piece = new_id(now)
    stored = Folder(files, store.sealer).write(piece, paper.content, finishing.WORD)
    with store.begin(now) as work:
        finishing.keep(work, _desk(work, user), asked, paper, piece, stored)


def _desk(work: Work, user: str) -> Desk:
    desk = desk_for(work, user, "file")
    if desk is None:
        raise NotMade("您现在没有岗位，不能导出。")
    return desk


def page_of(wanted: Wanted) -> str:
    """The path of the page that hands out the same file to a browser."""
    given = {name: value for name, value in (("month", wanted.month), ("place", wanted.place)) if value}
    if wanted.pupil:
        return f"/m/pupil/{wanted.pupil}/paper/{wanted.what}" + (f"?{urlencode(given)}" if given else "")
    return f"/m/ledgers/file?{urlencode({'what': wanted.what, **given})}"
