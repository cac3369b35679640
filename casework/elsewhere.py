"""Schooling elsewhere: where a child of this county learns outside it, and what proves it (FJ-3, FN-5)."""

from __future__ import annotations

from collections.abc import Sequence

from casework.facts import Fact, Kind
from casework.timeline import standing

WHAT = "elsewhere"
_STEPS = (Kind.TRANSFER_OUT, Kind.TRANSFER_IN, Kind.ENROLLED, Kind.RETURN)


def of(told: Sequence[Fact]) -> Fact | None:
    """The newest word that the child learns elsewhere: a transfer out of the county in force, or what was found out since."""
    steps = [
        f
        for f in standing(told)
        if (f.kind in _STEPS and not f.data.get("pending") and not f.data.get("graduated"))
        or (f.kind is Kind.WORK and f.data.get("what") == WHAT)
    ]
    last = steps[-1] if steps else None
    return last if last is not None and (last.kind is Kind.TRANSFER_OUT or last.kind is Kind.WORK) else None


def place(fact: Fact) -> str:
    """Where, as it was told: the school, or at least the place."""
    return str(fact.data.get("place") or "")


def proof(fact: Fact) -> str:
    """What proves it, as it was told; empty for nothing."""
    return str(fact.data.get("proof") or "")
