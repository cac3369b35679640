"""What went to others stays true: a correction or an undo reaches who had been told, and what is still owed goes up anew.

Made-up timelines of two months (``tests/casework/oracle``), into which late undos and corrected first days are thrown, are
played whole. Nothing of ``reminders`` is asked what it should have said: that is read from contracts, section 4, and from
the stage, and laid beside every message that was sent.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.commands import replay
from tests.casework.oracle.days import DAY, Days, span
from tests.casework.oracle.timelines import timeline
from tests.support.stores import bring_tables

SEEDS = range(int(os.environ.get("KONGCHUO_CORRECTED", "60" if os.environ.get("KONGCHUO_TEST_ALL") else "4")))
LENGTH = 30 if len(SEEDS) < 10 else 60
ABOVE = {"teacher": ("school", "principal", "county"), "subject_teacher": ("school", "principal", "county"),
         "school": ("principal", "county"), "principal": ("county",),
         "village": ("township", "county"), "township": ("county",), "county": ()}  # fmt: skip
HOLDER = {"school": "li", "principal": "xz", "county": "xian", "township": "zhen"}


@dataclass(frozen=True)
class Owed:
    rule: str
    pupil: str
    due: dt.date
    owner: str
    who: tuple[str, ...]
    status: str = "open"


@dataclass
class Heard(replay.Player):
    """A replay that keeps which duties each message was about, and how all duties stood."""

    sent: list[tuple[dt.datetime, Any]] = field(default_factory=list)
    stands: dict[str, Owed] = field(default_factory=dict)

    def _deliver(self, work: Any, at: dt.datetime) -> None:
        for claimed in work.outbox.claim(dt.datetime.now(dt.UTC).replace(tzinfo=None), 10_000, 3600):
            if claimed.message.expires is not None and claimed.message.expires <= at:
                work.outbox.expired(claimed.id)
            elif not replay.may_leave(claimed, at):
                work.outbox.give_back([claimed.id], at, at)
            else:
                self.sent.append((at, claimed.message))
                work.outbox.sent(claimed.id, at, "test")

    def _say(self, kind: str, at: dt.datetime, **line: Any) -> None:
        if kind == "duty":
            due = dt.date.fromisoformat(line["due"])
            self.stands[line["id"]] = Owed(line["rule"], line.get("pupil", ""), due, line["owner"], tuple(line["who"]))
        elif kind in ("done", "lapsed"):
            was = self.stands[line["id"]]
            self.stands[line["id"]] = Owed(was.rule, was.pupil, was.due, was.owner, was.who, kind)


@dataclass(frozen=True)
class Correction:
    """That somebody had been told of a duty which is otherwise since ``at``."""

    at: dt.datetime
    id: str
    person: str
    was: Owed
    now: Owed


@dataclass
class Play:
    """One timeline played: what went wrong, how often what was looked at occurred, and who is owed a correction."""

    rows: list[dict[str, Any]]
    heard: Heard
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    owed: list[Correction] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)


def corrected(seed: int) -> list[dict[str, Any]]:
    """A timeline with undos hours or days after the record, and first days told otherwise."""
    stage, *rows = timeline(seed, LENGTH)
    *events, end = rows
    rng, days = random.Random(seed), Days(stage)
    more = []
    for event in events:
        action, at = event.get("action", {}), dt.datetime.fromisoformat(event["at"])
        kinds = ("absence", "visit", "contact", "dropout", "leave", "return", "done", "notice")
        later = at + dt.timedelta(minutes=rng.choice((3, 90, 60 * 24, 60 * 25, 60 * 49, 60 * 100)))
        if later >= dt.datetime.fromisoformat(end["at"]) or action.get("action") not in kinds:
            continue
        if rng.random() < 0.25:
            more.append(
                {"at": later.isoformat(timespec="minutes"), "from": event["from"], "action": {"action": "undo"}}
            )
        elif action["action"] == "absence" and rng.random() < 0.6:
            start = days.back(later.date(), rng.randrange(1, 7))
            said = {"action": "absence", "students": action["students"], "from": str(start)}
            more.append({"at": later.isoformat(timespec="minutes"), "from": rng.choice(("wang", "li")), "action": said})
    return [stage, *sorted([*events, *more], key=lambda each: each["at"]), end]


def played(rows: list[dict[str, Any]], folder: Path) -> Play:
    stage = replay.Stage(rows[0])
    heard = Heard(stage, replay._open(stage, folder))
    play, now = Play(rows, heard), stage.now
    days = Days(rows[0])
    replay._advance(heard, now, now)
    for event in rows[1:]:
        at = dt.datetime.fromisoformat(event["at"])
        for bell in _bells(now, at, days):
            replay._advance(heard, now, bell - dt.timedelta(minutes=1))
            before = dict(heard.stands)
            replay._advance(heard, bell, bell)
            _goes_up(play, bell, before, days)
            now = bell
        replay._advance(heard, now, at)
        now = max(now, at)
        if "from" in event:
            before, said = dict(heard.stands), len(heard.sent)
            replay._act(heard, event, at)
            _owes_corrections(play, event, before, said)
    _are_corrected(play)
    return play


def _bells(now: dt.datetime, until: dt.datetime, days: Days) -> Iterator[dt.datetime]:
    """Ten past eight of each workday on the way: what is overdue goes one step up then (contracts, section 4)."""
    for day in span(now.date(), until.date()):
        bell = dt.datetime.combine(day, dt.time(8, 10))
        if days.work(day) and now < bell <= until:
            yield bell


def _goes_up(play: Play, bell: dt.datetime, stands: dict[str, Owed], days: Days) -> None:
    """Each duty that is overdue now goes to the next above its owner, and nothing else goes up."""
    risen = {(id, m.to) for at, m in play.heard.sent if at == bell and m.text.startswith("逾期报告") for id in m.duties}
    silent = play.rows[0]["pack"] == "xiuyan"
    for id, owed in stands.items():
        people = [HOLDER[role] for role in ABOVE[owed.owner] if HOLDER[role] not in owed.who]
        told = {m.to for at, m in play.heard.sent if at < bell and at.date() > owed.due and m.text.startswith("逾期报告") and id in m.duties}  # fmt: skip
        steps = [person for person in people if person not in told]
        due = owed.status == "open" and owed.due < bell.date() and not (silent and owed.rule == "monthly_report")
        wanted = {(id, steps[0])} if due and steps and len(told) < _workdays(owed.due, bell.date(), days) else set()
        got = {each for each in risen if each[0] == id}
        play.counts["rises"] += len(wanted)
        play.counts["rises anew"] += bool(wanted) and (id in play.touched)
        if got != wanted:
            play.wrong.append(f"{bell} {owed}: goes to {got}, should go to {wanted}; told {told}")


def _workdays(after: dt.date, until: dt.date, days: Days) -> int:
    return sum(days.work(day) for day in span(after + DAY, until))


def _owes_corrections(play: Play, event: dict[str, Any], before: dict[str, Owed], said: int) -> None:
    """After an undo or a correction: who had been told of a duty that is otherwise now."""
    action, stands = event["action"], play.heard.stands
    late_leave = action["action"] == "leave" and action["from"] < event["at"][:10]
    first_day = action["action"] == "absence" and {"from", "day", "days"} & action.keys()
    if action["action"] != "undo" and not first_day and not late_leave:
        return
    told: dict[str, set[tuple[str, bool]]] = {}
    for _, message in play.heard.sent[:said]:
        for id in message.duties:
            told.setdefault(id, set()).add((message.to, message.text.startswith("知会")))
    at = dt.datetime.fromisoformat(event["at"])
    for id, was in before.items():
        now = stands[id]
        # A school's report that is taken back is owed again: nobody had been told that it was there.
        if now == was or now.status == "done" or not was.pupil:
            continue
        if first_day and was.rule == "return_followup":  # ended by a relapse: owed until then
            continue
        play.touched.add(id)
        # Of what had been done only those knew who were told so; whoever was reminded of it need not hear that it lapsed.
        people = {person for person, done in told.get(id, ()) if done or was.status != "done" or now.status == "open"}
        play.owed += [Correction(at, id, person, was, now) for person in people - {event["from"]}]


def _are_corrected(play: Play) -> None:
    """Each of them hears of it at once, in the morning where it is night; a correction goes to nobody else."""
    corrections = [(at, m) for at, m in play.heard.sent if m.text.startswith("更正：")]
    end = dt.datetime.fromisoformat(play.rows[-1]["at"])
    for one in play.owed:
        until = dt.datetime.combine(one.at.date() + (one.at.time() >= dt.time(20, 30)) * DAY, dt.time(8, 30))
        until = max(until, one.at)
        if until > end:
            continue
        again = one.now.status == "open" and one.now.due == one.at.date()
        heard = [
            message
            for at, message in play.heard.sent
            if one.at <= at <= until and message.to == one.person and one.id in message.duties
            and (message.text.startswith("更正：") or again)
        ]  # fmt: skip
        play.counts["corrections"] += 1
        if not heard:
            play.wrong.append(f"not corrected: {one}")
    for at, message in corrections:
        owed = {one.id for one in play.owed if one.at <= at and one.person == message.to}
        # Who had recorded something of the pupil that day had it from the reply.
        wrote = any(row.get("from") == message.to and row["at"] < f"{at:%Y-%m-%dT%H:%M}" for row in play.rows)
        known = set(message.duties) & play.heard.stands.keys()  # a replay names the rules of the contract alone
        if not known <= owed and not wrote:
            play.wrong.append(f"{at} corrected though not told: {message}")


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_what_others_were_told_stays_true(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "migrate", bring_tables)
    play = played(corrected(seed), tmp_path)
    assert play.wrong == []
    assert play.counts["rises"]
