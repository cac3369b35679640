"""The absence that papers tell of: the open one, or of a pupil who is back the one that the return ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from casework.case import Case
from casework.duties import stand
from casework.facts import Fact
from casework.people import Pupil
from casework.timeline import ABSENT, PRESENT, moment_of, standing, unfold
from storage.store import Work


def with_absence(work: Work, pupil: Pupil, case: Case, facts: Sequence[Fact]) -> Case:
    """The case with the first day, the days and the reason of the absence after which the pupil is followed up or was closed;
    the case itself where an absence is open or nobody came back."""
    if case.since is not None or case.returned is None:
        return case
    kept = standing(facts)
    turns = list(pairwise(unfold(kept, work.world.days_of(pupil.class_id))))
    ends = (after for turn, after in reversed(turns) if (turn.kind, after.kind) == (ABSENT, PRESENT))
    back = next((turn for turn in ends if turn.moment.date() == case.returned), None)
    if back is None:
        return case
    told = [fact for fact in kept if moment_of(fact) < back.moment]
    then, _ = stand(pupil, told, work.world, back.moment - dt.timedelta(minutes=1))
    return replace(
        case, since=then.since, day=then.day, unverified=then.unverified, reason=case.reason or then.reason,
        reason_code=case.reason_code or then.reason_code,
    )  # fmt: skip
