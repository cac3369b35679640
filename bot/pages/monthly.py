"""月报: a school's draft with what contradicts itself, submission, and for those above which schools have reported."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.pages import acting, pictures
from bot.pages.door import Outside, reads, storage_of, writes
from bot.pages.pictures import Picture
from casework.facts import Fact
from casework.people import Unit
from handlers import reporting
from handlers.desk import Desk
from handlers.places import schools_in, scope_of_unit
from handlers.understanding.actions import Action
from reports.monthly import FIGURES, PARTS
from storage import figures

MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
BACK = 12  # months that one may look back
SHORT = ("registered", "present", "suspected", "suspected_new", "dropouts", "dropout_new", "dropout_back", "visits")


def add(routes: Blueprint) -> None:
    """``/m/report``."""
    routes.add_url_rule("/report", "report", show)
    routes.add_url_rule("/report", "submit", submit, methods=["POST"])


@reads("report")
def show(desk: Desk) -> ResponseReturnValue:
    """The drafts of the person's schools, else the progress of all schools in scope."""
    month = asked_month(desk, request.args.get("month", ""))
    own = reporting.own_schools(desk)
    drafts = [_draft(desk, school, month) for school in own]
    picture = (
        None if own and len(own) == len(schools_in(desk.world.directory, desk.scope)) else progress_picture(desk, month)
    )
    sent = figures.reports_of_month(storage_of(desk).session, month) if picture else {}
    others = [s for s in schools_in(desk.world.directory, desk.scope) if s not in own]
    chase = month == f"{desk.today:%Y-%m}" and desk.reader.may("chase") and any(s.id not in sent for s in others)
    return render_template(
        "m/report.html", month=month, months=months_back(f"{desk.today:%Y-%m}", BACK), drafts=drafts, picture=picture,
        unsealed=reporting.without_scan(desk, {s.id: sent.get(s.id) for s in others}), chase=chase,
    )  # fmt: skip


def _draft(desk: Desk, school: Unit, month: str) -> dict[str, object]:
    """A school's month: as it was submitted, with what has changed since, or as it would be submitted now."""
    work = storage_of(desk)
    rows, total = desk.work.cases.listing(
        scope_of_unit(desk.world.directory, school.id), states=("suspected", "dropout"), limit=50
    )
    sent, frozen = reporting.submitted(desk, school, month), work.reports.frozen(school.id, month)
    draft = None if sent else desk.book.draft(work, school.id, month)
    counted = draft.figures if draft else (frozen.figures if frozen else {})
    return {
        "school": school, "rows": rows, "total": total, "sent": sent, "draft": draft, "figures": tables_of(counted),
        "halves": reporting.halves(desk, sent) if sent else "",
        "changed": desk.book.differences(work, school.id, month) if sent else [],
    }  # fmt: skip


def tables_of(
    counted: Mapping[str, Mapping[str, int]],
) -> tuple[list[tuple[str, int]], list[tuple[str, list[int]]], list[str]]:
    """The few figures that matter most, all figures by part, and the names of the parts."""
    parts = [part for part in PARTS if part in counted]
    total = counted.get("total", {})
    few = [(FIGURES[key], total.get(key, 0)) for key in SHORT]
    every = [(word, [counted[part].get(key, 0) for part in parts]) for key, word in FIGURES.items()]
    return few, every, [PARTS[part] for part in parts]


@writes("report")
def submit(desk: Desk) -> ResponseReturnValue:
    """Submit the month's report, or the report of nothing (零报告)."""
    if acting.stopped():
        return redirect(url_for("pages.report"), 303)
    if not reporting.own_schools(desk):
        raise Outside("report:" + request.form.get("month", "")[:7])
    what = "zero" if request.form.get("what") == "zero" else "monthly"
    month = asked_month(desk, request.form.get("month", ""))
    action = Action("report", (), {"what": what, "step": "submit", "month": month})
    words = f"提交{month}{'零报告' if what == 'zero' else '月报'}"
    links = [("回到月报", url_for("pages.report", month=month)), ("到台账打印统计表", url_for("pages.ledgers"))]
    return acting.act(desk, [action], words, links)


def asked_month(desk: Desk, wanted: str) -> str:
    """The month asked for, else the present one; none to come."""
    present = f"{desk.today:%Y-%m}"
    return wanted if MONTH.fullmatch(wanted) and wanted <= present else present


def months_back(month: str, count: int) -> list[str]:
    """That month and those before it, newest first."""
    year, number = int(month[:4]), int(month[5:])
    return [f"{year + (number - 1 - n) // 12}-{(number - 1 - n) % 12 + 1:02}" for n in range(count)]


def progress_picture(desk: Desk, month: str) -> Picture:
    """Which schools of the scope have reported that month; red only those that should have."""
    work = storage_of(desk)
    schools = schools_in(desk.world.directory, desk.scope)
    sent = figures.reports_of_month(work.session, month)
    last = _last_day(desk, month)
    cells = [(school.name, *_condition(sent.get(school.id), last, desk.today)) for school in schools]
    missing = sum(1 for school in schools if school.id not in sent)
    says = f"{month[:4]}年{int(month[5:])}月：共{len(schools)}所学校，已报{len(schools) - missing}所，未报{missing}所"
    ordered = sorted(cells, key=lambda cell: (cell[1] != "missing", cell[0]))
    return pictures.tiles("月报进度", says, ordered)


def _last_day(desk: Desk, month: str) -> dt.date:
    """The day by which that month's report is due, as the rule in force then names it (LC-20)."""
    first = dt.date.fromisoformat(f"{month}-01")
    rule = desk.world.policy.rule("monthly_report", first)
    return first.replace(day=rule.number("month_day") if rule else 25)


def _condition(fact: Fact | None, last: dt.date, today: dt.date) -> tuple[str, str]:
    if fact is None:
        return ("missing", "未报") if today > last else ("waiting", f"还没报，{last.day}日前报")
    day = f"{fact.on.month}月{fact.on.day}日"
    return ("zero", f"{day}零报告") if fact.data.get("zero") else ("sent", f"{day}已报")
