"""The first days of a term typed by forty people: no reply is empty or foreign, and the facts give what stands."""

from __future__ import annotations

import re

import pytest

from tests.term import Term, Word

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def played() -> tuple[Term, list[Word]]:
    term = Term()
    return term, list(term.play(days=15, each=9))


@pytest.mark.slow
def test_forty_people_are_answered(played: tuple[Term, list[Word]]) -> None:
    term, words = played
    assert len(term.stage.ids) == 40
    typed = [word for word in words if word.typed]
    assert len(typed) > 50
    wrote = {term.roles[term.stage.ids[word.person]] for word in typed}
    assert wrote >= {"teacher", "school", "village", "township"}
    assert wrote & {"county", "admin"}
    assert [word for word in words if not CHINESE.search(word.heard)] == []
    assert [word for word in words if re.search(r"None|Traceback|\{|\}|<[a-z]+ ", word.heard)] == []


@pytest.mark.slow
def test_nobody_hears_of_a_pupil_outside_their_scope(played: tuple[Term, list[Word]]) -> None:
    assert [word for word in played[1] if word.foreign] == []


@pytest.mark.slow
def test_the_facts_give_what_stands(played: tuple[Term, list[Word]]) -> None:
    assert played[0].differences() == []
