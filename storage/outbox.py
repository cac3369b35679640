"""Everything unasked that is to be said: queued with the facts, claimed by any number of senders, sent once.

``work.now`` is the county's clock and decides whether a message's hour has come; ``real_now`` is real time
and decides leases and retries, also in a demo whose clock is turned.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from storage import moments, tables
from storage.columns import LONG_AGO
from storage.prepared import Prepared, given, of_county
from storage.session import chunks, new_id
from storage.spoken import Said, Spoken

outbox, said, duties = tables.outbox, tables.said, tables.duties
_FREE = (
    sa.select(outbox.c.id)
    .where(
        of_county(outbox),
        outbox.c.state == given("state"),
        outbox.c.free_at <= given("real_now"),
        outbox.c.not_before <= given("now"),
    )
    .order_by(outbox.c.free_at, outbox.c.not_before, outbox.c.id)
    .limit(given("limit", kind=sa.Integer()))
    .with_for_update(skip_locked=True)
    .cte("free")
)
_CLAIM = Prepared(
    sa.update(outbox)
    .where(of_county(outbox), outbox.c.id.in_(sa.select(_FREE.c.id)))
    .values(free_at=given("until"), attempts=outbox.c.attempts + 1)
    .returning(outbox)
)
_SENT = Prepared(
    sa.update(outbox)
    .where(of_county(outbox), outbox.c.id == given("key"))
    .values(state="sent", sent_at=given("at"), msgid=given("msgid_"), response_code=given("code"), error=None)
)


__all__ = ["Card", "Claimed", "Dead", "Depth", "Outbox", "Outgoing", "Said"]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to one person. ``key`` is unique: queued again, it is not sent again.

    ``not_before`` and ``expires`` are on the county's clock; an expired message is marked, not sent.
    """

    key: str
    to: str
    text: str
    not_before: dt.datetime
    card: dict[str, Any] | None = None
    rules: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    expires: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this sender holds until its lease ends; ``attempts`` counts this one.

    ``cause``: the id of the message that it comes from; empty where the clock brought it on.
    """

    id: str
    message: Outgoing
    attempts: int
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Dead:
    """A message given up, with the error, for an operator to see and send again."""

    id: str
    message: Outgoing
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class Card:
    """A card in somebody's chat whose buttons still work, though nothing that it asks for is owed any more."""

    id: str
    to: str
    response_code: str
    duties: tuple[str, ...]


class Depth(NamedTuple):
    """How many messages wait although their hour has come, and since when the oldest does."""

    waiting: int
    oldest: dt.datetime | None


