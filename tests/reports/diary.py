"""A made-up county lived through day by day, and the figures of its papers counted from that diary by hand."""

from __future__ import annotations

import calendar
import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from bot.madeup import UNITS, make_county
from bot.papers import book
from casework.facts import Fact, Kind
from casework.people import Pupil
from reports.monthly import FIGURES
from storage.people import Days
from storage.pupils import Entered
from storage.store import Store, Work
from tests.support.stores import fresh_store

START = dt.date(2025, 9, 1)
PRESENT = ("in_school", "absent", "on_leave", "observed")
LISTED = ("suspected", "dropout")
SCHOOLS = {u.id: [c.id for c in UNITS if c.parent == u.id] for u in UNITS if u.kind == "school"}
SCHOOL_OF = {room: school for school, rooms in SCHOOLS.items() for room in rooms}
GRADE = {u.id: u.grade or 0 for u in UNITS if u.kind == "class"}
DAY = dt.timedelta(days=1)
KEPT_PLACE = (Kind.SUSPEND, Kind.DEFER)
Facts = list[tuple[Kind, dict[str, object]]]


@dataclass
class Diary:
    """What was written, and what each pupil's case and class were at each day's end."""

    store: Store
    pupils: dict[str, Pupil]
    sexes: dict[str, str]
    facts: list[Fact] = field(default_factory=list)
    written_at: dict[str, str | None] = field(default_factory=dict)  # fact → class in which the pupil was then
    evenings: dict[dt.date, dict[str, str]] = field(default_factory=dict)
    rooms: dict[dt.date, dict[str, str | None]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)  # pupils about whom there are facts
    silent: frozenset[tuple[str, str]] = frozenset()  # school and month of which nothing is submitted

    def live(self, until: dt.date, lot: random.Random) -> None:
        day = START - 3 * DAY
        while day <= until:
            noted = dt.datetime.combine(day, dt.time(9))
            with self.store.begin(noted) as work:
                for id in sorted(lot.sample(sorted(self.pupils), 9)) if day >= START else ():
                    for n, (kind, data) in enumerate(self._said(id, day, lot)):
                        self._write(work, Fact(f"{day}-{id}-{n}", kind, day, noted, "li", "school", id, data=data))
                if day >= START and lot.random() < 0.2:
                    lot.choice((self._come, self._enrol, self._move, self._move, self._finish))(work, day, lot)
            self._evening(day)
            day += DAY

    def _write(self, work: Work, *facts: Fact) -> None:
        work.cases.append(facts)
        self.facts += facts
        self.written_at |= {f.id: str(f.data["class"]) if f.unit else self.pupils[str(f.pupil)].class_id for f in facts}

    def _said(self, id: str, day: dt.date, lot: random.Random) -> Facts:
        state = self.evenings[day - DAY].get(id, "in_school")
        if state == "left":
            kept = self.kept_place(id, day - DAY) and self.pupils[id].class_id
            return [(Kind.RETURN, {})] if kept and lot.random() < 0.5 else []
        choices: list[Facts] = [[(Kind.ABSENCE, {"reason": "不想读"})]] * 6
        choices += [[(Kind.CONTACT, {"outcome": "nobody"})], [(Kind.VISIT, {"outcome": "away", "note": "在东莞打工"})]]
        choices += [[(kind, {"until": None})] for kind in (*KEPT_PLACE, Kind.TRANSFER_OUT)]
        choices += [[(Kind.SUSPEND, {"pending": True})]]
        if state == "in_school":
            to = (day + lot.randint(0, 4) * DAY).isoformat()
            choices += [[(Kind.LEAVE, {"kind": lot.choice(("sick", "personal")), "to": to, "reason": "感冒"})]] * 2
        if state in ("absent", "suspected", "dropout"):
            choices += [[(Kind.RETURN, {})]] * 3 + [[(Kind.NOTICE, {}), (Kind.VISIT, {"outcome": "refused"})]]
            choices += [[(Kind.DONE, {"rule": "dropout_report"})]]
        if state == "suspected":
            choices += [[(Kind.DROPOUT, {"reason_code": "work", "reason": "外出打工"})]] * 4
        return lot.choice(choices)

    def _come(self, work: Work, day: dt.date, lot: random.Random) -> None:
        self._arrive(work, day, lot, (Kind.TRANSFER_IN, {"place": "邻县"}))

    def _enrol(self, work: Work, day: dt.date, lot: random.Random) -> None:
        self._arrive(work, day, lot, (Kind.FOUND, {"name": "小八"}), (Kind.ENROLLED, {}))

    def _arrive(self, work: Work, day: dt.date, lot: random.Random, *steps: tuple[Kind, dict[str, object]]) -> None:
        id, room = f"new-{day}", lot.choice(sorted(GRADE))
        self.pupils[id], self.sexes[id] = Pupil(id, f"新生{day:%m%d}", room, None), "女"
        work.people.put_pupil(self.pupils[id], {"sex": "女"})
        for n, (kind, data) in enumerate(steps):
            at = dt.datetime.combine(day, dt.time(9, n))
            self._write(work, Fact(f"{day}-{id}-{kind}", kind, day, at, "li", "school", id, data=data))

    def _move(self, work: Work, day: dt.date, lot: random.Random) -> None:
        """To another school of the county, as an accepted transfer writes it."""
        id = self._someone(day, lot, ("in_school", "absent", "suspected"))
        old = self.pupils[id].class_id or ""
        room = lot.choice([c for c in sorted(GRADE) if SCHOOL_OF[c] != SCHOOL_OF[old]])
        at = dt.datetime.combine(day, dt.time(10))
        out = Fact(f"{day}-out", Kind.TRANSFER_OUT, day, at - dt.timedelta(seconds=1), "li", "school", id,
                   SCHOOL_OF[old], {"place": "县内", "class": old})  # fmt: skip
        came = Fact(f"{day}-in", Kind.TRANSFER_IN, day, at, "li", "school", id, data={"class": room, "left": old})
        self.pupils[id] = replace(self.pupils[id], class_id=room)
        work.people.put_pupil(self.pupils[id])
        self._write(work, out, came)

    def _finish(self, work: Work, day: dt.date, lot: random.Random) -> None:
        """Off the register having finished school, as the step into a new year writes it."""
        id = self._someone(day, lot, ("in_school",))
        old, at = self.pupils[id].class_id or "", dt.datetime.combine(day, dt.time(10))
        data: dict[str, object] = {"place": "初中毕业", "class": old, "graduated": True}
        self.pupils[id] = replace(self.pupils[id], class_id=None)
        work.people.put_pupil(self.pupils[id])
        self._write(work, Fact(f"{day}-end", Kind.TRANSFER_OUT, day, at, "li", "school", id, SCHOOL_OF[old], data))

    def _someone(self, day: dt.date, lot: random.Random, states: tuple[str, ...]) -> str:
        """One who stands so and of whom nothing was said today."""
        told = {f.pupil for f in self.facts if f.on == day}
        shown = self.evenings[day - DAY]
        return lot.choice(
            [i for i in sorted(shown) if shown[i] in states and i not in told and self.pupils[i].class_id]
        )

    def _evening(self, day: dt.date) -> None:
        night = dt.datetime.combine(day, dt.time(23, 59))
        with self.store.begin(night) as work:
            work.cases.refresh(*work.cases.waking(10_000))
            if (day + DAY).month != day.month and day >= START:
                for school in SCHOOLS:
                    if (school, f"{day:%Y-%m}") not in self.silent:
                        book.submit(work, school, f"{day:%Y-%m}", "li")
        with self.store.look(night) as work:
            cases = work.cases.cases(self.pupils)
            quiet = {id: "home_taught" if p.home_taught else "in_school" for id, p in self.pupils.items()}
            self.told |= {id for id in cases.keys() - self.told if work.cases.facts(id)}  # facts only ever come
            self.evenings[day] = quiet | {id: case.state for id, case in cases.items() if id in self.told}
        self.rooms[day] = {id: p.class_id for id, p in self.pupils.items()}

    def kept_place(self, id: str, day: dt.date) -> Kind | None:
        """As what one who is away stays on the register."""
        kinds = (*KEPT_PLACE, Kind.TRANSFER_OUT)
        went = [
            f for f in self.facts if f.pupil == id and f.kind in kinds and f.on <= day and not f.data.get("pending")
        ]
        away = went[-1].kind if went and self.evenings[day].get(id) == "left" else None
        return away if away in KEPT_PLACE else None

    def shown(self, id: str, rooms: set[str], day: dt.date) -> str:
        """The state at the end of a day as the school of these classes sees it; "" for who is not there then."""
        return self.evenings[day].get(id, "") if self.rooms[day].get(id) in rooms else ""

    def registered(self, id: str, rooms: set[str], day: dt.date) -> bool:
        state = self.shown(id, rooms, day)
        return state not in ("", "left") or (state == "left" and self.kept_place(id, day) is not None)


