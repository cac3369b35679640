"""``kongchuo replay``: a timeline through the real handlers, rules and reminders, on a fresh database in memory.

What it prints are the differences of the projections from one moment to the next (contracts, section 3).
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bot.desks import desk_for
from casework.case import Duty
from casework.facts import LEDGERS
from casework.people import COUNTY, Person, Post, Pupil, Unit
from casework.policy import PACKS
from handlers import conversation
from handlers.desk import Desk
from handlers.line import Line
from handlers.understanding import names
from handlers.understanding.actions import Action, Mention
from reminders.jobs import run_until, sweep
from reminders.sender import may_leave
from storage.counties import create_county
from storage.engine import build_engine
from storage.migrating import migrate
from storage.people import Days
from storage.pupils import Entered
from storage.store import Store, open_store

RULES = frozenset((
    "absence_contact", "absence_visit", "absence_joint_visit", "absence_plan", "suspected_review", "outside_report",
    "persuasion_record", "joint_persuasion", "cumulative_alert", "notice", "dropout_report", "dropout_notify",
    "persist", "inquiry_letter", "police_check", "expert_opinion", "leave_visit", "leave_contact", "leave_end",
    "return_followup", "risk_visit", "teach_month", "teach_term", "platform_reply", "trace_tell", "trace",
    "found_check", "handover", "monthly_report", "weekly_check", "quarterly_review", "circular", "compare_lists",
    "month_meeting", "term_meetings", "pledge", "visit_forms", "term_start_list", "term_start_visit", "ledger_yearly",
    "g7_register", "g1_list", "g1_register", "campaign", "teach_meeting",
))  # fmt: skip
"""What a timeline is judged by (contracts, section 4). Rules beyond them work here as everywhere and are not printed: who reads
the lines knows these ids alone, and would take what is owed under another for a fault."""


class ReplayError(Exception):
    """The file is no timeline: said in one line with the line's number."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Line 1 of the file: the county as it stands."""

    raw: Mapping[str, Any]

    @property
    def now(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.raw["now"])

    @property
    def units(self) -> list[Unit]:
        return [
            Unit(u["id"], u["kind"], u["name"], u.get("in") or COUNTY, u.get("stage"), grade_of(u["name"]))
            for u in self.raw["units"]
            if u["id"] != COUNTY
        ]

    @property
    def pupils(self) -> list[Pupil]:
        return [
            Pupil(
                f"p{n}", p["name"], p.get("class"), p.get("village"), frozenset(p.get("groups", ())),
                bool(p.get("home_taught", False)), bool(p.get("local", True)),
            )
            for n, p in enumerate(self.raw["pupils"], 1)
        ]  # fmt: skip


def grade_of(name: str) -> int | None:
    """The grade that a class's name begins with: 八年级3班 is of grade 8."""
    return "一二三四五六七八九".find(name[0]) + 1 or None if "年级" in name else None


