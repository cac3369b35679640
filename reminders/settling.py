"""Cards whose work is done turn grey, with what was done and by whom, also when somebody else did it."""

from __future__ import annotations

import datetime as dt
import logging

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
    spent = [card.id for card, words in settled if _is_spent(courier, card, words)]
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
    for duty_id in card.duties:
        duty = work.cases.duty(duty_id)
        fact = work.cases.fact(duty.by) if duty is not None and duty.status == "done" and duty.by else None
        if fact is not None:
            person = work.people.person(fact.by)
            return wording.say_settled(fact.kind.value, person.name if person else fact.by, fact.at.date())
    return wording.say_settled(None, "", None)
