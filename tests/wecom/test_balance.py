"""Who among the web processes takes the next connection."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from bot import balance, porter
from bot.balance import MOST, Shares


@pytest.fixture
def shares(monkeypatch: pytest.MonkeyPatch) -> Shares:
    fresh = Shares()
    monkeypatch.setattr(balance, "SHARES", fresh)
    monkeypatch.setattr(porter, "SHARES", fresh)
    return fresh


def a_process(place: int | None, connections: int) -> porter.Porter:
    one = object.__new__(porter.Porter)
    one.place, one.alive, one.nr_conns, one.sockets, one._accepting = place, True, connections, [], True
    return one


def test_who_has_more_lets_another_take_it_but_not_for_ever(shares: Shares) -> None:
    full, other = a_process(0, 2), a_process(1, 1)
    other._say_how_many()
    assert not other._leaves_it_to_another()
    assert full._leaves_it_to_another()
    assert not full._accepting
    full.set_accept_enabled(True)
    assert not full._accepting, "it looks away for a moment"
    full._stands_back_until = 0.0
    full.set_accept_enabled(True)
    assert full._accepting
    assert not full._leaves_it_to_another(), "the other did not come: it may be hung"
    assert full._leaves_it_to_another(), "the next one is again the other's"


def test_nobody_waits_for_a_process_that_takes_nothing(shares: Shares) -> None:
    full, stopping = a_process(0, 2), a_process(1, 0)
    stopping.alive = False
    stopping._say_how_many()
    assert not full._leaves_it_to_another()
    assert not a_process(None, 9)._leaves_it_to_another(), "one that is not counted stands back for nobody"


def test_a_place_is_free_when_its_process_has_ended(shares: Shares) -> None:
    living = {n: SimpleNamespace(place=n) for n in range(MOST)}
    late = SimpleNamespace()
    balance.give_place(SimpleNamespace(WORKERS=living), late)
    assert late.place is None, "too many to be counted"
    shares.put(5, 0)
    shares.put(0, 3)
    balance.clear_place(living.pop(5))
    balance.give_place(SimpleNamespace(WORKERS=living), late)
    assert late.place == 5
    assert not shares.more_than_another(0)
