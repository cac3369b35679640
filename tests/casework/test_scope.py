"""Who answers for whom, and who sees whom."""

from __future__ import annotations

import pytest

from casework.people import Post, Pupil, Unit
from casework.scope import Directory
from tests.casework.stage import POSTS, PUPIL, UNITS, day

OTHER = [
    Unit("z2", "township", "佗城镇"),
    Unit("v2", "village", "塔西村", "z2"),
    Unit("s2", "school", "佗城小学", "z2", "primary"),
    Unit("c2", "class", "三年级1班", "s2"),
]
DIRECTORY = Directory([*UNITS, *OTHER], [*POSTS, Post("zhen2", "township", "z2"), Post("admin", "admin", "")])
TODAY = day("9-10")


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        ("wang", {"here", "lives away"}),
        ("km", {"here", "lives away"}),
        ("li", {"here", "lives away"}),
        ("cun", {"here", "studies away"}),
        ("zhen", {"here", "lives away", "studies away"}),
        ("zhen2", {"lives away", "studies away", "there"}),
        ("xian", {"here", "lives away", "studies away", "there", "found"}),
        ("admin", {"here", "lives away", "studies away", "there", "found"}),
        ("nobody", set()),
    ],
)
def test_scope(person: str, sees: set[str]) -> None:
    pupils = {
        "here": PUPIL,
        "lives away": Pupil("a", "", "c", "v2"),
        "studies away": Pupil("b", "", "c2", "v"),
        "there": Pupil("d", "", "c2", "v2"),
        "found": Pupil("e", "", None, None),
    }
    scope = DIRECTORY.scope_of(person, TODAY)
    assert {name for name, pupil in pupils.items() if scope.covers(pupil)} == sees


@pytest.mark.parametrize(
    ("role", "class_id", "village_id", "who"),
    [
        ("teacher", "c", "v", ("wang",)),
        ("teacher", "c2", "v2", ("xian",)),  # no teacher, school staff or principal there
        ("township", "c", "v2", ("zhen2",)),
        ("township", "c2", None, ("zhen2",)),
        ("village", "c2", "v2", ("zhen2",)),
        ("township", None, None, ("xian",)),
        ("subject_teacher", "c2", "v", ("xian",)),
    ],
)
def test_answering(role: str, class_id: str | None, village_id: str | None, who: tuple[str, ...]) -> None:
    assert DIRECTORY.answering(role, class_id, village_id, TODAY) == who


def test_posts_change_hands_on_their_day() -> None:
    posts = [
        Post("old", "teacher", "c", None, day("9-9")),
        Post("new", "teacher", "c", day("9-10")),
        Post("deputy", "teacher", "c", day("9-15"), day("9-16"), deputy_for="new"),
    ]
    directory = Directory(UNITS, posts)
    who = {d: directory.holders("teacher", "c", day(d)) for d in ("9-9", "9-10", "9-15", "9-17")}
    assert who == {"9-9": ("old",), "9-10": ("new",), "9-15": ("deputy",), "9-17": ("new",)}
    assert directory.stand_ins("new", day("9-15")) == ("deputy",)
    assert directory.stand_ins("new", day("9-17")) == ("new",)
    assert directory.next_turn(day("9-10"), ["s", "c"]) == day("9-15")
    assert directory.next_turn(day("9-10"), ["z"]) is None
    assert directory.next_turn(day("9-16"), ["c"]) == day("9-17")
    assert directory.next_turn(day("9-17"), ["c"]) is None
    above = Directory(UNITS, [Post("head", "principal", "s", until=day("9-12"))])
    assert above.next_turn(day("9-10"), [None, "c"]) == day("9-13"), "of the school of that class"
    assert not directory.scope_of("old", day("9-10")).classes


def test_two_posts_of_one_person() -> None:
    directory = Directory([*UNITS, *OTHER], [Post("two", "teacher", "c"), Post("two", "village", "v2")])
    scope = directory.scope_of("two", TODAY)
    assert scope.covers(PUPIL)
    assert scope.covers(Pupil("d", "", "c2", "v2"))
    assert directory.role_towards("two", PUPIL, TODAY) == "teacher"
    assert directory.role_towards("two", Pupil("d", "", "c2", "v2"), TODAY) == "village"


def test_units() -> None:
    assert DIRECTORY.path("c") == ("c", "s", "z", "")
    assert DIRECTORY.path("nowhere") == ()
    assert DIRECTORY.at_level("c", "township") == "z"
    assert set(DIRECTORY.below("z2")) == {"z2", "v2", "s2", "c2"}
    assert DIRECTORY.in_charge("school", "s", TODAY) == ("li",)
    assert DIRECTORY.in_charge("school", "s2", TODAY) == ("xian",)
    assert DIRECTORY.in_charge("county", "", TODAY) == ("xian",)


def test_what_a_post_gives_ends_with_it_however_often_it_is_asked() -> None:
    """Posts and reach are kept from one day on which a post changes hands to the next."""
    units = [Unit("s", "school", "S"), Unit("c", "class", "C", "s"), Unit("c2", "class", "C2", "s")]
    posts = [Post("li", "teacher", "c", until=day("9-10")), Post("li", "teacher", "c2", since=day("9-11"))]
    directory = Directory(units, posts)
    for _ in range(2):
        for today, seen in (("9-9", "c"), ("9-10", "c"), ("9-11", "c2"), ("9-12", "c2")):
            assert [post.unit for post in directory.posts_of("li", day(today))] == [seen]
            assert directory.scope_of("li", day(today)).classes == {seen}
            assert directory.scope_of("li", day(today), ("school",)).classes == set()
