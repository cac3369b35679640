"""入学率, 巩固率, 残疾儿童入学率: numerator, denominator and the list of those who are missing (XY-1, TA-29)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from casework.case import Case
from reports.inputs import PupilRecord

# Targets of XY-1, as shares.
TARGETS = {
    "enrolment": Fraction(1), "disabled": Fraction(95, 100), "left_behind": Fraction(1), "poor": Fraction(1),
    "retention": Fraction(98, 100),
}  # fmt: skip
TITLES = {
    "enrolment": "义务教育入学率", "disabled": "残疾儿童少年入学率", "left_behind": "留守儿童入学率",
    "poor": "困难家庭学生入学率", "retention": "九年义务教育巩固率",
}  # fmt: skip
# States in which a child counts as receiving compulsory education; a suspected dropout has a place and is counted.
ENROLLED = ("in_school", "absent", "on_leave", "observed", "home_taught", "suspected")


@dataclass(frozen=True, slots=True)
class Missing:
    """A child in the denominator but not in the numerator, and why."""

    name: str
    id_number: str
    why: str


@dataclass(frozen=True, slots=True)
class Child:
    """A child as the rates see one: ``elsewhere`` is schooling elsewhere with proof; ``began``: in first-grade cohort."""

    pupil: PupilRecord
    case: Case
    elsewhere: bool = False
    deferred: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate of a unit. ``percent`` is None where nobody is in the denominator: no rate, not 100%."""

    unit: str
    name: str
    numerator: int
    denominator: int
    missing: tuple[Missing, ...]

    @property
    def title(self) -> str:
        return TITLES[self.name]

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def percent(self) -> str:
        return "—" if self.share is None else say_percent(self.share)

    @property
    def target_percent(self) -> str:
        return say_percent(TARGETS[self.name])

    @property
    def gap(self) -> str:
        """``达标``, or how many children are missing to the target."""
        if self.share is None:
            return "—"
        short = -((self.numerator - TARGETS[self.name] * self.denominator) // 1)
        return "达标" if short <= 0 else f"还差{int(short)}人"


@dataclass(frozen=True, slots=True)
class RateTable:
    """The rates of one or more units, as they stand on one sheet."""

    rates: tuple[Rate, ...]


def say_percent(share: Fraction) -> str:
    """Two places, never rounded up: 99.999% is not 100%."""
    hundredths = share * 10000 // 1
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def enrolment_rates(unit: str, children: Sequence[Child]) -> list[Rate]:
    """The rates by group among the children of school age of a unit, deferred entry (缓学) left out of both."""
    return [
        rate(unit, name, [c for c in children if belongs(c)], is_schooled)
        for name, belongs in GROUP_TESTS.items()
    ]  # fmt: skip


def rate(unit: str, name: str, children: Iterable[Child], counts: Callable[[Child], bool]) -> Rate:
    """One rate over the children whose entry is not deferred."""
    due = [child for child in children if not child.deferred]
    missing = tuple(Missing(c.pupil.name, c.pupil.id_number, _why(c)) for c in due if not counts(c))
    return Rate(unit, name, len(due) - len(missing), len(due), missing)


def is_schooled(child: Child) -> bool:
    return child.elsewhere or child.case.state in ENROLLED


def retention(unit: str, beginners: int, moved_in: int, moved_out: int, died: int, graduates: Sequence[Child]) -> Rate:
    """巩固率 of a cohort: pupils in their last year against those who began, with transfers and deaths set off.

    ``graduates`` are the cohort's pupils now on the register; who is a dropout among them is not counted.
    """
    base = beginners + moved_in - moved_out - died
    missing = [Missing(c.pupil.name, c.pupil.id_number, _why(c)) for c in graduates if not is_schooled(c)]
    kept = len(graduates) - len(missing)
    unknown = max(base - len(graduates), 0)
    missing += [Missing("（去向不明）", "", "毕业年级名册上没有，也没有转出记录")] * unknown
    return Rate(unit, "retention", kept, base, tuple(missing))


def _why(child: Child) -> str:
    if child.case.state == "dropout":
        return "辍学"
    return "已离校，无外地就读证明" if child.case.state == "left" else "未入学"


GROUP_TESTS: dict[str, Callable[[Child], bool]] = {
    "enrolment": lambda c: True,
    "disabled": lambda c: "disabled" in c.pupil.groups,
    "left_behind": lambda c: "left_behind" in c.pupil.groups,
    "poor": lambda c: bool(c.pupil.groups & {"poor", "in_difficulty"}),
}
