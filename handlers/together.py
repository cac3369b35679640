"""Work that two owe together (LC-15): whose record is there, and whose is still wanted."""

from __future__ import annotations

from collections.abc import Sequence

from casework.case import Duty
from casework.facts import Fact, Kind
from casework.terms import ROLES
from casework.timeline import standing

BOTH = {"absence_joint_visit": ("teacher", "subject_teacher")}
STARTS = (Kind.ABSENCE, Kind.NOT_RETURNED)


def wanting(duty: Duty, facts: Sequence[Fact]) -> str:
    """``任课教师已记，还等班主任记家访`` about such a duty of which one half is recorded; empty for all else."""
    roles = BOTH.get(duty.rule)
    if roles is None:
        return ""
    told = standing(facts)
    began = max((n for n, fact in enumerate(told) if fact.kind in STARTS), default=-1)
    visited = {fact.role for fact in told[began + 1 :] if fact.kind is Kind.VISIT}
    there, still = ([ROLES[r] for r in roles if (r in visited) is is_there] for is_there in (True, False))
    return f"{'、'.join(there)}已记，还等{'、'.join(still)}记家访" if there and still else ""
