"""定稿: a form made without a blank and without the mark 草稿 is kept, sealed, with its number; asked for again, it is that file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.papers.paperwork import NotMade, Wanted, can_have, name_of, own_unit, post_for
from bot.papers.particulars import final_name, may_see
from bot.papers.serials import say
from casework.access import ISSUERS
from casework.facts import Fact, Kind
from casework.finals import final_of, final_of_unit, is_final
from casework.people import Pupil
from casework.timeline import standing
from handlers import unitpapers
from handlers.desk import Desk, hand_for
from handlers.papers import TITLES
from handlers.places import place_name
from reports.catalogue import catalogue
from reports.inputs import Paper
from storage.evidence import Folder, Stored
from storage.outbox import Outgoing
from storage.sealing import SealBroken
from storage.store import Work

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a paper belongs to: a child, or of a unit's own paper the unit and what it is about; with its 定稿 in force.

    ``number``: under which it stands in the register of numbers, ``since``: from when on numbers count.
    """

    pupil: Pupil | None
    unit: str
    number: str
    facts: Sequence[Fact]
    since: dt.date | None
    final: Fact | None


def subject_of(work: Work, desk: Desk, wanted: Wanted) -> Subject | None:
    """What the paper asked for belongs to; None for one that is never finished, or out of reach."""
    name, unit = name_of(desk, wanted), own_unit(work, desk, wanted)
    if wanted.pupil:
        pupil = work.people.pupil(wanted.pupil)
        if pupil is None or not desk.scope.covers(pupil):
            return None
        facts, since = work.cases.facts(pupil.id), work.cases.case(pupil.id).since
        issuer = ISSUERS[post_for(work, desk, wanted).role]
        return Subject(pupil, unit, pupil.id, facts, since, final_of(facts, name, issuer, since))
    about = unitpapers.about_of(desk, name, unit, wanted.month) if name in unitpapers.PAPERS else ""
    if not about:
        return None
    facts = unitpapers.facts_of(desk, unit)
    return Subject(None, unit, about, facts, None, final_of_unit(facts, name, about))


def kept(work: Work, desk: Desk, wanted: Wanted, files: Path | None) -> Paper | None:
    """The finished file of the form asked for; None where none is in force. Raises ``NotMade``."""
    subject = subject_of(work, desk, wanted) if files else None
    fact, pupil = (subject.final, subject.pupil) if subject else (None, None)
    if fact is None or files is None or not can_have(work, desk, wanted.what, pupil):
        return None
    if pupil is not None and not may_see(work, pupil, fact, desk.reader_of(pupil)):
        raise NotMade(f"{fact.data['said']}已经定稿，里面有您看不到的内容。请班主任或者学校打印。")
    piece = next((p for p in work.evidence.of_fact(fact.id) if p.kind == "final"), None)
    try:
        content = Folder(files, work.session.sealer).read(piece) if piece else b""
    except (FileNotFoundError, SealBroken):
        content = b""
    if not content:
        raise NotMade(
            f"{fact.data['said']}的定稿文件不在了，或者被改动过，不能发出。请联系管理员从备份恢复；要重新做请先撤销定稿。"
        )
    return Paper(final_name(fact, pupil.name if pupil else work.world.directory.units[fact.unit or ""].name), content)


def number_of_draft(work: Work, subject: Subject, kind: str) -> str:
    """The number that the last draft was given, unless a finished form bears it; '' for none."""
    given = [
        g for g in work.numbers.of_subject(subject.number, subject.since) if (g.kind, g.unit) == (kind, subject.unit)
    ]
    used = {f.data.get("number") for f in standing(subject.facts) if is_final(f)}
    number = say(work, given[-1]) if given else ""
    return "" if number in used else number


def keep(work: Work, desk: Desk, wanted: Wanted, paper: Paper, piece: str, stored: Stored) -> None:
    """Note the finished file, already in the folder, with its number; whoever asked for it hears what to do with it."""
    subject, name = subject_of(work, desk, wanted), name_of(desk, wanted)
    assert subject is not None, "what was just made belongs to something"
    title, pupil = catalogue()[name].title, subject.pupil
    said = f"《{title}》{f'（{paper.number}）' if paper.number else ''}"
    data = {"what": "final", "paper": name, "said": said, "number": paper.number}
    if pupil is not None:
        hand = hand_for(replace(desk, source=wanted.final), pupil)
        roles = sorted(desk.reader_of(pupil).roles)
        fact = hand.fact(Kind.WORK, desk.today, pupil.id, roles=roles, **data)
        whose, whom, back = pupil.name, f"pupil:{pupil.id}", f"撤销 {pupil.name}"
    else:
        hand = replace(hand_for(replace(desk, source=wanted.final), None), role=post_for(work, desk, wanted).role)
        fact = hand.fact(Kind.WORK, desk.today, None, subject.unit, about=subject.number, **data)
        whose, whom = place_name(work.world.directory, subject.unit) or "县教育局", f"unit:{subject.unit}"
        back = f"撤销定稿 {TITLES[name]}"
    work.cases.append([fact])
    work.evidence.bring(piece, stored, desk.writer.id, "final")
    work.evidence.attach(piece, pupil=pupil.id if pupil else None, fact=fact.id)
    work.audit.note(desk.writer.id, "final", whom, "chat", {"paper": name, "number": paper.number})
    lacking = f"还缺：{'、'.join(paper.missing)}。" if paper.missing else ""
    text = (
        f"{whose}的{said}已定稿，内容和编号不再变，再打印还是这一份。{lacking}"
        f"打印后签字盖章，拍照发到这里，归到这张表，再回“签字表”。写错了请发“{back}”。"
    )
    work.outbox.queue(Outgoing(f"final:{fact.id}", desk.writer.id, text, work.now + dt.timedelta(seconds=1)))
