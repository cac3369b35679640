"""The figures of the monthly report, counted from plain rows, and what in them contradicts itself (F02, F14).

Pupils at the start and end of the month come from the register; how they got from one to the other comes from
moves and changes recorded in between. Both are counted apart, so that they can be held against each other.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from casework.terms import GROUPS, STATES

LAST_PRIMARY = 6
PARTS = {"primary": "小学", "junior": "初中", "unknown": "年级不明", "total": "合计"}
PRESENT = ("in_school", "absent", "on_leave", "observed")
QUIET = ("registered_start", "registered", "present")
"""The figures to which somebody adds one who was in school all the month."""
LISTED = {"suspected": "疑似辍学", "dropout": "辍学"}
# Figures in the order in which they stand on the sheet; what the key counts.
FIGURES = {
    "registered_start": "月初在籍", "transfer_in": "转入", "transfer_out": "转出", "entered": "其他增加", "gone": "其他减少",
    "registered": "月末在籍", "present": "月末在校", "suspended": "休学（期末）", "resumed": "复学（休学后）",
    "deferred": "缓学（期末）", "home_taught": "送教（期末）",
    "suspected_start": "疑似辍学期初", "suspected_new": "疑似辍学新增", "suspected_back": "疑似辍学返校",
    "suspected_to_dropout": "疑似转辍学", "suspected_other": "疑似其他销号", "suspected": "疑似辍学期末",
    "dropout_start": "辍学期初", "dropout_new": "辍学新增", "dropout_back": "辍学复学", "dropout_other": "辍学其他销号",
    "dropouts": "辍学期末", "girls": "未复学中女生", "poor": "未复学中家庭贫困", "disabled": "未复学中残疾",
    "visits": "家访次数", "persuasions": "劝返次数", "notices": "劝学通知书份数", "reports": "辍学报告书份数",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A pupil of the register in that month. States are those of ``casework``; ``""``: not yet or no longer here.

    ``registered``: on the register (在籍) at the start and at the end; ``left_as`` is ``suspended`` or ``deferred``
    for a pupil away with approved papers, who stays registered. Of who is on a ledger: ``since``, the first day of the
    absence, and ``efforts``, how often the family was reached for and what came of it last.
    """

    pupil: str
    name: str
    school: str
    class_name: str
    grade: int | None
    sex: str
    groups: frozenset[str]
    registered_start: bool
    registered: bool
    state_start: str
    state: str
    left_as: str = ""
    whereabouts: str = ""
    reason: str = ""
    since: dt.date | None = None
    efforts: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """A case went from one state to another on a day of the month."""

    pupil: str
    on: dt.date
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something done in the month: ``transfer_in``, ``transfer_out``, ``resume``, ``enter``, ``leave_register``,
    ``visit``, ``contact``, ``notice`` or ``dropout_report``."""

    pupil: str
    on: dt.date
    kind: str


@dataclass(frozen=True, slots=True)
class Monthly:
    """A month of a unit: figures by part (primary, junior, total; ``grade7`` and the like with those of ``BY_GRADE`` alone),
    the names behind them, and contradictions."""

    unit: str
    month: str
    figures: Mapping[str, Mapping[str, int]]
    groups: Mapping[str, int]
    names: tuple[Mapping[str, str], ...]
    contradictions: tuple[str, ...]

    @property
    def zero(self) -> bool:
        """No pupil suspected or dropped out at the end, and none within the month."""
        total = self.figures["total"]
        return not any(total[key] for key in ("suspected", "dropouts", "suspected_new", "dropout_new"))


GRADE = "grade"
BY_GRADE = {
    "present": "月末在校", "suspected": "疑似辍学", "suspected_girls": "其中女生", "dropouts": "辍学", "dropouts_girls": "其中女生",
    "back": "本月劝返", "back_girls": "其中女生", "missing": "期末未返", "missing_girls": "其中女生",
}  # fmt: skip
"""Figures of each grade (LC-21): who was brought back within the month, and who is not back at its end."""
CHANGE_FIGURES = {
    "transfer_in": "transfer_in", "transfer_out": "transfer_out", "resume": "resumed", "enter": "entered",
    "leave_register": "gone", "notice": "notices", "dropout_report": "reports",
}  # fmt: skip


def count(
    unit: str, month: str, roster: Sequence[RosterRow], moves: Iterable[Move], done: Iterable[Change],
    quiet: Mapping[int, int] | None = None,
) -> Monthly:  # fmt: skip
    """All figures of one unit and month; ``moves`` and ``done`` hold that month alone. ``quiet``: how many of each grade were
    registered and in school throughout and stand not in ``roster``."""
    quiet = quiet or {}
    moves, done = sorted(moves, key=lambda m: m.on), list(done)
    parts = {row.pupil: _part(row.grade) for row in roster}
    figures: dict[str, Counter[str]] = defaultdict(Counter)
    for row in roster:
        figures[parts[row.pupil]].update(_standing(row))
    for grade, many in quiet.items():
        figures[_part(grade)].update(dict.fromkeys(QUIET, many))
    for move in moves:
        figures[parts.get(move.pupil, "unknown")].update(_movement(move))
    for change in done:
        figures[parts.get(change.pupil, "unknown")].update(_deed(change))
    total: Counter[str] = Counter()
    for part in figures.values():
        total.update(part)
    shown = {part: {key: figures[part][key] for key in FIGURES} for part in PARTS if figures[part]}
    shown["total"] = {key: total[key] for key in FIGURES}
    grades = _by_grade(roster, moves, quiet)
    listed = [row for row in roster if row.state in LISTED]
    groups = Counter(group for row in listed for group in row.groups)
    return Monthly(
        unit, month, shown | grades, {code: groups[code] for code in GROUPS}, tuple(_named(row) for row in listed),
        tuple(contradictions(shown, roster, moves, done)),
    )  # fmt: skip


def _part(grade: int | None) -> str:
    return "unknown" if grade is None else "primary" if grade <= LAST_PRIMARY else "junior"


def _by_grade(
    roster: Sequence[RosterRow], moves: Iterable[Move], quiet: Mapping[int, int]
) -> dict[str, dict[str, int]]:
    """The figures of ``BY_GRADE`` for each grade that has pupils; whose sex is not known counts among all alone."""
    back = {move.pupil for move in moves if move.before in LISTED and move.after in PRESENT}
    found: dict[int, Counter[str]] = defaultdict(Counter)
    found.update((grade, Counter(present=many)) for grade, many in quiet.items())
    for row in roster:
        if row.grade is None:
            continue
        holds = {
            "present": row.registered and row.state in PRESENT, "suspected": row.state == "suspected",
            "dropouts": row.state == "dropout", "back": row.pupil in back, "missing": row.state in LISTED,
        }  # fmt: skip
        keys = [key for key, true in holds.items() if true]
        found[row.grade].update(keys + [f"{key}_girls" for key in keys if row.sex == "女"])
    return {f"{GRADE}{grade}": {key: found[grade][key] for key in BY_GRADE} for grade in sorted(found)}


def _standing(row: RosterRow) -> Iterable[str]:
    """The figures of the register to which a pupil adds one."""
    lost = row.state == "dropout"
    tests = {
        "registered_start": row.registered_start,
        "registered": row.registered,
        "present": row.registered and row.state in PRESENT,
        "suspended": row.left_as == "suspended",
        "deferred": row.left_as == "deferred",
        "home_taught": row.state == "home_taught",
        "suspected_start": row.state_start == "suspected",
        "dropout_start": row.state_start == "dropout",
        "suspected": row.state == "suspected",
        "dropouts": lost,
        "girls": lost and row.sex == "女",
        "poor": lost and "poor" in row.groups,
        "disabled": lost and "disabled" in row.groups,
    }
    return (key for key, holds in tests.items() if holds)


def _movement(move: Move) -> Iterable[str]:
    for state, stem in (("suspected", "suspected"), ("dropout", "dropout")):
        if move.after == state != move.before:
            yield f"{stem}_new"
        if move.before == state != move.after:
            yield _exit(move, stem)


def _exit(move: Move, stem: str) -> str:
    if move.after in PRESENT:
        return f"{stem}_back"
    return "suspected_to_dropout" if stem == "suspected" and move.after == "dropout" else f"{stem}_other"


def _deed(change: Change) -> Iterable[str]:
    if change.kind in ("visit", "contact"):
        yield "persuasions"
    if change.kind == "visit":
        yield "visits"
    if change.kind in CHANGE_FIGURES:
        yield CHANGE_FIGURES[change.kind]


def _named(row: RosterRow) -> dict[str, str]:
    return {
        "pupil": row.pupil, "name": row.name, "class": row.class_name, "state": LISTED[row.state],
        "sex": row.sex, "since": row.since.isoformat() if row.since else "", "efforts": row.efforts,
        "groups": "、".join(GROUPS[g] for g in GROUPS if g in row.groups and g != "justice"),
        "whereabouts": row.whereabouts, "reason": row.reason,
    }  # fmt: skip


# Each balance: what it is about, what is added, what is taken away, and what must come out.
BALANCES = (
    ("疑似辍学", ("suspected_start", "suspected_new"), ("suspected_back", "suspected_to_dropout", "suspected_other"), "suspected"),
    ("辍学", ("dropout_start", "dropout_new"), ("dropout_back", "dropout_other"), "dropouts"),
    ("在籍", ("registered_start", "transfer_in", "entered"), ("transfer_out", "gone"), "registered"),
)  # fmt: skip


def contradictions(
    figures: Mapping[str, Mapping[str, int]], roster: Sequence[RosterRow], moves: Sequence[Move], done: Sequence[Change]
) -> list[str]:
    """What does not fit, one plain sentence each, with the names to look at."""
    found = [s for part, counted in figures.items() if part != "total" for s in _imbalances(PARTS[part], counted)]
    known = {row.pupil for row in roster}
    strangers = ({m.pupil for m in moves} | {c.pupil for c in done}) - known
    if strangers:
        found.append(f"有{len(strangers)}名学生有变动记录，但不在本校名册里，请核对是否转校或漏录。")
    found += _say_names(roster, "年级不明，无法归入小学或初中", lambda r: r.grade is None)
    found += _say_names(roster, "在疑似辍学或辍学名单上，但已不在籍", lambda r: r.state in LISTED and not r.registered)
    found += _say_names(
        roster, "已离校，但没有转学、休学或缓学手续", lambda r: r.state == "left" and r.registered and not r.left_as
    )
    found += _say_names(roster, "辍学，但没有填去向", lambda r: r.state == "dropout" and not r.whereabouts)
    found += _say_names(roster, "辍学，但没有填性别", lambda r: r.state == "dropout" and not r.sex)
    twice = [pupil for pupil, n in Counter(row.pupil for row in roster).items() if n > 1]
    found += _say_names(roster, "在名册里出现了两次", lambda r: r.pupil in twice)
    return [*found, *_broken_chains(roster, moves)]


def _imbalances(part: str, counted: Mapping[str, int]) -> Iterable[str]:
    for what, plus, minus, end in BALANCES:
        expected = sum(counted[key] for key in plus) - sum(counted[key] for key in minus)
        if expected != counted[end]:
            terms = "＋".join(f"{FIGURES[k]}{counted[k]}" for k in plus) + "".join(
                f"－{FIGURES[k]}{counted[k]}" for k in minus
            )
            gap = abs(expected - counted[end])
            yield f"{part}{what}人数对不上：{terms}＝{expected}，期末却是{counted[end]}，相差{gap}人。"


def _broken_chains(roster: Iterable[RosterRow], moves: Iterable[Move]) -> Iterable[str]:
    """Pupils whose moves do not lead from where they stood to where they stand."""
    steps: dict[str, list[Move]] = defaultdict(list)
    for move in moves:
        steps[move.pupil].append(move)
    for row in roster:
        state = row.state_start
        for move in steps[row.pupil]:
            if state and move.before != state:  # who came within the month stood nowhere before
                break
            state = move.after
        if state != row.state and {state, row.state} & set(LISTED):
            yield f"{row.name}（{row.class_name}）月末是“{_say(row.state)}”，变动记录却停在“{_say(state)}”，请补记变动。"


def _say(state: str) -> str:
    return STATES.get(state, "不在册")


def _say_names(roster: Iterable[RosterRow], what: str, holds: Callable[[RosterRow], bool]) -> list[str]:
    names = list(dict.fromkeys(row.name for row in roster if holds(row)))
    if not names:
        return []
    shown = "、".join(names[:5]) + (f"等{len(names)}人" if len(names) > 5 else "")
    return [f"{shown}{what}，请核对。"]
