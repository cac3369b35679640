"""What a handler has on its desk: the writer, what they may see, the open unit of work, and the moment.

The unit of work is ``storage.store.Work``; handlers know it only by the Protocols below.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from casework.access import Reader, roles_seeing
from casework.calendar import SchoolDays
from casework.case import Case, Duty
from casework.facts import GROUPS, Fact
from casework.people import Person, Post, Pupil
from casework.scope import Scope, World
from handlers.answer import LINK as LINK
from handlers.answer import Said as Said
from handlers.book import Book
from handlers.hand import Hand
from handlers.tallies import Tallies
from handlers.understanding.actions import Action, NameIndex


class Change(Protocol):
    """One difference of the projections: ``kind`` is duty, done, lapsed or case."""

    @property
    def kind(self) -> str: ...
    @property
    def duty(self) -> Duty | None: ...
    @property
    def case(self) -> Case | None: ...


class ListRow(Protocol):
    """A line of a list: the pupil, the case, the names to show and the next open duty."""

    @property
    def pupil(self) -> Pupil: ...
    @property
    def case(self) -> Case: ...
    @property
    def class_name(self) -> str: ...
    @property
    def village_name(self) -> str: ...
    @property
    def next_duty(self) -> Duty | None: ...


Groups = str | Mapping[str, Scope] | None
"""A group of care, or several, each with the scope within which it may be known."""


class People(Protocol):
    """The staff and the register, as handlers ask for them (``storage.people.People``)."""

    def person(self, userid: str) -> Person | None: ...
    def everyone(self) -> list[Person]: ...
    def posts(self, person: str | None = None) -> list[Post]: ...
    def put_post(self, post: Post) -> None: ...
    def drop_post(self, post: Post) -> None: ...
    def look_again_under(self, roots: Collection[str]) -> None: ...
    def pupil(self, id: str) -> Pupil | None: ...
    def pupils(self, ids: Iterable[str]) -> dict[str, Pupil]: ...
    def details(self, pupil_id: str) -> dict[str, str]: ...
    def with_equal(self, name: str, values: Iterable[str]) -> Mapping[str, Sequence[str]]: ...
    def names(self, scope: Scope, near_class_ids: Iterable[str] = ()) -> NameIndex: ...
    def put_pupil(self, pupil: Pupil, details: Mapping[str, str] | None = None) -> None: ...
    def in_scope(
        self, scope: Scope, place: str | None = None, group: Groups = None, text: str | None = None,
        limit: int = 50, offset: int = 0, rooms: Collection[str] = (),
    ) -> tuple[list[Pupil], int]: ...  # fmt: skip


class Cases(Protocol):
    """Facts, cases and duties, as handlers ask for them (``storage.cases.Cases``)."""

    def append(self, new: Sequence[Fact]) -> Sequence[Change]: ...
    def hold(self, pupils: Iterable[str]) -> dict[str, Pupil]: ...
    def facts(self, pupil: str) -> list[Fact]: ...
    def facts_of(self, pupils: Iterable[str]) -> dict[str, list[Fact]]: ...
    def unit_facts(self, unit: str, kinds: Iterable[str] | None = None, since: dt.date | None = None) -> list[Fact]: ...
    def facts_between(
        self,
        start: dt.date,
        end: dt.date,
        kinds: Iterable[str] | None = None,
        rule: str | None = None,
        scope: Scope | None = None,
    ) -> list[Fact]: ...
    def fact(self, id: str) -> Fact | None: ...
    def facts_of_source(self, source: str) -> list[Fact]: ...
    def recent_by(self, person: str, since: dt.datetime) -> list[Fact]: ...
    def case(self, pupil: str) -> Case: ...
    def cases(self, ids: Iterable[str]) -> dict[str, Case]: ...
    def duties(self, pupil: str | None = None, unit: str | None = None, status: str | None = "open") -> list[Duty]: ...
    def duty(self, id: str) -> Duty | None: ...
    def todo(self, person: str) -> list[Duty]: ...
    def listing(
        self, scope: Scope, states: Iterable[str] | None = None, ledger: str | None = None, place: str | None = None,
        group: Groups = None, overdue_only: bool = False, text: str | None = None, limit: int = 50, offset: int = 0,
        without_helper: bool = False, between_schools: bool = True, plain: bool = False,
    ) -> tuple[Sequence[ListRow], int]: ...  # fmt: skip
    def among(self, scope: Scope, states: Collection[str]) -> Sequence[tuple[Pupil, str]]: ...
    def between_schools(self) -> list[str]: ...
    def owed_under(self, rules: Collection[str]) -> list[Duty]: ...
    def counts(
        self, scope: Scope, day: dt.date, place: str | None = None, group: str | None = None
    ) -> Mapping[str, int]: ...


class Inbox(Protocol):
    def keep_unknown(self, userid: str, text: str) -> None: ...
    def talk(self, userid: str) -> dict[str, Any] | None: ...
    def set_talk(self, userid: str, state: dict[str, Any], expires: dt.datetime) -> None: ...
    def end_talk(self, userid: str) -> bool: ...
    def shown(self, userid: str) -> list[str]: ...
    def show(self, userid: str, refs: Sequence[str], expires: dt.datetime) -> None: ...


class Told(Protocol):
    """Who was told something about a duty, at which step."""

    @property
    def duty(self) -> str: ...
    @property
    def step(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def at(self) -> dt.datetime: ...


class Outbox(Protocol):
    def queue(self, message: Any) -> bool: ...
    def said(self, duty_id: str, step: str, person: str, key: str) -> bool: ...
    def said_about(self, duty_ids: Iterable[str]) -> Sequence[Told]: ...
    def answered(self, duty_id: str, fact_id: str) -> None: ...
    def snooze(self, person: str, pupil: str, until: dt.datetime) -> None: ...
    def snoozed(self) -> Mapping[tuple[str, str], dt.datetime]: ...


class Noted(Protocol):
    """A row of the trail."""

    @property
    def at(self) -> dt.datetime: ...
    @property
    def person(self) -> str: ...
    @property
    def detail(self) -> Mapping[str, Any]: ...


class Audit(Protocol):
    def note(
        self, person: str, did: str, subject: str = "", place: str = "", detail: Mapping[str, Any] | None = None
    ) -> None: ...
    def of(self, subject: str, limit: int = 100) -> Sequence[Noted]: ...


class Evidence(Protocol):
    def expect(self, media: str, by: str, kind: str, pupil: str | None = None, fact: str | None = None) -> str: ...
    def attach(self, id: str, pupil: str | None = None, fact: str | None = None, report: str | None = None) -> None: ...
    def of_facts(self, facts: Collection[str]) -> Mapping[str, Sequence[Any]]: ...
    def sent_lately(self, by: str, since: dt.datetime) -> Sequence[Any]: ...
    def sign(self, id: str) -> None: ...


class Link(Protocol):
    """A department's dated link, as far as it may be told: never its token."""

    @property
    def id(self) -> str: ...
    @property
    def department(self) -> str: ...
    @property
    def by(self) -> str: ...
    @property
    def at(self) -> dt.datetime: ...
    @property
    def until(self) -> dt.date: ...


