"""A request as a draft: what every reader of requests puts down."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause
from handlers.understanding.drafts import Draft


def asked_for(action: str, clause: Clause, match: re.Match[str] | None, **slots: object) -> Draft:
    """A draft of that action, explained by the words that matched, or by the whole clause."""
    start, end = match.span() if match else (0, len(clause.text))
    place = (clause.start + start, clause.start + end)
    return Draft(
        action,
        slots={k: v for k, v in slots.items() if v is not None},
        spans={"action": place} | dict.fromkeys(slots, place),
    )
