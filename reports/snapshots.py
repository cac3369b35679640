"""A submitted month is frozen: figures, names and a hash; what is learnt later shows as differences (XY-42, FN-8)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from casework.terms import say_month
from reports.monthly import FIGURES, PARTS, Monthly


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was submitted: ``figures`` by part, ``names`` behind them, and the SHA-256 of both together."""

    unit: str
    month: str
    figures: Mapping[str, Mapping[str, int]]
    names: Sequence[Mapping[str, str]]
    hash: str


def freeze(report: Monthly) -> Snapshot:
    """The report as it stands now, to be kept unchanged."""
    digest = _digest(report.unit, report.month, report.figures, report.names)
    return Snapshot(report.unit, report.month, report.figures, report.names, digest)


def without(snapshot: Snapshot, pupil: str) -> Snapshot:
    """The report after a child's erasure: the line says its state alone, the figures stay, the hash is made anew."""
    names = [
        {key: value if key in ("pupil", "state") else "" for key, value in row.items()}
        if row["pupil"] == pupil
        else row
        for row in snapshot.names
    ]
    digest = _digest(snapshot.unit, snapshot.month, snapshot.figures, names)
    return Snapshot(snapshot.unit, snapshot.month, snapshot.figures, names, digest)


def _digest(unit: str, month: str, figures: Mapping[str, Mapping[str, int]], names: Iterable[Mapping[str, str]]) -> str:
    content = {"unit": unit, "month": month, "figures": figures, "names": [dict(row) for row in names]}
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def differences(kept: Snapshot, now: Monthly) -> list[str]:
    """What later facts would change in a submitted month: a sentence for each name and figure."""
    before, after = ({row["pupil"]: row for row in rows} for rows in (kept.names, now.names))
    found = [f"{after[p]['name']}：提交时不在名单上，现为{after[p]['state']}。" for p in after.keys() - before.keys()]
    found += [
        f"{before[p]['name']}：提交时为{before[p]['state']}，现已不在名单上。" for p in before.keys() - after.keys()
    ]
    found += [
        f"{after[p]['name']}：提交时为{before[p]['state']}，现为{after[p]['state']}。"
        for p in after.keys() & before.keys()
        if after[p]["state"] != before[p]["state"]
    ]
    return sorted(found) + list(_changed_figures(kept.figures, now.figures))


def _changed_figures(before: Mapping[str, Mapping[str, int]], after: Mapping[str, Mapping[str, int]]) -> Iterable[str]:
    parts = [part for part in PARTS if part in before or part in after]
    alone = len(parts) == 2  # a school of one stage: its figures are the whole, and are said once
    for part in parts[-1:] if alone else parts:
        for key, title in FIGURES.items():
            old, new = before.get(part, {}).get(key, 0), after.get(part, {}).get(key, 0)
            if old != new:
                yield f"{'' if alone else PARTS[part]}{title}：提交时{old}，现为{new}。"


# How a school's month stands: an explicit zero is a report, silence is none.
STANDINGS = {"reported": "已报", "zero": "已报（零报告）", "assumed": "0（未报视为0）", "silent": "未报"}


def standing(submitted: bool, zero: bool = False, closed_by_silence: bool = False) -> str:
    """The key of ``STANDINGS``; ``closed_by_silence`` where the county's rule closes a silent month as 0 (XY-42)."""
    if submitted:
        return "zero" if zero else "reported"
    return "assumed" if closed_by_silence else "silent"


def say_draft(report: Monthly) -> str:
    """The draft as it is shown in chat: figures, names, and what still contradicts itself."""
    total = report.figures["total"]
    lines = [
        f"{say_month(report.month)}月报草稿：在籍{total['registered']}人，在校{total['present']}人；"
        f"疑似辍学{total['suspected']}人（新增{total['suspected_new']}，返校{total['suspected_back']}）；"
        f"辍学{total['dropouts']}人（新增{total['dropout_new']}，复学{total['dropout_back']}）。"
    ]
    lines += [f"{n}. {row['name']}（{row['class']}）{row['state']}" for n, row in enumerate(report.names, 1)]
    if report.zero:
        lines.append("本月没有疑似辍学、辍学学生。核对无误后请提交零报告。")
    if report.contradictions:
        lines.append("以下几处还对不上，请先核对：")
        lines += [f"- {sentence}" for sentence in report.contradictions]
    return "\n".join(lines)
