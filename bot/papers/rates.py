"""入学率 and 巩固率 filled from the store: of the reader's whole reach, of its townships and of its schools (XY-1, TA-29)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from casework import elsewhere
from casework.calendar import school_year_of
from casework.case import Case
from casework.facts import Fact, Kind
from casework.people import GRADUATES, Pupil
from casework.timeline import CLOSING_REASONS, standing
from handlers.desk import Desk
from handlers.places import schools_in
from reports.rates import OF_GROUPS, Child, Rate, RateTable, enrolment_rates, rate
from storage.store import Work

EVERYONE = 1_000_000
LAST_GRADE = 9
WAYS = {"transfer_out": "外地就读", "suspend": "休学", "defer": "缓学"}
GONE = {"death": "死亡", "wrong_record": "户籍信息错误"}
assert set(GONE) == CLOSING_REASONS
BEGAN, CAME = "起始在籍", "转入"


@dataclass(frozen=True, slots=True)
class Cohort:
    """Today's Grade 9: ``since`` says from which beginning, ``began`` and ``now`` at which school each child was and is;
    ``children`` are all of whom 巩固率 is counted."""

    since: str
    began: Mapping[str, str]
    now: Mapping[str, str | None]
    children: Mapping[str, Child]

    def of_school(self, school: str) -> list[Child]:
        """The children as one school counts them: who went on to another one is in neither figure."""
        found = []
        for id, child in self.children.items():
            if self.now.get(id) == school:
                found.append(child if self.began.get(id) == school else replace(child, cohort=CAME))
            elif self.began.get(id) == school:
                found.append(replace(child, aside=True, said="转出"))
        return found


def rate_table(work: Work, desk: Desk, month: str, numbered: bool = True, only: str = "") -> RateTable:
    """Every rate with the children behind it: the whole reach first, then its townships and its schools.

    ``numbered``: with the numbers of identity, for paper; to open so many thousand seals takes its time. ``only``: who
    learns or lives in that unit, for its rates alone (those of the whole reach are not to be read then).
    """
    pupils, _ = work.people.in_scope(desk.scope, place=only or None, limit=EVERYONE)
    children = children_of(work, desk, pupils, numbered)
    cohort = _cohort(work, desk, pupils, children)
    rates: list[Rate] = []
    for unit_id, name, ids in _units(work, desk, pupils, bool(only)):
        due = [children[id] for id in ids if not children[id].class_name.endswith(GRADUATES)]
        rates += [r for r in enrolment_rates(name, due, unit_id) if _seen(desk, r.name)]
        rates += _retention(name, unit_id, cohort)
    return RateTable(tuple(rates))


def children_of(work: Work, desk: Desk, pupils: Sequence[Pupil], numbered: bool = True) -> dict[str, Child]:
    """The pupils as the rates see them, by id; of the groups of care those that the reader may know."""
    ids = [p.id for p in pupils]
    cases, details = work.cases.cases(ids), work.people.details_of(ids if numbered else ())
    facts = work.cases.facts_of([p.id for p in pupils if cases[p.id].state == "left"])
    directory, found = work.world.directory, {}
    for pupil in pupils:
        reader = desk.reader_of(pupil)
        aside, said = _papers(cases[pupil.id], facts.get(pupil.id, ()))
        found[pupil.id] = Child(
            pupil.id, pupil.name, directory.name_at(pupil.class_id, "school"), directory.name_at(pupil.class_id, "class"),
            reader.shown(details.get(pupil.id, {})).get("id_number", ""), reader.groups(pupil.groups),
            cases[pupil.id].state, said == WAYS["transfer_out"], aside, said,
        )  # fmt: skip
    return found


def _papers(case: Case, facts: Sequence[Fact]) -> tuple[bool, str]:
    """Whether one who is not in school here is in neither figure, and by which papers, in words."""
    if case.state != "left":
        return False, ""
    away = elsewhere.of(facts)
    if away is not None and away.kind is Kind.WORK:
        return False, WAYS["transfer_out"] if elsewhere.proof(away) else "据说在外就读，无证明"
    for fact in reversed(standing(facts)):
        if fact.kind.value in WAYS and not fact.data.get("pending"):
            return fact.kind.value != "transfer_out", WAYS[fact.kind.value]
        if fact.data.get("reason_code") in GONE:
            return True, GONE[str(fact.data["reason_code"])]
        if fact.kind is Kind.FOUND:
            return False, "未入学"
    return False, ""


def _seen(desk: Desk, name: str) -> bool:
    """Whether any group that the rate is about may be known to the reader."""
    return not OF_GROUPS[name] or any(desk.reader.sees_group(group) for group in OF_GROUPS[name])


def _units(work: Work, desk: Desk, pupils: Sequence[Pupil], alone: bool) -> list[tuple[str, str, list[str]]]:
    """Id, name and pupils of the whole reach ("" for its id), of its townships if many, and of its schools; of one school
    too where it is asked for ``alone``."""
    directory = work.world.directory
    lying: dict[str, list[str]] = defaultdict(list)
    for pupil in pupils:
        township = directory.at_level(pupil.village_id, "township") or directory.at_level(pupil.class_id, "township")
        for unit in (township, directory.at_level(pupil.class_id, "school")):
            if unit:
                lying[unit].append(pupil.id)
    name = directory.units[desk.posts[-1].unit].name
    towns = sorted((u for u in map(directory.units.__getitem__, lying) if u.kind == "township"), key=lambda u: u.id)
    schools = [u for u in schools_in(directory, desk.scope) if u.id in lying]
    below = [*(towns if desk.scope.everything else ()), *(schools if alone or len(schools) > 1 else ())]
    return [("", name, [p.id for p in pupils]), *((u.id, u.name, lying[u.id]) for u in below)]


def _cohort(work: Work, desk: Desk, pupils: Sequence[Pupil], children: Mapping[str, Child]) -> Cohort | None:
    """Grade 9 and the earliest beginning of a year that was kept of it; None: no such beginning was kept."""
    directory, this = work.world.directory, school_year_of(work.now.date())[0].year
    begun = next((y for y in work.rolls.years() if this - LAST_GRADE < y < this), None)
    if begun is None:
        return None
    grade = LAST_GRADE - (this - begun)
    schools = None if desk.scope.everything else [s.id for s in schools_in(directory, desk.scope)]
    began = {place.pupil: place.school for place in work.rolls.cohort(begun, grade, schools)}
    rooms = ((p, directory.units.get(p.class_id or "")) for p in pupils)
    last = [p.id for p, room in rooms if p.id not in began and room is not None and room.grade == LAST_GRADE]
    found = {}
    for id in [*began, *last]:
        if (child := children.get(id)) is not None:
            away = child.elsewhere or child.said in GONE.values()
            said = "转出" if child.elsewhere else child.said
            found[id] = replace(child, cohort=BEGAN if id in began else CAME, elsewhere=False, aside=away, said=said)
    # Who lies in the reader's reach no longer went to a school outside it; who was struck off was never one of them.
    for id, pupil in work.people.pupils([id for id in began if id not in children]).items():
        if not pupil.struck:
            school = directory.units[began[id]].name
            found[id] = Child(id, pupil.name, school, aside=True, said="转出", cohort=BEGAN)
    now = {p.id: directory.at_level(p.class_id, "school") for p in pupils}
    return Cohort(f"{begun}年秋{'一二三四五六七八九'[grade - 1]}年级起", began, now, found)


def _retention(name: str, unit_id: str, cohort: Cohort | None) -> list[Rate]:
    """巩固率 of the whole reach ("—" where no beginning was kept), and of each school where the cohort began."""
    if cohort is None:
        return [] if unit_id else [Rate(name, "retention")]
    if unit_id and unit_id not in cohort.began.values():
        return []
    theirs = cohort.of_school(unit_id) if unit_id else cohort.children.values()
    return [rate(f"{name}（{cohort.since}）", "retention", theirs, unit_id)]
