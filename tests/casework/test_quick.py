"""Records that are made quickly are in all else the frozen dataclasses that they were."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from casework.quick import quickly_made


@dataclass(frozen=True, slots=True)
class Slow:
    one: str
    two: int = 2
    many: dict[str, int] = field(default_factory=dict)


@quickly_made
@dataclass(frozen=True, slots=True)
class Quick:
    one: str
    two: int = 2
    many: dict[str, int] = field(default_factory=dict)


def test_it_is_made_of_the_same_values() -> None:
    for given, named in (
        ((("a",), {}), "defaults"),
        ((("a", 3), {"many": {"b": 1}}), "all"),
        (((), {"one": "a"}), "by name"),
    ):
        quick, slow = Quick(*given[0], **given[1]), Slow(*given[0], **given[1])
        assert (quick.one, quick.two, quick.many) == (slow.one, slow.two, slow.many), named
        assert repr(quick) == repr(slow).replace("Slow", "Quick")
    assert Quick("a").many is not Quick("a").many, "each its own"


def test_it_refuses_what_a_frozen_record_refuses() -> None:
    made = Quick("a")
    assert type(made) is Quick
    with pytest.raises(FrozenInstanceError):
        made.one = "b"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del made.one
    with pytest.raises(TypeError):
        Quick()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Quick("a", three=3)  # type: ignore[call-arg]


def test_it_is_copied_changed_and_compared() -> None:
    made = Quick("a", 3, {"b": 1})
    assert replace(made, two=4) == Quick("a", 4, {"b": 1}) != made
    assert copy.deepcopy(made) == made == pickle.loads(pickle.dumps(made))


def test_a_subclass_is_itself() -> None:
    class Below(Quick):
        __slots__ = ()

    made = Below("a")
    assert type(made) is Below
    assert (made.one, made.two, made.many) == ("a", 2, {})


def test_what_is_no_plain_record_is_refused() -> None:
    @dataclass(frozen=True, slots=True)
    class Checked:
        one: str

        def __post_init__(self) -> None:
            assert self.one

    with pytest.raises(TypeError):
        quickly_made(Checked)
