"""Issue 8, point by point: which talks show it, and that those talks carry the clauses of the point (see "Shown by")."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import talk as talks

TALKS = Path(__file__).parent / "talks"
POINTS = {
    "2 送教上门": ("placement pace_of_teaching sent_to_teach", "FN-24 FN-26 FN-27 FN-28 FN-29 XY-20 XY-35 TA-28 FJ-15"),
    "3 found children": ("found_children found_and_known no_hukou said_otherwise", "FN-13 XY-33 FJ-9 FJ-18"),
    "4 coming and going": (
        "from_school_to_school entry_and_exit gone_without_notice letters_and_replies waiting_for_a_word never_against_the_child primary_to_junior",
        "TA-15 XY-16 XY-34 XY-39 XY-40 TA-17 TA-18 TA-30 LC-39",
    ),
    "5 verification by others": (
        "verified_by_others village_and_departments links_of_departments platform_flags", "FJ-10 FJ-11 FJ-22 FN-22 FN-31",
    ),
    "6 admission": ("admission_letters letters_of_placed_children lists_of_the_term entry_and_exit first_days_at_school village_and_departments", "TA-5 TA-7 LC-12 FJ-19 FJ-20 FJ-21"),
    "7 rounds": (
        "rounds_in_chat meetings_and_pledges month_of_activities plan_of_the_year schools_from_above named_until_changed heads_counted said_otherwise",
        "FJ-1 FJ-6 FN-9 XY-9 TA-3 LC-3 LC-5 LC-6 LC-7 LC-8 LC-9 XY-21 XY-41 XY-44 XY-45 XY-47 XY-48 XY-49 TA-32",
    ),
    "8 care": (
        "care care_in_chat checks_for_leaders weighed work_beside_cases for_a_person_to_judge",
        "XY-10 XY-19 FN-20 FN-21 TA-24 TA-25 LC-24 LC-27 XY-24 XY-26 XY-36",
    ),
    "9 never against the child": ("never_against_the_child for_a_person_to_judge", "XY-25 LC-40 XY-34 LC-42"),
}  # fmt: skip


@pytest.mark.parametrize("point", POINTS)
def test_each_point_has_its_talks(point: str) -> None:
    """A talk is played line by line by ``test_talks``; here it is only that none of the point's clauses is without one."""
    names, clauses = (words.split() for words in POINTS[point])
    told = {c for name in names for c in talks.read((TALKS / f"{name}.md").read_text(encoding="utf-8")).clauses}
    assert set(clauses) - told == set()
