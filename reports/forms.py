"""Making a Word form: who may issue it, what must hold before, filling the template, the guard at the door."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path
from types import CodeType
from typing import Any

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image
from docx.oxml import OxmlElement, parse_xml
from docx.shared import Cm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import Template, Undefined, nodes
from jinja2.sandbox import SandboxedEnvironment

from reports import law
from reports.attached import in_hand, photos_of
from reports.forbidden import WITHHELD, check
from reports.form_values import Line, lists, own_words, values, withheld
from reports.inputs import Material, Paper, Photo
from reports.templates.layouts import Layout, by_hand, labels
from reports.wording import BLANK, NO_NUMBER

# What must be there before an order may be issued, and what to tell the person who asks (forms.md F08).
BEFORE_AN_ORDER = {
    "identity_proof": "核实监护人身份",
    "edu_date": "先进行批评教育并记录日期",
    "guardian_statement": "听取监护人陈述",
    "finding": "核实监护人所述理由，写明认定",
    "proof": "列明证据",
    "assigned_school": "落实接收学校",
    "deadline_date": "确定合理的限期日期",
    "signer": "写明有权签发的负责人",
}
NOT_AT_FAULT = {
    "in_school": "在校", "on_leave": "请假", "observed": "已返校", "home_taught": "送教上门",
    "left": "已办理转学、休学或者缓学",
}  # fmt: skip
YOUNGEST, OLDEST = 6, 18
NOBODY: list[Line] = [{"no": "", "name": "无"}]  # said on a roll, so that nobody takes it for a forgotten one
NOT_A_PICTURE = (
    UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError, ValueError, LookupError, OSError,
    struct.error, ArithmeticError,
)  # fmt: skip
# Where words that a reader sees may stand in a Word file, first its body.
WORDS_STAND_IN = re.compile(r"word/(?:document|header|footer|footnotes|endnotes)\d*\.xml")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BEHIND_A_BREAK = tuple(
    f"w:{name}" for name in ("framePr", "widowControl", "numPr", "pBdr", "shd", "tabs", "spacing", "ind", "jc", "rPr")
)
"""What the order of Word's schema puts behind the mark that a paragraph begins a page."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class _Environment(SandboxedEnvironment):
    """Compiles the text of a template once a process: that was a quarter of the making of a form."""

    def from_string(
        self,
        source: str | nodes.Template,
        globals: MutableMapping[str, Any] | None = None,
        template_class: type[Template] | None = None,
    ) -> Template:
        code = _compiled(source)
        return (template_class or self.template_class).from_code(self, code, self.make_globals(globals))


@lru_cache(maxsize=1024)
def _compiled(source: str | nodes.Template) -> CodeType:
    return SandboxedEnvironment(autoescape=True).compile(source)


class _Form(DocxTemplate):  # type: ignore[misc]  # ships no types
    """Brings the text of a template into the shape that is filled once a process."""

    def patch_xml(self, src_xml: str) -> str:
        return _patched(src_xml)


@lru_cache(maxsize=1024)
def _patched(source: str) -> str:
    patched: str = DocxTemplate.patch_xml(None, source)
    return patched


class NotReady(Exception):
    """The paper may not be issued yet; the message says what to do first, ``steps`` lists it."""

    def __init__(self, title: str, steps: list[str]) -> None:
        self.steps = tuple(steps)
        super().__init__(f"还不能出具《{title}》，请先：{'；'.join(steps)}。")


def make_form(layout: Layout, material: Material, folder: Path | None = None) -> Paper:
    """The form as a Word file; templates in ``folder`` stand over ours.

    Raises ``law.NotAllowed``, ``NotReady`` and ``forbidden.Forbidden``, each with a sentence for the person.
    """
    _require_issuer(layout, material)
    if layout.name == "order":
        _require_order(layout, material)
    content, blank = _fill(layout, [material], folder or material.templates)
    unfilled = [slot for slot in blank if slot not in by_hand()]
    if material.signed and unfilled:
        raise NotReady(layout.title, [f"补填{labels().get(slot, slot)}" for slot in unfilled])
    texts = read_texts(content)
    check(texts, school_letter=layout.letter and material.issuer.kind == "school")
    here = layout.evidence if "evidence" in material.fields else in_hand(layout, material)
    evidence = [words for words in layout.evidence if words not in here]
    missing = tuple(dict.fromkeys([*(labels().get(slot, slot) for slot in blank), *evidence]))
    hidden = withheld(material) if any(WITHHELD in text for text in texts) else ()
    subject = material.pupil.name if material.pupil else material.unit.name if material.unit else material.issuer.name
    return Paper(f"{layout.title}-{subject}-{material.at:%Y%m%d}.docx", content, missing, hidden, material.number)


def make_letters(layout: Layout, materials: Sequence[Material], subject: str) -> Paper:
    """The same form about many pupils in one Word file, each beginning a page; raises as ``make_form`` does.

    ``subject`` stands in the file's name. What stands at the edges of each page is that of the first.
    """
    first = materials[0]
    _require_issuer(layout, first)
    content, blank = _fill(layout, materials, first.templates)
    check(read_texts(content), school_letter=layout.letter and first.issuer.kind == "school")
    missing = tuple(dict.fromkeys(labels().get(slot, slot) for slot in blank))
    return Paper(f"{layout.title}-{subject}-{first.at:%Y%m%d}.docx", content, missing)


