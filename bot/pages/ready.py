"""Figures that the jobs have made before anybody asked (``bot.ahead``): for those whose only posts are over the county, or
over one township."""

from __future__ import annotations

import datetime as dt

from bot.pages.door import storage_of
from casework.people import COUNTY
from casework.scope import LEVEL
from handlers.desk import Desk
from storage.ready import Made

OLDEST = dt.timedelta(minutes=25)
"""From which age on they are made anew by whoever asks: the jobs have come to a stop."""


def name_for(desk: Desk, what: str) -> str | None:
    """Under which name the figures of such a reader stand; None for one who has a post elsewhere besides.

    What they see depends on their roles and that unit alone, so they share them.
    """
    over = {post.unit for post in desk.posts}
    if len(over) != 1 or any(LEVEL[post.role] not in ("county", "township") for post in desk.posts):
        return None
    unit = over.pop()
    return f"{what}/{'+'.join(sorted(desk.reader.roles))}{'' if unit == COUNTY else '@' + unit}"


def of(desk: Desk, what: str) -> Made | None:
    """What was made of these figures today and not long ago."""
    name = name_for(desk, what)
    midnight = dt.datetime.combine(desk.today, dt.time())
    return storage_of(desk).ready.get(name, max(midnight, desk.now - OLDEST)) if name else None
