"""Pictures that answer one question each: figures in, SVG out, and the same numbers as a table. Pure.

No style stands in an attribute (the pages' content policy allows none): colours are classes of ``style.css``, and
whatever colour says, a dash, a pattern or a word says as well, so that a grey print reads the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from casework.terms import say_day

WIDE, HIGH = 360, 210  # drawn at the width of a phone, where words must be readable
LEFT, RIGHT, TOP, BOTTOM = 34, 8, 16, 28


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with the question that it answers, its answer in a sentence, and the numbers behind it."""

    title: str
    says: str
    svg: Markup
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def picture_from(content: Mapping[str, Any]) -> Picture:
    """A picture as it was kept: ``dataclasses.asdict`` of it as JSON."""
    rows = tuple(tuple(row) for row in content["rows"])
    return Picture(content["title"], content["says"], Markup(content["svg"]), tuple(content["head"]), rows)


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name and values by position; None where nothing is known yet. ``kind`` is a class of the line."""

    name: str
    values: tuple[float | None, ...]
    kind: str = "main"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a child's time: from a day to a day, both included, in a state."""

    since: dt.date
    until: dt.date
    kind: str
    word: str


def _svg(title: str, says: str, body: str, high: float = HIGH) -> Markup:
    name = escape(title)
    return Markup(
        f'<svg class="picture" role="img" viewBox="0 0 {WIDE} {high:g}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{name}</title><desc>{escape(says)}</desc>{body}</svg>"
    )


