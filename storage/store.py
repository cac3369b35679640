"""The store of one county: one short transaction at a time, with all rooms of it at hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property

import sqlalchemy as sa

from casework.duties import assess
from casework.rounds import owed
from casework.scope import Scope, World
from storage import tables
from storage.assessing import Rules
from storage.audit import Audit
from storage.cases import Cases
from storage.engine import Unavailable, build_engine, told_plainly
from storage.evidence import Evidence
from storage.frozen import Reports
from storage.inbox import Inbox
from storage.links import Links
from storage.names import Staff, foresee, read_staff
from storage.numbers import Numbers
from storage.outbox import Outbox
from storage.paces import Paces
from storage.people import People
from storage.prepared import Prepared, of_county
from storage.proposals import Proposals
from storage.pupils import AsWritten, NameFold
from storage.ready import Ready
from storage.retention import forget_words
from storage.rolls import Rolls
from storage.sealing import MasterKeys, Sealer
from storage.sending import let_think
from storage.session import Cause, Session
from storage.tallies import Tallies
from storage.tokens import Tokens
from storage.turns import turns_of
from storage.vitals import Vitals, vitals
from storage.world import read_world

counties = tables.counties
CASEWORK = Rules(assess, owed)
_VERSION = Prepared(sa.select(counties.c.version).where(of_county(counties)))

__all__ = ["CountyUnclear", "Store", "Unavailable", "Work", "open_store"]


class CountyUnclear(Exception):
    """The database holds no county, not the one asked for, or several and none was named."""


@dataclass(frozen=True, slots=True)
class Register:
    """What every message needs of a version of the register, read once for all transactions of a process."""

    version: int
    world: World
    staff: Staff


class Work:
    """One transaction of one county. ``now`` is the county's wall-clock time, naive."""

    def __init__(self, store: Store, session: Session) -> None:
        self.now: dt.datetime = session.now
        self.session = replace(session, graduates=self._graduates)
        self._store = store
        self._world: World | None = None
        self._staff: Staff | None = None
        self._shown: Register | None = None
        self._register_changed = False

    @cached_property
    def people(self) -> People:
        return People(self.session, self._store.fold, self._on_change, self._known_staff)

    @cached_property
    def cases(self) -> Cases:
        return Cases(self.session, self.people, self._store.rules, lambda: self.world)

    @cached_property
    def tallies(self) -> Tallies:
        return Tallies(self.session, self.people)

    @cached_property
    def ready(self) -> Ready:
        return Ready(self.session)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.session)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.session)

    @cached_property
    def evidence(self) -> Evidence:
        return Evidence(self.session)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.session)

    @cached_property
    def reports(self) -> Reports:
        return Reports(self.session)

    @cached_property
    def proposals(self) -> Proposals:
        return Proposals(self.session)

    @cached_property
    def links(self) -> Links:
        return Links(self.session)

    @cached_property
    def numbers(self) -> Numbers:
        return Numbers(self.session)

    @cached_property
    def rolls(self) -> Rolls:
        return Rolls(self.session)

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens(self.session)

    @cached_property
    def paces(self) -> Paces:
        return Paces(self.session)

    def answering(self, cause: str) -> None:
        """What is written from now on comes of this message."""
        self.session.brought_on_by.key = cause

    def foresee(self, asked: Sequence[tuple[Scope, list[str]]]) -> None:
        """Look up in one turn the names that will be asked for next, each within what one person may see."""
        foresee(self.session, self._known_staff(), asked)

    @property
    def knows_old(self) -> bool:
        """Whether this transaction has changed units, posts, days or pupils, so that what it knew of them may be old."""
        return self._register_changed or self.session.foreseen.old

    def forget_words(self, before: dt.datetime) -> int:
        """Blank the words of messages older than that; returns how many rows."""
        return forget_words(self.session, before)

    def vitals(self) -> Vitals:
        """How the records stand, for who runs the server."""
        return vitals(self.session, self.now.date())

    @property
    def world(self) -> World:
        """Directory, calendar and policy, as this transaction sees them."""
        if self._world is None:
            # A register that this transaction changed is nobody else's until it commits.
            self._world = read_world(self.session, self.people) if self._register_changed else self._shared().world
        return self._world

    def _graduates(self) -> Sequence[str] | None:
        here = self._shown.world if self._shown and not self._register_changed else self._world
        return here.directory.graduates if here else None

    def _known_staff(self) -> Staff:
        if self._staff is None:
            self._staff = read_staff(self.session) if self._register_changed else self._shared().staff
        return self._staff

    def _shared(self) -> Register:
        if self._shown is None:
            version = self.inbox.version
            if version is None:
                version = self.session.rows(_VERSION)[0].version
            self._shown = self._store.register_of(version, self._read)
        return self._shown

    def _read(self, version: int) -> Register:
        return Register(version, read_world(self.session, self.people), read_staff(self.session))

    def _on_change(self) -> None:
        if not self._register_changed:
            counted = sa.update(counties).where(self.session.here(counties))
            self.session.run(counted.values(version=counties.c.version + 1))
        self._register_changed = True
        self._world = self._staff = None


