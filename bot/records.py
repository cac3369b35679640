"""From the store to the reports: pupils, what happened to them, and units, as plain records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from casework.case import Case
from casework.facts import Fact, Kind, voided_of
from casework.people import COUNTY, Pupil
from casework.scope import Scope
from handlers.wording import say_fact
from reports.inputs import Entry, Event, Issuer, PupilRecord, UnitRecord
from storage.store import Work

BATCH = 2000


def pupil_record(work: Work, pupil: Pupil, details: dict[str, str], helper: str | None = None) -> PupilRecord:
    """One pupil as forms and ledgers show them; what is not known stays empty."""
    directory = work.world.directory
    school = directory.at_level(pupil.class_id, "school")
    township = directory.at_level(pupil.village_id, "township") or directory.at_level(pupil.class_id, "township")
    room = directory.units.get(pupil.class_id or "")
    village = directory.units.get(pupil.village_id or "")
    born = details.get("born")
    person = work.people.person(helper) if helper else None
    return PupilRecord(
        id=pupil.id,
        name=pupil.name,
        school=directory.units[school].name if school else "",
        class_name=room.name if room else "",
        grade=room.grade if room else None,
        student_no=details.get("student_number", ""),
        sex=details.get("sex", ""),
        born=dt.date.fromisoformat(born) if born else None,
        id_number=details.get("id_number", ""),
        household="本地" if pupil.local else "随迁",
        household_address=details.get("household", ""),
        address=details.get("address", ""),
        township=directory.units[township].name if township else "",
        village=village.name if village else "",
        guardian=details.get("guardian", ""),
        relation=details.get("relation", ""),
        phone=details.get("phone", ""),
        groups=pupil.groups,
        attending="送教" if pupil.home_taught else "在校",
        entered=pupil.entered,
        helper=person.name if person else "",
    )


def events(work: Work, facts: Sequence[Fact], today: dt.date) -> tuple[Event, ...]:
    """What was recorded and still stands, in order; voided records are left out."""
    voided = voided_of(facts)
    return tuple(_event(work, f, today) for f in facts if f.id not in voided and f.kind is not Kind.VOID)


def _event(work: Work, fact: Fact, today: dt.date) -> Event:
    data = fact.data
    person = work.people.person(fact.by)
    ends = data.get("to") if fact.kind is Kind.LEAVE else data.get("return_on")
    return Event(
        on=fact.on,
        kind=fact.kind.value,
        who=person.name if person else fact.by,
        role=fact.role,
        outcome=str(data.get("outcome") or data.get("reason_code") or data.get("kind") or ""),
        text="；".join(str(data[key]) for key in ("reason", "note") if data.get(key)) or say_fact(fact, today),
        way=str(data.get("channel") or ""),
        place=str(data.get("place") or ""),
        ends=dt.date.fromisoformat(str(ends)) if ends else None,
        number=str(data.get("number") or ""),
        lessons=int(data.get("lessons") or 0),
        minutes=int(data.get("minutes") or 0),
        at=fact.at,
        files=tuple(f"{p.kind}-{p.id[-6:]}" for p in work.evidence.of_fact(fact.id) if p.state == "kept"),
    )


def entries(
    work: Work, scope: Scope, silent: bool, place: str | None = None, group: str | None = None
) -> Iterator[Entry]:
    """Lines for a ledger within a scope; ``silent``: also pupils about whom nothing was ever recorded."""
    offset, today = 0, work.now.date()
    while True:
        if silent:
            pupils, total = work.people.in_scope(scope, place=place, group=group, limit=BATCH, offset=offset)
        else:
            states = ("absent", "suspected", "dropout", "observed", "on_leave", "left", "home_taught")
            rows, total = work.cases.listing(scope, states=states, place=place, group=group, limit=BATCH, offset=offset)
            pupils = [row.pupil for row in rows]
        ids = [p.id for p in pupils]
        details, cases, facts = work.people.details_of(ids), work.cases.cases(ids), work.cases.facts_of(ids)
        for pupil in pupils:
            case = cases.get(pupil.id, Case(pupil.id))
            record = pupil_record(work, pupil, details.get(pupil.id, {}), case.helper)
            yield Entry(record, case, events(work, facts.get(pupil.id, []), today))
        offset += BATCH
        if offset >= total:
            return


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
        township=directory.units[township].name if township else "",
        county=county,
        above=f"{county}教育局",
        head=_names(work, directory.holders(leader, unit_id, today)),
        contact=_names(work, directory.holders(contact, unit_id, today)),
        stage=unit.stage or "",
    )


def issuer_of(work: Work, role: str, unit_id: str) -> Issuer:
    """In whose name a member of staff makes a paper: their school, village or township, or the county's bureau."""
    directory = work.world.directory
    if role in ("county", "admin"):
        return Issuer("county_edu", f"{directory.units[COUNTY].name}教育局")
    if role == "township":
        kind = "subdistrict" if directory.units[unit_id].name.endswith("街道") else "township"
        return Issuer(kind, directory.units[unit_id].name + ("办事处" if kind == "subdistrict" else "人民政府"))
    if role == "village":
        return Issuer("village", directory.units[unit_id].name)
    school = directory.at_level(unit_id, "school") or unit_id
    return Issuer("school", directory.units[school].name)


def _names(work: Work, userids: Iterable[str]) -> str:
    found: list[Any] = [work.people.person(userid) for userid in userids]
    return "、".join(person.name for person in found if person)
