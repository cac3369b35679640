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
import struct
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
_FINE = 100  # weights are written in hundredths
_BITS, _NOUGHT = 32, 1 << 31  # of a sum among those packed into one number, and what stands for 0 there


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
def _table() -> tuple[tuple[str, ...], int, dict[str, int]]:
    """The meanings, what they start from, and for each piece what it says for or against them; both packed."""
    table = json.loads((files(__package__) / "weights.json").read_text(encoding="utf-8"))
    place = {meaning: at for at, meaning in enumerate(table["bias"])}

    def packed(row: dict[str, float]) -> int:
        return sum(round(weight * _FINE) << _BITS * place[meaning] for meaning, weight in row.items())

    start = packed(table["bias"]) + sum(_NOUGHT << _BITS * at for at in place.values())
    return tuple(place), start, {piece: packed(row) for piece, row in table["weights"].items()}


@cache
def _chance(packed: int) -> float:
    """The probability for a sum as it is packed."""
    total = (packed - _NOUGHT) / _FINE
    return 0.0 if total < -_FAR else 1 / (1 + math.exp(-total)) if total < _FAR else 1.0


def weigh(pieces: Iterable[str]) -> dict[str, float]:
    """Each meaning with its probability, 0 to 1; they need not add up to one, for a message may mean several things.

    The weights of a piece are one whole number, 32 bits for each meaning, so that one addition adds them all.
    """
    meanings, start, weights = _table()
    packed = sum(filter(None, map(weights.get, pieces)), start)
    sums = struct.unpack(f"<{len(meanings)}I", packed.to_bytes(len(meanings) * _BITS // 8, "little"))
    return dict(zip(meanings, map(_chance, sums), strict=True))
