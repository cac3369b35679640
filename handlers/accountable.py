"""追责情形: what the records of this school year say to each case in which a unit or person is to be held accountable (LC-41).

Facts alone: who is accountable is for people to find, and what follows from it (LC-43) is nothing of the program's.
"""

from __future__ import annotations

import re

from casework.access import ACTIONS
from casework.calendar import school_year_of
from casework.case import Duty
from casework.people import Pupil
from casework.terms import RULES, say_day
from casework.timeline import standing
from handlers import judging
from handlers.command import LOOK, Command, command
from handlers.desk import Desk, Said
from handlers.listed import Item, Listing, Part, seen
from handlers.naming import with_class

CLAUSES = {"LC-41": ("query",)}
_EVERYONE = 1_000_000
_HELP = ("tutoring", "talk", "pairing")
_FIRST, _LEFT, _BEATEN, _FAKED = (
    "1.帮扶、劝返工作：辍学学生中有逾期没办事项、学习困难没有帮扶记录的",
    "2、4.驱赶、开除、劝退：学习困难、有辍学倾向的学生离校的（是否自愿，请核实）",
    "3.体罚、变相体罚",
    "5.隐瞒事实、弄虚作假：需要研判的记录",
)


def cases(desk: Desk) -> Listing:
    """What is on record for each of the cases; a case without any says so."""
    doubtful = [item for part in judging.doubts(desk).parts for item in part.items]
    parts = [
        _part(_FIRST, [*(_neglected(desk, pupil, owed) for pupil, owed in _overdue(desk)), *_unhelped(desk)]),
        _part(_LEFT, judging.left_weak(desk)),
        Part([Item("本系统不登记，请看学校调查和信访记录")], _BEATEN),
        _part(_FAKED, [Item(f"共{len(doubtful)}条，明细请发：需要研判的记录")] if doubtful else []),
    ]
    return Listing(
        f"《责任追究》各情形在{school_year_of(desk.today)[0].year}学年记录里的事实（依据 LC-41）：", parts,
        "这里只列事实，是否追究由人认定。消息里出现劝退、开除等字样的，当时已告知校长和县教育局，可查操作记录。",
    )  # fmt: skip


def _part(title: str, items: list[Item]) -> Part:
    return Part(
        items or [Item("没有这样的记录")], f"{title}{f'，{len(items)}条' if len(items) > 1 else ''}", counted="条"
    )


def _overdue(desk: Desk) -> list[tuple[Pupil, list[Duty]]]:
    rows, _ = desk.work.cases.listing(desk.scope, states=("dropout",), limit=_EVERYONE, plain=True)
    found = [(row.pupil, desk.work.cases.duties(pupil=row.pupil.id)) for row in rows]
    late = [(pupil, [duty for duty in owed if duty.overdue(desk.today)]) for pupil, owed in found]
    return [(pupil, owed) for pupil, owed in late if owed]


def _unhelped(desk: Desk) -> list[Item]:
    """Dropouts who struggled at school and were given no help that is on record."""
    rows, _ = desk.work.cases.listing(desk.scope, states=("dropout",), group="struggling", limit=_EVERYONE, plain=True)
    facts = desk.work.cases.facts_of([row.pupil.id for row in rows])
    helped = {id for id, told in facts.items() for f in standing(told) if f.data.get("what") in _HELP}
    return [
        Item(f"{with_class(desk, r.pupil)}：学习困难，没有帮扶记录", r.pupil.id)
        for r in rows
        if r.pupil.id not in helped
    ]


def _neglected(desk: Desk, pupil: Pupil, owed: list[Duty]) -> Item:
    words = "、".join(f"{RULES[duty.rule]}（应在{say_day(duty.due, desk.today)}前）" for duty in owed[:3])
    return Item(f"{with_class(desk, pupil)}：{words}{'等' if len(owed) > 3 else ''}", pupil.id)


def _answer(desk: Desk, found: re.Match[str]) -> Said:
    if not desk.reader.may("judge"):
        return Said("追责情形由学校、乡镇和县教育局查看。需要的话请联系他们。")
    return seen(desk, cases(desk), "accountable")


COMMANDS: tuple[Command, ...] = (
    command(
        "追责情形",
        ACTIONS["judge"].roles,
        _answer,
        rf"{LOOK}(?:控辍保学)?(?:的)?(?:责任)?(?:追责|追究|问责)(?:的)?(?:情形|情况|清单|名单|依据|事实|记录|线索)?(?:有哪些)?[?？]?",
        asks=True,
    ),
)
