"""An absence of so many days from a first day on: over where they have passed, not over while they have not."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.talk import Stage


@pytest.mark.parametrize(
    ("now", "said", "recorded"),
    [
        ("2025-03-12 14:10", "张三3月5日至3月11日缺勤", "昨天3月11日（周二）缺勤，从3月5日（周三）算起"),
        ("2025-03-12 14:10", "张三3月3日到3月7日没来", "3月7日（周五）缺勤，从3月3日（周一）算起"),
        ("2025-03-12 14:10", "张三从3月6日到3月10日旷课", "3月10日（周一）缺勤，从3月6日（周四）算起"),
        ("2025-03-12 14:10", "张三从周一开始没来，3天了", "今天3月12日（周三）缺勤，从3月10日（周一）算起"),
        ("2025-03-12 14:10", "张三从上周四起旷课5天", "今天3月12日（周三）缺勤，从3月6日（周四）算起"),
        ("2025-03-12 14:10", "张三从上周四起旷课8天", "今天3月12日（周三）缺勤，从3月6日（周四）算起"),
        ("2025-10-11 14:10", "张三从9月29日起没来，5天了", "昨天10月10日（周五）缺勤，从9月29日（周一）算起"),
        ("2025-03-12 14:10", "张三旷课3天了", "今天3月12日（周三）缺勤，从3月10日（周一）算起"),
    ],
)
def test_the_days_that_were_said(now: str, said: str, recorded: str) -> None:
    assert recorded in Stage("national", dt.datetime.fromisoformat(now)).say("王老师", said)
