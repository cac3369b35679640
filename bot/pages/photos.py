"""照片: a photo or signed paper is put to one's own record about a child by a form, as it is in chat.

The file is looked at and sealed before the transaction that notes it, so that nobody waits for a disk.
"""

from __future__ import annotations

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.attachments import Unwelcome, examine
from bot.pages import acting
from bot.pages.door import Outside, here, reads, storage_of, writes
from bot.pages.pupil import known, links_of
from casework.facts import Fact, voided_of
from casework.people import Pupil
from handlers import filing
from handlers.desk import Desk, Said
from storage.evidence import Folder, Stored
from storage.session import new_id


def add(routes: Blueprint) -> None:
    """``/m/record/<id>/photo``."""
    routes.add_url_rule("/record/<fact_id>/photo", "photo_form", form)
    routes.add_url_rule("/record/<fact_id>/photo", "photo_add", take, methods=["POST"])


def _own(desk: Desk, fact_id: str) -> tuple[Pupil, Fact]:
    """One's own record that stands and to which photos belong, with its child; raises ``Outside``."""
    fact = desk.work.cases.fact(fact_id)
    if fact is None or fact.pupil is None or fact.by != desk.writer.id or not filing.keeps(fact):
        raise Outside(f"record:{fact_id}")
    pupil = known(desk, fact.pupil)
    if fact.id in voided_of(desk.work.cases.facts(pupil.id)):
        raise Outside(f"record:{fact_id}")
    return pupil, fact


@reads("pupil")
def form(desk: Desk, fact_id: str, fault: str = "") -> ResponseReturnValue:
    """The form, with what was wrong with the file chosen before."""
    pupil, fact = _own(desk, fact_id)
    page = render_template(
        "m/photo.html", label=filing.label(desk, fact), fault=fault, action=url_for("pages.photo_add", fact_id=fact_id),
        back=url_for("pages.pupil", pupil_id=pupil.id), paper=filing.signed_paper(fact),
    )  # fmt: skip
    return (page, 422) if fault else page


@reads("pupil")
def _refused(desk: Desk, fact_id: str) -> ResponseReturnValue:
    """Nothing, when this person may put a photo there: asked before the file is touched."""
    _own(desk, fact_id)
    return ""


def take(fact_id: str) -> ResponseReturnValue:
    """Examine, seal and note a file; sent twice, it is kept once."""
    if refused := _refused(fact_id=fact_id):
        return refused
    given = request.files.get("photo")
    content = given.read() if given else b""
    try:
        if not content:
            raise Unwelcome("还没有选照片，请先选一张。")
        kind = examine(content)
    except Unwelcome as reason:
        return form(fact_id=fact_id, fault=str(reason))
    bot = here()
    folder, piece = Folder(bot.settings.files, bot.store.sealer), new_id(bot.now())
    stored = folder.write(piece, content, kind)
    try:
        return _keep(fact_id=fact_id, piece=piece, stored=stored)
    finally:
        if g.get("photo") != piece:
            folder.remove(stored.path)


@writes("pupil")
def _keep(desk: Desk, fact_id: str, piece: str, stored: Stored) -> ResponseReturnValue:
    pupil, fact = _own(desk, fact_id)
    kind, word = ("image", "照片") if stored.type.startswith("image/") else ("file", "文件")

    def do() -> Said:
        storage_of(desk).evidence.bring(piece, stored, desk.writer.id, kind)
        g.photo = piece
        words = filing.attach(desk, piece, fact, word)
        return Said(words.replace("请回“签字表”", "请在记录下面点“这是签字表”"))

    more = ("再加一张", url_for("pages.photo_form", fact_id=fact_id))
    return acting.take_in(desk, f"{word}：{filing.label(desk, fact)}", do, [more, *links_of(pupil)])
