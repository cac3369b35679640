"""Cases and duties made anew from the facts, or only compared: they must come out as they stand."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from storage import projections
from storage.assessing import (
    all_to_judge,
    judge_pupils,
    judge_units,
    read_units,
    read_whole,
)
from storage.columns import LONG_AGO
from storage.held import Subject
from storage.projections import Writes
from storage.session import chunks
from storage.store import Store, Work

Progress = Callable[[int], None]
BATCH = 1000
_MOMENT = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Difference:
    """A pupil or unit whose case or duties stand otherwise than the facts say; ``what`` names what differs."""

    subject: str
    what: str


def rebuild(store: Store, now: dt.datetime, check: bool = False, progress: Progress | None = None) -> list[Difference]:
    """Judge all pupils and units anew; returns what stood otherwise. With ``check`` nothing is written.

    A check judges each subject as of its last wake that has passed, since what is not yet swept is no
    difference; and leaves out those whose register has changed and which the next sweep judges anyway.
    ``progress`` is told how many subjects are done. Raises ``Unavailable``.
    """
    moment = _as_it_stands(now) if check else _now(now)
    opened = store.look if check else store.begin
    found: list[Difference] = []
    done = 0
    for size, differences in _in_batches(store, now, opened, moment, check):
        found += differences
        done += size
        if progress is not None:
            progress(done)
    return found


At = Callable[[Subject | None], dt.datetime | None]


def _now(now: dt.datetime) -> At:
    return lambda was: now


def _as_it_stands(now: dt.datetime) -> At:
    def moment(was: Subject | None) -> dt.datetime | None:
        if was is None or was.wake is None:
            return now
        return None if was.wake <= LONG_AGO else min(now, was.wake - _MOMENT)

    return moment


Opened = Callable[[dt.datetime], AbstractContextManager[Work]]


def _in_batches(
    store: Store, now: dt.datetime, opened: Opened, moment: At, check: bool
) -> Iterator[tuple[int, list[Difference]]]:
    """Each batch in a transaction of its own, so that the chat goes on meanwhile."""
    with store.look(now) as work:
        pupils = [id for ids in all_to_judge(work.session, 20_000) for id in ids]
        units = [unit.id for unit in work.people.units()]
    for batch, work in _free(pupils, opened, now, check, lambda work, batch: work.cases.unheld(batch, ())[0]):
        many = read_whole(work.session, batch, lock=not check)
        writes = Writes()
        judge_pupils(store.rules, work.world, many, moment, writes)
        yield len(batch), _differences(writes)
        if not check:
            projections.write(work.session, writes)
    for batch, work in _free(units, opened, now, check, lambda work, batch: work.cases.unheld((), batch)[1]):
        writes = Writes()
        many_units = read_units(work.session, batch, lock=not check)
        judge_units(work.session, store.rules, work.world, many_units, moment, writes)
        yield len(batch), _differences(writes)
        if not check:
            projections.write(work.session, writes)


def _free(
    ids: Sequence[str], opened: Opened, now: dt.datetime, check: bool, unheld: Callable[[Work, list[str]], list[str]]
) -> Iterator[tuple[list[str], Work]]:
    """These in batches, each with a transaction; those of whom somebody records something come alone at the end, so that
    nobody waits for the others meanwhile."""
    waiting = deque(chunks(ids, BATCH))
    while waiting:
        batch = waiting.popleft()
        with opened(now) as work:
            free = batch if check or len(batch) == 1 else unheld(work, batch)
            left = set(batch) - set(free)
            waiting.extend([id] for id in batch if id in left)
            yield free, work


def _differences(writes: Writes) -> list[Difference]:
    cases = [Difference(f"pupil:{line[0]}", "case") for line in (*writes.new_cases, *writes.cases)]
    gone = [Difference(f"pupil:{id}", "case") for id in writes.gone_cases]
    units = [Difference(f"unit:{row['unit_id']}", "wake") for row in writes.wakes]
    units += [Difference(f"unit:{id}", "wake") for id in writes.gone_wakes]
    # Casework forgets what was closed long ago; that it is still on record here is no difference.
    extra = (duty for duty in writes.gone_duties if duty.status == "open")
    duties = [
        Difference(f"{duty.subject[0]}:{duty.subject[1]}", f"duty {duty.id}")
        for duty in (*writes.new_duties, *writes.duties, *extra)
    ]
    return [*cases, *gone, *units, *duties]
