"""One sweep: what time alone has changed is judged anew, what is to be said is queued. Idempotent by unique keys.

Any number of processes may sweep: what a moment asks for once (the digests of a day, its escalations) is
noted in the same transaction, and every message has a key of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from casework.calendar import DAY, NOON, span
from casework.case import Duty
from casework.facts import Kind
from casework.people import Unit
from casework.rolls import answered
from casework.rungs import DONE
from casework.scope import Scope
from casework.timeline import standing
from reminders import circle, firstdays, hours, overdue, rollcall, vacancies, waiting
from reminders.board import Board
from reminders.digest import NEWS, compose
from reminders.message import Message, Note
from reminders.plan import GATHER, LATE, due_step, gathered, known, morning, news
from reminders.ports import Change, Store, Work

BATCH = 500
"""Cases or units judged anew in one transaction, so that none is long."""
HORIZON = DAY * 45
"""How far ahead the morning looks: no duty is announced earlier than its month."""
REPLY = "reply"
"""The key under which it is noted that a reply told the writer, no message of ours."""
ONCE = "once"
"""The subject under which it is noted that something was done for a whole day."""
SILENT_UNTIL = dt.time(16)
"""Until when the school is told of classes without an answer."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: what changed by itself, what was queued, what became overdue at this midnight, and when
    something can happen next."""

    at: dt.datetime
    changes: tuple[Change, ...]
    queued: tuple[Message, ...]
    overdue: tuple[Duty, ...]
    wake: dt.datetime


def sweep(store: Store, now: dt.datetime) -> Swept:
    """Bring everything up to ``now`` and queue what is to be said at this minute."""
    changes: list[Change] = []
    seen: set[str] = set()
    while True:
        with store.begin(now, long=True) as work:  # the digests of a county
            pupils, units = work.cases.waking(BATCH)
            if pupils or units:
                changes += work.cases.refresh(pupils, units)
            fresh = {*pupils, *units} - seen
            seen |= fresh
            # What stays awake although it was judged would be judged for ever.
            if fresh and max(len(pupils), len(units)) == BATCH:
                continue
            queued, later = speak(work, changes)
            return Swept(now, tuple(changes), tuple(queued), _turned_overdue(work), _wake(work, later))


def speak(work: Work, changes: Iterable[Change]) -> tuple[list[Message], dt.datetime | None]:
    """Queue all that is to be said now, and say when what is being gathered will be; ``changes`` came about by themselves,
    so nobody got a reply."""
    if work.now.time() < hours.DIGEST or not hours.in_hours(work.now):
        return [], None
    fresh = frozenset(c.duty.id for c in changes if c.kind == "duty" and c.duty is not None)
    due, later = _digests(work, fresh)
    made, later_made = _fulfilled(work)
    messages = [*due, *_escalations(work), *made, *_roll_call(work)]
    if messages:
        work.outbox.queue_all(messages)
        work.outbox.said_all((n.duty, n.step, n.person, m.key) for m in messages for n in m.notes)
    return messages, min(filter(None, (later, later_made)), default=None)


def _first(work: Work, what: str) -> bool:
    """Whether this is done for the first time today, by any process."""
    return work.outbox.said(ONCE, f"{what}:{work.now.date()}", "", what)


def _digests(work: Work, fresh: frozenset[str]) -> tuple[list[Message], dt.datetime | None]:
    today = work.now.date()
    if _first(work, "digest"):
        written = work.cases.facts_between(today - DAY * 7, today)
        writers = frozenset((f.by, f.pupil) for f in written if f.pupil is not None and f.at.date() == today)
        board = _board(work, work.cases.due(dt.date.min, today + HORIZON), writers, fresh)
        missing = waiting.unproven(work) if board.opens_week else ()
        board = replace(board, waiting=waiting.by_person(waiting.gather(work), work.world, today, missing))
        return [*compose(morning(board), board), *_vacancies(work, board)], None
    duties = _untold(work, today)
    if not duties:
        return [], None
    board = _board(work, duties, None, fresh)
    work.outbox.said_all((n.duty, n.step, n.person, REPLY) for n in known(board))
    told, later = gathered(found := news(board), _told_lately(work, [p for p, _ in found], NEWS), board)
    return compose(told, board, NEWS), later


def _vacancies(work: Work, board: Board) -> list[Message]:
    """The posts in which nobody stands, to the administrator, each once a school year."""
    gaps = vacancies.vacant(board, (room.id for room in _meeting(work)))
    subjects = dict.fromkeys(vacancies.subject(gap, board) for gap in gaps)
    return vacancies.tell(gaps, work.outbox.noted(subjects, LATE), board)


def _told_lately(work: Work, people: Iterable[str], kind: str) -> dict[str, dt.datetime]:
    """Who of these was sent a message of a kind (its key's beginning) a short while ago, and since when."""
    since = work.now - GATHER
    sent = {p: [m.not_before for m in work.outbox.sent_to(p, since) if m.key.startswith(kind)] for p in people}
    return {person: min(times) for person, times in sent.items() if times}


def _untold(work: Work, today: dt.date) -> list[Duty]:
    """Duties to be spoken of today that nobody has heard of, and those whose reminder was put off until now."""
    last = hours.next_workday(today, work.world.calendar.county) - DAY
    untold = [d for day in span(today, last) for d in work.cases.untold(day, due_step(day))]
    woke = {pupil for (_, pupil), until in work.outbox.snoozed(_midnight(today)).items() if until <= work.now}
    again = [d for pupil in sorted(woke) for d in work.cases.duties(pupil=pupil) if d.due <= today]
    return list({d.id: d for d in (*untold, *again)}.values())


def _board(
    work: Work, duties: Iterable[Duty], writers: frozenset[tuple[str, str]] | None, fresh: frozenset[str]
) -> Board:
    listed = tuple(duties)
    pupils = list(dict.fromkeys(d.pupil for d in listed if d.pupil is not None))
    if writers is None:
        today = work.now.date()
        facts = work.cases.facts_of(pupils)
        writers = frozenset((f.by, pupil) for pupil, many in facts.items() for f in many if f.at.date() == today)
    return Board(
        now=work.now,
        world=work.world,
        duties=listed,
        pupils=work.people.pupils(pupils),
        cases=work.cases.cases(pupils),
        name_of=_names(work),
        said={Note(*note): at for note, at in work.outbox.noted((d.id for d in listed), LATE).items()},
        snoozed=work.outbox.snoozed(_midnight(work.now.date())),
        writers=writers,
        fresh=fresh,
    )


def _names(work: Work) -> Callable[[str], str]:
    @cache
    def name_of(person: str) -> str:
        known = work.people.person(person)
        return known.name if known else person

    return name_of


def _escalations(work: Work) -> list[Message]:
    today = work.now.date()
    if (
        work.now.time() < hours.ESCALATION
        or not hours.is_workday(today, work.world.calendar.county)
        or not _first(work, "overdue")
    ):
        return []
    board = _board(work, work.cases.due(dt.date.min, today - DAY), frozenset(), frozenset())
    return overdue.escalations(board)


def _fulfilled(work: Work) -> tuple[list[Message], dt.datetime | None]:
    """Reports that were made since the workday before, to those who are to know of them, and when what waits is told."""
    today = work.now.date()
    since = hours.speaking_day(today - DAY, work.world.calendar.county)
    done = work.cases.facts_between(since, today, [Kind.DONE])
    made = {f.id: f for f in done if f.data.get("rule") in circle.TOLD_WHEN_DONE and f.pupil is not None}
    if not made:
        return [], None
    pupils = sorted({f.pupil for f in made.values() if f.pupil is not None})
    duties = [d for pupil in pupils for d in work.cases.duties(pupil=pupil, status="done") if d.by in made]
    board = _board(work, duties, frozenset(), frozenset())
    people = {p for d in duties for p in circle.told_when_done(d, board.pupil_of(d), board.world, today)}
    by = {d.id: made[d.by].by for d in duties if d.by is not None}
    return overdue.fulfilled(board, duties, by, _told_lately(work, sorted(people), f"{DONE}:"))


def _roll_call(work: Work) -> list[Message]:
    now = work.now
    asking = hours.ROLL_CALL <= now.time() < NOON and _first(work, "roll")
    telling = hours.ROLL_REPORT <= now.time() < SILENT_UNTIL and _first(work, "silent")
    if not asking and not telling:
        return []
    rooms, name_of = class_days(work), _names(work)
    told = rollcall.ask(_with_aware(work, rooms), now, name_of) if asking else []
    return [*told, *(rollcall.silent(_with_away(work, rooms), now, name_of) if telling else ())]


def _with_away(work: Work, rooms: Sequence[rollcall.ClassDay]) -> list[rollcall.ClassDay]:
    """The classes with who is missing the first or second day."""
    away = firstdays.by_class(work, standing(work.cases.facts_between(work.now.date(), work.now.date())))
    return [replace(room, away=away.get(room.id, ())) for room in rooms]


def _with_aware(work: Work, rooms: Sequence[rollcall.ClassDay]) -> list[rollcall.ClassDay]:
    """The classes with who knows of the pupils that are asked about."""
    pupils = [pupil.id for room in rooms for pupil, _ in rollcall.asked_about(room)]
    owed = {duty.id: pupil for pupil, mine in work.cases.duties_of(pupils).items() for duty in mine}
    aware: dict[str, dict[str, None]] = {}
    noted = work.outbox.noted(owed, LATE)
    for duty, _, person in sorted(
        noted, key=lambda one: (noted[one], one[2])
    ):  # what was said at one moment has no order
        aware.setdefault(owed[duty], {})[person] = None
    return [replace(room, aware={p.id: tuple(aware.get(p.id, ())) for p, _ in room.absent}) for room in rooms]


def _meeting(work: Work) -> list[Unit]:
    """The classes that have school today."""
    today, world = work.now.date(), work.world
    return [u for u in world.directory.units.values() if u.meets and hours.is_school_day(today, world.days_of(u.id))]


def _with_somebody(work: Work, rooms: Sequence[Unit]) -> list[Unit]:
    """Without the classes whose pupils have moved on, and their teacher with them: there is nobody to call."""
    held = {u.id for u in rooms if work.world.directory.holders("teacher", u.id, work.now.date())}
    filled = work.tallies.by_class(Scope(everything=True)) if len(held) < len(rooms) else held
    return [u for u in rooms if u.id in held or u.id in filled]


def class_days(work: Work) -> list[rollcall.ClassDay]:
    """The classes that have school today, and what was said of each."""
    today, directory = work.now.date(), work.world.directory
    rooms = _with_somebody(work, _meeting(work))
    if not rooms:
        return []
    told = standing(work.cases.facts_between(today, today))
    spoken = {f.pupil or f.unit for f in told}
    reported = answered(told, work.people.pupils(id for id in spoken if id is not None))
    absent: dict[str | None, list[rollcall.Absent]] = {}
    away = [id for id in work.cases.standing(rollcall.ASKED_STATES) if id not in spoken]
    pupils, cases = work.people.pupils(away), work.cases.cases(away)
    for id in away:
        absent.setdefault(pupils[id].class_id, []).append((pupils[id], cases[id]))
    schools = {u.id: directory.at_level(u.id, "school") for u in rooms}
    return [
        rollcall.ClassDay(
            id=u.id,
            name=u.name,
            school=schools[u.id] or "",
            teachers=directory.holders("teacher", u.id, today),
            officers=directory.in_charge("school", schools[u.id] or u.id, today),
            reported=u.id in reported,
            absent=tuple(absent.get(u.id, ())),
        )
        for u in rooms
    ]


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


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())