class Links(Protocol):
    def give(self, department: str, until: dt.date, by: str) -> str: ...
    def valid(self) -> Sequence[Link]: ...
    def revoke(self, department: str) -> bool: ...


class Work(Protocol):
    """One short transaction."""

    now: dt.datetime

    @property
    def people(self) -> People: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def tallies(self) -> Tallies: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def evidence(self) -> Evidence: ...
    @property
    def links(self) -> Links: ...
    @property
    def world(self) -> World: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything a handler may touch while it answers one message."""

    work: Work
    writer: Person
    posts: tuple[Post, ...]
    scope: Scope
    source: str
    new_id: Callable[[], str]
    book: Book
    understood: Mapping[str, Sequence[Action]] = field(default_factory=dict)  # texts whose meaning is known already
    unattended: bool = False  # replay: nothing waits for an answer
    columns: Callable[[str], Mapping[str, str]] = (
        lambda paper: {}
    )  # of a form: the columns a person may fill, with slots
    issuers: Callable[[str], Collection[str]] = lambda paper: ()  # the kinds of unit that may make a paper
    later: frozenset[str] = frozenset()  # pupils of whom the same message tells more: what is due is said there

    @property
    def now(self) -> dt.datetime:
        return self.work.now

    @property
    def today(self) -> dt.date:
        return self.work.now.date()

    @property
    def role(self) -> str:
        """The role in which this person writes: the first post held today."""
        return self.posts[0].role if self.posts else ""

    @property
    def reader(self) -> Reader:
        """What this person may do and see by all posts held today."""
        return Reader(frozenset(post.role for post in self.posts))

    def reader_of(self, pupil: Pupil) -> Reader:
        """The same by the posts under which the pupil lies; by all of them for one whom a clause gives to the writer's school."""
        if pupil.id in self.scope.lent:
            return self.reader
        path = self.world.directory.path
        over = {*path(pupil.class_id), *path(pupil.village_id)}
        return Reader(frozenset(post.role for post in self.posts if post.unit in over))

    def counted(self, pupil: Pupil, case: Case) -> Case:
        """The pupil's case as it is said now: an absence counted with today from its morning."""
        return self.world.counted(case, pupil.class_id, self.today)

    def scope_of_group(self, group: str | None) -> Scope:
        """What a list of a group of care may show: the reach of those posts alone that may know of the group."""
        return self.world.directory.scope_of(self.writer.id, self.today, roles_seeing(group))

    def groups_of_care(self) -> dict[str, Scope]:
        """Every group of care with what a list of it may show."""
        return {group: self.scope_of_group(group) for group in GROUPS}

    def scopes_of_care(self) -> dict[Scope, list[str]]:
        """The groups of care that may be known anywhere, by how far: most of them are known equally far."""
        alike: dict[Scope, list[str]] = {}
        for group, scope in ((code, seen) for code, seen in self.groups_of_care().items() if seen.units):
            alike.setdefault(scope, []).append(group)
        return alike

    @property
    def world(self) -> World:
        return self.work.world

    @property
    def days(self) -> SchoolDays:
        """The school days where the writer works."""
        return self.world.days_of(self.posts[0].unit if self.posts else None)


def hand_for(desk: Desk, pupil: Pupil | None) -> Hand:
    """The writer's hand for one pupil: in the role in which they have to do with that pupil."""
    role = desk.world.directory.role_towards(desk.writer.id, pupil, desk.today) if pupil else None
    days = desk.world.days_of(pupil.class_id) if pupil and pupil.class_id else desk.days
    return Hand(desk.writer.id, role or desk.role, desk.now, days, desk.new_id, desk.source, desk.unattended)
