"""Children of whom nobody said anything for three weeks: what is past falls due today, and is said in one message each."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from casework.scope import Scope
from tests.support.talk import Stage

DAY = dt.date(2026, 3, 24)


def at(days: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(DAY + dt.timedelta(days=days), dt.time(hour, minute))


def test_late_entry_does_not_burst() -> None:
    stage = Stage("longchuan", at(0, 8))
    stage.pass_until(at(0, 8, 20))
    with stage.store.look(stage.now) as work:
        names = [p.name for p in work.people.in_scope(Scope(classes=frozenset({"c1"})), limit=8)[0]]
    for name in names:
        assert "缺勤第16天" in stage.say("王老师", f"{name} 3月3日起缺勤")
    told = stage.pass_moments(at(1, 9))
    today = [(who, text) for moment, who, text in told if moment.date() == DAY and moment.time() < dt.time(9, 30)]
    assert Counter(who for who, _ in today) == dict.fromkeys(("刘支书", "石主任", "赵校长", "李主任", "黄干事"), 1)
    assert "【今天到期" in dict(today)["李主任"]
    assert "同时告知：赵校长、王老师" in dict(today)["李主任"]
    morning = Counter((who, text[:4]) for moment, who, text in told if moment.date() > DAY)
    assert set(morning.values()) == {1}


def test_entered_one_a_minute_they_do_not_come_one_a_minute() -> None:
    """Six of them, a minute apart: the first is told at once, the others together half an hour later."""
    stage = Stage("longchuan", at(0, 8))
    stage.pass_until(at(0, 8, 20))
    with stage.store.look(stage.now) as work:
        names = [p.name for p in work.people.in_scope(Scope(classes=frozenset({"c1"})), limit=6)[0]]
    told = []
    for n, name in enumerate(names):
        told += stage.pass_moments(at(0, 8, 21 + n))
        stage.say("王老师", f"{name} 3月3日起缺勤")
    told += stage.pass_moments(at(0, 9, 15))
    mine = [(f"{moment:%H:%M}", text) for moment, who, text in told if who == "李主任"]
    assert [moment for moment, _ in mine] == ["08:21", "08:51"]
    assert names[0] in mine[0][1]
    assert all(name in mine[1][1] for name in names[1:])
    assert Counter(who for _, who, _ in told)["黄干事"] == 2


def test_what_could_not_be_told_today_any_more_does_not_wait() -> None:
    stage = Stage("longchuan", at(0, 19))
    stage.pass_until(at(0, 20, 5))
    told = []
    for minute, name in ((10, "张三"), (12, "李四")):
        stage.say("王老师", f"{name} 3月3日起缺勤")
        told += stage.pass_moments(at(0, 20, minute))
    assert ["李四" in text for _, who, text in told if who == "李主任"] == [False, True]
