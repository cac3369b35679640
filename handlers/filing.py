"""To which record a photo or file belongs: put there, and said in words."""

from __future__ import annotations

from casework.facts import Fact, Kind
from handlers.desk import Desk, Said
from handlers.reporting import say_halves


def attach_chosen(desk: Desk, answer: str) -> Said:
    """Attach the piece to the record that the writer chose."""
    piece, fact_id = answer.split(":", 1)
    fact = desk.work.cases.fact(fact_id)
    return Said(attach(desk, piece, fact, "附件") if fact else "那条记录已经撤销，附件已保存，未归档。")


def attach(desk: Desk, piece: str, fact: Fact, word: str) -> str:
    """Put the piece to the record; returns what to say."""
    if fact.kind is Kind.REPORT:
        desk.work.evidence.attach(piece, fact=fact.id, report=f"{fact.unit}/{fact.data['month']}")
        many = len(desk.work.evidence.of_facts([fact.id]).get(fact.id, ()))
        return f"{word}已归到{fact.data['month']}月报。{say_halves(many)}，这次上报就完整了。"
    desk.work.evidence.attach(piece, pupil=fact.pupil, fact=fact.id)
    return f"{word}已归到{label(desk, fact)}。"


def label(desk: Desk, fact: Fact) -> str:
    """The record in a few words: ``张三3月12日的家访``."""
    pupil = desk.work.people.pupil(fact.pupil) if fact.pupil else None
    names = {
        Kind.VISIT: "家访",
        Kind.TEACH: "送教",
        Kind.NOTICE: "劝学通知书送达",
        Kind.REPORT: "月报",
        Kind.CONTACT: "联系",
    }
    return f"{pupil.name if pupil else ''}{fact.on.month}月{fact.on.day}日的{names.get(fact.kind, '手续')}"
