"""Many letters in one order: 入学通知书 for all newcomers of a unit or for those named, numbered, one Word file a school (TA-5).

Numbers are taken first, in a short transaction; the file is made afterwards and blocks nobody.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from bot.papers.paperwork import NotMade, Wanted, base_of, own_templates, own_unit
from bot.papers.records import pupil_record
from bot.papers.serials import say
from casework.people import Pupil
from handlers import admitting, entering
from handlers.admitting import LETTERS
from handlers.desk import Desk
from handlers.places import place_name
from reports import law
from reports.forbidden import Forbidden
from reports.forms import make_letters
from reports.inputs import Material, Paper
from reports.templates.layouts import layouts
from storage.store import Work

KIND = "admission_notice"
IN_ONE_FILE = 500  # letters; more of one school are cut into files


def is_batch(wanted: Wanted) -> bool:
    """Whether a batch of letters is asked for."""
    return wanted.what == LETTERS


def number(work: Work, desk: Desk, wanted: Wanted) -> None:
    """Give each letter its number: the one it has had since this entry's season began, else the next."""
    _require(work, desk, wanted)
    unit, since = own_unit(work, desk, replace(wanted, what=KIND)), entering.season(desk.today)
    subjects = [pupil.id for pupil in _addressed(desk, wanted)]
    fresh = work.numbers.take_all(unit, KIND, subjects, since, desk.today, desk.writer.id)
    if fresh:
        detail = {"paper": KIND, "first": min(fresh), "last": max(fresh), "year": desk.today.year, "unit": unit}
        work.audit.note(desk.writer.id, "number", f"unit:{unit}", "", detail)


def make(work: Work, desk: Desk, wanted: Wanted, files: Path | None = None) -> Paper:
    """The letters as one Word file, or as an archive where they are of several schools. Raises ``NotMade``."""
    _require(work, desk, wanted)
    pupils = _addressed(desk, wanted)
    if not pupils:
        raise NotMade("没有要发入学通知书的新生，可能都已送达。发“入学通知书未送达名单”查看。")
    try:
        papers = list(_papers(work, desk, wanted, pupils, files))
    except (law.NotAllowed, Forbidden) as refused:
        raise NotMade(str(refused)) from refused
    if len(papers) == 1:
        return papers[0]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for paper in papers:
            archive.writestr(paper.name, paper.content)
    title = layouts()[KIND].title
    return Paper(f"{title}-{len(pupils)}份-{work.now:%Y%m%d}.zip", out.getvalue(), papers[0].missing)


def _require(work: Work, desk: Desk, wanted: Wanted) -> None:
    """Who may give out notices at all, before numbers are taken for them."""
    issuer = base_of(work, desk, replace(wanted, what=KIND)).issuer
    if not (law.may(issuer, layouts()[KIND].verb) and desk.reader.may("admit")):
        raise NotMade("入学通知书由县教育局或者学校发放。需要的话请联系他们。")


def _addressed(desk: Desk, wanted: Wanted) -> list[Pupil]:
    if wanted.pupils:
        known = desk.work.people.pupils(wanted.pupils)
        return [known[id] for id in wanted.pupils if id in known and desk.scope.covers(known[id])]
    unit = desk.world.directory.units.get(wanted.place) if wanted.place is not None else None
    return admitting.addressed(desk, unit)


def _papers(
    work: Work, desk: Desk, wanted: Wanted, pupils: Sequence[Pupil], files: Path | None
) -> Iterator[Paper]:  # fmt: skip
    directory, places = desk.world.directory, entering.fixed(desk)
    letters = zip(pupils, _materials(work, desk, wanted, pupils, places, files), strict=True)
    school_of = {p.id: places.get(p.id) or directory.at_level(p.class_id, "school") for p in pupils}
    for school, ours in groupby(letters, key=lambda row: school_of[row[0].id]):
        name = place_name(directory, school) or "待入学"
        many = [material for _, material in ours]
        for start in range(0, len(many), IN_ONE_FILE):
            piece = many[start : start + IN_ONE_FILE]
            part = f"（{start + 1}—{start + len(piece)}）" if len(many) > IN_ONE_FILE else ""
            yield make_letters(layouts()[KIND], piece, f"{name}{len(many)}份{part}")


def _materials(
    work: Work, desk: Desk, wanted: Wanted, pupils: Sequence[Pupil], places: Mapping[str, str], files: Path | None
) -> Iterator[Material]:  # fmt: skip
    """What each letter is filled from, in the order of the pupils; ``places``: the school fixed for a child without one."""
    base = replace(base_of(work, desk, replace(wanted, what=KIND)), templates=own_templates(files))
    unit, ids = own_unit(work, desk, replace(wanted, what=KIND)), [pupil.id for pupil in pupils]
    numbers = work.numbers.of_all(unit, KIND, ids, entering.season(desk.today))
    details, why = work.people.details_of(ids), entering.why_undelivered(desk, pupils)
    for pupil in pupils:
        record = pupil_record(work, pupil, desk.reader_of(pupil), details.get(pupil.id, {}))
        given = numbers.get(pupil.id)
        school = place_name(desk.world.directory, places.get(pupil.id)) or record.school
        fields = {
            "receiving_school": school,
            "report_place": school,
            "undelivered": why.get(pupil.id, ""),
        }
        yield replace(
            base, pupil=record, fields={**fields, **wanted.told}, number=say(work, given) if given else ""
        )  # fmt: skip