def _require_issuer(layout: Layout, material: Material) -> None:
    law.require(material.issuer, layout.verb, layout.title)
    if layout.issuers and material.issuer.kind not in layout.issuers:
        terms = "、".join(str(law.powers()["issuers"][kind]["term"]) for kind in layout.issuers)
        raise law.NotAllowed(f"《{layout.title}》由{terms}出具。请联系对方办理，或者改用本单位的文书。")


def _require_order(layout: Layout, material: Material) -> None:
    """What rules an order out is refused at once; what is only not done yet stops it from being signed."""
    case, pupil = material.case, material.pupil
    steps = []
    if case and case.state in NOT_AT_FAULT:
        steps.append(f"核对学生情况（现为{NOT_AT_FAULT[case.state]}，不应责令）")
    if pupil and pupil.born and not YOUNGEST <= _age(pupil.born, material.at.date()) < OLDEST:
        steps.append("核对出生日期（不在义务教育年龄）")
    if material.signed:
        given = {**own_words(layout, material), **material.fields}
        steps += [step for slot, step in BEFORE_AN_ORDER.items() if not given.get(slot, "").strip()]
    if steps:
        raise NotReady(layout.title, steps)


def _age(born: dt.date, day: dt.date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _fill(layout: Layout, materials: Sequence[Material], folder: Path | None) -> tuple[bytes, tuple[str, ...]]:
    """The file, and the slots that were left blank in it; what is about the second and later ones begins a page."""
    template = _Form(io.BytesIO(_template(layout.name, folder)))
    asked: dict[str, None] = {}
    environment = _Environment(autoescape=True, undefined=_blank(asked))
    template.init_docx()
    body = template.patch_xml(template.get_xml()) if len(materials) > 1 else ""
    template.render(_context(layout, materials[0], template), environment, autoescape=True)
    for material in materials[1:]:
        filled = template.render_xml_part(body, template.docx._part, _context(layout, material, template), environment)
        _add_page(template, parse_xml(filled))
    out = io.BytesIO()
    template.save(out)
    return out.getvalue(), tuple(asked)


def _add_page(template: DocxTemplate, filled: Any) -> None:
    """Another filled body behind what stands in the document, from the top of a page on."""
    document = template.docx.element.body
    parts = [part for part in filled if part.tag != f"{WORD}sectPr"]
    for part in parts:
        document.insert(len(document) - 1, part)  # the last one is the section's own
    begins = next(part for part in parts if part.tag == f"{WORD}p")
    begins.get_or_add_pPr().insert_element_before(OxmlElement("w:pageBreakBefore"), *BEHIND_A_BREAK)


def _context(layout: Layout, material: Material, template: DocxTemplate) -> dict[str, Any]:
    """Slot → words, and what templates call: lists, articles of law, photos."""
    known = {slot: CONTROL.sub("", words) for slot, words in values(layout, material).items()}
    repeated = lists(material)

    def lines(name: str, least: int) -> list[Mapping[str, str]]:
        return [
            defaultdict(str, {slot: CONTROL.sub("", words) for slot, words in line.items()})
            for line in _pad(repeated[name] or (NOBODY if name == "entries" else []), least)
        ]

    context: dict[str, Any] = {
        "draft_mark": "", "basis": "", "local_basis": material.issuer.local_basis, "issuer_kind": material.issuer.kind,
        "law": law.quote, "lines": lines, "photos": [_show_photo(template, photo) for photo in photos_of(layout, material)],
    }  # fmt: skip
    return context | known


def _pad(lines: Iterable[Line], least: int) -> list[Line]:
    """The lines, and numbered empty ones up to ``least``, to be written by hand."""
    kept = list(lines)
    return kept + [{"no": str(n)} for n in range(len(kept) + 1, least + 1)]


def _blank(asked: dict[str, None]) -> type[Undefined]:
    """What stands for an unknown slot: visibly blank, and noted in ``asked``."""

    class Blank(Undefined):
        def __str__(self) -> str:
            slot = self._undefined_name or ""
            asked[slot] = None
            return NO_NUMBER if slot == "doc_no" else BLANK

    return Blank


def _template(name: str, folder: Path | None) -> bytes:
    own = folder / f"{name}.docx" if folder else None
    if own and own.is_file():
        return own.read_bytes()
    return (resources.files("reports.templates") / f"{name}.docx").read_bytes()


def _show_photo(template: DocxTemplate, photo: Photo) -> dict[str, Any]:
    """The picture 12 cm wide; a file that is no picture is named with its hash instead."""
    caption = "　".join(filter(None, [photo.name, photo.taken, photo.by, photo.sha256[:16]]))
    try:
        Image.from_blob(photo.content).scaled_dimensions(width=Cm(12))
    except NOT_A_PICTURE:
        return {"image": "（附件，另存）", "caption": caption}
    return {"image": InlineImage(template, io.BytesIO(photo.content), width=Cm(12)), "caption": caption}


def read_texts(content: bytes) -> list[str]:
    """Every paragraph of a Word file: body, cells of tables, notes, headers and footers."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = sorted(name for name in file.namelist() if WORDS_STAND_IN.fullmatch(name))
        roots = [parse_xml(file.read(name)) for name in parts]
    return ["".join(t.text or "" for t in p.iter(f"{WORD}t")) for root in roots for p in root.iter(f"{WORD}p")]
