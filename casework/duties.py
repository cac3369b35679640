"""A pupil's case and duties, computed from facts: the same facts in any order give the same result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from operator import attrgetter

from casework.calendar import midnight
from casework.case import AT, Assessment, Case, Duty
from casework.facts import Fact
from casework.ladder import all_absence_duties, expert_duties
from casework.leaves import leave_duties
from casework.observing import observe
from casework.people import COUNTY, Pupil
from casework.scope import World
from casework.status import case_of, wake_of
from casework.story import Story, tell
from casework.watching import REMEMBERED, followup_duties, next_teaching, single_duties, teaching_duties

CLAUSES = {"FN-3": ("record",)}


def assess(pupil: Pupil, facts: Sequence[Fact], world: World, now: dt.datetime) -> Assessment:
    """Where the pupil stands at ``now``, everything owed and met within a year, and when that changes by itself.

    The whole ladder of an absence is there at once, with dues to come; what comes back with the calendar
    one period at a time. Closed duties stay for a year, so that an undo finds them again.
    """
    if not facts and not pupil.home_taught:
        return Assessment(Case(pupil.id))
    story = observe(tell(pupil, facts, world, now))
    kept = [d for d in _all(story) if d.closed is None or _forgotten(d, d.closed) > now]
    duties = tuple(sorted(kept, key=attrgetter("due", "id")))
    return Assessment(case_of(story), duties, _wake(story, duties))


def stand(pupil: Pupil, facts: Sequence[Fact], world: World, now: dt.datetime) -> tuple[Case, dt.datetime | None]:
    """The case of ``assess`` alone, and when it changes by itself: for whoever counts states and asks for no duties."""
    if not facts and not pupil.home_taught:
        return Case(pupil.id), None
    story = observe(tell(pupil, facts, world, now))
    return case_of(story), wake_of(story)


def _all(story: Story) -> list[Duty]:
    return [
        *all_absence_duties(story),
        *leave_duties(story),
        *expert_duties(story),
        *followup_duties(story),
        *single_duties(story),
        *(teaching_duties(story) if story.pupil.home_taught else ()),
    ]


def _forgotten(duty: Duty, closed: dt.datetime) -> dt.datetime:
    """When a closed duty is left out: a year after its day and after its end."""
    return midnight(max(duty.due, closed.date()) + REMEMBERED)


def _wake(story: Story, duties: Sequence[Duty]) -> dt.datetime | None:
    """The next moment of the case itself, of 送教, of a post that changes hands, or at which a duty is forgotten."""
    moments = [wake_of(story), *[_forgotten(d, d.closed) for d in duties if d.closed is not None]]
    if story.pupil.home_taught:
        moments.append(next_teaching(story))
    standing = [d for d in duties if d.status == "open"]
    if standing:
        seats = (
            COUNTY,
            story.pupil.class_id,
            story.pupil.village_id,
            *[str(d.hint[AT]) for d in standing if AT in d.hint],
        )
        helper = story.helper[0] if story.helper else None
        turn = story.world.directory.next_turn(story.now.date(), seats, helper)
        moments.append(midnight(turn) if turn is not None else None)
    return min((m for m in moments if m is not None), default=None)
