"""Days as people name them, on Wednesday 12 March 2025 unless said otherwise."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from handlers.understanding.clock import clock_of
from handlers.understanding.dates import COMING, DAY, NEAREST, PAST, day_of, month_of, resolve
from handlers.understanding.numerals import number

NOW = dt.datetime(2025, 3, 12, 8, 5)


@pytest.mark.parametrize(
    ("words", "tense", "day"),
    [
        ("今天", PAST, "2025-03-12"), ("今早", PAST, "2025-03-12"), ("昨晚", PAST, "2025-03-11"), ("前天", PAST, "2025-03-10"),
        ("大前天", PAST, "2025-03-09"), ("明早", COMING, "2025-03-13"), ("后天", COMING, "2025-03-14"), ("大后天", COMING, "2025-03-15"),
        ("上周三", PAST, "2025-03-05"), ("上上周五", PAST, "2025-02-28"), ("本周五", COMING, "2025-03-14"), ("下周一", COMING, "2025-03-17"),
        ("下下周一", COMING, "2025-03-24"), ("下礼拜二", COMING, "2025-03-18"), ("上个星期天", PAST, "2025-03-09"), ("礼拜天", COMING, "2025-03-16"),
        ("周一", PAST, "2025-03-10"), ("周一", COMING, "2025-03-17"), ("周三", PAST, "2025-03-12"), ("周三", COMING, "2025-03-19"),
        ("周五", PAST, "2025-03-07"), ("周五", COMING, "2025-03-14"),
        ("10号", PAST, "2025-03-10"), ("10号", COMING, "2025-04-10"), ("二十号", COMING, "2025-03-20"), ("31号", PAST, "2025-01-31"),
        ("3月5日", PAST, "2025-03-05"), ("三月五号", PAST, "2025-03-05"), ("3月5日", COMING, "2026-03-05"), ("去年12月30号", PAST, "2024-12-30"),
        ("2025-03-12", NEAREST, "2025-03-12"), ("2025年3月12日", NEAREST, "2025-03-12"), ("3.12", PAST, "2025-03-12"), ("3/10", PAST, "2025-03-10"),
        ("上个月20号", PAST, "2025-02-20"), ("月底", COMING, "2025-03-31"), ("下月底", COMING, "2025-04-30"),
        ("三天前", PAST, "2025-03-09"), ("一周后", COMING, "2025-03-19"), ("两个星期后", COMING, "2025-03-26"),
        ("国庆后", COMING, "2025-10-09"), ("五一以后", COMING, "2025-05-06"), ("过完元旦", PAST, "2025-01-02"),
        ("二〇二五年三月五日", NEAREST, "2025-03-05"), ("2024年十二月三十号", NEAREST, "2024-12-30"), ("前年3月5日", PAST, "2023-03-05"),
        ("到元旦", PAST, "2025-01-01"), ("到元旦", COMING, "2026-01-01"), ("1月5日", PAST, "2025-01-05"), ("12月30日", PAST, "2024-12-30"),
        ("3月12日", COMING, "2025-03-12"), ("12号", COMING, "2025-03-12"), ("12号", PAST, "2025-03-12"), ("周六", NEAREST, "2025-03-15"),
        ("4月底", COMING, "2025-04-30"), ("2月底", PAST, "2025-02-28"), ("一个月后", COMING, "2025-04-11"), ("两天后", COMING, "2025-03-14"),
        ("昨日", PAST, "2025-03-11"), ("寻日", PAST, "2025-03-11"), ("听日", COMING, "2025-03-13"),
    ],
)  # fmt: skip
def test_a_day(words: str, tense: int, day: str) -> None:
    assert str(resolve(words, NOW, tense)) == day


@pytest.mark.parametrize(
    ("words", "away"),
    [
        ("大前天 大前日 大前儿", -3),
        ("前天 前日 前早 前晚 前夜 前儿 前儿个", -2),
        ("昨天 昨日 昨早 昨晨 昨晚 昨夜 昨儿 昨个 昨晚黑 寻日 噚日 琴日", -1),
        ("今天 今日 今早 今晨 今晚 今儿 今个 今朝 当天 当日", 0),
        ("明天 明日 明早 明晚 明夜 明晨 明儿 听日 明朝 明个", 1),
        ("后天 后日 后早 后晚 后儿", 2),
        ("大后天 大后日 大后儿", 3),
    ],
)
def test_days_from_today(words: str, away: int) -> None:
    assert {word: str(resolve(word, NOW)) for word in words.split()} == dict.fromkeys(
        words.split(), str(NOW.date() + dt.timedelta(days=away))
    )


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("上上周三", "2025-02-26"), ("上周三", "2025-03-05"), ("本周三", "2025-03-12"), ("这周三", "2025-03-12"), ("下周三", "2025-03-19"),
        ("下下周三", "2025-03-26"), ("本周一", "2025-03-10"), ("本周二", "2025-03-11"), ("本周四", "2025-03-13"), ("本周五", "2025-03-14"),
        ("本周六", "2025-03-15"), ("本周日", "2025-03-16"), ("本周天", "2025-03-16"), ("周1", "2025-03-10"), ("周五", "2025-03-14"), ("周日", "2025-03-09"),
        ("前年3月5日", "2023-03-05"), ("今年3月5日", "2025-03-05"), ("明年3月5日", "2026-03-05"),
        ("上上个月5号", "2025-01-05"), ("这个月5号", "2025-03-05"), ("下个月5号", "2025-04-05"),
    ],
)  # fmt: skip
def test_the_nearest_day_of_the_name(words: str, day: str) -> None:
    assert str(resolve(words, NOW)) == day


@pytest.mark.parametrize(
    ("words", "counted"),
    [
        ("30", 30), ("十二", 12), ("两", 2), ("仨", 3), ("〇", 0), ("三十", 30), ("二十五", 25), ("一百零五", 105), ("卅一", 31), ("廿", 20),
        ("二〇二五", 2025), ("二零二五", 2025), ("三四", None), ("两三", None), ("3a", None), ("好几", None),
    ],
)  # fmt: skip
def test_a_number(words: str, counted: int | None) -> None:
    assert number(words) == counted


@pytest.mark.parametrize(
    "words",
    [
        "2月30日",
        "13月1日",
        "三月二廿日",
        "上个月二廿号",
        "二廿月底",
        "3号楼",
        "张三",
        "13800138000",
        "十几天",
        "一日三餐",
        "二廿五号",
        "二廿月五日",
    ],
)
def test_no_day(words: str) -> None:
    assert resolve(words, NOW) is None


@pytest.mark.parametrize(
    ("words", "lean"),
    [
        ("昨天", -1), ("今天", 0), ("明天", 1), ("大前天", -1), ("上周三", -1), ("本周三", 0), ("下周三", 1), ("周三", 0),
        ("上个月5号", -1), ("这个月5号", 0), ("下个月5号", 1), ("三天前", -1), ("三天后", 1), ("3月5日", 0), ("5号", 0), ("到元旦", 0), ("月底", 0),
    ],
)  # fmt: skip
def test_whether_a_day_is_past_or_to_come_by_its_words_alone(words: str, lean: int) -> None:
    match = DAY.search(words)
    assert match
    assert day_of(match).lean == lean


@pytest.mark.parametrize(
    ("words", "after"), [("国庆后", True), ("过完元旦", True), ("三天后", False), ("到元旦", False), ("今天", False)]
)
def test_the_first_day_after_a_holiday(words: str, after: bool) -> None:
    match = DAY.search(words)
    assert match
    assert day_of(match).after_holiday is after


def test_a_day_that_the_next_month_lacks_is_of_the_month_after() -> None:
    assert resolve("30号", dt.datetime(2025, 1, 31), COMING) == dt.date(2025, 3, 30)


def test_the_holiday_may_be_tomorrow_or_have_been_yesterday() -> None:
    assert resolve("元旦后", dt.datetime(2024, 12, 31), COMING) == dt.date(2025, 1, 2)
    assert resolve("过完元旦", dt.datetime(2025, 1, 2), PAST) == dt.date(2025, 1, 2)


def test_what_is_no_number_is_none_and_breaks_nothing() -> None:
    """二廿五号 brought the whole message down: every numeral of up to three signs, sense or none."""
    signs = "零〇一二两三九十廿卅百俩仨"
    tokens = ["".join(signs_) for long in (1, 2, 3) for signs_ in itertools.product(signs, repeat=long)]
    read = {token: number(token) for token in tokens}
    assert read["廿零"] is None
    assert read["二廿五"[:2]] is None
    assert read["卅一"] == 31
    assert all(value is None or 0 <= value < 10000 for value in read.values())


def test_a_school_calendar_moves_the_day_after_a_holiday() -> None:
    class Closed:
        """School starts again on the Monday after."""

        def is_school_day(self, day: dt.date) -> bool:
            return day >= dt.date(2025, 10, 13)

        def is_holiday(self, day: dt.date) -> bool:
            return False

    assert resolve("国庆后", NOW, COMING, Closed()) == dt.date(2025, 10, 13)


@pytest.mark.parametrize(
    ("words", "month"),
    [
        ("本月", "2025-03"),
        ("上个月", "2025-02"),
        ("三月份", "2025-03"),
        ("12月", "2024-12"),
        ("去年5月", "2024-05"),
        ("4月", "2024-04"),
        ("1月", "2025-01"),
        ("前年1月", "2023-01"),
        ("今年1月", "2025-01"),
        ("2023年12月", "2023-12"),
        ("上上个月", "2025-01"),
        ("下个月", "2025-04"),
        ("这个月", "2025-03"),
        ("当月", "2025-03"),
        ("0月", None),
        ("13月", None),
    ],
)
def test_a_month(words: str, month: str | None) -> None:
    assert month_of(words, NOW.date()) == month


@pytest.mark.parametrize(
    ("words", "day", "clock"),
    [
        ("下午3点", "", "15:00"), ("下午三点半", "明天", "15:30"), ("3点", "", "15:00"), ("6点20", "", "18:20"),
        ("7点", "", "07:00"), ("15:00", "", "15:00"), ("2:05", "", "14:05"), ("早上8点", "", "08:00"), ("早上6点半", "", "06:30"),
        ("8点", "今晚", "20:00"), ("晚上8点钟", "", "20:00"), ("晚上12点", "", "23:00"), ("中午12点", "", "12:00"),
        ("中午1点", "", "13:00"), ("中午11点半", "", "11:30"), ("上午九点", "", "09:00"), ("12点", "", "12:00"), ("23点59", "", "23:59"),
        ("24点", "", None), ("8点60", "", None), ("上午", "", None),
    ],
)  # fmt: skip
def test_an_hour_of_the_day(words: str, day: str, clock: str | None) -> None:
    assert clock_of(words, day) == clock
