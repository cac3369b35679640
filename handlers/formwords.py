"""A person's own words into a form: 张三 家访表 家庭情况：跟奶奶住. They stand in the form of the latest visit, as theirs.

Only what records cannot know may be written (LC-33); what was written last of a column stands.
"""

from __future__ import annotations

import re

from casework.access import STAFF
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.terms import VISIT_COLUMNS, say_day
from casework.timeline import standing
from handlers import wording
from handlers.command import Command, command
from handlers.desk import Desk, Said, hand_for
from handlers.naming import one_pupil

CLAUSES = {"LC-33": ("record",)}
EXAMPLE = "张三 家访表 家庭情况：跟奶奶住，父母在外打工"
LONGEST = 300


def latest_visit(desk: Desk, pupil: Pupil) -> Fact | None:
    """The visit of which the form speaks."""
    visits = [f for f in standing(desk.work.cases.facts(pupil.id)) if f.kind is Kind.VISIT]
    return max(visits, key=lambda f: (f.on, f.at), default=None)


def write(desk: Desk, pupil: Pupil, column: str, words: str) -> Said:
    """Keep the words for that column (a key of ``VISIT_COLUMNS``) of the form of the latest visit."""
    visit = latest_visit(desk, pupil)
    if visit is None:
        return Said(f"还没有{pupil.name}的家访记录，没有写入。请先报家访，例如：家访 {pupil.name} 家长同意明天返校。")
    note = f"{column}：{words.strip()[:LONGEST]}"
    fact = hand_for(desk, pupil).fact(Kind.WORK, desk.today, pupil.id, what="form", note=note, of=visit.id)
    desk.work.cases.append([fact])
    day = say_day(visit.on, desk.today)
    return Said(f"已写入{pupil.name}{day}家访的记录表，“{column}”一栏注明是您填的。{wording.UNDO_HINT}")


def _written(desk: Desk, found: re.Match[str]) -> Said:
    pupil = one_pupil(desk, found["name"], example=EXAMPLE)
    return Said(pupil) if isinstance(pupil, str) else write(desk, pupil, found["column"], found["words"])


_COLUMN = "|".join(sorted(map(re.escape, VISIT_COLUMNS), key=len, reverse=True))
COMMANDS: tuple[Command, ...] = (
    command(
        EXAMPLE,
        STAFF,
        _written,
        rf"(?s)(?P<name>[\u4e00-\u9fff·•]{{2,15}}?)\s*(?:的|那?张)?家访(?:记录)?表\s*的?(?P<column>{_COLUMN})"
        r"(?:一栏|这栏|栏)?\s*(?:请?(?:填写?|写上?|写成)\s*[:：]?|[:：])\s*(?P<words>.{2,300})",
    ),
)
