"""Children of whom the same is to be said stand in one line of a reminder: ten follow-ups of one class are one line, not ten."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

from casework.case import Duty
from reminders import wording
from reminders.board import Board
from reminders.wording import Step

MOST = 10
"""How many names one line has: a line that does not fit into a message is left out whole."""


class Row(NamedTuple):
    """A pupil or unit (``duty`` is one about it), what is to be done there, and who else is told, by name."""

    duty: Duty
    steps: Sequence[Step]
    others: Sequence[str]


def lines(rows: Iterable[Row], board: Board) -> list[str]:
    """The lines of these, in the order of the first of each."""
    alike: dict[Hashable, tuple[str, list[Row]]] = {}
    for row in rows:
        pupil = board.pupil_of(row.duty)
        whom = pupil.class_id if pupil else row.duty.subject
        said = _said(row, board)
        alike.setdefault((pupil is None, whom, said), (said, []))[1].append(row)
    return [
        f"· {_named(many[at : at + MOST], board)}{said}"
        for said, many in alike.values()
        for at in range(0, len(many), MOST)
    ]


def line(row: Row, board: Board) -> str:
    """The line of one."""
    return f"· {board.subject(row.duty)}{_said(row, board)}"


def _said(row: Row, board: Board) -> str:
    """What is said after the name."""
    standing = wording.say_standing(board.case_of(row.duty), row.duty, board.today)
    return (f"，{standing}" if standing else "") + wording.say_work(row.steps, row.others)


def _named(rows: Sequence[Row], board: Board) -> str:
    """``张三、李四（八年级3班）``."""
    pupils = [pupil for row in rows if (pupil := board.pupil_of(row.duty))]
    if len(pupils) < 2:
        return board.subject(rows[0].duty)
    where = board.unit_name(pupils[0].class_id)
    return "、".join(pupil.name for pupil in pupils) + (f"（{where}）" if where else "")
