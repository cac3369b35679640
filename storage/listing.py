"""Lists and counts of pupils with their cases: for chat, pages and reports, always within a scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from casework.case import Case, Duty
from casework.facts import LEDGERS, PUPIL_STATES, Kind
from casework.people import Pupil
from storage import tables
from storage.owed import duties_of_pupils
from storage.prepared import Prepared, given, of_county
from storage.projections import case_of
from storage.pupils import PUPIL_COLUMNS, pupil_of, read_keys
from storage.reach import graduated, struck_off
from storage.session import Session, chunks

pupils, cases, duties, units, facts = tables.pupils, tables.cases, tables.duties, tables.units, tables.facts


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: the pupil, where they stand, the names to show, and the open duty that is due next; ``Wanted.plain``: the
    first two alone."""

    pupil: Pupil
    case: Case
    class_name: str
    village_name: str
    next_duty: Duty | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: in one of these states, in that ledger, with something overdue, without a helper (包联人); without those of
    ``between_schools``. ``plain``: without the names of units and the next duty, which many a list does not show."""

    states: tuple[str, ...] | None = None
    ledger: str | None = None
    overdue_only: bool = False
    without_helper: bool = False
    between_schools: bool = True
    plain: bool = False

    @property
    def of_anyone(self) -> bool:
        """Whether pupils about whom nothing was ever said may be among them."""
        silent = Case("")
        return (
            (self.states is None or silent.state in self.states)
            and self.ledger in (None, silent.ledger)
            and not self.overdue_only
        )


_CASE = sa.and_(cases.c.county_id == pupils.c.county_id, cases.c.pupil_id == pupils.c.id)
_STANDING = Prepared(
    sa.select(pupils.c.id)
    .select_from(pupils.join(cases, _CASE))
    .where(of_county(pupils, cases), cases.c.state.in_(given("states", many=True)))
    .where(pupils.c.erased.is_(False), pupils.c.struck.is_(False))
    .order_by(cases.c.day.desc(), pupils.c.class_id, pupils.c.name, pupils.c.id)
)
_LEAVING = Prepared(sa.select(cases.c.pupil_id).where(of_county(cases), cases.c.pending == given("pending")))


def _placed(facts_here: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """A child without a class for whom a place was fixed once."""
    told = sa.exists().where(facts_here, facts.c.pupil_id == pupils.c.id, facts.c.kind == Kind.PLACED.value)
    return sa.and_(pupils.c.class_id.is_(None), told)


_PLACED = Prepared(sa.select(pupils.c.id).where(of_county(pupils), _placed(of_county(facts))))
_LINES = Prepared(
    sa.select(*PUPIL_COLUMNS, *(column for column in cases.c if column.name != "county_id"))
    .select_from(pupils.outerjoin(cases, _CASE))
    .where(of_county(pupils), pupils.c.id.in_(given("ids", many=True)))
)
_NAMES = Prepared(sa.select(units.c.id, units.c.name).where(of_county(units), units.c.id.in_(given("ids", many=True))))


def page(
    session: Session, found: sa.ColumnElement[bool], wanted: Wanted, limit: int, offset: int, whole: bool = False
) -> tuple[list[Row], int]:
    """One page of the pupils that meet a condition, and how many there are in all.

    ``whole``: the condition leaves nearly everybody, so that the page is the beginning of an index and the count would be the
    dearer half; else both come of one look.
    """
    condition = sa.and_(found, *_conditions(session, wanted))
    joined = pupils.outerjoin(cases, _CASE) if wanted.of_anyone else pupils.join(cases, _CASE)
    by_name = (pupils.c.class_id, pupils.c.name, pupils.c.id)
    if whole and wanted.of_anyone:
        ids = sa.select(pupils.c.id).where(condition).select_from(joined).order_by(*by_name).limit(limit).offset(offset)
        here = list(session.run(ids).scalars())
        total = len(here) if offset == 0 and len(here) < limit else _many(session, found, wanted)
        return _rows(session, here, wanted.plain), total
    # Apart, so that PostgreSQL does not walk the whole county's index in the order of the page to stop after its first rows.
    order = by_name if wanted.of_anyone else (cases.c.day, *by_name)
    lines = sa.select(*order).where(condition).select_from(joined)
    if whole and session.is_postgresql:
        lines = _through_cases(session, found, wanted)
    all_of_it = lines.cte("found")
    all_of_it = all_of_it.prefix_with("MATERIALIZED", dialect="postgresql")
    many = sa.select(sa.func.count()).select_from(all_of_it).scalar_subquery()
    there = [column.desc() if column.name == "day" else column for column in all_of_it.c]
    shown = session.run(
        sa.select(all_of_it.c.id, many.label("many")).order_by(*there).limit(limit).offset(offset)
    ).all()
    if not shown and offset:
        return [], session.run(sa.select(sa.func.count()).select_from(all_of_it)).scalar_one()
    return _rows(session, [line.id for line in shown], wanted.plain), shown[0].many if shown else 0


def _through_cases(session: Session, found: sa.ColumnElement[bool], wanted: Wanted) -> sa.Select[Any]:
    """The lines of a page over a whole county, for PostgreSQL, which would read all pupils for the few of whom there is a case:
    with a limit in it, each case asks for its own pupil (``OFFSET 0`` is taken apart by no planner)."""
    one = sa.select(pupils.c.class_id, pupils.c.name, pupils.c.id).where(found, _CASE).correlate(cases)
    own = one.offset(sa.literal_column("0")).lateral("own")
    query = sa.select(cases.c.day, own.c.class_id, own.c.name, own.c.id).select_from(cases.join(own, sa.true()))
    return query.where(session.here(cases), *_conditions(session, wanted, cases.c.pupil_id))


def among(session: Session, found: sa.ColumnElement[bool], states: Collection[str]) -> list[tuple[Pupil, str]]:
    """All pupils that meet a condition and are in one of these states, with it, in the order of a page: for who needs no more
    of each than that, a fifth of what the lines of a page cost."""
    query = sa.select(*PUPIL_COLUMNS, cases.c.state).select_from(pupils.join(cases, _CASE))
    query = query.where(found, cases.c.state.in_(list(states)))
    query = query.order_by(cases.c.day.desc(), pupils.c.class_id, pupils.c.name, pupils.c.id)
    return [(pupil_of(row), row.state) for row in session.run(query)]


def _many(session: Session, found: sa.ColumnElement[bool], wanted: Wanted) -> int:
    """How many of everybody: all of them less the few who stand elsewhere, for most have no case at all."""
    total = _on_register(session) - _struck(session) - _finished(session)
    if conditions := _conditions(session, wanted):
        # Each case asks for its pupil; joined, SQLite would go through all pupils and ask for their cases.
        known = sa.select(sa.literal_column("1")).select_from(pupils).where(_CASE, found).correlate(cases).exists()
        elsewhere = sa.and_(session.here(cases), sa.not_(sa.and_(*conditions)), known)
        others = sa.select(sa.func.count()).select_from(cases).where(elsewhere)
        total -= session.run(others).scalar_one()
    return total


def _on_register(session: Session, found: sa.ColumnElement[bool] | None = None) -> int:
    """How many pupils meet the condition; without one all that are not erased, those struck off among them."""
    whole = sa.and_(session.here(pupils), pupils.c.erased.is_(False))
    query = sa.select(sa.func.count()).select_from(pupils).where(whole if found is None else found)
    return int(session.run(query).scalar_one())


def _struck(session: Session) -> int:
    return int(session.run(sa.select(sa.func.count()).select_from(struck_off(session).subquery())).scalar_one())


def _finished(session: Session) -> int:
    if session.graduates() == ():
        return 0
    return int(session.run(sa.select(sa.func.count()).select_from(pupils).where(graduated(session))).scalar_one())


def _conditions(
    session: Session, wanted: Wanted, pupil: sa.ColumnElement[str] = pupils.c.id
) -> list[sa.ColumnElement[bool]]:
    silent = Case("")
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.states is not None:
        conditions.append(_or_silent(cases.c.state, wanted.states, silent.state))
    if wanted.ledger is not None:
        conditions.append(_or_silent(cases.c.ledger, (wanted.ledger,), silent.ledger))
    if wanted.without_helper:
        conditions.append(cases.c.helper.is_(None))
    if not wanted.between_schools:
        conditions.append(pupil.not_in(between_schools(session)))
    if wanted.overdue_only:
        today = session.now.date()
        late = sa.select(duties.c.pupil_id).where(
            session.here(duties), duties.c.status == "open", duties.c.due < today, duties.c.pupil_id.is_not(None)
        )
        conditions.append(pupil.in_(late))
    return conditions


def _or_silent(column: sa.Column[Any], values: tuple[str, ...], silent: str) -> sa.ColumnElement[bool]:
    known = column.in_(values)
    return sa.or_(known, column.is_(None)) if silent in values else known


def _rows(session: Session, ids: list[str], plain: bool) -> list[Row]:
    """The lines of these pupils, in the order given."""
    rows = [row for batch in chunks(ids) for row in session.rows(_LINES, ids=batch)]
    names, owed, found = {}, {} if plain else duties_of(session, ids, "open"), {}
    if not plain:
        where = dict.fromkeys(unit for row in rows for unit in (row.class_id, row.village_id) if unit)
        names = {row.id: row.name for batch in chunks(where) for row in session.rows(_NAMES, ids=batch)}
    keys = read_keys(session, [row.id for row in rows if row.reason is not None])
    for row in rows:
        case = case_of(row, keys.get(row.id)) if row.pupil_id is not None else Case(row.id)
        next_duty = next(iter(owed.get(row.id, ())), None)
        room, village = names.get(row.class_id or "", ""), names.get(row.village_id or "", "")
        found[row.id] = Row(pupil_of(row), case, room, village, next_duty)
    return [found[id] for id in ids]


def duties_of(session: Session, ids: Iterable[str], status: str | None) -> dict[str, list[Duty]]:
    """The duties about these pupils, each list the soonest due first."""
    found: dict[str, list[Duty]] = {}
    for batch in chunks(ids):
        for duty in duties_of_pupils(session, batch, status):
            found.setdefault(duty.pupil or "", []).append(duty)
    return found


def standing(session: Session, states: Collection[str]) -> list[str]:
    """The pupils in these states in the whole county, in the order of a page."""
    return [row.id for row in session.rows(_STANDING, states=list(states))]


def between_schools(session: Session) -> list[str]:
    """The pupils whose transfer is open, and children without a class for whom a place was fixed once."""
    leaving = [row.pupil_id for row in session.rows(_LEAVING, pending=Kind.TRANSFER_OUT.value)]
    placed = [row.id for row in session.rows(_PLACED)]
    return list(dict.fromkeys([*leaving, *placed]))


def counts(session: Session, found: sa.ColumnElement[bool] | None, day: dt.date) -> dict[str, int]:
    """See ``Cases.counts``; without a condition of all pupils, for which the projections alone are read."""
    total, struck = _on_register(session, found), _struck(session)
    figures = {"pupils": total} | dict.fromkeys(PUPIL_STATES, 0) | {f"ledger_{name}": 0 for name in LEDGERS}
    by_case = sa.select(cases.c.state, cases.c.ledger, sa.func.count().label("many"))
    by_case = by_case.where(session.here(cases)).group_by(cases.c.state, cases.c.ledger)
    if found is not None:
        by_case = by_case.select_from(pupils.join(cases, _CASE)).where(found)
    silent = total
    for row in session.run(by_case):
        figures[row.state] += row.many
        figures[f"ledger_{row.ledger}"] += row.many
        silent -= row.many
    figures[Case("").state] += silent
    figures[f"ledger_{Case('').ledger}"] += silent
    for key in ("pupils", "left", f"ledger_{Case('').ledger}"):  # where the case of one struck off stands
        figures[key] -= struck if found is None else 0
    if found is None:
        _without_graduates(session, figures)
    return figures | _owed(session, found, day)


def _without_graduates(session: Session, figures: dict[str, int]) -> None:
    """Take those who have finished school out of the figures of everybody."""
    if session.graduates() == ():
        return
    silent = Case("")
    state, ledger = (
        sa.func.coalesce(column, known)
        for column, known in ((cases.c.state, silent.state), (cases.c.ledger, silent.ledger))
    )
    query = sa.select(state.label("state"), ledger.label("ledger"), sa.func.count().label("many"))
    query = query.select_from(pupils.outerjoin(cases, _CASE)).where(graduated(session)).group_by(state, ledger)
    for row in session.run(query):
        for key in ("pupils", row.state, f"ledger_{row.ledger}"):
            figures[key] -= row.many


def _owed(session: Session, found: sa.ColumnElement[bool] | None, day: dt.date) -> dict[str, int]:
    late = sa.func.sum(sa.case((duties.c.due < day, 1), else_=0)).label("overdue")
    query = sa.select(sa.func.count().label("all"), late).where(
        session.here(duties), duties.c.status == "open", duties.c.due <= day, duties.c.pupil_id.is_not(None)
    )
    if found is not None:
        on = sa.and_(duties.c.county_id == pupils.c.county_id, duties.c.pupil_id == pupils.c.id)
        query = query.select_from(duties.join(pupils, on)).where(found)
    row = session.run(query).one()
    overdue = int(row.overdue or 0)
    return {"overdue": overdue, "due": row.all - overdue}
