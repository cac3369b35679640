"""What came in: taken in once by its key, answered once; the open question and the list last shown in a talk with a person."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage import tables
from storage.prepared import Prepared, given, of_county
from storage.session import Session, new_id

counties, inbox, talks, unknowns = tables.counties, tables.inbox, tables.talks, tables.unknowns
_MINE = sa.and_(of_county(inbox), inbox.c.key == given("key"))
_KNOWN = (
    sa.select(inbox.c.key)
    .where(of_county(inbox), inbox.c.key >= given("key"), inbox.c.key <= given("key"))
    .order_by(inbox.c.key)
    .limit(sa.literal_column("1"))
)
"""The order keeps PostgreSQL to the key's index: for a table that is still small it takes any, and keeps that plan."""
_REPLY = Prepared(sa.select(inbox.c.reply).where(_MINE))
_TAKING = Prepared(
    sa.select(
        sa.func.pg_advisory_xact_lock(
            sa.func.hashtextextended(given("county", kind=sa.String()) + "/inbox/" + given("key", kind=sa.String()), 0)
        ).is_(None)
    )
)
"""PostgreSQL: whoever takes the same message in waits until we have answered it."""
_RECENT = (
    sa.select(sa.func.count().label("many"))
    .select_from(inbox)
    .where(of_county(inbox), inbox.c.person == given("person"), inbox.c.at >= given("since"))
)
_COUNT = Prepared(_RECENT)
_OPEN = sa.select(talks.c.state).where(
    of_county(talks), talks.c.person == given("person"), talks.c.expires > given("now")
)
_TALK = Prepared(_OPEN)
_OPENING = Prepared(
    sa.select(
        sa.select(counties.c.version).where(of_county(counties)).scalar_subquery().label("version"),
        _RECENT.scalar_subquery().label("many"),
        _OPEN.scalar_subquery().label("talk"),
        _KNOWN.scalar_subquery().label("known"),
    )
)
IMPATIENT_MS = 300
_HURRYING = Prepared(sa.select(sa.func.set_config("lock_timeout", str(IMPATIENT_MS), sa.true())))
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether a message is new; if not, the reply it got (None: none yet, or none kept).

    ``recent``: how many the person has sent within a minute, this one among them.
    """

    new: bool
    reply: str | None = None
    recent: int = 0


@dataclass(frozen=True, slots=True)
class Coming:
    """A message as it comes in: its key, the person it is from, its words."""

    key: str
    person: str
    words: str


@dataclass(frozen=True, slots=True)
class Received:
    """A message that came in, and its reply."""

    key: str
    person: str
    at: dt.datetime
    text: str
    reply: str | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A message that was not understood, kept for a clerk to see."""

    id: str
    person: str
    at: dt.datetime
    text: str


