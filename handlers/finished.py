"""A piece of paperwork about a pupil, told as done by its name: 张三书面报告交了, 劝返表填好了. The same as 完成 with its number."""

from __future__ import annotations

import re
from collections.abc import Mapping

from casework.access import STAFF
from casework.people import Pupil
from casework.terms import ROLES, RULES
from handlers import lookup, naming, numbered, wording
from handlers.answer import not_recorded
from handlers.command import Command, command
from handlers.desk import Desk, Said

_WORDS: Mapping[str, str] = {
    "outside_report": r"书面(?:的)?(?:报告|材料|情况)|(?:书面)?情况报告",
    "persuasion_record": r"《?(?:疑似失学学生)?劝返(?:情况)?(?:记录|登记)?表》?",
    "suspected_review": r"疑似(?:辍学)?台账",
    "absence_plan": r"劝返(?:方案|计划)",
    "inquiry_letter": r"《?核查函》?",
    "dropout_report": r"《?辍学报告书?》?",
    "cumulative_alert": r"累计缺勤(?:研判)?",
}
"""What is written or looked through about a pupil, by the words it goes by. What is done with the family is told as a visit or
a call, and a letter that was served as a 送达: those records say more than that a duty is over."""
_TO = "(?:乡镇|镇上|镇里?|乡里?|县教育局|县局|教育局|局里?|县里?|校长|上级|政府|上去|[和、及与])"
_DONE = (
    rf"(?:已经?|都|今天|刚才?|全部)*(?:[给向报到]+{_TO}++)?"
    rf"(?:填写|填|写|交|报送|上报|报|送|发|核对|核实|核|看|对|制定|做|办|弄|搞|寄|研判|研究)?(?:[给到]?{_TO}++)?(?:好|完|齐|过|上去|出去|上)?(?:了|完毕|完成)"
)

_ALREADY = rf"(?:今天)?已经?(?:交|报送|上报|报|送|发|寄)(?:[给到]?{_TO}++)?"


def _finish(desk: Desk, found: re.Match[str]) -> Said | None:
    """The writer's open duty of that kind; where no pupil is named it is asked for by its number, though there be one only."""
    rule = next(rule for rule, words in _WORDS.items() if re.fullmatch(words, found["what"]))
    name = (found["name"] or "").strip()
    pupil = naming.one_pupil(desk, name) if name else None
    if isinstance(pupil, str):
        return Said(pupil) if desk.work.people.names(desk.scope).exact([name]).get(name) else None
    of_kind = [d for d in lookup.every_duty(desk) if d.rule == rule and d.pupil]
    mine = [d for d in of_kind if pupil is None or d.pupil == pupil.id]
    if not mine:
        return not_recorded(f"{_not_yours(desk, pupil, rule)}没有记录。发“待办”看您要做的事。")
    if pupil is None:
        head = f"“{RULES[rule]}”您有{len(mine)}项，办完的是哪一项？"
        return lookup.listed_duties(desk, mine, head, "请回“完成 序号”。")
    return Said(f"{numbered.end(desk, mine[0])}{wording.UNDO_HINT}")


def _not_yours(desk: Desk, pupil: Pupil | None, rule: str) -> str:
    if pupil is None:
        return f"您现在没有“{RULES[rule]}”的待办，"
    others = [d for d in desk.work.cases.duties(pupil=pupil.id) if d.rule == rule]
    if others:
        return f"{pupil.name}的“{RULES[rule]}”由{ROLES[others[0].owner]}办，"
    return f"{pupil.name}现在没有“{RULES[rule]}”这一项，"


_VERB = r"(?:已经?|今天|刚)?(?:填写?|写|交|上?报|寄|核对|核实|看)(?:好|完|过|了)+"
_NAME = rf"(?!{_VERB})(?P<name>[\u4e00-\u9fff·•]{{2,15}}?)?(?:同学)?(?:的)?\s*"
_WHAT = rf"(?P<what>{'|'.join(f'(?:{words})' for words in _WORDS.values())})"
COMMANDS: tuple[Command, ...] = (
    command(
        "张三书面报告交了",
        STAFF,
        _finish,
        rf"{_NAME}{_WHAT}(?:{_DONE}|{_ALREADY})",
        rf"{_VERB}{_NAME}{_WHAT}(?:了)?",
        rf"{_NAME}{_VERB}{_WHAT}(?:了)?",
    ),
)
