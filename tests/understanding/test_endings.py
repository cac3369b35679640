"""Until when a suspension or deferment lasts, as told with it (XY-4)."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.understanding.endings import end_of

BEGINS = dt.date(2025, 9, 10)


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("张三因白血病休学到2026年7月10日", dt.date(2026, 7, 10)),
        ("张三休学至7月10号", dt.date(2026, 7, 10)),
        ("张三休学一年", dt.date(2026, 9, 9)),
        ("张三休学到3月", dt.date(2026, 3, 31)),
        ("张三休学到3月1日", dt.date(2026, 3, 1)),
        ("张三休学5个月", dt.date(2026, 2, 9)),
        ("张三休学，期限一年", dt.date(2026, 9, 9)),
        ("张三休学半年", dt.date(2026, 3, 9)),
        ("张三休学3个月", dt.date(2025, 12, 9)),
        ("次仁缓学两年", dt.date(2027, 9, 9)),
        ("休学，期限2025年9月至2026年3月", dt.date(2026, 3, 31)),
        ("休学申请批下来了，从3月10日到明年2月", dt.date(2026, 2, 28)),
        ("张三休学", None),
        ("张三休学至学期末", None),
        ("张三休学一个学期", None),
        ("三年级2班张三休学", None),
        ("张三休学到9月10日", BEGINS),
        ("张三休学到2025年9月10日", BEGINS),
        ("张三休学到2025年9月9日", None),
        ("张三休学到2025年7月10日", None),  # over before it began: a slip, to be told again
        ("张三休学到2026年2月30日", None),
    ],
)
@pytest.mark.clause("XY-4")
def test_the_last_day_as_told(words: str, end: dt.date | None) -> None:
    assert end_of(words, BEGINS) == end


def test_a_month_without_that_day_ends_with_its_last() -> None:
    assert end_of("张三休学一个月", dt.date(2025, 1, 31)) == dt.date(2025, 2, 28)
    assert end_of("张三休学一个月", dt.date(2025, 12, 1)) == dt.date(2025, 12, 31)


TERMS = [(dt.date(2025, 9, 1), dt.date(2026, 1, 30)), (dt.date(2026, 3, 2), dt.date(2026, 7, 10))]
BY_TERM = [
    ("张三休学至学期末", "2025-09-10", dt.date(2026, 1, 30)),
    ("张三休学到本学期结束", "2025-09-10", dt.date(2026, 1, 30)),
    ("张三休学到放寒假", "2025-09-10", dt.date(2026, 1, 30)),
    ("张三休学一个学期", "2025-09-10", dt.date(2026, 1, 30)),
    ("张三休学一学期", "2025-12-20", dt.date(2026, 7, 10)),  # this term is nearly over
    ("张三休学两个学期", "2025-09-10", dt.date(2026, 7, 10)),
    ("张三休学到学年末", "2025-09-10", dt.date(2026, 7, 10)),
    ("张三休学到学年结束", "2026-03-10", dt.date(2026, 7, 10)),
    ("张三休学，到下学期开学", "2025-09-10", dt.date(2026, 3, 1)),
    ("张三休学到春季开学", "2025-09-10", dt.date(2026, 3, 1)),
    ("张三休学到3月开学", "2025-09-10", dt.date(2026, 3, 1)),
    ("张三休学到下学期开学", "2026-03-10", None),  # nobody knows yet when that is
    ("张三休学到秋季开学", "2025-09-10", None),
    ("张三休学一年", "2025-09-10", dt.date(2026, 9, 9)),
    ("张三休学一学年", "2025-09-10", dt.date(2026, 9, 9)),
    ("张三休学到2026年7月1日，学期末复学", "2025-09-10", dt.date(2026, 7, 1)),
    ("张三休学到学期末", "2026-01-30", dt.date(2026, 1, 30)),  # its last day is still of the term
    ("张三休学到学期末", "2026-01-31", dt.date(2026, 7, 10)),
    ("张三休学一学期", "2025-11-15", dt.date(2026, 1, 30)),  # the term's middle
    ("张三休学一学期", "2025-11-16", dt.date(2026, 7, 10)),
    ("张三休学三个学期", "2025-09-10", None),
    ("张三休学三个学期", "2025-12-20", None),
    ("张三休学到下学期开学", "2025-09-01", dt.date(2026, 3, 1)),
    ("张三休学到春季开学", "2025-08-20", dt.date(2026, 3, 1)),
    ("张三休学到秋季开学", "2025-08-20", dt.date(2025, 8, 31)),
    ("张三休学", "2025-09-10", None),
    ("张三休学手续到学校办", "2025-09-10", None),
]


@pytest.mark.clause("XY-4")
@pytest.mark.parametrize(("words", "begins", "end"), BY_TERM)
def test_the_last_day_by_the_schools_terms(words: str, begins: str, end: dt.date | None) -> None:
    assert end_of(words, dt.date.fromisoformat(begins), TERMS) == end
