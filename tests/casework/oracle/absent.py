"""An absence in the oracle: what its days owe, and what a record of it answers."""

from __future__ import annotations

import datetime as dt

from tests.casework.oracle.days import DAY, span
from tests.casework.oracle.story import ABSENCE, BY_SCHOOL_DAY, Absence, Story


class Absences(Story):
    def begin(self, start: dt.date, learnt: dt.date, bare: bool = False) -> None:
        self.episode += 1
        self.absence = Absence(self.episode, start, learnt, learnt, bare=bare)
        if self.observed:
            self.observed = False
            self.absence.paused = self.open_of("return_followup")
            self.close_open({"return_followup"}, "lapsed")
        self.plan()
        self.told_before(start, dt.date.max)

    def told_before(self, first: dt.date, until: dt.date) -> None:
        """What was recorded of these days before the absence was known to reach them is of this absence too."""
        for at, day, action, outcome, role in self.spoken:
            if at > self.ended_at and first <= day < until and at < self.now:
                self.recorded(day, action, outcome, role)

    def plan(self) -> None:
        """The days of an absence, counted from midnight; all written at once."""
        away = self.absence
        assert away
        for rule in BY_SCHOOL_DAY:
            nth = self.numbers[rule]
            if nth and not away.bare and not (rule == "inquiry_letter" and self.pupil.get("local", True)):
                self.put((rule, away.number), self.days.nth(away.start, nth), away.learnt)
        fifth = self.days.nth(away.start, 5)
        away.fifth = max(fifth, away.learnt) if fifth else None
        self.persist()
        if not away.bare:
            self.cumulative()

    def moved(self, due: dt.date, day: dt.date | None) -> dt.date:
        """A correction to a later first day moves a due there, one to an earlier day never behind itself."""
        today = self.now.date()
        if day is None:
            return due
        later = self.absence is not None and self.absence.later
        return max(day, today) if later else min(due, max(day, today))

    def persist(self) -> None:
        """The first one, while nothing on or after the fifth day has been recorded."""
        away = self.absence
        assert away
        if away.fifth and not away.rounds:
            due = max(away.fifth, away.last + 7 * DAY) if away.last else away.fifth
            self.put(("persist", away.number, 0), due)

    def persisted(self, day: dt.date, returns: bool) -> None:
        away = self.absence
        assert away
        if away.fifth is None or (away.last and day <= away.last):
            return
        early = day < min(away.fifth, self.days.nth(away.start, 5) or away.fifth)
        if early and returns:  # what brings the pupil back moves no due
            return
        away.last = day
        if early:
            self.persist()
            return
        self.close(("persist", away.number, away.rounds), "done")
        away.rounds += 1
        if not returns:
            self.put(("persist", away.number, away.rounds), max(day + 7 * DAY, away.learnt))

    def cumulative(self) -> None:
        away = self.absence
        assert away
        for day in span(away.start, min(away.start + 45 * DAY, self.days.end)):
            window = set(span(day - 29 * DAY, day))
            mine = {each for each in span(away.start, day) if self.days.school(each)}
            parts = [part for part in [*(each & window for each in self.past), mine & window] if part]
            adds_up = self.days.school(day) and len(parts) >= 2 and sum(map(len, parts)) >= 3
            if adds_up and not any(each in window for each in self.alerted):
                known, learnt = self.duties.get(("cumulative_alert", away.number)), max(day, away.learnt)
                due = min(known.due, learnt) if known and day <= away.alert else learnt
                away.alert = day
                self.put(("cumulative_alert", away.number), due)
                return

    def end_absence(self, day: dt.date, afternoon: bool = False) -> None:
        """``day`` is the first that does not count, or (after 12:00) the last that does."""
        away = self.absence
        assert away
        last = day if afternoon else day - DAY
        counted = {each for each in span(away.start, last) if self.days.school(each)}
        if counted:
            self.past.append(counted)
        elif away.paused:  # no day of it counted: there was no relapse
            self.observed = True
            for key in away.paused:
                self.duties[key].status, self.duties[key].closed = "open", None
        alert = self.duties.get(("cumulative_alert", away.number))
        if alert and away.alert in counted:
            self.alerted.append(away.alert)  # its day has counted: a person still decides
        else:
            self.close(("cumulative_alert", away.number), "lapsed")
        self.close_open(ABSENCE | {"police_check", "dropout_notify"}, "lapsed")
        for key in self.open_of("leave_end"):
            if not self.leave or key[2] != self.leave.last:
                self.close(key, "lapsed")
        self.absence = None
        self.ended_at = self.now

    def correct(self, start: dt.date, today: dt.date) -> None:
        away = self.absence
        assert away
        before, away.later, away.start = away.start, start > away.start, start
        for rule in BY_SCHOOL_DAY:
            duty = self.duties.get((rule, away.number))
            if duty and duty.status == "open":
                duty.due = self.moved(duty.due, self.days.nth(start, self.numbers[rule]))
        self.attempts()
        away.learnt = today
        if away.fifth:
            away.fifth = self.moved(away.fifth, self.days.nth(start, 5))
        self.persist()
        if not away.bare:
            self.cumulative()
        self.told_before(start, before)

    def recorded(self, day: dt.date, action: str, outcome: str, role: str, returns: bool = False) -> None:
        away = self.absence
        assert away
        away.records.append((max(day, self.now.date()), action, outcome, role))
        if outcome != "nobody":
            self.close_open({"absence_contact"}, "done")
        if action == "visit":
            self.close_open({"absence_visit"}, "done")
            visitors = {who for _, kind, _, who in away.records if kind == "visit"}
            if {"teacher", "subject_teacher"} <= visitors:
                self.close_open({"absence_joint_visit"}, "done")
            if role in ("township", "village"):
                self.close_open({"joint_persuasion"}, "done")
        if not returns:
            self.attempts()
        self.persisted(day, returns)

    def attempts(self) -> None:
        """xiuyan: the third contact or visit of this absence asks for the notice on its day."""
        away, third = self.absence, self.numbers["attempts"]
        assert away
        due = self.duties.get(("notice", away.number))
        if third and len(away.records) >= third and due and due.status == "open":
            due.due = min(due.due, max(away.records[third - 1][0], away.since))
