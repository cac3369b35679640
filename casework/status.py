"""The pupil's case at a moment, and when it next changes by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from casework.calendar import DAY, noon
from casework.case import Case
from casework.facts import Fact, Kind
from casework.ledgers import ledger_of
from casework.story import Story, level
from casework.timeline import ABSENT, GONE, ON_LEAVE, Turn, day_in, first_day_claimed

SETTLING = (
    Kind.DROPOUT, Kind.RETURN, Kind.TRANSFER_OUT, Kind.SUSPEND, Kind.DEFER, Kind.TRANSFER_IN, Kind.TRANSFER_REFUSED,
)  # fmt: skip
"""After these nothing that was said before is still proposed or applied for."""


def case_of(story: Story) -> Case:
    """The pupil's case at ``story.now``."""
    turn, today = story.current, story.now.date()
    state, day = _standing(story, turn)
    known = turn.known_from if turn.kind == ABSENT and turn.since else dt.date.max
    spell = [f for f in story.facts if f.on >= known]
    said = [f.data for f in (*((turn.fact,) if turn.fact else ()), *spell)]
    reason: Mapping[str, Any] = next((d for d in reversed(said) if d.get("reason") or d.get("reason_code")), {})
    return Case(
        pupil=story.pupil.id,
        state=state,
        ledger=ledger_of(state, story.kept),
        day=day,
        since=turn.since,
        unverified=_unverified(story, turn),
        leave_from=turn.first,
        leave_to=turn.to,
        returned=story.observed.fact.on if story.observed else None,
        promised=_promised(spell),
        reason=reason.get("reason"),
        reason_code=reason.get("reason_code"),
        helper=story.helper[0] if story.helper else None,
        pending=_pending(story),
        last_contact=max([f.on for f in story.contacts if f.on <= today], default=None),
    )


def _promised(spell: list[Fact]) -> dt.date | None:
    """The day last promised; none once the family has refused since."""
    for fact in reversed(spell):
        if fact.data.get("outcome") == "refused":
            return None
        if day := day_in(fact.data, "return_on"):
            return day
    return None


def _standing(story: Story, turn: Turn) -> tuple[str, int]:
    """State and days absent."""
    if turn.kind == GONE or (story.pupil.class_id is None and _out_of_school(story)):
        return "left", 0
    if turn.kind == ON_LEAVE:
        return "on_leave", 0
    stage = level(story, turn) if turn.kind == ABSENT else None
    if stage is not None:
        return stage, story.count(turn)
    if story.observed is not None:
        return "observed", 0
    return ("home_taught" if story.pupil.home_taught else "in_school"), 0


def _out_of_school(story: Story) -> bool:
    """A found child has no place yet."""
    return any(f.kind is Kind.FOUND for f in story.facts) and not any(f.kind is Kind.ENROLLED for f in story.facts)


def _unverified(story: Story, turn: Turn) -> int:
    """How many of the days counted nobody reported: they are presumed."""
    counted = story.count(turn)
    if turn.since is None or not counted:  # only an absence has a first day
        return 0
    said: set[dt.date] = set()
    for fact in story.facts:
        if fact.kind in (Kind.ABSENCE, Kind.NOT_RETURNED) and not fact.data.get("presumed"):
            said.update(story.days.between(first_day_claimed(fact, story.days) or fact.on, fact.on))
    return sum(d not in said for d in story.days.between(turn.since, story.now.date())[:counted])


def _pending(story: Story) -> str | None:
    """What is proposed or applied for and not in force: the newest word, unless something took effect since."""
    for fact in reversed(story.facts):
        if fact.data.get("pending"):
            return fact.kind.value
        if fact.kind is Kind.PROPOSED:
            return "dropout"
        if fact.kind in SETTLING:
            return None
    return None


def wake_of(story: Story) -> dt.datetime | None:
    """The next moment at which the case changes by itself: a turn to come, or the noon of a school day absent."""
    moments = [t.moment for t in story.coming[:1]]
    turn, today = story.current, story.now.date()
    if turn.kind == ABSENT:
        next_day = story.days.on_or_after(today if story.now < noon(today) else today + DAY)
        if next_day is not None:
            moments.append(noon(max(next_day, turn.since or next_day)))
    return min(moments, default=None)
