"""The duties of an absence: the whole ladder at once, each rung due on its school day (LC-14 to LC-18, TA-9, TA-10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from casework.adding_up import cumulative_duties
from casework.calendar import DAY
from casework.case import Duty
from casework.facts import REASON_CODES, Fact, Kind
from casework.owing import Span, earliest, first_met, helper, is_visit, make, reached_somebody, settle_due
from casework.policy import Rule
from casework.story import Story, reach
from casework.terms import AUTHORITY
from casework.timeline import ABSENT, Turn

RUNGS = (
    "absence_contact",
    "absence_visit",
    "absence_joint_visit",
    "absence_plan",
    "suspected_review",
    "outside_report",
    "inquiry_letter",
    "persuasion_record",
    "joint_persuasion",
)
CLAUSES = {"TA-17": ("remind",)}  # of a pupil not registered here: the letter besides the visits
POLICE_REASONS: frozenset[str | None] = frozenset({"missing", "abroad", "wrong_record", "death"})
ANY_REASON = frozenset({None, *REASON_CODES})
AFTER_DROPOUT: Mapping[str, frozenset[str | None]] = {
    "police_check": POLICE_REASONS,
    "register_mark": ANY_REASON,
    "guardian_urge": ANY_REASON - POLICE_REASONS - {"illness", "disability"},  # without good reason alone (FJ-23)
    "aid_referral": frozenset({"poverty"}),
}
"""What a confirmed dropout asks for so many workdays later, and for which reasons."""
EXPERT_REASONS = frozenset({"illness", "disability"})


def all_absence_duties(story: Story) -> list[Duty]:
    """The duties of every absence so far, and the alert where several add up."""
    absences = [t for t in story.turns if t.kind == ABSENT]
    duties: list[Duty] = []
    settled = dt.datetime.min
    for turn in absences:
        since = turn.known_from
        mine = [f for f in story.facts if f.on >= since and f.at > settled]
        duties += _absence_duties(story, turn, mine)
        settled = turn.closer.took_effect if turn.closer is not None else settled
    if len(absences) > 1:
        duties += cumulative_duties(story, absences)
    return duties


def _absence_duties(story: Story, turn: Turn, facts: Sequence[Fact]) -> list[Duty]:
    """All duties of one absence, open, done and lapsed; ``facts`` are those about its time."""
    ended = turn.closer.took_effect if turn.closer is not None and turn.closer.moment <= story.now else None
    whole = Span(turn.versions[0][0], ended)
    rungs = Span(whole.born, earliest(ended, turn.dropouts[0].at)) if turn.dropouts else whole
    spoken = [f for f in facts if f.kind in (Kind.CONTACT, Kind.VISIT)]
    served = [f for f in facts if f.kind is Kind.NOTICE]
    duties: list[Duty] = []
    for rule_id in RUNGS:
        if rule_id != "inquiry_letter" or not story.pupil.local:
            duties += _rung(story, turn, rule_id, rungs, _answers(rule_id, spoken))
    duties += _notice(story, turn, rungs, spoken, served)
    duties += _dropout_report(story, turn, whole, served)
    duties += _persist(story, turn, whole, spoken)
    duties += _dropout(story, turn, whole)
    duties += _term_start_visit(story, rungs, facts)
    return duties


def _answers(rule_id: str, spoken: Sequence[Fact]) -> Iterable[Fact]:
    """Which contacts and visits fulfil a rung."""
    if not spoken:
        return ()
    if rule_id == "absence_contact":
        return filter(reached_somebody, spoken)
    if rule_id == "absence_visit":
        return filter(is_visit, spoken)
    visits = [f for f in spoken if is_visit(f)]
    if rule_id == "absence_joint_visit":
        of_both = [next((f for f in visits if f.role == role), None) for role in ("teacher", "subject_teacher")]
        present = [f for f in of_both if f is not None]
        return [max(present, key=lambda f: f.at)] if len(present) == len(of_both) else []
    if rule_id == "joint_persuasion":
        return [f for f in visits if f.role in ("township", "village")]
    return ()


def _due(story: Story, turn: Turn, rule_id: str, until: dt.datetime | None) -> tuple[dt.date, Rule] | None:
    """The due day of a rung and the rule in force on the day that its count is reached."""
    assert turn.since is not None
    found = reach(story.policy, rule_id, turn.since, story.days)
    if found is None:
        return None
    due = None
    if len(turn.versions) > 1:

        def compute(since: dt.date) -> dt.date | None:
            again = reach(story.policy, rule_id, since, story.days)
            return again[0] if again else None

        due = settle_due(turn.versions, compute, until)
    return due or max(found[0], turn.versions[0][0].date()), found[1]


def _rung(story: Story, turn: Turn, rule_id: str, span: Span, answers: Iterable[Fact]) -> tuple[Duty, ...]:
    met = first_met(story, rule_id, turn.fact, span, answers)
    found = _due(story, turn, rule_id, met.at if met else span.lapsed)
    return make(story, found[1], turn.fact, found[0], span, met) if found is not None else ()


def _notice(story: Story, turn: Turn, span: Span, spoken: Sequence[Fact], served: Sequence[Fact]) -> tuple[Duty, ...]:
    """劝学通知书: by count of days or, where the pack says so, by recorded attempts, whichever comes first (XY-5)."""
    met = first_met(story, "notice", turn.fact, span, served)
    until = met.at if met else span.lapsed
    found = _due(story, turn, "notice", until)
    if found is None:
        return ()
    due, rule = found
    # An attempt is known as one of this absence once it is recorded and the absence is known to reach its day.
    attempts = sorted((max(f.at, turn.reaching(f.on)), f.on) for f in spoken if until is None or f.at < until)
    if "attempts" in rule.values and len(attempts) >= rule.number("attempts"):
        first = attempts[: rule.number("attempts")]
        due = min(due, max(*(day for _, day in first), first[-1][0].date()))
    return make(story, rule, turn.fact, due, span, met, hint={"attempts": len(attempts)})


def _dropout_report(story: Story, turn: Turn, span: Span, served: Sequence[Fact]) -> Iterator[Duty]:
    """辍学报告书: the school day after a week from service; a week ending on a holiday ends after it (XY-6)."""
    notice = next((f for f in served if span.holds(f.at)), None)
    rule = story.policy.rule("dropout_report", notice.on) if notice else None
    if notice is None or rule is None:
        return
    week_ends = story.days.after_holiday(notice.on + dt.timedelta(days=rule.number("calendar_days")))
    day = story.days.after(week_ends)
    own = Span(max(notice.at, turn.reaching(notice.on)), span.lapsed)
    if day is not None:
        met = first_met(story, "dropout_report", notice, own)
        yield from make(story, rule, notice, max(day, own.born.date()), own, met)


def _persist(story: Story, turn: Turn, span: Span, spoken: Sequence[Fact]) -> Iterator[Duty]:
    """The next contact or visit while the case is open (LC-22).

    Contacts before the fifth day, as it was then known, only move the first one; from then on each fulfils one
    and writes the next.
    """
    found = _due(story, turn, "persist", span.lapsed)
    if found is None:
        return
    rule, week = found[1], dt.timedelta(days=found[1].number("calendar_days"))
    moved, written, ordinal, last, born = dt.date.min, dt.date.min, 0, dt.date.min, span.born
    done = [f for f in story.dones if f.data.get("rule") == "persist" and f.at >= span.born]

    def due(until: dt.datetime | None) -> dt.date:
        first = _due(story, turn, "persist", until) or found
        return written if ordinal else max(first[0], moved)

    for fact in sorted([*spoken, *done], key=lambda f: (f.at, f.id)):
        if not span.holds(fact.at) or (fact.on <= last and fact.kind is not Kind.DONE):
            continue
        last, fifth = fact.on, _fifth_then(story, turn, fact.at)
        if fact.on < fifth and fact.kind is not Kind.DONE:
            # The visit that brings the pupil back moves nothing: its return ends the duty in the same breath.
            moved = moved if fact.at == span.lapsed else fact.on + week
            continue
        own = Span(born, span.lapsed)
        yield from make(story, rule, turn.fact, due(fact.at), own, fact, ordinal, helper(story))
        ordinal, born = ordinal + 1, max(fact.at, span.born)
        written = max(fact.on + week, born.date(), fifth)
    yield from make(story, rule, turn.fact, due(span.lapsed), Span(born, span.lapsed), None, ordinal, helper(story))


def _fifth_then(story: Story, turn: Turn, at: dt.datetime) -> dt.date:
    """The first day of ``persist`` as known at that moment."""
    since = next((day for recorded, day in reversed(turn.versions) if recorded <= at), turn.versions[0][1])
    found = reach(story.policy, "persist", since, story.days)
    return found[0] if found else dt.date.max


def _dropout(story: Story, turn: Turn, span: Span) -> Iterator[Duty]:
    """What a confirmed dropout asks for: report at once; then verification, the mark in the register's own system, the
    guardians urged by the township, aid (FN-19, FJ-10, LC-37, FJ-23, XY-30, FJ-22)."""
    if not turn.dropouts:
        return
    for fact in turn.dropouts[:1]:
        own = Span(max(fact.at, span.born), span.lapsed)
        rule = story.policy.rule("dropout_notify", fact.on)
        if rule is not None:
            due = max(fact.on + rule.number("calendar_days") * DAY, fact.at.date())
            yield from make(story, rule, fact, due, own, first_met(story, rule.id, fact, own))
    for rule_id, reasons in AFTER_DROPOUT.items():
        cause = next((f for f in turn.dropouts if f.data.get("reason_code") in reasons), None)
        rule = story.policy.rule(rule_id, cause.on) if cause else None
        if cause is None or rule is None:
            continue
        day = story.days.add_workdays(cause.on, rule.number("workdays"))
        own = Span(cause.at, span.lapsed)
        if day is not None:
            due = max(day, cause.at.date())
            steps = [f for f in story.facts if rule_id == "guardian_urge" and f.data.get("what") in AUTHORITY]
            yield from make(story, rule, cause, due, own, first_met(story, rule.id, cause, own, steps))


def _term_start_visit(story: Story, span: Span, facts: Sequence[Fact]) -> Iterator[Duty]:
    """A visit, with the notice, to a pupil who did not come back after the holidays (XY-28)."""
    fact = next((f for f in facts if f.kind is Kind.NOT_RETURNED and span.holds(f.at)), None)
    term = story.days.opening_term(fact.on) if fact else None
    rule = story.policy.rule("term_start_visit", fact.on) if fact else None
    if fact is None or term is None or rule is None:
        return
    day = story.days.nth(term.start, rule.number("school_day"))
    if day is not None:
        own = Span(fact.at, span.lapsed)
        met = first_met(story, rule.id, fact, own, filter(is_visit, facts))
        yield from make(story, rule, fact, max(day, fact.at.date()), own, met)


def expert_duties(story: Story) -> Iterator[Duty]:
    """An expert opinion where illness or disability is the reason of a dropout, suspension or deferment (FJ-11)."""
    causes = (Kind.DROPOUT, Kind.SUSPEND, Kind.DEFER)
    open_until: dt.datetime | None = dt.datetime.min
    for fact in story.facts:
        if fact.kind not in causes or fact.data.get("reason_code") not in EXPERT_REASONS:
            continue
        if open_until is None or fact.at <= open_until:
            continue  # the opinion asked for already serves
        rule = story.policy.rule("expert_opinion", fact.on)
        if rule is None:
            continue
        open_until = _attending_again(story, fact)
        span = Span(fact.at, open_until)
        due = max(fact.on + rule.number("calendar_days") * DAY, fact.at.date())
        yield from make(story, rule, fact, due, span, first_met(story, rule.id, fact, span))


def _attending_again(story: Story, fact: Fact) -> dt.datetime | None:
    """When the pupil came back, went elsewhere or was excused after that fact."""
    ends = (Kind.RETURN, Kind.TRANSFER_IN, Kind.TRANSFER_OUT, Kind.LEAVE, Kind.ENROLLED)
    later = (f for f in story.facts if f.kind in ends and f.at > fact.at and not f.data.get("pending"))
    found = next(later, None)
    return found.at if found else None
