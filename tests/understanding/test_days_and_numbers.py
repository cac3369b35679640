"""Which pieces of a message are days, lengths, counts and ages, and what they say, on Wednesday 12 March 2025."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from handlers.understanding.dates import PAST
from handlers.understanding.reading import days_and_numbers
from handlers.understanding.text import normalise

TODAY = dt.date(2025, 3, 12)
READ = """
今明两天没来|R 今明两天 2025-03-12..2025-03-13
今明后三天请假|R 今明后三天 2025-03-12..2025-03-14
昨今两天没来|R 昨今两天 2025-03-11..2025-03-12
前昨两天没来|R 前昨两天 2025-03-10..2025-03-11
明后两天请假|R 明后两天 2025-03-13..2025-03-14
这周一直没来|R 这周 2025-03-10..2025-03-12
本星期都没来|R 本星期 2025-03-10..2025-03-12
上礼拜四五没来|D 上礼拜四 2025-03-06; D 五 2025-03-07
这周三四五请假|D 这周三 2025-03-12; D 四 2025-03-13; D 五 2025-03-14
上礼拜四跟礼拜五没来|D 上礼拜四 2025-03-06; D 礼拜五 2025-03-07
上周一到周三没来|R 上周一到周三 2025-03-03..2025-03-05
23、24号没来|D 23 2025-02-23; D 24号 2025-02-24
3月10-12号请假|R 3月10-12号 2025-03-10..2025-03-12
2月28号到3月2号没来|R 2月28号到3月2号 2025-02-28..2025-03-02
3月10日起一直到3月12日|R 3月10日起一直到3月12日 2025-03-10..2025-03-12
缺课3日|T 3日 3
缺课3日到5日|R 3日到5日 2025-03-03..2025-03-05
周四周五两天没来|D 周四 2025-03-06; D 周五 2025-03-07; T 两天 2
第3天|O 第3天 3
第十二天|O 第十二天 12
首日，没来|O 首日 1
头一天，没来|O 头一天 1
9岁|A 9岁 9
十二岁|A 十二岁 12
七八岁|A 七八岁 None
十三四岁|A 十三四岁 None
10岁多|A 10岁多 None
8到9岁|A 8到9岁 None
15周岁|A 15周岁 15
3课时|L 3课时 3
两节课|L 两节课 2
半小时|H 半小时 30
一个半小时|H 一个半小时 90
两个小时|H 两个小时 120
1.5小时|H 1.5小时 90
40分钟|M 40分钟 40
15:30|U 15:30 15:30
三天|T 三天 3
两三天|T 两三天 None
好几天|T 好几天 None
十来天|T 十来天 None
半天|T 半天 None
2.5天|T 2.5天 None
一周|T 一周 7
两个星期|T 两个星期 14
三个礼拜|T 三个礼拜 21
半个月|T 半个月 15
一个月|T 一个月 30
一个半月|T 一个半月 45
两个月|T 两个月 60
一学期|T 一学期 None
一年|T 一年 None
旷课10日|T 10日 10
三(2)班|C 三(2)班 三(2)班
去年12月|S 去年12月 去年12月
13800138000|G 13800138000 13800138000
"""  # what is typed | kind of each piece (handlers/understanding/reading.py), its words, what it says; None: nobody counted


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return "..".join(map(_said, value))
    return str(value.on(TODAY, PAST)) if hasattr(value, "on") else str(value)


@pytest.mark.parametrize("line", READ.strip().splitlines())
def test_what_a_piece_says(line: str) -> None:
    text, wanted = line.split("|")
    body = normalise(text).body
    found = days_and_numbers(body, None)
    assert "; ".join(f"{t.kind} {body[t.start : t.end]} {_said(t.value)}" for t in found) == wanted
