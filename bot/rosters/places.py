"""Units by the path that people write: from the county's register, and from the rows of the file itself."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from bot.rosters.cells import Wrong, steps
from casework.people import COUNTY, Unit
from casework.terms import UNIT_KINDS


class Places:
    """The county's units by path; a path may leave out its beginning where what is left is clear."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.by_id = {unit.id: unit for unit in units}
        self.county_name = self.by_id[COUNTY].name if COUNTY in self.by_id else ""
        self._ends: dict[tuple[str, ...], set[str]] = defaultdict(set)
        self._whole: dict[tuple[str, ...], str] = {}
        self._run_together: dict[str, set[str]] = defaultdict(set)
        self._classes: dict[str, str] = {}
        self._villages: dict[str, str] = {}
        for unit in self.by_id.values():
            if unit.id != COUNTY:
                self._enter(unit)

    def _enter(self, unit: Unit) -> None:
        path = self.path(unit.id)
        self._whole[path] = unit.id
        for start in range(len(path)):
            self._ends[path[start:]].add(unit.id)
            self._run_together["".join(path[start:])].add(unit.id)

    def add(self, unit: Unit) -> None:
        """One more unit, which the file brings."""
        self.by_id[unit.id] = unit
        self._enter(unit)

    def path(self, id: str) -> tuple[str, ...]:
        """The names from the township (or school) down to a unit."""
        unit = self.by_id[id]
        above = () if (unit.parent or COUNTY) == COUNTY else self.path(unit.parent or COUNTY)
        return (*above, unit.name)

    def at(self, path: tuple[str, ...]) -> Unit | None:
        """The unit at exactly this path."""
        id = self._whole.get(path)
        return None if id is None else self.by_id[id]

    def steps(self, text: str) -> tuple[str, ...]:
        """The path without the county's own name before it."""
        path = steps(text)
        return path[1:] if len(path) > 1 and path[0] == self.county_name else path

    def find(self, text: str, *kinds: str) -> Unit:
        """The unit that a path names. Raises ``Wrong`` where there is none, or more than one."""
        path = self.steps(text)
        whole = self.at(path)
        # As chat and pages show it, 第一中学八年级3班, a place is clear too.
        ids = self._ends.get(path, set()) or self._run_together.get("".join(path), set())
        named = [whole] if whole else [self.by_id[id] for id in sorted(ids)]
        found = [unit for unit in named if unit.kind in kinds]
        if len(found) == 1:
            return found[0]
        word = "或".join(UNIT_KINDS[kind] for kind in kinds)
        if found:
            raise Wrong(
                f"有{len(found)}个{word}叫“{'/'.join(path)}”，请写全路径，如 {'/'.join(self.path(found[0].id))}"
            )
        shown = next((self.path(unit.id) for unit in self.by_id.values() if unit.kind in kinds), None)
        like = f"，或按“{'/'.join(shown)}”的写法改正" if shown else ""
        raise Wrong(f"没有“{'/'.join(path)}”这个{word}，请先导入单位表{like}")

    def class_id(self, text: str) -> str:
        """The id of the class that a path names; each path is looked up once."""
        if text not in self._classes:
            self._classes[text] = self.find(text, "class").id
        return self._classes[text]

    def village_id(self, text: str) -> str:
        """The id of the village that a path names."""
        if text not in self._villages:
            self._villages[text] = self.find(text, "village").id
        return self._villages[text]


def id_at(path: tuple[str, ...]) -> str:
    """The id of a new unit: the same path gives the same."""
    return "u" + hashlib.sha256("/".join(path).encode()).hexdigest()[:12]
