"""An understood action about one pupil or unit, turned into facts or into a question. Pure.

Nothing is looked up or written here: the case, the facts so far and the days come as arguments. A
question names its kind and its options; an option is what it adds to the answers, and the same action
with those answers is then recorded. With ``hand.unattended`` nothing is asked (a replay): confirmations
count as given, a day that differs corrects the record, papers count as present.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from casework.access import ACTIONS
from casework.facts import Fact, Kind
from casework.scope import SCHOOL_STAFF
from casework.terms import OUTCOMES, REASONS
from handlers import attendance, steps
from handlers.hand import Hand, Option, Question, Recorded, Result
from handlers.matter import Matter
from handlers.understanding.actions import Action

YES, NO = "yes", "no"


def record(action: str, matter: Matter) -> Result:
    """The facts of one action about one pupil, or what must be asked first."""
    if matter.answers.get("date"):
        told = {slot: value for slot, value in matter.slots.items() if slot != "from"}
        matter = replace(matter, slots={**told, "date": matter.answers["date"]})
    return _check_date(action, matter) or _RECORDERS[action](matter)


PAST = ("absence", "contact", "visit", "return", "notice", "teach", "all_present")


def _check_date(action: str, matter: Matter) -> Question | None:
    """What is said to have happened cannot lie ahead (faults 18)."""
    for slot in ("date", "from"):
        if action in PAST and matter.slots.get(slot) and matter.day(slot) > matter.hand.today:
            return Question("future", data={"date": matter.slots[slot]})
    return None


def _contact(kind: Kind) -> Callable[[Matter], Result]:
    def recorder(matter: Matter) -> Result:
        slots = matter.slots
        outcome = matter.answer("outcome") or slots.get("outcome")
        told = outcome not in (None, "other") or slots.get("note") or slots.get("chosen") or matter.answer("outcome")
        # How a child who is back is doing has no outcome; a bare 已劝返 says nothing of it and closes no case (issue 4, point 7).
        told = told or (matter.case.state in ("observed", "home_taught") and "劝返" not in str(slots.get("words")))
        if not told and matter.asks:
            key = matter.key("outcome")
            return Question("outcome", tuple(Option(f"outcome:{code}", {key: code}) for code in OUTCOMES))
        outcome, on = outcome or "other", matter.day()
        channel = {"channel": slots.get("channel", "other")} if kind is Kind.CONTACT else {}
        done = [matter.fact(kind, on, outcome=outcome, **channel, **matter.kept("note", "return_on", "words"))]
        if outcome == "returned" and matter.hand.role in SCHOOL_STAFF:
            done.append(matter.fact(Kind.RETURN, on, how="brought"))
        return Recorded(tuple(done), "ask_teacher" if outcome == "returned" and len(done) == 1 else "")

    return recorder


def _dropout(matter: Matter) -> Result:
    hand, reason = matter.hand, matter.slots.get("reason")
    code = matter.slots.get("reason_code") or matter.answer("reason") or matter.reason
    if not code and not reason and matter.asks:
        key = matter.key("reason")
        return Question("reason", tuple(Option(f"reason:{c}", {key: c}) for c in REASONS))
    confirms = hand.role in ACTIONS["confirm_dropout"].roles
    if confirms and matter.asks and matter.answer("dropout") != YES:
        options = (Option("yes", {matter.key("dropout"): YES}), Option("stop", {}))
        return Question("confirm_dropout", options, {"reason": reason, "code": code})
    kind = Kind.DROPOUT if confirms else Kind.PROPOSED
    fact = matter.fact(kind, hand.today, reason=reason, reason_code=code or "other")
    return Recorded((fact,), "confirmed" if confirms else "proposed")


def _move(kind: Kind) -> Callable[[Matter], Result]:
    """Transfer out, suspension, deferment: in force once the papers are there, pending and counting on until then."""
    transfer = kind is Kind.TRANSFER_OUT

    def recorder(matter: Matter) -> Result:
        hand, slots, papers = matter.hand, matter.slots, matter.answer("papers")
        receiver = slots.get("receiver") if transfer and matter.asks else None
        if hand.role in ACTIONS["approve"].roles and papers is None and not receiver and matter.asks:
            key = matter.key("papers")
            options = (Option("papers_yes", {key: YES}), Option("papers_no", {key: NO}), Option("stop", {}))
            return Question("papers", options, {"kind": kind.value, "reason": slots.get("reason")})
        pending = matter.asks and (papers != YES or receiver is not None)
        # ``from`` and ``to`` are days where they are read as such, else a place or school (utterances/README.md).
        begins = "from" if not transfer and not slots.get("date") and matter.is_day("from") else "date"
        until = slots.get("to") if not transfer and matter.is_day("to") else None
        fact = matter.fact(
            kind, matter.day(begins), place=None if until else slots.get("to"), until=until, reason=slots.get("reason"),
            reason_code=matter.reason, pending=pending, receiver=receiver,
        )  # fmt: skip
        if transfer:
            return Recorded((fact,), "receiver" if receiver else "pending" if pending else "")
        if pending or not matter.asks:
            return Recorded((fact,), "steps" if pending else "")
        # Told as done in one word: still three steps, of today, marked as told by whoever is not the one to take them.
        return Recorded((*(steps.step_fact(hand, fact.pupil, step, fact.id, hand.today) for step in steps.STEPS), fact))

    return recorder


def _teach(matter: Matter) -> Result:
    if not matter.slots.get("lessons") and not matter.slots.get("minutes") and matter.asks:
        return Question("lessons")
    return Recorded((matter.fact(Kind.TEACH, matter.day(), **matter.kept("lessons", "minutes", "words")),))


def _done(matter: Matter) -> Result:
    unit = matter.slots.get("unit")
    return Recorded((matter.fact(Kind.DONE, matter.day(), unit, **matter.kept("rule", "duty", "note")),))


def _transfer_in(matter: Matter) -> Result:
    return Recorded((matter.fact(Kind.TRANSFER_IN, matter.day(), place=matter.slots.get("from")),))


def _not_returned(matter: Matter) -> Result:
    on = attendance.opening_day(matter.hand)
    return Recorded((matter.fact(Kind.NOT_RETURNED, on, reason=matter.slots.get("reason")),))


def _of_day(kind: Kind, *slots: str) -> Callable[[Matter], Result]:
    """A fact of the day that was told, with these slots as they were told."""
    return lambda matter: Recorded((matter.fact(kind, matter.day(), **matter.kept(*slots)),))


def _of_today(kind: Kind, *slots: str) -> Callable[[Matter], Result]:
    return lambda matter: Recorded((matter.fact(kind, matter.hand.today, **matter.kept(*slots)),))


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


_RECORDERS: Mapping[str, Callable[[Matter], Result]] = {
    "absence": attendance.absence,
    "leave": attendance.leave,
    "return": attendance.back,
    "contact": _contact(Kind.CONTACT),
    "visit": _contact(Kind.VISIT),
    "dropout": _dropout,
    "notice": _of_day(Kind.NOTICE, "number"),
    "transfer_out": _move(Kind.TRANSFER_OUT),
    "transfer_in": _transfer_in,
    "suspend": _move(Kind.SUSPEND),
    "defer": _move(Kind.DEFER),
    "teach": _teach,
    "found": _of_day(Kind.FOUND, "name", "age", "place", "note"),
    "mark": _of_today(Kind.MARK, "group", "off"),
    "assign": _of_today(Kind.ASSIGN, "to", "name", "role"),
    "done": _done,
    "platform_flag": _of_today(Kind.PLATFORM_FLAG, "reason"),
    "not_registered": _of_today(Kind.NOT_REGISTERED, "reason"),
    "not_returned": _not_returned,
    "not_handed_over": _of_today(Kind.NOT_HANDED_OVER, "reason"),
}
RECORDED = frozenset(_RECORDERS)


def recorded_of(actions: Sequence[Action]) -> frozenset[str]:
    """The pupils of whom these actions record something, each known for certain."""
    mentions = [m for action in actions if action.action in RECORDED for m in action.students]
    return frozenset(m.candidates[0] for m in mentions if len(m.candidates) == 1)
