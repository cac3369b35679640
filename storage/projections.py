"""Cases and duties as rows: what assessment says, compared with what stands there, and only the difference written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from casework.case import Case, Duty
from storage import tables
from storage.held import Subject
from storage.lines import Line, add_lines, put_lines
from storage.owed import duty_of, read_duties
from storage.prepared import Prepared, given, of_county, one_by_one
from storage.pupils import read_keys
from storage.sealing import DataKey
from storage.session import Session, chunks

cases, duties, duty_people, wakes = tables.cases, tables.duties, tables.duty_people, tables.wakes


CASES = Prepared(sa.select(cases).where(of_county(cases), cases.c.pupil_id.in_(given("ids", many=True))))
CASES_OF_A_FEW = Prepared(one_by_one(sa.select(cases).where(of_county(cases)), "pupil_id", "ids"))
_IN_ORDER = [column for column in cases.columns if column.name not in ("county_id", "wake")]  # of a ``Case``
_REASON = _IN_ORDER.index(cases.c.reason)
_ALONE = Prepared(sa.select(*_IN_ORDER).where(of_county(cases), cases.c.pupil_id.in_(given("ids", many=True))))


_CASE = (*(column.name for column in _IN_ORDER), "wake")
_DUTY = (
    "id", "rule", "clause", "owner", "due", "pupil_id", "unit_id", "status", "who", "closed", "fact_id", "hint",
)  # fmt: skip
_line_of = attrgetter(
    "id", "rule", "clause", "owner", "due", "pupil", "unit", "status", "who", "closed", "by", "hint",
)  # fmt: skip
"""The values of a duty in the order of ``_DUTY``."""


class Change(NamedTuple):
    """One difference of the projections.

    ``kind`` is ``duty`` (new, moved to another day, or open again), ``done``, ``lapsed`` or ``case``; ``before`` is
    the duty or case as it stood, None for what is new.
    """

    kind: str
    duty: Duty | None = None
    case: Case | None = None
    before: Duty | Case | None = None


@dataclass(slots=True)
class Writes:
    """Rows to write, gathered over many subjects so that each table is written once.

    Lines of ``cases`` are in the order of ``_CASE``, those of ``people``: who has a duty, and its id.
    """

    new_cases: list[Line] = field(default_factory=list)
    cases: list[Line] = field(default_factory=list)
    gone_cases: list[str] = field(default_factory=list)
    wakes: list[dict[str, Any]] = field(default_factory=list)
    gone_wakes: list[str] = field(default_factory=list)
    new_duties: list[Duty] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    gone_duties: list[Duty] = field(default_factory=list)
    people: list[Line] = field(default_factory=list)
    gone_people: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not any(getattr(self, name) for name in self.__slots__)


def standing_pupils(stand: Iterable[Any], owed: Iterable[Any], keys: dict[str, DataKey]) -> dict[str, Subject]:
    """Pupils as they stand by the rows of ``CASES`` and ``DUTIES``; a pupil without any is left out."""
    found = {row.pupil_id: Subject(case_of(row, keys.get(row.pupil_id)), wake=row.wake) for row in stand}
    for duty in map(duty_of, owed):
        found.setdefault(duty.pupil or "", Subject()).duties[duty.id] = duty
    return found


def cases_of(session: Session, ids: Iterable[str]) -> dict[str, Case]:
    """Where these pupils stand; one without a record is left out."""
    found: dict[str, Case] = {}
    for batch in chunks(ids):
        if columns := session.columns(_ALONE, ids=batch):
            if columns[_REASON].count(None) < len(columns[_REASON]):
                columns[_REASON] = _opened(session, columns[0], columns[_REASON])
            found.update(zip(columns[0], map(Case, *columns), strict=True))
    return found


def _opened(session: Session, ids: Sequence[str], sealed: Sequence[bytes | None]) -> list[str | None]:
    keys = read_keys(session, [id for id, reason in zip(ids, sealed, strict=True) if reason is not None])
    return [
        keys[id].open_text(reason, _identity(id)) if reason is not None and id in keys else None
        for id, reason in zip(ids, sealed, strict=True)
    ]


def standing_units(session: Session, ids: Sequence[str]) -> dict[str, Subject]:
    """The projections of these units as they stand; a unit without any is left out."""
    found: dict[str, Subject] = {}
    for batch in chunks(ids):
        for row in session.run(sa.select(wakes).where(session.here(wakes), wakes.c.unit_id.in_(batch))):
            found[row.unit_id] = Subject(wake=row.at)
        for duty in read_duties(session, duties.c.unit_id.in_(batch)):
            found.setdefault(duty.unit or "", Subject()).duties[duty.id] = duty
    return found


def compare_duties(before: dict[str, Duty], after: Iterable[Duty], writes: Writes) -> list[Change]:
    """What changed among the duties of one subject; the rows that this takes go into ``writes``."""
    changes: list[Change] = []
    wanted = {duty.id: duty for duty in after}
    for duty in wanted.values():
        was = before.get(duty.id)
        if was is None:
            writes.new_duties.append(duty)
        elif was == duty and was.hint == duty.hint:
            continue
        else:
            writes.duties.append(duty)
        _people(was, duty, writes)
        changes += _moves(was, duty)
    for gone in sorted(before.keys() - wanted.keys()):
        stood = before[gone]
        writes.gone_duties.append(stood)
        if stood.status == "open":
            writes.gone_people.append(gone)
            changes.append(Change("lapsed", duty=replace(stood, status="lapsed"), before=stood))
    return changes


def _moves(was: Duty | None, duty: Duty) -> list[Change]:
    """What happened to one duty. One that was met before it was ever written came into being all the same."""
    if duty.status == "open":
        moved = was is None or was.status != "open" or was.due != duty.due
        return [Change("duty", duty=duty, before=was)] if moved else []
    if was is None:
        if duty.status == "lapsed":
            return []
        fresh = replace(duty, status="open", closed=None, by=None)
        return [Change("duty", duty=fresh), Change("done", duty=duty, before=fresh)]
    return [Change(duty.status, duty=duty, before=was)] if was.status != duty.status else []


def _people(was: Duty | None, duty: Duty, writes: Writes) -> None:
    before = set(was.who) if was is not None and was.status == "open" else set[str]()
    after = set(duty.who) if duty.status == "open" else set[str]()
    if before == after:
        return
    if before:
        writes.gone_people.append(duty.id)
    writes.people += [(person, duty.id) for person in sorted(after)]


def compare_case(
    pupil: str,
    was: Subject | None,
    case: Case | None,
    wake: dt.datetime | None,
    key: DataKey | None,
    writes: Writes,
) -> list[Change]:
    """What changed about a pupil's case; None as ``case`` when no row need stand for it."""
    stood = was.case if was is not None else None
    if case is None:
        if stood is not None:
            writes.gone_cases.append(pupil)
        return [Change("case", case=Case(pupil), before=stood)] if stood not in (None, Case(pupil)) else []
    if case == stood and was is not None and was.wake == wake:
        return []
    (writes.cases if stood is not None else writes.new_cases).append(_line(case, wake, key))
    unchanged = case == stood or (stood is None and case == Case(pupil))
    return [] if unchanged else [Change("case", case=case, before=stood)]


