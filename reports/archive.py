"""One archive of a pupil or a school, in the nine folders of FN-10, with a list of contents and of what is missing."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from reports.catalogue import catalogue, produce
from reports.forbidden import Forbidden
from reports.forms import NotReady
from reports.inputs import Cell, Event, Material, Paper
from reports.law import NotAllowed
from reports.sheets import Sheet, heads, write
from reports.wording import say_date

FOLDERS = (
    "1文件制度", "2工作调度", "3台账", "4送教记录", "5劝返记录", "6请销假记录", "7认定材料", "8月报", "9复核",
)  # fmt: skip
# Where each paper is kept; whatever is not named is a record of persuasion.
KEPT_IN = {
    "school_plan": 0, "open_letter": 0, "publicity": 0, "pledge": 0, "minutes": 1, "circular": 1, "comparison_minutes": 1,
    "dropout_registration": 2, "teaching_handbook": 3, "leave_register": 5, "deferral": 6, "suspension": 6,
    "expert_opinion": 6, "police_letter": 6, "platform_reply": 6, "dropout_report": 6, "order": 6,
    "monthly_report": 7, "dropout_statistics": 7, "attendance_month": 7, "quarterly_review": 8, "weekly_changes": 8,
    "rates": 8, "number_register": 0, "comparison": 8, "self_report": 8, "home_taught": 3,
}  # fmt: skip
LEDGER_FOLDER, PERSUASION = 2, 4


@dataclass(frozen=True, slots=True)
class Kept:
    """A file for the archive: which folder (0 to 8), its name and content."""

    folder: int
    name: str
    content: bytes


def folder_of(name: str) -> int:
    """The folder in which a paper of the catalogue is kept."""
    if name in KEPT_IN:
        return KEPT_IN[name]
    is_form = name in catalogue() and catalogue()[name].kind == "docx"
    return PERSUASION if is_form or name in ("case_log", "not_returned") else LEDGER_FOLDER


def make_archive(title: str, kept: Iterable[Kept], missing: Iterable[str], material: Material) -> Paper:
    """The files in their nine folders, all nine there even if empty, and 目录.xlsx with the hash of each file."""
    out = io.BytesIO()
    used: Counter[str] = Counter()
    rows: list[list[Cell]] = []
    with zipfile.ZipFile(out, "w") as archive:  # photos and Office files are packed already
        for folder in FOLDERS:
            archive.writestr(f"{folder}/", "")
        for file in kept:
            path = _place(file, used)
            archive.writestr(path, file.content)
            rows.append(
                [len(rows) + 1, *path.split("/", 1), len(file.content), hashlib.sha256(file.content).hexdigest()]
            )
        notes = ("", "缺少的材料：", *(f"- {words}" for words in missing))
        columns = heads("序号 6, 目录 16, 文件 48, 大小（字节） 14, 校验值（SHA-256） 66")
        below = f"整理：{material.by}　{material.at:%Y-%m-%d %H:%M}"
        index = Sheet("目录", f"{title}目录", columns, rows, below, notes=notes if len(notes) > 2 else ())
        archive.writestr("目录.xlsx", write([index], below))
    return Paper(f"{_safe(title)}-{material.at:%Y%m%d}.zip", out.getvalue(), tuple(missing))


def make_pupil_archive(
    material: Material, evidence: Iterable[Kept] = (), lacking: Iterable[str] = (), finished: Collection[str] = ()
) -> Paper:
    """Everything about one pupil: log, forms filled from the records, the evidence given; ``lacking`` are sentences.

    Of the forms ``finished`` no draft is made: they are among the evidence. Of the visits' forms that is the last one.

    A form that may not be made now (wrong issuer, not ready, words that may not leave) is listed as missing.
    """
    assert material.pupil is not None
    kept, missing = [], list(lacking)
    last = max((e.on for e in material.events if e.kind == "visit"), default=None)
    for name, part in _papers(material):
        if name in finished and (name != "home_visit" or part.events[-1].on == last):
            continue
        try:
            paper = produce(name, part)
        except (NotAllowed, NotReady, Forbidden) as refused:
            missing.append(str(refused))
            continue
        kept.append(Kept(folder_of(name), paper.name, paper.content))
        if paper.missing:
            visit = f"（{say_date(part.events[-1].on)}）" if name == "home_visit" else ""
            missing.append(f"《{catalogue()[name].title}》{visit}缺：{'、'.join(paper.missing)}")
    return make_archive(f"{material.pupil.name}控辍保学档案", [*kept, *evidence], missing, material)


def _papers(material: Material) -> Iterator[tuple[str, Material]]:
    """Which papers the records of a pupil give rise to; one visit form for each visit."""
    kinds = {event.kind for event in material.events}
    case = material.case
    yield "case_log", material
    if case is None:
        return
    yield "case_file", material
    for visit in (e for e in material.events if e.kind == "visit"):
        yield "home_visit", replace(material, events=_until(material.events, visit))
    wanted = {
        "persuasion_record": bool(kinds & {"contact", "visit"}),
        "persuasion_notice": "notice" in kinds,
        "dropout_registration": case.state == "dropout",
        "dropout_report": case.state == "dropout",
        "return_support": case.returned is not None,
        "teaching_handbook": "teach" in kinds,
    }
    yield from ((name, material) for name, holds in wanted.items() if holds)


def _until(events: tuple[Event, ...], visit: Event) -> tuple[Event, ...]:
    """The visit and what was before it, so that the form shows this visit as the latest."""
    before = tuple(e for e in events if e is not visit and (e.kind != "visit" or e.on < visit.on) and e.on <= visit.on)
    return (*before, visit)


def _place(file: Kept, used: Counter[str]) -> str:
    """The path in the archive; a name that is there already gets a number."""
    name = _safe(file.name)
    path = f"{FOLDERS[file.folder]}/{name}"
    used[path] += 1
    if used[path] == 1:
        return path
    stem, dot, ending = name.rpartition(".")
    return f"{FOLDERS[file.folder]}/{stem or name}（{used[path]}）{dot}{ending if stem else ''}"


def _safe(name: str) -> str:
    """A file name without path marks or characters that Windows refuses."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name).strip(" .") or "未命名"
