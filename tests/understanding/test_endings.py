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