class Store:
    """A county in a database. Threads and processes may share the database; each ``Work`` is one thread's."""

    def __init__(
        self,
        engine: sa.Engine,
        county: str,
        sealer: Sealer,
        fold: NameFold | None = None,
        rules: Rules = CASEWORK,
    ) -> None:
        self.engine = engine
        self.county = county
        self.sealer = sealer
        self.fold = fold or AsWritten()
        self.rules = rules
        self._turns = turns_of(engine)
        self._known: Register | None = None

    @contextmanager
    def begin(self, now: dt.datetime, together: bool = False, cause: str = "") -> Iterator[Work]:
        """One short write transaction: committed on leaving, rolled back on an exception. Raises ``Unavailable``.

        ``together``: so short that on SQLite it may share its commit with those who wait. ``cause``: the id of the
        message behind it, which its letters carry.
        """
        try:
            with told_plainly(), self._turns.together() if together else self._turns.alone() as connection:
                yield Work(self, Session(connection, self.county, self.sealer, now, Cause(cause)))
        except Unavailable:
            self._known = None  # it may be of a register that was never committed
            raise

    @property
    def one_writer(self) -> bool:
        """Whether writers wait for one another, so that what can be thought of before should be."""
        return self._turns.one_by_one

    @contextmanager
    def look(self, now: dt.datetime, aside: bool = False, long: bool = False) -> Iterator[Work]:
        """One consistent view, for reading alone. Raises ``Unavailable``.

        ``aside``: to think before one writes, when no other thread of this process is writing. ``long``: it may think for
        minutes; else PostgreSQL ends one in which nothing is asked for a minute.
        """
        with told_plainly(), self._turns.aside() if aside else self._turns.beside() as connection:
            if long:
                let_think(connection)
            yield Work(self, Session(connection, self.county, self.sealer, now))

    def register_of(self, version: int, read: Callable[[int], Register]) -> Register:
        """A version of the register, read only when it is another than before."""
        if (known := self._known) is None or known.version != version:
            known = self._known = read(version)
        return known

    def close(self) -> None:
        self._turns.close()
        self.engine.dispose()


def open_store(
    url: str | sa.Engine,
    county: str | None = None,
    *,
    data_keys: Sequence[bytes],
    fold: NameFold | None = None,
    rules: Rules = CASEWORK,
) -> Store:
    """The store of a county, by default of the only one there. Raises ``CountyUnclear``, ``KeyUnknown``, ``Unavailable``."""
    engine = build_engine(url) if isinstance(url, str) else url
    with told_plainly(), engine.execution_options(writes=False).begin() as connection:
        query = sa.select(counties.c.county_id, counties.c.county_key, counties.c.index_key)
        rows = connection.execute(query if county is None else query.where(counties.c.county_id == county)).all()
    if len(rows) != 1:
        raise CountyUnclear(county or ", ".join(row.county_id for row in rows))
    row = rows[0]
    sealer = Sealer(MasterKeys(data_keys), row.county_id, row.county_key, row.index_key)
    return Store(engine, row.county_id, sealer, fold, rules)
