"""Comparisons for the command and the page: the register as one of the lists, and who is missing from school."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.papers.paperwork import Wanted, own_unit
from bot.papers.particulars import clause_of
from bot.papers.records import issuer_of, unit_record
from bot.papers.serials import MINUTES, shown
from casework.access import mask
from casework.case import Case
from casework.people import Pupil, Unit
from casework.terms import GROUPS, say_day
from handlers.desk import Desk
from handlers.opening import Missed
from reports.catalogue import produce
from reports.compare import FOUR, Comparison, compare, compare_lists
from reports.compare_sheets import say_summary
from reports.inputs import Material, Paper
from reports.lists import ListUnreadable, Source
from storage.store import Work

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two lists that offices hold against each other; ``opens``: as what a child of the first alone is followed up."""

    one: str
    other: str
    opens: str


PAIRS: Mapping[str, Pair] = {
    "term": Pair("上学期名单", "本学期名单", "not_returned"),
    "grade7": Pair("六年级毕业名单", "七年级报到名单", "not_handed_over"),
    "notices": Pair("入学通知书发放名单", "报到名单", "not_registered"),
    "platform": Pair("平台疑似名单", "本县疑似名单", "platform_flag"),
    "departments": Pair("甲部门名单", "乙部门名单", ""),
}
MISSING = ("疑似失学（有户籍、无学籍）", "疑似辍学（有学籍、不在校）")
OPENING = {f"{pair.one}有、{pair.other}没有": pair.opens for pair in PAIRS.values() if pair.opens}
OPENING |= dict.fromkeys(MISSING, "not_registered")
"""Titles of the differences whose people are missing from school, and the action that follows them up."""


ENTRY_GRADES = (1, 7)
WHOLE, SUSPECTED, ENTERING = "all", "suspected", "entering"
NOTHING_TO_COMPARE = (
    "{}之间没有要比的。四查三比对是：户籍名单比学籍名单，学籍名单比在校名单，查出的辍学学生再比脱贫户名单。"
    "请加上缺的那一份；学籍名单可以用本系统的名单代替。"
)
PARTS: Mapping[str, str] = {
    WHOLE: "全部在册学生", SUSPECTED: "疑似辍学、辍学台账", ENTERING: "一年级、七年级", "grade6": "六年级", "grade7": "七年级",
    **GROUPS,
}  # fmt: skip
"""What of our register may stand for a list."""
_PART_OF = {
    "六年级毕业名单": "grade6",
    "七年级报到名单": "grade7",
    "报到名单": ENTERING,
    "入学通知书发放名单": ENTERING,
    "本县疑似名单": SUSPECTED,
}


def part_for(title: str) -> str:
    """What of our register stands for the list of that title."""
    return _PART_OF.get(title, WHOLE)


def our_list(work: Work, desk: Desk, part: str = WHOLE) -> Iterator[Mapping[str, object]]:
    """The register of the asker's reach, or a part of it, as rows of a list; who has left with papers is not on it.

    Raises ``PermissionError`` for a group of care that the asker may not know of.
    """
    if part in GROUPS and not desk.reader.sees_group(part):
        raise PermissionError(f"{GROUPS[part]}名单由专人掌握，您这里看不到。")
    offset, units = 0, work.world.directory.units
    while True:
        pupils, total = work.people.in_scope(desk.scope, limit=BATCH, offset=offset)
        ids = [pupil.id for pupil in pupils]
        details, cases = work.people.details_of(ids), work.cases.cases(ids)
        for pupil in pupils:
            if pupil.class_id is None or (pupil.id in cases and cases[pupil.id].state == "left"):
                continue
            if not _in_part(part, pupil, units[pupil.class_id], cases.get(pupil.id)):
                continue
            known, room = details.get(pupil.id, {}), units[pupil.class_id]
            yield {
                "姓名": pupil.name, "身份证号": known.get("id_number", ""), "出生日期": known.get("born", ""),
                "监护人": known.get("guardian", ""), "学校": units[room.parent or ""].name, "班级": room.name,
                "住址": known.get("address", ""), "联系电话": known.get("phone", ""),
            }  # fmt: skip
        offset += BATCH
        if offset >= total:
            return


