"""Drafts of a meaning that the weights told: its days, lengths and pupils as the rules would take them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from handlers.understanding import full_house
from handlers.understanding.absences import absences
from handlers.understanding.attendance import attendance, return_of
from handlers.understanding.calls import contact_channel
from handlers.understanding.changes import changes
from handlers.understanding.clauses import Clause, Line, Part
from handlers.understanding.dates import PAST
from handlers.understanding.drafts import Draft, Setting, put_day, tokens_in
from handlers.understanding.events import Event
from handlers.understanding.found import describe
from handlers.understanding.lists_asked import put_period, with_place
from handlers.understanding.reports_asked import put_month
from handlers.understanding.talks import talk_of
from handlers.understanding.waits import put_wait
from handlers.understanding.weights import KEYS

ASKED = frozenset(("todo", "whoami", "help", "greet", "stats", "list", "report", "export", "undo"))
"""What needs no pupil, and changes no record."""


def with_outcome(draft: Draft, meaning: str) -> Draft:
    outcome = meaning.partition(":")[2]
    kept = {
        k: v for k, v in draft.slots.items() if k != "return_on" or outcome in ("agreed", "ill", "away", "hardship")
    }
    return Draft(draft.action, draft.names, kept | {"outcome": outcome}, dict(draft.spans))


def drafted(meaning: str, part: Part, line: Line, setting: Setting) -> list[Draft]:
    """Drafts of that meaning with the days, lengths and pupils of the part; none where it needs a pupil and has none."""
    action, *telling = meaning.split(":")
    slots = {slot: value for slot, value in zip(KEYS.get(action, ()), telling, strict=True) if value}
    if action in ASKED:
        drafts = [Draft(action, [], slots)]
        if action in ("list", "stats"):
            drafts = next((d for c in part.clauses if "place" in (d := with_place(drafts[0], c))[0].slots), drafts)
    elif action == "all_present" and not part.names:
        of_others = full_house.of_others(part.clauses)
        drafts = [
            Draft("clarify", slots={"about": "meaning"}) if of_others else _all_there(part.clauses, line, setting)
        ]
    elif action == "found" and not part.names:
        drafts = [Draft(action)]
        describe(drafts[0], line, (part.clauses[0].start, part.clauses[-1].end))
    elif action in TOLD and part.names:
        drafts = TOLD[action](action, part.clauses, line, setting, slots)
    else:
        return []
    said = (part.clauses[0].start, part.clauses[-1].end)
    for draft in drafts:
        draft.spans["action"] = said
        if draft.action == action:
            draft.slots |= slots
        for clause in part.clauses if draft.action == "stats" else ():
            put_period(draft, clause)
        if draft.action == "report":
            put_month(draft, [(at, t) for at, t in line.tokens.items() if t.kind == "S"], setting.today)
        if draft.action not in ASKED or draft.action == "export":
            draft.names = part.names
        if draft.action == "help":
            draft.put("topic", line.text[slice(*said)], *said)
    return drafts


def _all_there(clauses: list[Clause], line: Line, setting: Setting) -> Draft:
    draft = Draft("all_present")
    days = [d for c in clauses for d in tokens_in(line, c, "D") if d[1].value.lean <= 0]
    for at, token in days[:1]:
        put_day(draft, "date", at, token.value, setting.today, PAST)
    return draft


def _everywhere(kind: str, clauses: list[Clause]) -> list[Event]:
    """As if each clause told it: which word did, nobody knows."""
    return [Event(kind, c.start, c.start, c) for c in clauses]


Told = Callable[[str, list[Clause], Line, Setting, dict[str, str]], list[Draft]]


def _talk(action: str, clauses: list[Clause], line: Line, setting: Setting, slots: dict[str, str]) -> list[Draft]:
    channel = contact_channel(clauses) if action == "contact" else ""
    event = Event(action, clauses[0].start, clauses[0].start, clauses[0], channel)
    drafts = talk_of(event, [], clauses, line, setting, (clauses[0].start, clauses[-1].end))
    return [with_outcome(d, f"{action}:{slots['outcome']}") for d in drafts if d.action == action]


def _absence(action: str, clauses: list[Clause], line: Line, setting: Setting, slots: dict[str, str]) -> list[Draft]:
    return absences(_everywhere(action, clauses), clauses, line, setting, [])


def _leave(action: str, clauses: list[Clause], line: Line, setting: Setting, slots: dict[str, str]) -> list[Draft]:
    return attendance(_everywhere(action, clauses), clauses, line, setting)


def _return(action: str, clauses: list[Clause], line: Line, setting: Setting, slots: dict[str, str]) -> list[Draft]:
    dated = [c for c in clauses if tokens_in(line, c, "D")] or clauses
    return [return_of(Event(action, dated[-1].end, dated[-1].end, dated[-1]), clauses, line, setting)]


def _change(action: str, clauses: list[Clause], line: Line, setting: Setting, slots: dict[str, str]) -> list[Draft]:
    event = Event(action, clauses[0].start, clauses[0].start, clauses[0], group=slots.get("group", ""))
    return changes([event], clauses, line, setting)


def _wait(action: str, clauses: list[Clause], line: Line, setting: Setting, slots: dict[str, str]) -> list[Draft]:
    draft = Draft(action)
    for clause in clauses:
        put_wait(draft, clause, line, setting.today)
    return [draft] if draft.slots else []


_WHOM = re.compile(r"(?<!不用)(?<!不要)(?P<to>[^,。NDTHMRKW由交转让请给归安排派叫喊换改到是的用]{0,10}K)")


def _hand_over(action: str, clauses: list[Clause], line: Line, setting: Setting, slots: dict[str, str]) -> list[Draft]:
    start, end = clauses[0].start, clauses[-1].end
    named = [*_WHOM.finditer(line.text, start, end)]
    draft = Draft(action)
    for match in named[-1:]:
        draft.put("to", match["to"], *match.span("to"))
    return [draft] if named else []


def _look(action: str, clauses: list[Clause], line: Line, setting: Setting, slots: dict[str, str]) -> list[Draft]:
    return [Draft(action)]


TOLD: Mapping[str, Told] = {
    "visit": _talk, "contact": _talk, "absence": _absence, "leave": _leave, "return": _return, "snooze": _wait, "case": _look,
    "assign": _hand_over,
} | dict.fromkeys(("notice", "teach", "defer", "suspend", "transfer_in", "transfer_out", "dropout", "mark"), _change)  # fmt: skip
