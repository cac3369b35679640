"""The register: units, staff with their posts, days of the calendar, and pupils.

Whatever changes here may change what is owed, by whom and until when: the county's version is counted up, so
that every process builds its ``World`` anew, and what stands under the change is assessed by the next sweep.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from casework.people import COUNTY, Person, Post, Pupil, Unit
from casework.scope import Scope
from storage import pupils as register
from storage import tables
from storage.columns import LONG_AGO
from storage.names import Names, Staff
from storage.pupils import Entered, NameFold
from storage.reach import at_place, beneath, graduated, in_groups, learning, listed, within
from storage.session import IN_BULK_FROM, Session, chunks, derived_id

units, people, posts, days = tables.units, tables.people, tables.posts, tables.calendar_days
pupils, cases, wakes = tables.pupils, tables.cases, tables.wakes
DAY_KINDS = ("term", "teach", "no_teach", "rhythm", "holiday", "make_up")


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of the calendar, both ends included, of a unit.

    ``kind``: ``term``, ``teach``, ``no_teach``; ``rhythm`` (taught every second week from ``since`` on); for years
    that the calendar library does not know yet, the whole county's ``holiday`` and ``make_up`` days.
    """

    kind: str
    since: dt.date
    until: dt.date
    unit: str = COUNTY


