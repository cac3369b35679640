"""Who answers for whom: the tree of units, the posts in it, and what a person may see.

Two lines run through the tree. Education: class, school (its staff, then its principal), county.
Government: village, township, county. A pupil hangs on both, by class and by village.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

from casework.calendar import Calendar, SchoolDays
from casework.case import AWAY, Case
from casework.people import COUNTY, GRADUATES, Post, Pupil, Unit
from casework.policy import Policy

ABOVE = {
    "subject_teacher": "school",
    "teacher": "school",
    "school": "principal",
    "principal": "county",
    "village": "township",
    "township": "county",
    "county": "admin",
}
LEVEL = {
    "teacher": "class",
    "subject_teacher": "class",
    "school": "school",
    "principal": "school",
    "village": "village",
    "township": "township",
    "county": "county",
    "admin": "county",
}
SCHOOL_STAFF = frozenset({"teacher", "subject_teacher", "school", "principal"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person may see and write: pupils studying in ``classes`` or living in ``villages``, or all.

    ``units`` are the units of the person's own posts, whose duties and reports they may answer; ``lent`` are pupils of
    another school whom a clause gives to the person's own (XY-40).
    """

    everything: bool = False
    classes: frozenset[str] = frozenset()
    villages: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    lent: frozenset[str] = frozenset()

    def covers(self, pupil: Pupil) -> bool:
        inside = pupil.class_id in self.classes or pupil.village_id in self.villages
        return self.everything or inside or pupil.id in self.lent