def _text(x: float, y: float, words: str, anchor: str = "start", kind: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" class="{kind or "label"}">{escape(words)}</text>'


def nice_top(value: float) -> float:
    """The least of 1, 2, 5, 10, 20, 50 … that is not below the value."""
    top = 1.0
    while top < value:
        top *= 2.5 if f"{top:g}"[0] == "2" else 2
    return top


def lines(title: str, says: str, labels: Sequence[str], series: Sequence[Series], unit: str) -> Picture:
    """Values by position as lines, the first one strong; ``labels`` name the positions."""
    top = nice_top(max([v for s in series for v in s.values if v is not None], default=1))
    step = (WIDE - LEFT - RIGHT) / max(1, len(labels) - 1)
    parts = [_grid(top, unit)]
    for at in _few(len(labels)):
        parts.append(
            _text(
                LEFT + at * step,
                HIGH - 8,
                labels[at],
                "start" if at == 0 else "end" if at == len(labels) - 1 else "middle",
            )
        )
    for place, one in enumerate(series):
        points = [(LEFT + n * step, _height(v, top)) for n, v in enumerate(one.values) if v is not None]
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline class="line {one.kind}" points="{drawn}"/>')
        key = LEFT + place * 110
        parts.append(
            f'<line class="line {one.kind}" x1="{key}" y1="9" x2="{key + 22}" y2="9"/>' + _text(key + 27, 13, one.name)
        )
    rows = [
        (label, *("" if n >= len(s.values) or s.values[n] is None else f"{s.values[n]:g}" for s in series))
        for n, label in enumerate(labels)
    ]
    return Picture(title, says, _svg(title, says, "".join(parts)), ("", *(s.name for s in series)), tuple(rows))


def _height(value: float, top: float) -> float:
    return HIGH - BOTTOM - value / top * (HIGH - BOTTOM - TOP - 10)


def _grid(top: float, unit: str) -> str:
    parts = []
    for share in (0.0, 0.5, 1.0):
        y = _height(top * share, top)
        parts.append(f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDE - RIGHT}" y2="{y:.1f}"/>')
        if top * share == int(top * share):
            parts.append(_text(LEFT - 6, y + 4, f"{top * share:g}{unit}", "end"))
    return "".join(parts)


def _few(count: int) -> list[int]:
    """A handful of positions to be named, first and last among them."""
    every = max(1, (count - 1) // 3)
    named = list(range(0, count, every))
    if named and named[-1] != count - 1:
        named = [*(n for n in named if count - 1 - n >= every), count - 1]
    return named


def funnel(title: str, says: str, stages: Sequence[tuple[str, int, str]]) -> Picture:
    """Stages of a way: name, how many came so far, and a remark such as the median days spent there."""
    most = max([count for _, count, _ in stages], default=0) or 1
    row = 50
    parts = []
    for n, (name, count, remark) in enumerate(stages):
        y, long = 8 + n * row, max(2.0, count / most * (WIDE - 130))
        parts.append(f'<rect class="bar step{n}" x="72" y="{y}" width="{long:.1f}" height="26" rx="4"/>')
        parts.append(_text(66, y + 18, name, "end", "strong"))
        parts.append(_text(78 + long, y + 18, f"{count}人", "start", "strong"))
        parts.append(_text(72, y + 41, remark))
    rows = tuple((name, str(count), remark) for name, count, remark in stages)
    return Picture(
        title, says, _svg(title, says, "".join(parts), 12 + len(stages) * row), ("阶段", "人数", "停留"), rows
    )


def bars(title: str, says: str, rows: Sequence[tuple[str, int, str]], unit: str) -> Picture:
    """Named values as bars, in the order given, with a remark to each."""
    most = max([value for _, value, _ in rows], default=0) or 1
    high, parts = 30, []
    for n, (name, value, _) in enumerate(rows):
        y, long = 6 + n * high, value / most * (WIDE - 170)
        parts.append(_text(104, y + 16, name[:7], "end"))
        parts.append(f'<rect class="bar" x="110" y="{y}" width="{max(1.0, long):.1f}" height="22" rx="3"/>')
        parts.append(_text(116 + long, y + 16, f"{value}{unit}", "start", "strong"))
    table = tuple((name, str(value), remark) for name, value, remark in rows)
    return Picture(
        title, says, _svg(title, says, "".join(parts), 12 + max(1, len(rows)) * high), ("", unit, "其中"), table
    )


def tiles(title: str, says: str, cells: Sequence[tuple[str, str, str]]) -> Picture:
    """Many named things in one of a few conditions (``kind``), one tile each: ``(name, kind, word)``."""
    across = 2
    wide, high, parts = (WIDE - 8) / across, 44, []
    for n, (name, kind, word) in enumerate(cells):
        x, y = 4 + n % across * wide, 4 + n // across * high
        parts.append(
            f'<rect class="tile {escape(kind)}" x="{x:.1f}" y="{y}" width="{wide - 6:.1f}" height="{high - 6}" rx="4"/>'
        )
        parts.append(_text(x + 8, y + 16, name[:11], kind="tileword") + _text(x + 8, y + 32, word, kind="tileword"))
    deep = 8 + -(-len(cells) // across) * high
    rows = tuple((name, word) for name, _, word in cells)
    return Picture(title, says, _svg(title, says, "".join(parts), max(deep, high)), ("学校", "情况"), rows)


def band(title: str, says: str, spans: Sequence[Span], marks: Sequence[tuple[dt.date, str]]) -> Picture:
    """A child's time from left to right: stretches by state, and what was done as marks above them."""
    first = min([s.since for s in spans] + [d for d, _ in marks])
    last = max([s.until for s in spans] + [d for d, _ in marks])
    days = max(1, (last - first).days + 1)

    def at(day: dt.date) -> float:
        return 8 + (day - first).days / days * (WIDE - 16)

    parts = []
    for span in spans:
        x, long = at(span.since), max(2.0, at(span.until + dt.timedelta(days=1)) - at(span.since))
        parts.append(f'<rect class="band {escape(span.kind)}" x="{x:.1f}" y="44" width="{long:.1f}" height="34"/>')
        if long > 15 * len(span.word):
            parts.append(_text(x + 6, 66, span.word, kind=f"bandword {span.kind}"))
    free = {12: 0.0, 27: 0.0}  # in each row of words, from where on there is room
    for day, word in dict.fromkeys(marks):  # the same done twice on a day is named once
        x = at(day) + (WIDE - 16) / days / 2
        parts.append(f'<line class="tick" x1="{x:.1f}" y1="31" x2="{x:.1f}" y2="44"/>')
        long = 14 * len(word)
        start = min(max(x - long / 2, 4), WIDE - 4 - long)
        row = next((y for y, room in free.items() if start >= room), None)
        if row is not None:
            parts.append(_text(start, row, word))
            free[row] = start + long + 4
    parts.append(
        _text(8, 98, f"{first.month}月{first.day}日") + _text(WIDE - 8, 98, f"{last.month}月{last.day}日", "end")
    )
    told = sorted([(s.since, s.until, s.word) for s in spans] + [(day, day, word) for day, word in marks])
    rows = tuple((_day(since, last), _day(until, last) if until != since else "", word) for since, until, word in told)
    return Picture(title, says, _svg(title, says, "".join(parts), 108), ("从", "到", "情况"), rows)


def _day(day: dt.date, now: dt.date) -> str:
    """The day as everywhere, with its year where that is not the last one's."""
    return ("" if day.year == now.year else f"{day.year}年") + say_day(day)


def median(values: Sequence[float]) -> float | None:
    """The middle value; None of none."""
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def cumulated(amounts: Sequence[float]) -> tuple[float, ...]:
    """Running totals."""
    totals, so_far = [], 0.0
    for amount in amounts:
        so_far += amount
        totals.append(so_far)
    assert all(a <= b for a, b in pairwise(totals))
    return tuple(totals)
