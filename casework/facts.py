"""Facts: what somebody said happened. Appended, never changed, never deleted.

A fact keeps two times: ``on``, the local date it is about, and ``at``, when it was recorded.
Everything else (cases, duties, ledgers, reports) is computed from facts, so the order in which
they are read never matters.

All times inside the rooms are the county's wall clock, without zone (China has one zone and no
summer time); ``storage`` turns them into UTC at its edge.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a fact can be; behind each, the keys of its ``data`` (all optional unless marked *)."""

    ABSENCE = "absence"  # start (ISO date, the claimed first day), reason, reason_code, presumed (bool)
    ALL_PRESENT = "all_present"  # unit: the class
    LEAVE = "leave"  # kind (sick, personal, other), to* (ISO date, last day; ``on`` is the first), reason
    CONTACT = "contact"  # channel, outcome, note, return_on, words (as typed, of a message about this pupil alone)
    VISIT = "visit"  # outcome, note, return_on, companions, words
    RETURN = "return"  # how
    PROPOSED = "proposed"  # reason, reason_code: a dropout proposed by one who may not confirm it
    DROPOUT = "dropout"  # reason, reason_code, evidence: confirmed by school, principal or county
    NOTICE = "notice"  # number, refused (bool): 劝学通知书 served
    # place, reason, pending (papers or receiver missing), receiver (id of the school asked); by a list: unit left, class
    TRANSFER_OUT = "transfer_out"
    TRANSFER_REFUSED = "transfer_refused"  # of* (id of the transfer out), reason: the receiving school says no
    TRANSFER_IN = "transfer_in"  # place, class, left (id of the class before, where a school of the county had it)
    SUSPEND = "suspend"  # until, reason, reason_code, pending
    DEFER = "defer"  # until, reason, reason_code, pending
    TEACH = "teach"  # lessons, minutes (of the whole record)
    FOUND = "found"  # name, age, place, note
    ENROLLED = "enrolled"  # class: a found child now has a place
    # way* (a key of terms.PLACEMENTS), note, taught_by (school that gives lessons at home), teacher (who goes), was (taught at home before);
    # receiver: the school that the county fixed for a child without a place
    PLACED = "placed"
    MARK = "mark"  # group*, off (bool)
    ASSIGN = "assign"  # to* (user id, or the name when no member of staff), role
    STRUCK = "struck"  # reason*: entered twice, or by mistake; off the register, which keeps class and village
    PLATFORM_FLAG = "platform_flag"
    NOT_REGISTERED = "not_registered"
    NOT_RETURNED = "not_returned"
    NOT_HANDED_OVER = "not_handed_over"
    # rule*, duty (id), note: that duty is fulfilled; addressee (of a letter); department: whose reply it is,
    # proxy (bool): written down by a clerk, link (id): by the department itself
    DONE = "done"
    REFERRED = "referred"  # department*, note*: a department without the app is asked about the child
    # of* (id of the referral, or of the duty that asks), department*, note*, link (id); interim (bool): nothing is settled by it
    REPLIED = "replied"
    REPORT = "report"  # unit: the school; month* (YYYY-MM), zero (bool), figures, hash
    # what* (a key of terms.WORK or HELP), note*, people: a unit's meeting, publicity…; of a pupil. Of a meeting: meeting (a
    # key of terms.MEETINGS), expected; of a pledge: signers (ids of people and schools)
    WORK = "work"
    CLOSURE = "closure"  # unit; to (ISO date), reason: no school from ``on`` to ``to``
    # unit; to (ISO date), reason: taught besides; every (weeks): 大小周 from ``on`` on; off (bool): 大小周 ends before ``on``
    TEACHING = "teaching"
    VOID = "void"  # facts* (list of ids): those facts no longer count


OF_DAYS = (Kind.CLOSURE, Kind.TEACHING)
"""What changes the school days of a unit and of all that lies in it."""
PUPIL_STATES = ("in_school", "absent", "on_leave", "suspected", "dropout", "observed", "home_taught", "left")
LEDGERS = ("age", "suspected", "dropout")
OUTCOMES = ("agreed", "refused", "nobody", "away", "ill", "returned", "hardship", "other")
REASON_CODES = (
    "illness", "disability", "poverty", "study", "work", "missing", "abroad", "wrong_record", "death", "other",
)  # fmt: skip
GROUPS = (
    "left_behind", "migrant", "poor", "disabled", "orphan", "single_parent", "struggling", "at_risk",
    "de_facto_orphan", "in_difficulty", "justice",
)  # fmt: skip
ROLES = ("teacher", "subject_teacher", "school", "principal", "village", "township", "county", "admin")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that somebody recorded about a pupil or a unit.

    ``role`` is the writer's role when writing (a visit by the township is not one by the teacher);
    ``source`` is the message that it came from, so that one 撤销 takes back what one message said.
    """

    id: str
    kind: Kind
    on: dt.date
    at: dt.datetime
    by: str
    role: str
    pupil: str | None = None
    unit: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""


def voided_of(facts: Iterable[Fact]) -> set[str]:
    """The ids that no longer count: those a standing void names. A void taken back gives back what it took."""
    voids = sorted((f for f in facts if f.kind is Kind.VOID), key=lambda f: (f.at, f.id))
    out: set[str] = set()
    for fact in reversed(voids):
        if fact.id not in out:
            out.update(fact.data["facts"])
    return out
