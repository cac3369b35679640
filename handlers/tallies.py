"""Counts of pupils, as handlers ask for them (``storage.tallies``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from casework.scope import Scope


class Named(Protocol):
    """As much of a pupil as a list of names needs."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def class_id(self) -> str | None: ...
    @property
    def groups(self) -> frozenset[str]: ...


class Tallies(Protocol):
    """How many are what, as handlers ask for it (``storage.tallies.Tallies``)."""

    def by_class(self, scope: Scope) -> Mapping[str | None, Counter[str]]: ...
    def by_groups(self, scope: Scope) -> Mapping[frozenset[str], Counter[str]]: ...
    def by_reason(self, scope: Scope, states: Iterable[str]) -> Counter[str]: ...
    def without_helper(self, scope: Scope, groups: Collection[str]) -> Sequence[Named]: ...
    def of_helper(self, scope: Scope, person: str) -> Sequence[Named]: ...
