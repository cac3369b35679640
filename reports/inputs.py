"""What a report is made of: plain values, filled by ``bot`` from the storage; no report reads anything else.

Dates are days of the county; instants are the county's wall clock without zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from casework.case import Case

Cell = str | int | float | dt.date | None


@dataclass(frozen=True, slots=True)
class PupilRecord:
    """The head of every form and the register part of every ledger (requirements.md, part D).

    ``household`` is 本地, 随迁 or 外出; ``groups`` are codes of ``casework.facts.GROUPS``; ``attending``
    says how and where the child is taught (在校, 随班, 特校, 送教, 外地 …) where that is known.
    ``helper`` is the name of the person assigned (包联人), ``owner`` of whoever answers for the pupil (责任人): the helper,
    else the class teacher; ``aid`` the aid received.
    """

    id: str
    name: str
    school: str = ""
    class_name: str = ""
    grade: int | None = None
    student_no: str = ""
    sex: str = ""
    born: dt.date | None = None
    ethnicity: str = ""
    id_number: str = ""
    household: str = ""
    household_address: str = ""
    address: str = ""
    township: str = ""
    village: str = ""
    guardian: str = ""
    relation: str = ""
    phone: str = ""
    groups: frozenset[str] = frozenset()
    attending: str = ""
    place_elsewhere: str = ""
    proof: str = ""
    entered: dt.date | None = None
    helper: str = ""
    aid: str = ""
    whereabouts: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing recorded about a pupil; ``kind`` and ``outcome`` are the codes of ``casework.facts``.

    ``number`` is that of a document served or sent, ``text`` what was written down, ``ends`` the last day
    of a leave or the day promised, ``way`` a channel code or the rule of a duty done; ``files`` names photos and papers attached, ``photos`` counts
    the pictures among them and ``signed`` those of which the sender said that they are the paper itself, signed;
    ``words`` are what persons wrote for the form of this visit, by slot, each with the writer; ``what`` names a work of help
    (谈心, 学习辅导 …) or another record that ``kind`` alone does not name.
    """

    on: dt.date
    kind: str
    who: str = ""
    role: str = ""
    outcome: str = ""
    text: str = ""
    way: str = ""
    companions: str = ""
    place: str = ""
    start: str = ""
    end: str = ""
    ends: dt.date | None = None
    number: str = ""
    lessons: int = 0
    minutes: int = 0
    at: dt.datetime | None = None
    files: tuple[str, ...] = ()
    photos: int = 0
    signed: int = 0
    words: Mapping[str, str] = field(default_factory=dict)
    what: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ledger: the pupil, where the case stands, what has been done, and since when an open absence stands on
    the ledger of suspected dropouts."""

    pupil: PupilRecord
    case: Case
    events: tuple[Event, ...] = ()
    listed: dt.date | None = None


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """The unit a report is about; ``head`` is its principal or leader, ``above`` its education bureau."""

    id: str
    kind: str
    name: str
    township: str = ""
    county: str = ""
    above: str = ""
    head: str = ""
    contact: str = ""
    phone: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Issuer:
    """In whose name a paper is made: a key of ``issuers.yaml`` and the name printed.

    ``local_basis`` is the local legal basis that an administrator entered (a subdistrict needs one to order).
    """

    kind: str
    name: str
    local_basis: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of the evidence, as shown in a form; ``sha256`` is that of the file as received."""

    name: str
    content: bytes
    taken: str = ""
    by: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that one paper may use; each entry of the catalogue names the parts that it needs.

    ``fields`` are words that a person gave for this paper, by slot name; ``rows`` the lines of a list that
    is not a ledger, ``data`` the figures of a sheet (its type stands in the catalogue); ``numbers`` those that papers
    about this pupil were given before, by paper; ``words`` what persons wrote for a form, by paper and slot; ``scans`` the forms of which a
    signed scan is here; ``period`` the first and last day of what a register lists; ``clause`` the clause that asks for the paper in this county; ``templates`` a folder of the office's own Word templates. ``signed`` takes the mark 草稿 away. ``full_ids`` prints ID numbers in full, which only papers that stay in the office may.
    """

    issuer: Issuer
    by: str
    at: dt.datetime
    unit: UnitRecord | None = None
    pupil: PupilRecord | None = None
    case: Case | None = None
    events: tuple[Event, ...] = ()
    entries: Iterable[Entry] | None = None
    rows: Iterable[Mapping[str, Cell]] | None = None
    figures: Mapping[str, Cell] | None = None
    photos: tuple[Photo, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    number: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    scans: frozenset[str] = frozenset()
    period: tuple[dt.date, dt.date] | None = None
    month: str = ""
    clause: str = ""
    signed: bool = False
    full_ids: bool = False
    data: object = None
    templates: Path | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished file. ``missing`` are the labels of what only a person can give and is left blank.

    ``withheld`` are recorded words that may not be printed and were replaced by a visible remark; ``number`` is the paper's own.
    """

    name: str
    content: bytes
    missing: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    number: str = ""
