"""Photos and files from the chat: to the visit just recorded, to the report just submitted, or asked to which."""

from __future__ import annotations

import datetime as dt

from casework.facts import Fact, Kind, voided_of
from casework.finals import is_final
from casework.terms import PAPERWORK
from handlers.asking import Asked
from handlers.conversation import open_question
from handlers.desk import Desk, Said
from handlers.filing import RECENT, attach, keeps, label
from handlers.line import Line

CLAUSES = {"TA-19": ("record",), "LC-26": ("record",), "XY-22": ("record",)}
LATELY = dt.timedelta(days=3)


def receive(desk: Desk, media: str, kind: str) -> Said:
    """Note a photo (``image``) or ``file``; it is fetched after the commit, before WeChat Work drops it in three days."""
    piece = desk.work.evidence.expect(media, desk.writer.id, kind)
    word = "照片" if kind == "image" else "文件"
    recent = _candidates(desk, RECENT)
    together = [f for f in recent if f.at == recent[0].at]  # 张三家没人，李四家同意: whose house is it?
    if recent and len({f.pupil for f in together}) == 1:
        return Said(attach(desk, piece, recent[0], word))
    lately = together or _candidates(desk, LATELY)
    if not lately:
        return Said(
            f"收到{word}，已保存。请先报家访（例如：家访 张三 家长同意明天返校）或提交月报，再发{word}，就会自动归到那条记录。"
        )
    options = tuple({"label": label(desk, f), "answers": {"attach": f"{piece}:{f.id}"}, "text": ""} for f in lately[:6])
    return Said(open_question(desk, Asked(f"收到{word}，归到哪条记录？", options), Line("", desk.now)), asks=True)


def _candidates(desk: Desk, span: dt.timedelta) -> list[Fact]:
    """The writer's visits, lessons, notices and reports of late, newest first; what one message said counts once."""
    facts = desk.work.cases.recent_by(desk.writer.id, desk.now - span)
    voided = voided_of(facts)
    return sorted(
        (f for f in facts if (keeps(f) or f.kind is Kind.REPORT or _proves(f)) and f.id not in voided),
        key=lambda f: (f.at, f.id),
        reverse=True,
    )


def _proves(fact: Fact) -> bool:
    """Accounts to which papers belong: of a flag of the platform (FN-31), of schooling elsewhere (FJ-3), of a unit's meetings,
    publicity and other work (XY-22), and its own finished papers."""
    of_unit = (
        fact.kind is Kind.WORK and fact.pupil is None and (is_final(fact) or fact.data.get("what") not in PAPERWORK)
    )
    return of_unit or fact.data.get("rule") == "platform_reply" or fact.data.get("what") == "elsewhere"
