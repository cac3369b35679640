"""What a message means by the weight of its pieces, learnt from the corpora: a second reader beside the rules.

The rules say what they understood and why; where a word is in no table they understand nothing. This reader knows no
grammar: it has seen some thousand messages with what a clerk wrote down, and how much each piece of a line (one to four
characters, pupils and days as one letter each, what the rules heard) speaks for a meaning. ``weights.json`` is made of
``tests/corpus`` by ``python -m tests.understanding.learn``: a logistic regression for each meaning, most weights nought.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from handlers.understanding.clauses import Clause, Line
from handlers.understanding.moods import mood_of
from handlers.understanding.outcomes import outcome_of
from handlers.understanding.senses import events_of

KEYS = {
    "contact": ("outcome",), "visit": ("outcome",), "leave": ("kind",), "list": ("which",), "report": ("what", "step"),
    "export": ("what",), "mark": ("group",),
}  # fmt: skip
"""The slots that belong to what an action means, by action."""
NOTHING = "nothing"
"""The meaning of what must not be written, or not before asking."""
_ROLES = {"teacher": "①", "village": "②", "school": "③", "township": "④", "county": "⑤"}
_SEVERAL = re.compile(r"N(?:[、和跟,]?N)+")
_FAR = 10  # from here on a sum is as good as certain: less than 0.0001 is left to doubt
_LONGEST = 4  # characters of a piece


def meaning_of(action: str, slots: dict[str, Any]) -> str:
    """An action with its telling slots as one word: ``visit:agreed``, ``report:monthly:show``, ``absence``."""
    if action in ("clarify", "unknown"):
        return NOTHING
    said = [str(slots.get(slot) or ("other" if slot == "outcome" else "")) for slot in KEYS.get(action, ())]
    return ":".join([action, *said])


@cache
def kind_of(meaning: str) -> str:
    """Its action alone."""
    return meaning.partition(":")[0]


def pieces_of(line: Line, clauses: list[Clause], role: str) -> set[str]:
    """What the weights are of: stretches of what the clauses say, from the first to the last, and what the rules hear in them."""
    if not clauses:
        return set()
    chars = list(line.text)
    for at, token in line.tokens.items():
        if token.kind == "D":
            chars[at] = "PDF"[(token.value.lean > 0) - (token.value.lean < 0) + 1]  # past, either, to come
    told = "".join(chars[clauses[0].start : max(c.end for c in clauses)])
    text = f"{_ROLES.get(role, '')}^{_SEVERAL.sub('M', told)}$"
    out = {text[at : at + size] for size in range(1, _LONGEST + 1) for at in range(len(text) - size + 1)}
    out |= {f"{text[at]}_{text[at + 2]}" for at in range(len(text) - 2)}
    for clause in clauses:
        out |= {f"#{'not ' * e.no}{e.kind}:{e.group}" for e in events_of(clause, line)}
        out |= {f"#said {mood_of(clause, line)}", f"#came {outcome_of(clause.text)[0]}"}
    return out


@lru_cache(maxsize=1)
def _table() -> tuple[tuple[str, ...], tuple[float, ...], dict[str, tuple[tuple[int, float], ...]]]:
    """The meanings, what each starts from, and for each piece the places of the meanings that it speaks for or against."""
    table = json.loads((files(__package__) / "weights.json").read_text(encoding="utf-8"))
    place = {meaning: at for at, meaning in enumerate(table["bias"])}
    weights = {piece: tuple((place[m], w) for m, w in row.items()) for piece, row in table["weights"].items()}
    return tuple(place), tuple(table["bias"].values()), weights


def weigh(pieces: Iterable[str]) -> dict[str, float]:
    """Each meaning with its probability, 0 to 1; they need not add up to one, for a message may mean several things."""
    meanings, bias, weights = _table()
    sums = list(bias)
    row_of = weights.get
    for piece in pieces:
        for at, weight in row_of(piece, ()):
            sums[at] += weight
    return {
        m: 0.0 if total < -_FAR else 1 / (1 + math.exp(-total)) if total < _FAR else 1.0
        for m, total in zip(meanings, sums, strict=True)
    }
