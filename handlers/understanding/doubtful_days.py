"""Days of which nothing may be recorded before asking: to come, long ago, or none that there is."""

from __future__ import annotations

import datetime as dt
import re

from handlers.understanding.attendance import LONG_AGO, YEAR_SAID
from handlers.understanding.clauses import Line
from handlers.understanding.dates import COMING, PAST
from handlers.understanding.drafted import ASKED
from handlers.understanding.drafts import Draft
from handlers.understanding.reading import Token


def certain(draft: Draft, line: Line, no_such: bool, today: dt.date) -> Draft:
    """What would be of a day to come, or of one that there is not (``no_such``), has not happened: it is asked about, never recorded."""
    dated = {"date", "from", "to", "return_on"} & draft.slots.keys()
    if no_such and draft.action not in ASKED and not dated:
        return Draft("clarify", draft.names, {"about": "date"})
    said = str(draft.slots.get("date", ""))
    ahead = said > today.isoformat() or _rather_coming(draft, line, today)
    if (ahead or _long_ago(draft, said, line, today)) and draft.action in _OF_THE_PAST:
        return Draft("clarify", draft.names, {"about": "meaning"})
    return draft


_OF_THE_PAST = {"absence", "visit", "contact", "return", "teach", "notice", "all_present"}


def _day_behind(draft: Draft, line: Line) -> Token | None:
    """The day that a draft's date was read from."""
    token = line.tokens.get(draft.spans["date"][0]) if "date" in draft.slots and "date" in draft.spans else None
    return token if token and token.kind == "D" else None


def _long_ago(draft: Draft, said: str, line: Line, today: dt.date) -> bool:
    """家访4月8日, written in March: as a past day it was eleven months ago, and no year is said (faults 18)."""
    token = _day_behind(draft, line)
    return token is not None and said < str(today - LONG_AGO) and not YEAR_SAID.match(token.value.words)


_OF_A_MONTH = re.compile(r"[\d一二三十廿]+[号日]")
FAR, NEAR = dt.timedelta(days=20), dt.timedelta(days=7)


def _rather_coming(draft: Draft, line: Line, today: dt.date) -> bool:
    """13号返校, written on the 12th: as a past day it is a month ago, as a coming one tomorrow; which, the writer knows."""
    token = _day_behind(draft, line)
    if not token or not _OF_A_MONTH.fullmatch(token.value.words):
        return False
    past, coming = token.value.on(today, PAST), token.value.on(today, COMING)
    return bool(past and coming and today - past > FAR and coming - today <= NEAR) and draft.slots["date"] == str(past)
