"""What the turns of a pupil amount to: the state, the ledger, and the returns under observation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from casework.calendar import SchoolDays
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.policy import Policy, Rule
from casework.scope import World
from casework.timeline import (
    Turn,
    Turns,
    counted,
    standing,
    unfold,
)

LONGEST = 250  # school days of one absence looked through where a threshold changes: more than a school year


@dataclass(frozen=True, slots=True)
class Observation:
    """A return from the suspected or dropout ledger: followed up until the last step is done or it ends."""

    fact: Fact
    steps: tuple[tuple[dt.date, Fact | None], ...]
    ended: dt.datetime | None = None

    @property
    def closed(self) -> bool:
        return self.steps[-1][1] is not None


@dataclass(frozen=True, slots=True)
class Story:
    """Everything known of a pupil at ``now``: facts that count, turns so far and to come, what they lead to.

    ``contacts`` are contacts and visits, ``dones`` what was reported as done, in the order of recording.
    """

    pupil: Pupil
    world: World
    days: SchoolDays
    now: dt.datetime
    facts: Sequence[Fact]
    contacts: Sequence[Fact]
    dones: Sequence[Fact]
    turns: Turns
    coming: Turns
    observations: tuple[Observation, ...] = ()
    observed: Observation | None = None
    kept: str = "age"
    helper: tuple[str, str] | None = None
    counts: dict[int, int] = field(default_factory=dict)
    answering: dict[tuple[str, dt.date], tuple[str, ...]] = field(default_factory=dict)

    @property
    def current(self) -> Turn:
        return self.turns[-1]

    @property
    def policy(self) -> Policy:
        return self.world.policy

    def count(self, turn: Turn) -> int:
        """School days absent of that turn so far."""
        key = id(turn)
        if key not in self.counts:
            self.counts[key] = counted(turn, self.days, self.now)
        return self.counts[key]

    def who(self, role: str, day: dt.date) -> tuple[str, ...]:
        """Who answers for the pupil in that role on that day: most duties of an absence are a few people's."""
        key = (role, day)
        if key not in self.answering:
            self.answering[key] = self.world.who(role, self.pupil, day)
        return self.answering[key]


def tell(pupil: Pupil, facts: Sequence[Fact], world: World, now: dt.datetime) -> Story:
    """Reads a pupil's facts up to ``now``."""
    kept = standing(facts)
    days = world.days_of(pupil.class_id)
    turns = unfold(kept, days)
    return Story(
        pupil,
        world,
        days,
        now,
        kept,
        [f for f in kept if f.kind in (Kind.CONTACT, Kind.VISIT)],
        [f for f in kept if f.kind is Kind.DONE],
        [t for t in turns if t.moment <= now],
        [t for t in turns if t.moment > now],
        helper=_helper(kept, pupil, world, now.date()),
    )


def _helper(facts: Sequence[Fact], pupil: Pupil, world: World, today: dt.date) -> tuple[str, str] | None:
    """The person last assigned, with the role held towards the pupil; None where nobody is, or no longer on staff."""
    person = next((str(f.data["to"]) for f in reversed(facts) if f.kind is Kind.ASSIGN), None)
    role = world.directory.role_towards(person, pupil, today) if person is not None else None
    return (person, role) if person is not None and role is not None else None


@lru_cache(maxsize=8192)
def reach(policy: Policy, rule_id: str, since: dt.date, days: SchoolDays) -> tuple[dt.date, Rule] | None:
    """The first school day of an absence whose count reaches the number in force on that day; None if never."""
    if not policy.changes(rule_id):
        rule = policy.rule(rule_id, since)
        day = days.nth(since, rule.number("school_day")) if rule is not None else None
        return (day, rule) if rule is not None and day is not None else None
    for n in range(1, LONGEST):
        day = days.nth(since, n)
        if day is None:
            return None
        rule = policy.rule(rule_id, day)
        if rule is not None and n >= rule.number("school_day"):
            return day, rule
    return None


def level(story: Story, turn: Turn) -> str | None:
    """How far an absence has come: ``absent``, ``suspected``, ``dropout``; None before its first noon."""
    if turn.dropouts:
        return "dropout"
    n = story.count(turn)
    if n == 0 or turn.since is None:
        return None
    reached = reach(story.policy, "suspected_review", turn.since, story.days)
    return "suspected" if reached and story.days.count(turn.since, reached[0]) <= n else "absent"
