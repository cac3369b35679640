"""Each test of storage runs on SQLite, and on PostgreSQL where there is a server; each in a county of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from storage.engine import build_engine
from storage.store import Store
from tests.storage.county import settle
from tests.storage.small_rules import SMALL
from tests.support.stores import fresh_store, throw_away_database, watch_county

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    with throw_away_database() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_engine(postgresql_url: str) -> Iterator[sa.Engine]:
    engine = build_engine(postgresql_url)
    watch_county(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=BOTH)
def empty(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store of a county with nothing in it."""
    if request.param == "postgresql":
        yield fresh_store(request.getfixturevalue("postgresql_engine"), rules=SMALL)
        return
    store = fresh_store(rules=SMALL)
    yield store
    store.close()


@pytest.fixture
def store(empty: Store) -> Store:
    """A store of the small county."""
    settle(empty)
    return empty


@pytest.fixture(params=BOTH)
def shared(request: pytest.FixtureRequest, tmp_path) -> Iterator[Store]:
    """A store of the small county that several threads and processes may use at once."""
    if request.param == "postgresql":
        store = fresh_store(request.getfixturevalue("postgresql_engine"), rules=SMALL)
    else:
        store = fresh_store(f"sqlite:///{tmp_path}/shared.db", rules=SMALL)
    settle(store)
    yield store
    if request.param == "sqlite":
        store.close()
