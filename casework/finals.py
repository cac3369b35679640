"""定稿: a form about a child that was finished, kept as it was made; what is asked for afterwards is that file again."""

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
    """The 定稿 in force of that form by that kind of issuer, of this absence (from ``since`` on) where one is open."""
    kept = standing(facts)
    found = [
        f
        for f in kept
        if is_final(f)
        and f.data.get("paper") == paper
        and ISSUERS.get(f.role) == issuer
        and (since is None or f.on >= since)
    ]
    if not found:
        return None
    last = found[-1]
    gone_on = paper in RUNNING and any(f.kind in _GOES_ON and f.at > last.at for f in kept)
    return None if gone_on else last


def is_final(fact: Fact) -> bool:
    """Whether a fact is the 定稿 of a form."""
    return fact.kind is Kind.WORK and fact.data.get("what") == "final"
