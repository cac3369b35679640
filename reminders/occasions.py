"""What a minute asks to be said: read in one look at the records, thought out without holding anything, written by ``sweep``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from casework.calendar import DAY, NOON, span
from casework.case import Duty
from casework.facts import Fact, Kind
from casework.rungs import DONE
from reminders import circle, hours, overdue, vacancies, waiting
from reminders.board import Board
from reminders.classdays import meeting, roll_call
from reminders.digest import NEWS, compose
from reminders.lazily import Lazily
from reminders.message import Message, Note
from reminders.parts import Part, part_of, together
from reminders.plan import GATHER, LATE, due_step, gathered, known, morning, news
from reminders.ports import Change, Work

HORIZON = DAY * 45
"""How far ahead the morning looks: no duty is announced earlier than its month."""
REPLY = "reply"
"""The key under which it is noted that a reply told the writer, no message of ours."""
ONCE = "once"
"""The subject under which it is noted what was done for a whole day, and what it was done for so far."""
DIGEST, TOLD, AROSE, OVERDUE, ROLL, SILENT = "digest", "digested", "arose", "overdue", "roll", "silent"
SILENT_UNTIL = dt.time(16)
"""Until when the school is told of classes without an answer."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """All that is to be said at a minute. ``once``: what is done for today when all of it stands; ``later``: when what is
    being gathered is told."""

    parts: tuple[Part, ...] = ()
    once: tuple[str, ...] = ()
    later: dt.datetime | None = None


NOTHING = Occasion()


def occasion(work: Work) -> Occasion:
    """What is to be said now."""
    if work.now.time() < hours.DIGEST or not hours.in_hours(work.now):
        return NOTHING
    done = work.outbox.noted_once(ONCE, [daily(work.now, what) for what in (DIGEST, OVERDUE, ROLL, SILENT)])
    todo = [what for what in _bells(work) if daily(work.now, what) not in done]
    parts, later = _morning(work) if DIGEST in todo else _news(work)
    parts += _escalations(work) if OVERDUE in todo else []
    made, later_made = _fulfilled(work)
    calls = roll_call(work, ROLL in todo, SILENT in todo, _names(work))
    parts += [*made, *(Part((message,)) for message in calls)]
    return Occasion(tuple(parts), tuple(todo), min(filter(None, (later, later_made)), default=None))


def daily(now: dt.datetime, what: str) -> str:
    """The step under which it is noted for a day."""
    return f"{what}:{now.date()}"


def arisen(work: Work, changes: Iterable[Change]) -> list[tuple[str, str, str, str]]:
    """Notes of the duties that just arose by themselves and are to be told today although somebody wrote of the pupil today:
    nobody got a reply about them. They are written with the duties, for a sweep may be killed before it tells them."""
    today, days = work.now.date(), work.world.calendar.county
    speaks_of = cache(lambda due: hours.speaking_day(due, days))
    wrote = cache(lambda pupil: any(fact.at.date() == today for fact in work.cases.facts(pupil)))
    step = daily(work.now, AROSE)
    return [
        (ONCE, step, change.duty.id, AROSE)
        for change in changes
        if change.kind == "duty" and change.duty is not None and change.duty.pupil is not None
        if change.duty.due >= today and (change.duty.due == today or speaks_of(change.duty.due) == today)
        if wrote(change.duty.pupil)
    ]


def _bells(work: Work) -> list[str]:
    """What is done once a day and has its hour now."""
    time, today = work.now.time(), work.now.date()
    rung = [DIGEST]
    if time >= hours.ESCALATION and hours.is_workday(today, work.world.calendar.county):
        rung.append(OVERDUE)
    if hours.ROLL_CALL <= time < NOON:
        rung.append(ROLL)
    if hours.ROLL_REPORT <= time < SILENT_UNTIL:
        rung.append(SILENT)
    return rung


def _morning(work: Work) -> tuple[list[Part], dt.datetime | None]:
    """The digests, each a part of its own, to all who did not get theirs yet."""
    today = work.now.date()
    step = daily(work.now, TOLD)
    told = work.outbox.noted_once(ONCE, [step]).get(step, {})
    board = _board(work, work.cases.due(dt.date.min, today + HORIZON), work.cases.facts_between(today - DAY * 7, today))
    missing = waiting.unproven(work) if board.opens_week else ()
    board = replace(board, waiting=waiting.by_person(waiting.gather(work), work.world, today, missing))
    new = {person: mine for person, mine in board.waiting.items() if person not in told}
    people = [(person, items) for person, items in morning(board) if person not in told]
    owed = {duty.id: duty for duty in board.duties}
    mine: dict[str, list[Message]] = {}
    for message in compose(people, replace(board, waiting=new)):
        mine.setdefault(message.to, []).append(message)
    parts = [part_of(many, owed, board.said, [(ONCE, step, to, DIGEST)]) for to, many in mine.items()]
    return [*parts, *_vacancies(work, board)], None


def _news(work: Work) -> tuple[list[Part], dt.datetime | None]:
    duties = _untold(work, work.now.date())
    if not duties:
        return [], None
    pupils = dict.fromkeys(d.pupil for d in duties if d.pupil is not None)
    board = _board(work, duties, [f for many in work.cases.facts_of(pupils).values() for f in many])
    told, later = gathered(found := news(board), _told_lately(work, [p for p, _ in found], NEWS), board)
    replied = [(n.duty, n.step, n.person, REPLY) for n in known(board)]
    return together(compose(told, board, NEWS), {d.id: d for d in duties}, board.said, replied), later


def _vacancies(work: Work, board: Board) -> list[Part]:
    """The posts in which nobody stands, to the administrator, each once a school year."""
    gaps = vacancies.vacant(board, (room.id for room in meeting(work)))
    subjects = dict.fromkeys(vacancies.subject(gap, board) for gap in gaps)
    return [part_of([message], {}) for message in vacancies.tell(gaps, work.outbox.noted(subjects, LATE), board)]


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


def _board(work: Work, duties: Iterable[Duty], written: Sequence[Fact] = ()) -> Board:
    """What planning looks at, of these duties; ``written``: facts, those of today among them."""
    listed = tuple(duties)
    pupils = sorted({d.pupil for d in listed if d.pupil is not None})  # in the order in which they stand
    today = work.now.date()
    new = [fact for fact in written if fact.pupil is not None and fact.at.date() == today]
    return Board(
        now=work.now,
        world=work.world,
        duties=listed,
        pupils=work.people.pupils(pupils),
        cases=Lazily(pupils, work.cases.cases),
        name_of=_names(work),
        said={Note(*note): at for note, at in work.outbox.noted((d.id for d in listed), LATE).items()},
        snoozed=work.outbox.snoozed(_midnight(today)),
        writers=frozenset((fact.by, fact.pupil or "") for fact in new),
        fresh=_fresh(work, listed, new) if new else frozenset(),
    )


def _fresh(work: Work, duties: Iterable[Duty], written: Sequence[Fact]) -> frozenset[str]:
    """The duties that arose by themselves today, where nothing was written of the pupil since."""
    step = daily(work.now, AROSE)
    arose = work.outbox.noted_once(ONCE, [step]).get(step, {})
    last: dict[str | None, dt.datetime] = {}
    for fact in written if arose else ():
        last[fact.pupil] = max(fact.at, last.get(fact.pupil, fact.at))
    return frozenset(d.id for d in duties if d.id in arose and last.get(d.pupil, work.now) <= arose[d.id])


def _names(work: Work) -> Callable[[str], str]:
    @cache
    def name_of(person: str) -> str:
        known = work.people.person(person)
        return known.name if known else person

    return name_of


def _escalations(work: Work) -> list[Part]:
    board = _board(work, work.cases.due(dt.date.min, work.now.date() - DAY))
    return together(overdue.escalations(board), {d.id: d for d in board.duties}, board.said)


def _fulfilled(work: Work) -> tuple[list[Part], dt.datetime | None]:
    """Reports that were made since the workday before, to those who are to know of them, and when what waits is told."""
    today = work.now.date()
    since = hours.speaking_day(today - DAY, work.world.calendar.county)
    done = work.cases.facts_between(since, today, [Kind.DONE])
    made = {f.id: f for f in done if f.data.get("rule") in circle.TOLD_WHEN_DONE and f.pupil is not None}
    if not made:
        return [], None
    pupils = sorted({f.pupil for f in made.values() if f.pupil is not None})
    duties = [d for pupil in pupils for d in work.cases.duties(pupil=pupil, status="done") if d.by in made]
    board = _board(work, duties)
    people = {p for d in duties for p in circle.told_when_done(d, board.pupil_of(d), board.world, today)}
    by = {d.id: made[d.by].by for d in duties if d.by is not None}
    messages, later = overdue.fulfilled(board, duties, by, _told_lately(work, sorted(people), f"{DONE}:"))
    owed: Mapping[str, Duty] = {d.id: d for d in duties}
    return [part_of([message], owed, board.said) for message in messages], later


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())
