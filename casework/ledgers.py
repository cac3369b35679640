"""Which of the three ledgers a pupil stands in: of age, suspected, dropped out (FN-4)."""

from __future__ import annotations

from casework.facts import LEDGERS


def heavier(one: str, other: str) -> str:
    """The graver of two ledgers: dropout over suspected over age."""
    return max(one, other, key=LEDGERS.index)


def ledger_of(state: str, kept: str) -> str:
    """The ledger of a state, where an unclosed case keeps ``kept``.

    A case is closed by its last follow-up only, so a relapse and the observed time keep the ledger; leave,
    departure and home teaching stand in that of age.
    """
    if state in ("suspected", "dropout"):
        return heavier(kept, state)
    return kept if state in ("absent", "observed") else "age"