class Directory:
    """Units and posts of a county, by lookup."""

    def __init__(self, units: Iterable[Unit], posts: Iterable[Post]) -> None:
        self.units = {u.id: u for u in units}
        self.units.setdefault(COUNTY, Unit(COUNTY, "county", "", None))
        self.graduates = tuple(u.id for u in self.units.values() if u.kind == "class" and u.name.endswith(GRADUATES))
        self._below: dict[str, list[str]] = defaultdict(list)
        for unit in self.units.values():
            if unit.id != COUNTY:
                self._below[unit.parent or COUNTY].append(unit.id)
        self._at: dict[tuple[str, str], list[Post]] = defaultdict(list)
        self._of: dict[str, list[Post]] = defaultdict(list)
        self._turns_at: dict[str, set[dt.date]] = defaultdict(set)
        for post in posts:
            self._at[post.role, post.unit].append(post)
            self._of[post.person].append(post)
            self._turns_at[post.unit] |= post.turns
        self._turns = sorted(set[dt.date]().union(*self._turns_at.values()))
        self._paths: dict[str, tuple[str, ...]] = {}
        self._levels: dict[tuple[str | None, str], str | None] = {}
        self._held: dict[tuple[str, str, dt.date | None], tuple[str, ...]] = {}
        self._holding: dict[tuple[str, dt.date | None], tuple[Post, ...]] = {}
        self._scopes: dict[tuple[str, dt.date | None], Scope] = {}
        self._answering: dict[tuple[str, str | None, str | None, dt.date | None], tuple[str, ...]] = {}

    def path(self, unit: str | None) -> tuple[str, ...]:
        """The unit and all above it, the county last; empty for an unknown unit."""
        if unit is None or unit not in self.units:
            return ()
        if unit not in self._paths:
            self._paths[unit] = (unit, *(() if unit == COUNTY else self.path(self.units[unit].parent or COUNTY)))
        return self._paths[unit]

    def at_level(self, unit: str | None, kind: str) -> str | None:
        """The unit of that kind among the unit and those above it."""
        key = (unit, kind)
        if key not in self._levels:
            self._levels[key] = next((u for u in self.path(unit) if self.units[u].kind == kind), None)
        return self._levels[key]

    def name_at(self, unit: str | None, kind: str) -> str:
        """The name of that unit; empty where there is none of the kind."""
        found = self.at_level(unit, kind)
        return self.units[found].name if found else ""

    def below(self, unit: str) -> Iterator[str]:
        """The unit and everything in it."""
        yield unit
        for child in self._below.get(unit, ()):
            yield from self.below(child)

    def turn(self, day: dt.date) -> dt.date | None:
        """The last day up to ``day`` on which some post began or had ended; holders change on such days only."""
        at = bisect_right(self._turns, day)
        return self._turns[at - 1] if at else None

    def next_turn(self, day: dt.date, units: Iterable[str | None], person: str | None = None) -> dt.date | None:
        """The next day on which a post changes hands at one of these units or above it, or one of that person's."""
        if not self._turns or self._turns[-1] <= day:
            return None
        over = {one for unit in units for one in self.path(unit)}
        found = (self._turns_at[unit] for unit in over if unit in self._turns_at)
        own = (post.turns for post in self._of[person]) if person in self._of else ()
        return min((d for turns in (*found, *own) for d in turns if d > day), default=None)

    def holders(self, role: str, unit: str | None, day: dt.date) -> tuple[str, ...]:
        """Who holds that very post on that day; one who has a deputy then is left out."""
        if unit is None:
            return ()
        key = (role, unit, self.turn(day))
        if key not in self._held:
            posts = [p for p in self._at.get((role, unit), ()) if p.holds(day)]
            away = {p.deputy_for for p in posts if p.deputy_for}
            self._held[key] = tuple(dict.fromkeys([p.person for p in posts if p.person not in away]))
        return self._held[key]

    def seat(self, role: str, class_id: str | None, village_id: str | None) -> str | None:
        """The unit at which a role answers for a pupil of that class and village."""
        level = LEVEL[role]
        if level == "village":
            return village_id
        if level == "township":
            return self.at_level(village_id, "township") or self.at_level(class_id, "township")
        return COUNTY if level == "county" else self.at_level(class_id, level)

    def answering(self, role: str, class_id: str | None, village_id: str | None, day: dt.date) -> tuple[str, ...]:
        """Who answers in that role for a pupil there; with no holder of the post, those one step up, and so on."""
        key = (role, class_id, village_id, self.turn(day))
        if key not in self._answering:
            self._answering[key] = self._climb(role, class_id, village_id, day)
        return self._answering[key]

    def _climb(self, role: str | None, class_id: str | None, village_id: str | None, day: dt.date) -> tuple[str, ...]:
        while role is not None:
            found = self.holders(role, self.seat(role, class_id, village_id), day)
            if found:
                return found
            role = ABOVE.get(role)
        return ()

    def in_charge(self, role: str, unit: str, day: dt.date) -> tuple[str, ...]:
        """Who answers in that role for a unit (a class, a school, the county itself)."""
        return self.answering(role, unit, unit if self.at_level(unit, "village") else None, day)

    def posts_of(self, person: str, day: dt.date) -> tuple[Post, ...]:
        key = (person, self.turn(day))
        if key not in self._holding:
            self._holding[key] = tuple(p for p in self._of.get(person, ()) if p.holds(day))
        return self._holding[key]

    def stand_ins(self, person: str, day: dt.date) -> tuple[str, ...]:
        """Who stands in for that person on that day; the person where nobody does."""
        posts = [p for mine in self.posts_of(person, day) for p in self._at[mine.role, mine.unit] if p.holds(day)]
        return tuple(dict.fromkeys(p.person for p in posts if p.deputy_for == person)) or (person,)

    def role_towards(self, person: str, pupil: Pupil, day: dt.date) -> str | None:
        """The role in which a person has to do with a pupil; None for one without a post."""
        posts = self.posts_of(person, day)
        over = {*self.path(pupil.class_id), *self.path(pupil.village_id)}
        return next((p.role for p in (*(p for p in posts if p.unit in over), *posts)), None)

    def scope_of(self, person: str, day: dt.date, roles: Collection[str] | None = None) -> Scope:
        """All posts of the person on that day together, or those of some roles; a person without a post sees nothing."""
        if roles is not None:
            return self._over(p for p in self.posts_of(person, day) if p.role in roles)
        key = (person, self.turn(day))
        if key not in self._scopes:
            self._scopes[key] = self._over(self.posts_of(person, day))
        return self._scopes[key]

    def _over(self, posts: Iterable[Post]) -> Scope:
        """What is seen from these posts."""
        own = frozenset(p.unit for p in posts)
        if COUNTY in own:
            return Scope(True, units=own)
        inside = [self.units[u] for unit in own if unit in self.units for u in self.below(unit)]
        return Scope(
            classes=frozenset(u.id for u in inside if u.kind == "class"),
            villages=frozenset(u.id for u in inside if u.kind == "village"),
            units=own,
        )


@dataclass(frozen=True, slots=True)
class World:
    """Everything that the rules look things up in.

    ``start`` is the day from which the county uses this program: nothing recurring is owed that fell due
    before it. ``home_taught`` are the schools with at least one home-taught pupil.
    """

    directory: Directory
    calendar: Calendar
    policy: Policy
    start: dt.date = dt.date.min
    home_taught: frozenset[str] = frozenset()
    _days: dict[str | None, SchoolDays] = field(default_factory=dict, repr=False, compare=False)

    def days_of(self, unit: str | None) -> SchoolDays:
        """The school days of a unit, closures of what lies above it included."""
        if unit not in self._days:
            self._days[unit] = self.calendar.of(self.directory.path(unit))
        return self._days[unit]

    def counted(self, case: Case, unit: str | None, today: dt.date) -> Case:
        """The case as people are told it: an absence counted with today from its morning, as its dues are.

        ``unit`` is the pupil's class. The record itself counts a day from noon on.
        """
        if case.state not in AWAY or case.since is None:
            return case
        day = self.days_of(unit).count(case.since, today)
        return replace(case, day=day) if day > case.day else case  # a sweep asks of 50,000

    def who(self, role: str, pupil: Pupil, day: dt.date) -> tuple[str, ...]:
        """Who answers in that role for that pupil on that day."""
        return self.directory.answering(role, pupil.class_id, pupil.village_id, day)
