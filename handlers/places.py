"""Where things are, in the reader's words: names of units, and what lies in one."""

from __future__ import annotations

from casework.people import Unit
from casework.scope import Directory, Scope


def place_name(directory: Directory, unit_id: str | None) -> str:
    """``第一中学八年级3班`` for a class, the plain name for any other unit, empty for the county or an unknown one."""
    unit = directory.units.get(unit_id or "")
    if unit is None or unit.kind == "county":
        return ""
    if unit.kind != "class":
        return unit.name
    school = directory.at_level(unit.id, "school")
    return (directory.units[school].name if school else "") + unit.name


def scope_of_unit(directory: Directory, unit_id: str) -> Scope:
    """Everything that lies in one unit, as a scope for lists and counts."""
    inside = [directory.units[u] for u in directory.below(unit_id) if u in directory.units]
    return Scope(
        classes=frozenset(u.id for u in inside if u.kind == "class"),
        villages=frozenset(u.id for u in inside if u.kind == "village"),
        units=frozenset({unit_id}),
    )


def schools_in(directory: Directory, scope: Scope) -> list[Unit]:
    """The schools that a scope reaches: all of them, those of its classes, or its own."""
    schools = sorted((u for u in directory.units.values() if u.kind == "school"), key=lambda u: u.id)
    if scope.everything:
        return schools
    reached = {directory.at_level(c, "school") for c in scope.classes} | set(scope.units)
    return [s for s in schools if s.id in reached]
