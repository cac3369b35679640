"""Days near at hand: a leave of which the first or last day is named, days of a promise, days that there are not; on
Wednesday 12 March 2025."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.understanding.dates import no_such_day
from handlers.understanding.names import ListIndex
from handlers.understanding.parse import understand

NOW = dt.datetime(2025, 3, 12, 8, 5)
ROSTER = ListIndex(["张三", "李四", "王五"])
SAID = """
张三3月13日起请假，下周一才来|张三 leave from=2025-03-13 to=2025-03-16
李四14号起请病假三天|李四 leave days=3 from=2025-03-14 kind=sick
张三4月8日起请假三天|张三 leave days=3 from=2025-04-08
张三2月28日起请假|张三 leave from=2025-02-28
王五3月14日请了事假|王五 leave from=2025-03-14 kind=personal
张三补请3月10日的假|张三 leave from=2025-03-10
张三周一起请假|张三 leave from=2025-03-10
张三周五起请假三天|张三 leave days=3 from=2025-03-14
张三周五请了假|张三 leave from=2025-03-07
张三3月20日起休学一年|张三 suspend date=2025-03-20
张三3月20日转学|张三 transfer_out date=2025-03-20
张三请假，周五才来|张三 leave to=2025-03-13
李四请假，要下周一才能来|李四 leave to=2025-03-16
张三请假，周一才来的|张三 leave
王五请病假三天，周五才来|王五 leave days=3 kind=sick
张三明天请假，不到周一不来|张三 leave from=2025-03-13 to=2025-03-16
张三请假不到下周二不回来|张三 leave to=2025-03-17
张三今天没来，他妈说不到周一不来|张三 absence date=2025-03-12
张三不到周一不来|张三 clarify about=meaning
张三请假到3月10日，今天没来|张三 leave to=2025-03-10; 张三 absence date=2025-03-12
张三请假到周一，今天还没来|张三 leave to=2025-03-10; 张三 absence date=2025-03-12
张三请假到周一|张三 leave to=2025-03-17
张三请假到4月10日|张三 leave to=2025-04-10
张三请假到10号|张三 clarify about=date
张三请假到20号|张三 leave to=2025-03-20
李四请假到周一还没来|李四 absence
家访张三同意3月10日返校|张三 visit outcome=agreed
家访张三同意3月14日返校|张三 visit outcome=agreed return_on=2025-03-14
张三2月30日返校|张三 clarify about=date
2月30日返校|clarify about=date
李四4月31日请假|李四 clarify about=date
王五13月1日返校|王五 clarify about=date
家访张三，答应2月30日返校|张三 clarify about=date
张三2月28日返校|张三 return date=2025-02-28
家访3月10日张三同意，李四不同意|张三 visit date=2025-03-10 outcome=agreed; 李四 visit date=2025-03-10 outcome=refused
走访了昨天张三同意，李四家没人|张三 visit date=2025-03-11 outcome=agreed; 李四 visit date=2025-03-11 outcome=nobody
张三周二没来周三到了|张三 absence date=2025-03-11; 张三 return date=2025-03-12
李四10号没来11号到了|李四 absence date=2025-03-10; 李四 return date=2025-03-11
王五昨天没来今天到了|王五 absence date=2025-03-11; 王五 return date=2025-03-12
"""  # what is typed | for each action its pupils, what it is, and its slots


def told(text: str, role: str = "teacher") -> str:
    out = []
    for action in understand(text, role, NOW, ROSTER):
        slots = " ".join(f"{slot}={value}" for slot, value in sorted(action.slots.items()))
        out.append(f"{'、'.join(m.name for m in action.students)} {action.action} {slots}".strip())
    return "; ".join(out)


@pytest.mark.parametrize("line", SAID.strip().splitlines())
def test_which_day_is_meant(line: str) -> None:
    text, wanted = line.split("|")
    assert told(text) == wanted


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("张三2月30日返校", "2月30日"),
        ("3月1日请假到4月31号", "4月31号"),
        ("今年2月29日", "今年2月29日"),
        ("2月29日", None),
        ("3月12日", None),
        ("住上坪村45号", None),
    ],
)
def test_days_that_there_are_not(text: str, day: str | None) -> None:
    now = dt.date(2024, 3, 12) if day is None else NOW.date()
    assert no_such_day(text, now) == day


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("周一上午跟村干部一起去张三家", "张三 clarify about=meaning"),
        ("周五去张三家家访", "张三 clarify about=meaning"),
        ("星期四上午我和李老师到李四家走访", "李四 clarify about=meaning"),
        ("周一去了张三家", "张三 visit date=2025-03-10 outcome=other"),
        ("周一去张三家，家里没人", "张三 visit date=2025-03-10 outcome=nobody"),
        ("昨天跟村干部一起去张三家", "张三 visit date=2025-03-11 outcome=other"),
        ("上周五去张三家走访", "张三 visit date=2025-03-07 outcome=other"),
    ],
)
def test_going_on_a_weekday_may_be_a_plan(text: str, wanted: str) -> None:
    assert told(text, "village") == wanted
