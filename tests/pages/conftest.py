"""The county of the pages' tests: read by many, written by those that ask for one of their own."""

from __future__ import annotations

import pytest
from flask import Flask

from storage.store import Store
from tests.pages.county import ROLES, Running, Visitor, application, made_store


@pytest.fixture(scope="module")
def store() -> Store:
    return made_store()


@pytest.fixture(scope="module")
def site(store: Store, tmp_path_factory) -> tuple[Flask, Running]:
    return application(store, tmp=str(tmp_path_factory.mktemp("files")))


@pytest.fixture(scope="module")
def app(site) -> Flask:
    return site[0]


@pytest.fixture(scope="module")
def as_role(app):
    """Somebody in a role, logged in."""
    known: dict[str, Visitor] = {}

    def visitor(role: str) -> Visitor:
        return known.setdefault(role, Visitor(app, ROLES[role]))

    return visitor


@pytest.fixture
def own_store() -> Store:
    """A county that the test may change."""
    return made_store()


@pytest.fixture
def own_app(own_store: Store, tmp_path) -> Flask:
    return application(own_store, tmp=str(tmp_path))[0]


@pytest.fixture
def admin(own_app: Flask) -> Visitor:
    return Visitor(own_app, "guan")
