"""A term lived through, and every figure of its papers recomputed a second, simple way: from what each evening showed."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from bot.desks import desk_for
from bot.madeup import UNITS
from bot.papers import months, rounds
from bot.papers.paperwork import Wanted, make
from bot.papers.rates import rate_table
from casework.facts import Kind
from handlers.desk import Desk
from reports.monthly import FIGURES
from storage.store import Work
from tests.reports.diary import DAY, LISTED, SCHOOLS, START, Diary, by_hand, lived, span

END = dt.date(2026, 1, 30)
MONTHS = ("2025-09", "2025-10", "2025-11", "2025-12", "2026-01")
SILENT = frozenset({("s3", "2025-11")})
PARTS = {"primary": range(1, 7), "junior": range(7, 10), "total": range(10)}
NIGHT = dt.datetime.combine(END, dt.time(23, 59))


@pytest.fixture(scope="module")
def diary() -> Diary:
    return lived(1, END, silent=SILENT)


@pytest.mark.slow
@pytest.mark.clause("FN-8", "TA-12")
def test_every_figure_of_every_month_is_what_the_evenings_showed(diary: Diary) -> None:
    seen: Counter[str] = Counter()
    with diary.store.look(NIGHT) as work:
        for school in SCHOOLS:
            for month in MONTHS:
                report = months.count(work, school, month)
                for part, grades in PARTS.items():
                    counted = report.figures.get(part, dict.fromkeys(FIGURES, 0))
                    assert counted == by_hand(diary, school, month, grades), (school, month, part)
                assert not [s for s in report.contradictions if "对不上" in s or "停在" in s or "两次" in s]
                seen.update(report.figures["total"])
    assert [key for key in FIGURES if not seen[key]] == []  # every one was tried


@pytest.mark.slow
@pytest.mark.clause("FJ-1", "FJ-6")
def test_the_changes_of_every_week_are_what_the_evenings_showed(diary: Diary) -> None:
    with diary.store.look(NIGHT) as work:
        desk = _desk(work, "zhou")
        monday, many = START, 0
        while monday <= END:
            last = min(monday + 6 * DAY, END)
            told = Counter((c.sign, c.name, c.on) for c in rounds.changes(work, desk.scope, monday, last))
            assert told == Counter(_evening_changes(diary, monday, last)), monday
            many += sum(told.values())
            monday += 7 * DAY
        rows, found = rounds.circular(work, desk, "2026-01")
        shown = list(_evening_changes(diary, dt.date(2026, 1, 1), END))
        assert Counter((row["sign"], row["name"]) for row in rows) == Counter((sign, name) for sign, name, _ in shown)
        plus = sum(sign == "＋" for sign, _, _ in shown)
        at_end = Counter(diary.evenings[END].values())
        assert found == {"added": plus, "removed": len(shown) - plus, "at_end": at_end["suspected"] + at_end["dropout"]}
    assert many > 50


def _evening_changes(diary: Diary, first: dt.date, last: dt.date) -> Iterator[tuple[str, str, dt.date]]:
    day = first
    while day <= last:
        for id, pupil in diary.pupils.items():
            old, new = diary.evenings[day - DAY].get(id, ""), diary.evenings[day].get(id, "")
            if new != old:
                yield from ((sign, pupil.name, day) for sign, state in (("－", old), ("＋", new)) if state in LISTED)
        day += DAY


@pytest.mark.slow
@pytest.mark.clause("FN-9", "TA-29")
def test_the_sheets_of_the_county_add_up_what_the_schools_submitted(diary: Diary) -> None:
    names = {u.id: u.name for u in UNITS}
    with diary.store.look(NIGHT) as work:
        desk = _desk(work, "zhou")
        for month in MONTHS[:-1]:  # the last one is not over yet
            book = make(work, desk, Wanted("county_month", month=month)).content
            sent = {school: by_hand(diary, school, month) for school in SCHOOLS if (school, month) not in SILENT}
            for school in SCHOOLS:
                blank = dict.fromkeys(FIGURES)
                assert _figures(book, names[school]) == (sent.get(school) or blank), (school, month)
            total = sum((Counter(figures) for figures in sent.values()), Counter(dict.fromkeys(FIGURES, 0)))
            assert _figures(book, "3所") == {key: total[key] for key in FIGURES}
        quarter = _lines(make(work, desk, Wanted("quarterly_review", month="2025-12")).content, "复核表")
        now = {
            school: sum(diary.shown(id, set(SCHOOLS[school]), END) == "dropout" for id in diary.pupils)
            for school in SCHOOLS
        }
        for school, lost in now.items():
            reported = by_hand(diary, school, "2025-12")["dropouts"]
            row = next(row for row in quarter if row[1] == names[school])
            assert (row[3], row[4], row[5]) == (reported, lost, lost - reported)
        found = rounds.self_report(work, desk, "2026-01")
        every = sum(
            (Counter(by_hand(diary, s, m)) for m in MONTHS[:-1] for s in SCHOOLS if (s, m) not in SILENT), Counter()
        )
        for key in (
            "transfer_in",
            "transfer_out",
            "suspected_new",
            "suspected_back",
            "visits",
            "persuasions",
            "notices",
        ):
            assert found[key] == every[key], key
        assert (found["dropouts_new"], found["dropouts_back"]) == (every["dropout_new"], every["dropout_back"])
        assert (found["reports_due"], found["reports_in"]) == (15, 11)


@pytest.mark.slow
@pytest.mark.clause("LC-10")
def test_the_attendance_of_a_class_is_what_the_evenings_showed(diary: Diary) -> None:
    kinds = {"sick": "病假", "personal": "事假"}
    with diary.store.look(NIGHT) as work:
        desk = _desk(work, "wang")
        for month in MONTHS:
            days = work.world.days_of("c1").between(*span(diary, month))
            shown: Counter[str] = Counter()
            for id in diary.pupils:
                for day in days:
                    state = diary.shown(id, {"c1"}, day)
                    shown["due"] += state not in ("", "left", "home_taught")
                    shown["旷课"] += state in ("absent", "suspected", "dropout")
                    if state == "on_leave":
                        leaves = [f for f in diary.facts if f.pupil == id and f.kind is Kind.LEAVE and f.on <= day]
                        shown[kinds[str(leaves[-1].data["kind"])]] += 1
            lines = _lines(make(work, desk, Wanted("attendance_month", month=month)).content, "出勤")
            (line,) = [row for row in lines if row[0] == "八年级3班"]
            assert (line[2], line[3]) == (len(days), shown["due"]), month
            assert line[6:9] == [shown["病假"], shown["事假"], shown["旷课"]], month
            assert line[4] == shown["due"] - shown["病假"] - shown["事假"] - shown["旷课"]


@pytest.mark.slow
@pytest.mark.clause("XY-1")
def test_the_rates_are_what_the_last_evening_showed(diary: Diary) -> None:
    with diary.store.look(NIGHT) as work:
        table = {(r.unit_id, r.name): r for r in rate_table(work, _desk(work, "zhou"), "").rates}
    groups = {
        "enrolment": set(),
        "disabled": {"disabled"},
        "left_behind": {"left_behind"},
        "poor": {"poor", "in_difficulty"},
    }
    for unit, rooms in {"": None, **{s: set(c) for s, c in SCHOOLS.items()}}.items():
        for name, wanted in groups.items():
            counted, due = 0, 0
            for id, pupil in diary.pupils.items():
                mine = rooms is None or pupil.class_id in rooms
                if not mine or (wanted and not wanted & pupil.groups) or diary.kept_place(id, END):
                    continue
                due += 1
                went = diary.evenings[END][id] == "left" and any(
                    f.pupil == id and f.kind is Kind.TRANSFER_OUT for f in diary.facts
                )
                counted += went or diary.evenings[END][id] not in ("left", "dropout")
            assert (table[unit, name].figure.numerator, table[unit, name].figure.denominator) == (counted, due), (
                unit,
                name,
            )


def _desk(work: Work, who: str) -> Desk:
    desk = desk_for(work, who, "test")
    assert desk is not None
    return desk


def _lines(content: bytes, page: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content))[page].iter_rows()]


def _figures(book: bytes, school: str) -> dict[str, Any]:
    """The figures of a school in the county's workbook, by the words in the heads of its sheets."""
    found: dict[str, Any] = {}
    for page in ("各校", "各校疑似辍学", "各校辍学和劝返"):
        lines = _lines(book, page)
        row = next(line for line in lines if line[1] == school)
        found |= dict(zip(next(line for line in lines if "学校" in line), row, strict=True))
    return {key: found[word] for key, word in FIGURES.items()}
