"""What came of a soak: everything acknowledged is stored once with all that follows from it, everything due is sent once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from bot.simulator.state import State
from storage import tables
from storage.outbox import Outgoing
from storage.rebuilding import rebuild
from storage.store import Store

RECORDED = "已记"


@dataclass(frozen=True, slots=True)
class Told:
    """A report that was answered 200: of whom, in which words."""

    by: str
    words: str


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
    store: Store, state: State, now: dt.datetime, acknowledged: Mapping[str, Told], queued: Iterable[Outgoing],
    unanswered: int = 0,
) -> Judgement:  # fmt: skip
    """Hold what stands in the database against what was acknowledged and what members received; ``unanswered`` are those
    that were given up, of whom nothing is demanded."""
    found = Judgement(len(acknowledged))
    if 2 * unanswered > len(acknowledged):
        found.faults.append(f"{unanswered} messages found nobody who answered: too little was tried")
    _reports(store, now, acknowledged, found)
    _messages(store, state, now, list(queued), found)
    if store.engine.dialect.name == "sqlite":
        with store.engine.connect() as connection:
            said = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        if said != "ok":
            found.faults.append(f"integrity_check: {said}")
    if differences := rebuild(store, now, check=True):
        found.faults.append(f"{len(differences)} projections differ from the facts")
    with store.look(now) as work:
        if altered := work.audit.verify():
            found.faults.append(f"the trail's chain breaks at {altered}")
    return found


def _reports(store: Store, now: dt.datetime, acknowledged: Mapping[str, Told], found: Judgement) -> None:
    """Each is of one child and can be recorded: whatever else it was answered, somebody's word about a child is gone."""
    facts = tables.facts
    with store.look(now) as work:
        replies = {
            row.key: row
            for who in {told.by for told in acknowledged.values()}
            for row in work.inbox.recent(who, dt.datetime.min, 10_000)
        }
        query = sa.select(facts.c.source, facts.c.kind, facts.c.pupil_id).where(work.session.here(facts))
        written = Counter((row.source, str(row.kind), row.pupil_id) for row in work.session.run(query))
        pupils = work.people.pupils({id for source, _, id in written if source in acknowledged})
    about = {source: pupils[id].name for source, _, id in written if source in acknowledged}
    for key, told in acknowledged.items():
        row = replies.get(key)
        if row is None or row.reply is None:
            found.lost += 1
        elif not (row.reply.startswith(RECORDED) and row.text == told.words):
            found.faults.append(f"{key} was kept as {row.text!r} and answered {row.reply!r}")
        elif about.get(key, "?") not in told.words:
            found.faults.append(f"{key} was answered {RECORDED}, but no fact of its child stands for it")
        else:
            found.stored += 1
    found.doubled += sum(count - 1 for count in written.values())
    recorded = {key for key, row in replies.items() if (row.reply or "").startswith(RECORDED)}
    if half := {source for source, _, _ in written if source.startswith("msg:")} - recorded:
        unasked = [key for key in half if key in replies]
        if unasked:
            found.faults.append(f"{len(unasked)} facts without the answer that tells of them")


def _messages(store: Store, state: State, now: dt.datetime, queued: Sequence[Outgoing], found: Judgement) -> None:
    """Those that the soak queued are known one by one; of all others it is counted how many each member got, so that one
    doubled does not stand for one lost."""
    outbox = tables.outbox
    with store.look(now) as work:
        rows = list(work.session.run(sa.select(outbox).where(work.session.here(outbox), outbox.c.not_before <= now)))
    mine = {message.key: (message.to.lower(), message.text) for message in queued}
    keys = {row.key for row in rows}
    missing = [key for key in mine if key not in keys]
    found.due = len(rows) + len(missing)
    known = set(mine.values())
    with state.lock:
        lines = [(line.userid.lower(), line.text) for line in state.lines.values() if line.pushed]
    received = Counter(line if line in known else line[0] for line in lines)
    sent = Counter(mine.get(row.key, row.person.lower()) for row in rows if row.state == "sent")
    found.sent = received.total()
    found.doubled += (received - sent).total()
    unsent = Counter(row.state for row in rows if row.state != "sent")
    found.lost += len(missing) + unsent.total() + (sent - received).total()
    if unsent:
        found.faults.append(
            f"not sent: {dict(unsent)}; {dict(Counter(row.error for row in rows if row.state != 'sent'))}"
        )
