"""What the recurring rounds look at, in chat: the week's and the month's changes of the ledgers, the quarter's review of the
schools' reports, how each school stands.

周报 · 本月台账变化 · 季度复核 · 各校情况. Each says which paper holds the whole and by which word the duty is met.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from casework.access import LEADERS
from casework.calendar import month_of, quarter_of, school_year_of, week_of
from casework.terms import RULES, say_day
from handlers import lookup
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk, Said
from handlers.listed import PLAIN, Item, Listing, Part
from handlers.places import schools_in
from handlers.understanding.reports_asked import QUARTER

CLAUSES = {
    "FJ-1": ("query",), "FJ-6": ("query",), "FN-9": ("query",), "XY-44": ("query",), "XY-45": ("query",), "XY-47": ("query",),
    "FJ-25": ("query",),
}  # fmt: skip
_MOST = 20


def week(desk: Desk) -> Listing:
    """Who came onto the ledgers and who went off them since Monday (FJ-1)."""
    found = _changes(desk, "本周", week_of(desk.today)[0])
    return _with_end(desk, found, "要核查表请发：导出周核查表。", "weekly_check")


def month(desk: Desk) -> Listing:
    """The same since the first of the month: what the departments are told (FJ-6)."""
    found = _changes(desk, "本月", month_of(desk.today)[0])
    paper = "要通报单请发：导出部门通报单。" if {"county", "admin"} & desk.reader.roles else "发“待劝返名单”看名单。"
    return _with_end(desk, found, paper, "circular")


def _changes(desk: Desk, span: str, first: dt.date) -> Listing:
    lines = desk.book.changes(desk.work, desk.scope, first, desk.today)
    counts = desk.work.tallies.by_state(desk.scope, ("suspected", "dropout"))
    stands = f"现有疑似辍学{counts['suspected']}人、辍学{counts['dropout']}人"
    head = f"{span}台账变化，{say_day(first)}至{say_day(desk.today)}：列入{sum(c.sign == '＋' for c in lines)}人次，移出{sum(c.sign == '－' for c in lines)}人次；{stands}"
    items = [Item(f"{c.sign}{c.name}（{c.school}）{say_day(c.on)}{c.what}", c.pupil) for c in lines]
    parts = [Part(items, way=PLAIN, counted="条")] if items else []
    return Listing(f"{head}{'：' if items else '。'}", parts, most=_MOST)


def day_of_quarter(said: str, today: dt.date) -> dt.date:
    """A day of the quarter that is named: the last one, or the latest first, second … that has begun; else of this one."""
    found = QUARTER.search(said)
    if not found:
        return today
    first = quarter_of(today)[0]
    if found["last"]:
        return first - dt.timedelta(days=1)
    day = first.replace(month="一二三四1234".index(found["nth"]) % 4 * 3 + 1)
    return day if day <= today else day.replace(year=day.year - 1)


def quarter(desk: Desk, said: str = "") -> Listing:
    """Each school's last report of the quarter against the ledger now; which schools have sent none (FN-9).

    ``said``: the words that name a quarter; this one without them.
    """
    first, last = quarter_of(day_of_quarter(said, desk.today))
    months = [f"{first.year}-{m:02d}" for m in range(first.month, last.month + 1)]
    sent: dict[str, Mapping[str, int]] = {}
    for each in months:
        sent |= desk.book.reported(desk.work, each)
    schools, now = schools_in(desk.world.directory, desk.scope), _by_school(desk)
    silent = [s.name for s in schools if s.id not in sent]
    gaps = [
        Item(f"{s.name}：月报辍学{_dropouts(sent[s.id])}人，现在台账{now[s.id]['dropout']}人，差{abs(now[s.id]['dropout'] - _dropouts(sent[s.id]))}人", school=s.id)
        for s in schools
        if s.id in sent and _dropouts(sent[s.id]) != now[s.id]["dropout"]
    ]  # fmt: skip
    head = f"{first.year}年第{(first.month + 2) // 3}季度复核：{len(schools)}所学校，报过月报{len(schools) - len(silent)}所，数字不一致{len(gaps)}所"
    more = [
        Part([Item(f"这个季度还没有月报：{'、'.join(silent[:_MOST])}{'等' if len(silent) > _MOST else ''}")], way=PLAIN)
    ]
    parts = [*([Part(gaps, counted="所")] if gaps else []), *(more if silent else [])]
    found = Listing(f"{head}{'：' if parts else '。'}", parts, most=_MOST)
    return _with_end(
        desk,
        found,
        "要进校、入户核对的学生请发：抽查学生 10人；要复核表和每校5%的抽查名单请发：导出季度复核表。",
        "quarterly_review",
    )


def _dropouts(figures: Mapping[str, int]) -> int:
    return figures.get("dropouts", 0)


def standings(desk: Desk) -> Listing:
    """Each school's pupils, cases and monthly reports of this school year; figures alone, in no order of merit (XY-47)."""
    schools, now = schools_in(desk.world.directory, desk.scope), _by_school(desk)
    for place, many in desk.work.tallies.overdue(desk.scope, desk.today).items():
        if place and (school := desk.world.directory.at_level(place, "school")) in now:
            now[school]["overdue"] += many
    ended = _ended(desk.today)
    sent = Counter(unit for each in ended for unit in desk.book.reported(desk.work, each))
    schools = sorted(schools, key=lambda s: (-now[s.id]["dropout"], -now[s.id]["suspected"], s.name))
    items = [
        Item(f"{s.name}：{_stands(now[s.id])}，月报应交{len(ended)}次、已交{sent[s.id]}次", school=s.id)
        for s in schools
    ]
    then = "只列数字，不排名次，评价由人作出。按时完成率、家访次数等请发：导出工作统计表；报考率请发：中考报考率。"
    if not items:
        return Listing("您负责的范围里没有学校。")
    found = Listing(f"{len(items)}所学校的控辍保学情况（本学年）：", [Part(items, counted="所")], most=_MOST)
    return _with_end(desk, found, then, "school_assessment")


