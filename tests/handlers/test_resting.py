"""What the form prints of until when a suspension lasts (XY-4)."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.paperwork import Wanted, make
from bot.reception import desk_for
from reports.forms import read_texts
from tests.support.talk import Stage


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
    ("张三休学", "2025-09-10", None),
    ("张三休学手续到学校办", "2025-09-10", None),
]


@pytest.mark.clause("XY-4")
@pytest.mark.parametrize(("words", "begins", "end"), BY_TERM)
def test_the_last_day_by_the_schools_terms(words: str, begins: str, end: dt.date | None) -> None:
    assert end_of(words, dt.date.fromisoformat(begins), TERMS) == end


@pytest.mark.clause("XY-4", "TA-15")
def test_the_form_prints_the_time_applied_for() -> None:
    stage = Stage("national", dt.datetime(2025, 9, 10, 9))
    stage.say("李主任", "张三因肾炎休学到2026年1月20日")
    stage.say("李主任", "1")
    with stage.store.look(stage.now) as work:
        desk = desk_for(work, "li", "test")
        assert desk is not None
        texts = " ".join(read_texts(make(work, desk, Wanted("suspension", "p1")).content))
    assert "2025年9月10日至2026年1月20日" in texts
    assert "肾炎" in texts
