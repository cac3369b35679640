"""Everything that can be made, by name: the one place where ``bot`` looks a paper up and has it made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial

from reports import law
from reports.case_log import make_case_log
from reports.compare import Comparison
from reports.compare_sheets import make_comparison
from reports.figure_sheets import CountyMonth, make_county_month, make_monthly_sheet, make_statistics
from reports.forms import make_form
from reports.inputs import Material, Paper
from reports.ledgers import Ledger, ledgers, make_ledger
from reports.monthly import Monthly
from reports.rate_sheets import make_rates
from reports.rates import RateTable
from reports.round_sheets import Attendance, Quarter, Week, make_attendance, make_quarterly, make_weekly
from reports.templates.layouts import Layout, layouts
from reports.work_sheets import (
    Assessment,
    NumberRegister,
    WorkLog,
    make_assessment,
    make_number_register,
    make_work_log,
)

# Who may have a ledger of a level made: the level itself and those above it.
LEVELS = {
    "county": ("county_edu",),
    "township": ("township", "subdistrict", "county_edu"),
    "village": ("village", "township", "subdistrict", "county_edu"),
    "school": ("school", "county_edu"),
}
ALL = tuple(law.powers()["issuers"])
NEEDS = {
    "unit": "是哪个单位的", "pupil": "是哪个学生的", "case": "该生的情况记录", "entries": "学生名单", "rows": "清单内容",
    "figures": "统计数字", "data": "统计数据",
}  # fmt: skip


class MissingInput(Exception):
    """The paper cannot be made without something that was not given; the message says what."""


class UnknownPaper(LookupError):
    """No paper of that name."""


@dataclass(frozen=True, slots=True)
class Item:
    """One paper: ``kind`` is docx or xlsx, ``issuers`` the kinds of unit that may make it, ``clauses`` what asks
    for it, ``needs`` the parts of ``Material`` it is made of, ``data`` the type of ``Material.data`` if that is one.

    ``restricted``: for named persons only (disability, cases at law, whole case files).
    """

    name: str
    title: str
    kind: str
    issuers: tuple[str, ...]
    clauses: tuple[str, ...]
    needs: tuple[str, ...]
    make: Callable[[Material], Paper]
    data: type | None = None
    restricted: bool = False


@cache
def catalogue() -> dict[str, Item]:
    """All papers by name: forms, ledgers, sheets of figures."""
    items = [_form(layout) for layout in layouts().values()]
    items += [_ledger(ledger) for ledger in ledgers().values()]
    items += _sheets()
    return {item.name: item for item in items}


def produce(name: str, material: Material) -> Paper:
    """Make the paper. Raises ``UnknownPaper``, ``MissingInput``, ``law.NotAllowed``, ``forms.NotReady`` and
    ``forbidden.Forbidden``; the message of each is a sentence for the person who asked."""
    item = catalogue().get(name)
    if item is None:
        raise UnknownPaper(f"没有叫“{name}”的材料。")
    if material.issuer.kind not in item.issuers and not _may_with_basis(name, material):
        refuse(item, material)
    missing = [NEEDS[part] for part in item.needs if getattr(material, part) is None]
    if missing or (item.data and not isinstance(material.data, item.data)):
        raise MissingInput(f"做《{item.title}》还缺：{'、'.join(missing) or NEEDS['data']}。请补充后再试。")
    return item.make(material)


def refuse(item: Item, material: Material) -> None:
    """Raises ``law.NotAllowed``: with the legal basis for a form, by its level for a ledger or sheet."""
    if item.name in layouts():
        law.require(material.issuer, layouts()[item.name].verb, item.title)
    terms = "、".join(str(law.powers()["issuers"][kind]["term"]) for kind in item.issuers)
    raise law.NotAllowed(f"《{item.title}》由{terms}出具，本单位不能出具。请联系对方，或者改用本单位的材料。")


def _may_with_basis(name: str, material: Material) -> bool:
    return name in layouts() and law.may(material.issuer, layouts()[name].verb) and not layouts()[name].issuers


def _form(layout: Layout) -> Item:
    allowed = tuple(
        kind
        for kind, row in law.powers()["issuers"].items()
        if layout.verb in list(row["may"]) and (not layout.issuers or kind in layout.issuers)  # type: ignore[call-overload]
    )
    return Item(
        layout.name, layout.title, "docx", allowed, layout.clauses, layout.needs, partial(make_form, layout),
        restricted=layout.restricted,
    )  # fmt: skip


def _ledger(ledger: Ledger) -> Item:
    level = ledger.name.rpartition("_")[2]
    return Item(
        ledger.name, ledger.title, "xlsx", LEVELS.get(level, ALL), ledger.clauses, ("entries",),
        partial(make_ledger, ledger), restricted=ledger.restricted,
    )  # fmt: skip


def _sheets() -> Iterator[Item]:
    school, county = ("school", "county_edu"), ("county_edu",)
    upward = ("township", "subdistrict", "county_edu")
    rows: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...], type, Callable[..., bytes]], ...] = (
        ("dropout_statistics", "辍学学生情况统计表", school, ("LC-21", "FN-8", "XY-42"), Monthly, make_statistics),
        ("monthly_report", "控辍保学月报表", school, ("TA-12", "FN-8", "XY-42", "XY-37"), Monthly, make_monthly_sheet),
        ("county_month", "控辍保学月报汇总表", upward, ("TA-29", "FN-8", "XY-42"), CountyMonth, make_county_month),
        ("quarterly_review", "控辍保学季度复核表", county, ("FN-9", "FJ-29"), Quarter, make_quarterly),
        ("attendance_month", "学生出勤月报表", school, ("LC-10", "LC-9"), Attendance, make_attendance),
        ("weekly_changes", "控辍保学台账周核查表", school, ("FJ-1",), Week, make_weekly),
        ("rates", "义务教育入学率、巩固率统计表", (*school, "township"), ("XY-1", "TA-29"), RateTable, make_rates),
        ("work_log", "控辍保学工作记录表", (*school, "township", "village"), ("TA-1", "TA-14", "LC-5", "XY-44", "XY-48"), WorkLog, make_work_log),
        ("number_register", "发文登记簿", (*school, "township"), ("TA-19", "LC-26"), NumberRegister, make_number_register),
        ("assessment", "控辍保学工作统计表", (*school, "township"), ("XY-2", "XY-47", "FJ-25", "FJ-27", "LC-4"), Assessment, make_assessment),
        ("comparison", "数据比对结果", (*school, "township"), ("XY-12", "FN-7", "FN-12", "FN-14", "FJ-8"), Comparison, make_comparison),
    )  # fmt: skip
    for name, title, issuers, clauses, data, make in rows:
        yield Item(name, title, "xlsx", issuers, clauses, (), partial(_make_sheet, title, make), data)
    yield Item(
        "case_log", "劝返过程记录", "xlsx", ALL, ("TA-16", "TA-19", "LC-26"), ("pupil",),
        partial(_make_sheet, "劝返过程记录", lambda _, material: make_case_log(material)),
    )  # fmt: skip


def _make_sheet(title: str, make: Callable[..., bytes], material: Material) -> Paper:
    subject = material.pupil.name if material.pupil else material.unit.name if material.unit else material.issuer.name
    return Paper(f"{title}-{subject}-{material.at:%Y%m%d}.xlsx", make(material.data, material))
