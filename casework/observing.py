"""Returns under observation: each step of the follow-up, and which ledger an unclosed case keeps (LC-27, XY-36)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

from casework.case import duty_id
from casework.facts import Fact, Kind
from casework.ledgers import heavier
from casework.story import Observation, Story, level
from casework.timeline import ABSENT, GONE, PRESENT


def observe(story: Story) -> Story:
    """Walks through the turns: which returns are observed, and which ledger an unclosed case keeps."""
    if not any(t.kind == PRESENT for t in story.turns[1:]):  # nobody has come back
        return story
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
            end(turn.took_effect)
        elif turn.kind == GONE:
            end(turn.took_effect)
            kept = "age"
        elif turn.kind == PRESENT and before.kind != GONE and turn.fact is not None and observed is None:
            stage = level(story, before) if before.kind == ABSENT else "absent"
            ledger = heavier(kept, stage if stage in ("suspected", "dropout") else "age")
            if stage is not None and ledger != "age":
                kept, observed = ledger, _watch(story, turn.fact, None)
    if observed is not None:
        # An absence reported this morning stops the follow-ups at once; the state changes at noon.
        observed = _watch(story, observed.fact, story.current.made if story.current.kind == ABSENT else None)
        if observed.closed:
            end(observed.ended)
        else:
            all_of_them.append(observed)
    if not all_of_them and kept == story.kept:
        return story
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
        if met[-1] is not None:
            break  # the last one closes the case, whatever was left out before
    return Observation(fact, tuple(zip(due, met, strict=True)), ended)


def _step_met(
    story: Story, each: Fact, fact: Fact, due: list[dt.date], met: list[Fact | None], early: dt.timedelta
) -> int | None:
    earliest = met.index(None)
    if each.kind in (Kind.CONTACT, Kind.VISIT):
        return earliest if each.on >= due[earliest] - early else None
    if each.kind is Kind.DONE and each.data.get("rule") == "return_followup" and each.at >= fact.at:
        named = each.data.get("duty")
        if named is None:
            return earliest
        ids = [duty_id("return_followup", story.pupil.id, fact.id, i) for i in range(len(due))]
        return ids.index(named) if named in ids and met[ids.index(named)] is None else None
    return None
