"""定稿: a form made without a blank and without the mark 草稿 is kept, sealed, with its number; asked for again, it is that file."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from bot.paperwork import NotMade, Wanted, can_have, name_of, post_for
from bot.particulars import final_name, may_see
from bot.serials import say
from casework.access import ISSUERS
from casework.facts import Kind
from casework.finals import final_of, is_final
from casework.timeline import standing
from handlers.desk import Desk, hand_for
from reports.catalogue import catalogue
from reports.inputs import Paper
from storage.evidence import Folder, Stored
from storage.outbox import Outgoing
from storage.sealing import SealBroken
from storage.store import Work

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def kept(work: Work, desk: Desk, wanted: Wanted, files: Path | None) -> Paper | None:
    """The finished file of the form asked for; None where none is in force. Raises ``NotMade``."""
    pupil = work.people.pupil(wanted.pupil) if wanted.pupil and not wanted.anew else None
    if pupil is None or files is None or not desk.scope.covers(pupil) or not can_have(work, desk, wanted.what, pupil):
        return None
    name = name_of(desk, wanted)
    issuer = ISSUERS[post_for(work, desk, wanted).role]
    fact = final_of(work.cases.facts(pupil.id), name, issuer, work.cases.case(pupil.id).since)
    if fact is None:
        return None
    if not may_see(work, pupil, fact, desk.reader_of(pupil)):
        raise NotMade(f"{fact.data['said']}已经定稿，里面有您看不到的内容。请班主任或者学校打印。")
    piece = next((p for p in work.evidence.of_fact(fact.id) if p.kind == "final"), None)
    try:
        content = Folder(files, work.session.sealer).read(piece) if piece else b""
    except (FileNotFoundError, SealBroken):
        content = b""
    if not content:
        raise NotMade(f"{fact.data['said']}的定稿文件读不出来，请联系管理员。要重新做请先撤销定稿。")
    return Paper(final_name(fact, pupil), content)


def number_of_draft(work: Work, pupil: str, kind: str, unit: str) -> str:
    """The number that the last draft of this absence was given, unless a finished form bears it; '' for none."""
    given = [
        g for g in work.numbers.of_subject(pupil, work.cases.case(pupil).since) if (g.kind, g.unit) == (kind, unit)
    ]
    used = {f.data.get("number") for f in standing(work.cases.facts(pupil)) if is_final(f)}
    number = say(work, given[-1]) if given else ""
    return "" if number in used else number


def keep(work: Work, desk: Desk, wanted: Wanted, paper: Paper, piece: str, stored: Stored) -> None:
    """Note the finished file, already in the folder, with its number; whoever asked for it hears what to do with it."""
    pupil, name = work.people.pupil(wanted.pupil or ""), name_of(desk, wanted)
    assert pupil is not None, "a form is about a pupil"
    title = catalogue()[name].title
    said = f"《{title}》{f'（{paper.number}）' if paper.number else ''}"
    hand = hand_for(replace(desk, source=wanted.final), pupil)
    roles = sorted(desk.reader_of(pupil).roles)
    fact = hand.fact(
        Kind.WORK, desk.today, pupil.id, what="final", paper=name, said=said, number=paper.number, roles=roles
    )  # fmt: skip
    work.cases.append([fact])
    work.evidence.bring(piece, stored, desk.writer.id, "final")
    work.evidence.attach(piece, pupil=pupil.id, fact=fact.id)
    work.audit.note(desk.writer.id, "final", f"pupil:{pupil.id}", "chat", {"paper": name, "number": paper.number})
    lacking = f"还缺：{'、'.join(paper.missing)}。" if paper.missing else ""
    text = (
        f"{pupil.name}的{said}已定稿，内容和编号不再变，再打印还是这一份。{lacking}"
        f"打印后签字盖章，拍照发到这里，归到这张表，再回“签字表”。写错了请发“撤销 {pupil.name}”。"
    )
    work.outbox.queue(Outgoing(f"final:{fact.id}", desk.writer.id, text, work.now + dt.timedelta(seconds=1)))
