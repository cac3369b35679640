"""Where pupils stand, read when it is said: of a county's morning most stands in digests that have no room for it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from casework.case import Case

AT_ONCE = 500
"""How many are read together where nobody said before which ones it will be."""


class Lazily(Mapping[str, Case]):
    """The cases of some pupils, whose ids are given in order; ``read`` brings them, within the same look at the records."""

    def __init__(self, ids: Sequence[str], read: Callable[[list[str]], Mapping[str, Case]]) -> None:
        self._ids, self._read = ids, read
        self._known: dict[str, Case] = {}

    def expect(self, ids: Iterable[str]) -> None:
        """These will be asked for: read them together."""
        self._known.update(self._read([id for id in dict.fromkeys(ids) if id not in self._known and self._is_one(id)]))

    def __getitem__(self, id: str) -> Case:
        if id not in self._known:
            if not self._is_one(id):
                raise KeyError(id)
            at = bisect_left(self._ids, id)
            self.expect(self._ids[at : at + AT_ONCE])  # whoever goes through all of them has the next ones then
        return self._known[id]

    def _is_one(self, id: str) -> bool:
        at = bisect_left(self._ids, id)
        return at < len(self._ids) and self._ids[at] == id

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)
