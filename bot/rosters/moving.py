"""Pupils who change schools by a roster or a new school year: the facts that ledgers and monthly figures explain it by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casework.case import AWAY
from casework.facts import Fact, Kind
from casework.people import COUNTY
from handlers.hand import Hand, left_from
from storage.session import new_id
from storage.store import Work

BY_COMMAND = "命令行"
"""Cases that a new list alone does not end: a name in a class is no child in it."""


@dataclass(frozen=True, slots=True)
class Move:
    """A pupil who goes from one class to another one, of another school; ``after`` None: has finished Grade 9."""

    pupil: str
    before: str
    after: str | None
    why: str = ""


def hand_of(work: Work, class_id: str | None, source: str) -> Hand:
    """The hand of a command: in the name of the administrator, else the county's bureau, else of the command."""
    today, directory = work.now.date(), work.world.directory
    for role in ("admin", "county"):
        if holders := directory.holders(role, COUNTY, today):
            return Hand(holders[0], role, work.now, work.world.days_of(class_id), lambda: new_id(work.now), source)
    return Hand(BY_COMMAND, "admin", work.now, work.world.days_of(class_id), lambda: new_id(work.now), source)


def write_moves(work: Work, moves: Sequence[Move], source: str) -> None:
    """Write what explains the moves: 转出 of the school left and 转入 of the new one, in that order.

    Open cases stay as they are: their pupils are moved, and nothing says that they came.
    """
    if not moves:
        return
    cases = work.cases.cases([move.pupil for move in moves])
    facts: list[Fact] = []
    for move in moves:
        case = cases.get(move.pupil)
        if case is None or case.state not in AWAY:
            facts += _facts(work, move, source, gone=case is not None and case.state == "left")
    if facts:
        work.cases.append(facts)


def _facts(work: Work, move: Move, source: str, gone: bool) -> Iterable[Fact]:
    directory, hand = work.world.directory, hand_of(work, move.after or move.before, source)
    old, new = directory.at_level(move.before, "school"), directory.at_level(move.after, "school")
    names = {id: directory.units[id].name for id in (old, new) if id}
    if old and not gone:
        place = names[new] if new else "初中毕业"
        yield left_from(hand, move.pupil, old, move.before, place, reason=move.why, graduated=new is None)
    if new:
        came = names[old] if old else ""
        yield hand.fact(Kind.TRANSFER_IN, hand.today, move.pupil, None, place=came, **{"class": move.after})