class Inbox:
    """Messages taken in once, the replies given, and the open question of each person."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._seal = session.sealer.own
        self._talks: dict[str, bytes | None] = {}
        self._taken: dict[str, dict[str, Any]] = {}
        self.version: int | None = None
        """The version of the register, where it was read with a message."""

    def take_in(self, key: str, userid: str, raw: str, real_now: dt.datetime) -> Taken:
        """Take a message in (faults 5, 6, 20, 22); a new one must be answered, and is kept with its answer, in one row.

        Who takes the same one in at the same moment waits until this transaction ends.
        """
        return self.take_in_all([Coming(key, userid, raw)], real_now)[0]

    def take_in_all(self, many: Sequence[Coming], real_now: dt.datetime, patient: bool = True) -> list[Taken]:
        """The same for several, each with a key of its own, in the order in which they came.

        Without patience, on PostgreSQL, this transaction waits ``IMPATIENT_MS`` at most for what others hold: ``Busy``.
        """
        asked: list[tuple[Prepared, dict[str, Any]]] = []
        if self._session.is_postgresql:
            asked = [] if patient else [(_HURRYING, {})]
            asked += [(_TAKING, {"key": key}) for key in sorted(one.key for one in many)]  # in one order, whoever does
        since = {"since": real_now - MINUTE, "now": self._session.now}
        openings = [(_OPENING, {"key": one.key, "person": one.person, **since}) for one in many]
        came = self._session.several(*asked, *openings)[len(asked) :]
        before: Counter[str] = Counter()
        return [self._taken_in(one, opening.rows[0], real_now, before) for one, opening in zip(many, came, strict=True)]

    def _taken_in(self, one: Coming, about: Any, real_now: dt.datetime, before: Counter[str]) -> Taken:
        self.version, self._talks[one.person] = about.version, about.talk
        if about.known is None and one.key not in self._taken:
            words = self._seal.seal_text(one.words, f"inbox/{one.key}/words")
            self._taken[one.key] = {"key": one.key, "person": one.person, "at": real_now, "words": words}
            before[one.person] += 1
            return Taken(new=True, recent=about.many + before[one.person])
        kept = self._session.rows(_REPLY, key=one.key)
        return Taken(new=False, reply=self._open(kept[0].reply if kept else None, f"inbox/{one.key}/reply"))

    def answer(self, key: str, reply: str | None) -> None:
        """Keep the message with its reply, so that a retried callback gets the same one; None: with no reply at all."""
        sealed = None if reply is None else self._seal.seal_text(reply, f"inbox/{key}/reply")
        with self._session.in_one_go(wait=False):
            self._session.add_many(inbox, [{**self._taken.pop(key), "reply": sealed}])

    def recent(self, userid: str, since: dt.datetime, limit: int = 100) -> list[Received]:
        """What a person sent since then (real time), newest first."""
        rows = self._session.run(
            sa.select(inbox)
            .where(self._session.here(inbox), inbox.c.person == userid, inbox.c.at >= since)
            .order_by(inbox.c.at.desc())
            .limit(limit)
        )
        return [
            Received(
                row.key,
                row.person,
                row.at,
                self._open(row.words, f"inbox/{row.key}/words") or "",
                self._open(row.reply, f"inbox/{row.key}/reply"),
            )
            for row in rows
        ]

    def count_recent(self, userid: str, since: dt.datetime) -> int:
        """How many messages a person sent since then (real time): for the rate limit (faults 38)."""
        count: int = self._session.rows(_COUNT, person=userid, since=since)[0].many
        return count

    def keep_unknown(self, userid: str, text: str) -> None:
        """Keep a message that was not understood, for a clerk to see."""
        id = new_id(self._session.now)
        words = self._seal.seal_text(text, f"unknowns/{id}")
        self._session.add_new(unknowns, {"id": id, "person": userid, "at": self._session.now, "words": words})

    def unknowns(self, limit: int = 50) -> list[Unknown]:
        """What was not understood, newest first."""
        rows = self._session.run(
            sa.select(unknowns).where(self._session.here(unknowns)).order_by(unknowns.c.at.desc()).limit(limit)
        )
        return [Unknown(row.id, row.person, row.at, self._open(row.words, f"unknowns/{row.id}") or "") for row in rows]

    def drop_unknown(self, id: str) -> None:
        """A clerk has dealt with it."""
        self._session.run(sa.delete(unknowns).where(self._session.here(unknowns), unknowns.c.id == id))

    def talk(self, userid: str) -> dict[str, Any] | None:
        """The open question in the talk with a person, None if there is none or it has expired."""
        question: dict[str, Any] | None = self._part(userid, "question")
        return question

    def set_talk(self, userid: str, state: dict[str, Any], expires: dt.datetime) -> None:
        """Keep the open question in the talk with a person, in place of what was; the list last shown stays known."""
        self._keep(userid, {**self._parts(userid), "question": [expires.isoformat(), state]})

    def end_talk(self, userid: str) -> bool:
        """No question is open any more; False if none was: another message has answered first."""
        mine = sa.and_(self._session.here(talks), talks.c.person == userid)
        parts, before = self._parts(userid), self._talks.pop(userid, None)
        if not parts.pop("question", None):
            return False
        if not parts:
            return self._session.run(sa.delete(talks).where(mine)).rowcount == 1
        left = sa.update(talks).where(mine, talks.c.state == before).values(self._row(userid, parts))
        return self._session.run(left).rowcount == 1

    def shown(self, userid: str) -> list[str]:
        """What the numbers of the list that this person saw last stand for, the first first; empty when that was long ago."""
        return list(self._part(userid, "shown") or ())

    def show(self, userid: str, refs: Sequence[str], expires: dt.datetime) -> None:
        """This person sees a list with numbers, which count until then; an open question stays open."""
        self._keep(userid, {**self._parts(userid), "shown": [expires.isoformat(), list(refs)]})

    def _part(self, userid: str, name: str) -> Any:
        return self._parts(userid).get(name, [None, None])[1]

    def _parts(self, userid: str) -> dict[str, list[Any]]:
        """What has not expired of the talk, each part with the moment until which it counts."""
        if userid not in self._talks:
            rows = self._session.rows(_TALK, person=userid, now=self._session.now)
            self._talks[userid] = rows[0].state if rows else None
        sealed = self._talks[userid]
        kept = {} if sealed is None else self._seal.open_json(sealed, f"talks/{userid}")
        return {
            name: part
            for name, part in kept.items()
            if name in ("question", "shown") and dt.datetime.fromisoformat(part[0]) > self._session.now
        }

    def _keep(self, userid: str, parts: dict[str, list[Any]]) -> None:
        self._session.put(talks, [{"person": userid, **self._row(userid, parts)}], ["person"])
        self._talks.pop(userid, None)

    def _row(self, userid: str, parts: dict[str, list[Any]]) -> dict[str, Any]:
        """The whole talk sealed, and when its last part ends."""
        ends = max(dt.datetime.fromisoformat(part[0]) for part in parts.values())
        return {"state": self._seal.seal_json(parts, f"talks/{userid}"), "expires": ends}

    def _open(self, sealed: bytes | None, identity: str) -> str | None:
        return None if sealed is None else self._seal.open_text(sealed, identity)