def _stands(counts: Counter[str]) -> str:
    words = (
        ("absent", "缺勤"),
        ("suspected", "疑似辍学"),
        ("dropout", "辍学"),
        ("observed", "返校跟踪"),
        ("overdue", "逾期事项"),
    )
    return f"学生{counts['pupils']}人，" + "，".join(f"{word}{counts[key]}" for key, word in words)


def _by_school(desk: Desk) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {s.id: Counter() for s in schools_in(desk.world.directory, desk.scope)}
    for room, counts in desk.work.tallies.by_class(desk.scope).items():
        if (school := desk.world.directory.at_level(room, "school")) in found:
            found[school] += counts
    return found


def _ended(today: dt.date) -> list[str]:
    """The months of this school year that have ended, from September on."""
    first = school_year_of(today)[0].replace(month=9)
    found = []
    while (first := first.replace(day=1)) < today.replace(day=1):
        found.append(f"{first:%Y-%m}")
        first = month_of(first)[1] + dt.timedelta(days=1)
    return found


def _with_end(desk: Desk, found: Listing, paper: str, rule: str) -> Listing:
    """With the paper that holds the whole, and the word that meets the duty where one is open."""
    duty = next((d for d in lookup.own_duties(desk) if d.rule == rule), None)
    ends = (duty.id, f"核对好了要结清待办“{RULES[rule]}”，") if duty else None
    return Listing(found.head, found.parts, paper, found.most, ends)


def over_schools(desk: Desk) -> bool:
    """Whether several schools lie in the reader's reach."""
    return len(schools_in(desk.world.directory, desk.scope)) > 1


def _for_leaders(make: Any) -> Any:
    def answer(desk: Desk, found: re.Match[str]) -> Said | None:
        return make(desk).said() if desk.reader.may("report") else None

    return answer


def _quarter_named(desk: Desk, found: re.Match[str]) -> Said | None:
    return quarter(desk, found.string).said() if desk.reader.may("report") else None


COMMANDS: tuple[Command, ...] = (
    command(
        "周报",
        LEADERS,
        _for_leaders(week),
        rf"{LOOK}{PLACE}(?:(?:本周|这周|这个?星期|每周)(?:的)?(?:控辍保学)?(?:台账)?(?:核查|变化|变动|情况|周报)|(?:台账)?周核查|周报|台账(?:本周|这周)(?:的)?变[化动]|(?:本周|这周)(?:的)?台账有(?:什么|哪些|啥)变[化动])(?:情况)?[?？]?",
        asks=True,
    ),
    command(
        "本月台账变化",
        LEADERS,
        _for_leaders(month),
        rf"{LOOK}{PLACE}(?:(?:本月|这个月|月度)(?:的)?(?:控辍保学)?(?:台账)?(?:变化|变动|通报)|(?:控辍保学)?(?:变动|部门)?通报|台账(?:本月|这个月)?(?:的)?变[化动]|(?:本月|这个月)(?:的)?台账有(?:什么|哪些|啥)变[化动]|月通报|本月通报)(?:情况)?[?？]?",
        asks=True,
    ),
    command(
        "季度复核",
        LEADERS,
        _quarter_named,
        rf"{LOOK}{PLACE}(?:本季度?|这个?季度|上个?季度?|第?[一二三四1-4]季度)?(?:的)?(?:月报)?(?:季度)?(?:复核|复核情况|复核结果)[?？]?",
        asks=True,
    ),
    command(
        "各校情况",
        LEADERS,
        _for_leaders(standings),
        rf"{LOOK}(?:全县|全镇|本县|本镇)?(?:各|所有|每所?)(?:个)?学?校(?:的)?(?:控辍保学|控辍)?(?:工作)?(?:情况|排名|排行|名次|对比|完成情况|数据|考核|考核情况|考核数据|统计)[?？]?",
        rf"{LOOK}(?:学校|控辍|控辍保学)(?:的)?(?:工作)?(?:排名|排行|考核|考核数据|考核情况|评比)[?？]?|{LOOK}考核(?:数据|情况|统计)[?？]?",
        asks=True,
    ),
)
