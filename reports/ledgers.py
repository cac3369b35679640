"""Ledgers as workbooks: which pupils, which columns, in which order; ``ledgers.yaml`` holds the layouts."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

from casework import yaml_files
from casework.case import AWAY
from reports.columns import COLUMNS, LAST_PRIMARY, changes, leaves
from reports.inputs import Cell, Entry, Event, Material, Paper
from reports.ordering import in_order
from reports.sheets import Sheet, write
from reports.wording import say_date

FULL = {"id": "full_id", "student_no": "full_student_no"}
FINAL_GRADE = 9
ONLY: dict[str, Callable[[Entry], bool]] = {
    "leave": lambda e: any(x.kind == "leave" for x in e.events),
    "changes": lambda e: bool(changes(e)),
    "absent": lambda e: e.case.state in AWAY,
    "elsewhere": lambda e: bool(e.pupil.place_elsewhere) and e.pupil.household != "随迁",
    "home_taught": lambda e: e.case.state == "home_taught",
    # Grade 9 is at risk by itself (FN-20).
    "at_risk": lambda e: bool(e.pupil.groups & {"at_risk", "struggling"}) or e.case.state in AWAY
    or e.pupil.grade == FINAL_GRADE,
    "dropout": lambda e: e.case.state == "dropout",  # who came back needs no township's help (LC-25)
    "returned": lambda e: e.case.returned is not None,
    "poor": lambda e: "poor" in e.pupil.groups,
}  # fmt: skip
LINES: dict[str, Callable[[Entry], list[tuple[Event, ...]]]] = {
    "leave": leaves, "changes": lambda e: [(change,) for change in changes(e)],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ledger:
    """One ledger's layout. ``leaves``: it goes outside, so numbers are always masked.

    ``lines``: where a pupil has several lines, the events of each.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    order: tuple[str, ...]
    clauses: tuple[str, ...]
    signs: tuple[str, ...]
    keep: Callable[[Entry], bool]
    lines: Callable[[Entry], list[tuple[Event, ...]]] | None = None
    restricted: bool = False
    leaves: bool = False


@functools.cache
def ledgers() -> dict[str, Ledger]:
    """All ledgers by name: three at four levels, the special groups, and the registers."""
    layout = yaml_files.parse((resources.files("reports") / "ledgers.yaml").read_text("utf-8"))
    found = [
        _of_level(name, ledger, level, cut)
        for name, ledger in layout["ledgers"].items()
        for level, cut in layout["levels"].items()
    ]
    found += [_of_group(code, title, layout["groups"]) for code, title in layout["groups"]["titles"].items()]
    found += [_single(name, row) for name, row in layout["sheets"].items()]
    return {ledger.name: ledger for ledger in found}


def make_ledger(ledger: Ledger, material: Material) -> Paper:
    """The ledger as a workbook: lines chosen, put in order, numbers masked unless it stays in the office."""
    columns = [FULL.get(c, c) if material.full_ids and not ledger.leaves else c for c in ledger.columns]
    name = material.unit.name if material.unit else material.issuer.name
    sheet = Sheet(
        ledger.title[:28].replace("、", " "),
        f"{name}{ledger.title}{'' if material.signed else '（草稿）'}",
        (("序号", 6), *((COLUMNS[c].head, COLUMNS[c].width) for c in columns)),
        _rows(ledger, columns, material.entries or (), material.period),
        f"单位：{name}　　{_period(material)}",
        ledger.signs,
    )
    stamp = f"{material.by} {material.at:%Y-%m-%d %H:%M} 制表"
    return Paper(f"{ledger.title}-{name}-{material.at:%Y%m%d}.xlsx", write([sheet], stamp))


def _rows(
    ledger: Ledger, columns: list[str], entries: Iterable[Entry], period: tuple[dt.date, dt.date] | None
) -> Iterator[list[Cell]]:  # fmt: skip
    kept: Iterable[Entry] = (e for e in entries if ledger.keep(e))
    if (lines_of := ledger.lines) is not None:
        kept = (Entry(e.pupil, e.case, events) for e in kept for events in lines_of(e) if _within(events[0], period))
    values = [COLUMNS[c].value for c in columns]
    lines = ((_place(ledger.order, entry), [value(entry) for value in values]) for entry in kept)
    for number, (_, cells) in enumerate(in_order(lines), 1):
        yield [number, *cells]


def _within(event: Event, period: tuple[dt.date, dt.date] | None) -> bool:
    """Whether a line of a register is of the time that is asked for."""
    return period is None or period[0] <= event.on <= period[1]


def _place(order: tuple[str, ...], entry: Entry) -> list[str]:
    """Where a line stands: classes by grade, numbers within words by their size (2班 before 10班)."""
    words = [
        f"{entry.pupil.grade or 0}{entry.pupil.class_name}" if c == "class" else str(COLUMNS[c].value(entry))
        for c in order
    ]
    return [_by_size(w) for w in words]


@functools.lru_cache(1 << 13)
def _by_size(words: str) -> str:
    return re.sub(r"\d+", lambda found: found[0].zfill(6), words)


def _period(material: Material) -> str:
    if material.period:
        return f"{say_date(material.period[0])}至{say_date(material.period[1])}"
    return f"截至{say_date(material.at.date())}"  # a ledger is as things stand, whatever month is asked for


def _of_level(name: str, ledger: dict[str, Any], level: str, cut: dict[str, Any]) -> Ledger:
    lead = tuple(cut["lead"])
    columns = (*lead, *(c for c in ledger["columns"] if c not in lead))
    state = ledger.get("ledger")
    return Ledger(
        f"{name}_{level}", f"{ledger['title']}（{cut['term']}）", columns, tuple(cut["order"]),
        (*ledger["clauses"], *cut["clauses"]), tuple(ledger["signs"]), _in_ledger(state),
    )  # fmt: skip


def _of_group(code: str, title: str, layout: dict[str, Any]) -> Ledger:
    return Ledger(
        f"group_{code}", f"{title}专门台账", tuple(layout["columns"]), tuple(layout["order"]),
        tuple(layout["clauses"]), tuple(layout["signs"]), lambda e: code in e.pupil.groups,
        restricted=code in layout["restricted"],
    )  # fmt: skip


def _single(name: str, row: dict[str, Any]) -> Ledger:
    keep = ONLY[row["only"]] if "only" in row else _in_ledger(row.get("ledger"))
    if "stage" in row:
        keep = _in_stage(row["stage"])
    return Ledger(
        name, row["title"], tuple(row["columns"]), tuple(row["order"]), tuple(row["clauses"]), tuple(row["signs"]),
        keep, lines=LINES.get(row.get("only", "")), leaves=bool(row.get("leaves")),
    )  # fmt: skip


def _in_ledger(state: str | None) -> Callable[[Entry], bool]:
    return lambda e: state is None or e.case.ledger == state


def _in_stage(stage: str) -> Callable[[Entry], bool]:
    """The stage follows from the grade, since a nine-year school counts as both."""
    return lambda e: e.pupil.grade is not None and (e.pupil.grade <= LAST_PRIMARY) == (stage == "primary")
