"""What reminders need of the store and of the way out, as Protocols: both come as arguments.

``storage.store.Store`` and ``bot.courier.Courier`` fulfil them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from casework.case import Case, Duty
from casework.facts import Fact
from casework.people import Person, Pupil
from casework.scope import Scope, World


class Change(Protocol):
    """One difference of the projections: ``kind`` is duty, done, lapsed or case."""

    @property
    def kind(self) -> str: ...
    @property
    def duty(self) -> Duty | None: ...
    @property
    def case(self) -> Case | None: ...


class Outgoing(Protocol):
    """A row of the outbox; ``reminders.message.Message`` has the same shape and more."""

    @property
    def key(self) -> str: ...
    @property
    def to(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def card(self) -> dict[str, Any] | None: ...
    @property
    def rules(self) -> tuple[str, ...]: ...
    @property
    def duties(self) -> tuple[str, ...]: ...
    @property
    def not_before(self) -> dt.datetime: ...
    @property
    def expires(self) -> dt.datetime | None: ...


class Claimed(Protocol):
    """A message held until the lease ends; ``attempts`` counts this one, ``cause`` is the id of what it comes from."""

    @property
    def id(self) -> str: ...
    @property
    def message(self) -> Outgoing: ...
    @property
    def attempts(self) -> int: ...
    @property
    def cause(self) -> str: ...


class Card(Protocol):
    """A card in somebody's chat whose buttons still work."""

    @property
    def id(self) -> str: ...
    @property
    def to(self) -> str: ...
    @property
    def response_code(self) -> str: ...
    @property
    def duties(self) -> tuple[str, ...]: ...


class People(Protocol):
    def person(self, userid: str) -> Person | None: ...
    def pupils(self, ids: Iterable[str]) -> dict[str, Pupil]: ...


class Cases(Protocol):
    """Cases and duties, as the sweep asks for them."""

    def waking(self, limit: int) -> tuple[Sequence[str], Sequence[str]]: ...
    def unheld(self, pupils: Iterable[str], units: Iterable[str]) -> tuple[Sequence[str], Sequence[str]]:
        """Those of whom nobody else records anything now, locked."""

    def next_wake(self) -> dt.datetime | None: ...
    def refresh(self, pupils: Collection[str] = (), units: Collection[str] = ()) -> Sequence[Change]: ...
    def due(self, day_from: dt.date, day_to: dt.date, status: str = "open") -> Iterator[Duty]: ...
    def untold(self, day: dt.date, step: str) -> Sequence[Duty]:
        """Open duties due on that day of which nobody has been told at that step."""

    def moved(self, known: Iterable[Duty]) -> Collection[str]:
        """The ids of those duties that do not stand any more as known; the others stand until this transaction ends."""

    def cases(self, ids: Iterable[str]) -> Mapping[str, Case]: ...
    def facts(self, pupil: str) -> Sequence[Fact]: ...
    def facts_of(self, pupils: Iterable[str]) -> Mapping[str, Sequence[Fact]]: ...
    def facts_between(
        self, start: dt.date, end: dt.date, kinds: Iterable[str] | None = None, rule: str | None = None
    ) -> Sequence[Fact]: ...
    def between_schools(self) -> Sequence[str]: ...
    def duty(self, id: str) -> Duty | None: ...
    def fact(self, id: str) -> Fact | None: ...
    def duties(
        self, pupil: str | None = None, unit: str | None = None, status: str | None = "open"
    ) -> Sequence[Duty]: ...
    def duties_of(self, pupils: Iterable[str], status: str | None = "open") -> Mapping[str, Sequence[Duty]]: ...
    def standing(self, states: Collection[str]) -> Sequence[str]:
        """The pupils of the whole county in these states, the longest absent first."""


class Evidence(Protocol):
    """Photos and files, as the sweep asks for them."""

    def of_facts(self, facts: Collection[str]) -> Mapping[str, Sequence[Any]]: ...


class Outbox(Protocol):
    """The outbox, as the sweep and the sender ask for it."""

    def queue_all(self, messages: Iterable[Any]) -> int: ...
    def claim(self, real_now: dt.datetime, limit: int, lease_seconds: float) -> Sequence[Claimed]: ...
    def sent_all(self, marks: Sequence[tuple[str, str, str | None]], real_now: dt.datetime) -> None: ...
    def later(self, id: str, real_now: dt.datetime, again_at: dt.datetime, error: str) -> None: ...
    def dead(self, id: str, real_now: dt.datetime, error: str) -> None: ...
    def expired(self, id: str) -> None: ...
    def settled_cards(self, since: dt.datetime) -> Sequence[Card]:
        """Cards sent since then (real time) of which no duty is open any more."""

    def spent(self, ids: Iterable[str]) -> None:
        """The response codes of these cards have been used."""

    def next_hour(self) -> dt.datetime | None: ...
    def sent_to(self, person: str, since: dt.datetime) -> Sequence[Outgoing]:
        """What was queued for a person since then, oldest first."""

    def said_all(self, notes: Iterable[tuple[str, str, str, str]]) -> int:
        """Note many (duty, step, person, key) at once; what was said before stays as it is. Returns how many were new."""

    def noted_once(self, subject: str, steps: Sequence[str]) -> Mapping[str, Mapping[str, dt.datetime]]:
        """By step: who is noted under a subject that is no duty, and since when."""

    def noted(self, duty_ids: Iterable[str], daily: str) -> Mapping[tuple[str, str, str], dt.datetime]: ...
    def snoozed(self, since: dt.datetime) -> Mapping[tuple[str, str], dt.datetime]:
        """Until when each person's reminders about a pupil wait; those that ended since then too."""

    def under_way(self, people: Iterable[str], real_now: dt.datetime, seconds: float) -> Mapping[str, int]:
        """How many messages each was sent in the last seconds, those claimed at the moment included."""

    def give_back(self, ids: Sequence[str], real_now: dt.datetime, again_at: dt.datetime) -> None:
        """Give back what was not tried: free again at ``again_at``, the attempt not counted."""


class Tallies(Protocol):
    """Counts of pupils, as the sweep asks for them."""

    def by_class(self, scope: Scope) -> Mapping[str | None, Mapping[str, int]]: ...


class Work(Protocol):
    """One short transaction at a moment of the county's clock."""

    @property
    def now(self) -> dt.datetime: ...
    @property
    def people(self) -> People: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def evidence(self) -> Evidence: ...
    @property
    def tallies(self) -> Tallies: ...
    @property
    def world(self) -> World: ...


class Store(Protocol):
    def begin(self, now: dt.datetime) -> AbstractContextManager[Work]: ...
    def look(self, now: dt.datetime, *, long: bool = False) -> AbstractContextManager[Work]: ...


class Receipt(Protocol):
    """A message was taken; ``invalid`` and ``unlicensed`` are receivers, in lower case, who will not get it."""

    @property
    def msgid(self) -> str: ...
    @property
    def response_code(self) -> str: ...
    @property
    def invalid(self) -> Collection[str]: ...
    @property
    def unlicensed(self) -> Collection[str]: ...


class Courier(Protocol):
    """The way to WeChat Work. Both calls raise ``bot.wecom.errors.WecomError``, read by ``retry.fault_of``.

    The same message gives the same bytes, so that sending it again after a crash is not delivered twice.
    """

    def send(self, to: str, text: str, card: Mapping[str, Any] | None) -> Receipt: ...
    def grey(self, person: str, response_code: str, words: str) -> None: ...
