"""Numbered papers: 第一中学劝学〔2026〕1号, counted for each unit, kind and year, and kept with who asked and when.

The same paper about the same pupil on the same day is the same paper: it keeps its number. A paper that cannot be
made takes none.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.papers import batches, finishing
from bot.papers.paperwork import Wanted, make, name_of
from bot.papers.serials import WORDS, shown
from handlers.desk import Desk
from handlers.papers import FORMS
from reports.inputs import Paper
from storage.store import Work

TO_COME = "（编号待定）"
"""Stands for the number while it is tried whether the paper can be made at all."""


def is_numbered(wanted: Wanted) -> bool:
    """Whether the paper has a number, and so is made in a transaction that may write."""
    return FORMS.get(wanted.what, wanted.what) in WORDS


def make_numbered(work: Work, desk: Desk, wanted: Wanted, files: Path | None = None) -> Paper:
    """The paper as ``paperwork.make`` makes it, with its number where it is one that has one. Raises ``NotMade``."""
    if batches.is_batch(wanted):
        return batches.make(work, desk, wanted, files)  # its numbers were taken before
    if done := finishing.kept(work, desk, wanted, files):
        return done
    if not is_numbered(wanted):
        return make(work, desk, wanted, files)
    kind, subject, day = name_of(desk, wanted), finishing.subject_of(work, desk, wanted), work.now.date()
    if subject is None:
        return make(work, desk, wanted, files)  # refused there; minutes of no meeting yet have no number
    # A child's form is drafted anew each day; a unit's paper is one draft until it is finished.
    if (wanted.final or subject.pupil is None) and (draft := finishing.number_of_draft(work, subject, kind)):
        return make(work, desk, replace(wanted, number=draft), files)
    unit = subject.unit
    number = work.numbers.of(unit, kind, subject.number, day)
    if number is None:
        make(work, desk, replace(wanted, number=TO_COME), files)  # what cannot be made takes no number
        number = work.numbers.take(unit, kind, subject.number, day, desk.writer.id)
        detail = {"paper": kind, "number": number, "year": day.year, "unit": unit}
        whom = f"pupil:{subject.number}" if subject.pupil else f"unit:{unit}"
        work.audit.note(desk.writer.id, "number", whom, "", detail)
    return make(work, desk, replace(wanted, number=shown(work, unit, kind, day.year, number)), files)
