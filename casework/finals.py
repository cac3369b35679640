"""定稿: a form that was finished, kept as it was made; what is asked for afterwards is that file again.

Of a form about a child the absence is what it belongs to, of a paper of a unit the year, the month or the meeting (``about``).
Begun anew (另起), the one before is kept but no longer the one in force.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from casework.access import ISSUERS
from casework.facts import Fact, Kind
from casework.timeline import standing

RUNNING = frozenset(
    {"home_visit", "persuasion_record", "dropout_registration", "return_support", "teaching_handbook", "pupil_plan", "case_file"}
)  # fmt: skip
"""Forms that go on with the records: finished once, they begin anew with the next contact, visit, lesson or return."""
_GOES_ON = (Kind.CONTACT, Kind.VISIT, Kind.TEACH, Kind.RETURN, Kind.DROPOUT, Kind.NOTICE)


def final_of(facts: Iterable[Fact], paper: str, issuer: str, since: dt.date | None) -> Fact | None:
    """The 定稿 in force of that form about a child by that kind of issuer, of this absence (from ``since`` on) where one is
    open."""
    kept = standing(facts)
    last = _in_force(
        f for f in kept if f.data.get("paper") == paper and ISSUERS.get(f.role) == issuer and (since is None or f.on >= since)
    )  # fmt: skip
    gone_on = last is not None and paper in RUNNING and any(f.kind in _GOES_ON and f.at > last.at for f in kept)
    return None if gone_on else last


def final_of_unit(facts: Iterable[Fact], paper: str, about: str) -> Fact | None:
    """The 定稿 in force of a paper of the unit whose facts these are, about that year, month or meeting."""
    return _in_force(f for f in standing(facts) if (f.data.get("paper"), f.data.get("about")) == (paper, about))


def _in_force(facts: Iterable[Fact]) -> Fact | None:
    """The last one finished, unless another was begun after it."""
    steps = [f for f in facts if f.kind is Kind.WORK and f.data.get("what") in ("final", "anew")]
    return steps[-1] if steps and is_final(steps[-1]) else None


def is_final(fact: Fact) -> bool:
    """Whether a fact is the 定稿 of a form."""
    return fact.kind is Kind.WORK and fact.data.get("what") == "final"
