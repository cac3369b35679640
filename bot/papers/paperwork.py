"""Files on request: what was asked for in chat, on a page or on the command line, filled from the store.

Who asks decides the level of a ledger and in whose name a form is made; nothing outside their scope gets in.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.papers import attendance, months, particulars, rates, rounds, serials, workfigures
from bot.papers.blanks import to_fill
from bot.papers.entries import departed, entries, entries_with
from bot.papers.past_absence import with_absence
from bot.papers.records import Told, issuer_of, pupil_record, unit_record, with_course
from casework.access import CLASSROOM, ISSUERS
from casework.calendar import school_year_of
from casework.facts import Kind
from casework.finals import final_of
from casework.people import Post, Pupil
from handlers import unitpapers
from handlers.desk import Desk
from handlers.papers import FORMS, OF_COMPARISON, OF_COMPARISON_HOW
from handlers.places import schools_in
from reports import archive, figure_sheets, snapshots
from reports.catalogue import catalogue, produce
from reports.forms import NotReady
from reports.inputs import Material, Paper
from storage import figures
from storage.store import Work

LEVELS = {"county": "county", "admin": "county", "township": "township", "village": "village"}
LEDGERS = {"age_ledger": "age", "suspected_ledger": "suspected", "dropout_ledger": "dropout"}
# Ledgers of open cases alone; the others also have pupils who are in school now.
REGISTERS = {
    "changes": (Kind.TRANSFER_IN, Kind.TRANSFER_OUT, Kind.SUSPEND, Kind.DEFER, Kind.DROPOUT),
    "leave_register": (Kind.LEAVE,),
}  # fmt: skip
"""Registers of certain records: who of so many thousands has one is asked first."""
ONLY_OPEN = ("suspected_", "dropout_", "not_returned", "home_taught")

OF_GROUP = {"public_list": "poor", "aid_list": "poor"}


class NotMade(Exception):
    """The file cannot be made; the message is a sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: a name of the catalogue or of the chat, and about which pupil, month or group."""

    what: str
    pupil: str | None = None
    month: str | None = None
    group: str | None = None
    place: str | None = None
    number: str = ""  # as bot.papers.numbering gave it
    pupils: Sequence[str] = ()  # of a batch of letters, those named; none: all within reach and ``place``
    told: Mapping[str, str] = field(default_factory=dict)  # slots told with the order
    final: str = ""  # the message that asks for the form to be finished


def make(work: Work, desk: Desk, wanted: Wanted, files: Path | None = None) -> Paper:
    """The file, limited to what the asker may see; ``files``: where photos lie. Raises ``NotMade``."""
    name = name_of(desk, wanted)
    try:
        if name == "materials":
            return _archive(work, desk, wanted, files)
        if name not in catalogue():
            raise NotMade(f"没有叫“{wanted.what}”的材料。发“导出”看能导出哪些。")
        item = catalogue()[name]
        if not desk.reader.may_have(name, item.restricted):
            raise NotMade(f"《{item.title}》涉及个人隐私，只有学校、县教育局的专人可以导出。需要的话请联系他们。")
        if "pupil" in item.needs:
            return produce(name, _about_pupil(work, desk, wanted, name, files))
        return produce(name, replace(_about_unit(work, desk, wanted, name), templates=own_templates(files)))
    except NotReady as error:
        pupil = work.people.pupil(wanted.pupil) if wanted.pupil else None
        raise NotMade(to_fill(pupil.name if pupil else "", name, error) if wanted.final else str(error)) from error
    except (LookupError, ValueError, PermissionError) as error:
        raise NotMade(str(error)) from error
    except NotMade:
        raise
    except Exception as error:
        # The reports' own refusals are sentences; each has a class of its own there.
        if type(error).__module__.startswith("reports."):
            raise NotMade(str(error)) from error
        raise


def can_have(work: Work, desk: Desk, what: str, pupil: Pupil | None = None) -> bool:
    """Whether the asker may have that paper (about the pupil) made at all: by right, and in the name of their office."""
    wanted = Wanted(what, pupil=pupil.id if pupil else None)
    reader, name = desk.reader_of(pupil) if pupil else desk.reader, name_of(desk, wanted)
    if name == "materials":
        return reader.may_have(name, restricted=True)
    item = catalogue()[name]
    if not reader.may_have(name, item.restricted):
        return False
    return issuer_of(work, post_for(work, desk, wanted).role, own_unit(work, desk, wanted)).kind in item.issuers


def name_of(desk: Desk, wanted: Wanted) -> str:
    """The catalogue's name for what was asked for, at the level of the asker."""
    what = wanted.what
    if what in LEDGERS:
        return f"{LEDGERS[what]}_{LEVELS.get(desk.posts[-1].role, 'school')}"
    if what == "special_ledger":
        return f"group_{wanted.group}" if wanted.group else "at_risk"
    if what == "monthly":
        return "county_month" if desk.posts[-1].role in ("county", "admin", "township") else "dropout_statistics"
    return FORMS.get(what, what)