@dataclass(slots=True)
class Player:
    """One replay: the store, and how each duty stood when it was last printed, in words and in short."""

    stage: Stage
    store: Store
    lines: list[dict[str, Any]] = field(default_factory=list)
    shown: dict[str, tuple[dt.date, str, bool, str, str]] = field(default_factory=dict)
    marks: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    def step(self, at: dt.datetime) -> None:
        """Print what differs now, then what is sent now."""
        with self.store.begin(at) as work:
            self._differences(work, at)
            self._deliver(work, at)

    def _deliver(self, work: Any, at: dt.datetime) -> None:
        """What the sender would send at this minute; the rest waits for the morning, or has expired."""
        real_now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        for claimed in work.outbox.claim(real_now, 10_000, 3600):
            message = claimed.message
            if message.expires is not None and message.expires <= at:
                work.outbox.expired(claimed.id)
            elif not may_leave(claimed, at):
                work.outbox.give_back([claimed.id], real_now, real_now)
            else:
                known = [rule for rule in message.rules if rule in RULES]
                if known or not message.rules:
                    self._say("message", at, to=message.to, text=message.text, rules=known)
                work.outbox.sent(claimed.id, real_now, "replay")

    def _differences(self, work: Any, at: dt.datetime) -> None:
        today, marks = at.date(), work.cases.marks()
        for gone in self.shown.keys() - marks.keys():
            due, status, _, subject, _ = self.shown.pop(gone)
            if status == "open":
                self._say("lapsed", at, id=gone, **json.loads(subject), due=str(due))
        late = {
            id for id, (due, status, told, _, _) in self.shown.items() if status == "open" and due < today and not told
        }
        changed = work.cases.duties_with_ids(
            id for id, mark in marks.items() if id in late or mark != self.marks.get(id)
        )
        changed = [duty for duty in changed if duty.rule in RULES]
        self.marks = marks
        names_of = {p.id: p.name for p in work.people.pupils([d.pupil for d in changed if d.pupil]).values()}
        for duty in sorted(changed, key=lambda d: (d.due, d.rule, d.id)):
            about = {"rule": duty.rule, **_subject(duty, names_of)}
            is_late = duty.overdue(today)
            self._difference(duty, self.shown.get(duty.id), about, at, is_late)
            self.shown[duty.id] = (duty.due, duty.status, is_late, json.dumps(about), _whose(duty))

    def _difference(
        self, duty: Duty, before: tuple[dt.date, str, bool, str, str] | None, about: Mapping[str, Any], at: dt.datetime,
        late: bool,
    ) -> None:  # fmt: skip
        due, status, was_late = before[:3] if before else (None, "new", False)
        base = {"id": duty.id, **about, "due": str(duty.due)}
        written = status == "new" and duty.status != "lapsed"
        # Written again when it moves, comes back, or changes hands.
        changed = before is not None and (due != duty.due or status != "open" or before[4] != _whose(duty))
        if written or (duty.status == "open" and changed):
            self._say("duty", at, **base, clause=duty.clause, owner=duty.owner, who=list(duty.who))
        if duty.status != status and duty.status != "open" and (written or status != "new"):
            self._say(duty.status, at, **base)
        if late and not was_late:
            self._say("overdue", at, **base)

    def _say(self, kind: str, at: dt.datetime, **rest: Any) -> None:
        self.lines.append({"type": kind, "at": at.isoformat(timespec="minutes"), **rest})

    def reply(self, at: dt.datetime, to: str, text: str) -> None:
        self._say("reply", at, to=to, text=text)

    def cases(self) -> Iterator[dict[str, Any]]:
        """The last lines: where each pupil of the stage stands."""
        pupils = self.stage.pupils
        with self.store.look(self.stage.now) as work:
            found = work.cases.cases([p.id for p in pupils])
        for pupil in pupils:
            case = found[pupil.id]
            state = "home_taught" if pupil.home_taught and case.state == "in_school" else case.state
            assert case.ledger in LEDGERS
            yield {"type": "case", "pupil": pupil.name, "state": state, "day": case.day, "ledger": case.ledger}


def _whose(duty: Duty) -> str:
    return " ".join((duty.owner, *duty.who))


def _subject(duty: Duty, names_of: Mapping[str, str]) -> dict[str, str]:
    return {"pupil": names_of[duty.pupil]} if duty.pupil else {"unit": duty.unit or COUNTY}


def play(text_lines: Sequence[str]) -> Iterator[str]:
    """The output lines of a timeline. Raises ``ReplayError`` naming the line at fault."""
    rows = list(_read(text_lines))
    if not rows:
        raise ReplayError("第1行：文件是空的")
    stage = Stage(rows[0][1])
    with TemporaryDirectory(prefix="kongchuo-replay-") as folder:
        player = Player(stage, _open(stage, Path(folder)))
        now = stage.now
        _advance(player, now, now)
        for number, event in rows[1:]:
            try:
                at = dt.datetime.fromisoformat(event["at"])
                _advance(player, now, at)
                now = max(now, at)
                if "from" in event:
                    _act(player, event, at)
            except (KeyError, TypeError, ValueError) as error:
                raise ReplayError(f"第{number}行：{type(error).__name__} {error}") from error
            yield from _flush(player)
        yield from _flush(player)
        yield from (json.dumps(line, ensure_ascii=False) for line in player.cases())


