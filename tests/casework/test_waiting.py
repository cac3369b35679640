"""What waits for a word of somebody else, and what no longer does."""

from __future__ import annotations

import pytest

from casework.facts import Fact
from casework.waiting import LETTER, open_letter, open_referrals
from tests.casework.stage import fact

SENT = fact("done", "9-10 9:00", by="li", rule=LETTER, addressee="某县教育局")
ANSWERED = fact("done", "9-20 9:00", by="li", rule=LETTER, department="某县教育局")
OTHER = fact("done", "9-21 9:00", by="li", rule="absence_plan")
TAKEN_BACK = fact("void", "9-11 9:00", by="li", facts=[SENT.id])


@pytest.mark.parametrize(
    ("told", "open_"),
    [
        ([], None),
        ([OTHER], None),
        ([SENT], SENT),
        ([SENT, OTHER], SENT),
        ([SENT, ANSWERED], None),
        ([SENT, TAKEN_BACK], None),
    ],
)
def test_a_letter_is_open_until_it_is_answered(told: list[Fact], open_: Fact | None) -> None:
    assert open_letter(told) == open_


def test_a_referral_is_open_until_its_own_answer() -> None:
    two = [fact("referred", "9-10 9:00", by="li", department=name) for name in ("公安", "民政")]
    news = fact("replied", "9-12 9:00", by="li", of=two[0].id, interim=True)
    answer = fact("replied", "9-13 9:00", by="li", of=two[0].id)
    assert open_referrals([*two, news]) == two
    assert open_referrals([*two, news, answer]) == two[1:]
