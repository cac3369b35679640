"""名册导入: units, staff and pupils from a file, looked at before anything is written, then taken in as ``kongchuo import`` does.

The file is not kept: it is chosen again to be written, and must be the very one that was shown. Pieces are committed one by one,
so that the chat goes on meanwhile; taken in twice, a file changes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.pages.compare import uploaded_table
from bot.pages.door import Outside, asks, from_where, here, reads
from bot.pages.files import sent
from bot.pages.shell import said_page
from bot.pages.signed_back import given_back, sign
from bot.rosters import ImportResult, RosterError, import_table
from bot.rosters import template as templates
from bot.rosters.importing import KINDS
from bot.rosters.reading import Roster
from handlers.desk import Desk

TITLES = {"units": "单位", "staff": "教职工", "pupils": "学生"}
MOST = 3000  # rows, a large school's; each pupil that it changes takes two milliseconds, and somebody waits
SHOWN_BAD = 100
NOT_SHOWN = "这不是刚才看过的那个文件，没有写入。请先看会改什么。"
GUARDED = "的全县职务不能用文件添加：全县职务要两个人办，请在“教职工和职务”里提出。请从文件里删去这几行，再选一次。"


def add(routes: Blueprint) -> None:
    """``/m/settings/import/<what>``."""
    routes.add_url_rule("/settings/import/<what>/template", "roster_template", template)
    routes.add_url_rule("/settings/import/<what>", "roster_import", show)
    routes.add_url_rule("/settings/import/<what>", "roster_preview", preview, methods=["POST"])
    routes.add_url_rule("/settings/import/<what>/write", "roster_write", write, methods=["POST"])


@dataclass(frozen=True, slots=True)
class Upload:
    """A roster as it was uploaded, and the fingerprint of its file."""

    roster: Roster
    digest: str


def _known(what: str) -> str:
    if what not in TITLES:
        raise Outside(f"import:{what}")
    return what


def _upload(what: str) -> Upload | str:
    """The table that was sent, or a sentence why it is not taken."""
    uploaded = uploaded_table(f"{TITLES[what]}名册")
    if isinstance(uploaded, str):
        return uploaded
    roster, content = uploaded
    if roster.size > MOST:
        return f"一次最多{MOST}行，这个文件有{roster.size}行。请按学校分成几份；全县一次导入请运维人员用命令办理。"
    return Upload(roster, hashlib.sha256(content).hexdigest())


@reads("settings")
def template(desk: Desk, what: str) -> ResponseReturnValue:
    """The empty table, of the calendar as well."""
    if what not in templates.TITLES:
        raise Outside(f"import:{what}")
    return sent(f"{templates.TITLES[what]}名册模板.xlsx".replace("校历名册", "校历"), templates.template(what))


@reads("settings")
def show(desk: Desk, what: str) -> ResponseReturnValue:
    """The form."""
    return _page(_known(what))


def _page(what: str, fault: str = "", found: ImportResult | None = None, shown: str = "") -> str:
    kind = KINDS[what]
    return render_template(
        "m/settings_roster.html", what=what, title=TITLES[what], titles=TITLES, fault=fault, found=found, shown=shown,
        most=SHOWN_BAD, required=kind.required, optional=kind.optional, guarded=GUARDED,
    )  # fmt: skip


@asks("settings")
def preview(desk: Desk, what: str) -> ResponseReturnValue:
    """What the file comes to: how many rows are new, what others change, and which are at fault."""
    upload = _upload(_known(what))
    if isinstance(upload, str):
        return _page(what, upload), 422
    bot = here()
    try:
        found = import_table(bot.store, what, upload.roster, bot.now(), dry_run=True)
    except RosterError as error:
        return _page(what, str(error)), 422
    if found.bad or found.guarded:
        return _page(what, found=found), 422
    return _page(what, found=found, shown=sign("roster", [what, upload.digest]))


def _note(desk: Desk, what: str, detail: dict[str, int | str]) -> None:
    bot = here()
    with bot.store.begin(bot.now()) as work:
        work.audit.note(desk.writer.id, "import", what, from_where(), detail)


@asks("settings")
def write(desk: Desk, what: str) -> ResponseReturnValue:
    """Take in the file that was shown; done twice, it changes nothing."""
    upload = _upload(_known(what))
    if isinstance(upload, str):
        return _page(what, upload), 422
    if given_back("roster", request.form.get("shown", "")) != [what, upload.digest]:
        return _page(what, NOT_SHOWN), 422
    bot = here()
    # before the first piece: a server killed between pieces must not have written what nobody signs for
    _note(desk, what, {"rows": upload.roster.size, "file": upload.digest[:16]})
    found = import_table(bot.store, what, upload.roster, bot.now(), alone=True)
    if found.bad or found.guarded:  # something has changed since it was shown
        return _page(what, found=found), 422
    if found.added or found.changed:
        _note(desk, what, {"added": found.added, "changed": found.changed})
    text = f"已写入：新增{found.added}，修改{found.changed}，未变{found.unchanged}。"
    back = ("看教职工", url_for("pages.people")) if what == "staff" else ("回到设置", url_for("pages.settings"))
    return said_page(f"导入{TITLES[what]}名册", "\n".join([text, *found.notes]), [back])