def _read(text_lines: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text_lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ReplayError(f"第{number}行不是 JSON") from error
        if not isinstance(row, dict):
            raise ReplayError(f"第{number}行不是一个对象")
        yield number, row


def _open(stage: Stage, folder: Path) -> Store:
    """A fresh county in memory, as the stage describes it."""
    raw, engine, key = stage.raw, build_engine("sqlite://"), secrets.token_bytes(32)
    try:
        if raw["pack"] not in PACKS:
            raise ReplayError(f"第1行：没有规则包 {raw['pack']}")
        overrides = ""
        if raw.get("overrides"):
            overrides = str(folder / "overrides.yaml")
            Path(overrides).write_text(yaml.safe_dump(raw["overrides"], allow_unicode=True), encoding="utf-8")
        migrate(engine)
        create_county(engine, [key], raw["county"], raw["pack"], stage.now, overrides=overrides)
        store = open_store(engine, data_keys=[key], fold=names)
        with store.begin(stage.now) as work:
            work.people.put_units(stage.units)
            work.people.put_people([Person(p["id"], p["name"]) for p in raw["people"]])
            posts = [Post(p["id"], p["role"], p["unit"], _day(p, "since"), _day(p, "until")) for p in raw["people"]]
            work.people.put_posts(posts)
            work.people.put_days(_days(raw))
            work.people.put_pupils([Entered(p) for p in stage.pupils])
    except (KeyError, TypeError, ValueError) as error:
        raise ReplayError(f"第1行：{type(error).__name__} {error}") from error
    return store


def _day(row: Mapping[str, Any], key: str) -> dt.date | None:
    return dt.date.fromisoformat(row[key]) if row.get(key) else None


def _days(raw: Mapping[str, Any]) -> Iterator[Days]:
    for start, end in raw["terms"]:
        yield Days("term", dt.date.fromisoformat(start), dt.date.fromisoformat(end))
    for kind, key in (("teach", "teach_on"), ("no_teach", "no_teach_on")):
        for day in raw.get(key, ()):
            yield Days(kind, dt.date.fromisoformat(day), dt.date.fromisoformat(day))


def _advance(player: Player, now: dt.datetime, until: dt.datetime) -> None:
    """Let time pass: every moment at which something happens is played and printed."""
    run_until(player.store, now, until, deliver=player.step)


def _flush(player: Player) -> Iterator[str]:
    lines, player.lines = player.lines, []
    yield from (json.dumps(line, ensure_ascii=False) for line in lines)


def _act(player: Player, event: Mapping[str, Any], at: dt.datetime) -> None:
    """One message or action of a member of staff."""
    with player.store.begin(at) as work:
        desk = desk_for(work, event["from"], f"replay:{at.isoformat()}:{secrets.token_hex(4)}", unattended=True)
        if desk is None:
            raise ValueError(f"没有这个人：{event['from']}")
        if "text" in event:
            said = conversation.answer(desk, event["text"])
        else:
            said = conversation.perform(desk, [_action(desk, event["action"])], Line("", at))
        text = said.text
    player.reply(at, event["from"], text)
    sweep(player.store, at)
    player.step(at)


def _action(desk: Desk, raw: Mapping[str, Any]) -> Action:
    """An action of the file with its pupils looked up by name within the writer's scope."""
    slots = {k: v for k, v in raw.items() if k not in ("action", "students")}
    found = desk.work.people.names(desk.scope).exact(list(raw.get("students", ())))
    students = tuple(Mention(n, tuple(e.id for e in found.get(n, ()))) for n in raw.get("students", ()))
    return Action(raw["action"], students, slots)
