"""What follows a failed sending: again at, the whole queue waits, another form, or give up and tell whom.

Pure: the decision depends on what the edge said of the error (``bot.wecom.errors`` holds the table of
codes, path/90455), on how often this message was tried, and on its key, which gives the jitter.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

QUICK_TRIES = 3
"""WeChat Work asks for no more than three quick tries when it is busy (error-code.md, -1)."""
SLOW = (300.0, 600.0, 1200.0, 2400.0, 3600.0, 3600.0, 3600.0)
"""Seconds before each later try; after the last one the message is a dead letter."""


RATE, CROWD = 45009, 45033
"""Limits that pass by themselves; any other error that stops the whole queue needs a person."""
NOT_ALLOWED = frozenset({60020, 301002})
"""Our address or agent is not allowed: permanent, with one alarm instead of one for each message (faults 36)."""


class Do(StrEnum):
    """What to do with a message that was not accepted."""

    AGAIN = "again"  # this message, after ``seconds``
    PAUSE = "pause"  # every message waits ``seconds``, this one too
    AS_TEXT = "as_text"  # at once, without its card
    DEAD = "dead"  # given up; an operator may send it again
    HALT = "halt"  # given up, and the others wait ``seconds``: it would happen to each of them


@dataclass(frozen=True, slots=True)
class Fault:
    """An error as the client describes it.

    ``after``: seconds until another try makes sense, 0 for never; ``whole_queue``: others would fare the
    same; ``receiver``: it is the receiver who is wrong.
    """

    code: int | None = None
    means: str = ""
    after: float = 0.0
    whole_queue: bool = False
    receiver: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """``tell`` names who is to learn of it: ``manager`` (of the receiver's unit) or ``operator``."""

    do: Do
    seconds: float = 0.0
    tell: str | None = None


def jitter(key: str) -> float:
    """A number from 0 to 1 that belongs to the key, so that equal failures do not come back in one burst."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") / 0xFFFFFFFF


def spread(seconds: float, key: str) -> float:
    """That long and up to a quarter longer."""
    return seconds * (1 + jitter(key) / 4)


def decide(fault: Fault, attempts: int, key: str, has_card: bool = False) -> Decision:
    """The decision after try number ``attempts``, 1 for the first (wecom/README 2.6; faults 33 to 36)."""
    if fault.code in NOT_ALLOWED:
        return Decision(Do.HALT, spread(fault.after, key), "operator")
    if fault.whole_queue:
        patient = fault.code in (RATE, CROWD)
        return Decision(Do.PAUSE, spread(fault.after, key), None if patient else "operator")
    if fault.after:
        return _again(fault, attempts, key)
    if fault.receiver:
        return Decision(Do.DEAD, tell="manager")
    return Decision(Do.AS_TEXT) if has_card else Decision(Do.DEAD, tell="operator")


def _again(fault: Fault, attempts: int, key: str) -> Decision:
    if attempts < QUICK_TRIES:
        return Decision(Do.AGAIN, spread(fault.after * attempts, key))
    late = attempts - QUICK_TRIES
    return Decision(Do.AGAIN, spread(SLOW[late], key)) if late < len(SLOW) else Decision(Do.DEAD, tell="operator")


def fault_of(error: Exception) -> Fault:
    """What an exception of the client says of itself; any other exception is ours.

    A wrong value (a card that cannot be drawn) stays wrong; what else may happen (no database) may pass.
    """
    if not hasattr(error, "whole_queue"):
        lasting = isinstance(error, (ValueError, TypeError, LookupError, AssertionError, AttributeError))
        return Fault(None, f"{type(error).__name__}", after=0.0 if lasting else 30.0)
    return Fault(
        code=getattr(error, "code", None),
        means=str(getattr(error, "means", "")),
        after=float(getattr(error, "after", 0.0)),
        whole_queue=bool(getattr(error, "whole_queue", False)),
        receiver=bool(getattr(error, "receiver", False)),
    )