def by_hand(diary: Diary, school: str, month: str, grades: range = range(10)) -> dict[str, int]:
    """All figures of a school and month from the diary alone; ``grades``: of these alone."""
    first, last = span(diary, month)
    before = first - DAY
    rooms = {c for c in SCHOOLS[school] if GRADE[c] in grades}
    out: Counter[str] = Counter()
    for id, pupil in diary.pupils.items():
        start, end = diary.shown(id, rooms, before), diary.shown(id, rooms, last)
        lost = end == "dropout"
        out["registered_start"] += diary.registered(id, rooms, before)
        out["registered"] += diary.registered(id, rooms, last)
        out["present"] += end in PRESENT
        out["home_taught"] += end == "home_taught"
        out["suspended"] += end == "left" and diary.kept_place(id, last) is Kind.SUSPEND
        out["deferred"] += end == "left" and diary.kept_place(id, last) is Kind.DEFER
        out.update(f"{stem}_start" for stem in LISTED if start == stem)
        out["suspected"] += end == "suspected"
        out["dropouts"] += lost
        out["girls"] += lost and diary.sexes[id] == "女"
        out.update(group for group in ("poor", "disabled") if lost and group in pupil.groups)
    out.update(_steps(diary, rooms, before, last))
    out.update(_deeds(diary, rooms, first, last))
    return {key: out[key] for key in FIGURES}


