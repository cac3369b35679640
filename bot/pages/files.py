"""Papers and workbooks handed to a browser."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from flask import Response
from flask.typing import ResponseReturnValue

from bot.pages.door import here, note, storage_of
from bot.pages.shell import said_page
from bot.papers.numbering import make_numbered
from bot.papers.paperwork import NotMade, Wanted
from handlers.desk import Desk

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}


def download(desk: Desk, wanted: Wanted, subject: str, links: Sequence[tuple[str, str]]) -> ResponseReturnValue:
    """A file limited to what the person may see, noted in the trail; a sentence where it cannot be made."""
    try:
        made = make_numbered(storage_of(desk), desk, wanted, here().settings.files)
    except NotMade as reason:
        return said_page("没有生成", str(reason), links)
    note("export", subject, what=wanted.what)
    return sent(made.name, made.content)


def sent(name: str, content: bytes) -> Response:
    """The answer that a browser keeps as a file of that name."""
    response = Response(content, content_type=KINDS.get(name.rpartition(".")[2], "application/octet-stream"))
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
