"""The lines of ledgers, filled from the store within the reach of whoever asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from bot.papers.past_absence import with_absence
from bot.papers.records import Told, pupil_record, with_course
from bot.papers.stays import moved_away, stays
from casework.case import AWAY, Case
from casework.facts import Kind
from casework.people import Pupil
from casework.story import reach
from casework.timeline import standing
from handlers.desk import Desk
from handlers.places import schools_in
from reports.inputs import Entry
from storage.store import Work

BATCH = 2000


def entries(
    work: Work, desk: Desk, silent: bool, place: str | None = None, group: str | None = None, here: bool = False
) -> Iterator[Entry]:
    """Lines for a ledger within the reach of whoever asks; ``silent``: also pupils about whom nothing was ever recorded.

    ``here``: of what was recorded only that of the time at the present school.
    """
    for pupils in _within(work, desk, silent, place, group):
        yield from _lines(work, desk, pupils, here)


def entries_with(work: Work, desk: Desk, kinds: Collection[Kind], here: bool = False) -> Iterator[Entry]:
    """Lines for a register of certain records: of the pupils within reach alone of whom one was ever written."""
    told = work.cases.facts_between(dt.date.min, work.now.date(), [kind.value for kind in kinds])
    known = work.people.pupils({f.pupil for f in told if f.pupil})
    pupils = [p for p in known.values() if not p.struck and desk.scope.covers(p)]
    for start in range(0, len(pupils), BATCH):
        yield from _lines(work, desk, pupils[start : start + BATCH], here)


def _within(work: Work, desk: Desk, silent: bool, place: str | None, group: str | None) -> Iterator[list[Pupil]]:
    scope, offset = desk.scope_of_group(group), 0
    while True:
        if silent:
            pupils, total = work.people.in_scope(scope, place=place, group=group, limit=BATCH, offset=offset)
        else:
            states = (*AWAY, "observed", "on_leave", "left", "home_taught")
            rows, total = work.cases.listing(scope, states=states, place=place, group=group, limit=BATCH, offset=offset)
            pupils = [row.pupil for row in rows]
        yield pupils
        offset += BATCH
        if offset >= total:
            return


def _lines(work: Work, desk: Desk, pupils: Sequence[Pupil], here: bool) -> Iterator[Entry]:
    ids = [p.id for p in pupils]
    details, cases, facts = work.people.details_of(ids), work.cases.cases(ids), work.cases.facts_of(ids)
    told = Told(work, [f for many in facts.values() for f in many])
    for pupil in pupils:
        case = desk.counted(pupil, cases.get(pupil.id, Case(pupil.id)))
        reader = desk.reader_of(pupil)
        kept = facts.get(pupil.id, [])
        if here and kept:
            kept = next((list(stay.facts) for stay in stays(work, pupil, standing(kept)) if not stay.over), [])
        # A register holds what is in force: what is only asked for is on the way.
        heard = [f for f in kept if reader.hears(f) and not (here and f.data.get("pending"))]
        record = pupil_record(work, pupil, reader, details.get(pupil.id, {}), case.helper)
        case = with_absence(work, pupil, case, heard)
        events = told.events(heard)
        record = replace(record, owner=record.helper or told.teachers(pupil)) if _is_followed(case) else record
        yield Entry(with_course(record, heard, events), case, events, _listed(work, pupil, case))


def _is_followed(case: Case) -> bool:
    return case.state in AWAY or case.ledger != "age"


def _listed(work: Work, pupil: Pupil, case: Case) -> dt.date | None:
    """Since when an absence stands on the ledger of suspected dropouts."""
    if case.since is None or not _is_followed(case):
        return None
    reached = reach(work.world.policy, "suspected_review", case.since, work.world.days_of(pupil.class_id))
    return reached[0] if reached and reached[0] <= work.now.date() else None


KEPT_OF_LEAVERS = ("sex", "born", "id_number", "student_number")
"""What a school's register keeps of a pupil whom it lost: it wrote this itself, and no move to another school changes it.
Where the pupil lives now and whom to call is the next school's to know."""


def departed(work: Work, desk: Desk) -> Iterator[Entry]:
    """Lines for the times that are over: of the pupils whom the schools within reach have lost, told up to that day."""
    schools = {school.id for school in schools_in(work.world.directory, desk.scope)}
    gone = moved_away(work, schools)
    facts, details = work.cases.facts_of(gone), work.people.details_of(gone)
    told = Told(work, [f for many in facts.values() for f in many])
    for id, pupil in gone.items():
        kept_of = {name: words for name, words in details.get(id, {}).items() if name in KEPT_OF_LEAVERS}
        for stay in stays(work, pupil, standing(facts[id])):
            if stay.over and stay.school in schools and desk.scope.covers(stay.pupil):
                reader = desk.reader_of(stay.pupil)
                heard = [
                    f for f in stay.facts if reader.hears(f) and not f.data.get("pending")
                ]  # asked for, then given
                yield Entry(pupil_record(work, stay.pupil, reader, kept_of), Case(id, "left"), told.events(heard))
