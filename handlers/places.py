"""Where things are, in the reader's words: names of units, and what lies in one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from casework.people import Post, Unit
from casework.scope import Directory, Scope


def place_name(directory: Directory, unit_id: str | None) -> str:
    """``第一中学八年级3班`` for a class, the plain name for any other unit, empty for the county or an unknown one."""
    unit = directory.units.get(unit_id or "")
    if unit is None or unit.kind == "county":
        return ""
    if unit.kind != "class":
        return unit.name
    return directory.name_at(unit.id, "school") + unit.name


OWN = re.compile(r"(?:全|本|我们?|俺们?|咱们?|各)(?P<level>乡镇|县|区|镇|乡|校|学校|村|班)")
"""How one names the unit of one's own post."""
_LEVEL = {"县": "county", "区": "county", "村": "village", "校": "school", "学校": "school", "班": "class"}


def place_told(directory: Directory, posts: Iterable[Post], said: str) -> tuple[str, str] | None:
    """The place of a list as it was typed, as ``(what to look in, its name)``, both empty for all that the writer sees.

    我们村, 全镇 is the unit of the writer's own post; None for a village, school or township that the county has not.
    """
    own = OWN.fullmatch(said)
    if own is None and (
        not said or said.endswith("班") or any(u.name.startswith(said) for u in directory.units.values())
    ):
        return said, said
    if own is None:  # 青石镇上坪村
        ends = [u for u in directory.units.values() if u.kind != "county" and said.endswith(u.name)]
        closest = max(
            ends,
            key=lambda u: sum(directory.units[id].name in said for id in directory.path(u.id) if id in directory.units),
            default=None,
        )
        return (closest.id, closest.name) if closest else None
    units = own_units(directory, (p.unit for p in posts), own)
    return (units[0].id, place_name(directory, units[0].id) or units[0].name) if len(units) == 1 else ("", "")


def own_units(directory: Directory, units: Iterable[str], said: re.Match[str]) -> list[Unit]:
    """Those of these units that are of the kind said by a match of ``OWN``."""
    level = _LEVEL.get(said["level"], "township")
    return [directory.units[u] for u in units if u in directory.units and directory.units[u].kind == level]


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


def schools_named(directory: Directory, words: str) -> list[Unit]:
    """The schools whose whole names stand in the words; the longest where one name lies in another."""
    named = [u for u in directory.units.values() if u.kind == "school" and u.name in words]
    return [u for u in named if not any(u.name != other.name and u.name in other.name for other in named)]
