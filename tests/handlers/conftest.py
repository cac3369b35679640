"""The made-up county in which somebody has just been awake, and a chat with its people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.handlers.chat import Chat
from tests.pages.county import TODAY, made_store, wake


@pytest.fixture
def store() -> Iterator[Store]:
    store = made_store()
    wake(store, TODAY)
    yield store
    store.close()


@pytest.fixture
def chat(store: Store, tmp_path: Path) -> Chat:
    return Chat(store, tmp_path)
