"""Leaves and lessons at home in the oracle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tests.casework.oracle.absent import Absences
from tests.casework.oracle.days import DAY, KNOWN, last_of, month_end
from tests.casework.oracle.story import Leave


class Away(Absences):
    def do_leave(self, action: Mapping[str, Any], role: str) -> None:
        today = self.now.date()
        first = dt.date.fromisoformat(action["from"]) if "from" in action else today
        last = dt.date.fromisoformat(action["to"]) if "to" in action else first + (action["days"] - 1) * DAY
        if self.left or (self.absence and self.absence.gone):
            return
        mine = self.leave
        if mine is None and self.over_leave and self.absence and self.absence.start >= first:
            mine = self.leave = self.over_leave  # it had only run out: one leave, learnt of late
            if self.days.count(mine.last + DAY, first - DAY) == 0:
                self.end_absence(first)
        if mine and self.days.count(mine.last + DAY, first - DAY) == 0 and first >= mine.first:
            mine.last = max(last, mine.last)
            mine.learnt.append((today, mine.last))
        else:
            self.episode += 1
            new = Leave(self.episode, first, last, [(today, last)])
            if mine and first > mine.last:
                self.coming.append(new)
                self.plan_leave(new)
                return
            mine = self.leave = new
        if self.absence and first <= today:
            self.end_absence(first)
        self.plan_leave(mine)

    def plan_leave(self, leave: Leave) -> None:
        eighth = leave.first + 7 * DAY
        back = self.days.next_school(leave.last)
        for key in self.open_of("leave_end"):
            if key[1] == leave.number and key[2] != leave.last:
                self.close(key, "lapsed")
        self.put(("leave_end", leave.number, leave.last), back)
        if leave.last < eighth:
            return
        visit = eighth if self.days.school(eighth) else self.days.next_school(eighth)
        self.put(("leave_visit", leave.number), visit, leave.known(eighth))
        spoken = [(day, kind) for _, day, kind, *_ in self.spoken if leave.first <= day]
        if any(kind == "visit" for _, kind in spoken):
            self.close(("leave_visit", leave.number), "done")
        first_due, base, round_ = eighth + 14 * DAY, eighth, 0
        for day in dict.fromkeys(day for day, _ in spoken):
            if day >= first_due and base + 14 * DAY <= leave.last:
                self.again(("leave_contact", leave.number, round_), leave.late(base + 14 * DAY))
                self.close(("leave_contact", leave.number, round_), "done")
                round_ += 1
            base = max(base, day)
        key = ("leave_contact", leave.number, round_)
        if base + 14 * DAY <= leave.last:
            self.again(key, leave.late(base + 14 * DAY))
        else:
            self.close(key, "lapsed")

    def over(self) -> None:
        """The leave is over: only its end may still be asked about."""
        assert self.leave
        for key in [*self.open_of("leave_visit"), *self.open_of("leave_contact")]:
            if key[1] == self.leave.number:
                self.close(key, "lapsed")
        self.leave = None

    def again(self, key: tuple[Any, ...], due: dt.date) -> None:
        """Write a duty also where it had lapsed: the leave was too short for it and is not any more."""
        if key in self.duties and self.duties[key].status == "lapsed":
            del self.duties[key]
        self.put(key, due)

    def do_teach(self, action: Mapping[str, Any], role: str) -> None:
        halves = action.get("minutes", 30 * action.get("lessons", 0)) // 30
        lessons = action.get("lessons", halves)
        self.taught.append((self.day_of(action), lessons, min(lessons, halves)))

    def teaching(self) -> None:
        if not self.pupil.get("home_taught") or self.left:
            return
        today = self.now.date()
        self.month(today.replace(day=1), month_end(today))
        for first, last in self.days.terms:
            due = last_of(first, last, self.days.school)
            if due and last.year in KNOWN and first <= today and due >= self.since:
                self.put(("teach_term", first), due)
                if sum(halves for day, _, halves in self.taught if first <= day <= last) >= 20:
                    self.close(("teach_term", first), "done")

    def month(self, first: dt.date, last: dt.date) -> None:
        due = last_of(first, last, self.days.school)
        if due is None or due < self.since:
            return
        self.put(("teach_month", first), due)
        if sum(lessons >= 2 for day, lessons, _ in self.taught if first <= day <= last) >= 2:
            self.close(("teach_month", first), "done")
