"""The whole timeline by the oracle, and the lines of the program in the same shape, to be laid side by side.

A row is (rule, pupil or unit, final due day, how it ended, the day on which it ended).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.casework.oracle.days import DAY, Days, month_end
from tests.casework.oracle.packs import numbers
from tests.casework.oracle.pupil import PupilStory
from tests.casework.oracle.story import Due
from tests.casework.oracle.units import of_county, of_school

Row = tuple[str, str, str, str, str]


@dataclass
class Result:
    rows: Counter[Row] = field(default_factory=Counter)
    overdue: set[tuple[str, str, str]] = field(default_factory=set)
    cases: dict[str, tuple[str, int, str]] = field(default_factory=dict)


def expected(stage: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> Result:
    result = Result()
    for pupil in stage["pupils"]:
        _pupil(result, stage, pupil, events)
    _found(result, events)
    _units(result, stage, events)
    return result


def _found(result: Result, events: Sequence[Mapping[str, Any]]) -> None:
    """A child found out of school: the township owes the check within a week; there is no line of a case until it is enrolled."""
    until = dt.datetime.fromisoformat(events[-1]["at"])
    for event in events:
        if event.get("action", {}).get("action") != "found":
            continue
        name, due = event["action"]["name"], dt.date.fromisoformat(event["at"][:10]) + 7 * DAY
        done = next((e["at"][:10] for e in events if e.get("action", {}).get("rule") == "found_check" and e["at"] >= event["at"] and name in e["action"]["students"]), "")  # fmt: skip
        result.rows["found_check", name, str(due), "done" if done else "open", done] += 1
        if (done or str(until.date())) > str(due):
            result.overdue.add(("found_check", name, str(due)))


def helper(events: Sequence[Mapping[str, Any]], pupil: str, at: str) -> str:
    """Who follows a pupil up at that minute, by name; empty while nobody was named."""
    named = [
        e["action"]["to"]
        for e in events
        if e.get("action", {}).get("action") == "assign" and pupil in e["action"]["students"] and e["at"] <= at
    ]
    return str(named[-1]) if named else ""


def _pupil(
    result: Result, stage: Mapping[str, Any], pupil: Mapping[str, Any], events: Sequence[Mapping[str, Any]]
) -> None:
    roles = {each["id"]: each["role"] for each in stage["people"]}
    name = pupil["name"]
    facts: list[tuple[dt.datetime, str, Mapping[str, Any]]] = []
    gone: list[Due] = []
    overdue: set[tuple[str, dt.date, dt.date]] = set()
    story = _told(stage, pupil, [], roles)
    for event in events:
        at = dt.datetime.fromisoformat(event["at"])
        story.until(at)
        if "from" not in event:
            continue
        action, who = event["action"], event["from"]
        if action["action"] == "undo":
            last = _last_of(events, event)
            if last is None or name not in last["action"].get("students", ()):
                continue
            facts = [each for each in facts if each[2] is not last["action"]]
            before, overdue = story, overdue | story.overdue
            story = _told(stage, pupil, facts, roles)
            story.until(at)
            for key, duty in before.duties.items():
                if key not in story.duties:
                    if duty.status == "open":
                        duty.status, duty.closed = "lapsed", at
                    gone.append(duty)
        elif name in action.get("students", ()):
            facts.append((at, who, action))
            story.act(action, roles[who])
    for each in [*story.duties.values(), *gone]:
        ended = str(each.closed.date()) if each.closed else ""
        result.rows[each.rule, name, str(each.due), each.status, ended] += 1
    result.overdue |= {(rule, name, str(due)) for rule, due, _ in overdue | story.overdue}
    result.cases[name] = story.case()


def _last_of(events: Sequence[Mapping[str, Any]], undo: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What an undo takes back: its writer's last record that still stands."""
    standing: list[Mapping[str, Any]] = []
    for event in events:
        if event is undo:
            return standing[-1] if standing else None
        if event.get("from") == undo["from"]:
            if event["action"]["action"] == "undo":
                standing = standing[:-1]
            else:
                standing.append(event)
    return None


