"""看板: the whole of a county, a township or a school at a glance, for those who answer for it."""

from __future__ import annotations

import datetime as dt
import functools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from bot.app import Bot
from bot.desks import desk_for
from bot.pages import flow, monthly, pictures, ready
from bot.pages.door import here, kept, reads, storage_of
from bot.pages.flow import Absence
from bot.pages.pictures import Picture, Series
from casework.calendar import SchoolDays, Term
from casework.case import AWAY
from casework.terms import say_day
from handlers.desk import Desk
from storage import figures

READY = "board"
DAILY, FUNNEL, OVERDUE = "缺勤人数：本学期与上学期同期", "从缺勤到返校", "逾期工作"


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the page that is counted, and when it was."""

    counts: Mapping[str, int]
    pictures: tuple[Picture, ...]
    at: dt.datetime


def add(routes: Blueprint) -> None:
    """``/m/county``."""
    routes.add_url_rule("/county", "county", show)


@reads("county")
def show(desk: Desk) -> ResponseReturnValue:
    """The dashboard of the person's scope."""
    board = _board(desk)
    numbers = (
        ("学生", board.counts["pupils"], url_for("pages.pending", which="all")),
        ("待劝返", sum(board.counts[state] for state in AWAY), url_for("pages.pending", which="pending")),
        ("疑似辍学", board.counts["suspected"], url_for("pages.pending", which="suspected")),
        ("辍学", board.counts["dropout"], url_for("pages.pending", which="dropout")),
        ("返校跟踪", board.counts["observed"], url_for("pages.pending", which="observed")),
        ("学生逾期", board.counts["overdue"], url_for("pages.pending", which="all", late=1)),
    )
    return render_template("m/county.html", board=board, numbers=numbers)


def _board(desk: Desk) -> Board:
    """The board, made ahead or lately: over a whole county it is dear to make and may be a few minutes old."""
    if made := ready.of(desk, READY):
        return board_from(made.content, made.at)
    key = ("board", here().store.county, desk.scope, desk.now.replace(minute=0, second=0, microsecond=0))
    return kept().get(key, lambda: board_of(desk), functools.partial(_board_apart, here(), desk.writer.id, desk.now))


def board_from(content: Any, at: dt.datetime) -> Board:
    """A board as it was kept: counts and pictures as JSON."""
    return Board(content["counts"], tuple(map(pictures.picture_from, content["pictures"])), at)


def _board_apart(bot: Bot, person: str, now: dt.datetime) -> Board:
    """The board in a view of the database of its own: it may be made while nobody waits for it."""
    with bot.store.look(now) as work:
        desk = desk_for(work, person, "")
        assert desk is not None, "the board is made for one who has just been let in"
        return board_of(desk)


def board_of(desk: Desk) -> Board:
    """All figures of a scope."""
    counts = desk.work.cases.counts(desk.scope, desk.today)
    days = desk.world.calendar.county
    drawn = [*_of_absences(desk, days), _overdue(desk), monthly.progress_picture(desk, f"{desk.today:%Y-%m}")]
    return Board(counts, tuple(drawn), desk.now)


def terms_of(days: SchoolDays, today: dt.date) -> tuple[Term | None, Term | None]:
    """The running or last term, and the one before it."""
    begun = [term for term in days.terms if term.start <= today]
    return (begun[-1] if begun else None, begun[-2] if len(begun) > 1 else None)


def _of_absences(desk: Desk, days: SchoolDays) -> list[Picture]:
    term, before = terms_of(days, desk.today)
    if term is None:
        return []
    this = absences_in(desk, term)
    last = absences_in(desk, before) if before else {}
    if (
        before and before.end < desk.world.start and not last
    ):  # nothing was recorded: no line is better than a false zero
        before = None
    return [daily(term, before, this, last, desk.today), funnel(this, days, desk.today)]


def absences_in(desk: Desk, term: Term) -> dict[str, list[Absence]]:
    """The absences that began in a term, by pupil."""
    work = storage_of(desk)
    facts = figures.plain_facts(work.session, desk.scope, term.start, term.end, flow.KINDS)
    pupils = desk.work.people.pupils(facts) if len(facts) < 500 else {}
    county, policy = desk.world.calendar.county, desk.world.policy
    found = {}
    for id, many in facts.items():
        days = desk.world.days_of(pupils[id].class_id) if id in pupils else county
        if told := [a for a in flow.absences(many, days, policy, desk.now) if term.start <= a.since <= term.end]:
            found[id] = told
    return found


def daily(
    term: Term, before: Term | None, this: Mapping[str, Sequence[Absence]], last: Mapping[str, Sequence[Absence]], today: dt.date
) -> Picture:  # fmt: skip
    """Children absent on each school day of this term, against the same school day of the term before."""
    so_far = [day for day in term.days if day <= today]
    now = flow.absent_on([a for many in this.values() for a in many], so_far)
    then = flow.absent_on([a for many in last.values() for a in many], before.days) if before else []
    count = max(len(term.days), 1)
    labels = [f"{day.month}月{day.day}日" for day in term.days] or ["没有上学日"]
    series = [Series("本学期", (*now, *(None,) * (count - len(now))))]
    if before:
        series.append(Series("上学期同期", (*then[:count], *(None,) * (count - len(then))), "aim"))
    says = f"{say_day(so_far[-1], today)}缺勤{now[-1]}人" if now else "本学期还没有上学日"
    if now and len(then) >= len(now):
        says += f"，上学期同期{then[len(now) - 1]}人"
    return pictures.lines(DAILY, says, labels, series, "")


def funnel(this: Mapping[str, Sequence[Absence]], days: SchoolDays, today: dt.date) -> Picture:
    """How many of this term's absent children came how far, and how long that took."""
    rows = flow.stages(this, days, today)
    says = "本学期" + "，".join(f"{name}{count}人" for name, count, _ in rows)
    return pictures.funnel(FUNNEL, says, rows)


def _overdue(desk: Desk) -> Picture:
    work = storage_of(desk)
    places = figures.overdue_by_place(work.session, desk.scope, desk.today)
    units = figures.overdue_units(work.session, desk.today)
    return overdue_picture(overdue_by_township(desk, places, units))


def overdue_by_township(
    desk: Desk, places: Sequence[tuple[str | None, str | None, int]], units: Mapping[str, int]
) -> list[tuple[str, int, str]]:
    """Overdue duties of each township: of children (by their village, else their school) and of its units."""
    directory, scope = desk.world.directory, desk.scope
    pupils: Counter[str | None] = Counter()
    for class_id, village_id, many in places:
        pupils[directory.at_level(village_id, "township") or directory.at_level(class_id, "township")] += many
    own: Counter[str | None] = Counter()
    for unit, many in units.items():
        if scope.everything or unit in scope.units:
            own[directory.at_level(unit, "township")] += many
    rows = []
    for township in {
        *pupils,
        *own,
        *(u.id for u in directory.units.values() if u.kind == "township" and scope.everything),
    }:
        name = directory.units[township].name if township else "县直属"
        remark = f"学生{pupils[township]}项，单位{own[township]}项"
        rows.append((name, pupils[township] + own[township], remark))
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def overdue_picture(rows: Sequence[tuple[str, int, str]]) -> Picture:
    """The townships by how much is overdue there."""
    total = sum(count for _, count, _ in rows)
    says = f"共{total}项逾期，最多的是{rows[0][0]}（{rows[0][1]}项）" if total else "没有逾期的工作"
    return pictures.bars(OVERDUE, says, rows[:20], "项")
