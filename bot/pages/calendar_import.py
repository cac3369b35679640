"""校历导入: the calendar's file, looked at before anything is written, then taken in by the same plan as ``kongchuo import``.

The file is not kept: its rows go out with the page that shows what they come to, signed, and come back with the button.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.pages.compare import uploaded_table
from bot.pages.door import from_where, reads, storage_of, writes
from bot.pages.shell import said_page
from bot.pages.signed_back import given_back, sign
from bot.rosters import calendar
from bot.rosters.importing import unknown_columns
from bot.rosters.plan import Plan
from bot.rosters.reading import Roster, RosterError, Row
from casework.people import COUNTY
from casework.terms import say_dated
from handlers.desk import Desk
from handlers.places import place_name
from storage.people import Days

TITLE = "校历"
MOST = 500  # rows; a county's school year has some twenty
TOO_OLD = "这一步放得太久了，没有写入。请重新选文件。"
WORDS = {code: word for word, code in calendar.KINDS.items()}


def add(routes: Blueprint) -> None:
    """``/m/settings/calendar/import``."""
    routes.add_url_rule("/settings/calendar/import", "calendar_import", show)
    routes.add_url_rule("/settings/calendar/import", "calendar_preview", preview, methods=["POST"])
    routes.add_url_rule("/settings/calendar/import/write", "calendar_write", write, methods=["POST"])


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns and rows, as they travel with the page."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def roster(self) -> Roster:
        return Roster(self.columns, len(self.rows), iter(self.rows))

    def signed(self) -> str:
        """For this person alone, to be given back by the button."""
        return sign("calendar", [self.columns, [[row.number, row.cells] for row in self.rows]])


def _given_back() -> Table | None:
    """The rows that were shown to this person; None where they were not, or too long ago."""
    shown = given_back("calendar", request.form.get("rows", ""))
    if shown is None:
        return None
    columns, rows = shown
    return Table(tuple(columns), tuple(Row(number, cells) for number, cells in rows))


@reads("settings")
def show(desk: Desk) -> ResponseReturnValue:
    """The form."""
    return _page()


def _page(fault: str = "") -> str:
    return render_template("m/settings_import.html", fault=fault, kinds=calendar.KINDS, plan=None)


@reads("settings")
def preview(desk: Desk) -> ResponseReturnValue:
    """What the file comes to: what would be new, what it takes the place of, and which rows are at fault."""
    uploaded = uploaded_table(TITLE)
    if isinstance(uploaded, str):
        return _page(uploaded), 422
    roster, _ = uploaded
    try:
        unknown = unknown_columns(calendar.KIND, roster)
        table = Table(roster.columns, tuple(roster.rows))
    except RosterError as error:
        return _page(str(error)), 422
    if len(table.rows) > MOST:
        return _page(f"校历一次最多{MOST}行，这个文件有{len(table.rows)}行，请核对是不是选错了文件。"), 422
    return _shown(desk, table, unknown)


def _shown(desk: Desk, table: Table, unknown: Sequence[str] = ()) -> ResponseReturnValue:
    plan = calendar.plan_on(storage_of(desk), table.roster())
    gone, fresh = _pieces(plan)
    page = render_template(
        "m/settings_import.html", fault="", kinds=calendar.KINDS, plan=plan, unknown=unknown, rows=table.signed(),
        fresh=[_said(desk, days) for days in fresh], gone=[_said(desk, days) for days in gone],
    )  # fmt: skip
    return (page, 422) if plan.bad else page


def _pieces(plan: Plan) -> tuple[Sequence[Days], Sequence[Days]]:
    return plan.pieces[0] if plan.pieces else ((), ())


def _said(desk: Desk, days: Days) -> str:
    unit = "全县" if days.unit == COUNTY else place_name(desk.world.directory, days.unit)
    until = f"至{say_dated(days.until)}" if days.until != days.since else ""
    return f"{WORDS[days.kind]}：{say_dated(days.since)}{until}（{unit}）"


@writes("settings")
def write(desk: Desk) -> ResponseReturnValue:
    """Take in what was shown; done twice, it changes nothing."""
    table = _given_back()
    if table is None:
        return _page(TOO_OLD), 422
    work = storage_of(desk)
    plan = calendar.plan_on(work, table.roster())
    if plan.bad:  # a unit has gone since it was shown
        return _shown(desk, table)
    for piece in plan.pieces:
        plan.write(work, piece)
    if plan.pieces:
        work.audit.note(
            desk.writer.id, "import", "calendar", from_where(), {"added": plan.added, "changed": plan.changed}
        )
    gone, fresh = _pieces(plan)
    text = f"已写入{len(fresh)}项" + (f"，替换{len(gone)}项" if gone else "") if fresh else "和现有校历一样，没有改动"
    links = [("看校历", url_for("pages.calendar")), ("回到设置", url_for("pages.settings"))]
    return said_page("校历导入", f"{text}。有关学生和学校的期限会重新计算。" if fresh else f"{text}。", links)