def our_rows(work: Work, desk: Desk, part: str = WHOLE) -> list[Any]:
    """The same as a list to compare, with its head alone where nobody is on it. Raises ``PermissionError``."""
    return list(our_list(work, desk, part)) or [["姓名", "身份证号"]]


def _in_part(part: str, pupil: Pupil, room: Unit, case: Case | None) -> bool:
    if part in GROUPS:
        return part in pupil.groups
    if part == SUSPECTED:
        return case is not None and case.ledger in ("suspected", "dropout")
    grades = ENTRY_GRADES if part == ENTERING else (int(part[-1]),) if part.startswith("grade") else None
    return grades is None or room.grade in grades


def compared(lists: Mapping[str, Source], on: dt.date | None = None) -> Comparison:
    """The four lists by their own rules, any others both ways; of two lists of flags also who is in both. Raises ``ListUnreadable``, also
    where the lists given are none of those that are compared: an empty workbook would look like a good result."""
    names = {*FOUR, *FOUR.values()}
    flags = {PAIRS["platform"].one, PAIRS["platform"].other}
    found = compare(lists, on) if set(lists) <= names else compare_lists(lists, shared=set(lists) == flags)
    if not found.differences:
        raise ListUnreadable(NOTHING_TO_COMPARE.format("、".join(f"{FOUR.get(name, name)}名单" for name in lists)))
    return found


def missed(comparison: Comparison) -> list[Missed]:
    """Who is surely missing from school; likely matches are for a person to decide and never among them."""
    return [
        Missed(p.name, p.id, p.born, p.guardian, p.place, p.phone, difference.title, OPENING[difference.title])
        for difference in comparison.differences
        if difference.title in OPENING
        for p in difference.people
    ]


def minutes(work: Work, desk: Desk, comparison: Comparison) -> Paper:
    """《部门台账比对纪要》 of a comparison (FJ-8): who differs, to be given an owner and a day by hand; numbers in part, for
    the paper goes to the departments. It has a number, and keeps it when the same lists are compared again that day."""
    unit = own_unit(work, desk, Wanted(MINUTES))
    rows = [
        {
            "name": p.name,
            "id": mask(p.id) if p.id else "",
            "change": f"{difference.title}{doubt}",
            "owner": "",
            "on": "",
        }
        for difference in comparison.differences
        for people, doubt in ((difference.people, ""), ([pair.one for pair in difference.likely], "，疑似匹配待核实"))
        for p in people
    ]
    lines = say_summary(comparison).splitlines()
    many = len(comparison.lists)
    fields = {
        "compared_on": say_day(desk.today), "departments": "、".join(each.title for each in comparison.lists),
        "counts": "；".join(lines[:many]), "result": "；".join(lines[many:]) or "没有差异",
    }  # fmt: skip
    return produce(
        MINUTES,
        Material(
            issuer_of(work, desk.role, unit), desk.writer.name, work.now, unit_record(work, unit, desk.today), rows=rows,
            fields=fields, number=_number_of_minutes(work, desk, unit, lines), clause=clause_of(work, MINUTES),
        ),
    )  # fmt: skip


def _number_of_minutes(work: Work, desk: Desk, unit: str, lines: list[str]) -> str:
    subject = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
    number = work.numbers.take(unit, MINUTES, subject, desk.today, desk.writer.id)
    detail = {"paper": MINUTES, "number": number, "year": desk.today.year, "unit": unit}
    work.audit.note(desk.writer.id, "number", f"unit:{unit}", "", detail)
    return shown(work, unit, MINUTES, desk.today.year, number)
