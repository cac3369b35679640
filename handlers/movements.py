"""全县转入转出多少人: how many came, left, rest or returned in this school year, by stage (TA-29).

Counted from the records in force. What the bureau reports stands in the schools' monthly reports, added up in 月报汇总表.
"""

from __future__ import annotations

import re
from collections import Counter

from casework.access import LEADERS
from casework.calendar import school_year_of
from casework.facts import Fact, Kind
from casework.people import Pupil, Unit
from casework.terms import STAGES, say_day
from casework.timeline import standing
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk, Said
from handlers.listed import Item, Listing, Part

CLAUSES = {"TA-29": ("query",)}
_COUNTED = {
    Kind.TRANSFER_IN: "转入",
    Kind.TRANSFER_OUT: "转出",
    Kind.SUSPEND: "休学",
    Kind.DEFER: "缓学",
    Kind.DROPOUT: "辍学",
}


def movements(desk: Desk, by_school: bool = False) -> Listing:
    """The changes of this school year within one's reach, by stage or by school; what is only asked for is left out."""
    first = school_year_of(desk.today)[0]
    kinds = (*(kind.value for kind in _COUNTED), Kind.VOID.value)
    told = [f for f in standing(desk.work.cases.facts_between(first, desk.today, kinds)) if not f.data.get("pending")]
    pupils = desk.work.people.pupils({f.pupil for f in told if f.pupil})
    counts: dict[str, Counter[str]] = {}
    for fact in told:
        pupil = pupils.get(fact.pupil or "")
        if fact.kind in _COUNTED and pupil is not None and _within(desk, fact, pupil):
            school = _school(desk, fact, pupil)
            group = (school.name if by_school else school.stage) if school else None
            counts.setdefault(group or "", Counter())[_COUNTED[fact.kind]] += 1
    total = sum(counts.values(), Counter[str]())
    words = "，".join(f"{word}{total[word]}人次" for word in _COUNTED.values())
    groups = sorted(counts) if by_school else [stage for stage in (*STAGES, "") if stage in counts]
    titles = {} if by_school else STAGES
    items = [
        Item(f"{titles.get(group, group) or '其他'}：" + "，".join(f"{w}{counts[group][w]}" for w in _COUNTED.values()))
        for group in groups
    ]
    then = "名单请发：导出异动登记册；各校上报的数请发：导出月报汇总表。"
    head = f"本学年（{say_day(first, desk.today)}以来）按记录：{words}"
    return Listing(f"{head}{'：' if items else '。'}", [Part(items)] if items else [], then)


def _at(fact: Fact, pupil: Pupil) -> str | None:
    """The class that a departure was from, where the record kept it; else the pupil's."""
    return str(fact.data.get("class")) if fact.kind is Kind.TRANSFER_OUT and fact.data.get("class") else pupil.class_id


def _within(desk: Desk, fact: Fact, pupil: Pupil) -> bool:
    """Whether it is of the reader's reach: a departure by the class that was left, all else by where the pupil is."""
    if fact.kind is not Kind.TRANSFER_OUT or desk.scope.everything:
        return desk.scope.covers(pupil)
    return not {p.unit for p in desk.posts}.isdisjoint(desk.world.directory.path(_at(fact, pupil)))


def _school(desk: Desk, fact: Fact, pupil: Pupil) -> Unit | None:
    directory = desk.world.directory
    return directory.units.get(directory.at_level(_at(fact, pupil), "school") or "")


def _asked(desk: Desk, match: re.Match[str]) -> Said | None:
    return movements(desk, by_school=bool(match["each"])).said() if desk.reader.may("report") else None


_WHAT = r"(?:转入|转出|休学|缓学|异动|变动)(?:[、和及]?(?:转入|转出|休学|缓学|复学|辍学))*"
COMMANDS: tuple[Command, ...] = (
    command(
        "转入转出多少人",
        LEADERS,
        _asked,
        rf"{LOOK}(?:(?P<each>各(?:个)?(?:学校|校))|{PLACE})(?:的)?(?:本学年|今年|本学期)?(?:的)?(?:学生)?(?:学籍)?{_WHAT}(?:的)?(?:学生)?(?:一共|总共|共|有)?(?:多少|几)(?:个|名)?(?:人|学生)?(?:次)?[?？]?",
        rf"{LOOK}(?:(?P<each>各(?:个)?(?:学校|校))|{PLACE})(?:的)?(?:本学年|今年|本学期)?(?:的)?(?:学生)?(?:学籍)?{_WHAT}(?:的)?(?:学生)?(?:人数|统计|数据)[?？]?",
        rf"{LOOK}(?P<each>各(?:个)?(?:学校|校))(?:的)?(?:学生)?{_WHAT}(?:情况)?[?？]?",
        asks=True,
    ),
)
