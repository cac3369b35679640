"""Several absences of one pupil, entered late and out of order: each stands where it was, whatever is told after it."""

from __future__ import annotations

import pytest

from casework.duties import assess
from casework.facts import Fact
from casework.timeline import ABSENT, standing, unfold
from tests.casework.stage import PUPIL, at, fact, world

DAYS = world().calendar.county
SECOND = [fact("absence", "11-10 8:00"), fact("return", "11-11 7:40")]


def absences(facts: list[Fact]) -> list[tuple[int, int | None]]:
    """First day of each absence in November, and the day of what ended it."""
    turns = [t for t in unfold(standing(facts), DAYS) if t.kind == ABSENT and t.since]
    return [(t.since.day, t.closer.moment.day if t.closer else None) for t in turns if t.since]


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        # an older absence and its return, entered after the newer one
        ([fact("absence", "11-14 9:00", on="11-04"), fact("return", "11-14 9:01", on="11-05")], [(4, 5), (10, 11)]),
        # without its return it lasts until the next one
        ([fact("absence", "11-14 9:00", on="11-04")], [(4, 11)]),
        # back on a day on which the pupil stands as present already
        ([fact("return", "11-14 9:00", on="11-05")], [(10, 11)]),
        # the second came back a day earlier than was told
        ([fact("return", "11-14 9:00", on="11-10")], []),
    ],
)
def test_what_is_entered_later_leaves_the_other_absence_alone(
    later: list[Fact], expected: list[tuple[int, int | None]]
) -> None:
    assert absences([*SECOND, *later]) == expected


def test_each_has_its_own_duties_again() -> None:
    older = [fact("absence", "11-14 9:00", on="11-04"), fact("return", "11-14 9:01", on="11-05")]
    found = assess(PUPIL, [*SECOND, *older], world(), at("11-14 10:00")).duties
    assert len({d.id for d in found}) == len(found)
    visits = [(d.due.day, d.status) for d in found if d.rule == "absence_visit"]
    assert visits == [(11, "lapsed"), (14, "lapsed")]


def test_an_earlier_return_corrects_the_return_of_that_absence_alone() -> None:
    first = [fact("absence", "11-03 8:00"), fact("return", "11-07 7:40")]
    told = fact("return", "11-14 9:00", on="11-05")
    assert absences([*first, *SECOND, told]) == [(3, 5), (10, 11)]


def test_a_return_on_an_earlier_day_ends_an_absence_reported_daily() -> None:
    daily = [fact("absence", f"11-{day:02} 8:00") for day in (3, 4, 5, 6, 7)]
    assert absences([*daily, fact("return", "11-10 8:00", on="11-05")]) == [(3, 5)]
    assert absences([*daily, fact("return", "11-10 8:00", on="11-03")]) == []
