"""A person's own words in a form: which columns take them, by the names that stand on the form (forms.md 0, rule 9).

What the records know is never written over; a column that stays empty keeps the form from being finished.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from reports.forms import BEFORE_AN_ORDER
from reports.templates.drawing import HEAD
from reports.templates.layouts import labels, layouts, never_by_words

OTHER_NAMES = {
    "家访原因": "purpose", "家访目的": "purpose", "家长意见": "guardian_view", "应急问题": "urgent", "商定措施": "next_steps",
    "起止时间": "visit_hours", "家访地点": "place", "是否见到学生本人": "saw_student", "提请": "request", "学生陈述": "student_statement",
    "学生意见": "student_statement", "提供的帮扶": "support", "帮扶": "support", "去向": "whereabouts", "限期": "deadline_date",
}  # fmt: skip
"""Columns by other words than those of ``slots.yaml``."""
SLOT = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@functools.cache
def columns(paper: str) -> Mapping[str, str]:
    """Label → slot of every column of that form into which a person may write; none where there is no such form."""
    layout = layouts().get(paper)
    if layout is None:
        return {}
    asked = dict.fromkeys(slot for text in _texts(layout.body) for slot in SLOT.findall(text))
    if paper == "order":
        asked |= dict.fromkeys(BEFORE_AN_ORDER)
    return {labels()[slot]: slot for slot in asked if slot in labels() and slot not in never_by_words()}


@functools.cache
def names(paper: str) -> Mapping[str, str]:
    """The same by all names that people use, those of ``columns`` first: without what stands in brackets, 家长 for 监护人,
    other words for a column."""
    known = columns(paper)
    plain = {re.sub(r"（.*?）", "", label): slot for label, slot in known.items()}
    parents = {label.replace("监护人", "家长"): slot for label, slot in plain.items()}
    on_paper = {label: slot for label, slot in _beside(paper) if slot in known.values()}
    others = {other: slot for other, slot in OTHER_NAMES.items() if slot in known.values()}
    return {
        **known,
        **{
            name: slot
            for more in (plain, parents, on_paper, others)
            for name, slot in more.items()
            if name not in known
        },
    }


def _beside(paper: str) -> Iterator[tuple[str, str]]:
    """What stands beside a column's blank on the form, where that is the whole of a table's cell: label and slot."""
    for text in _texts(layouts()[paper].body if paper in layouts() else ()):
        cells = text.split("|")
        for label, cell in pairwise(cells):
            if found := SLOT.fullmatch(cell.strip()):
                yield re.sub(r"（.*?）|\s", "", label), found[1]


def _texts(part: Any) -> Iterator[str]:
    """Every text of a layout's body, and the head where a table has one."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        yield from HEAD if part.get("head") is True else ()
        for inner in part.values():
            yield from _texts(inner)
    elif isinstance(part, (list, tuple)):
        for inner in part:
            yield from _texts(inner)
