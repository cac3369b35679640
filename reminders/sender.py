"""Claims what is due, hands it to the courier, and marks what became of it. Any number of these may run.

No transaction is open while the network is asked. A crash between WeChat Work's "ok" and the mark sends
the same bytes again, which its duplicate check swallows (faults 25).
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, fields

from casework.scope import ABOVE
from reminders import circle, hours, wording
from reminders.message import Message, key
from reminders.ports import Claimed, Courier, Receipt, Store, Work
from reminders.retry import Decision, Do, Fault, decide, fault_of, spread

log = logging.getLogger(__name__)
BATCH = 1000
LEASE = 300.0
"""Seconds after which another sender may take what a killed one held."""
WORKERS = 8
PER_MINUTE, PER_HOUR = 30, 1000
"""What one member may be sent; WeChat Work silently drops the rest (path/90236)."""
SILENT_TRIES = 3
"""Sendings in a row without any answer after which the whole queue waits."""
SILENT_PAUSE = 15.0


@dataclass(frozen=True, slots=True)
class Sent:
    """How many messages were sent, put off, given up, expired, or given back untried."""

    sent: int = 0
    later: int = 0
    dead: int = 0
    expired: int = 0
    back: int = 0

    def __add__(self, other: Sent) -> Sent:
        return Sent(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(slots=True)
class Gate:
    """Whether this process may send at all: closed while WeChat Work wants the whole queue to wait, and for good when it is
    ``over``: what is on its way arrives, what was only claimed is given back, for a thousand may take minutes.

    Safe for threads. Alarms are raised once, until something is sent again.
    """

    open_from: dt.datetime | None = None
    silent: int = 0
    alarmed: set[int | None] = field(default_factory=set)
    over: Callable[[], bool] = lambda: False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_open(self, real_now: dt.datetime) -> bool:
        return not self.over() and (self.open_from is None or self.open_from <= real_now)

    def heard(self) -> None:
        """A message was taken."""
        with self._lock:
            self.silent = 0
            self.alarmed.clear()

    def failed(self, fault: Fault, decision: Decision, real_now: dt.datetime) -> None:
        """Close for as long as the decision says, and raise one alarm where a person must act."""
        with self._lock:
            if decision.do in (Do.PAUSE, Do.HALT):
                self._close(decision.seconds, real_now)
            elif decision.do is Do.AGAIN and fault.code is None:
                self.silent += 1
                if self.silent >= SILENT_TRIES:
                    self._close(spread(SILENT_PAUSE, str(self.silent)), real_now)
            if decision.tell == "operator" and fault.code not in self.alarmed:
                self.alarmed.add(fault.code)
                log.error("sending failed: errcode=%s %s", fault.code, fault.means)

    def _close(self, seconds: float, real_now: dt.datetime) -> None:
        until = real_now + dt.timedelta(seconds=seconds)
        self.open_from = max(self.open_from or until, until)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message: a receipt, or a fault with its decision; neither when it was not tried."""

    claimed: Claimed
    receipt: Receipt | None = None
    fault: Fault | None = None
    decision: Decision | None = None


def send_due(
    store: Store,
    courier: Courier,
    real_now: dt.datetime,
    local_now: dt.datetime,
    gate: Gate | None = None,
    limit: int = BATCH,
    workers: int = WORKERS,
) -> Sent:
    """Send what is due at ``local_now`` on the county's clock; leases and retries count in ``real_now``."""
    gate = gate or Gate()
    if not gate.is_open(real_now):
        return Sent()
    with store.begin(local_now) as work:
        claimed = work.outbox.claim(real_now, limit, LEASE)
        ready, counts = _sort_out(work, claimed, real_now)
    for outcomes in _carry(courier, ready, gate, real_now, workers):
        with store.begin(local_now) as work:
            counts += _mark(work, outcomes, gate, real_now)
    return counts


def _sort_out(work: Work, claimed: Sequence[Claimed], real_now: dt.datetime) -> tuple[list[Claimed], Sent]:
    """Set aside what has expired, what may not leave at this hour, and what would be too much for one member."""
    ready: list[Claimed] = []
    held: list[str] = []
    expired = 0
    for one in claimed:
        if one.message.expires is not None and one.message.expires <= work.now:
            work.outbox.expired(one.id)
            expired += 1
        elif not may_leave(one, work.now):
            held.append(one.id)
        else:
            ready.append(one)
    if held:
        work.outbox.give_back(held, real_now, real_now)
    ready, crowded = _govern(work, ready, real_now)
    return ready, Sent(expired=expired, back=len(held) + crowded)


def may_leave(one: Claimed, now: dt.datetime) -> bool:
    """A file that somebody asked for comes at any hour; all else is unasked."""
    return hours.in_hours(now) or "make" in (one.message.card or {})


def _govern(work: Work, ready: Sequence[Claimed], real_now: dt.datetime) -> tuple[list[Claimed], int]:
    people = {one.message.to for one in ready}
    over: dict[str, tuple[int, float]] = {}
    for seconds, most in ((3600.0, PER_HOUR), (60.0, PER_MINUTE)):
        count = work.outbox.under_way(people, real_now, seconds)
        over |= {person: (n - most, seconds) for person, n in count.items() if n > most}
    kept: list[Claimed] = []
    crowded = 0
    for one in reversed(ready):
        excess, seconds = over.get(one.message.to, (0, 0.0))
        if excess > 0:
            over[one.message.to] = (excess - 1, seconds)
            work.outbox.give_back([one.id], real_now, real_now + dt.timedelta(seconds=seconds))
            crowded += 1
        else:
            kept.append(one)
    return kept[::-1], crowded


