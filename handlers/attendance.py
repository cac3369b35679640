"""Absence, leave and return, turned into facts or into a question. Pure."""

from __future__ import annotations

import datetime as dt

from casework.case import AWAY
from casework.facts import Kind, voided_of
from casework.rolls import reported
from handlers.hand import Hand, Option, Question, Recorded, Result
from handlers.matter import Matter


def opening_day(hand: Hand) -> dt.date:
    """The first school day of the term: day 1 of a pupil who did not come back (XY-27)."""
    term = hand.days.opening_term(hand.today)
    return term.first if term and term.first and term.first <= hand.today else hand.today


def absence(matter: Matter) -> Result:
    """An absence of a school day, and since when where that was told (LC-13)."""
    hand, days = matter.hand, matter.hand.days
    if (matter.slots.get("day") or matter.slots.get("days")) and not days.covers(hand.today.year) and matter.asks:
        return Question("days_missing", data={"year": hand.today.year})
    said = _span(matter)
    if said is None:
        none = Recorded((), "no_school_day")
        return Question("no_school_day", data={"date": str(matter.day())}) if matter.asks else none
    on, start = said
    opening = _opened_since(matter, on, start) if start is not None and matter.case.state not in AWAY else None
    if start is not None and opening is not None and matter.asks:
        choice = matter.answer("day")
        if choice is None:
            return _ask_over_holidays(matter, start, opening, days.count(start, on), days.count(opening, on))
        start = opening if choice == "opening" else start
    if start is not None and _differs(matter, start) and matter.asks:
        choice = matter.answer("day")
        if choice is None:
            return _ask_day(matter, start, days.count(start, on))
        start = start if choice == "said" else None
    fact = matter.fact(
        Kind.ABSENCE, on, start=start.isoformat() if start else None, reason=matter.slots.get("reason"),
        reason_code=matter.reason,
    )  # fmt: skip
    return Recorded((fact,), "" if days.covers(on.year) else "days_missing")


def _span(matter: Matter) -> tuple[dt.date, dt.date | None] | None:
    """The school day spoken of and the first day claimed, if one is; None for a day without school."""
    slots, days, on = matter.slots, matter.hand.days, matter.day()
    if not days.covers(on.year):  # nothing can be counted there: the days said stand as they were said
        start = matter.day("from") if slots.get("from") else None
        return (on, start) if days.may_be_taught(on) else None
    last = days.on_or_before(on)
    if slots.get("days") and slots.get("from"):
        return _over(matter, int(slots["days"]), last)
    if slots.get("days"):
        return None if last is None else (last, days.back(last, int(slots["days"])))
    if slots.get("from"):
        start = days.on_or_after(matter.day("from"))
        return None if last is None or start is None or start > last else (last, start)
    if not days.is_school_day(on):
        return None
    return on, days.back(on, int(slots["day"])) if slots.get("day") else None


def _over(matter: Matter, said: int, last: dt.date | None) -> tuple[dt.date, dt.date] | None:
    """3月5日至3月11日缺勤, told on the 12th: so many weekdays from the first day on, and no more; but not over while fewer
    school days have passed."""
    days, day = matter.hand.days, matter.day("from")
    start = days.on_or_after(day)
    if last is None or start is None or start > last:
        return None
    if days.count(start, last) <= said:
        return last, start
    for _ in range(said - 1):
        day += dt.timedelta(days=1 if day.weekday() < 4 else 7 - day.weekday())
    end = days.on_or_before(day)
    return None if end is None or end < start else (end, start)


def _differs(matter: Matter, start: dt.date) -> bool:
    """Whether a claimed first day contradicts the record: another first day, or a return after it."""
    if matter.case.state in AWAY and matter.case.since is not None:
        return matter.case.since != start
    voided = voided_of(matter.facts)
    return any(f.kind is Kind.RETURN and f.on > start and f.id not in voided for f in matter.facts)


def _opened_since(matter: Matter, on: dt.date, start: dt.date) -> dt.date | None:
    """The first school day of a term that opened since ``start``, where that was counted back and no day was said."""
    term = None if matter.slots.get("from") else matter.hand.days.term(on)
    return term.first if term and term.first and start < term.first else None


def _ask_over_holidays(matter: Matter, start: dt.date, opening: dt.date, said: int, taught: int) -> Question:
    """三天没来了, said on the second day of term: since the opening, or since before the holidays?"""
    key = matter.key("day")
    data = {"said": said, "start": start.isoformat(), "opening": opening.isoformat(), "taught": taught}
    options = (Option("since_opening", {key: "opening"}), Option("over_holidays", {key: "said"}))
    return Question("over_holidays", options, data)


def _ask_day(matter: Matter, start: dt.date, said: int) -> Question:
    key, since = matter.key("day"), matter.case.since
    data = {"said": said, "start": start.isoformat(), "day": matter.case.day, "since": since and since.isoformat()}
    return Question("day_differs", (Option("day_said", {key: "said"}), Option("day_kept", {key: "kept"})), data)


def leave(matter: Matter) -> Result:
    """A leave from its first to its last day; one day where no end was told (FN-17)."""
    slots = matter.slots
    first = matter.day("from" if slots.get("from") else "date")
    last = first
    if slots.get("to"):
        last = matter.day("to")
    elif slots.get("days"):
        last = first + dt.timedelta(days=int(slots["days"]) - 1)
    if last < first:
        return Question("leave_backwards", data={"from": first.isoformat(), "to": last.isoformat()})
    remark = "" if slots.get("to") or slots.get("days") else "one_day"
    kind, to = slots.get("kind", "other"), last.isoformat()
    return Recorded((matter.fact(Kind.LEAVE, first, kind=kind, to=to, reason=slots.get("reason")),), remark)


def back(matter: Matter) -> Result:
    """A return to school; told on a day without school it is asked when (LC-27)."""
    on, days = matter.day(), matter.hand.days
    if matter.asks and not days.may_be_taught(on) and "date" not in matter.answers:
        return _ask_return_day(matter.hand, on)
    fact = matter.fact(Kind.RETURN, on)
    if matter.case.state == "in_school" and reported(matter.facts, on):
        return Recorded((fact,), "came_later")
    remarks = {"in_school": "not_absent", "home_taught": "not_absent", "left": "resumed"}
    return Recorded((fact,), remarks.get(matter.case.state, ""))


def _ask_return_day(hand: Hand, on: dt.date) -> Question:
    """张三回来了, said on a Sunday: back at school on Friday, or a boarder who is there already?"""
    last = hand.days.on_or_before(on)
    then = (Option("back_then", {"date": last.isoformat()}),) if last else ()
    options = (*then, Option("back_now", {"date": on.isoformat()}), Option("not_yet", {}))
    return Question("return_day", options, {"date": on.isoformat(), "last": last and last.isoformat()})
