"""台账: the three ledgers and the groups of special care, filtered on the page and exported as workbooks."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.pages import acting, files, works
from bot.pages.door import Outside, note, reads, storage_of, writes
from bot.pages.monthly import BACK, MONTH, months_back
from bot.pages.pending import places_of, scope_of
from bot.pages.shell import page_number
from bot.papers.paperwork import Wanted, can_have
from casework.terms import GROUPS, LEDGERS
from handlers import papers
from handlers.admitting import LETTERS
from handlers.desk import Desk
from handlers.reporting import EXPORTS, OF_PUPIL
from handlers.understanding.actions import Action

PAGE = 50
WHAT: Mapping[str, str] = {"suspected": "suspected_ledger", "dropout": "dropout_ledger", "age": "age_ledger"}
SPECIAL = "special"
DIRECT = 20_000  # children up to which a ledger is made while one waits; a longer one comes to the chat


def add(routes: Blueprint) -> None:
    """``/m/ledgers``."""
    routes.add_url_rule("/ledgers", "ledgers", show)
    routes.add_url_rule("/ledgers/file", "ledger_file", file)
    routes.add_url_rule("/ledgers/send", "ledger_send", send, methods=["POST"])


@reads("ledgers")
def show(desk: Desk) -> ResponseReturnValue:
    """One page of a ledger."""
    which = request.args.get("which", "suspected")
    which = which if which in WHAT or which == SPECIAL else "suspected"
    places = places_of(desk)
    place = request.args.get("place") or None
    if place is not None and place not in {unit.id for _, units in places for unit in units}:
        raise Outside(f"unit:{place}")
    group = request.args.get("group") if request.args.get("group") in GROUPS else None
    page = page_number()
    rows, total = desk.work.cases.listing(
        scope_of(desk, group), ledger=None if which == SPECIAL else which, place=place,
        group=group or (desk.groups_of_care() if which == SPECIAL else None), limit=PAGE, offset=(page - 1) * PAGE,
    )  # fmt: skip
    note("look", f"ledger:{which}", place=place or "")
    asked = {"which": which, "place": place, "group": group}
    what = WHAT.get(which, "special_ledger")
    return render_template(
        "m/ledgers.html", rows=rows, total=total, which=which, page=page, pages=-(-total // PAGE), asked=asked,
        places=places, titles={**LEDGERS, SPECIAL: "特殊群体台账"}, what=what, direct=total <= DIRECT,
        sheets=_sheets(desk), own_papers=bool(works.unit_papers(desk)), months=months_back(f"{desk.today:%Y-%m}", BACK),
    )  # fmt: skip


def _sheets(desk: Desk) -> dict[str, str]:
    """The other papers about a unit that this person may have made."""
    work = storage_of(desk)
    return {what: words[0] for what, words in papers.OF_UNIT.items() if can_have(work, desk, what)}


@writes("ledgers")
def send(desk: Desk) -> ResponseReturnValue:
    """Have the workbook made and sent to the person's chat."""
    what, month = _what(request.form.get("what", "")), request.form.get("month", "")
    dated = {"month": month} if MONTH.fullmatch(month) else {}
    words = f"导出{month if dated else ''}{EXPORTS.get(what) or papers.TITLES[what]}"
    action = Action("export", (), {"what": what, **dated})
    return acting.act(desk, [action], words, [("回到台账", url_for("pages.ledgers"))])


@reads("ledgers")
def file(desk: Desk) -> ResponseReturnValue:
    """The workbook itself, for a browser on a desk."""
    what = _what(request.args.get("what", ""))
    month = request.args.get("month", "")
    place = request.args.get("place") or None
    wanted = Wanted(what, month=month if MONTH.fullmatch(month) else None, place=place)
    return files.download(desk, wanted, f"export:{what}", [("回到台账", url_for("pages.ledgers"))])


def _what(wanted: str) -> str:
    if (wanted not in EXPORTS or wanted in OF_PUPIL) and wanted not in papers.OF_UNIT and wanted != LETTERS:
        raise Outside(f"export:{wanted}")
    return wanted
