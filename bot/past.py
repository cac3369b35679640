"""What happened in the made-up county before the demo begins: a term and the weeks since, so that pages have something to show.

Facts alone, as old records that somebody brought in: no message is sent and no reply was given for any of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from bot.madeup import County
from casework.calendar import Calendar, SchoolDays
from casework.facts import Fact, Kind
from casework.people import Pupil
from storage.store import Store

FOLLOWED = (7, 30, 60, 90)  # calendar days after a return (LC-27)
MORNING, EVENING = dt.time(8, 20), dt.time(17, 40)
REASONS = ("study", "work", "poverty", "illness")


class _Book:
    """Writes down what a county's staff recorded up to now; what lies ahead has not happened."""

    def __init__(self, county: County, now: dt.datetime) -> None:
        self.days: SchoolDays = Calendar(county.terms).county
        self.now = now
        self.facts: list[Fact] = []
        self._people = {(post.role, post.unit): post.person for post in county.posts}
        self._school = {unit.id: unit.parent or "" for unit in county.units if unit.kind == "class"}

    def add(self, pupil: Pupil, kind: Kind, on: dt.date | None, role: str = "teacher", /, **data: Any) -> None:
        """One record, made on the day it is about."""
        at = dt.datetime.combine(on, EVENING if kind in (Kind.CONTACT, Kind.VISIT) else MORNING) if on else self.now
        if on is None or at >= self.now:
            return
        unit = {"teacher": pupil.class_id, "village": pupil.village_id}.get(role, self._school[pupil.class_id or ""])
        name = f"past{len(self.facts)}"
        by = self._people[role, unit or ""]
        self.facts.append(Fact(name, kind, on, at, by, role, pupil=pupil.id, data=data, source=f"past:{name}"))

    def absence(self, pupil: Pupil, start: dt.date, long: int | None, reason: str = "study") -> None:
        """An absence of so many school days (None: it goes on), with what the school does on the way."""

        def day(n: int) -> dt.date | None:
            return self.days.nth(start, n) if long is None or n <= long else None

        self.add(pupil, Kind.ABSENCE, start, start=start.isoformat(), reason_code=reason)
        self.add(
            pupil, Kind.CONTACT, start, channel="phone", outcome="nobody" if long is None or long > 2 else "agreed"
        )
        self.add(pupil, Kind.VISIT, day(2), outcome="refused")
        self.add(pupil, Kind.VISIT, day(5), "village", outcome="nobody")
        self.add(pupil, Kind.NOTICE, day(8), "school")
        self.add(pupil, Kind.DROPOUT, day(10), "school", reason_code=reason)
        for n in (14, 19, 24):
            self.add(pupil, Kind.VISIT, day(n), outcome="refused")
        if long is not None and (back := self.days.nth(start, long + 1)):
            self.add(pupil, Kind.RETURN, back)
            for after in FOLLOWED if long >= 3 else ():
                self.add(pupil, Kind.CONTACT, back + dt.timedelta(days=after), channel="phone", outcome="agreed")

    def leave(self, pupil: Pupil, start: dt.date, long: int) -> None:
        """A sick leave of so many calendar days, from which the child comes back."""
        until = start + dt.timedelta(days=long - 1)
        self.add(pupil, Kind.LEAVE, start, kind="sick", to=until.isoformat(), reason="感冒发烧")
        self.add(pupil, Kind.RETURN, self.days.after(until))

    def lessons(self, pupil: Pupil, start: dt.date, weeks: int, missed: frozenset[int]) -> None:
        """A session of two lessons a week at home, some weeks left out."""
        for week in range(weeks):
            if week not in missed:
                self.add(
                    pupil, Kind.TEACH, self.days.on_or_after(start + dt.timedelta(weeks=week)), lessons=2, minutes=60
                )


def past_of(county: County, now: dt.datetime) -> list[Fact]:
    """The records of the term before and of this one up to now, for a county of ``bot.madeup``."""
    book = _Book(county, now)
    terms = [term for term in book.days.terms if term.start <= now.date()]
    of_class = {c.id: [p for p in county.pupils if p.class_id == c.id] for c in county.units if c.kind == "class"}
    for place, term in enumerate(terms[-2:]):
        for pupil, day, long in _stories(of_class, place):
            start = book.days.nth(term.days[0], day)
            if start is not None and start <= term.end:
                book.absence(pupil, start, long, REASONS[day % len(REASONS)])
        for n, pupils in enumerate(of_class.values()):
            book.leave(pupils[-1], term.days[4 + 3 * n], 3)
        for pupil in county.pupils:
            if pupil.home_taught:
                book.lessons(pupil, term.start + dt.timedelta(days=1), 20, frozenset({3, 4, 7 + place, 9}))
    _open(book, of_class)
    return book.facts


def _stories(of_class: Mapping[str, list[Pupil]], place: int) -> Iterator[tuple[Pupil, int, int]]:
    """Who was absent from which school day of a term on, and for how many; no child in both terms."""
    lengths = (1, 1, 4, 2, 1, 12, 1, 3)
    for n, pupils in enumerate(of_class.values()):
        for m, long in enumerate(lengths):
            yield pupils[3 + place * 8 + m], 3 + 7 * m + 2 * n + place, long + (n % 2 if long > 1 else 0)


def _open(book: _Book, of_class: Mapping[str, list[Pupil]]) -> None:
    """What is under way this morning; a story whose beginning would lie before the term is not told."""
    today = book.now.date()
    term = book.days.term(today)
    for unit, ago, long in (("c3", 4, None), ("c6", 24, None), ("c2", 17, 6), ("c5", 2, None)):
        start = book.days.back(today, ago)
        if term and start and start >= term.start:
            book.absence(of_class[unit][1], start, long, "work" if unit == "c6" else "study")
    if term and (start := book.days.back(today, 3)) and start >= term.start:
        book.leave(of_class["c4"][1], start, 12)


def remember(store: Store, county: County, now: dt.datetime) -> None:
    """Put the past into a store that holds the county."""
    with store.begin(now) as work:
        work.cases.append(past_of(county, now))
