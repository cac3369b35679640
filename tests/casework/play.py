"""Plays a timeline through recording, ``assess`` and ``owed`` alone: no storage, no messages.

Prints the duty, done, lapsed, overdue and case lines of contracts section 3, so that the rules can be
judged by the scenarios before anything else stands.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from casework.calendar import DAY, midnight
from casework.case import Case, Duty
from casework.duties import assess
from casework.facts import Fact, Kind
from casework.people import COUNTY, Pupil
from casework.rounds import owed
from casework.scope import World
from handlers.hand import Hand, Recorded
from handlers.matter import Matter
from handlers.recording import record, undo
from tests.casework.stage import pupils_of, world_of

# The few texts of the timelines, as understanding reads them: the rules are judged here, not the reading.
TEXTS: tuple[tuple[str, dict[str, Any]], ...] = (
    (r"撤销", {"action": "undo"}),
    (r"今天全勤", {"action": "all_present"}),
    (r"零报告", {"action": "report", "what": "zero", "step": "submit"}),
    (r"(.+) 缺勤", {"action": "absence"}),
    (r"(.+) 缺勤 第2天", {"action": "absence", "day": 2}),
    (r"(.+) 缺勤 第3天", {"action": "absence", "day": 3}),
    (r"(.+) 缺勤 第5天", {"action": "absence", "day": 5}),
    (r"(.+)三天没来了", {"action": "absence", "days": 3}),
    (r"(.+)和(.+)今天没来", {"action": "absence"}),
    (r"(.+)今天没来", {"action": "absence"}),
    (r"(.+)和(.+)今天回来上课了", {"action": "return"}),
    (r"(.+)今天回来上课了", {"action": "return"}),
    (r"(.+)请病假2天", {"action": "leave", "kind": "sick", "days": 2}),
    (r"(.+)请病假3天", {"action": "leave", "kind": "sick", "days": 3}),
    (r"(.+)请病假40天", {"action": "leave", "kind": "sick", "days": 40}),
    (r"今天给(.+)送教2课时", {"action": "teach", "lessons": 2}),
    (r"给(.+)妈妈打电话没人接", {"action": "contact", "channel": "phone", "outcome": "nobody"}),
    (r"给(.+)妈妈打电话，孩子还在养病", {"action": "contact", "channel": "phone", "outcome": "ill"}),
    (r"家访 (.+) 家中无人", {"action": "visit", "outcome": "nobody"}),
    (r"家访 (.+) 家长不同意返校", {"action": "visit", "outcome": "refused"}),
    (r"已给(.+)家长送达劝学通知书", {"action": "notice"}),
    (r"确认(.+)辍学，外出打工", {"action": "dropout", "reason": "外出打工"}),
    (r"确认(.+)辍学，失踪失联", {"action": "dropout", "reason": "失踪失联"}),
    (r"摸排发现(.+)8岁没上学，住东坡村", {"action": "found", "age": 8, "place": "东坡村"}),
    (r"(.+)转给陈老师跟进", {"action": "assign", "to": "陈老师"}),
    (r"(.+)转到惠州了", {"action": "transfer_out", "to": "惠州"}),
)


def understood(text: str) -> dict[str, Any]:
    for pattern, action in TEXTS:
        found = re.fullmatch(pattern, text)
        if found:
            return {**action, "students": list(found.groups())}
    raise KeyError(text)


@dataclass
class Player:
    world: World
    people: Mapping[str, Mapping[str, str]]
    pupils: dict[str, Pupil]
    facts: dict[tuple[str, str], list[Fact]] = field(default_factory=lambda: defaultdict(list))
    cases: dict[str, Case] = field(default_factory=dict)
    shown: dict[str, tuple[Duty, bool]] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    wake: dt.datetime | None = None
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def look(self, now: dt.datetime) -> None:
        """Assess everything and print what differs."""
        standing: dict[str, Duty] = {}
        wakes = []
        for pupil in self.pupils.values():
            found = assess(pupil, self.facts["pupil", pupil.id], self.world, now)
            self.cases[pupil.id] = found.case
            standing |= {d.id: d for d in found.duties}
            wakes.append(found.wake)
        for unit in self.world.directory.units.values():
            duties, wake = owed(unit, self.facts["unit", unit.id], self.world, now)
            standing |= {d.id: d for d in duties}
            wakes.append(wake)
        self.wake = min((w for w in wakes if w is not None), default=None)
        assert self.wake is None or self.wake > now, (self.wake, now)
        self._differences(standing, now)

    def _differences(self, standing: Mapping[str, Duty], now: dt.datetime) -> None:
        for gone in [i for i in self.shown if i not in standing]:
            duty, _ = self.shown.pop(gone)
            if duty.status == "open":
                self._say("lapsed", duty, now)
        for duty in sorted(standing.values(), key=lambda d: (d.due, d.id)):
            before, was_late = self.shown.get(duty.id, (None, False))
            late = duty.overdue(now.date())
            if before is None and duty.status == "lapsed":
                continue
            if before is None or (duty.status == "open" and _told(before) != _told(duty)):
                self._say("duty", duty, now, clause=duty.clause, owner=duty.owner, who=list(duty.who))
            if duty.status != "open" and (before is None or before.status == "open"):
                self._say(duty.status, duty, now)
            if late and not was_late:
                self._say("overdue", duty, now)
            self.shown[duty.id] = duty, late

    def _say(self, kind: str, duty: Duty, now: dt.datetime, **rest: Any) -> None:
        about = {"pupil": self._name(duty.pupil)} if duty.pupil else {"unit": duty.unit}
        line = {"type": kind, "at": now.isoformat(), "id": duty.id, "rule": duty.rule, **about, "due": str(duty.due)}
        self.lines.append(line | rest)

    def _name(self, pupil: str) -> str:
        return next(p.name for p in self.pupils.values() if p.id == pupil)

    def run_until(self, now: dt.datetime, until: dt.datetime) -> None:
        """Through every midnight and every moment at which something changes by itself."""
        while True:
            moment = min(m for m in (midnight(now.date() + DAY), self.wake) if m is not None)
            if moment > until:
                return
            now = moment
            self.look(now)

    def act(self, event: Mapping[str, Any], now: dt.datetime) -> None:
        raw = event.get("action") or understood(event["text"])
        person = self.people[event["from"]]
        hand = Hand(
            person["id"], person["role"], now, self.world.days_of(person["unit"]), self._id, self._id(), unattended=True
        )
        for fact in self._facts(hand, dict(raw), person):
            key = ("pupil", fact.pupil) if fact.pupil is not None else ("unit", fact.unit or COUNTY)
            self.facts[key].append(fact)

    def _id(self) -> str:
        return f"f{next(self.numbers):05}"

    def _facts(self, hand: Hand, raw: dict[str, Any], person: Mapping[str, str]) -> list[Fact]:
        action, names = raw.pop("action"), raw.pop("students", [])
        if action == "undo":
            return self._undo(hand)
        if action == "all_present":
            return []
        if action == "report":
            return [self._report(hand, raw, person)]
        if action == "found":
            pupil = Pupil(
                self._id(), raw.setdefault("name", *names), None, person["unit"] if person["role"] == "village" else "v"
            )
            self.pupils[pupil.name], names = pupil, [pupil.name]
        if action == "transfer_in":
            self.pupils |= {name: Pupil(self._id(), name, "c", None) for name in names if name not in self.pupils}
        if action == "done" and not names:
            return [replace(f, unit=raw["unit"]) for f in self._one(hand, action, raw, None)]
        if action == "assign":
            raw["to"] = next((p["id"] for p in self.people.values() if raw["to"] in (p["id"], p["name"])), raw["to"])
        return [f for name in names for f in self._one(hand, action, raw, self.pupils[name])]

    def _one(self, hand: Hand, action: str, slots: Mapping[str, Any], pupil: Pupil | None) -> tuple[Fact, ...]:
        case = self.cases[pupil.id] if pupil and pupil.id in self.cases else Case("")
        known = self.facts["pupil", pupil.id] if pupil else []
        result = record(action, Matter(hand, slots, pupil, case, known, {}))
        return result.facts if isinstance(result, Recorded) else ()

    def _report(self, hand: Hand, raw: Mapping[str, Any], person: Mapping[str, str]) -> Fact:
        month = raw.get("month") or f"{hand.today:%Y-%m}"
        return hand.fact(Kind.REPORT, hand.today, None, person["unit"], month=month, zero=raw.get("what") == "zero")

    def _undo(self, hand: Hand) -> list[Fact]:
        everything = [f for facts in self.facts.values() for f in facts if f.by == hand.by]
        void = {i for f in everything if f.kind is Kind.VOID for i in f.data["facts"]}
        last = max((f for f in everything if f.kind is not Kind.VOID and f.id not in void), key=lambda f: (f.at, f.id))
        return list(undo(hand, [f for f in everything if f.source == last.source]).facts)


def _told(duty: Duty) -> tuple[Any, ...]:
    return duty.status, duty.due, duty.owner, duty.who


def play(text: str) -> list[dict[str, Any]]:
    """The output lines of a timeline."""
    rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    stage = rows[0]
    player = Player(world_of(stage), {p["id"]: p for p in stage["people"]}, {p.name: p for p in pupils_of(stage)})
    now = dt.datetime.fromisoformat(stage["now"])
    player.look(now)
    for event in rows[1:]:
        at = dt.datetime.fromisoformat(event["at"])
        player.run_until(now, at)
        now = max(now, at)
        player.look(now)
        if "from" in event:
            player.act(event, now)
            player.look(now)
    for pupil in pupils_of(stage):
        case = player.cases[pupil.id]
        line = {"type": "case", "pupil": pupil.name, "state": case.state, "day": case.day, "ledger": case.ledger}
        player.lines.append(line)
    return player.lines


if __name__ == "__main__":
    for each in play(Path(sys.argv[1]).read_text(encoding="utf-8")):
        print(json.dumps(each, ensure_ascii=False))
