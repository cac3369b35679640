"""The work sheets, filled from the store: what was recorded beside the cases, and how duties were kept (XY-47, FJ-25)."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable

from bot.papers import months
from bot.papers.rounds import EVERYONE, ended_months
from casework.facts import GROUPS, Fact, Kind
from casework.scope import Directory
from casework.terms import HELP, MEETINGS, ROLES, WORK
from casework.timeline import standing
from handlers import arranged, worklog
from handlers.desk import Desk
from handlers.places import place_name, schools_in
from reports.work_sheets import Assessment, Done, Kept, SchoolWork, WorkLog
from storage import figures
from storage.store import Work


def work_log(work: Work, desk: Desk, month: str) -> WorkLog:
    """The work of the school year so far in the asker's reach, oldest first."""
    order = list(arranged.STANDING).index
    standing_ = sorted(arranged.in_force(desk), key=lambda f: order(str(f.data["what"])))
    return WorkLog(_title(desk), _done(work, worklog.recorded(desk)[::-1]), _done(work, standing_))


def _done(work: Work, facts: Iterable[Fact]) -> tuple[Done, ...]:
    told = list(facts)
    pupils = work.people.pupils([f.pupil for f in told if f.pupil])
    names = {p.id: p.name for p in work.people.everyone()}
    return tuple(
        Done(
            fact.on,
            pupils[fact.pupil].name if fact.pupil else place_name(work.world.directory, fact.unit) or "县教育局",
            MEETINGS.get(str(fact.data.get("meeting"))) or {**WORK, **HELP}.get(str(fact.data.get("what")), "工作"),
            str(fact.data.get("note", "")),
            fact.data.get("people"),
            names.get(fact.by, ""),
        )
        for fact in told
    )


def assessment(work: Work, desk: Desk, month: str) -> Assessment:
    """Each school of the asker's reach, and each person who had duties there, over the school year so far."""
    directory, first, today = work.world.directory, *worklog.year_of(desk)
    of_school, of_person = _kept(work, desk, first, today)
    schools = schools_in(directory, desk.scope)
    pupils, _ = work.people.in_scope(desk.scope, limit=EVERYONE)
    school_of = {p.id: directory.at_level(p.class_id, "school") for p in pupils}
    cases = work.cases.cases([p.id for p in pupils])
    states = Counter((school_of[id], case.state) for id, case in cases.items())
    shown = [group for group in GROUPS if desk.reader.sees_group(group)]
    groups = Counter((school_of[p.id], group) for p in pupils for group in p.groups)
    registered = Counter(school_of[p.id] for p in months.on_register(work, pupils))
    facts = standing(work.cases.facts_between(first, today, (Kind.VISIT.value, Kind.WORK.value, Kind.VOID.value)))
    visits = Counter(school_of.get(f.pupil or "") for f in facts if f.kind is Kind.VISIT)
    works = Counter(_school(directory, school_of, f) for f in worklog.in_reach(desk, facts))
    due, sent = _reports(work, first, today)
    rows = []
    for school in schools:
        rows.append(
            SchoolWork(
                school.name, directory.name_at(school.id, "township"),
                registered[school.id], states[school.id, "suspected"], states[school.id, "dropout"],
                due, sent[school.id], of_school[school.id], visits[school.id], works[school.id],
                {group: groups[school.id, group] for group in shown},
            )
        )  # fmt: skip
    people = [(name, post, of_person[id]) for id, name, post in _staff(work, desk) if id in of_person]
    return Assessment(_title(desk), tuple(rows), tuple(people), shown)


def _kept(work: Work, desk: Desk, first: dt.date, today: dt.date) -> tuple[dict[str, Kept], dict[str, Kept]]:
    """Duties due before today by school and by the person in charge of each."""
    schools: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    persons: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    directory = work.world.directory
    for duty in figures.duties_due(work.session, desk.scope, first, today - dt.timedelta(days=1)):
        how = 2 if duty.closed is None else 0 if duty.closed.date() <= duty.due else 1
        school = directory.at_level(duty.class_id, "school") if duty.class_id else duty.unit_id
        schools[school or ""][how] += 1
        for person in duty.who:
            persons[person][how] += 1
    return (
        defaultdict(Kept, {school: Kept(*counts) for school, counts in schools.items()}),
        {person: Kept(*counts) for person, counts in persons.items()},
    )


def _school(directory: Directory, school_of: dict[str, str | None], fact: Fact) -> str | None:
    if fact.pupil:
        return school_of.get(fact.pupil)
    return directory.at_level(fact.unit, "school") or fact.unit


def _reports(work: Work, first: dt.date, today: dt.date) -> tuple[int, Counter[str]]:
    """How many monthly reports were due of each school since the school year began, and how many each has sent."""
    over = list(ended_months(first, today))
    sent: Counter[str] = Counter()
    for month in over:
        sent.update({fact.unit or "": 1 for fact in work.reports.of_month(month)})
    return len(over), sent


def _staff(work: Work, desk: Desk) -> Iterable[tuple[str, str, str]]:
    """Id, name and posts of everyone who works in the asker's reach."""
    directory = work.world.directory
    own = {u for post in desk.posts for u in (*directory.below(post.unit), post.unit)}
    posts: defaultdict[str, list[str]] = defaultdict(list)
    for post in work.people.posts():
        if desk.scope.everything or post.unit in own:
            where = place_name(directory, post.unit)
            posts[post.person].append(where + ROLES[post.role])
    names = {p.id: p.name for p in work.people.everyone()}
    return [(id, names.get(id, id), "、".join(dict.fromkeys(held))) for id, held in sorted(posts.items())]


def _title(desk: Desk) -> str:
    first, last = worklog.year_of(desk)
    return f"{first.year}年{first.month}月至{last.year}年{last.month}月{last.day}日"
