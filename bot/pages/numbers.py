"""发文登记: the numbers that papers were given, by paper, unit and school year; the same as a workbook."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.pages import files
from bot.pages.door import Outside, note, reads, storage_of
from bot.pages.pending import places_of
from bot.pages.shell import page_number
from bot.papers import serials
from bot.papers.paperwork import Wanted
from casework.calendar import school_year_of
from handlers.desk import Desk
from reports.catalogue import catalogue

PAGE = 50
YEARS = 3  # school years that one may look back


def add(routes: Blueprint) -> None:
    """``/m/numbers`` and its workbook."""
    routes.add_url_rule("/numbers", "numbers", show)
    routes.add_url_rule("/numbers/file", "numbers_file", file)


@reads("lists")
def show(desk: Desk) -> ResponseReturnValue:
    """One page of the register."""
    kind, unit = _kind(), _unit(desk)
    first, years = _first(desk), [dt.date(school_year_of(desk.today)[0].year - n, 8, 1) for n in range(YEARS)]
    rows = list(serials.issued(storage_of(desk), desk, first, kind, unit))
    page = page_number()
    note("look", "numbers", kind=kind or "", unit=unit or "")
    return render_template(
        "m/numbers.html", rows=rows[(page - 1) * PAGE : page * PAGE], total=len(rows), page=page, pages=-(-len(rows) // PAGE),
        asked={"kind": kind, "unit": unit, "since": first.isoformat()}, years=years,
        kinds={name: catalogue()[name].title for name in serials.WORDS}, units=_units(desk),
    )  # fmt: skip


@reads("lists")
def file(desk: Desk) -> ResponseReturnValue:
    """The register of this school year as a workbook."""
    return files.download(
        desk, Wanted("number_register"), "export:number_register", [("回到发文登记", url_for("pages.numbers"))]
    )


def _kind() -> str | None:
    kind = request.args.get("kind") or None
    return kind if kind in serials.WORDS else None


def _units(desk: Desk) -> list[tuple[str, str]]:
    """The units of the reader's reach that give numbers."""
    return [(u.id, u.name) for title, units in places_of(desk) if title in ("乡镇", "学校") for u in units]


def _unit(desk: Desk) -> str | None:
    unit = request.args.get("unit") or None
    if unit is not None and unit not in {id for id, _ in _units(desk)}:
        raise Outside(f"unit:{unit}")
    return unit


def _first(desk: Desk) -> dt.date:
    """The first day shown: of this school year, or of an earlier one."""
    given = request.args.get("since", "")
    this = school_year_of(desk.today)[0]
    return next((day for n in range(YEARS) if (day := this.replace(year=this.year - n)).isoformat() == given), this)