def compare_wake(unit: str, was: Subject | None, wake: dt.datetime | None, writes: Writes) -> None:
    """When a unit's duties next change by themselves."""
    stood = was.wake if was is not None else None
    if wake is None and stood is not None:
        writes.gone_wakes.append(unit)
    elif wake is not None and wake != stood:
        writes.wakes.append({"unit_id": unit, "at": wake})


def write(session: Session, writes: Writes) -> None:
    """Write the difference."""
    add_lines(session, cases, _CASE, writes.new_cases)
    put_lines(session, cases, _CASE, writes.cases, ("pupil_id",))
    session.put(wakes, writes.wakes, ["unit_id"])
    add_lines(session, duties, _DUTY, list(map(_line_of, writes.new_duties)))
    put_lines(session, duties, _DUTY, list(map(_line_of, writes.duties)), ("id",))
    _delete(session, cases.c.pupil_id, writes.gone_cases)
    _delete(session, wakes.c.unit_id, writes.gone_wakes)
    _delete(session, duties.c.id, [duty.id for duty in writes.gone_duties])
    _delete(session, duty_people.c.duty_id, writes.gone_people)
    add_lines(session, duty_people, ("person", "duty_id"), writes.people)


def _delete(session: Session, column: sa.Column[Any], keys: Sequence[str]) -> None:
    if keys:
        for batch in chunks(keys):
            session.send(_deleting(column), keys=batch)


@cache
def _deleting(column: sa.Column[Any]) -> Prepared:
    return Prepared(sa.delete(column.table).where(of_county(column.table), column.in_(given("keys", many=True))))


def case_of(row: sa.Row[Any], key: DataKey | None) -> Case:
    """A row of the projection as a case; what is sealed is opened with the pupil's key."""
    reason = None
    if row.reason is not None and key is not None:
        reason = key.open_text(row.reason, _identity(row.pupil_id))
    return Case(
        pupil=row.pupil_id,
        state=row.state,
        ledger=row.ledger,
        day=row.day,
        since=row.since,
        unverified=row.unverified,
        leave_from=row.leave_from,
        leave_to=row.leave_to,
        returned=row.returned,
        promised=row.promised,
        reason=reason,
        reason_code=row.reason_code,
        helper=row.helper,
        pending=row.pending,
        last_contact=row.last_contact,
    )


def _line(case: Case, wake: dt.datetime | None, key: DataKey | None) -> Line:
    reason = None
    if case.reason is not None and key is not None:
        reason = key.seal_text(case.reason, _identity(case.pupil))
    return (
        case.pupil, case.state, case.ledger, case.day, case.since, case.unverified, case.leave_from, case.leave_to,
        case.returned, case.promised, reason, case.reason_code, case.helper, case.pending, case.last_contact, wake,
    )  # fmt: skip


def _identity(pupil: str) -> str:
    return f"cases/{pupil}/reason"
