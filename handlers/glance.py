"""How one unit stands, asked by its name: 青石镇怎么样, 八三班什么情况, 全校情况. Its counts, and what to ask next."""

from __future__ import annotations

import re

from casework.access import STAFF
from handlers import lookup
from handlers.command import Command, command
from handlers.desk import Desk, Said
from handlers.naming import unit_named
from handlers.places import OWN, place_name

_HOW = r"(?:现在|目前|最近|今天)?(?:的)?(?:总体|整体|控辍|控辍保学)?(?:情况|怎么样|怎样|咋样|如何)(?:怎么样|怎样|咋样|如何)?[?？]?"
_OWN = ("学校", "班上", "班里", "镇上", "村里", "今天", "现在", "目前", "总体", "整体")
_NEXT = {"township": "发“各校情况”看每所学校。", "school": "发“各班情况”看每个班。"}
_HEADS = {"township": ("township", "county", "admin"), "school": ("school", "principal")}


def _counts(desk: Desk, found: re.Match[str]) -> Said | None:
    """None where the words name no one unit of the reader's reach: they may be a pupil's name."""
    words = found["unit"].strip()
    if OWN.fullmatch(words) or words in _OWN:
        level = next((level for level in _NEXT if desk.role in _HEADS[level]), "")
        return _with_next(desk, lookup.counted(desk, "", ""), level)
    unit = unit_named(desk, words)
    if unit is None:
        return None
    return _with_next(desk, lookup.counted(desk, unit.id, place_name(desk.world.directory, unit.id)), unit.kind)


def _with_next(desk: Desk, said: Said, level: str) -> Said:
    return Said(f"{said.text}{_NEXT.get(level, '')}") if desk.reader.may("report") else said


COMMANDS: tuple[Command, ...] = (
    command(
        "学校情况",
        STAFF,
        _counts,
        rf"(?:查一?下|查|看一?下|看|说说)?(?P<unit>[\u4e00-\u9fff\d()（）]{{2,20}}?){_HOW}",
        asks=True,
    ),
)
