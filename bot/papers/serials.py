"""Numbers of papers in words: 第一中学劝学〔2026〕1号; which papers have one, and what the register of numbers says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from casework.calendar import school_year_of
from casework.case import Case
from casework.facts import Fact, Kind
from casework.people import Pupil
from casework.timeline import standing
from handlers.desk import Desk
from handlers.naming import with_class
from handlers.unitpapers import PAPERS
from reports.catalogue import catalogue
from reports.work_sheets import NumberRegister
from storage.numbers import Given
from storage.store import Work

MINUTES = "comparison_minutes"
"""Of a comparison of lists: numbered, and about no pupil and no unit's meeting."""
WORDS: Mapping[str, str] = {
    "persuasion_notice": "劝学", "dropout_report": "辍报", "order": "责改", "dropout_registration": "辍登",
    "written_report": "报告", "admission_notice": "入学", "inquiry_letter": "核函", "police_letter": "公函",
    "expert_opinion": "鉴定", "platform_reply": "说明", "referral": "转介", "persuasion_record": "劝返",
    "home_visit": "家访", "deferral": "缓学", "suspension": "休学", "self_report": "自查", "school_plan": "方案",
    "case_file": "一案", "pupil_plan": "控方", "teaching_handbook": "送教", "return_support": "帮扶",
    "no_hukou_guardian": "户告", "no_hukou_police": "户函", "pledge": "责任", "minutes": "会议", "circular": "通报", "dropout_roll": "花名",
    MINUTES: "比对", "publicity": "宣传",
}  # fmt: skip
"""Papers that are numbered, and the word in the number (发文字号 without the organ's own code)."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A line of 发文登记: the number as printed, the paper, about whom (a pupil's id, '' for nobody), when and by whom."""

    number: str
    kind: str
    title: str
    pupil: str
    whom: str
    day: dt.date
    by: str


def say(work: Work, given: Given) -> str:
    """The number as it is printed."""
    return shown(work, given.unit, given.kind, given.year, given.number)


def shown(work: Work, unit: str, kind: str, year: int, number: int) -> str:
    """A number in words: 第一中学劝学〔2026〕1号."""
    return f"{work.world.directory.units[unit].name}{WORDS[kind]}〔{year}〕{number}号"


def of_pupil(work: Work, pupil: Pupil, case: Case, facts: Iterable[Fact]) -> dict[str, str]:
    """The last number that each kind of paper about this pupil was given, since the absence began if one is open; of the
    notices the one that was made when the last one was served, not of a draft made since."""
    served = max((f.on for f in standing(facts) if f.kind is Kind.NOTICE), default=None)
    given = [g for g in work.numbers.of_subject(pupil.id, case.since) if g.kind in WORDS]
    return {g.kind: say(work, g) for g in given if g.kind != "persuasion_notice" or not served or g.day <= served}


def issued(
    work: Work, desk: Desk, since: dt.date, kind: str | None = None, unit: str | None = None
) -> Iterator[Issued]:
    """The numbers given since then to papers of the reader's units, newest first; ``kind`` and ``unit`` narrow them."""
    units = {unit} if unit else None if desk.scope.everything else desk.scope.units
    given = work.numbers.given(units, since, kind)
    pupils = work.people.pupils({one.subject for one in given if one.subject})
    for one in given:
        pupil, item = pupils.get(one.subject), catalogue()[one.kind]
        if (pupil is None and one.kind not in (*PAPERS, MINUTES)) or (
            pupil is not None and not desk.scope.covers(pupil)
        ):
            continue
        reader = desk.reader_of(pupil) if pupil else desk.reader
        if reader.may_have(one.kind, item.restricted):
            by, whom = work.people.person(one.person), with_class(desk, pupil) if pupil else ""
            yield Issued(
                say(work, one), one.kind, item.title, pupil.id if pupil else "", whom, one.day, by.name if by else ""
            )


def register(work: Work, desk: Desk, month: str) -> NumberRegister:
    """The register of this school year, oldest first."""
    first = school_year_of(desk.today)[0]
    rows = [(i.number, i.title, i.whom, i.day, i.by) for i in issued(work, desk, first)]
    return NumberRegister(f"{first.year}—{first.year + 1}学年", tuple(rows[::-1]))
