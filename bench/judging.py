"""What came of a soak: everything acknowledged is stored once with all that follows from it, everything due is sent once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from bot.simulator.state import State
from storage import tables
from storage.outbox import Outgoing
from storage.rebuilding import rebuild
from storage.store import Store

RECORDED = "已记"


@dataclass(slots=True)
class Judgement:
    """Counts of the summary line, and a line for each kind of thing that is wrong."""

    acknowledged: int
    stored: int = 0
    due: int = 0
    sent: int = 0
    doubled: int = 0
    lost: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.doubled and not self.lost and not self.faults

    @property
    def summary(self) -> str:
        counts = ("acknowledged", "stored", "due", "sent", "doubled", "lost")
        return ", ".join(f"{name} {getattr(self, name)}" for name in counts)


def judge(
    store: Store, state: State, now: dt.datetime, acknowledged: Mapping[str, str], queued: Iterable[Outgoing]
) -> Judgement:
    """Hold what stands in the database against what was acknowledged and what members received."""
    found = Judgement(len(acknowledged))
    _reports(store, now, acknowledged, found)
    _messages(store, state, now, queued, found)
    if store.engine.dialect.name == "sqlite":
        with store.engine.connect() as connection:
            said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        if said != "ok":
            found.faults.append(f"integrity_check: {said}")
    if differences := rebuild(store, now, check=True):
        found.faults.append(f"{len(differences)} projections differ from the facts")
    return found


def _reports(store: Store, now: dt.datetime, acknowledged: Mapping[str, str], found: Judgement) -> None:
    facts = tables.facts
    with store.look(now) as work:
        replies = {
            row.key: row
            for who in set(acknowledged.values())
            for row in work.inbox.recent(who, dt.datetime.min, 10_000)
        }
        query = sa.select(facts.c.source, facts.c.kind, facts.c.pupil_id).where(work.session.here(facts))
        written = Counter((row.source, str(row.kind), row.pupil_id) for row in work.session.run(query))
    sources = {source for source, _, _ in written}
    for key in acknowledged:
        row = replies.get(key)
        if row is None or row.reply is None:
            found.lost += 1
        elif row.reply.startswith(RECORDED) and key not in sources:
            found.faults.append(f"{key} was answered {RECORDED}, but no fact stands for it")
        else:
            found.stored += 1
    found.doubled += sum(count - 1 for count in written.values())
    recorded = {key for key, row in replies.items() if (row.reply or "").startswith(RECORDED)}
    if half := {source for source in sources if source.startswith("msg:")} - recorded:
        unasked = [key for key in half if key in replies]
        if unasked:
            found.faults.append(f"{len(unasked)} facts without the answer that tells of them")


def _messages(store: Store, state: State, now: dt.datetime, queued: Iterable[Outgoing], found: Judgement) -> None:
    outbox = tables.outbox
    with store.look(now) as work:
        rows = list(work.session.run(sa.select(outbox).where(work.session.here(outbox), outbox.c.not_before <= now)))
    keys = {row.key for row in rows}
    missing = [message.key for message in queued if message.key not in keys]
    found.due = len(rows) + len(missing)
    received: Counter[str] = Counter()
    with state.lock:
        lines = [line for line in state.lines.values() if line.pushed]
    for line in lines:
        received[line.userid.lower()] += 1
    sent: Counter[str] = Counter(row.person.lower() for row in rows if row.state == "sent")
    found.sent = sum(received.values())
    found.doubled += sum(max(0, received[who] - sent[who]) for who in received)
    unsent = Counter(row.state for row in rows if row.state != "sent")
    found.lost += len(missing) + sum(unsent.values()) + sum(max(0, sent[who] - received[who]) for who in sent)
    if unsent:
        found.faults.append(
            f"not sent: {dict(unsent)}; {dict(Counter(row.error for row in rows if row.state != 'sent'))}"
        )