def post_for(work: Work, desk: Desk, wanted: Wanted) -> Post:
    """The post under which the asker makes a paper, of those that may make it.

    About a pupil the one nearest to the pupil; a list in the widest: who teaches and sits in the bureau gives out the
    county's ledger, not a school's with the whole county in it.
    """
    pupil = work.people.pupil(wanted.pupil) if wanted.pupil else None
    directory = work.world.directory
    over = {*directory.path(pupil.class_id), *directory.path(pupil.village_id)} if pupil else set()
    posts = [post for post in desk.posts if post.unit in over] or desk.posts
    item = catalogue().get(name_of(desk, wanted))
    may = [post for post in posts if item and ISSUERS[post.role] in item.issuers] or posts
    return may[0] if pupil else may[-1]


def own_unit(work: Work, desk: Desk, wanted: Wanted) -> str:
    """The unit in whose name the asker makes a paper: a teacher's is the school."""
    post = post_for(work, desk, wanted)
    if ISSUERS[post.role] == "school":
        return work.world.directory.at_level(post.unit, "school") or post.unit
    return post.unit


def base_of(work: Work, desk: Desk, wanted: Wanted) -> Material:
    """In whose name, by whom, when and about which unit: what every paper has."""
    unit = own_unit(work, desk, wanted)
    return Material(
        issuer=issuer_of(work, post_for(work, desk, wanted).role, unit),
        by=desk.writer.name,
        at=work.now,
        unit=unit_record(work, unit, work.now.date()),
        month=wanted.month or f"{work.now:%Y-%m}",
        number=wanted.number,
    )


def _about_pupil(work: Work, desk: Desk, wanted: Wanted, name: str = "", files: Path | None = None) -> Material:
    pupil = _known(work, desk, wanted)
    case, facts = desk.counted(pupil, work.cases.case(pupil.id)), work.cases.facts(pupil.id)
    reader = desk.reader_of(pupil)
    facts = [fact for fact in facts if reader.hears(fact)]
    case, events = with_absence(work, pupil, case, facts), Told(work, facts).events(facts)
    record = pupil_record(work, pupil, reader, work.people.details(pupil.id), case.helper)
    return replace(
        base_of(work, desk, wanted), pupil=with_course(record, facts, events), case=case, events=events,
        fields=particulars.fields_of(work, pupil, case, facts, name), clause=particulars.clause_of(work, name),
        numbers=serials.of_pupil(work, pupil, case, facts), words=particulars.words_of(work, facts, case), scans=particulars.scans_of(work, facts, case), signed=bool(wanted.final),
        photos=particulars.photos_of(work, pupil, facts, files) if files else (), templates=own_templates(files),
    )  # fmt: skip


def own_templates(files: Path | None) -> Path | None:
    """Where an office puts the Word templates that it changed: they stand over ours, by the same file names."""
    return files / "templates" if files else None


def _known(work: Work, desk: Desk, wanted: Wanted) -> Pupil:
    pupil = work.people.pupil(wanted.pupil) if wanted.pupil else None
    if pupil is None or not desk.scope.covers(pupil):
        raise NotMade("在您负责的范围里没有找到这名学生。")
    return pupil


def _archive(work: Work, desk: Desk, wanted: Wanted, files: Path | None) -> Paper:
    """Everything about a pupil in the nine folders of FN-10, photos and files included."""
    pupil = _known(work, desk, wanted)
    if not desk.reader_of(pupil).may_have("materials", restricted=True):
        raise NotMade("一名学生的全部材料由学校或县教育局的专人导出。需要的话请联系他们。")
    reader = desk.reader_of(pupil)
    kept, missing = (
        particulars.evidence_of(work, pupil, work.cases.facts(pupil.id), files, reader) if files else ([], [])
    )
    facts, issuer, since = (
        work.cases.facts(pupil.id),
        ISSUERS[post_for(work, desk, wanted).role],
        work.cases.case(pupil.id).since,
    )
    done = [name for name in catalogue() if final_of(facts, name, issuer, since)]
    return archive.make_pupil_archive(_about_pupil(work, desk, wanted, files=files), kept, missing, done)


