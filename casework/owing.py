"""How a duty is made: when it falls due after late entry and correction, what met it, when it lapsed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from casework.case import Duty, duty_id
from casework.facts import Fact, Kind
from casework.policy import Rule
from casework.story import Story
from casework.timeline import Version


@dataclass(frozen=True, slots=True)
class Span:
    """From when a duty stands (it was learnt of) until it lapses, with what made it lapse."""

    born: dt.datetime
    lapsed: dt.datetime | None = None

    def holds(self, at: dt.datetime) -> bool:
        return self.lapsed is None or at <= self.lapsed


def earliest(*moments: dt.datetime | None) -> dt.datetime | None:
    return min((m for m in moments if m is not None), default=None)


def make(
    story: Story,
    rule: Rule,
    fact: Fact | None,
    due: dt.date,
    span: Span,
    met: Fact | None = None,
    ordinal: int = 0,
    owner: tuple[str, tuple[str, ...]] | None = None,
    hint: Mapping[str, int | str] | None = None,
) -> tuple[Duty, ...]:
    """The duty, with its status; nothing where it never stood because its end was known before its cause."""
    if span.lapsed is not None and span.lapsed <= span.born:
        return ()
    status, closed = "open", None
    if met is not None:
        status, closed = "done", max(met.at, span.born)
    elif span.lapsed is not None:
        status, closed = "lapsed", span.lapsed
    role, who = owner or (rule.owner, story.who(rule.owner, closed.date() if closed else story.now.date()))
    pupil = story.pupil.id
    id, by = duty_id(rule.id, pupil, fact.id if fact else "", ordinal), met.id if met else None
    # By place: by name it takes a third longer, and a first absence makes ten.
    return (
        Duty(id, rule.id, rule.clause, role, due, pupil, None, status, who, closed, by, dict(hint) if hint else {}),
    )


def helper(story: Story) -> tuple[str, tuple[str, ...]]:
    """Role and ids of the pupil's helper: the person assigned or a stand-in, else the class teacher."""
    today = story.now.date()
    if story.helper is not None:
        person, role = story.helper
        return role, story.world.directory.stand_ins(person, today)
    return "teacher", story.who("teacher", today)


def first_met(
    story: Story, rule_id: str, fact: Fact | None, span: Span, candidates: Iterable[Fact] = (), ordinal: int = 0
) -> Fact | None:
    """What fulfilled a duty first: one of the candidates, or the word that it is done, while it stood."""
    met = done = None
    for each in candidates:
        if span.holds(each.at):
            met = each
            break
    for each in story.dones:
        if _says_done(story, each, rule_id, fact, span, ordinal):
            done = each
            break
    if met is None or done is None:
        return met or done
    return min(met, done, key=lambda f: max(f.at, span.born))


def _says_done(story: Story, each: Fact, rule_id: str, fact: Fact | None, span: Span, ordinal: int) -> bool:
    if each.data.get("rule") != rule_id or each.at < span.born or not span.holds(each.at):
        return False
    if each.data.get("duty") not in (None, duty_id(rule_id, story.pupil.id, fact.id if fact else "", ordinal)):
        return False
    return each.role in JOINT.get(rule_id, (each.role,))


JOINT: Mapping[str, tuple[str, ...]] = {
    "absence_joint_visit": ("teacher", "subject_teacher"),
    "joint_persuasion": ("township", "village"),
}
"""Duties that not everybody in whose scope the pupil lies may fulfil (LC-15, LC-17)."""


def reached_somebody(fact: Fact) -> bool:
    """A contact or visit at which somebody was reached."""
    return fact.data.get("outcome") != "nobody"


def is_visit(fact: Fact) -> bool:
    return fact.kind is Kind.VISIT


def settle_due(
    versions: Iterable[Version], compute: Callable[[dt.date], dt.date | None], until: dt.datetime | None
) -> dt.date | None:
    """The due day after every correction of the first day of absence known by ``until``.

    A day that is past when learnt of becomes the day of entry. A correction to a later day moves the due
    there; one to an earlier day moves it forward, never behind the day of the correction, and a due that
    had passed stays passed.
    """
    due: dt.date | None = None
    last: dt.date | None = None
    for number, (recorded, since) in enumerate(versions):
        if number and until is not None and recorded > until:
            break
        day = compute(since)
        if day is None:
            continue
        entered = max(day, recorded.date())
        due = entered if due is None or last is None or day > last else min(due, entered)
        last = day
    return due
