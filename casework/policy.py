"""The law as data: each rule's numbers, the date from which they hold, and the clause they come from.

A pack is a YAML file of this folder; it stands over its parent (tongan over fujian over national), and a
county's own file stands over its pack. ``Policy.rule(id, day)`` is the rule in force on that day.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from casework import yaml_files
from casework.shapes import SHAPES

FOLDER = Path(__file__).parent / "policies"
PACKS = tuple(sorted((path.stem for path in FOLDER.glob("*.yaml")), key=lambda name: (name != "national", name)))
Number = int | bool | str | tuple[int, ...]
SIGNERS = ("township", "subject_teacher")  # of pledges beside schools and class teachers, where all layers sign (TA-3)


SOURCE_KEYS = ("from", "clause", "document", "article", "quote")
OTHER_KEYS = ("no_duty", "note")


class PolicyError(ValueError):
    """A pack that cannot be read at all; ``check`` lists what is wrong in one that can."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in force: its numbers, from which day, after which document and clause, out of which pack.

    Units of ``values``: school_day = the n-th school day of absence; school_days = school days later;
    calendar_days, workdays = days later; calendar_day = the n-th day of a leave; dates = MM-DD; signers = ``SIGNERS``.
    """

    id: str
    owner: str
    clause: str
    since: dt.date
    document: str
    article: str
    quote: str
    pack: str
    off: bool = False
    values: Mapping[str, Number] = field(default_factory=dict, hash=False)

    def number(self, key: str) -> int:
        value = self.values[key]
        assert isinstance(value, int)
        return value

    def several(self, key: str) -> tuple[int, ...]:
        value = self.values[key]
        assert isinstance(value, tuple)
        return value


@dataclass(frozen=True, slots=True)
class Layer:
    """One file: its name, its documents and, for each rule, its versions by date."""

    pack: str
    name: str
    documents: Mapping[str, Mapping[str, Any]]
    rules: Mapping[str, tuple[Rule, ...]]


class Policy:
    """The layers of a county, its own on top."""

    def __init__(self, layers: tuple[Layer, ...]) -> None:
        self.layers = layers
        self._turns = sorted({v.since for layer in layers for versions in layer.rules.values() for v in versions})
        self._by_turn: dict[dt.date | None, Mapping[str, Rule]] = {}
        self._versions: dict[tuple[str, int], tuple[Rule, ...]] = {}
        self._changing = {r for r in SHAPES if len(set(self._thresholds(r))) > 1}

    @classmethod
    def load(cls, pack: str, overrides: Path | str | None = None) -> Policy:
        """The policy of a pack, with a county's own file over it; raises ``PolicyError`` on an unreadable file."""
        layers = list(pack_layers(pack))
        if overrides is not None:
            layers.insert(0, read_layer(Path(overrides)))
        return cls(tuple(layers))

    def on(self, day: dt.date) -> Mapping[str, Rule]:
        """All rules in force on that day, those that are off included."""
        at = bisect_right(self._turns, day)
        turn = self._turns[at - 1] if at else None
        if turn not in self._by_turn:
            self._by_turn[turn] = dict(self._in_force(day))
        return self._by_turn[turn]

    def _in_force(self, day: dt.date) -> Iterator[tuple[str, Rule]]:
        for rule_id in SHAPES:
            for layer in self.layers:
                held = [v for v in layer.rules.get(rule_id, ()) if v.since <= day]
                if held:
                    yield rule_id, held[-1]
                    break

    def rule(self, rule_id: str, day: dt.date) -> Rule | None:
        """The rule in force, or None where it is off or says nothing yet."""
        found = self.on(day).get(rule_id)
        return None if found is None or found.off else found

    def next_turn(self, day: dt.date) -> dt.date | None:
        """The next day on which some number begins to hold."""
        return next((t for t in self._turns if t > day), None)

    def versions(self, rule_id: str, since: dt.date) -> tuple[Rule, ...]:
        """All versions in force on ``since`` or later, in order of time."""
        at = bisect_right(self._turns, since)
        if (rule_id, at) not in self._versions:
            days = (since, *self._turns[at:])
            found = dict.fromkeys(r for d in days if (r := self.on(d).get(rule_id)) is not None)
            self._versions[rule_id, at] = tuple(found)
        return self._versions[rule_id, at]

    def changes(self, rule_id: str) -> bool:
        """Whether the rule's numbers are not the same on all days from its first one on."""
        return rule_id in self._changing

    def _thresholds(self, rule_id: str) -> Iterator[tuple[Any, ...]]:
        for turn in self._turns:
            rule = self.on(turn).get(rule_id)
            if rule is not None:
                yield rule.off, *sorted((k, v) for k, v in rule.values.items())


