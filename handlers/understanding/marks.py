"""Groups of care that a clause says pupils belong to, or no longer."""

from __future__ import annotations

import re

from handlers.understanding import lexicon as lex
from handlers.understanding.clauses import Clause
from handlers.understanding.events import Event
from handlers.understanding.lexicon_names import KIN

_OF_KIN = re.compile(
    rf"(?:{KIN})(?:也|都|是|有|均|双双|身有|属|属于|重度|轻度|肢体|智力|精神|听力|视力|双|一级|二级|三级|四级)*$"
)  # 父亲残疾: not the pupil
_UNMARK = re.compile(r"取消|去掉|删|撤|移[出除]|不再|解除|已经?不是")
_ONLY_MATTER = re.compile(
    r"(?:证[^,]{0,2}(?:过期|丢|掉|没|要换))|户?的?(?:事(?!实)|申请|钱|金|材料|手续|评议|评定|名额|政策|补助|资料|款)"
)  # 低保的事: no membership
_NAMES_BEFORE = re.compile(r"C?N[NC、和跟]*(?:[两几三四]个|都|均|二人|两人)*")  # 初二张三、李四学困生
_MEMBERS = re.compile(r"[^N,]{0,4}(?:有|是|为|包括)[^N,]{0,4}N")


def marks_of(clause: Clause, going_on: bool = False) -> list[Event]:
    """The groups of one clause, in order; ``going_on`` where a group has been told before it, so that its word alone is enough."""
    text = clause.text
    found = []
    for group, words in lex.MARKED.of(text):
        match = words.search(text)
        if match and (
            lex.MARK.search(text[: match.end()])
            or re.search(
                r"证|标|[记登加算]上|记(?:个|一下|下)|列入|纳入|列为|[先暂]?作(?:为)?|名单[^,]{0,3}[加添增补]", text
            )
            or _MEMBERS.match(text, match.end())
            or (_NAMES_BEFORE.fullmatch(text[: match.start()]) and len(text) - match.end() <= 2)
            or (group == "single_parent" and match.group().endswith(("带", "拉扯", "养")))
            or (
                (
                    going_on
                    or clause.sign == ":"
                    or re.fullmatch(
                        r"(?:属|是|系)?(?:留守|单亲|孤儿|随迁|低保|残疾|贫困|脱贫|困境|监测)[^,]{0,3}", text
                    )
                )
                and len(text) <= len(match.group()) + (6 if clause.sign == ":" else 4)
            )
        ):
            if group == "disabled" and re.search(rf"{KIN}(?:都|也|是|有|因)*$", text[: match.start()]):
                continue
            if _ONLY_MATTER.match(text, match.end()):
                continue
            if group == "disabled" and _OF_KIN.search(text[: match.start()]):
                continue
            denied = lex.NEGATION.search(text[: match.start()]) is not None or _UNMARK.search(text) is not None
            found.append(
                Event("mark", clause.start + match.start(), clause.start + match.end(), clause, no=denied, group=group)
            )
    if len(found) > 1:
        found = [e for e in found if not (e.group == "poor" and any(o.group == "at_risk" for o in found))]
    return sorted(found, key=lambda e: e.start)
