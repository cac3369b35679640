"""Who in the register a row is: by 学籍号, then 身份证号, then class, name and the guardian's telephone.

Two children that cannot be told apart are refused with a sentence, never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.rosters.cells import Wrong
from storage.pupils import Entered
from storage.store import Work

NUMBERS = {"student_number": "学籍号", "id_number": "身份证号"}

OTHER_PHONE = (
    "名册里这个班已有“{name}”，电话和这一行不同。是同一人：请先不填电话，只补学籍号或身份证号导入一次，再改电话；"
    "是另一人：请给两人都补上学籍号或身份证号"
)


class Draft(Protocol):
    """What of a row tells one child from another."""

    @property
    def number(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def class_id(self) -> str: ...
    @property
    def details(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Around:
    """What the register knows about the pupils whom some rows may be."""

    entered: Mapping[str, Entered]
    by_number: Mapping[str, Mapping[str, Sequence[str]]]
    by_name: Mapping[tuple[str, str], Sequence[str]]

    def find(self, draft: Draft) -> str | None:
        """The id of the pupil that a row is about, None for a new one. Raises ``Wrong`` where that is not clear."""
        if not self.entered:
            return None
        found = {column: self._by_number(draft, column) for column in NUMBERS}
        ids = {id for id in found.values() if id is not None}
        if len(ids) > 1:
            raise Wrong("学籍号和身份证号在库里分别属于两名学生，请核对后改正其中一个", "学籍号")
        if ids:
            return ids.pop()
        return self._by_name(draft)

    def _by_number(self, draft: Draft, column: str) -> str | None:
        number = draft.details.get(column)
        ids = self.by_number[column].get(number, ()) if number else ()
        if len(ids) > 1:
            raise Wrong("库里有两名学生用这个号，无法区分，请先在库里改正", NUMBERS[column])
        return ids[0] if ids else None

    def _by_name(self, draft: Draft) -> str | None:
        same = [id for id in self.by_name.get((draft.class_id, draft.name), ()) if not self._apart(draft, id)]
        phone = draft.details.get("phone")
        exact = [id for id in same if self._detail(id, "phone") == phone]
        if len(exact) == 1:
            return exact[0]
        if not same:
            return None
        if not exact and len(same) == 1 and not (phone and self._detail(same[0], "phone")):
            return same[
                0
            ]  # one of the two has no telephone number yet: nothing speaks against its being the same child
        if len(same) == 1 and not exact:
            raise Wrong(OTHER_PHONE.format(name=draft.name), "监护人电话")
        raise Wrong("同班有同名学生，监护人电话也分不清是谁，请补填学籍号或身份证号", "姓名")

    def _apart(self, draft: Draft, id: str) -> bool:
        """Whether a row and a pupil have different numbers, and so are two children."""
        both = ((draft.details.get(column), self._detail(id, column)) for column in NUMBERS)
        return any(here and there and here != there for here, there in both)

    def _detail(self, id: str, name: str) -> str | None:
        return (self.entered[id].details or {}).get(name)


class Register:
    """The register as an import looks at it: names by class at once, the rest for the rows at hand."""

    def __init__(self, work: Work) -> None:
        self._by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
        for id, name, class_id in work.people.all_names():
            self._by_name[class_id or "", name].append(id)

    def others(self, classes: Collection[str], matched: Collection[str]) -> list[tuple[str, str]]:
        """Id and name of the pupils of these classes who are not among those matched."""
        return [
            (id, name)
            for (class_id, name), ids in self._by_name.items()
            if class_id in classes
            for id in ids
            if id not in matched
        ]

    @property
    def classes(self) -> set[str]:
        """The classes that have pupils."""
        return {class_id for class_id, _ in self._by_name}

    @property
    def empty(self) -> bool:
        return not self._by_name

    def around(self, work: Work, drafts: Sequence[Draft]) -> Around:
        """What is known about the pupils whom these rows may be."""
        if self.empty:
            return Around({}, {column: {} for column in NUMBERS}, {})
        by_number = {
            column: work.people.with_equal(column, (d.details[column] for d in drafts if column in d.details))
            for column in NUMBERS
        }
        ids = {id for found in by_number.values() for several in found.values() for id in several}
        ids |= {id for draft in drafts for id in self._by_name.get((draft.class_id, draft.name), ())}
        pupils, details = work.people.pupils(ids), work.people.details_of(ids)
        entered = {id: Entered(pupil, details.get(id, {})) for id, pupil in pupils.items()}
        return Around(entered, by_number, self._by_name)


@dataclass(slots=True)
class Twins:
    """Rows of one file that are about the same child, or cannot be told apart."""

    _ids: dict[str, int] = field(default_factory=dict)
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    _named: dict[tuple[str, str], list[Draft]] = field(default_factory=lambda: defaultdict(list))

    def check(self, draft: Draft, id: str | None) -> None:
        """Remember a row. Raises ``Wrong`` when an earlier one is about the same child, as far as one can tell."""
        for column, word in NUMBERS.items():
            number = draft.details.get(column)
            if number and (before := self._numbers.get((column, number))):
                raise Wrong(f"与第{before}行的{word}相同，请核对是否同一名学生", word)
        if id is not None and id in self._ids:
            raise Wrong(f"与第{self._ids[id]}行对应库里同一名学生，请核对", "姓名")
        same = self._named[draft.class_id, draft.name]
        if before_row := next((row for row in same if _alike(row, draft)), None):
            raise Wrong(
                f"与第{before_row.number}行同班同名，分不清是不是同一人，请补填学籍号、身份证号或监护人电话", "姓名"
            )
        same.append(draft)
        self._numbers |= {
            (column, draft.details[column]): draft.number for column in NUMBERS if column in draft.details
        }
        if id is not None:
            self._ids[id] = draft.number


def _alike(one: Draft, other: Draft) -> bool:
    """Whether nothing tells two rows of one name and class apart: no number on both sides, and the same telephone."""
    apart = any(column in one.details and column in other.details for column in NUMBERS)
    return not apart and one.details.get("phone") == other.details.get("phone")
