"""Cards whose work is done turn grey, with what was done and by whom, also when somebody else did it."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from casework.case import Duty
from casework.facts import Fact
from casework.timeline import standing
from reminders import wording
from reminders.ports import Card, Courier, Store, Work
from reminders.retry import fault_of
from reminders.sender import Gate

log = logging.getLogger(__name__)
CODE_LIVES = dt.timedelta(hours=72)
"""How long a card can be changed after it was sent (update_template_card, path/94945)."""


def settle_cards(store: Store, courier: Courier, real_now: dt.datetime, local_now: dt.datetime, gate: Gate) -> int:
    """Grey what nothing is owed for any more; returns how many cards. A card that cannot be changed stays as it is."""
    if not gate.is_open(real_now):
        return 0
    with store.begin(local_now) as work:
        settled = [(card, _words(work, card)) for card in work.outbox.settled_cards(real_now - CODE_LIVES)]
    spent = [card.id for card, words in settled if gate.is_open(real_now) and _is_spent(courier, card, words)]
    if spent:
        with store.begin(local_now) as work:
            work.outbox.spent(spent)
    return len(spent)


def _is_spent(courier: Courier, card: Card, words: str) -> bool:
    """Whether the card's code is used up: by us now, or because WeChat Work will never take it."""
    try:
        courier.grey(card.to, card.response_code, words)
    except Exception as error:  # one card that cannot be changed must not keep the others from it
        fault = fault_of(error)
        log.info("card not greyed: errcode=%s", fault.code)
        return not fault.after
    return True


def _words(work: Work, card: Card) -> str:
    duties = [duty for id in card.duties if (duty := work.cases.duty(id)) is not None]
    met = (work.cases.fact(duty.by) for duty in duties if duty.status == "done" and duty.by)
    fact = next((fact for fact in met if fact is not None), None) or _ended(work, duties)
    if fact is None:
        return wording.say_settled(None, "", None)
    person = work.people.person(fact.by)
    return wording.say_settled(fact.kind.value, person.name if person else fact.by, fact.at.date())


def _ended(work: Work, duties: Sequence[Duty]) -> Fact | None:
    """The record with which what was owed came to an end unmet: the pupil is back, on leave, or gone elsewhere."""
    ended = {duty.closed for duty in duties if duty.status == "lapsed" and duty.closed}
    pupils = {duty.pupil for duty in duties if duty.pupil}
    told = [fact for facts in work.cases.facts_of(pupils).values() for fact in standing(facts)]
    return next((fact for fact in told if fact.at in ended and fact.kind.value in wording.ENDS), None)
