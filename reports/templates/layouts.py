"""The declarative layouts of all forms: title, who may issue it, what it needs, and its body."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from casework import yaml_files


@dataclass(frozen=True, slots=True)
class Layout:
    """One form. ``verb`` is what issuing it does (``issuers.yaml``); ``issuers`` narrows who may, if given.

    ``letter``: it goes to a guardian. ``law`` are the places cited at its foot, ``clauses`` the clauses of the
    source documents that ask for it, ``needs`` the parts of ``Material`` without which it makes no sense,
    ``evidence`` what must come with the paper and is listed while it is missing.
    """

    name: str
    title: str
    verb: str
    body: tuple[Mapping[str, Any] | str, ...]
    clauses: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    law: tuple[tuple[Any, ...], ...] = ()
    issuers: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    letter: bool = False
    landscape: bool = False
    restricted: bool = False


@functools.cache
def layouts() -> dict[str, Layout]:
    """All forms by name, in the order of the files."""
    return {name: _layout(name, row) for part in _files("forms") for name, row in part.items()}


@functools.cache
def labels() -> dict[str, str]:
    """What each slot is called, for the list of what is still missing."""
    return dict(_slots()["labels"])


@functools.cache
def by_hand() -> frozenset[str]:
    """The slots that are written later, by hand: they may be blank on a paper that is signed."""
    return frozenset(_slots()["by_hand"])


@functools.cache
def from_records() -> frozenset[str]:
    """The slots that records fill: a person's words stand in them only while the records know nothing."""
    return frozenset(_slots()["from_records"])


@functools.cache
def never_by_words() -> frozenset[str]:
    """The slots that no person's words fill."""
    return frozenset(_slots()["never_by_words"])


def _slots() -> dict[str, Any]:
    table: dict[str, Any] = yaml_files.parse((resources.files("reports.templates") / "slots.yaml").read_text("utf-8"))
    return table


def _files(folder: str) -> list[dict[str, dict[str, Any]]]:
    files = (resources.files("reports.templates") / folder).iterdir()
    return [yaml_files.parse(file.read_text("utf-8")) for file in sorted(files, key=lambda f: f.name)]


def _layout(name: str, row: dict[str, Any]) -> Layout:
    lists = {key: tuple(row.get(key, ())) for key in ("body", "clauses", "needs", "issuers", "evidence")}
    flags = {key: bool(row.get(key)) for key in ("letter", "landscape", "restricted")}
    law = tuple(tuple(place) for place in row.get("law", ()))
    return Layout(name=name, title=row["title"], verb=row["verb"], law=law, **lists, **flags)  # type: ignore[arg-type]
