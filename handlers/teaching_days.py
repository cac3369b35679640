"""Days taught besides, and 大小周 of boarding schools, by chat for those who may close their unit (TA-15).

青石镇中学 3月14日补课 · 大小周 从3月14日起 · 取消大小周
"""

from __future__ import annotations

import datetime as dt
import re

from casework.access import ACTIONS
from casework.calendar import DAY
from casework.facts import Kind
from casework.people import COUNTY, Unit
from casework.terms import say_day
from handlers import wording
from handlers.answer import not_recorded
from handlers.command import WHEN, Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.places import place_name
from handlers.posts_and_days import closing_unit
from handlers.understanding import dates

HOW = "住校的大小周请写明哪个周末开始上课，例如：大小周 从3月14日起（从那天起每两周上一次）。取消请发：取消大小周。"
LONGEST = dt.timedelta(days=14)
SHOWN = 3
EVERY = 2


def _teach(desk: Desk, found: re.Match[str]) -> Said | None:
    """3月14日补课: a day on which there is school though the calendar says none."""
    unit, first = _unit(desk, found), dates.resolve(found["first"], desk.now, dates.COMING, None)
    last = dates.resolve(found["last"], desk.now, dates.COMING, None) if found["last"] else first
    if unit is None or first is None or last is None:  # a teacher's words about a pupil are not for here
        return _refused() if desk.reader.may("closure") else None
    return teach(desk, unit, first, last)


def teach(desk: Desk, unit: Unit, first: dt.date, last: dt.date) -> Said:
    """School in that unit on those days, though the calendar says none."""
    if last < first or last - first > LONGEST:
        return not_recorded("补课一次最多登记两周，请写明日期，例如：3月14日补课。没有登记。")
    days = desk.world.days_of(unit.id)
    name, span = (
        _name(desk, unit),
        say_day(first, desk.today) + (f"到{say_day(last, desk.today)}" if last != first else ""),
    )
    if days.count(first, last) == (last - first).days + 1:
        return Said(f"{name}{span}本来就上课，不用登记。")
    return _write(desk, unit, first, f"已记：{name}{span}补课，照常点名，缺勤照常计算。", to=last.isoformat())


def _rhythm(desk: Desk, found: re.Match[str]) -> Said | None:
    """大小周 从3月14日起: that weekday is taught every second week of term."""
    unit, first = _unit(desk, found), dates.resolve(found["first"], desk.now, dates.COMING, None)
    if unit is None or unit.id == COUNTY or first is None:
        return _refused()
    return rhythm(desk, unit, first)


def rhythm(desk: Desk, unit: Unit, first: dt.date) -> Said:
    """Every second week from that day of a weekend on there is school."""
    if first.weekday() < 5:  # a weekday is taught anyway
        return not_recorded(f"{say_day(first, desk.today)}不是周末。{HOW}没有登记。")
    said = _write(desk, unit, first, "", every=EVERY)
    ahead = [first + n * 7 * EVERY * DAY for n in range(12)]
    days = desk.world.days_of(unit.id)
    shown = "、".join(say_day(day, desk.today) for day in [d for d in ahead if days.may_be_taught(d)][:SHOWN])
    if not shown:
        return Said(f"已记，但今后{len(ahead)}个大周都不在学期内，请核对学期日期。{wording.UNDO_HINT}")
    return Said(f"已记：{_name(desk, unit)}大小周，{shown}……上课，照常点名；法定节假日和假期除外。{said.text}")


def _end(desk: Desk, found: re.Match[str]) -> Said | None:
    """取消大小周: from today on."""
    unit = _unit(desk, found)
    return end(desk, unit) if unit else _refused()


def end(desk: Desk, unit: Unit) -> Said:
    """No such weeks from today on."""
    return _write(desk, unit, desk.today, f"已记：{_name(desk, unit)}从今天起不再实行大小周。", off=True)


def _how(desk: Desk, found: re.Match[str]) -> Said | None:
    return not_recorded(HOW) if desk.reader.may("closure") else _refused()


def _write(desk: Desk, unit: Unit, on: dt.date, words: str, **data: str | int | bool) -> Said:
    desk.work.cases.append([hand_for(desk, None).fact(Kind.TEACHING, on, None, unit.id, **data)])
    desk.work.people.look_again_under({unit.id})
    return Said(words + wording.UNDO_HINT)


def _unit(desk: Desk, found: re.Match[str]) -> Unit | None:
    return closing_unit(desk, (found["unit"] or "").strip()) if desk.reader.may("closure") else None


def _name(desk: Desk, unit: Unit) -> str:
    return place_name(desk.world.directory, unit.id) or "全县"


def _refused() -> Said:
    return not_recorded(
        "补课、大小周由学校、乡镇或县教育局登记，并且只能登记自己的单位。请写明单位，例如：第一中学 3月14日补课。"
    )


# Looked at first, as for the days without school.
_UNIT = r"(?=[^课周]*+[课周])(?P<unit>[\u4e00-\u9fff0-9]{0,16}?)"
_START = rf"(?:从|自)?(?P<first>{WHEN})(?:[（(]?(?:这|本)?(?:周|星期)[六日天][)）]?)?(?:起|开始)?"
COMMANDS: tuple[Command, ...] = (
    command(
        "第一中学 3月14日补课",
        ACTIONS["closure"].roles,
        _teach,
        rf"{_UNIT}\s*(?P<first>{WHEN})(?:(?:到|至|-|—)(?P<last>{WHEN}))?(?:[（(]?(?:周|星期)[六日天][)）]?)?"
        r"(?:全校|全镇|全县)?(?:补课|调休上课|补上课|补班上课|安排上课)(?:一天)?",
    ),
    command(
        "大小周 从3月14日起",
        ACTIONS["closure"].roles,
        _rhythm,
        rf"{_UNIT}\s*(?:实行|登记|开始)?大小周[，,：:\s]*{_START}(?:上课|补课|是大周|为大周|实行)?",
        rf"{_UNIT}\s*{_START}[，,\s]*(?:每|按)?(?:隔周|隔一周|两周|2周|大小周)(?:一次)?(?:的)?(?:(?:周|星期)[六日天])?(?:上课|补课|上一次课|实行)?",
    ),
    command("取消大小周", ACTIONS["closure"].roles, _end, rf"{_UNIT}\s*(?:取消|停止|不再实行|结束|不搞)大小周(?:了)?"),
    command(
        "大小周怎么登记",
        ACTIONS["closure"].roles,
        _how,
        r"(?:怎么)?(?:登记|设置)?大小周(?:怎么(?:登记|设|弄|报))?[?？]?",
        asks=True,
    ),
)
