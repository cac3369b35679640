"""Posts in which nobody stands: the county's administrator learns of each once a school year, of all of a morning at once.

Pure (issue 4, point 4). A post counts where something is owed by it, and that of a class teacher on every school day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from casework.calendar import school_year_of
from casework.case import AT, Duty
from reminders import circle, wording
from reminders.board import Board
from reminders.message import Message, Note, digest_of, key

STEP = "gap"
MOST = 15
"""Lines of one message; what is left over comes the next morning."""


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post that nobody holds, who stands in, and what of it is owed by now."""

    role: str
    unit: str
    stand_ins: tuple[str, ...]
    rules: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()


def vacant(board: Board, rooms: Iterable[str]) -> list[Vacancy]:
    """The vacant posts: of the owners of what is due by now, and of the teachers of these classes, which have school today."""
    found: dict[tuple[str, str], Vacancy] = {}
    directory = board.world.directory
    for room in rooms:
        if not directory.holders("teacher", room, board.today):
            found["teacher", room] = Vacancy("teacher", room, directory.in_charge("teacher", room, board.today))
    owed: dict[tuple[str, str], list[Duty]] = {}
    alike: dict[tuple[object, ...], tuple[tuple[str, str], ...]] = {}
    for duty in board.duties:
        if duty.due > board.today:
            continue
        pupil = board.pupil_of(duty)
        place = duty.hint.get(AT) if duty.hint else None
        where = (pupil.class_id, pupil.village_id) if pupil else duty.unit
        about = (duty.rule, duty.owner, duty.due, place, where)  # a class's duties of one day have the same posts
        if about not in alike:
            alike[about] = circle.vacancies(duty, pupil, board.world, board.today)
        for seat in alike[about]:
            owed.setdefault(seat, []).append(duty)
    for (role, unit), mine in owed.items():
        known = found.get((role, unit))
        pupil = board.pupil_of(mine[0])
        people = known.stand_ins if known else circle.stand_ins(role, mine[0], pupil, board.world, board.today)
        found[role, unit] = Vacancy(role, unit, people, tuple(d.rule for d in mine), tuple(d.id for d in mine))
    return list(found.values())


def subject(gap: Vacancy, board: Board) -> str:
    """Under what it is noted that somebody was told of a vacant post."""
    return f"{STEP}:{school_year_of(board.today)[0].year}:{gap.role}:{gap.unit}"


def tell(gaps: Iterable[Vacancy], said: Collection[tuple[str, str, str]], board: Board) -> list[Message]:
    """To each administrator, in one message, the posts of which they were not told yet; ``said`` as the outbox notes it."""
    out: list[Message] = []
    listed = list(gaps) if board.is_workday else []
    for person in circle.administrators(board.world, board.today):
        new = [gap for gap in listed if (subject(gap, board), STEP, person) not in said]
        if new:
            lines, told = _lines(new, board)
            out.append(
                Message(
                    key=key(STEP, board.today, person, digest_of(subject(gap, board) for gap in told)),
                    to=person,
                    text=wording.say_gaps(lines),
                    not_before=board.now,
                    rules=tuple(sorted({rule for gap in told for rule in gap.rules})),
                    duties=tuple(id for gap in told for id in gap.duties)[:20],
                    notes=tuple(Note(subject(gap, board), STEP, person) for gap in told),
                )
            )
    return out


def _lines(gaps: Iterable[Vacancy], board: Board) -> tuple[list[str], list[Vacancy]]:
    """One line for each post, the classes of one school in one; and which posts they speak of."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[Vacancy]] = {}
    directory = board.world.directory
    for gap in gaps:
        school = directory.at_level(gap.unit, "school") if gap.role == "teacher" else None
        groups.setdefault((gap.role, school or gap.unit, gap.stand_ins), []).append(gap)
    shown = list(groups.items())[:MOST]
    lines = []
    for (role, place, people), mine in shown:
        units = [board.unit_name(gap.unit) for gap in mine]
        where = board.unit_name(place) if len(mine) > 1 else ""
        lines.append(wording.say_gap(role, where, units, "、".join(map(board.name_of, people))))
    return lines, [gap for _, mine in shown for gap in mine]