def _told(
    stage: Mapping[str, Any], pupil: Mapping[str, Any], facts: Iterable[tuple[dt.datetime, str, Mapping[str, Any]]],
    roles: Mapping[str, str],
) -> PupilStory:  # fmt: skip
    now = dt.datetime.fromisoformat(stage["now"])
    story = PupilStory(Days(stage), numbers(stage["pack"]), pupil, now.date(), now)
    story.tick()
    for at, who, action in facts:
        story.until(at)
        story.act(action, roles[who])
    return story


def _units(result: Result, stage: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> None:
    days, pack = Days(stage), numbers(stage["pack"])
    since = dt.datetime.fromisoformat(stage["now"]).date()
    until = dt.datetime.fromisoformat(events[-1]["at"])
    owed = [(rule, "", due) for rule, due in of_county(days, pack, since, until.date())]
    for unit in stage["units"]:
        if unit["kind"] == "school":
            classes = {each["id"] for each in stage["units"] if each.get("in") == unit["id"]}
            taught = any(each["home_taught"] and each["class"] in classes for each in stage["pupils"])
            found = of_school(days, pack, since, until.date(), unit["stage"], taught)
            owed += [(rule, unit["id"], due) for rule, due in found]
    met = _met(stage, events, sorted(owed, key=lambda each: each[2]), since)
    for rule, unit, due in owed:
        if not since <= due <= until.date():
            continue
        done = met.get((rule, unit, due))
        late = due + DAY if done is None or done.date() > due else None
        status, ended = ("done", str(done.date())) if done else ("open", "")
        if rule == "monthly_report" and pack["silent_month"]:
            closes = month_end(due) + DAY
            if (done is None or done.date() >= closes) and closes <= until.date():
                status, ended = "lapsed", str(closes)
        result.rows[rule, unit, str(due), status, ended] += 1
        if late and late <= until.date():
            result.overdue.add((rule, unit, str(due)))


def _met(
    stage: Mapping[str, Any],
    events: Sequence[Mapping[str, Any]],
    owed: Sequence[tuple[str, str, dt.date]],
    since: dt.date,
) -> dict[tuple[str, str, dt.date], dt.datetime]:
    posts = {each["id"]: each["unit"] for each in stage["people"]}
    met: dict[tuple[str, str, dt.date], dt.datetime] = {}
    for event in events:
        action, at = event.get("action", {}), dt.datetime.fromisoformat(event["at"])
        if action.get("action") == "report":
            month = action.get("month", f"{at:%Y-%m}")
            fits = [
                each
                for each in owed
                if each[:2] == ("monthly_report", posts[event["from"]]) and str(each[2])[:7] == month
            ]
        elif action.get("action") == "done" and "unit" in action:
            fits = [
                each
                for each in owed
                if each[:2] == (action["rule"], action["unit"]) and _written(*each) <= at.date() and each[2] >= since
            ]
        else:
            continue
        silent = numbers(stage["pack"])["silent_month"]
        fits = [
            each for each in fits if not (silent and each[0] == "monthly_report" and at.date() > month_end(each[2]))
        ]
        for each in [each for each in fits if each not in met][:1]:
            met[each] = at
    return met


def _written(rule: str, unit: str, due: dt.date) -> dt.date:
    """One period ahead: what comes back by week, quarter or month stands from the period's first day on."""
    if rule == "weekly_check":
        return due - due.weekday() * DAY
    return due.replace(month=due.month - (due.month - 1) % 3 if rule == "quarterly_review" else due.month, day=1)


def printed(lines: Iterable[Mapping[str, Any]], until: dt.date) -> Result:
    """The program's lines in the same shape; what units owe after the last day is left out."""
    result = Result()
    last: dict[str, Row] = {}
    for line in lines:
        kind = line["type"]
        if kind == "case":
            result.cases[line["pupil"]] = (line["state"], line["day"], line["ledger"])
        if kind not in ("duty", "done", "lapsed", "overdue"):
            continue
        about = line["pupil"] if "pupil" in line else line["unit"]
        if kind == "overdue":
            result.overdue.add((line["rule"], about, line["due"]))
        elif kind == "duty":
            last[line["id"]] = (line["rule"], about, line["due"], "open", "")
        else:
            last[line["id"]] = (line["rule"], about, line["due"], kind, line["at"][:10])
        if "unit" in line and line["due"] > str(until):
            last.pop(line["id"], None)
    result.rows = Counter(last.values())
    return result
