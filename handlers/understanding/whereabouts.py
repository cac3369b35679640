"""Where a pupil has gone, in the words of a talk."""

from __future__ import annotations

import re

from handlers.understanding.clauses import Clause, Line
from handlers.understanding.drafts import Draft

_TOLD_BY = re.compile(r".*(?:说|讲|称|表示|告知|反映)(?:是|道)?")
_ITSELF = "NWDTU他她的孩子家里娃,已经又就也"


def put_where(draft: Draft, at: int, clauses: list[Clause], line: Line) -> None:
    """Where the pupil has gone, in the words of the message: what the ledgers show as 去向."""
    clause = next((c for c in clauses if c.start <= at < c.end), None)
    if clause is None:
        return
    said = _TOLD_BY.match(clause.text[: at - clause.start])
    start = max(clause.start + (said.end() if said else 0), line.text.rfind("N", clause.start, at) + 1)
    while start < at and line.text[start] in _ITSELF and not line.text.startswith("家长", start):
        start += 1
    draft.put("note", line.text[start : clause.end], start, clause.end)
