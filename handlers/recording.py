"""An understood action about one pupil or unit, turned into facts or into a question. Pure.

Nothing is looked up or written here: the case, the facts so far and the days come as arguments. A
question names its kind and its options; an option is what it adds to the answers, and the same action
with those answers is then recorded. With ``hand.unattended`` nothing is asked (a replay): confirmations
count as given, a day that differs corrects the record, papers count as present.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casework.access import ACTIONS
from casework.case import AWAY, Case
from casework.facts import Fact, Kind, voided_of
from casework.people import Pupil
from casework.rolls import reported
from casework.scope import SCHOOL_STAFF
from casework.terms import OUTCOMES, REASONS
from handlers import steps
from handlers.hand import Hand, Option, Question, Recorded
from handlers.reasons import reason_code

YES, NO = "yes", "no"
Answers = Mapping[str, str]
Result = Recorded | Question


def record(
    hand: Hand, action: str, slots: Mapping[str, Any], pupil: Pupil | None, case: Case, facts: Sequence[Fact],
    answers: Answers,
) -> Result:  # fmt: skip
    """The facts of one action about one pupil, or what must be asked first."""
    if answers.get("date"):
        slots = {**{k: v for k, v in slots.items() if k != "from"}, "date": answers["date"]}
    asked = _check_date(hand, action, slots)
    if asked:
        return asked
    if action in _PLAIN:
        on = _opening(hand) if action == "not_returned" else hand.today
        return Recorded((hand.fact(_PLAIN[action], on, _id(pupil), reason=slots.get("reason")),))
    return _RECORDERS[action](hand, slots, pupil, case, facts, answers)


def _id(pupil: Pupil | None) -> str | None:
    return pupil.id if pupil else None


def _on(hand: Hand, slots: Mapping[str, Any], key: str = "date") -> dt.date:
    return dt.date.fromisoformat(str(slots[key])) if slots.get(key) else hand.today


def _is_day(value: object) -> bool:
    try:
        dt.date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _key(kind: str, pupil: Pupil | None) -> str:
    return f"{kind}:{_id(pupil)}"


def _opening(hand: Hand) -> dt.date:
    """The first school day of the term: day 1 of a pupil who did not come back (XY-27)."""
    term = hand.days.opening_term(hand.today)
    return term.first if term and term.first and term.first <= hand.today else hand.today


PAST = ("absence", "contact", "visit", "return", "notice", "teach", "all_present")


def _check_date(hand: Hand, action: str, slots: Mapping[str, Any]) -> Question | None:
    """What is said to have happened cannot lie ahead (faults 18)."""
    for key in ("date", "from"):
        if action in PAST and slots.get(key) and _on(hand, slots, key) > hand.today:
            return Question("future", data={"date": slots[key]})
    return None


def _absence(
    hand: Hand, slots: Mapping[str, Any], pupil: Pupil | None, case: Case, facts: Sequence[Fact], answers: Answers
) -> Result:
    if (slots.get("day") or slots.get("days")) and not hand.days.covers(hand.today.year) and not hand.unattended:
        return Question("days_missing", data={"year": hand.today.year})
    said = _span(hand, slots)
    if said is None:
        none = Recorded((), "no_school_day")
        return none if hand.unattended else Question("no_school_day", data={"date": str(_on(hand, slots))})
    on, start = said
    opening = _opened_since(hand, slots, on, start) if start is not None and case.state not in AWAY else None
    if start is not None and opening is not None and not hand.unattended:
        choice = answers.get(_key("day", pupil))
        if choice is None:
            return _ask_over_holidays(pupil, start, opening, hand.days.count(start, on), hand.days.count(opening, on))
        start = opening if choice == "opening" else start
    if start is not None and _differs(start, case, facts) and not hand.unattended:
        choice = answers.get(_key("day", pupil))
        if choice is None:
            return _ask_day(pupil, case, start, hand.days.count(start, on))
        start = start if choice == "said" else None
    reason = slots.get("reason")
    code = slots.get("reason_code") or (reason_code(str(reason)) if reason else None)
    start_text = start.isoformat() if start else None
    fact = hand.fact(Kind.ABSENCE, on, _id(pupil), start=start_text, reason=reason, reason_code=code)
    return Recorded((fact,), "" if hand.days.covers(on.year) else "days_missing")


def _span(hand: Hand, slots: Mapping[str, Any]) -> tuple[dt.date, dt.date | None] | None:
    """The school day spoken of and the first day claimed, if one is; None for a day without school."""
    on = _on(hand, slots)
    if not hand.days.covers(on.year):  # nothing can be counted there: the days said stand as they were said
        start = _on(hand, slots, "from") if slots.get("from") else None
        return (on, start) if hand.days.may_be_taught(on) else None
    last = hand.days.on_or_before(on)
    if slots.get("days"):
        return None if last is None else (last, hand.days.back(last, int(slots["days"])))
    if slots.get("from"):
        start = hand.days.on_or_after(_on(hand, slots, "from"))
        return None if last is None or start is None or start > last else (last, start)
    if not hand.days.is_school_day(on):
        return None
    return on, hand.days.back(on, int(slots["day"])) if slots.get("day") else None


def _differs(start: dt.date, case: Case, facts: Sequence[Fact]) -> bool:
    """Whether a claimed first day contradicts the record: another first day, or a return after it."""
    if case.state in AWAY and case.since is not None:
        return case.since != start
    voided = voided_of(facts)
    return any(f.kind is Kind.RETURN and f.on > start and f.id not in voided for f in facts)


def _opened_since(hand: Hand, slots: Mapping[str, Any], on: dt.date, start: dt.date) -> dt.date | None:
    """The first school day of a term that opened since ``start``, where that was counted back and no day was said."""
    term = None if slots.get("from") else hand.days.term(on)
    return term.first if term and term.first and start < term.first else None


def _ask_over_holidays(pupil: Pupil | None, start: dt.date, opening: dt.date, said: int, taught: int) -> Question:
    """三天没来了, said on the second day of term: since the opening, or since before the holidays?"""
    key = _key("day", pupil)
    data = {"said": said, "start": start.isoformat(), "opening": opening.isoformat(), "taught": taught}
    options = (Option("since_opening", {key: "opening"}), Option("over_holidays", {key: "said"}))
    return Question("over_holidays", options, data)


def _ask_day(pupil: Pupil | None, case: Case, start: dt.date, said: int) -> Question:
    key = _key("day", pupil)
    data = {"said": said, "start": start.isoformat(), "day": case.day, "since": case.since and case.since.isoformat()}
    return Question("day_differs", (Option("day_said", {key: "said"}), Option("day_kept", {key: "kept"})), data)


def _leave(
    hand: Hand, slots: Mapping[str, Any], pupil: Pupil | None, case: Case, facts: Sequence[Fact], answers: Answers
) -> Result:
    first = _on(hand, slots, "from" if slots.get("from") else "date")
    last = first
    if slots.get("to"):
        last = _on(hand, slots, "to")
    elif slots.get("days"):
        last = first + dt.timedelta(days=int(slots["days"]) - 1)
    if last < first:
        return Question("leave_backwards", data={"from": first.isoformat(), "to": last.isoformat()})
    remark = "" if slots.get("to") or slots.get("days") else "one_day"
    fact = hand.fact(
        Kind.LEAVE, first, _id(pupil), kind=slots.get("kind", "other"), to=last.isoformat(), reason=slots.get("reason")
    )
    return Recorded((fact,), remark)


def _contact(kind: Kind) -> Callable[..., Result]:
    def recorder(
        hand: Hand, slots: Mapping[str, Any], pupil: Pupil | None, case: Case, facts: Sequence[Fact], answers: Answers
    ) -> Result:
        outcome = answers.get(_key("outcome", pupil)) or slots.get("outcome")
        told = (
            outcome not in (None, "other")
            or slots.get("note")
            or slots.get("chosen")
            or _key("outcome", pupil) in answers
        )
        # How a child who is back is doing has no outcome; a bare 已劝返 says nothing of it and closes no case (issue 4, point 7).
        told = told or (case.state in ("observed", "home_taught") and "劝返" not in str(slots.get("words")))
        if not told and not hand.unattended:
            key = _key("outcome", pupil)
            return Question("outcome", tuple(Option(f"outcome:{code}", {key: code}) for code in OUTCOMES))
        outcome = outcome or "other"
        on = _on(hand, slots)
        keep = {key: slots.get(key) for key in ("note", "return_on", "words")}
        channel = {"channel": slots.get("channel", "other")} if kind is Kind.CONTACT else {}
        done = [hand.fact(kind, on, _id(pupil), outcome=outcome, **channel, **keep)]
        if outcome == "returned" and hand.role in SCHOOL_STAFF:
            done.append(hand.fact(Kind.RETURN, on, _id(pupil), how="brought"))
        return Recorded(tuple(done), "ask_teacher" if outcome == "returned" and len(done) == 1 else "")

    return recorder


def _return(
    hand: Hand, slots: Mapping[str, Any], pupil: Pupil | None, case: Case, facts: Sequence[Fact], answers: Answers
) -> Result:
    on = _on(hand, slots)
    if not hand.unattended and not hand.days.may_be_taught(on) and "date" not in answers:
        return _ask_return_day(hand, on)
    fact = hand.fact(Kind.RETURN, on, _id(pupil))
    if case.state == "in_school" and reported(facts, on):
        return Recorded((fact,), "came_later")
    remarks = {"in_school": "not_absent", "home_taught": "not_absent", "left": "resumed"}
    return Recorded((fact,), remarks.get(case.state, ""))


def _ask_return_day(hand: Hand, on: dt.date) -> Question:
    """张三回来了, said on a Sunday: back at school on Friday, or a boarder who is there already?"""
    last = hand.days.on_or_before(on)
    back = (Option("back_then", {"date": last.isoformat()}),) if last else ()
    options = (*back, Option("back_now", {"date": on.isoformat()}), Option("not_yet", {}))
    return Question("return_day", options, {"date": on.isoformat(), "last": last and last.isoformat()})


def _dropout(
    hand: Hand, slots: Mapping[str, Any], pupil: Pupil | None, case: Case, facts: Sequence[Fact], answers: Answers
) -> Result:
    reason = slots.get("reason")
    code = (
        slots.get("reason_code") or answers.get(_key("reason", pupil)) or (reason_code(str(reason)) if reason else None)
    )
    if not code and not reason and not hand.unattended:
        key = _key("reason", pupil)
        return Question("reason", tuple(Option(f"reason:{c}", {key: c}) for c in REASONS))
    confirms = hand.role in ACTIONS["confirm_dropout"].roles
    if confirms and not _agreed(hand, "dropout", pupil, answers):
        return _confirm("dropout", pupil, {"reason": reason, "code": code})
    kind = Kind.DROPOUT if confirms else Kind.PROPOSED
    fact = hand.fact(kind, hand.today, _id(pupil), reason=reason, reason_code=code or "other")
    return Recorded((fact,), "confirmed" if confirms else "proposed")


def _agreed(hand: Hand, kind: str, pupil: Pupil | None, answers: Answers) -> bool:
    return hand.unattended or answers.get(_key(kind, pupil)) == YES


def _confirm(kind: str, pupil: Pupil | None, data: Mapping[str, Any]) -> Question:
    key = _key(kind, pupil)
    return Question(f"confirm_{kind}", (Option("yes", {key: YES}), Option("stop", {})), data)


def _move(kind: Kind) -> Callable[..., Result]:
    """Transfer out, suspension, deferment: in force once the papers are there, pending and counting on until then."""

    def recorder(
        hand: Hand, slots: Mapping[str, Any], pupil: Pupil | None, case: Case, facts: Sequence[Fact], answers: Answers
    ) -> Result:
        papers = answers.get(_key("papers", pupil))
        receiver = slots.get("receiver") if kind is Kind.TRANSFER_OUT and not hand.unattended else None
        if hand.role in ACTIONS["approve"].roles and papers is None and not receiver and not hand.unattended:
            key = _key("papers", pupil)
            options = (Option("papers_yes", {key: YES}), Option("papers_no", {key: NO}), Option("stop", {}))
            return Question("papers", options, {"kind": kind.value, "reason": slots.get("reason")})
        pending = not hand.unattended and (papers != YES or receiver is not None)
        reason = slots.get("reason")
        code = slots.get("reason_code") or (reason_code(str(reason)) if reason else None)
        # ``from`` and ``to`` are days where they are read as such, else a place or school (utterances/README.md).
        begins = (
            "from" if kind is not Kind.TRANSFER_OUT and not slots.get("date") and _is_day(slots.get("from")) else "date"
        )
        until = slots.get("to") if kind is not Kind.TRANSFER_OUT and _is_day(slots.get("to")) else None
        fact = hand.fact(
            kind, _on(hand, slots, begins), _id(pupil), place=None if until else slots.get("to"), until=until,
            reason=reason, reason_code=code, pending=pending, receiver=receiver,
        )  # fmt: skip
        if kind is Kind.TRANSFER_OUT:
            return Recorded((fact,), "receiver" if receiver else "pending" if pending else "")
        if pending or hand.unattended:
            return Recorded((fact,), "steps" if pending else "")
        # Told as done in one word: still three steps, of today, marked as told by whoever is not the one to take them.
        return Recorded((*(steps.step_fact(hand, _id(pupil), step, fact.id, hand.today) for step in steps.STEPS), fact))

    return recorder


def _transfer_in(
    hand: Hand, slots: Mapping[str, Any], pupil: Pupil | None, case: Case, facts: Sequence[Fact], answers: Answers
) -> Result:
    return Recorded((hand.fact(Kind.TRANSFER_IN, _on(hand, slots), _id(pupil), place=slots.get("from")),))


def _notice(
    hand: Hand, slots: Mapping[str, Any], pupil: Pupil | None, case: Case, facts: Sequence[Fact], answers: Answers
) -> Result:
    return Recorded((hand.fact(Kind.NOTICE, _on(hand, slots), _id(pupil), number=slots.get("number")),))


def _teach(
    hand: Hand, slots: Mapping[str, Any], pupil: Pupil | None, case: Case, facts: Sequence[Fact], answers: Answers
) -> Result:
    lessons, minutes = slots.get("lessons"), slots.get("minutes")
    if not lessons and not minutes and not hand.unattended:
        return Question("lessons")
    told = {"lessons": lessons, "minutes": minutes, "words": slots.get("words")}
    return Recorded((hand.fact(Kind.TEACH, _on(hand, slots), _id(pupil), **told),))


def _found(
    hand: Hand, slots: Mapping[str, Any], pupil: Pupil | None, case: Case, facts: Sequence[Fact], answers: Answers
) -> Result:
    keep = {key: slots.get(key) for key in ("name", "age", "place", "note")}
    return Recorded((hand.fact(Kind.FOUND, _on(hand, slots), _id(pupil), **keep),))


def _mark(
    hand: Hand, slots: Mapping[str, Any], pupil: Pupil | None, case: Case, facts: Sequence[Fact], answers: Answers
) -> Result:
    return Recorded((hand.fact(Kind.MARK, hand.today, _id(pupil), group=slots["group"], off=slots.get("off")),))


def _assign(
    hand: Hand, slots: Mapping[str, Any], pupil: Pupil | None, case: Case, facts: Sequence[Fact], answers: Answers
) -> Result:
    keep = {key: slots.get(key) for key in ("to", "name", "role")}
    return Recorded((hand.fact(Kind.ASSIGN, hand.today, _id(pupil), **keep),))


def _done(
    hand: Hand, slots: Mapping[str, Any], pupil: Pupil | None, case: Case, facts: Sequence[Fact], answers: Answers
) -> Result:
    keep = {key: slots.get(key) for key in ("rule", "duty", "note")}
    return Recorded((hand.fact(Kind.DONE, _on(hand, slots), _id(pupil), slots.get("unit"), **keep),))


def undo(hand: Hand, last: Sequence[Fact]) -> Recorded:
    """Take back what one message said; the facts stay, a later fact says that they no longer count."""
    pupils = dict.fromkeys((f.pupil, f.unit) for f in last)
    return Recorded(
        tuple(
            hand.fact(
                Kind.VOID, hand.today, pupil, unit, facts=[f.id for f in last if (f.pupil, f.unit) == (pupil, unit)]
            )
            for pupil, unit in pupils
        )
    )


_PLAIN: Mapping[str, Kind] = {
    "platform_flag": Kind.PLATFORM_FLAG,
    "not_registered": Kind.NOT_REGISTERED,
    "not_returned": Kind.NOT_RETURNED,
    "not_handed_over": Kind.NOT_HANDED_OVER,
}
_RECORDERS: Mapping[str, Callable[..., Result]] = {
    "absence": _absence,
    "leave": _leave,
    "contact": _contact(Kind.CONTACT),
    "visit": _contact(Kind.VISIT),
    "return": _return,
    "dropout": _dropout,
    "notice": _notice,
    "transfer_out": _move(Kind.TRANSFER_OUT),
    "transfer_in": _transfer_in,
    "suspend": _move(Kind.SUSPEND),
    "defer": _move(Kind.DEFER),
    "teach": _teach,
    "found": _found,
    "mark": _mark,
    "assign": _assign,
    "done": _done,
}
RECORDED = frozenset({*_PLAIN, *_RECORDERS})
