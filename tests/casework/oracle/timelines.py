"""Made-up timelines by lot: one seed, one timeline, over the edges at which rules are read wrongly."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from tests.casework.oracle.days import DAY, Days

PACKS = ("national", "fujian", "tongan", "xiuyan", "fengnan", "longchuan")
TERMS = [
    ["2025-02-17", "2025-07-04"],
    ["2025-09-01", "2026-01-30"],
    ["2026-03-02", "2026-07-10"],
    ["2026-09-01", "2027-01-29"],
]
# Where a story begins: term edges, long holidays, make-up days, months whose 25th is a weekend, the year's end.
STARTS = [
    "2025-03-05",
    "2025-03-28",
    "2025-04-21",
    "2025-05-26",
    "2025-06-16",
    "2025-09-01",
    "2025-09-18",
    "2025-09-24",
    "2025-10-09",
    "2025-10-20",
    "2025-11-10",
    "2025-12-15",
    "2025-12-26",
    "2026-01-12",
    "2026-01-26",
    "2026-03-02",
    "2026-03-20",
    "2026-04-20",
    "2026-04-27",
    "2026-05-11",
    "2026-06-08",
    "2026-06-24",
]
OUTCOMES = ("agreed", "refused", "nobody", "away", "ill", "hardship", "other")
REASONS = ("illness", "disability", "poverty", "study", "work", "missing", "abroad", "wrong_record", "death", "other")
DONE = {
    "absent": ("absence_contact", "absence_visit", "absence_plan", "suspected_review", "outside_report", "persuasion_record",
               "joint_persuasion", "inquiry_letter", "cumulative_alert", "absence_joint_visit"),
    "dropout": ("dropout_notify", "police_check", "expert_opinion", "dropout_report"),
    "in": ("platform_reply", "handover", "trace_tell", "trace", "risk_visit"),
    "observed": ("return_followup",),
    "leave": ("leave_visit",),
    "left": ("expert_opinion",),
}  # fmt: skip
HELPERS = ("王老师", "陈老师", "李主任", "赵校长")
UNIT_DONE = ("monthly_report", "month_meeting")
COUNTY_DONE = ("weekly_check", "circular", "compare_lists", "quarterly_review")


def stage_of(rng: random.Random) -> dict[str, Any]:
    begin = dt.date.fromisoformat(rng.choice(STARTS)) + rng.randrange(8) * DAY
    extra = [begin + rng.randrange(40) * DAY for _ in range(3)]
    return {
        "county": "某县", "pack": rng.choice(PACKS), "now": f"{begin}T07:00", "terms": TERMS,
        "teach_on": [str(day) for day in extra if day.weekday() >= 5][: rng.randrange(3)],
        "no_teach_on": [str(day) for day in extra if day.weekday() < 5][: rng.randrange(2)],
        "units": [
            {"id": "z", "kind": "township", "name": "老隆镇"}, {"id": "v", "kind": "village", "name": "上坪村", "in": "z"},
            {"id": "s", "kind": "school", "name": "第一中学", "stage": rng.choice(("junior", "junior", "primary", "nine_year")), "in": "z"},
            {"id": "c", "kind": "class", "name": "八年级3班", "in": "s"},
        ],
        "people": [
            {"id": "wang", "name": "王老师", "role": "teacher", "unit": "c"}, {"id": "li", "name": "李主任", "role": "school", "unit": "s"},
            {"id": "xz", "name": "赵校长", "role": "principal", "unit": "s"}, {"id": "km", "name": "陈老师", "role": "subject_teacher", "unit": "c"},
            {"id": "cun", "name": "刘支书", "role": "village", "unit": "v"}, {"id": "zhen", "name": "黄干事", "role": "township", "unit": "z"},
            {"id": "xian", "name": "周股长", "role": "county", "unit": ""},
        ],
        "pupils": [
            {"name": name, "class": "c", "village": "v", "groups": [], "home_taught": name == "丁一" and rng.random() < 0.3,
             "local": rng.random() < 0.8} for name in ("张三", "李四", "丁一")
        ],
    }  # fmt: skip


class Teller:
    """Goes from day to day and lets something happen that fits where the pupil roughly stands."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.stage = stage_of(self.rng)
        self.days = Days(self.stage)
        self.events: list[dict[str, Any]] = []
        self.state = {"张三": "in", "李四": "in"}
        self.until = dict.fromkeys(self.state, dt.date.min)
        self.since = dict.fromkeys(self.state, dt.date.min)
        self.moved: set[str] = set()  # who left by a transfer, and may come back by one
        self.found, self.ends = False, dt.date.max
        self.floor = dict.fromkeys(self.state, dt.date.min)  # no absence is said to reach back before this day

    def tell(self, length: int) -> list[dict[str, Any]]:
        day = dt.date.fromisoformat(self.stage["now"][:10])
        self.ends = day + length * DAY
        for _ in range(length):
            for name in self.state:
                self.one_day(name, day)
            if self.rng.random() < 0.1:
                self.of_units(day)
            if self.rng.random() < 0.02:
                self.find(day)
            if self.rng.random() < 0.15 and self.stage["pupils"][2]["home_taught"]:
                self.say(day, "wang", {"action": "teach", "students": ["丁一"], **self.rng.choice(
                    [{"lessons": 2, "minutes": 60}, {"lessons": 2}, {"minutes": 90}, {"lessons": 1, "minutes": 30}, {"lessons": 3}])})  # fmt: skip
            day += DAY
        self.events.sort(key=lambda each: each["at"])
        return [self.stage, *self.events, {"at": f"{day}T23:59"}]

    def say(self, day: dt.date, who: str, action: dict[str, Any], clock: str = "") -> None:
        clock = clock or f"{self.rng.choice((7, 8, 9, 10, 11, 13, 15, 17)):02}:{self.rng.randrange(1, 60):02}"
        self.events.append({"at": f"{day}T{clock}", "from": who, "action": action})

    def find(self, day: dt.date) -> None:
        """A child out of school; what is to be done about it is done in time, late or never."""
        if self.found:
            return
        self.found = True
        found = {"action": "found", "name": "陈小花", "age": 8, "place": "上坪村"}
        self.say(day, self.rng.choice(("cun", "zhen", "wang")), found)
        later = day + self.rng.choice((0, 2, 6, 7, 8, 12)) * DAY
        if self.rng.random() < 0.7 and later < self.ends:
            done = {"action": "done", "rule": "found_check", "students": ["陈小花"]}
            self.say(later, self.rng.choice(("zhen", "cun", "xian")), done, "18:40")

    def of_units(self, day: dt.date) -> None:
        if self.rng.random() < 0.5:
            self.say(day, "li", {"action": "report", "what": self.rng.choice(("zero", "monthly")), "step": "submit"})
        elif self.rng.random() < 0.5:
            self.say(day, "li", {"action": "done", "rule": self.rng.choice(UNIT_DONE), "unit": "s"})
        else:
            self.say(day, "xian", {"action": "done", "rule": self.rng.choice(COUNTY_DONE), "unit": ""})

    def one_day(self, name: str, day: dt.date) -> None:
        state = self.state[name]
        if state == "leave" and self.until[name] < day and self.days.school(day):
            self.after_leave(name, day)
        elif self.days.school(day) or self.rng.random() < 0.15:
            getattr(self, state)(name, day)
            if self.rng.random() < 0.02:
                self.say(day, "li", {"action": "assign", "students": [name], "to": self.rng.choice(HELPERS)})
            if self.rng.random() < 0.06:
                rule = self.rng.choice(DONE[self.state[name]])
                self.say(
                    day,
                    self.rng.choice(("li", "li", "xian", "wang")),
                    {"action": "done", "rule": rule, "students": [name]},
                    "18:30",
                )
                if rule == "police_check":
                    self.set(name, "left", day)

    def set(self, name: str, state: str, since: dt.date) -> None:
        self.state[name], self.since[name] = state, since
        if state != "absent":
            self.floor[name] = max(since, self.until[name] if state == "leave" else since)

    def absent_now(self, name: str, day: dt.date) -> None:
        lot, action = self.rng.random(), {"action": "absence", "students": [name]}
        start = day
        if lot < 0.12:
            back = self.rng.randrange(2, 7)
            start = self.days.back(day, back)
            action |= {"day": back} if self.rng.random() < 0.5 else {"days": back}
        elif lot < 0.18:
            start = self.days.back(day, self.rng.randrange(2, 5))
            action |= {"from": str(start)}
        elif lot < 0.25:
            start = self.days.back(day, self.rng.randrange(2, 4))
            action |= {"date": str(start)}
        if start <= self.floor[name]:
            return
        self.say(day, "wang", action)
        self.set(name, "absent", start)

    def leave_now(self, name: str, day: dt.date, clock: str = "") -> None:
        length = self.rng.choice((1, 2, 3, 5, 7, 8, 9, 12, 16, 25, 31, 40))
        first = day if self.rng.random() < 0.8 else self.days.next_school(day) or day
        if self.state[name] == "absent" and self.rng.random() < 0.3:
            first = max(self.since[name], self.days.back(day, 2))
            length = max(length, (day - first).days + 1)
        last = first + (length - 1) * DAY
        action = {"action": "leave", "students": [name], "kind": "sick", "from": str(first)}
        self.say(day, "wang", action | ({"to": str(last)} if self.rng.random() < 0.5 else {"days": length}), clock)
        self.until[name] = last
        self.set(name, "leave", first)

    def back_now(self, name: str, day: dt.date, after: str) -> None:
        action = {"action": "return", "students": [name]}
        on = day - self.rng.choice((0, 0, 0, 0, 0, 0, 0, 1, 2)) * DAY
        if on < day and self.since[name] < on and self.days.school(on):
            action |= {"date": str(on)}
        self.say(day, self.rng.choice(("wang", "wang", "wang", "li")), action)
        self.set(name, after, day)

    def in_(self, name: str, day: dt.date) -> None:
        lot = self.rng.random()
        who = [name] if lot < 0.97 else ["张三", "李四"]
        if not self.days.school(day):
            return
        if lot < 0.15:
            self.absent_now(name, day)
        elif lot < 0.20:
            self.leave_now(name, day)
        elif lot < 0.215:
            self.say(day, "wang", {"action": "mark", "students": who, "group": "at_risk"})
        elif lot < 0.23:
            self.say(day, "xian", {"action": "platform_flag", "students": who})
        elif lot < 0.24:
            self.say(day, "li", {"action": "not_registered", "students": [name]})
        elif lot < 0.25:
            self.say(day, "li", {"action": "not_handed_over", "students": [name]})
        elif lot < 0.26:
            self.drop(name, day)
        elif lot < 0.27:
            self.leaves(name, day)
        elif lot < 0.28:
            self.say(day, "wang", {"action": "absence", "students": [name]}, "08:05")
            self.say(day, "wang", {"action": "undo"}, "08:06")
        elif lot < 0.30:
            self.say(day, "wang", {"action": "visit", "students": [name], "outcome": "other"})

    locals()["in"] = in_

    def meet(self, name: str, day: dt.date) -> None:
        kind = self.rng.choice(("contact", "visit"))
        who = self.rng.choice(("wang", "wang", "wang", "km", "cun", "zhen", "li", "xian"))
        action = {"action": kind, "students": [name], "channel": "phone", "outcome": self.rng.choice(OUTCOMES)}
        if self.rng.random() < 0.1 and self.since[name] < day:
            action["date"] = str(day - DAY)
        self.say(day, who, action)

    def absent(self, name: str, day: dt.date) -> None:
        lot = self.rng.random()
        if not self.days.school(day):
            if lot < 0.4:
                self.meet(name, day)
        elif lot < 0.35:
            self.meet(name, day)
        elif lot < 0.50:
            self.back_now(name, day, "observed" if self.days.count(self.since[name], day) > 2 else "in")
        elif lot < 0.54:
            self.leave_now(name, day)
        elif lot < 0.60:
            self.say(day, "li", {"action": "notice", "students": [name]})
        elif lot < 0.64:
            self.drop(name, day)
        elif lot < 0.65:
            self.leaves(name, day)
        elif lot < 0.67:
            self.say(day, "wang", {"action": "return", "students": [name]}, "09:05")
            self.say(day, "wang", {"action": "undo"}, "09:06")
        elif lot < 0.70:
            nth = max(1, self.days.count(self.since[name], day) + self.rng.choice((-1, 0, 0, 1, 2)))
            if self.days.back(day, nth) > self.floor[name]:
                self.say(day, "wang", {"action": "absence", "students": [name], "day": nth})
        elif lot < 0.72:
            self.say(day, "wang", {"action": "visit", "students": [name], "outcome": "returned"}, "16:10")
            self.set(name, "observed", day)
        elif lot < 0.80:
            self.say(day, "wang", {"action": "absence", "students": [name]})

    def drop(self, name: str, day: dt.date) -> None:
        who = self.rng.choice(("li", "xz", "xian", "li", "wang", "cun", "zhen"))
        self.say(day, who, {"action": "dropout", "students": [name], "reason_code": self.rng.choice(REASONS)})
        if who in ("li", "xz", "xian"):
            self.set(name, "dropout", day)

    def leaves(self, name: str, day: dt.date) -> None:
        kind = self.rng.choice(("transfer_out", "suspend", "defer"))
        self.say(day, "li", {"action": kind, "students": [name], "to": "惠州", "reason_code": self.rng.choice(REASONS)})
        self.set(name, "left", day)
        self.moved = self.moved | {name} if kind == "transfer_out" else self.moved - {name}

    def dropout(self, name: str, day: dt.date) -> None:
        lot = self.rng.random()
        if lot < 0.2:
            self.meet(name, day)
        elif lot < 0.25 and self.days.school(day):
            self.back_now(name, day, "observed")

    def observed(self, name: str, day: dt.date) -> None:
        lot = self.rng.random()
        if lot < 0.15:
            self.meet(name, day)
        elif lot < 0.19 and self.days.school(day):
            self.absent_now(name, day)

    def leave(self, name: str, day: dt.date) -> None:
        lot = self.rng.random()
        if lot < 0.15 and self.since[name] <= day:
            self.meet(name, day)
        elif lot < 0.18 and self.days.school(day) and self.since[name] <= day:
            self.back_now(name, day, "in")

    def after_leave(self, name: str, day: dt.date) -> None:
        lot = self.rng.random()
        if lot < 0.5:
            self.back_now(name, day, "in")
        elif lot < 0.65:
            self.leave_now(name, day, "08:10")
        else:
            self.set(name, "absent", day)
            if lot < 0.8:
                self.say(day, "wang", {"action": "absence", "students": [name]})

    def left(self, name: str, day: dt.date) -> None:
        if name in self.moved and self.since[name] < day and self.days.school(day) and self.rng.random() < 0.08:
            self.say(day, "li", {"action": "transfer_in", "students": [name], "from": "惠州"})
            self.moved.discard(name)
            self.set(name, "in", day)


def timeline(seed: int, length: int = 60) -> list[dict[str, Any]]:
    return Teller(seed).tell(length)
