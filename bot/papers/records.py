"""From the store to the reports: pupils, what happened to them, and units, as plain records."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from casework import elsewhere
from casework.access import ISSUERS, Reader
from casework.facts import Fact, Kind
from casework.people import COUNTY, Pupil
from casework.terms import HELP, PAPERWORK, RULES, WORK
from casework.timeline import standing
from handlers.wording import say_fact
from reports.inputs import Event, Issuer, PupilRecord, UnitRecord
from reports.own_words import names
from storage.evidence import Piece
from storage.store import Work


def pupil_record(
    work: Work, pupil: Pupil, reader: Reader, details: dict[str, str], helper: str | None = None
) -> PupilRecord:
    """One pupil as forms and ledgers show them to a reader; what is not known or not theirs to see stays empty."""
    details = reader.shown(details)
    directory = work.world.directory
    room = directory.units.get(pupil.class_id or "")
    born = details.get("born")
    person = work.people.person(helper) if helper else None
    return PupilRecord(
        id=pupil.id,
        name=pupil.name,
        school=directory.name_at(pupil.class_id, "school"),
        class_name=directory.name_at(pupil.class_id, "class"),
        grade=room.grade if room else None,
        student_no=details.get("student_number", ""),
        sex=details.get("sex", ""),
        ethnicity=details.get("ethnicity", ""),
        born=dt.date.fromisoformat(born) if born else None,
        id_number=details.get("id_number", ""),
        household="本地" if pupil.local else "随迁",
        household_address=details.get("household", ""),
        address=details.get("address", ""),
        township=directory.name_at(pupil.village_id, "township") or directory.name_at(pupil.class_id, "township"),
        village=directory.name_at(pupil.village_id, "village"),
        guardian=details.get("guardian", ""),
        relation=details.get("relation", ""),
        phone=details.get("phone", ""),
        groups=reader.groups(pupil.groups),
        attending="送教" if pupil.home_taught else "在校",
        entered=pupil.entered,
        helper=person.name if person else "",
    )


SHOWN_WITH = (
    Kind.VISIT,
    Kind.TEACH,
    Kind.NOTICE,
    Kind.CONTACT,
    Kind.SUSPEND,
    Kind.DEFER,
    Kind.TRANSFER_OUT,
    Kind.LEAVE,
)
STEPS = (Kind.SUSPEND, Kind.DEFER, Kind.TRANSFER_OUT, Kind.TRANSFER_IN, Kind.ENROLLED, Kind.RETURN)
ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "application/pdf": ".pdf", "audio/amr": ".amr",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}  # fmt: skip
WENT = {"work": "务工", "missing": "失联", "abroad": "出境"}


def whereabouts(facts: Sequence[Fact]) -> str:
    """去向 as last recorded by facts that stand: where a pupil was transferred to, or what was said of being away."""
    for fact in reversed(facts):
        data = fact.data
        if fact.kind is Kind.TRANSFER_OUT and data.get("place"):
            return str(data["place"])
        said = str(data.get("note") or data.get("reason") or "")
        if fact.kind in (Kind.CONTACT, Kind.VISIT) and data.get("outcome") == "away":
            return said or "外出"
        if fact.kind is Kind.DROPOUT and data.get("reason_code") in WENT:
            return said or WENT[str(data["reason_code"])]
    return ""


def with_course(record: PupilRecord, facts: Sequence[Fact], events: Sequence[Event]) -> PupilRecord:
    """The record with what was written down since: 去向, the aid given last, and where the pupil learns now with the papers
    sent for it, if a transfer elsewhere is the last that is known."""
    kept = standing(facts)
    away = elsewhere.of(kept)
    aid = next((str(f.data.get("note") or "") for f in reversed(kept) if f.data.get("what") == "aid"), "")
    papers = [e.files for e in events if away and e.kind == away.kind.value and e.on == away.on]
    proven = [elsewhere.proof(away) if away else "", *(papers[-1] if papers else ())]
    return replace(
        record, whereabouts=whereabouts(kept), aid=aid, proof="、".join(filter(None, proven)),
        place_elsewhere=elsewhere.place(away) if away else "",
    )  # fmt: skip


class Told:
    """Turns facts into events, asking the store once for each person and once for the files of many facts."""

    def __init__(self, work: Work, facts: Iterable[Fact]) -> None:
        self._work = work
        self._names: dict[str, str] = {}
        self._files = work.evidence.of_facts([f.id for f in facts if f.kind in SHOWN_WITH])

    def events(self, facts: Sequence[Fact]) -> tuple[Event, ...]:
        """What was recorded about one pupil and still stands, in order; what was taken back is left out."""
        kept = standing(facts)
        words = self._words(kept)
        return tuple(
            self._event(fact, kept[:place], words.get(fact.id, {}))
            for place, fact in enumerate(kept)
            if fact.data.get("what") not in PAPERWORK
        )

    def _words(self, facts: Iterable[Fact]) -> dict[str, dict[str, str]]:
        """What persons wrote for the form of each visit, by column; the last one of a column stands."""
        found: dict[str, dict[str, str]] = {}
        for fact in facts:
            if (written := own_word(fact)) and fact.data.get("of"):
                found.setdefault(str(fact.data["of"]), {})[written[1]] = f"{written[2]}（{self._name(fact.by)}填）"
        return found

    def _event(self, fact: Fact, before: Sequence[Fact], words: Mapping[str, str]) -> Event:
        data = fact.data
        pieces = [p for p in self._files.get(fact.id, ()) if p.state == "kept"]
        ends = data.get("to") if fact.kind is Kind.LEAVE else data.get("until") or data.get("return_on")
        return Event(
            on=fact.on,
            kind=_kind(fact, before),
            who=self._name(fact.by),
            role=fact.role,
            outcome="refused" if data.get("refused") else str(data.get("outcome") or data.get("reason_code") or ""),
            text=_said(str(data.get("words") or ""))
            or "；".join(str(data[key]) for key in ("reason", "note") if data.get(key))
            or say_fact(fact, self._work.now.date()),
            way=str(data.get("channel") or data.get("kind") or data.get("rule") or ""),
            companions=str(data.get("companions") or ""),
            place=str(data.get("place") or ""),
            **_hours(str(data.get("words") or "")),
            ends=dt.date.fromisoformat(str(ends)[:10]) if ends else None,
            number=str(data.get("number") or ""),
            lessons=int(data.get("lessons") or 0),
            minutes=int(data.get("minutes") or 0),
            at=fact.at,
            files=tuple(file_name(p) for p in pieces),
            photos=sum(p.kind == "image" and not p.signed for p in pieces),
            signed=sum(p.signed for p in pieces),
            words=words,
            what={**WORK, **HELP}.get(str(data.get("what"))) or RULES.get(str(data.get("rule")), ""),
        )

    def teachers(self, pupil: Pupil) -> str:
        """Who answers for a pupil where no helper is assigned: the class teacher."""
        held = self._work.world.directory.holders("teacher", pupil.class_id or "", self._work.now.date())
        return "、".join(map(self._name, held))

    def _name(self, userid: str) -> str:
        if userid not in self._names:
            person = self._work.people.person(userid)
            self._names[userid] = person.name if person else userid
        return self._names[userid]


_ORDERED = re.compile(r"^(?:家访|走访|入户|联系)\s+[\u4e00-\u9fff·]{2,10}(?:\s+|[，,：:]\s*)(?=\S)")
_FROM_TO = re.compile(r"(?<![\d:：])(\d{1,2})[:：](\d{2})\s*(?:到|至|-|—|–|~|～)\s*(\d{1,2})[:：](\d{2})(?![\d:：])")


def _said(words: str) -> str:
    """What the writer told, without the order before it: 家访 张三 家长说… is on paper 家长说…."""
    return _ORDERED.sub("", words)


def _hours(words: str) -> dict[str, str]:
    """From when to when, where the writer said it (18:30到19:10)."""
    found = _FROM_TO.search(words)
    if found is None or not all(int(h) < 24 and int(m) < 60 for h, m in (found.group(1, 2), found.group(3, 4))):
        return {}
    first, last = (f"{int(h)}:{m}" for h, m in (found.group(1, 2), found.group(3, 4)))
    return {"start": first, "end": last}


def own_word(fact: Fact) -> tuple[str, str, str] | None:
    """What a fact writes into a form: the paper, the slot, the words; None for a fact that does not."""
    if fact.kind is not Kind.WORK or fact.data.get("what") != "form":
        return None
    column, _, said = str(fact.data.get("note", "")).partition("：")
    # Words of a visit's form were once kept without its slot.
    slot = fact.data.get("slot") or names("home_visit").get(column, "")
    return ("home_visit" if fact.data.get("of") else str(fact.data.get("paper") or "")), str(slot), said


def file_name(piece: Piece) -> str:
    """``照片-3f9a2c.jpg``, ``签字表-3f9a2c.jpg``: what a photo or file of the evidence is called on paper and in an archive."""
    word = "签字表" if piece.signed else "照片" if piece.kind == "image" else "文件"
    return f"{word}-{piece.id[-6:]}{ENDINGS.get((piece.type or '').partition(';')[0], '')}"


def _kind(fact: Fact, before: Sequence[Fact]) -> str:
    """The fact's kind; a return from an approved suspension is a 复学, who has finished school goes nowhere (转出)."""
    if fact.kind is Kind.RETURN and was_away(before):
        return "resume"
    return "graduated" if fact.data.get("graduated") else fact.kind.value


