"""To which record a photo or file belongs: put there, and said in words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from casework.access import STAFF
from casework.facts import Fact, Kind
from casework.finals import is_final
from casework.terms import HELP, WORK
from handlers import papers
from handlers.command import Command, command
from handlers.desk import Desk, Said
from handlers.places import place_name
from handlers.reporting import say_halves

RECENT = dt.timedelta(hours=3)
SIGNED = {
    Kind.VISIT: "家访记录表",
    Kind.TEACH: "送教手册记录页",
    Kind.NOTICE: "送达回证",
    Kind.SUSPEND: "休学申请",
    Kind.DEFER: "缓学申请",
}
"""The paper that is signed on each occasion. A photo alone says nothing of a signature: only its sender knows (LC-33)."""
KEEPS = (Kind.VISIT, Kind.TEACH, Kind.NOTICE, Kind.CONTACT, Kind.SUSPEND, Kind.DEFER, Kind.TRANSFER_OUT)
"""The records about a child to which photos and papers belong."""


def paper_of(fact: Fact) -> str:
    """The form of which a signed scan belongs to that record, by its name in the catalogue; '' where it is none of ours."""
    if is_final(fact):
        return str(fact.data["paper"])
    return "persuasion_record" if fact.kind is Kind.DONE and fact.data.get("rule") == "persuasion_record" else ""


def signed_paper(fact: Fact) -> str:
    """What the paper is called that is signed on that occasion; '' for none."""
    return SIGNED.get(fact.kind) or _titles().get(paper_of(fact), "")


def _titles() -> Mapping[str, str]:
    return {**papers.TITLES, **papers.FORM_TITLES}


def keeps(fact: Fact) -> bool:
    """Whether photos and papers belong to that record about a child."""
    return fact.kind in KEEPS or bool(paper_of(fact))


def lacking(pieces: Sequence[Any]) -> str:
    """Which of signature and photo is not among the pieces of a visit or lesson, in words; '' where both are there."""
    signed, photo = any(p.signed for p in pieces), any(p.kind == "image" and not p.signed for p in pieces)
    return "、".join(word for word, there in (("签字表", signed), ("照片", photo)) if not there)


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
    paper = signed_paper(fact)
    return f"{word}已归到{label(desk, fact)}。" + (f"如果拍的是签好字的{paper}，请回“签字表”。" if paper else "")


def move(desk: Desk, gone: Sequence[Fact]) -> None:
    """The photos and papers of records that this message corrects belong to what it writes of the same kind in their place."""
    made = {(fact.pupil, fact.kind): fact for fact in desk.work.cases.facts_of_source(desk.source)}
    pieces = desk.work.evidence.of_facts([fact.id for fact in gone if keeps(fact)])
    for was in gone:
        if now := made.get((was.pupil, was.kind)):
            for piece in pieces.get(was.id, ()):
                desk.work.evidence.attach(piece.id, pupil=now.pupil, fact=now.id)


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
    if form := _titles().get(paper_of(fact)):
        whose = pupil.name if pupil else place_name(desk.world.directory, fact.unit)
        return f"{whose}{fact.on.month}月{fact.on.day}日的{form}"
    work = {**WORK, **HELP}.get(str(fact.data.get("what")), "手续")
    return f"{pupil.name if pupil else ''}{fact.on.month}月{fact.on.day}日的{names.get(fact.kind, work)}"


def _signed(desk: Desk, _: re.Match[str]) -> Said:
    """签字表: what the writer sent last is the paper itself, with its signatures."""
    pieces = desk.work.evidence.sent_lately(desk.writer.id, desk.now - RECENT)
    piece = next((one for one in pieces if one.fact and one.kind != "final"), None)
    fact = desk.work.cases.fact(piece.fact) if piece else None
    if piece is None or fact is None or not signed_paper(fact):
        return Said("最近3小时没有收到归到家访、送教、送达、定稿等记录的照片或文件。请先发签好字的照片，再回“签字表”。")
    return sign(desk, piece.id, fact)


def sign(desk: Desk, piece: str, fact: Fact) -> Said:
    """The piece is the signed paper of that record."""
    desk.work.evidence.sign(piece)
    subject = f"pupil:{fact.pupil}" if fact.pupil else f"unit:{fact.unit}"
    desk.work.audit.note(desk.writer.id, "signed_scan", subject, "", {"fact": fact.id})
    return Said(f"已记：{label(desk, fact)}有签好字的{signed_paper(fact)}。")


COMMANDS: tuple[Command, ...] = (
    command(
        "签字表",
        STAFF,
        _signed,
        r"(?:这|刚才|上面|刚发的?)?(?:张|份)?(?:照片|文件)?(?:就?是)?(?:已经?)?(?:签好?[字名]的?(?:家访(?:记录)?表|(?:送教)?(?:手册)?(?:记录)?页|(?:劝返(?:情况)?)?记录表|劝返表|[\u4e00-\u9fff]{0,6}通知书|报告书|送达回证|回证|申请)|签字表|签字扫描件|签好?[字名]了?的?)",
    ),
)
