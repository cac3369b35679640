"""The duties of a leave: the visit on its eighth day, contacts while it lasts, and its end (FN-17, FN-18, FN-32)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from casework.calendar import DAY
from casework.case import Duty
from casework.facts import Fact, Kind
from casework.owing import Span, earliest, first_met, is_visit, make
from casework.policy import Rule
from casework.story import Story
from casework.timeline import ABSENT, GONE, ON_LEAVE, Turn, day_in

RETURNS = (Kind.RETURN, Kind.TRANSFER_IN, Kind.ABSENCE, Kind.NOT_RETURNED)


def leave_duties(story: Story) -> Iterator[Duty]:
    """Duties of all leaves so far and to come; leaves with no school day between them are one."""
    chains: dict[str, Turn] = {}
    for turn in (*story.turns, *story.coming):
        if turn.kind == ON_LEAVE:
            chains[turn.leaves[0].id] = turn
    for turn in chains.values():
        yield from _ends(story, turn)
        yield from _visit(story, turn)
        yield from _contacts(story, turn)


def _over(story: Story, turn: Turn) -> dt.datetime | None:
    """When it became known that the leave is over; None while it lasts or lies ahead."""
    closer = turn.closer
    return closer.took_effect if closer is not None and closer.moment <= story.now else None


def _ends(story: Story, turn: Turn) -> Iterator[Duty]:
    """One for each leave: met by a return or a report of absence, lapsed by an extension."""
    for number, fact in enumerate(turn.leaves):
        last = number == len(turn.leaves) - 1
        to = turn.to if last else day_in(fact.data, "to") or fact.on
        rule = story.policy.rule("leave_end", to) if to is not None else None
        day = story.days.nth(to + DAY, rule.number("school_days")) if rule is not None and to is not None else None
        if rule is None or day is None or to is None:
            continue
        span = Span(fact.at, _settled_otherwise(story, turn) if last else turn.leaves[number + 1].at)
        words = (f for f in story.facts if f.kind in RETURNS and (f.on > to or (f.at >= fact.at and f.on >= fact.on)))
        met = first_met(story, rule.id, fact, span, words)
        yield from make(story, rule, fact, max(day, fact.at.date()), span, met)


def _settled_otherwise(story: Story, turn: Turn) -> dt.datetime | None:
    """When a leave, a departure or a dropout made the question pointless whether the pupil is back."""
    closer = turn.closer
    if closer is None or closer.moment > story.now:
        return None
    if closer.kind in (ON_LEAVE, GONE) or (closer.kind == ABSENT and closer.fact in closer.dropouts):
        return closer.took_effect
    if closer.kind == ABSENT:
        after = closer.closer
        left = after is not None and after.moment <= story.now and after.kind in (ON_LEAVE, GONE)
        return earliest(after.took_effect if left and after else None, *(f.at for f in closer.dropouts[:1]))
    return None


def _long_since(turn: Turn, day: dt.date) -> dt.datetime | None:
    """When it was learnt that the leave lasts until that day at least."""
    return next((f.at for f in turn.leaves if (day_in(f.data, "to") or f.on) >= day), None)


def _visit(story: Story, turn: Turn) -> Iterator[Duty]:
    assert turn.first is not None
    assert turn.to is not None
    rule = story.policy.rule("leave_visit", turn.first)
    if rule is None:
        return
    eighth = turn.first + (rule.number("calendar_day") - 1) * DAY
    born, day = _long_since(turn, eighth), story.days.on_or_after(eighth)
    if born is None or day is None or turn.to < eighth:
        return
    # The row moves the day even past the leave's end; only a leave learnt of after its end asks nothing.
    if born.date() <= turn.to:
        due = max(day, born.date())
        span = Span(born, _over(story, turn))
        visits = (f for f in story.contacts if is_visit(f) and f.on >= (turn.first or f.on))
        yield from make(story, rule, turn.leaves[0], due, span, first_met(story, rule.id, turn.leaves[0], span, visits))


def _contacts(story: Story, turn: Turn) -> Iterator[Duty]:
    """A contact a fortnight, counted from the eighth day or the last contact; none due after the leave's end."""
    assert turn.first is not None
    assert turn.to is not None
    rule, visit = (story.policy.rule(r, turn.first) for r in ("leave_contact", "leave_visit"))
    if rule is None or visit is None:
        return
    fortnight = dt.timedelta(days=rule.number("calendar_days"))
    base = turn.first + (visit.number("calendar_day") - 1) * DAY
    opening, ended = base + fortnight, _over(story, turn)
    ordinal, born, due, last = 0, dt.datetime.min, opening, base
    for fact in _spoken(story, turn, ended):
        if fact.kind is not Kind.DONE and fact.on <= last:
            continue
        last = fact.on
        if fact.on < opening and fact.kind is not Kind.DONE:
            due = last + fortnight
            continue
        known = _known(turn, due, born)
        if known is not None:
            yield from _contact(story, turn, rule, max(due, known.date()), Span(known, ended), fact, ordinal)
            ordinal += 1
        due, born = max(last, base) + fortnight, fact.at
    known = _known(turn, due, born)
    if known is not None and max(due, known.date()) <= turn.to:
        yield from _contact(story, turn, rule, max(due, known.date()), Span(known, ended), None, ordinal)


def _known(turn: Turn, due: dt.date, written: dt.datetime) -> dt.datetime | None:
    """Since when a contact due on that day stands: written, and the leave known to last so long; None where it does not."""
    long = _long_since(turn, due) if turn.to is not None and due <= turn.to else None
    return max(long, written) if long is not None else None


def _spoken(story: Story, turn: Turn, ended: dt.datetime | None) -> list[Fact]:
    done = [f for f in story.dones if f.data.get("rule") == "leave_contact" and f.at >= turn.leaves[0].at]
    spoken = [f for f in story.contacts if turn.first is not None and f.on >= turn.first]
    return sorted((f for f in (*spoken, *done) if ended is None or f.at <= ended), key=lambda f: (f.at, f.id))


def _contact(
    story: Story, turn: Turn, rule: Rule, due: dt.date, span: Span, met: Fact | None, ordinal: int
) -> tuple[Duty, ...]:
    soft = due - dt.timedelta(days=rule.number("calendar_days") - rule.number("soft_days"))
    return make(story, rule, turn.leaves[0], due, span, met, ordinal, hint={"from": soft.isoformat()})
