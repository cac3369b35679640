"""出发家访 张三: a visit announced before it is made, so that the lead knows who goes where and why (LC-32)."""

from __future__ import annotations

import re

from casework.access import STAFF
from casework.facts import Kind
from casework.people import Pupil
from handlers import wording
from handlers.answer import not_recorded
from handlers.command import Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.naming import one_pupil
from handlers.places import place_name
from handlers.telling import tell

CLAUSES = {"LC-32": ("record",)}


def _announce(desk: Desk, found: re.Match[str]) -> Said:
    pupil = one_pupil(desk, found["name"])
    return (
        not_recorded(pupil)
        if isinstance(pupil, str)
        else announce(desk, pupil, (found["note"] or "").strip(" ：:，,。、"))
    )


def announce(desk: Desk, pupil: Pupil, why: str) -> Said:
    """The writer sets out now; the school's lead is told."""
    why = why or "控辍保学家访"
    fact = hand_for(desk, pupil).fact(Kind.WORK, desk.today, pupil.id, what="outing", note=why)
    desk.work.cases.append([fact])
    where = place_name(desk.world.directory, pupil.class_id)
    text = f"{desk.writer.name}报备：{desk.now:%H:%M}出发，到{pupil.name}（{where}）家里家访，{why}。"
    told = [p for p in desk.world.who("school", pupil, desk.today) if p != desk.writer.id]
    tell(desk, told, pupil, text, "outing")
    names = "、".join(p.name for id in told if (p := desk.work.people.person(id)))
    heard = f"已报备给{names}。" if names else "已记报备。"
    return Said(f"{heard}回来后请发结果，例如：家访 {pupil.name} 家长同意明天返校。{wording.UNDO_HINT}")


COMMANDS: tuple[Command, ...] = (
    command(
        "出发家访 张三",
        STAFF,
        _announce,
        r"(?:我)?(?:现在)?(?:出发(?:去)?家访|家访报备|外出家访报备|报备家访)[:：，,\s]*(?P<name>[\u4e00-\u9fff·•]{2,15}?)(?:[:：，,\s]+(?P<note>.{2,200}))?",
    ),
)
