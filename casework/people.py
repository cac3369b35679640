"""Units, posts and pupils: who is where, on which day.

Units form one tree under the county (id ``""``); a pupil hangs on it twice, by class (education
line) and by village (government line).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

COUNTY = ""
WAITING = "六年级毕业待升学"
"""How the name of a primary school's class ends that holds its graduates whom no junior school has yet."""
NEWCOMERS = "七年级新生（待分班）"
"""The class of a junior school that holds the graduates assigned to it until they are put into classes."""
GRADUATES = "届毕业生"
"""How the name of a class ends that holds those who have finished Grade 9: they stand in no list and no figure any more."""
RESTING = (WAITING, GRADUATES, "届九年级未毕业")
"""How the names of classes end that no new year moves and no roll call asks: whoever is in them has finished a school."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A place in the tree. ``stage`` is set for schools; ``grade`` (1 to 9) for classes where known."""

    id: str
    kind: str
    name: str
    parent: str | None = COUNTY
    stage: str | None = None
    grade: int | None = None

    @property
    def meets(self) -> bool:
        """Whether this is a class that comes together on school days."""
        return self.kind == "class" and not self.name.endswith(RESTING)


@dataclass(frozen=True, slots=True)
class Post:
    """One person holding one role at one unit, from a day to a day (both included, None: open).

    A deputy's post names the person stood in for; a person may hold several posts.
    """

    person: str
    role: str
    unit: str
    since: dt.date | None = None
    until: dt.date | None = None
    deputy_for: str | None = None

    @property
    def turns(self) -> set[dt.date]:
        """The days on which it begins and on which it has ended."""
        return {d for d in (self.since, self.until and self.until + dt.timedelta(days=1)) if d}

    def holds(self, day: dt.date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Pupil:
    """What the rules need to know of a child: no name of guardian, number or address is here."""

    id: str
    name: str
    class_id: str | None
    village_id: str | None
    groups: frozenset[str] = frozenset()
    home_taught: bool = False
    local: bool = True
    entered: dt.date | None = None
    struck: bool = False  # entered twice or by mistake: in no list and no figure


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff; the id is the WeChat Work userid. Not ``active``: has left, keeps their records."""

    id: str
    name: str
    active: bool = True