def _about_unit(work: Work, desk: Desk, wanted: Wanted, name: str) -> Material:
    base = replace(base_of(work, desk, wanted), clause=particulars.clause_of(work, name), signed=bool(wanted.final))
    if name in unitpapers.PAPERS:
        unit = own_unit(work, desk, wanted)
        about = unitpapers.about_of(desk, name, unit, wanted.month)
        base = replace(base, words={name: unitpapers.words_of(unitpapers.facts_of(desk, unit), name, about)})
    item = catalogue()[name]
    if name in OF_COMPARISON:
        raise NotMade(f"《{item.title}》{OF_COMPARISON_HOW}")
    if item.data is not None:
        maker = _DATA[name]
        return replace(base, data=maker(work, desk, base.month))
    if name == "circular":
        rows, found = rounds.circular(work, desk, base.month)
        return replace(base, rows=rows, figures=found)
    if name == "school_plan":
        return replace(base, figures=rounds.school_plan(work, desk))
    if name == "self_report":
        return replace(base, figures=rounds.self_report(work, desk, base.month))
    silent = not name.startswith(ONLY_OPEN)
    group = name.removeprefix("group_") if name.startswith("group_") else OF_GROUP.get(name, wanted.group)
    if "entries" not in item.needs:
        return replace(base, fields=rounds.words_of_unit(work, desk, name, own_unit(work, desk, wanted), wanted.month))
    if name in REGISTERS and wanted.place is None and group is None:
        lines = entries_with(work, desk, REGISTERS[name], here=name == "changes")
        lines = itertools.chain(lines, departed(work, desk)) if name == "changes" else lines
        return replace(base, entries=lines, period=_period(work, wanted))
    lines = entries(work, desk, silent, wanted.place, group, name == "changes")
    if name == "dropout_roll":  # the same children as on the sheet of that name
        lines = (entry for entry in lines if entry.case.state == "dropout")
    return replace(base, entries=lines, period=_period(work, wanted) if name in REGISTERS else None)


def _period(work: Work, wanted: Wanted) -> tuple[dt.date, dt.date]:
    """The days of which a register tells: of the month asked for, else of the school year so far."""
    today = work.now.date()
    if not wanted.month:
        return school_year_of(today)[0], today
    first = dt.date.fromisoformat(f"{wanted.month}-01")
    return first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def _statistics(work: Work, desk: Desk, month: str) -> object:
    return months.of_school(work, own_unit(work, desk, Wanted("dropout_statistics")), month)


def _county_month(work: Work, desk: Desk, month: str) -> object:
    """The schools' months as they were submitted; what was learnt later is not in them (XY-42)."""
    directory, kept = work.world.directory, {f.unit: f for f in work.reports.of_month(month)}
    sent = figures.reports_of_month(work.session, month)
    closed = months.closed_by_silence(work, month)
    scans = work.evidence.of_facts([fact.id for fact in sent.values()])
    schools = []
    for school in schools_in(directory, desk.scope):
        frozen, fact = kept.get(school.id), sent.get(school.id)
        report = months.as_submitted(work, frozen) if frozen else None
        by = work.people.person(frozen.by) if frozen else None
        schools.append(
            figure_sheets.SchoolMonth(
                report, school.name, directory.name_at(school.id, "township"),
                snapshots.standing(report is not None, bool(fact and fact.data.get("zero")), closed),
                frozen.at if frozen else None, by.name if by else "", len(scans.get(fact.id, ())) if fact else 0,
            )
        )  # fmt: skip
    return figure_sheets.CountyMonth(month, tuple(schools))


def _attendance(work: Work, desk: Desk, month: str) -> object:
    room = next((p.unit for p in desk.posts if p.role in CLASSROOM), None)
    if room is not None:
        return attendance.of_class(work, desk, room, month)
    school = next((p.unit for p in desk.posts if p.role in ("school", "principal")), None)
    if school is None:
        raise NotMade("出勤月报表由班主任按班、由学校按全校导出。请联系学校。")
    return attendance.of_school(work, desk, school, month)


_DATA: Mapping[str, Callable[[Work, Desk, str], object]] = {
    "dropout_statistics": _statistics,
    "monthly_report": _statistics,
    "county_month": _county_month,
    "attendance_month": _attendance,
    "weekly_changes": rounds.week,
    "quarterly_review": rounds.quarter,
    "rates": rates.rate_table,
    "work_log": workfigures.work_log,
    "number_register": serials.register,
    "assessment": workfigures.assessment,
}
