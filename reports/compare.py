"""四查三比对 and every other holding of one list against another (XY-12, FN-7, FN-12, FN-14, FN-25, FJ-8).

People are matched by ID number first; who is left is looked for by name, birth date and guardian. Such likely matches
are never settled by the program: they stand apart, for a person to decide.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from reports.lists import NameList, Person, Source, read_list

# The four lists and their names; either may be the key.
FOUR = {"household": "户籍", "register": "学籍", "attending": "在校", "poor": "脱贫户"}
AGES = range(6, 16)


@dataclass(frozen=True, slots=True)
class Likely:
    """Two lines that may be the same child, and why it is thought so."""

    one: Person
    other: Person
    why: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What is in ``one`` and not in ``other``; with ``shared`` it is what is in both.

    ``people`` surely, ``likely`` possibly found in the other list under another number.
    """

    title: str
    one: str
    other: str
    people: tuple[Person, ...]
    likely: tuple[Likely, ...] = ()
    outside_age: tuple[Person, ...] = ()
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """The lists as read, with their bad rows, and all differences found."""

    lists: tuple[NameList, ...]
    differences: tuple[Difference, ...]


def compare(lists: Mapping[str, Source], on: dt.date | None = None) -> Comparison:
    """四查三比对 over household, register, attending and poor lists; a difference whose list is missing is left out.

    With ``on`` the household list is cut to children of school age on that day, the others shown apart.
    Raises ``ListUnreadable``.
    """
    titles = {title: key for key, title in FOUR.items()}
    read = {titles.get(key, key): read_list(FOUR.get(key, key), source) for key, source in lists.items()}
    found = []
    unschooled = dropouts = None
    if "household" in read and "register" in read:
        unschooled = subtract("疑似失学（有户籍、无学籍）", read["household"], read["register"], on)
        found.append(unschooled)
    if "register" in read and "attending" in read:
        dropouts = subtract("疑似辍学（有学籍、不在校）", read["register"], read["attending"])
        found.append(dropouts)
    if "poor" in read and dropouts:
        found.append(intersect("脱贫户辍学（辍学且为脱贫户）", dropouts, read["poor"]))
    if "poor" in read and unschooled:
        found.append(intersect("脱贫户失学（失学且为脱贫户）", unschooled, read["poor"]))
    return Comparison(tuple(read.values()), tuple(found))


def compare_lists(lists: Mapping[str, Source], shared: bool = False) -> Comparison:
    """Any two or more lists against each other, both ways, under their given titles; ``shared``: also who is in both.

    For this term against last, Grade 6 against Grade 7, notices against registrations, the platform's list
    against ours, and the departments' lists (三统一). Raises ``ListUnreadable``.
    """
    read = [read_list(title, source) for title, source in lists.items()]
    pairs = [pair for one, other in combinations(read, 2) for pair in ((one, other), (other, one))]
    found = [subtract(f"{one.title}有、{other.title}没有", one, other) for one, other in pairs]
    both = [in_both(one, other) for one, other in combinations(read, 2)] if shared else []
    return Comparison(tuple(read), (*found, *both))


def in_both(one: NameList, other: NameList) -> Difference:
    """Who stands in both lists under one number; likely matches stand with the differences already."""
    theirs = {person.id for person in other.people if person.id}
    people = tuple(person for person in one.people if person.id in theirs)
    return Difference(f"{one.title}、{other.title}都有", one.title, other.title, people, shared=True)


def subtract(title: str, one: NameList, other: NameList, on: dt.date | None = None) -> Difference:
    """Who is in ``one`` but not in ``other``."""
    theirs = {person.id for person in other.people if person.id}
    ours = {person.id for person in one.people if person.id}
    rest = [person for person in one.people if person.id not in theirs]
    outside = [person for person in rest if on and person.born and _age(person.born, on) not in AGES]
    if outside:
        lines = {(person.sheet, person.row) for person in outside}
        rest = [person for person in rest if (person.sheet, person.row) not in lines]
    likely = find_likely(rest, (person for person in other.people if person.id not in ours))
    matched = {(pair.one.sheet, pair.one.row) for pair in likely}
    people = tuple(person for person in rest if (person.sheet, person.row) not in matched)
    return Difference(title, one.title, other.title, people, tuple(likely), tuple(outside))


def intersect(title: str, difference: Difference, other: NameList) -> Difference:
    """Who of a difference is also in another list; the uncertain of the difference stay uncertain here."""
    theirs = {person.id: person for person in other.people if person.id}
    sure = tuple(person for person in difference.people if person.id in theirs)
    rest = [person for person in difference.people if person.id not in theirs]
    ours = {person.id for person in difference.people if person.id}
    likely = find_likely(rest, (person for person in other.people if person.id not in ours))
    doubtful = [
        Likely(p.one, theirs[p.one.id], "是否失学辍学尚待核实") for p in difference.likely if p.one.id in theirs
    ]
    return Difference(title, difference.title, other.title, sure, (*likely, *doubtful), shared=True)


def _age(born: dt.date, on: dt.date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def find_likely(rest: Iterable[Person], candidates: Iterable[Person]) -> list[Likely]:
    """For each person left over, the best candidate of the same name, if anything besides the name agrees.

    Two candidates that agree equally are both shown; a candidate may be likely for several people.
    """
    named: dict[str, list[Person]] = defaultdict(list)
    for person in candidates:
        if person.name:
            named[person.name].append(person)
    found = []
    for person in rest:
        ranked = [(reason, other) for other in named.get(person.name, ()) if (reason := _agreement(person, other))]
        best = min((rank for (rank, _), _ in ranked), default=0)
        found += [Likely(person, other, why) for (rank, why), other in ranked if rank == best]
    return found


def _agreement(one: Person, other: Person) -> tuple[int, str] | None:
    """How well two lines of one name agree (1 is best) and in what; None where nothing else does."""
    same_birth = one.born is not None and one.born == other.born
    same_guardian = bool(one.guardian) and one.guardian == other.guardian
    if same_birth and same_guardian:
        return 1, "姓名、出生日期、监护人一致"
    if one.id and other.id and sum(a != b for a, b in zip(one.id, other.id, strict=True)) <= 2:
        return 2, "姓名一致，身份证号只差一两位"
    if same_birth and not (one.guardian and other.guardian):
        return 3, "姓名、出生日期一致"
    if same_guardian and not (one.born and other.born):
        return 4, "姓名、监护人一致"
    return None
