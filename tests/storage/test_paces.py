"""Requests are counted over all processes: by minute, without saying whose, and only of those who ask often."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from storage.tables import paces
from tests.storage.county import NOW


def add(store, key: str, minute: int, many: int) -> int:
    with store.begin(NOW, together=True) as work:
        return work.paces.add(key, minute, many)


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ([("a", 7, 30), ("a", 7, 30)], [30, 60]),
        ([("a", 7, 30), ("b", 7, 5)], [30, 5]),
        ([("a", 7, 30), ("a", 8, 5)], [30, 5]),
        ([("a", 8, 5), ("a", 7, 30)], [5, 35]),  # a host whose clock is behind counts with the others
    ],
)
def test_each_minute_of_each_key_is_counted(shared, told, counted):
    assert [add(shared, *one) for one in told] == counted


def test_many_at_once_lose_no_count(shared):
    threads = [threading.Thread(target=add, args=(shared, "a", 7, 3)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert add(shared, "a", 7, 0) == 36


def test_nobody_can_be_read_there_and_old_counts_go(shared):
    add(shared, "person:wang", 7, 30)
    add(shared, "address:10.1.1.1", 70, 30)
    with shared.begin(NOW) as work:
        rows = work.session.run(sa.select(paces).where(work.session.here(paces))).all()
        assert len(rows) == 2
        assert not any(b"wang" in row.key or b"10.1" in row.key for row in rows)
        assert work.paces.forget(70) == 1
