"""What the turns of a pupil amount to: the state, the ledger, and the returns under observation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from casework.calendar import DAY, SchoolDays, noon
from casework.case import Case
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.policy import Policy, Rule
from casework.scope import World
from casework.timeline import ABSENT, GONE, ON_LEAVE, PRESENT, Turn, Turns, counted, day_in, first_day_claimed, standing, unfold

RANK = ("age", "suspected", "dropout")
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


def tell(pupil: Pupil, facts: Sequence[Fact], world: World, now: dt.datetime) -> Story:
    """Reads a pupil's facts up to ``now``."""
    kept = standing(facts)
    days = world.days_of(pupil.class_id)
    turns = unfold(kept, days)
    story = Story(
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
    return _follow(story) if len(story.turns) > 1 else story


def _helper(facts: Sequence[Fact], pupil: Pupil, world: World, today: dt.date) -> tuple[str, str] | None:
    """The person last assigned, with the role held towards the pupil; None where nobody is, or no longer on staff."""
    person = next((str(f.data["to"]) for f in reversed(facts) if f.kind is Kind.ASSIGN), None)
    role = world.directory.role_towards(person, pupil, today) if person is not None else None
    return (person, role) if person is not None and role is not None else None


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


def _follow(story: Story) -> Story:
    """Walks through the turns: which returns are observed, and which ledger an unclosed case keeps."""
    kept, observed, all_of_them = "age", None, list[Observation]()

    def end(at: dt.datetime | None) -> None:
        nonlocal observed, kept
        if observed is not None:
            observed = _watch(story, observed.fact, at)
            all_of_them.append(observed)
            if observed.closed:
                kept = "age"
            observed = None

    for before, turn in pairwise(story.turns):
        if turn.kind == ABSENT and (turn.dropouts or story.count(turn)):
            end(turn.made)
        elif turn.kind == GONE:
            end(turn.made)
            kept = "age"
        elif turn.kind == PRESENT and before.kind != GONE and turn.fact is not None and observed is None:
            stage = level(story, before) if before.kind == ABSENT else "absent"
            ledger = max(kept, stage if stage in RANK else "age", key=RANK.index)
            if stage is not None and ledger != "age":
                kept, observed = ledger, _watch(story, turn.fact, None)
    if observed is not None:
        # An absence reported this morning stops the follow-ups at once; the state changes at noon.
        observed = _watch(story, observed.fact, story.current.made if story.current.kind == ABSENT else None)
        if observed.closed:
            end(observed.ended)
        else:
            all_of_them.append(observed)
    return replace(story, observations=tuple(all_of_them), observed=observed, kept=kept)


def _watch(story: Story, fact: Fact, ended: dt.datetime | None) -> Observation:
    """The steps of a return's follow-up, each with what fulfilled it: the earliest open one, from days before on."""
    rule = story.policy.rule("return_followup", fact.on)
    if rule is None:
        return Observation(fact, ((fact.on, fact),), ended)
    due = [fact.on + dt.timedelta(days=n) for n in rule.several("steps")]
    met: list[Fact | None] = [None] * len(due)
    early = dt.timedelta(days=rule.number("early_days"))
    for each in story.facts:
        if ended is not None and each.at > ended:
            continue
        at = _step_met(story, each, fact, due, met, early)
        if at is not None:
            met[at] = each
            if at == len(due) - 1:
                break
    return Observation(fact, tuple(zip(due, met, strict=True)), ended)


def _step_met(
    story: Story, each: Fact, fact: Fact, due: list[dt.date], met: list[Fact | None], early: dt.timedelta
) -> int | None:
    earliest = next((i for i, m in enumerate(met) if m is None), None)
    if earliest is None:
        return None
    if each.kind in (Kind.CONTACT, Kind.VISIT):
        return earliest if each.on >= due[earliest] - early else None
    if each.kind is Kind.DONE and each.data.get("rule") == "return_followup" and each.at >= fact.at:
        named = [i for i in range(len(due)) if each.data.get("duty") == duty_id("return_followup", story.pupil, fact, i)]
        return next((i for i in named if met[i] is None), None if each.data.get("duty") else earliest)
    return None


def duty_id(rule: str, pupil: Pupil, fact: Fact | None, ordinal: int = 0) -> str:
    """The same duty has the same id however often it is computed."""
    return f"{rule}:{pupil.id}:{fact.id if fact else ''}:{ordinal}"


def case_of(story: Story) -> Case:
    """The pupil's case at ``story.now``."""
    turn, today = story.current, story.now.date()
    state, ledger, day = _standing(story, turn)
    spell = [f for f in story.facts if turn.kind == ABSENT and turn.since and f.on >= turn.known_from]
    touched = [f for f in story.contacts if f.on <= today]
    reasons = [f for f in (*spell, *((turn.fact,) if turn.fact else ())) if f.data.get("reason") or f.data.get("reason_code")]
    reason = reasons[-1].data if reasons else {}
    return Case(
        pupil=story.pupil.id,
        state=state,
        ledger=ledger,
        day=day,
        since=turn.since,
        unverified=_unverified(story, turn),
        leave_from=turn.first,
        leave_to=turn.to,
        returned=story.observed.fact.on if story.observed else None,
        promised=next((d for f in reversed(spell) if (d := day_in(f.data, "return_on"))), None),
        reason=reason.get("reason"),
        reason_code=reason.get("reason_code"),
        helper=story.helper[0] if story.helper else None,
        pending=_pending(story),
        last_contact=max((f.on for f in touched), default=None),
    )


def _standing(story: Story, turn: Turn) -> tuple[str, str, int]:
    """State, ledger and days absent."""
    if turn.kind == GONE or (story.pupil.class_id is None and _out_of_school(story)):
        return "left", "age", 0
    if turn.kind == ON_LEAVE:
        return "on_leave", "age", 0
    if turn.kind == ABSENT:
        stage = level(story, turn)
        if stage is not None:
            ledger = max(story.kept, stage if stage in RANK else "age", key=RANK.index)
            return stage, ledger, story.count(turn)
    if story.observed is not None:
        return "observed", story.kept, 0
    return ("home_taught" if story.pupil.home_taught else "in_school"), "age", 0


def _out_of_school(story: Story) -> bool:
    """A found child has no place yet."""
    return any(f.kind is Kind.FOUND for f in story.facts) and not any(f.kind is Kind.ENROLLED for f in story.facts)


def _unverified(story: Story, turn: Turn) -> int:
    """How many of the days counted nobody reported: they are presumed."""
    n = story.count(turn) if turn.kind == ABSENT else 0
    if n == 0 or turn.since is None:
        return 0
    said: set[dt.date] = set()
    for fact in story.facts:
        if fact.kind in (Kind.ABSENCE, Kind.NOT_RETURNED) and not fact.data.get("presumed"):
            said.update(story.days.between(first_day_claimed(fact, story.days) or fact.on, fact.on))
    return sum(d not in said for d in story.days.between(turn.since, story.now.date())[:n])


def _pending(story: Story) -> str | None:
    """What is proposed or applied for and not in force: the newest word, unless something took effect since."""
    settling = (Kind.DROPOUT, Kind.RETURN, Kind.TRANSFER_OUT, Kind.SUSPEND, Kind.DEFER, Kind.TRANSFER_IN)
    for fact in reversed(story.facts):
        if fact.data.get("pending"):
            return fact.kind.value
        if fact.kind is Kind.PROPOSED:
            return "dropout"
        if fact.kind in settling:
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