def span(diary: Diary, month: str) -> tuple[dt.date, dt.date]:
    """The first day of a month, and its last one that was lived."""
    year, number = map(int, month.split("-"))
    last = dt.date(year, number, calendar.monthrange(year, number)[1])
    return dt.date(year, number, 1), min(last, max(diary.evenings))


def _steps(diary: Diary, rooms: set[str], before: dt.date, last: dt.date) -> Iterator[str]:
    days = [d for d in sorted(diary.evenings) if before <= d <= last]
    for id in diary.pupils:
        for old, new in pairwise(diary.shown(id, rooms, day) for day in days):
            for stem in LISTED if old != new else ():
                if new == stem:
                    yield f"{stem}_new"
                if old == stem and new in PRESENT:
                    yield f"{stem}_back"
                elif old == stem:
                    yield "suspected_to_dropout" if new == "dropout" else f"{stem}_other"


def _deeds(diary: Diary, rooms: set[str], first: dt.date, last: dt.date) -> Iterator[str]:
    words = {
        Kind.TRANSFER_IN: "transfer_in", Kind.ENROLLED: "entered", Kind.NOTICE: "notices", Kind.VISIT: "visits",
    }  # fmt: skip
    for fact in diary.facts:
        if diary.written_at[fact.id] not in rooms or not first <= fact.on <= last or fact.data.get("pending"):
            continue
        if fact.kind in words:
            yield words[fact.kind]
        if fact.kind is Kind.TRANSFER_OUT:
            yield "gone" if fact.data.get("graduated") else "transfer_out"
        if fact.kind in (Kind.VISIT, Kind.CONTACT):
            yield "persuasions"
        if fact.kind is Kind.DONE:
            yield "reports"
        if fact.kind is Kind.RETURN and diary.evenings[fact.on - DAY].get(str(fact.pupil)) == "left":
            yield "resumed"


def lived(
    seed: int, until: dt.date, pack: str = "longchuan", silent: frozenset[tuple[str, str]] = frozenset()
) -> Diary:
    """A county in which everything happened that can be told from the chat."""
    store = fresh_store("sqlite://", pack=pack, opened=dt.datetime(2025, 8, 1))
    county, lot = make_county(START), random.Random(seed)
    sexes = {p.id: lot.choice("男女") for p in county.pupils}
    pupils = [replace(p, groups=frozenset(lot.sample(("poor", "disabled", "migrant"), 2))) for p in county.pupils]
    with store.begin(dt.datetime(2025, 8, 1)) as work:
        work.people.put_units(county.units)
        work.people.put_people(county.people)
        work.people.put_posts(county.posts)
        work.people.put_days([Days("term", start, end) for start, end in county.terms])
        work.people.put_pupils([Entered(p, {"sex": sexes[p.id]}) for p in pupils])
    diary = Diary(store, {p.id: p for p in pupils}, sexes, silent=silent)
    diary.live(until, lot)
    return diary