def read_layer(path: Path) -> Layer:
    """One YAML file as a layer; raises ``PolicyError`` naming the file where it is no such thing."""
    try:
        raw = yaml_files.parse(path.read_text(encoding="utf-8"))
        rules = {
            rule_id: tuple(sorted((_version(rule_id, v, raw) for v in versions), key=lambda r: r.since))
            for rule_id, versions in (raw.get("rules") or {}).items()
        }
        return Layer(str(raw["pack"]), str(raw.get("name", raw["pack"])), raw.get("documents") or {}, rules)
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise PolicyError(f"规则文件 {path.name} 无法读取：{error}") from error


def _version(rule_id: str, raw: Mapping[str, Any], file: Mapping[str, Any]) -> Rule:
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items() if k not in (*SOURCE_KEYS, *OTHER_KEYS)}
    documents = file.get("documents") or {}
    document = str(raw.get("document", next(iter(documents)) if len(documents) == 1 else ""))
    since = raw.get("from", documents.get(document, {}).get("from"))
    if isinstance(since, str):  # a date in quotes, as JSON has it; anything else in them is refused as such
        since = dt.date.fromisoformat(since)
    if not isinstance(since, dt.date):
        raise PolicyError(f"{rule_id}: 没有生效日期")
    return Rule(
        id=rule_id,
        owner=SHAPES[rule_id].owner if rule_id in SHAPES else "",
        clause=str(raw.get("clause", "")),
        since=since,
        document=document,
        article=str(raw.get("article", "")),
        quote=str(raw.get("quote", "")),
        pack=str(file["pack"]),
        off=bool(raw.get("no_duty", False)),
        values=values,
    )


@cache
def pack_layers(pack: str) -> tuple[Layer, ...]:
    """The pack's file and those of its parents, the nearest first."""
    if pack not in PACKS:
        raise PolicyError(f"没有这个规则包：{pack}，可用的有 {'、'.join(PACKS)}")
    path = FOLDER / f"{pack}.yaml"
    parent = (yaml_files.parse(path.read_text(encoding="utf-8")) or {}).get("over")
    return read_layer(path), *(pack_layers(parent) if parent else ())


def check(policy: Policy) -> list[str]:
    """What is wrong with the layers: an unknown rule or key, a missing number, a number without a source."""
    problems = []
    for layer in policy.layers:
        for rule_id, versions in layer.rules.items():
            for version in versions:
                problems += [f"{layer.pack}: {rule_id}: {text}" for text in _faults(rule_id, version, layer)]
    base = policy.layers[-1].rules
    problems += [f"{rule_id}: 全国规则中没有这一条" for rule_id in SHAPES if rule_id not in base]
    return problems


def _faults(rule_id: str, version: Rule, layer: Layer) -> Iterator[str]:
    shape = SHAPES.get(rule_id)
    if shape is None:
        yield "没有这条规则"
        return
    for key, value in version.values.items():
        if key not in (*shape.must, *shape.may):
            yield f"不认识的项目 {key}"
        elif not _sound(key, value):
            yield f"{key} 的值 {value!r} 不对"
    if not version.off:
        yield from (f"缺少数字 {key}" for key in shape.must if key not in version.values)
    if version.document not in layer.documents:
        yield f"数字没有出处：文件 {version.document or '（空）'} 未列出"
    quote = () if version.off else (("原文", version.quote),)
    sources = ("条款编号", version.clause), ("条款位置", version.article), *quote
    yield from (f"数字没有出处：缺少{name}" for name, text in sources if not text)


def _sound(key: str, value: Number) -> bool:
    if key in ("steps", "remind"):
        return isinstance(value, tuple) and all(isinstance(n, int) and n > 0 for n in value)
    if key == "dates":
        return isinstance(value, tuple) and all(_is_date(str(text)) for text in value)
    if key == "signers":
        return isinstance(value, tuple) and set(value) <= set(SIGNERS)
    if key == "silent":
        return isinstance(value, bool)
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 366


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(f"2024-{text}")
    except ValueError:
        return False
    return True