class People:
    """Units, staff with their posts, pupils and days of one county."""

    def __init__(
        self, session: Session, fold: NameFold, changed: Callable[[], None], staff: Callable[[], Staff]
    ) -> None:
        self._session = session
        self._fold = fold
        self._staff = staff
        self._changed = changed  # tells the unit of work that its World is out of date

    # -- staff ---------------------------------------------------------------------------------

    def person(self, userid: str) -> Person | None:
        """A member of staff, None if the userid is not on the list."""
        return self._staff().people.get(userid)

    def everyone(self) -> list[Person]:
        """All members of staff, those who left included."""
        return list(self._staff().people.values())

    def _people(self, condition: sa.ColumnElement[bool]) -> list[Person]:
        query = sa.select(people.c.id, people.c.name, people.c.active).where(self._session.here(people), condition)
        return [Person(row.id, row.name, row.active) for row in self._session.run(query.order_by(people.c.id))]

    def put_person(self, person: Person, phone: str | None = None) -> None:
        """Put or change a member of staff; without a phone the one that is known stays."""
        self.put_people([person], {} if phone is None else {person.id: phone})

    def put_people(self, many: Sequence[Person], phones: Mapping[str, str] | None = None) -> None:
        """Put or change many members of staff; ``phones`` by userid."""
        same = (people.c.id.in_([person.id for person in batch]) for batch in chunks(many))
        known = {person.id: person.active for condition in same for person in self._people(condition)}
        for with_phone in (True, False):
            rows = []
            for person in many:
                if (person.id in (phones or {})) is with_phone:
                    key = next(iter(self._fold.exact_keys(person.name)), person.name)
                    row = {"id": person.id, "name": person.name, "name_key": key, "active": person.active}
                    if phones and with_phone:
                        sealed = self._session.sealer.own.seal_text(phones[person.id], f"people/{person.id}/phone")
                        row["phone"] = sealed
                    rows.append(row)
            self._session.put(people, rows, ["id"])
        self._settle(people, len(many))
        if any(known.get(person.id, True) != person.active for person in many):
            self._look_again_everywhere()
        self._changed()

    def phone(self, userid: str) -> str | None:
        """The telephone number of a member of staff."""
        return self.phones([userid]).get(userid)

    def phones(self, ids: Collection[str] | None = None) -> dict[str, str]:
        """The telephone numbers of these members of staff, or of all who have one, by userid."""
        query = sa.select(people.c.id, people.c.phone).where(self._session.here(people), people.c.phone.is_not(None))
        if ids is not None:
            query = query.where(people.c.id.in_(ids))
        own = self._session.sealer.own
        return {row.id: own.open_text(row.phone, f"people/{row.id}/phone") for row in self._session.run(query)}

    def posts(self, person: str | None = None) -> list[Post]:
        """All posts, or a person's, past and future ones included."""
        query = sa.select(posts).where(self._session.here(posts)).order_by(posts.c.id)
        if person is not None:
            query = query.where(posts.c.person == person)
        return [
            Post(row.person, row.role, row.unit_id, row.since, row.until, row.deputy_for)
            for row in self._session.run(query)
        ]

    def put_post(self, post: Post) -> None:
        """Put a post, or change its last day: person, role, unit, first day and deputyship tell one from another."""
        self.put_posts([post])

    def put_posts(self, many: Sequence[Post]) -> None:
        """Put or change many posts."""
        same = ("person", "role", "since", "until", "deputy_for")
        rows = [{"id": _post_id(post), "unit_id": post.unit} | {k: getattr(post, k) for k in same} for post in many]
        self._session.put(posts, rows, ["id"])
        self._look_again_after(many)

    def drop_post(self, post: Post) -> None:
        """Take back a post that was put by mistake; one that was held is ended with ``put_post``."""
        self._session.run(sa.delete(posts).where(self._session.here(posts), posts.c.id == _post_id(post)))
        self._look_again_after([post])

    # -- units and days ------------------------------------------------------------------------

    def units(self) -> list[Unit]:
        """All units, the county itself included."""
        query = sa.select(units).where(self._session.here(units)).order_by(units.c.id)
        return [Unit(row.id, row.kind, row.name, row.parent, row.stage, row.grade) for row in self._session.run(query)]

    def put_units(self, many: Sequence[Unit]) -> None:
        """Put or change units, parents before what lies under them."""
        rows = [
            {"id": u.id, "kind": u.kind, "name": u.name, "parent": u.parent, "stage": u.stage, "grade": u.grade}
            for u in many
        ]
        self._session.put(units, rows, ["id"])
        self._settle(units, len(rows))
        self._session.put(wakes, [{"unit_id": unit.id, "at": LONG_AGO} for unit in many], ["unit_id"])
        self._look_again_everywhere()

    def _settle(self, table: sa.Table, many: int) -> None:
        if many > IN_BULK_FROM:
            self._session.settle(table)

    def days(self) -> list[Days]:
        """All terms and exceptions of the calendar."""
        query = sa.select(days).where(self._session.here(days)).order_by(days.c.since, days.c.kind, days.c.unit_id)
        return [Days(row.kind, row.since, row.until, row.unit_id) for row in self._session.run(query)]

    def put_days(self, many: Iterable[Days]) -> int:
        """Put stretches of the calendar; returns how many were new."""
        new = 0
        for one in many:
            if one.kind not in DAY_KINDS or one.until < one.since:
                raise ValueError(f"not a stretch of the calendar: {one}")
            row = {"unit_id": one.unit, "kind": one.kind, "since": one.since, "until": one.until}
            new += self._session.add_new(days, row)
        if new:
            self._look_again_everywhere()
        return new

    def drop_days(self, one: Days) -> None:
        """Take a stretch of the calendar back."""
        self._session.run(
            sa.delete(days).where(
                self._session.here(days),
                days.c.unit_id == one.unit,
                days.c.kind == one.kind,
                days.c.since == one.since,
                days.c.until == one.until,
            )
        )
        self._look_again_everywhere()

    def look_again_under(self, roots: Collection[str]) -> None:
        """Have the next sweep assess all cases and units that lie under these units."""
        if COUNTY in roots:
            self._look_again_everywhere()
            return
        ids = beneath(self._session, units.c.id.in_(roots))
        inside = sa.select(pupils.c.id).where(
            self._session.here(pupils), sa.or_(pupils.c.class_id.in_(ids), pupils.c.village_id.in_(ids))
        )
        waiting = sa.update(cases).where(self._session.here(cases), cases.c.pupil_id.in_(inside))
        self._session.run(waiting.values(wake=LONG_AGO))
        self._session.held.clear()
        self._wake_units(ids)
        self._changed()

    def _look_again_after(self, changed: Sequence[Post]) -> None:
        """A post concerns what lies under its unit, and the pupils, wherever they are, whose helper is that person."""
        self.look_again_under({post.unit for post in changed})
        for batch in chunks({p for post in changed for p in (post.person, post.deputy_for) if p}):
            helped = sa.update(cases).where(self._session.here(cases), cases.c.helper.in_(batch))
            self._session.run(helped.values(wake=LONG_AGO))

    def _wake_units(self, ids: sa.Select[Any]) -> None:
        for batch in chunks(self._session.run(ids).scalars().all()):
            self._session.put(wakes, [{"unit_id": id, "at": LONG_AGO} for id in batch], ["unit_id"])

    def _look_again_everywhere(self) -> None:
        self._session.run(sa.update(cases).where(self._session.here(cases)).values(wake=LONG_AGO))
        self._session.held.clear()
        self._wake_units(sa.select(units.c.id).where(self._session.here(units)))
        self._changed()

    # -- pupils --------------------------------------------------------------------------------

    def pupil(self, id: str) -> Pupil | None:
        return self.pupils([id]).get(id)

    def pupils(self, ids: Iterable[str]) -> dict[str, Pupil]:
        """The pupils with these ids; unknown ids are left out."""
        return register.read(self._session, ids)

    def all_names(self) -> list[tuple[str, str, str | None]]:
        """Id, name and class of every pupil: for the import, which matches whole rosters."""
        query = sa.select(pupils.c.id, pupils.c.name, pupils.c.class_id).where(
            self._session.here(pupils), listed(self._session)
        )
        return [(row.id, row.name, row.class_id) for row in self._session.run(query)]

    def put_pupil(self, pupil: Pupil, details: Mapping[str, str] | None = None) -> None:
        """Put or change a pupil; without details (``storage.pupils.DETAILS``) those that are known stay."""
        self.put_pupils([Entered(pupil, details)])

    def put_pupils(self, many: Sequence[Entered]) -> None:
        """Put or change many pupils at once."""
        if register.write(self._session, self._fold, many):
            self._wake_units(sa.select(units.c.id).where(self._session.here(units), units.c.kind == "school"))
            self._changed()

    def details(self, pupil_id: str) -> dict[str, str]:
        """What is sealed about a pupil: sex, born, id_number, guardian, phone …; empty when nothing is known."""
        return self.details_of([pupil_id]).get(pupil_id, {})

    def details_of(self, ids: Iterable[str]) -> dict[str, dict[str, str]]:
        """The details of many pupils."""
        return register.read_details(self._session, ids)

    def with_equal(self, name: str, values: Iterable[str]) -> dict[str, list[str]]:
        """Ids of pupils whose ``id_number``, ``student_number`` or ``phone`` is one of the values, by value."""
        return register.read_equal(self._session, name, values)

    def in_scope(
        self,
        scope: Scope, place: str | None = None, group: str | Mapping[str, Scope] | None = None, text: str | None = None,
        limit: int = 50, offset: int = 0, rooms: Collection[str] = (),
    ) -> tuple[list[Pupil], int]:  # fmt: skip
        """A page of the pupils that a person may see, by class and name, and how many there are in all.

        ``place`` is a unit's id or name, ``group`` one of ``casework.facts.GROUPS`` or several, each with the scope
        within which it may be known, ``text`` part of a name, or a whole 身份证号, 学籍号 or telephone number, ``rooms`` the
        classes alone that are wanted.
        """
        wanted = self.matching(scope, place, group, text, finished=True, rooms=rooms)
        query = sa.select(*register.PUPIL_COLUMNS).where(wanted, sa.true() if text else learning(self._session))
        query = query.order_by(pupils.c.class_id, pupils.c.name, pupils.c.id).limit(limit).offset(offset)
        shown = [register.pupil_of(row) for row in self._session.run(query)]
        if offset == 0 and len(shown) < limit:  # all of them: need not be looked for twice
            return shown, len(shown)
        total = self._session.run(many := sa.select(sa.func.count()).select_from(pupils).where(wanted)).scalar_one()
        if not text:  # those who have finished school are counted apart: to ask each pupil's class for it is dearer
            total -= self._session.run(many.where(graduated(self._session))).scalar_one()
        return shown, total

    def matching(
        self, scope: Scope, place: str | None, group: str | Mapping[str, Scope] | None, text: str | None, finished: bool = False,
        rooms: Collection[str] = (),
    ) -> sa.ColumnElement[bool]:  # fmt: skip
        """The condition of ``in_scope``; ``finished``: with those who have finished school."""
        conditions = [within(self._session, scope, rooms), listed(self._session)]
        if place:
            conditions.append(at_place(self._session, place))
        if group is not None and group != "":
            conditions.append(in_groups(self._session, {group: scope} if isinstance(group, str) else group))
        if text:
            conditions.append(register.searched(self._session, self._fold, text, scope.everything))
        elif not finished:
            conditions.append(learning(self._session))
        return sa.and_(*conditions)

    def names(self, scope: Scope, near_class_ids: Iterable[str] = ()) -> Names:
        """The index of names for one who writes: everyone in scope by exact name, those near also by sound."""
        return Names(self._session, scope, near_class_ids, self._staff())


def _post_id(post: Post) -> str:
    since = post.since.isoformat() if post.since else ""
    return derived_id(post.person, post.role, post.unit, since, post.deputy_for or "")
