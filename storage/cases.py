"""The work itself: facts appended, and cases and duties brought up to date in the same transaction."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from casework.case import Case, Duty
from casework.facts import OF_DAYS, Fact, Kind
from casework.people import Pupil
from casework.scope import Scope, World
from storage import factbook, listing, moments, owed, projections, tables
from storage.assessing import Rules, judge_pupils, judge_units, read_units, read_whole
from storage.held import Held
from storage.listing import Row
from storage.people import People
from storage.projections import Change, Writes
from storage.reach import among_all, within
from storage.session import Session, chunks, derived_id
from storage.unheld import hold_at_once, unheld

facts, duties, duty_people = tables.facts, tables.duties, tables.duty_people
log = logging.getLogger(__name__)


class Cases:
    """Facts appended, and the projections of cases and duties kept up to date with them."""

    def __init__(self, session: Session, people: People, rules: Rules, world: Callable[[], World]) -> None:
        self._session = session
        self._people = people
        self._rules = rules
        self._world = world

    # -- writing -------------------------------------------------------------------------------

    def append(self, new: Sequence[Fact]) -> list[Change]:
        """Append facts and judge anew the pupils and units that they touch; returns what changed.

        Raises ``IntegrityError`` when a fact's id is there already, or its pupil or unit is not; on PostgreSQL that may be
        told with the next thing asked, or the commit.
        """
        touched = [*new, *self._voided(new)]
        held = self._held({fact.pupil for fact in touched if fact.pupil})
        units = {fact.unit for fact in touched if fact.unit is not None and fact.pupil is None}
        fields = {"message": self._session.cause, "facts": [fact.id for fact in new]}
        log.info("writing", extra={"fields": fields})  # what follows says whether it was committed
        try:
            return self._append(new, held, units, touched)
        except BaseException:
            self._session.held.clear()  # what was refused is no part of what is known
            raise

    def _append(
        self, new: Sequence[Fact], held: Sequence[Held], units: Collection[str], touched: Sequence[Fact]
    ) -> list[Change]:
        keys = {one.pupil.id: one.registered.key for one in held if one.registered.key is not None}
        for one in held:
            mine = [factbook.as_stored(fact) for fact in new if fact.pupil == one.pupil.id]
            one.facts = sorted([*one.facts, *mine], key=lambda fact: (fact.at, fact.id))
        about = [one.pupil.id for one in held]
        if not units:
            self._world()  # so that nothing is read any more, and all can be written in one go, at best with the commit
            with self._session.in_one_go(wait=False):
                factbook.add(self._session, new, keys)
                return self._judge(about, ())
        factbook.add(self._session, new, keys)
        changed = {fact.unit for fact in touched if fact.kind in OF_DAYS and fact.unit is not None}
        if changed:
            self._people.look_again_under(changed)
        return self._judge(about, units)

    def void(self, fact_ids: Collection[str], by: str, role: str, source: str) -> list[Change]:
        """Take facts back: each pupil's and each unit's by a fact of its own, so that each can be read alone."""
        now = self._session.now
        together: dict[tuple[str | None, str | None], list[str]] = {}
        for fact in factbook.with_ids(self._session, fact_ids):
            subject = (fact.pupil, None if fact.pupil else fact.unit)
            together.setdefault(subject, []).append(fact.id)
        return self.append(
            [
                Fact(derived_id("void", source, now.isoformat(), *ids), Kind.VOID, now.date(), now, by, role, pupil, unit,
                     data={"facts": ids}, source=source)
                for (pupil, unit), ids in together.items()
            ]
        )  # fmt: skip

    def refresh(self, pupils: Collection[str] = (), units: Collection[str] = ()) -> list[Change]:
        """Judge anew because a moment came (12:00, midnight) or the register changed; returns what changed."""
        return self._judge(sorted(set(pupils)), units)

    def hold(self, pupils: Iterable[str]) -> dict[str, Pupil]:
        """Lock pupils about whom something is to be recorded, so that they are read once for all that follows.

        Those with unknown ids are left out.
        """
        return {one.pupil.id: one.pupil for one in self._held(pupils)}

    def hold_at_once(self, pupils: Iterable[str]) -> None:
        """Lock these pupils, thousands perhaps, who will be put or judged; waits for nobody: ``Busy`` while somebody records
        something of one of them."""
        hold_at_once(self._session, pupils)

    def unheld(self, pupils: Iterable[str], units: Iterable[str]) -> tuple[list[str], list[str]]:
        """Those of these pupils and units of whom nobody else records anything now, locked."""
        return unheld(self._session, pupils, units)

    def _held(self, pupils: Iterable[str]) -> list[Held]:
        wanted, held = sorted(set(pupils)), self._session.held
        for batch in chunks([id for id in wanted if id not in held]):
            held.update((one.pupil.id, one) for one in read_whole(self._session, batch, lock=True))
        return [held[id] for id in wanted if id in held]

    def _judge(self, pupils: Sequence[str], units: Collection[str]) -> list[Change]:
        writes, world, now = Writes(), self._world(), self._session.now
        changes: list[Change] = []
        for batch in chunks(pupils):
            changes += judge_pupils(self._rules, world, self._held(batch), lambda was: now, writes)
        if units:
            concerned = read_units(self._session, units, lock=True)
            changes += judge_units(self._session, self._rules, world, concerned, lambda was: now, writes)
        projections.write(self._session, writes)
        return changes

    def _voided(self, new: Sequence[Fact]) -> list[Fact]:
        ids = [id for fact in new if fact.kind is Kind.VOID for id in fact.data["facts"]]
        return factbook.with_ids(self._session, ids) if ids else []

    # -- moments -------------------------------------------------------------------------------

    def waking(self, limit: int) -> tuple[list[str], list[str]]:
        """Ids of pupils and of units that are to be judged anew now, the longest due first, at most ``limit`` each."""
        return moments.waking(self._session, limit)

    def next_wake(self) -> dt.datetime | None:
        """The next moment at which something changes by itself; now, when something is to be judged at once."""
        return moments.next_wake(self._session)

    # -- facts ---------------------------------------------------------------------------------

    def facts(self, pupil: str) -> list[Fact]:
        """All that was recorded about a pupil, in the order in which it was, voided facts and voids included."""
        if pupil in self._session.held:
            return list(self._session.held[pupil].facts)
        return factbook.of_pupils(self._session, [pupil]).get(pupil, [])

    def facts_of(self, pupils: Iterable[str]) -> dict[str, list[Fact]]:
        """The same for many pupils."""
        return factbook.of_pupils(self._session, pupils)

    def unit_facts(self, unit: str, kinds: Iterable[str] | None = None, since: dt.date | None = None) -> list[Fact]:
        """What was recorded about a unit itself, of some kinds, about days from ``since`` on."""
        conditions: list[sa.ColumnElement[bool]] = (
            [] if kinds is None else [facts.c.kind.in_([str(kind) for kind in kinds])]
        )
        if since is not None:
            conditions.append(facts.c.day >= since)
        return factbook.of_units(self._session, [unit], *conditions).get(unit, [])

    def facts_between(
        self,
        start: dt.date,
        end: dt.date,
        kinds: Iterable[str] | None = None,
        rule: str | None = None,
        scope: Scope | None = None,
    ) -> list[Fact]:
        """All facts about the days from ``start`` to ``end``: for reports; those of one rule where it is named, of the
        pupils of a scope where one is given (what is rare is found among a school's pupils, not in a county's year)."""
        conditions: list[sa.ColumnElement[bool]] = []
        if rule is not None:
            conditions.append(facts.c.data["rule"].as_string() == rule)
        if scope is not None and not scope.everything:
            covered = sa.select(tables.pupils.c.id).where(within(self._session, scope))
            conditions.append(among_all(self._session, facts.c.pupil_id, covered))
        return factbook.between(self._session, start, end, kinds, *conditions)

    def left_school(self, school: str) -> list[Fact]:
        """The 转出 of pupils whom a roster or a new year moved from this school to another one, oldest first."""
        return factbook.matching(self._session, facts.c.unit_id == school, facts.c.kind == Kind.TRANSFER_OUT.value)

    def fact(self, id: str) -> Fact | None:
        return next(iter(factbook.with_ids(self._session, [id])), None)

    def facts_of_source(self, source: str) -> list[Fact]:
        """What one message recorded."""
        return factbook.matching(self._session, facts.c.source == source)

    def recent_by(self, person: str, since: dt.datetime) -> list[Fact]:
        """What a person recorded since then, oldest first."""
        return factbook.matching(self._session, facts.c.person == person, facts.c.at >= since)

    # -- cases, duties and lists of them -------------------------------------------------------

    def case(self, pupil: str) -> Case:
        """Where a pupil stands; in school when nothing was ever recorded."""
        held = self._session.held.get(pupil)
        return held.case if held is not None else self.cases([pupil])[pupil]

    def cases(self, ids: Iterable[str]) -> dict[str, Case]:
        """Where each of these pupils stands."""
        wanted, held = list(ids), self._session.held
        asked = [id for id in wanted if id not in held]
        found = projections.cases_of(self._session, asked)
        return {id: held[id].case if id in held else found.get(id) or Case(id) for id in wanted}

    def duties(self, pupil: str | None = None, unit: str | None = None, status: str | None = "open") -> list[Duty]:
        """The duties about a pupil or a unit, the soonest due first; with status None those done and lapsed too."""
        if pupil in self._session.held and unit is None:
            stands = self._session.held[pupil].stands
            known = stands.duties.values() if stands is not None else ()
            return sorted((d for d in known if status in (None, d.status)), key=lambda d: (d.due, d.id))
        if pupil is not None and unit is None:
            return owed.duties_of_pupils(self._session, [pupil], status)
        conditions: list[sa.ColumnElement[bool]] = [] if status is None else [duties.c.status == status]
        if pupil is not None:
            conditions.append(duties.c.pupil_id == pupil)
        if unit is not None:
            conditions.append(duties.c.unit_id == unit)
        return owed.read_duties(self._session, *conditions)

    def marks(self) -> dict[str, tuple[Any, ...]]:
        """How each duty stands, in short, by id: whoever kept an earlier answer sees which have changed since."""
        return owed.marks_of_duties(self._session)

    def duties_with_ids(self, ids: Iterable[str]) -> list[Duty]:
        """These duties, whatever became of them."""
        return [duty for batch in chunks(ids) for duty in owed.duties_with_ids(self._session, batch)]

    def duties_of(self, pupils: Iterable[str], status: str | None = "open") -> dict[str, list[Duty]]:
        """The duties about many pupils, each list the soonest due first."""
        return listing.duties_of(self._session, pupils, status)

    def duty(self, id: str) -> Duty | None:
        return next(iter(owed.read_duties(self._session, duties.c.id == id)), None)

    def todo(self, person: str) -> list[Duty]:
        """The open duties that a person has, the soonest due first."""
        theirs = sa.select(duty_people.c.duty_id).where(self._session.here(duty_people), duty_people.c.person == person)
        return owed.read_duties(self._session, duties.c.id.in_(theirs), duties.c.status == "open")

    def due(self, day_from: dt.date, day_to: dt.date, status: str = "open") -> Iterator[Duty]:
        """Duties due from one day to another, both included, in order of due day, read in pieces."""
        return owed.duties_due(self._session, day_from, day_to, status)

    def owed_under(self, rules: Collection[str]) -> list[Duty]:
        """The open duties of some rules, the soonest due first."""
        return owed.read_duties(self._session, duties.c.status == "open", duties.c.rule.in_(list(rules)))

    def moved(self, known: Iterable[Duty]) -> set[str]:
        """The ids of those duties that do not stand any more as known; the others stand until this transaction ends."""
        return owed.moved(self._session, known)

    def untold(self, day: dt.date, step: str) -> list[Duty]:
        """Open duties due on that day of which nobody has been told at that step."""
        return owed.duties_untold(self._session, day, step)

    def listing(
        self,
        scope: Scope, states: Iterable[str] | None = None, ledger: str | None = None, place: str | None = None,
        group: str | Mapping[str, Scope] | None = None, overdue_only: bool = False, text: str | None = None, limit: int = 50,
        offset: int = 0, without_helper: bool = False, between_schools: bool = True, plain: bool = False,
    ) -> tuple[list[Row], int]:  # fmt: skip
        """A page of pupils with their cases and next duties, within a scope, the longest absent first, and how many there
        are in all. ``place``, ``group`` and ``text``: see ``People.in_scope``; the rest is of ``listing.Wanted``."""
        found = self._people.matching(scope, place, group, text)
        wanted = listing.Wanted(
            None if states is None else tuple(states), ledger, overdue_only, without_helper, between_schools, plain
        )
        whole = scope.everything and not (place or group or text)
        return listing.page(self._session, found, wanted, limit, offset, whole)

    def among(self, scope: Scope, states: Collection[str]) -> list[tuple[Pupil, str]]:
        """All pupils of a scope who are in one of these states, each with it, the longest absent first; no state of those
        without a record (``in_school``) may be asked for."""
        return listing.among(self._session, self._people.matching(scope, None, None, None), states)

    def standing(self, states: Collection[str]) -> list[str]:
        """The pupils of the whole county in these states, the longest absent first."""
        return listing.standing(self._session, states)

    def between_schools(self) -> list[str]:
        """The pupils of whom a school may have been asked and has not answered: the few among whom to look."""
        return listing.between_schools(self._session)

    def counts(self, scope: Scope, day: dt.date, place: str | None = None, group: str | None = None) -> dict[str, int]:
        """How many ``pupils`` a scope holds, how many in each state, in each ledger (``ledger_dropout`` …), and how
        many open duties about them are ``due`` on that day and ``overdue`` on it."""
        everyone = scope.everything and not place and not group
        found = None if everyone else self._people.matching(scope, place, group, None)
        return listing.counts(self._session, found, day)
