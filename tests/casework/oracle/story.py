"""What the oracle keeps of a pupil, and how it writes, moves and closes a duty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.casework.oracle.days import DAY, Days

NOON = dt.time(12)
FOLLOW_UPS = (7, 30, 60, 90)
SURVIVE_DROPOUT = {"persist", "dropout_report"}
ABSENCE = {
    "absence_contact", "absence_visit", "absence_joint_visit", "absence_plan", "suspected_review", "outside_report",
    "persuasion_record", "joint_persuasion", "notice", "dropout_report", "persist", "inquiry_letter", "term_start_visit",
}  # fmt: skip
STAFF = {"teacher", "subject_teacher", "school", "principal"}
BY_REASON = {
    "police_check": {"missing", "abroad", "wrong_record", "death"},
    "expert_opinion": {"illness", "disability"},
}
JOINT = {"absence_joint_visit": ("teacher", "subject_teacher"), "joint_persuasion": ("township", "village")}
BY_SCHOOL_DAY = (
    "absence_contact", "absence_visit", "absence_joint_visit", "absence_plan", "suspected_review", "outside_report",
    "persuasion_record", "joint_persuasion", "notice", "inquiry_letter",
)  # fmt: skip


@dataclass
class Due:
    rule: str
    due: dt.date
    status: str = "open"
    closed: dt.datetime | None = None
    late: bool = False


@dataclass
class Absence:
    number: int
    start: dt.date
    since: dt.date  # when it was first learnt of
    learnt: dt.date  # when its first day was last corrected
    fifth: dt.date | None = None  # from when ``persist`` runs
    records: list[tuple[dt.date, str, str, str]] = field(
        default_factory=list
    )  # day it was known, action, outcome, role
    alert: dt.date = dt.date.min  # the day of its alert
    paused: list[tuple[Any, ...]] = field(default_factory=list)  # follow-ups that lapsed with its report
    gone: bool = False  # confirmed as dropout
    reason: str = ""
    last: dt.date | None = None  # the last contact or visit
    rounds: int = 0  # of ``persist`` that are done
    later: bool = False  # the newest correction was to a later first day
    bare: bool = False  # opened by the confirmation itself: day 1 asks for nothing but the dropout's own


@dataclass
class Leave:
    number: int
    first: dt.date
    last: dt.date
    learnt: list[tuple[dt.date, dt.date]]  # when it was told, until when it was to last

    def known(self, day: dt.date) -> dt.date:
        """When it was learnt that the leave lasts until that day."""
        return next(told for told, last in self.learnt if last >= day)

    def late(self, due: dt.date) -> dt.date:
        return max(due, self.known(due))


@dataclass
class Story:
    days: Days
    numbers: Mapping[str, Any]
    pupil: Mapping[str, Any]
    since: dt.date
    now: dt.datetime
    duties: dict[tuple[Any, ...], Due] = field(default_factory=dict)
    absence: Absence | None = None
    leave: Leave | None = None
    over_leave: Leave | None = None  # the last one, run out
    coming: list[Leave] = field(default_factory=list)  # told ahead, with school between
    past: list[set[dt.date]] = field(default_factory=list)  # unexcused days of each absence that is over
    observed: bool = False
    kept: str = "age"  # the ledger of a case that a return has not closed
    ended_at: dt.datetime = dt.datetime.min
    spoken: list[tuple[dt.datetime, dt.date, str, str, str]] = field(default_factory=list)  # all contacts and visits
    left: bool = False
    alerted: list[dt.date] = field(default_factory=list)
    taught: list[tuple[dt.date, int, int]] = field(default_factory=list)  # day, lessons, whole half hours
    episode: int = 0
    overdue: set[tuple[str, dt.date, dt.date]] = field(default_factory=set)  # rule, due, the midnight after

    def count(self) -> int:
        """School days absent: today's from 12:00 on."""
        if self.absence is None:
            return 0
        last = self.now.date() if self.now.time() >= NOON else self.now.date() - DAY
        return self.days.count(self.absence.start, last)

    def put(self, key: tuple[Any, ...], due: dt.date | None, learnt: dt.date | None = None) -> None:
        """Write or move a duty; what is past when it is learnt of falls due on that day."""
        if due is None:
            return
        due = max(due, learnt) if learnt else due
        found = self.duties.get(key)
        if found is None:
            self.duties[key] = Due(key[0], due)
        elif found.status == "open":
            found.due = due

    def close(self, key: tuple[Any, ...], how: str) -> None:
        found = self.duties.get(key)
        if found and found.status == "open":
            found.status, found.closed = how, self.now

    def close_open(self, rules: Iterable[str], how: str) -> None:
        for key in list(self.duties):
            if key[0] in rules:
                self.close(key, how)

    def open_of(self, rule: str) -> list[tuple[Any, ...]]:
        found = [key for key, each in self.duties.items() if each.rule == rule and each.status == "open"]
        return sorted(found, key=lambda key: self.duties[key].due)
