"""The rules against a second reading of them: made-up timelines, played by both, laid side by side line by line.

``tests/casework/oracle`` is written from contracts sections 3 and 4 alone and knows nothing of this program. Where the page
allows two readings it follows what docs/decisions.md chose. A few short timelines run always, ``make soak`` runs two hundred of
two months each, ``KONGCHUO_ORACLE=500`` as many.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from typing import Any

import pytest

from tests.casework.oracle.packs import OWNER, clause
from tests.casework.oracle.reading import Result, expected, helper, printed
from tests.casework.oracle.timelines import timeline
from tests.casework.play import play

SEEDS = range(int(os.environ.get("KONGCHUO_ORACLE", "200" if os.environ.get("KONGCHUO_TEST_ALL") else "8")))
LENGTH = 25 if len(SEEDS) < 10 else 60
OF_HELPER = ("persist", "return_followup")
HOLDER = {"teacher": ["wang"], "school": ["li"], "township": ["zhen"], "county": ["xian"]}


def both(seed: int, length: int) -> tuple[Result, Result, list[dict[str, Any]], list[dict[str, Any]]]:
    rows = timeline(seed, length)
    lines = [line for line in play("\n".join(map(json.dumps, rows))) if line["type"] == "case" or line["rule"] in OWNER]
    until = dt.date.fromisoformat(rows[-1]["at"][:10])
    return expected(rows[0], rows[1:]), printed(lines, until), [rows[0], *lines], rows[1:]


@pytest.mark.parametrize("seed", SEEDS)
def test_both_read_the_page_alike(seed: int) -> None:
    wanted, got, (stage, *lines), events = both(seed, LENGTH)
    assert sorted((got.rows - wanted.rows).elements()) == []
    assert sorted((wanted.rows - got.rows).elements()) == []
    assert got.overdue == wanted.overdue
    assert got.cases == wanted.cases
    for line in lines:
        if line["type"] == "duty":
            assert line["clause"] == clause(stage["pack"], line["rule"])
            named = helper(events, line.get("pupil", ""), line["at"]) if line["rule"] in OF_HELPER else ""
            role, who = next(((p["role"], [p["id"]]) for p in stage["people"] if p["name"] == named), (OWNER[line["rule"]], None))  # fmt: skip
            assert line["owner"] == role
            assert line["who"] == (who or HOLDER[role])
