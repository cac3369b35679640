"""A message as actions: the one door from words to what is meant."""

from __future__ import annotations

import datetime as dt
import re

from handlers.understanding import lexicon_requests as ask
from handlers.understanding.actions import Action, Calendar, NameIndex
from handlers.understanding.clauses import Line, line_of
from handlers.understanding.dates import no_such_day
from handlers.understanding.drafts import Draft
from handlers.understanding.found import found_children
from handlers.understanding.meant import meant
from handlers.understanding.mentions import find_mentions
from handlers.understanding.name_pieces import compacted, pieces
from handlers.understanding.reading import days_and_numbers
from handlers.understanding.requests import announced, asked_about_all, of_all
from handlers.understanding.settle import acted
from handlers.understanding.shapes import read_again, shape_of
from handlers.understanding.text import Text, normalise
from handlers.understanding.tidy import tidied
from handlers.understanding.told import told

LONGEST_TEXT = 600  # characters; what is longer was pasted, and is asked about


def understand(
    text: str, role: str, now: dt.datetime, names: NameIndex, calendar: Calendar | None = None
) -> list[Action]:
    """The actions a message means, in its order; ``clarify`` where nothing may be written before asking, ``unknown`` where nothing is meant."""
    today = now.date()
    line, even = line_and_text(text, names, calendar)
    drafts: list[Draft] | None = None
    if not _is_of_its_words(even) and (shape := shape_of(line)) and not no_such_day(even.body, today):
        line, drafts = read_again(shape, line, role, today)
    if drafts is None:
        line = meant(line)
        drafts = _at_a_glance(line, even)
    if drafts is None:
        drafts = told(line, role, today, no_such_day(even.body, today) is not None)
    actions = [a for draft in drafts for a in acted(draft, line, even)]
    return tidied(actions, today) or [Action("unknown")]


def looked_for(text: str) -> list[str]:
    """The keys that ``understand`` will ask the index of names for, exactly so."""
    return pieces(compacted(normalise(text[:LONGEST_TEXT]).body).text)


def line_and_text(text: str, names: NameIndex, calendar: Calendar | None) -> tuple[Line, Text]:
    """A message as a line, with its names, days and numbers found, and the even text that it stands for."""
    even = normalise(text[:LONGEST_TEXT])
    mask, tokens = find_mentions(even.body, names, lambda body: days_and_numbers(body, calendar))
    return line_of(mask, tokens), even


_FORWARDED = re.compile(r"\s*[\[【(（]\s*(?:转发?|截图|聊天记录)\s*[\]】)）]")
_UNDERSTOOD = re.compile(
    r"(?:好的?|嗯+|哦|行|可以|收到|知道了?)[,。 ]?(?:明白|收到|知道|好的)[了啦的]?[。]?"
)  # 明白 is a pupil too
_ASKING = re.compile(r"[?\s]+")


def _is_of_its_words(even: Text) -> bool:
    """Whether what a message is shows in its own words, whoever is named in it: pasted, signs alone, thanks, an order to a machine."""
    return bool(
        not even.body
        or _FORWARDED.match(even.raw)
        or _ASKING.fullmatch(even.raw)
        or _UNDERSTOOD.fullmatch(even.body)
        or ask.INJECTED.search(even.body)
    )


def _at_a_glance(line: Line, even: Text) -> list[Draft] | None:
    """What is seen before anything is taken apart: errands about all, pasted words, signs alone, found children."""
    if of_all(line) or ("N" in line.text and _FORWARDED.match(even.raw)):
        return [asked_about_all(line)]
    if _ASKING.fullmatch(even.raw):
        return [Draft("help")]
    if (not even.body and even.raw.strip()) or _UNDERSTOOD.fullmatch(even.body):
        return [Draft("greet")]
    if ask.INJECTED.search(even.body) or announced(line):
        return []
    children = found_children(line, even)
    if children and not any(c.slots for c in children) and not re.search(r"[个名位孩娃童生]", line.text):
        return [Draft("clarify", slots={"about": "student"})]  # 失学有户: nobody in particular
    return children or None