class Outbox(Spoken):
    """The queue, and with it the notes of what was said."""

    def queue(self, message: Outgoing) -> bool:
        """Queue a message; False if one with this key was queued before."""
        return self.queue_all([message]) == 1

    def queue_all(self, messages: Iterable[Outgoing]) -> int:
        """Queue many; returns how many were new."""
        return self._session.add_all_new(outbox, (self._row(message) for message in messages))

    def claim(self, real_now: dt.datetime, limit: int, lease_seconds: float) -> list[Claimed]:
        """Take messages whose hour has come and that no other sender holds; the oldest first.

        The lease ends by itself, so what a killed sender held is sent by another.
        """
        until = real_now + dt.timedelta(seconds=lease_seconds)
        rows = self._session.rows(
            _CLAIM, state="waiting", real_now=real_now, now=self._session.now, limit=limit, until=until
        )
        return [
            Claimed(row.id, self._message(row), row.attempts, row.cause)
            for row in sorted(rows, key=lambda row: (row.not_before, row.id))
        ]

    def under_way(self, people: Iterable[str], real_now: dt.datetime, seconds: float) -> dict[str, int]:
        """How many messages each of these people was sent in the last seconds, those claimed at the moment included."""
        since = real_now - dt.timedelta(seconds=seconds)
        lately = sa.or_(
            outbox.c.sent_at > since,
            sa.and_(outbox.c.state == "waiting", outbox.c.attempts > 0, outbox.c.free_at > real_now),
        )
        count: dict[str, int] = {}
        for batch in chunks(people):
            query = sa.select(outbox.c.person, sa.func.count()).where(
                self._session.here(outbox), outbox.c.person.in_(batch), lately
            )
            count |= {row[0]: row[1] for row in self._session.run(query.group_by(outbox.c.person))}
        return count

    def sent(self, id: str, real_now: dt.datetime, msgid: str, response_code: str | None = None) -> None:
        """Mark as sent; ``response_code`` is what updates the card later (update_template_card)."""
        self.sent_all([(id, msgid, response_code)], real_now)

    def sent_all(self, marks: Sequence[tuple[str, str, str | None]], real_now: dt.datetime) -> None:
        """Mark many as sent at once: (id, msgid, response code) of each."""
        if not marks:
            return
        county = self._session.county
        _SENT.run_many(
            self._session.connection,
            [{"county": county, "key": i, "at": real_now, "msgid_": m, "code": c} for i, m, c in marks],
        )

    def later(self, id: str, real_now: dt.datetime, again_at: dt.datetime, error: str) -> None:
        """Give back after a failure; free again at ``again_at`` (real time)."""
        self._mark(id, free_at=max(again_at, real_now), error=error)

    def give_back(self, ids: Sequence[str], real_now: dt.datetime, again_at: dt.datetime) -> None:
        """Give back what was not tried (the whole queue waits); the attempt is not counted."""
        for batch in chunks(ids):
            self._session.run(
                sa.update(outbox)
                .where(self._session.here(outbox), outbox.c.id.in_(batch), outbox.c.state == "waiting")
                .values(free_at=max(again_at, real_now), attempts=outbox.c.attempts - 1)
            )

    def dead(self, id: str, real_now: dt.datetime, error: str) -> None:
        """Give up; the message stays for an operator to see."""
        self._mark(id, state="dead", sent_at=real_now, error=error)

    def expired(self, id: str) -> None:
        """Its time has passed unsent (the service was down): kept, not sent."""
        self._mark(id, state="expired")

    def _mark(self, id: str, **values: Any) -> None:
        self._session.run(
            sa.update(outbox)
            .where(self._session.here(outbox), outbox.c.id == id, outbox.c.state == "waiting")
            .values(**values)
        )

    def resend(self, id: str) -> bool:
        """Put a dead or expired message back into the queue; False if it is neither."""
        done = self._session.run(
            sa.update(outbox)
            .where(self._session.here(outbox), outbox.c.id == id, outbox.c.state.in_(("dead", "expired")))
            .values(state="waiting", free_at=LONG_AGO, attempts=0, expires=None, sent_at=None)
        )
        return done.rowcount == 1

    def dead_letters(self, limit: int = 100) -> list[Dead]:
        """What was given up, newest first."""
        rows = self._session.run(
            sa.select(outbox)
            .where(self._session.here(outbox), outbox.c.state == "dead")
            .order_by(outbox.c.queued.desc())
            .limit(limit)
        )
        return [Dead(row.id, self._message(row), row.attempts, row.error or "") for row in rows]

    def count_dead(self) -> int:
        """How many messages were given up and neither sent again nor put aside."""
        query = sa.select(sa.func.count()).where(self._session.here(outbox), outbox.c.state == "dead")
        count: int = self._session.run(query).scalar_one()
        return count

    def depth(self) -> Depth:
        """What waits although its hour has come."""
        row = self._session.run(
            sa.select(sa.func.count(), sa.func.min(outbox.c.not_before)).where(
                self._session.here(outbox), outbox.c.state == "waiting", outbox.c.not_before <= self._session.now
            )
        ).one()
        return Depth(row[0], row[1])

    def next_hour(self) -> dt.datetime | None:
        """When the next waiting message may go, on the county's clock."""
        return moments.next_hour(self._session)

    def message(self, key: str) -> tuple[Outgoing, str | None] | None:
        """What was queued under a key, and its card's response code once sent."""
        row = self._session.run(sa.select(outbox).where(self._session.here(outbox), outbox.c.key == key)).one_or_none()
        return (self._message(row), row.response_code) if row is not None else None

    def settled_cards(self, since: dt.datetime, limit: int = 200) -> list[Card]:
        """Cards sent since then (real time) of which no duty is open any more."""
        told = sa.select(said.c.duty_id).where(self._session.here(said), said.c.key == outbox.c.key)
        owed = told.join(duties, duties.c.id == said.c.duty_id).where(
            self._session.here(duties), duties.c.status == "open"
        )
        query = sa.select(outbox.c.id, outbox.c.person, outbox.c.response_code, outbox.c.duties).where(
            self._session.here(outbox),
            outbox.c.response_code.is_not(None),
            outbox.c.sent_at > since,
            sa.exists(told),
            ~sa.exists(owed),
        )
        rows = self._session.run(query.order_by(outbox.c.sent_at).limit(limit))
        return [Card(row.id, row.person, row.response_code, tuple(row.duties)) for row in rows]

    def spent(self, ids: Iterable[str]) -> None:
        """The response codes of these cards have been used; each works once (update_template_card)."""
        for batch in chunks(ids):
            mine = sa.update(outbox).where(self._session.here(outbox), outbox.c.id.in_(batch))
            self._session.run(mine.values(response_code=None))

    def sent_to(self, person: str, since: dt.datetime) -> list[Outgoing]:
        """What was queued for a person since then, oldest first."""
        rows = self._session.run(
            sa.select(outbox)
            .where(self._session.here(outbox), outbox.c.person == person, outbox.c.queued >= since)
            .order_by(outbox.c.queued, outbox.c.id)
        )
        return [self._message(row) for row in rows]

    def _row(self, message: Outgoing) -> dict[str, Any]:
        content = {"text": message.text, "card": message.card}
        return {
            "id": new_id(self._session.now),
            "key": message.key,
            "person": message.to,
            "content": self._session.sealer.own.seal_json(content, f"outbox/{message.key}"),
            "rules": list(message.rules),
            "duties": list(message.duties),
            "not_before": message.not_before,
            "expires": message.expires,
            "state": "waiting",
            "free_at": LONG_AGO,
            "attempts": 0,
            "queued": self._session.now,
            "cause": self._session.cause[:160],
        }

    def _message(self, row: sa.Row[Any]) -> Outgoing:
        content: dict[str, Any] = {"text": "", "card": None}
        if row.content is not None:
            content = self._session.sealer.own.open_json(row.content, f"outbox/{row.key}")
        return Outgoing(
            key=row.key,
            to=row.person,
            text=content["text"] or "",
            card=content["card"],
            rules=tuple(row.rules),
            duties=tuple(row.duties),
            not_before=row.not_before,
            expires=row.expires,
        )
