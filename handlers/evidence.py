"""Photos and files from the chat: to the visit just recorded, to the report just submitted, or asked to which."""

from __future__ import annotations

import datetime as dt

from casework.facts import Fact, Kind, voided_of
from handlers.asking import Asked
from handlers.conversation import open_question
from handlers.desk import Desk, Said
from handlers.line import Line
from handlers.reporting import say_halves

RECENT = dt.timedelta(hours=3)
LATELY = dt.timedelta(days=3)


def receive(desk: Desk, media: str, kind: str) -> Said:
    """Note a photo (``image``) or ``file``; it is fetched after the commit, before WeChat Work drops it in three days."""
    piece = desk.work.evidence.expect(media, desk.writer.id, kind)
    word = "照片" if kind == "image" else "文件"
    recent = _candidates(desk, RECENT)
    if recent:
        return Said(_attach(desk, piece, recent[0], word))
    lately = _candidates(desk, LATELY)
    if not lately:
        return Said(
            f"收到{word}，已保存。请先报家访（例如：家访 张三 家长同意明天返校）或提交月报，再发{word}，就会自动归到那条记录。"
        )
    options = tuple(
        {"label": _label(desk, f), "answers": {"attach": f"{piece}:{f.id}"}, "text": ""} for f in lately[:6]
    )
    return Said(open_question(desk, Asked(f"收到{word}，归到哪条记录？", options), Line("", desk.now)), asks=True)


def attach_chosen(desk: Desk, answer: str) -> Said:
    """Attach the piece to the record that the writer chose."""
    piece, fact_id = answer.split(":", 1)
    fact = desk.work.cases.fact(fact_id)
    return Said(_attach(desk, piece, fact, "附件") if fact else "那条记录已经撤销，附件已保存，未归档。")


def _candidates(desk: Desk, span: dt.timedelta) -> list[Fact]:
    """The writer's visits, lessons, notices and reports of late, newest first; what one message said counts once."""
    facts = desk.work.cases.recent_by(desk.writer.id, desk.now - span)
    voided = voided_of(facts)
    kinds = (
        Kind.VISIT,
        Kind.TEACH,
        Kind.NOTICE,
        Kind.REPORT,
        Kind.CONTACT,
        Kind.SUSPEND,
        Kind.DEFER,
        Kind.TRANSFER_OUT,
    )
    return sorted(
        (f for f in facts if f.kind in kinds and f.id not in voided), key=lambda f: (f.at, f.id), reverse=True
    )


def _attach(desk: Desk, piece: str, fact: Fact, word: str) -> str:
    if fact.kind is Kind.REPORT:
        desk.work.evidence.attach(piece, fact=fact.id, report=f"{fact.unit}/{fact.data['month']}")
        many = len(desk.work.evidence.of_facts([fact.id]).get(fact.id, ()))
        return f"{word}已归到{fact.data['month']}月报。{say_halves(many)}，这次上报就完整了。"
    desk.work.evidence.attach(piece, pupil=fact.pupil, fact=fact.id)
    return f"{word}已归到{_label(desk, fact)}。"


def _label(desk: Desk, fact: Fact) -> str:
    pupil = desk.work.people.pupil(fact.pupil) if fact.pupil else None
    names = {
        Kind.VISIT: "家访",
        Kind.TEACH: "送教",
        Kind.NOTICE: "劝学通知书送达",
        Kind.REPORT: "月报",
        Kind.CONTACT: "联系",
    }
    return f"{pupil.name if pupil else ''}{fact.on.month}月{fact.on.day}日的{names.get(fact.kind, '手续')}"
