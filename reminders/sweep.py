"""One sweep: what time alone has changed is judged anew, what is to be said is queued. Idempotent by unique keys.

Any number of processes may sweep, and each may be killed at any moment. A sweep thinks while others write, and writes in
pieces, each a short transaction: a piece takes only what still stands as it was thought, and only what nobody else has said;
the rest is thought out again. What a day asks for once is noted when all of it stands; until then the next sweep goes on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from casework.calendar import DAY
from casework.case import Duty
from reminders import hours
from reminders.message import Message
from reminders.occasions import NOTHING, ONCE, Occasion, arisen, daily, occasion
from reminders.parts import PIECE, Part, pieces
from reminders.ports import Change, Store, Work

BATCH = 200
"""Cases or units judged anew in one transaction: a message waits for one such at most."""
TRIES = 5
"""How often a sweep thinks again because others wrote in between; what is left then, the next one says."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: what changed by itself, what was queued, what became overdue at this midnight, and when
    something can happen next."""

    at: dt.datetime
    changes: tuple[Change, ...]
    queued: tuple[Message, ...]
    overdue: tuple[Duty, ...]
    wake: dt.datetime


class _Overtaken(Exception):
    """Somebody else has said, in the meantime, what was about to be said."""


def sweep(store: Store, now: dt.datetime) -> Swept:
    """Bring everything up to ``now`` and queue what is to be said at this minute."""
    changes: list[Change] = []
    queued: list[Message] = []
    seen: set[str] = set()
    tries, found = 0, NOTHING
    while True:
        with store.look(now, long=True) as work:  # the digests of a county
            # What stays awake although it was judged would be judged for ever.
            awake = {id for ids in work.cases.waking(BATCH) for id in ids} - seen
            if not awake and tries < TRIES:
                found = occasion(work)
            if not awake and (tries == TRIES or not (found.parts or found.once)):
                return Swept(now, tuple(changes), tuple(queued), _turned_overdue(work), _wake(work, found.later))
        if awake:
            changes += _judged(store, now, seen)
        else:
            said, whole = _say(store, now, found)
            queued += said
            tries = TRIES if whole else tries + 1


def _judged(store: Store, now: dt.datetime, seen: set[str]) -> Sequence[Change]:
    with store.begin(now) as work:
        pupils, units = ([id for id in ids if id not in seen] for ids in work.cases.waking(BATCH))
        free_pupils, free_units = work.cases.unheld(pupils, units)
        if not (free_pupils or free_units):  # wait for one alone, so that nobody waits for this while it waits
            free_pupils, free_units = pupils[:1], [] if pupils else units[:1]
        seen.update(free_pupils, free_units)
        changes = work.cases.refresh(free_pupils, free_units)
        work.outbox.said_all(arisen(work, changes))
        return changes


def _say(store: Store, now: dt.datetime, found: Occasion) -> tuple[list[Message], bool]:
    """Write it piece by piece; returns what was queued, and whether that is all."""
    queued: list[Message] = []
    left_out = 0
    many = list(pieces(found.parts, PIECE)) or [[]]
    for n, piece in enumerate(many, 1):
        try:
            with store.begin(now) as work:
                standing = _still_standing(work, piece)
                messages = _write(work, standing)
                left_out += len(piece) - len(standing)
                if n == len(many) and not left_out:
                    work.outbox.said_all((ONCE, daily(now, what), "", what) for what in found.once)
        except _Overtaken:
            return queued, False
        queued += messages
    return queued, not left_out


def _still_standing(work: Work, piece: Sequence[Part]) -> list[Part]:
    """The parts whose duties stand as they did when these were thought out."""
    moved = work.cases.moved({duty.id: duty for part in piece for duty in part.duties}.values())
    return [part for part in piece if not any(duty.id in moved for duty in part.duties)] if moved else list(piece)


def _write(work: Work, parts: Sequence[Part]) -> list[Message]:
    messages = [message for part in parts for message in part.messages]
    work.outbox.queue_all(messages)
    # In their order, so that two who write the same wait for one another and not each for the other.
    notes = sorted(note for part in parts for note in part.notes)
    if work.outbox.said_all(notes) < len(notes):
        raise _Overtaken
    return messages


def _turned_overdue(work: Work) -> tuple[Duty, ...]:
    """At midnight: the duties whose last day has just passed."""
    if work.now.time() != dt.time():
        return ()
    yesterday = work.now.date() - DAY
    return tuple(work.cases.due(yesterday, yesterday))


def _wake(work: Work, later: dt.datetime | None) -> dt.datetime:
    """The next moment at which something can happen: a case changes, the day has its hour, a message or snooze is due, or
    what is gathered is told (``later``)."""
    moments = [work.cases.next_wake(), work.outbox.next_hour(), later, *work.outbox.snoozed(work.now).values()]
    ahead = [moment for moment in moments if moment is not None and moment > work.now]
    return min([hours.next_bell(work.now), *ahead])
