"""Who has been away for so many school days: 哪些孩子超过5天没来 · 缺勤10天以上的 · 一个月没来的有几个."""

from __future__ import annotations

import re

from casework.access import STAFF
from casework.case import AWAY
from handlers import naming
from handlers.command import LOOK, PLACE, Command, command
from handlers.desk import Desk, Said
from handlers.listed import first_page
from handlers.lookup import PAGE
from handlers.understanding.numerals import NUMBER, number

SCHOOL_DAYS = {"天": 1, "日": 1, "周": 5, "个星期": 5, "星期": 5, "个月": 20}
"""A week without school is five school days, a month twenty: what is counted is school days, and the answer says so."""
_EVERYBODY = 1_000_000


def away_for(desk: Desk, days: int, more: bool) -> Said:
    """The children of one's reach who have been away for at least so many school days, or for ``more`` than that."""
    rows, _ = desk.work.cases.listing(desk.scope, states=AWAY, limit=_EVERYBODY)
    counted = ((row, desk.counted(row.pupil, row.case)) for row in rows)
    found = sorted(((case.day, row) for row, case in counted if case.day >= days + more), key=lambda one: -one[0])
    desk.work.audit.note(desk.writer.id, "look", "list:absent", "chat", {"days": days})
    lines = [
        f"{row.pupil.name}（{'，'.join(filter(None, (row.class_name, row.village_name)))}）{naming.standing(desk, row.pupil, row.case)}"
        for _, row in found[:PAGE]
    ]
    heading = f"缺勤{'超过' if more else '满'}{days}个上课日的学生"
    then = "发“查 姓名”看详情。"
    return first_page(
        heading, lines, len(found), "，打开“待劝返”页面看全部", then, [row.pupil.id for _, row in found[:PAGE]]
    )


def _asked(desk: Desk, found: re.Match[str]) -> Said | None:
    many = number(found["n"])
    more = bool(found.groupdict().get("over"))
    return away_for(desk, int(many) * SCHOOL_DAYS[found["unit"]], more) if many else None


_WHO = r"(?:还有|有没有|有)?(?:哪些|多少|几个|谁)?(?:学生|孩子|娃|人|的)?(?:是)?"
_LONG = rf"(?:(?P<over>超过|多于|大于)|满|达到?|已经?)?\s*(?P<n>{NUMBER})\s*(?P<unit>个星期|星期|个月|天|日|周)(?:以上|及以上|多|了)?"
_AWAY = r"(?:连续|一直)?(?:缺勤|没来|没有来|未到校|没到校|没上学|旷课|不来|未返校)(?:的)?"
_END = r"(?:的)?(?:学生|孩子|娃|人)?(?:名单)?(?:有)?(?:哪些|多少|几个|谁|吗)?(?:人)?[?？]?"
COMMANDS: tuple[Command, ...] = (
    command(
        "哪些孩子超过5天没来",
        STAFF,
        _asked,
        rf"{LOOK}{PLACE}{_WHO}{_LONG}(?:都|还|一直)?{_AWAY}{_END}",
        rf"{LOOK}{PLACE}{_WHO}{_AWAY}{_LONG}{_END}",
        asks=True,
    ),
)