def was_away(before: Sequence[Fact]) -> bool:
    """Whether the last step known was an approved suspension or deferment, from which a return is a 复学."""
    steps = [f for f in before if f.kind in STEPS and not f.data.get("pending")]
    return bool(steps) and steps[-1].kind in (Kind.SUSPEND, Kind.DEFER)


def unit_record(work: Work, unit_id: str, today: dt.date) -> UnitRecord:
    """A unit with its leader and its bureau."""
    directory = work.world.directory
    unit = directory.units[unit_id]
    township = directory.at_level(unit_id, "township")
    county = directory.units[COUNTY].name
    leader = {"school": "principal", "township": "township", "village": "village"}.get(unit.kind, "county")
    contact = {"school": "school"}.get(unit.kind, leader)
    return UnitRecord(
        id=unit.id,
        kind=unit.kind,
        name=unit.name,
        township=_authority(directory.units[township].name)[1] if township else "",
        county=county,
        above=f"{county}教育局",
        head=_names(work, directory.holders(leader, unit_id, today)),
        contact=_names(work, directory.holders(contact, unit_id, today)),
        phone="、".join(work.people.phones(directory.holders(contact, unit_id, today)).values()),
        stage=unit.stage or "",
    )


def issuer_of(work: Work, role: str, unit_id: str) -> Issuer:
    """In whose name a member of staff makes a paper: their school, village or township, or the county's bureau."""
    directory = work.world.directory
    if ISSUERS[role] == "county_edu":
        return Issuer("county_edu", f"{directory.units[COUNTY].name}教育局")
    if role == "township":
        return Issuer(*_authority(directory.units[unit_id].name))
    if role == "village":
        return Issuer("village", directory.units[unit_id].name)
    school = directory.at_level(unit_id, "school") or unit_id
    return Issuer("school", directory.units[school].name)


def _authority(name: str) -> tuple[str, str]:
    """The kind and the full name of a township's office: 青石镇 → 青石镇人民政府, 城关街道 → 城关街道办事处."""
    is_subdistrict = name.endswith("街道")
    return ("subdistrict", f"{name}办事处") if is_subdistrict else ("township", f"{name}人民政府")


def _names(work: Work, userids: Iterable[str]) -> str:
    found: list[Any] = [work.people.person(userid) for userid in userids]
    return "、".join(person.name for person in found if person)
