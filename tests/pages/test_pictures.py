"""Pictures: the figures that they show, on small cases counted by hand, and that they say the same in words."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
import time
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pages import flow, pictures
from bot.pages.flow import Absence
from bot.pages.kept import Kept
from bot.pages.lifeline import weeks_of
from bot.pages.monthly import _condition, months_back
from bot.pages.pictures import Series, Span
from casework.calendar import Calendar
from casework.facts import Fact, Kind
from casework.policy import Policy

DAYS = Calendar([(dt.date(2025, 9, 1), dt.date(2026, 1, 30))]).county
POLICY = Policy.load("longchuan")
NOW = dt.datetime(2025, 9, 30, 18)


def d(day):
    return dt.date(2025, 9, day)


def fact(kind, day, hour=8, /, **data):
    at = dt.datetime(2025, 9, day, hour)
    return Fact(f"{kind}{at.isoformat()}", Kind(kind), at.date(), at, "", "teacher", "p", data=data)


@pytest.mark.parametrize(("facts", "expected"), [
    ([fact("absence", 15)], [Absence(d(15), None, d(17))]),
    ([fact("absence", 15), fact("return", 17, 8)], [Absence(d(15), d(17), None, None, True)]),
    ([fact("absence", 15), fact("return", 17, 15)], [Absence(d(15), d(18), d(17), None, True)]),
    ([fact("absence", 15), fact("dropout", 22, 9), fact("return", 25, 8)], [Absence(d(15), d(25), d(17), d(22), True)]),
    ([fact("absence", 15), fact("leave", 16, 8, to="2025-09-20", kind="sick")], [Absence(d(15), d(16), None), Absence(d(22), None, d(24))]),
    ([fact("absence", 15), Fact("v", Kind.VOID, d(15), dt.datetime(2025, 9, 15, 9), "", "teacher", "p", data={"facts": ["absence2025-09-15T08:00:00"]})], []),
    ([], []),
])  # fmt: skip
def test_absences_as_told_by_the_facts(facts, expected):
    found = flow.absences(facts, DAYS, POLICY, NOW)
    assert [(a.since, a.ended, a.suspected, a.dropout, a.back) for a in found] == [
        (a.since, a.ended, a.suspected, a.dropout, a.back) for a in expected
    ]


def test_how_many_were_absent_each_day():
    found = [Absence(d(15), d(17)), Absence(d(16), None), Absence(d(16), d(18))]
    assert flow.absent_on(found, [d(n) for n in (12, 15, 16, 17, 18, 19)]) == [0, 1, 3, 2, 1, 1]


def test_the_way_from_absent_to_back_with_median_days():
    by_pupil = {
        "a": [Absence(d(15), d(16), back=True)],
        "b": [Absence(d(15), d(22), suspected=d(17), back=True)],
        "c": [Absence(d(15), None, suspected=d(17), dropout=d(22))],
    }
    assert flow.stages(by_pupil, DAYS, d(26)) == [
        ("缺勤", 3, "停留中位数2个上学日"),
        ("疑似辍学", 2, "停留中位数3个上学日"),
        ("辍学", 1, "停留中位数5个上学日"),
        ("劝返复学", 1, "从缺勤到返校中位数5个上学日"),
    ]


names = st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn")), min_size=1, max_size=12)


def drawn(picture):
    """The elements of a picture, which must be well-formed and titled."""
    root = ElementTree.fromstring(str(picture.svg))
    assert [child.tag.rpartition("}")[2] for child in root][:2] == ["title", "desc"]
    assert "style=" not in str(picture.svg)
    return list(root)


@given(st.lists(st.tuples(names, st.integers(0, 10**6), names), max_size=8))
def test_any_figures_can_be_drawn_as_bars_and_the_table_says_them(rows):
    picture = pictures.bars("逾期", "说明", rows, "项")
    bars = [e for e in drawn(picture) if e.tag.endswith("rect")]
    assert [row[1] for row in picture.rows] == [str(value) for _, value, _ in rows]
    long = [float(bar.get("width")) for bar in bars]
    assert sorted(range(len(rows)), key=lambda n: rows[n][1]) == sorted(
        range(len(rows)), key=lambda n: (long[n], rows[n][1])
    )


@given(st.lists(st.one_of(st.none(), st.integers(0, 5000)), min_size=1, max_size=120))
def test_any_values_can_be_drawn_as_a_line_within_the_frame(values):
    picture = pictures.lines("缺勤", "说明", [f"{n}" for n in range(len(values))], [Series("甲", tuple(values))], "")
    line = next(e for e in drawn(picture) if e.tag.endswith("polyline"))
    points = [tuple(map(float, pair.split(","))) for pair in line.get("points").split()]
    assert len(points) == sum(v is not None for v in values)
    assert all(0 <= x <= pictures.WIDE and 0 <= y <= pictures.HIGH for x, y in points)
    assert [row[1] for row in picture.rows] == ["" if v is None else f"{v:g}" for v in values]


@given(st.floats(0.1, 10**7))
def test_the_top_of_the_scale_is_near_and_not_below(value):
    assert value <= pictures.nice_top(value) <= max(1, value * 2.5)


def test_what_is_drawn_of_names_is_text():
    for picture in (
        pictures.bars("<b>", "<i>", [("<script>", 1, "&")], "项"),
        pictures.tiles("月报", "说明", [("<script>", "missing", "未报")]),
        pictures.funnel("漏斗", "说明", [("<script>", 2, "<")]),
        pictures.band("<张三>", "说明", [Span(d(1), d(5), "absent", "<缺勤>")], [(d(3), "<家访>")]),
    ):
        assert "<script" not in str(picture.svg)
        drawn(picture)


def test_a_childs_time_as_a_band():
    spans = [Span(d(8), d(14), "present", "在校"), Span(d(15), d(18), "absent", "缺勤")]
    picture = pictures.band("张三", "说明", spans, [(d(16), "家访")])
    bands = [e for e in drawn(picture) if e.tag.endswith("rect")]
    assert [b.get("class") for b in bands] == ["band present", "band absent"]
    assert float(bands[0].get("width")) / float(bands[1].get("width")) == pytest.approx(7 / 4, abs=0.05)
    assert ("9月16日（周二）", "", "家访") in picture.rows


def test_what_was_done_twice_on_a_day_is_named_once_and_rows_of_words_keep_apart():
    marks = [(d(16), "家访"), (d(16), "家访"), (d(16), "联系")]
    picture = pictures.band("张三", "说明", [Span(d(15), d(18), "absent", "缺勤")], marks)
    words = {e.text: float(e.get("y")) for e in drawn(picture) if e.tag.endswith("text") and e.text in ("家访", "联系")}
    assert abs(words["家访"] - words["联系"]) >= 14
    assert [row[2] for row in picture.rows].count("家访") == 2


def test_what_was_done_is_named_on_the_band_as_far_as_there_is_room():
    """Each word stands over its mark, none over another; a day long ago has its year."""
    marks = [(d(15) + dt.timedelta(days=n), "家访") for n in range(0, 40, 2)]
    picture = pictures.band(
        "张三", "说明", [Span(dt.date(2024, 9, 2), d(30), "absent", "缺勤")], [(d(2), "联系"), *marks]
    )
    words = [e for e in drawn(picture) if e.tag.endswith("text") and e.text in ("联系", "家访")]
    assert len(words) >= 2
    for row in {e.get("y") for e in words}:
        starts = sorted(float(e.get("x")) for e in words if e.get("y") == row)
        assert all(b - a >= 28 for a, b in itertools.pairwise(starts))
    assert picture.rows[0][0] == "2024年9月2日（周一）"


@pytest.mark.parametrize(("values", "middle"), [([], None), ([3], 3), ([4, 1, 2], 2), ([1, 2, 3, 10], 2.5)])
def test_medians(values, middle):
    assert pictures.median(values) == middle


@pytest.mark.parametrize(
    ("today", "kind"), [("2025-11-14", "waiting"), ("2025-11-25", "waiting"), ("2025-11-26", "missing")]
)
def test_a_report_is_missing_only_when_its_day_is_over(today, kind):
    assert _condition(None, dt.date(2025, 11, 25), dt.date.fromisoformat(today))[0] == kind


def test_months_back():
    assert months_back("2026-02", 4) == ["2026-02", "2026-01", "2025-12", "2025-11"]


def test_weeks_touched():
    assert weeks_of(d(3), d(15)) == [(d(1), d(7)), (d(8), d(14)), (d(15), d(21))]


def test_what_was_cheap_is_made_anew_and_what_was_dear_is_kept():
    now, made = [0.0], []

    def taking(seconds):
        def make():
            now[0] += seconds
            made.append(now[0])
            return now[0]

        return make

    kept = Kept(lambda: now[0])
    first = kept.get("dear", taking(0.5))
    now[0] += 100
    assert kept.get("dear", taking(0.5)) == first
    cheap = kept.get("cheap", taking(0.001))
    now[0] += 1
    assert kept.get("cheap", taking(0.001)) > cheap


def test_nobody_waits_twice_for_what_is_dear():
    now, again = [0.0], threading.Event()

    def make():
        now[0] += 0.5
        if now[0] > 1:
            again.wait(5)
        return now[0]

    kept = Kept(lambda: now[0])
    first = kept.get("a", make)
    now[0] += 1000
    assert kept.get("a", make) == first
    assert kept.get("a", make) == first
    again.set()
    until = time.monotonic() + 5
    while kept.get("a", make) == first and time.monotonic() < until:
        time.sleep(0.01)
    assert kept.get("a", make) == 1001.0
