"""Days of several absences that add up within a window: somebody decides whether the ledger follows (FN-16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from casework.case import Duty
from casework.facts import Kind
from casework.owing import Span, earliest, first_met, make, settle_due
from casework.policy import Rule
from casework.story import Story
from casework.timeline import INSTANT, Turn


def cumulative_duties(story: Story, absences: Sequence[Turn]) -> Iterator[Duty]:
    """Days of several absences that add up within a window: a person decides (FN-16); once in a window."""
    before: list[dt.date] = []
    last, learnt, answered = dt.date.min, dt.datetime.min, dt.datetime.min
    for turn in absences:
        assert turn.since is not None
        rule = story.policy.rule("cumulative_alert", turn.since)
        ended = turn.closer is not None and turn.closer.moment <= story.now
        actual = story.days.between(turn.since, story.now.date())[: story.count(turn)]
        if rule is not None and before:
            reached = _adding_up(story, before, rule, last)
            day = reached(turn.since)
            if day is not None:
                span = _alert_span(story, turn, max(learnt, _first_reached(turn, reached)), ended and day not in actual)
                # One word answers one alert: the earliest that stands.
                met = first_met(story, rule.id, turn.fact, replace(span, born=max(span.born, answered)))
                answered = met.at + INSTANT if met else answered
                due = settle_due(turn.versions, reached, met.at if met else span.lapsed) or day
                given = make(story, rule, turn.fact, max(due, span.born.date()), span, met)
                yield from given
                if given and (not ended or day in actual):
                    last = day
        before.extend(actual)
        learnt = max(learnt, turn.versions[-1][0])


Reached = Callable[[dt.date], dt.date | None]
"""By the first day of an absence: the day on which its days and earlier ones add up; None where they never do."""


def _adding_up(story: Story, before: Sequence[dt.date], rule: Rule, last: dt.date) -> Reached:
    until = before[-1] + dt.timedelta(days=rule.number("window"))
    return lambda since: _adds_up(before, story.days.between(since, until), rule, last)


def _first_reached(turn: Turn, reached: Reached) -> dt.datetime:
    """When it was learnt that the days add up: before a correction of the first day they may not have."""
    return next(recorded for recorded, since in turn.versions if reached(since) is not None)


_SETTLED = (Kind.TRANSFER_OUT, Kind.SUSPEND, Kind.DEFER, Kind.DROPOUT)


def _alert_span(story: Story, turn: Turn, learnt: dt.datetime, taken_back: bool) -> Span:
    """A return before the day came takes the alert back; afterwards a person still has to decide, until the pupil leaves
    or a dropout is confirmed: then it is decided."""
    born = max(learnt, turn.versions[0][0])
    back = turn.closer.took_effect if taken_back and turn.closer is not None else None
    settled = (f.at for f in story.facts if f.kind in _SETTLED and f.at > born and not f.data.get("pending"))
    return Span(born, earliest(back, *(f.at for f in turn.dropouts[:1]), next(settled, None)))


def _adds_up(before: Sequence[dt.date], ahead: Sequence[dt.date], rule: Rule, last: dt.date) -> dt.date | None:
    length = dt.timedelta(days=rule.number("window"))
    for n, day in enumerate(ahead, start=1):
        earlier = sum(d > day - length for d in before)
        if earlier and earlier + n >= rule.number("days") and (last == dt.date.min or day >= last + length):
            return day
    return None
