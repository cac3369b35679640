"""入学率, 巩固率, 残疾儿童入学率: numerator, denominator and the list behind each (XY-1, TA-29)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from casework.terms import STATES

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
COUNTED, LACKING, ASIDE = "counted", "missing", "aside"


@dataclass(frozen=True, slots=True)
class Child:
    """A child as the rates see one.

    ``state`` is that of the case; ``elsewhere``: schooling elsewhere with papers; ``aside``: in neither figure (缓学,
    死亡 …); ``said``: what the standing rests on, where that is more than the state; ``cohort``: how the child came into
    the cohort of 巩固率 (起始在籍, 转入), empty for who is none of it.
    """

    id: str
    name: str
    school: str = ""
    class_name: str = ""
    id_number: str = ""
    groups: frozenset[str] = frozenset()
    state: str = "in_school"
    elsewhere: bool = False
    aside: bool = False
    said: str = ""
    cohort: str = ""

    @property
    def schooled(self) -> bool:
        return self.elsewhere or self.state in ENROLLED

    @property
    def standing(self) -> str:
        """Where the child is counted: ``counted``, ``missing`` (in the denominator alone) or ``aside`` (in neither)."""
        return ASIDE if self.aside else COUNTED if self.schooled else LACKING

    @property
    def why(self) -> str:
        """What the standing rests on, in words."""
        if self.said:
            return self.said
        if self.schooled:
            return "外地就读" if self.elsewhere else STATES[self.state]
        if self.state == "dropout":
            return "辍学"
        return "已离校，无外地就读证明" if self.state == "left" else "未入学"


@dataclass(frozen=True, slots=True)
class Figure:
    """One rate of a unit in numbers: ``numerator`` of ``denominator``, how many are ``missing`` to it, and how many stand
    ``aside`` of both. ``unit_id`` is empty for the reader's whole reach.

    ``percent`` is "—" where nobody is in the denominator: no rate, not 100%.
    """

    unit: str
    name: str
    numerator: int
    missing: int
    aside: int
    unit_id: str = ""

    @property
    def denominator(self) -> int:
        return self.numerator + self.missing

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
class Rate:
    """One rate of a unit with the children behind it: ``counted`` are the numerator, they and ``missing`` the denominator,
    ``aside`` are in neither."""

    unit: str
    name: str
    counted: tuple[Child, ...] = ()
    missing: tuple[Child, ...] = ()
    aside: tuple[Child, ...] = ()
    unit_id: str = ""

    @property
    def figure(self) -> Figure:
        return Figure(self.unit, self.name, len(self.counted), len(self.missing), len(self.aside), self.unit_id)

    @property
    def children(self) -> tuple[Child, ...]:
        """Everybody looked at, who is missing first."""
        return (*self.missing, *self.aside, *self.counted)


@dataclass(frozen=True, slots=True)
class RateTable:
    """The rates of one or more units, as they stand on one sheet; those of the reader's whole reach first."""

    rates: tuple[Rate, ...]

    def behind(self, name: str) -> tuple[Child, ...]:
        """Every child behind that rate of the whole reach."""
        return next((r.children for r in self.rates if r.name == name), ())


def say_percent(share: Fraction) -> str:
    """Two places, never rounded up: 99.999% is not 100%."""
    hundredths = share * 10000 // 1
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def enrolment_rates(unit: str, children: Sequence[Child], unit_id: str = "") -> list[Rate]:
    """The rates by group among the children of school age of a unit, deferred entry (缓学) left out of both."""
    return [rate(unit, name, (c for c in children if belongs(name, c.groups)), unit_id) for name in OF_GROUPS]


def rate(unit: str, name: str, children: Iterable[Child], unit_id: str = "") -> Rate:
    """One rate over these children."""
    found: dict[str, list[Child]] = {COUNTED: [], LACKING: [], ASIDE: []}
    for child in children:
        found[child.standing].append(child)
    return Rate(unit, name, tuple(found[COUNTED]), tuple(found[LACKING]), tuple(found[ASIDE]), unit_id)


def belongs(name: str, groups: Collection[str]) -> bool:
    """Whether a child of these groups is one whom the rate is about."""
    wanted = OF_GROUPS[name]
    return not wanted or not wanted.isdisjoint(groups)


# The groups whom each rate is about; an empty set: every child.
OF_GROUPS: dict[str, frozenset[str]] = {
    "enrolment": frozenset(),
    "disabled": frozenset({"disabled"}),
    "left_behind": frozenset({"left_behind"}),
    "poor": frozenset({"poor", "in_difficulty"}),
}