def _carry(
    courier: Courier, ready: Sequence[Claimed], gate: Gate, real_now: dt.datetime, workers: int
) -> Iterable[list[Outcome]]:
    """Send one person's messages in order, several people's at once; yields what is finished, to be marked."""
    by_person: dict[str, list[Claimed]] = defaultdict(list)
    for one in ready:
        by_person[one.message.to].append(one)
    if not by_person:
        return
    with ThreadPoolExecutor(workers) as pool:
        pending: set[Future[list[Outcome]]] = {
            pool.submit(_carry_to_one, courier, mine, gate, real_now) for mine in by_person.values()
        }
        while pending:
            finished, pending = wait(pending, return_when=FIRST_COMPLETED)
            yield [outcome for future in finished for outcome in future.result()]


def _carry_to_one(courier: Courier, mine: Sequence[Claimed], gate: Gate, real_now: dt.datetime) -> list[Outcome]:
    return [_carry_one(courier, one, gate, real_now) for one in mine]


def _carry_one(courier: Courier, one: Claimed, gate: Gate, real_now: dt.datetime) -> Outcome:
    if not gate.is_open(real_now):
        return Outcome(one)
    card = one.message.card
    while True:
        try:
            receipt = courier.send(one.message.to, one.message.text, card)
        except Exception as error:  # whatever goes wrong with one message must not stop the others
            fault = fault_of(error)
        else:
            gate.heard()
            return Outcome(one, receipt=receipt)
        decision = decide(fault, one.attempts, one.message.key, has_card=bool(card) and bool(one.message.text))
        gate.failed(fault, decision, real_now)
        if decision.do is not Do.AS_TEXT:
            return Outcome(one, fault=fault, decision=decision)
        card = None


def _mark(work: Work, outcomes: Sequence[Outcome], gate: Gate, real_now: dt.datetime) -> Sent:
    untried = [o.claimed.id for o in outcomes if o.receipt is None and o.decision is None]
    if untried:
        work.outbox.give_back(untried, real_now, gate.open_from or real_now)
    taken = [o for o in outcomes if o.receipt is not None and not _missed(o)]
    work.outbox.sent_all(
        [(o.claimed.id, o.receipt.msgid, o.receipt.response_code or None) for o in taken if o.receipt], real_now
    )
    counts = Sent(sent=len(taken), back=len(untried))
    for outcome in outcomes:
        _tell(outcome)
        if _missed(outcome):
            counts += _unreached(work, outcome, real_now)
        elif outcome.decision is not None:
            counts += _failed(work, outcome, outcome.decision, gate, real_now)
    return counts


def _tell(outcome: Outcome) -> None:
    """One line of the log: which letter, of which message, and what became of it; never its words."""
    one, fault = outcome.claimed, outcome.fault
    fields: dict[str, object] = {"message": one.cause, "letter": one.id, "key": one.message.key, "try": one.attempts}
    if outcome.receipt is not None:
        reached = "not reached" if _missed(outcome) else "sent"
        log.info(reached, extra={"fields": {**fields, "msgid": outcome.receipt.msgid}})
    elif outcome.decision is not None:
        what = {"do": str(outcome.decision.do), "errcode": fault.code if fault else None}
        log.warning("not sent", extra={"fields": {**fields, **what}})


def _missed(outcome: Outcome) -> bool:
    """Whether WeChat Work took the call but cannot reach this receiver."""
    to = outcome.claimed.message.to.lower()
    return outcome.receipt is not None and (to in outcome.receipt.invalid or to in outcome.receipt.unlicensed)


def _unreached(work: Work, outcome: Outcome, real_now: dt.datetime) -> Sent:
    assert outcome.receipt is not None
    to = outcome.claimed.message.to
    unlicensed = to.lower() in outcome.receipt.unlicensed
    work.outbox.dead(outcome.claimed.id, real_now, "unlicenseduser" if unlicensed else "invaliduser")
    work.outbox.queue_all(tell_manager(work, to, unlicensed))
    return Sent(dead=1)


def _failed(work: Work, outcome: Outcome, decision: Decision, gate: Gate, real_now: dt.datetime) -> Sent:
    fault, one = outcome.fault or Fault(), outcome.claimed
    error = f"{fault.code if fault.code is not None else ''} {fault.means}".strip()
    if decision.do in (Do.DEAD, Do.HALT):
        work.outbox.dead(one.id, real_now, error)
        if decision.tell == "manager":
            work.outbox.queue_all(tell_manager(work, one.message.to, unlicensed=False))
        return Sent(dead=1)
    if decision.do is Do.PAUSE:
        work.outbox.give_back([one.id], real_now, gate.open_from or real_now)
        return Sent(back=1)
    work.outbox.later(one.id, real_now, real_now + dt.timedelta(seconds=decision.seconds), error)
    return Sent(later=1)


def tell_manager(work: Work, person: str, unlicensed: bool) -> list[Message]:
    """To those one step above a person, once a week: WeChat Work cannot reach them (faults 36)."""
    today, directory = work.now.date(), work.world.directory
    post = next(iter(directory.posts_of(person, today)), None)
    above = directory.in_charge(ABOVE.get(post.role, "admin"), post.unit, today) if post else ()
    receivers = [p for p in (above or circle.administrators(work.world, today)) if p != person]
    known = work.people.person(person)
    text = wording.say_unreachable(known.name if known else person, unlicensed)
    week = "{}-{}".format(*today.isocalendar()[:2])
    return [Message(key("unreachable", week, person, p), p, text, not_before=work.now) for p in receivers]
