"""The roster of units: 路径 and 类型, parents before or after their children."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Sequence

from bot.rosters.cells import Wrong, needed
from bot.rosters.places import Places, id_at
from bot.rosters.plan import BadRow, Kind, Plan
from bot.rosters.reading import Roster, Row, plain
from casework.people import COUNTY, Unit
from storage.store import Store, Work

REQUIRED = ("路径", "类型")
OPTIONAL: tuple[str, ...] = ()
KINDS = {
    "乡镇": ("township", None),
    "村": ("village", None),
    "小学": ("school", "primary"),
    "初中": ("school", "junior"),
    "九年一贯": ("school", "nine_year"),
    "班级": ("class", None),
}
_ALIKE = {
    "镇": "乡镇",
    "乡": "乡镇",
    "街道": "乡镇",
    "社区": "村",
    "居委会": "村",
    "九年一贯制": "九年一贯",
    "班": "班级",
}
_ABOVE = {"township": ("county",), "village": ("township",), "school": ("township", "county"), "class": ("school",)}
_NUMERALS = {word: n for n, word in enumerate("一二三四五六七八九", 1)}


def plan(store: Store, roster: Roster, now: dt.datetime, checked: Callable[[int], None]) -> Plan:
    """What the rows would add and change."""
    with store.look(now) as work:
        places = Places(work.people.units())
    bad: list[BadRow] = []
    wanted, new = list[Unit](), list[Unit]()
    added = changed = 0
    # Parents first, wherever they stand in the file.
    rows = sorted(roster.rows, key=lambda row: (len(places.steps(row["路径"])), row.number))
    seen: dict[tuple[str, ...], int] = {}
    for done, row in enumerate(rows, 1):
        checked(done)
        path = places.steps(row["路径"])
        try:
            if path in seen:
                raise Wrong(f"与第{seen[path]}行重复")
            unit = _unit(row, path, places)
        except Wrong as error:
            bad.append(BadRow(row.number, error.column or "路径", str(error)))
            continue
        seen[path] = row.number
        known = places.at(path)
        added += known is None
        new += [unit] if known is None else []
        changed += known is not None and known != unit
        if known != unit:
            wanted.append(unit)
            places.add(unit)
    unchanged = len(seen) - added - changed
    return Plan(added, changed, unchanged, bad, [wanted] if wanted else [], _write, _notes(new))


def _notes(new: Sequence[Unit]) -> tuple[str, ...]:
    """How many of each kind are new."""
    word = {(kind, stage): name for name, (kind, stage) in KINDS.items()}
    many = Counter(word[unit.kind, unit.stage] for unit in new)
    return (f"新增单位：{'、'.join(f'{name}{many[name]}' for name in KINDS if many[name])}。",) if many else ()


def _write(work: Work, units: Sequence[Unit]) -> None:
    work.people.put_units(units)


def _kind(text: str) -> tuple[str, str | None]:
    word = plain(text)
    word = _ALIKE.get(word, word)
    if word not in KINDS:
        raise Wrong(f"不认识“{word}”，可填：{'、'.join(KINDS)}")
    return KINDS[word]


def _unit(row: Row, path: tuple[str, ...], places: Places) -> Unit:
    if not path:
        raise Wrong("不能为空")
    kind, stage = needed(row, "类型", _kind)
    parent = places.at(path[:-1]) if path[:-1] else places.by_id.get(COUNTY)
    above = parent.kind if parent else ""
    if parent is None:
        raise Wrong(f"上级“{'/'.join(path[:-1])}”不存在，请补上这一行")
    if above not in _ABOVE[kind]:
        raise Wrong(f"{row['类型']}不能直接放在“{'/'.join(path[:-1]) or '县'}”下面，请写全路径")
    known = places.at(path)
    if known is not None and known.kind != kind:
        raise Wrong("与已有的同名单位类型不同，请换一个名称或改正类型", "类型")
    id = known.id if known is not None else id_at(path)
    grade = grade_of(path[-1]) if kind == "class" else None
    return Unit(id, kind, path[-1], parent.id, stage, grade)


def grade_of(name: str) -> int | None:
    """The grade that a class's name tells: 八年级3班 and 初二(1)班 are 8, 三(2)班 is 3; None where it tells none."""
    word = plain(name)
    junior = re.match(r"初([一二三])", word)
    if junior:
        return 6 + _NUMERALS[junior[1]]
    found = re.match(r"(?:小学)?([一二三四五六七八九1-9])(?:年级|年|[(（])", word)
    if not found:
        return None
    return _NUMERALS.get(found[1]) or int(found[1])


KIND = Kind(REQUIRED, OPTIONAL, plan)
