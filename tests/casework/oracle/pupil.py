"""One pupil's story in the oracle, told once from the first fact to the moment asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from tests.casework.oracle.away import Away
from tests.casework.oracle.days import DAY, OFF
from tests.casework.oracle.story import (
    ABSENCE,
    BY_REASON,
    FOLLOW_UPS,
    JOINT,
    NOON,
    STAFF,
    SURVIVE_DROPOUT,
)


class PupilStory(Away):
    def until(self, then: dt.datetime) -> None:
        """Midnights and noons between the last moment and this one."""
        moment = self.now
        while True:
            noon = dt.datetime.combine(moment.date(), NOON)
            moment = noon if moment < noon else dt.datetime.combine(moment.date() + DAY, dt.time())
            if moment > then:
                break
            self.now = moment
            self.tick()
        self.now = then
        self.tick()

    def tick(self) -> None:
        today = self.now.date()
        if self.coming and not self.leave and self.coming[0].first <= today:
            self.leave = self.coming.pop(0)
        if self.leave and self.absence and self.leave.first <= today:
            self.end_absence(self.leave.first)
        if self.leave and self.leave.first <= today:
            back = self.days.next_school(self.leave.last)
            if back is not None and back <= today and (self.now.time() >= NOON or back < today) and not self.left:
                self.over_leave = self.leave
                self.over()
                self.begin(back, back)
        self.teaching()
        for each in self.duties.values():
            late, each.late = each.late, each.status == "open" and each.due < today
            if each.late and not late:
                self.overdue.add((each.rule, each.due, max(today, each.due + DAY)))

    def act(self, action: Mapping[str, Any], role: str) -> None:
        getattr(self, "do_" + action["action"], lambda *_: None)(action, role)
        self.tick()

    def day_of(self, action: Mapping[str, Any]) -> dt.date:
        return dt.date.fromisoformat(action["date"]) if "date" in action else self.now.date()

    def do_absence(self, action: Mapping[str, Any], role: str) -> None:
        today, told = self.now.date(), True
        if "day" in action:
            if not self.days.school(today):
                return
            start = self.days.back(today, action["day"])
        elif "days" in action:
            start = self.days.back(today, action["days"])
        elif "from" in action:
            start = dt.date.fromisoformat(action["from"])
        else:
            start = self.day_of(action)
            told = self.absence is not None and start < self.absence.start
        if not self.days.school(start) or self.left:
            return
        if self.leave and self.leave.first <= start:
            if start <= self.leave.last:
                return
            self.over()
        self.close_open({"leave_end"}, "done")
        if self.absence is None:
            self.begin(start, today)
        elif told and start != self.absence.start:
            self.correct(start, today)

    def do_not_returned(self, action: Mapping[str, Any], role: str) -> None:
        today = self.now.date()
        term = max(first for first, _ in self.days.terms if first <= today)
        opens = term if self.days.school(term) else self.days.next_school(term)
        assert opens
        if self.absence is None:
            self.begin(opens, today)
            if self.numbers["term_start_visit"]:
                self.put(
                    ("term_start_visit", self.absence.number),
                    self.days.nth(opens, self.numbers["term_start_visit"]),
                    today,
                )

    def do_contact(self, action: Mapping[str, Any], role: str) -> None:
        day, outcome, visit = self.day_of(action), action["outcome"], action["action"] == "visit"
        self.spoken.append((self.now, day, action["action"], outcome, role))
        if visit:
            self.close_open({"risk_visit", "trace", "term_start_visit"}, "done")
        if outcome == "returned" and role in STAFF:
            if self.absence:
                self.recorded(day, action["action"], outcome, role, returns=True)
            elif self.leave and visit:
                self.plan_leave(self.leave)
            self.do_return({}, role)
            return
        if self.absence and day >= self.absence.start:
            self.recorded(day, action["action"], outcome, role)
        elif self.leave and self.leave.first <= day:
            self.plan_leave(self.leave)
        if self.observed:
            due = self.open_of("return_followup")
            if due and day >= self.duties[due[0]].due - 3 * DAY:
                self.followed(due[0])

    do_visit = do_contact

    def do_return(self, action: Mapping[str, Any], role: str) -> None:
        day, today = self.day_of(action), self.now.date()
        self.over_leave = None
        self.close_open({"leave_end"}, "done")
        if self.leave and self.leave.first <= day:
            self.over()
            if self.kept != "age" and not self.observed:  # a relapse ended by a leave: the case is not closed
                self.observe(day)
        self.close_open({"expert_opinion", "trace", "trace_tell", "handover"}, "lapsed")
        if self.absence is None:
            return
        afternoon = self.now.time() >= NOON and "date" not in action
        if self.absence.gone:
            self.kept = "dropout"
        elif self.kept == "age" and min(self.count(), self.days.count(self.absence.start, day)) - (day < today) >= 3:
            self.kept = "suspected"
        self.end_absence(day, afternoon)
        if self.kept != "age" and not self.observed:
            self.observe(day)

    def observe(self, day: dt.date) -> None:
        self.observed = True
        self.episode += 1
        for after in FOLLOW_UPS:
            self.put(("return_followup", self.episode, after), day + after * DAY, self.now.date())

    def followed(self, key: tuple[Any, ...]) -> None:
        self.close(key, "done")
        if key[2] == FOLLOW_UPS[-1]:
            self.observed, self.kept = False, "age"

    def do_notice(self, action: Mapping[str, Any], role: str) -> None:
        if self.absence is None or self.absence.gone:
            return
        self.close_open({"notice"}, "done")
        seventh = self.day_of(action) + 7 * DAY
        while seventh in OFF:
            seventh += DAY
        if ("dropout_report", self.absence.number) not in self.duties:
            self.put(("dropout_report", self.absence.number), self.days.next_school(seventh), self.now.date())

    def do_dropout(self, action: Mapping[str, Any], role: str) -> None:
        if role not in ("school", "principal", "county") or self.left or (self.absence and self.absence.gone):
            return
        today = self.now.date()
        if self.leave:
            self.over()
        self.close_open({"leave_end"}, "lapsed")
        if self.absence is None:
            self.begin(today, today, bare=True)
        assert self.absence
        self.absence.gone, self.absence.reason = True, action.get("reason_code", "")
        self.close_open((ABSENCE | {"cumulative_alert"}) - SURVIVE_DROPOUT, "lapsed")
        self.put(("dropout_notify", self.absence.number), today)
        self.by_reason(action, BY_REASON)

    def by_reason(self, action: Mapping[str, Any], rules: Iterable[str]) -> None:
        today = self.now.date()
        for rule in rules:
            if action.get("reason_code") in BY_REASON[rule]:
                due = self.days.next_work(today, 10) if rule == "police_check" else today + 30 * DAY
                self.put((rule, self.episode), due)

    def do_transfer_out(self, action: Mapping[str, Any], role: str) -> None:
        self.go()
        if action["action"] != "transfer_out":
            self.by_reason(action, ["expert_opinion"])

    do_suspend = do_defer = do_transfer_out

    def do_transfer_in(self, action: Mapping[str, Any], role: str) -> None:
        self.left = False

    def go(self) -> None:
        self.close_open({each.rule for each in self.duties.values()} - {"platform_reply"}, "lapsed")
        if self.absence:
            self.end_absence(self.now.date())
        self.leave, self.observed, self.left, self.kept = None, False, True, "age"

    def do_mark(self, action: Mapping[str, Any], role: str) -> None:
        if action["group"] == "at_risk" and not self.open_of("risk_visit"):
            self.episode += 1
            self.put(("risk_visit", self.episode), self.days.next_school(self.now.date()))

    def do_platform_flag(self, action: Mapping[str, Any], role: str) -> None:
        if not self.open_of("platform_reply"):
            self.put(("platform_reply", self.now), self.days.next_work(self.now.date(), 3))

    def do_not_registered(self, action: Mapping[str, Any], role: str) -> None:
        following = self.days.next_school(self.now.date())
        if self.open_of("trace"):
            return
        assert following
        if self.numbers["trace_tell"]:
            self.put(("trace_tell", self.now), following)
        self.put(("trace", self.now), following + self.numbers["trace_days"] * DAY)

    def do_not_handed_over(self, action: Mapping[str, Any], role: str) -> None:
        if not self.open_of("handover"):
            self.put(("handover", self.now), self.now.date())

    def do_done(self, action: Mapping[str, Any], role: str) -> None:
        rule, today = action["rule"], self.now.date()
        if role not in JOINT.get(rule, (role,)):
            return
        for key in self.open_of(rule)[:1]:
            if rule == "return_followup":
                self.followed(key)
                continue
            self.close(key, "done")
            if rule == "police_check" and self.absence and self.absence.reason in ("death", "wrong_record"):
                self.go()
                return
            if rule == "persist" and self.absence:
                self.absence.rounds, self.absence.last = self.absence.rounds + 1, today
                due = max(today + 7 * DAY, self.absence.fifth or today)
                self.put(("persist", self.absence.number, self.absence.rounds), due)
            if rule == "trace_tell" and self.numbers["trace_days"]:
                told = min(self.now.date(), self.duties[key].due)
                self.put(("trace", key[1]), told + self.numbers["trace_days"] * DAY)

    def case(self) -> tuple[str, int, str]:
        if self.left:
            return "left", 0, "age"
        if self.leave and self.leave.first <= self.now.date():
            return "on_leave", 0, "age"
        count = self.count()
        if self.absence and self.absence.gone:
            return "dropout", count, "dropout"
        if self.absence and count:
            heavy = self.kept if self.kept != "age" or count < 3 else "suspected"
            return ("suspected" if count >= 3 else "absent"), count, heavy
        if self.observed:
            return "observed", 0, self.kept
        return ("home_taught" if self.pupil.get("home_taught") else "in_school"), 0, "age"
